//! The program under the name `flux-chartwright`: the command `flux chartwright`.
//!
//! From version 2.9 on, Flux runs executables `flux-NAME` in its plugin folder as commands of its own, and asks them
//! for completions in Cobra's protocol.

use clap::Command;

/// Name of the program in Flux's plugin folder.
const FILE: &str = "flux-chartwright";
/// What users type to run it.
const CALLED: &str = "flux chartwright";

/// Whether the program was called under Flux's name for it.
pub(crate) fn is_called(program: &str) -> bool {
    let file = program.rsplit(['/', '\\']).next().unwrap_or_default();
    file == FILE || file.eq_ignore_ascii_case(&format!("{FILE}.exe"))
}

/// The command, with `flux chartwright` in its help.
pub(crate) fn renamed(command: Command) -> Command {
    fn each(command: Command, called: &str) -> Command {
        let words = |text: String| text.replace("chartwright ", &format!("{CALLED} "));
        // In examples, the name is at the start of a line or after a pipe.
        let examples = |text: String| {
            text.replace("  chartwright ", &format!("  {CALLED} "))
                .replace("| chartwright ", &format!("| {CALLED} "))
                .replace("<(chartwright ", &format!("<({CALLED} "))
        };
        let mut command = command.bin_name(called.to_owned());
        if let Some(text) = command.get_after_help().map(ToString::to_string) {
            command = command.after_help(examples(text));
        }
        if let Some(text) = command.get_overridden_usage().map(ToString::to_string) {
            command = command.override_usage(words(text));
        }
        if let Some(text) = command.get_long_about().map(ToString::to_string) {
            command = command.long_about(examples(text));
        }
        let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
        for name in names {
            let called = format!("{called} {name}");
            command = command.mut_subcommand(name, |c| each(c, &called));
        }
        command
    }
    each(command, CALLED)
}
