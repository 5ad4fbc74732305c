//! `chartwright completion`: shell completion scripts.

use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

/// Prints a script that completes commands and flags.
///
/// bash: source <(chartwright completion bash)
/// zsh:  chartwright completion zsh > "${fpath[1]}/_chartwright"
/// fish: chartwright completion fish > ~/.config/fish/completions/chartwright.fish
#[allow(rustdoc::broken_intra_doc_links, reason = "the help shows zsh's brackets")]
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Options {
    /// Shell to complete in
    shell: Shell,
}

pub(crate) fn run(options: &Options, mut command: Command) -> ExitCode {
    let mut script = Vec::new();
    generate(options.shell, &mut command, "chartwright", &mut script);
    crate::print(&script)
}
