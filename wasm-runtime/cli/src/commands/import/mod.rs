//! `chartwright import`: descriptors from the files of other tools.

mod compose;
mod folder;

use std::process::ExitCode;

use clap::{Args, Subcommand};

pub(crate) use compose::put;

/// Flags and arguments.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    /// Convert docker-compose files into a descriptor
    ///
    /// Each service becomes a component: a database, a task or a server. Its host name stays the same, environment
    /// variables become config, volumes become claims, and web ports get an ingress. Whatever cannot be converted is
    /// reported with its line. Secrets are kept out of the descriptor: --secrets-file writes them.
    Compose(compose::Options),
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match &options.from {
        From::Compose(options) => compose::run(options),
    }
}
