//! Completions in Cobra's protocol, in which Flux asks its plugins.
//!
//! `__complete WORD… PREFIX` answers with a line for each candidate for the last word, with its description after a
//! tab, and a last line `:N`: 4 if only these are valid, 0 if file names are valid too, 2 if no space follows.

use clap::{Arg, Command};

/// Only the listed candidates.
const LISTED: u8 = 4;
/// A value follows without a space.
const NO_SPACE: u8 = 2;
/// File names as well.
const FILES: u8 = 0;

/// The candidates for the last word.
pub(crate) fn answer(command: &Command, words: &[String]) -> String {
    let (begun, before) = match words.split_last() {
        Some((begun, before)) => (begun.as_str(), before),
        None => ("", words),
    };
    let mut command = command;
    let mut expected = None;
    let mut only_values = false;
    for word in before {
        if expected.take().is_some() || only_values {
            continue;
        }
        if word == "--" {
            only_values = true;
        } else if word.starts_with('-') {
            expected =
                flag(command, word).filter(|f| takes_value(f) && !f.is_require_equals_set() && !word.contains('='));
        } else if let Some(found) = command.find_subcommand(word) {
            command = found;
        }
    }
    if let Some(flag) = expected {
        return values(flag, "", begun);
    }
    if let Some((name, value)) = begun.split_once('=').filter(|_| begun.starts_with("--") && !only_values) {
        return flag(command, name).map_or_else(|| lines(&[], FILES), |f| values(f, &format!("{name}="), value));
    }
    if begun.starts_with('-') && !only_values {
        return flags(command, begun);
    }
    let mut subcommands: Vec<_> = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set() && c.get_name().starts_with(begun))
        .map(|c| (c.get_name().to_owned(), c.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    subcommands.sort();
    if command.has_subcommands() {
        return lines(&subcommands, LISTED);
    }
    match command.get_positionals().next() {
        Some(positional) => values(positional, "", begun),
        None => lines(&[], LISTED),
    }
}

fn flags(command: &Command, begun: &str) -> String {
    let mut found = Vec::new();
    let mut any_equals = false;
    for arg in command.get_arguments().filter(|a| !a.is_hide_set()) {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let Some(long) = arg.get_long().map(|l| format!("--{l}")).filter(|l| l.starts_with(begun)) else { continue };
        any_equals |= arg.is_require_equals_set();
        found.push((long, help));
    }
    found.sort();
    lines(&found, if any_equals && found.len() == 1 { NO_SPACE | LISTED } else { LISTED })
}

/// The known values of a flag, or files if the value is a file name.
fn values(arg: &Arg, before: &str, begun: &str) -> String {
    let known: Vec<_> = arg
        .get_possible_values()
        .iter()
        .filter(|v| !v.is_hide_set() && v.get_name().starts_with(begun))
        .map(|v| (format!("{before}{}", v.get_name()), v.get_help().map(ToString::to_string).unwrap_or_default()))
        .collect();
    if !known.is_empty() || !arg.get_possible_values().is_empty() {
        return lines(&known, LISTED);
    }
    const PATHS: [&str; 9] =
        ["FILE", "FOLDER", "DIR", "CHART", "DESCRIPTOR", "FILE|FOLDER", "ARCHIVE", "PATH", "NAME=FOLDER|ARCHIVE|URL"];
    let names = arg.get_value_names().unwrap_or_default();
    let is_path = names.iter().any(|name| PATHS.contains(&name.as_str()));
    lines(&[], if is_path { FILES } else { LISTED })
}

fn flag<'a>(command: &'a Command, word: &str) -> Option<&'a Arg> {
    let name = word.split('=').next().unwrap_or_default();
    command.get_arguments().find(|arg| match name.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        // The last of several short flags may take a value.
        None => arg.get_short().is_some() && arg.get_short() == name.chars().last(),
    })
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

fn lines(found: &[(String, String)], directive: u8) -> String {
    let mut text = String::new();
    for (word, help) in found {
        let help = help.lines().next().unwrap_or_default();
        text.push_str(word);
        if !help.is_empty() {
            text.push('\t');
            text.push_str(help);
        }
        text.push('\n');
    }
    text.push_str(&format!(":{directive}\n"));
    text
}
