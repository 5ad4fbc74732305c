//! `chartwright import`: descriptors from what other tools describe applications with.

mod compose;
mod folder;

use std::process::ExitCode;

use clap::{Args, Subcommand};

pub(crate) use compose::put;

/// What the command line says.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    /// Make a descriptor of docker-compose files
    ///
    /// A service becomes a component: a database, a task, or what serves. Its host name stays, settings become config,
    /// volumes claims, ports of the web an ingress. What cannot be carried is reported, with its line. Secrets do not
    /// go into the descriptor, but into Secrets beside it (--secrets-file).
    Compose(compose::Options),
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match &options.from {
        From::Compose(options) => compose::run(options),
    }
}
