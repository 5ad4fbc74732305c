//! The program under the name `flux-chartwright`: the command `flux chartwright`.
//!
//! Flux from 2.9 on takes executables `flux-NAME` in its folder of plugins for
//! commands of its own, and asks them for completions in Cobra's protocol.

use clap::Command;

/// How Flux names the program.
const FILE: &str = "flux-chartwright";
/// How people call it then.
const CALLED: &str = "flux chartwright";

/// Whether the program was called by the name that Flux has for it.
pub(crate) fn is_called(program: &str) -> bool {
    let file = program.rsplit(['/', '\\']).next().unwrap_or_default();
    file == FILE || file.eq_ignore_ascii_case(&format!("{FILE}.exe"))
}

/// The command with help that says `flux chartwright`.
pub(crate) fn renamed(command: Command) -> Command {
    fn each(command: Command, called: &str) -> Command {
        let words = |text: String| text.replace("chartwright ", &format!("{CALLED} "));
        // In examples, the name is a word at the beginning of a line or behind a pipe.
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
