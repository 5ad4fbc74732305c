//! Flags as Helm's command line parses them, with its error messages.

use clap::builder::ValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// A flag that is on or off: `--flag`, `--flag=false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Switch(pub(crate) bool);

impl clap::builder::ValueParserFactory for Switch {
    type Parser = ValueParser;
    fn value_parser() -> ValueParser {
        ValueParser::new(switch)
    }
}

/// A comma-separated value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List(pub(crate) Vec<String>);

/// `key=value` pairs, comma-separated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assignments(pub(crate) Vec<(String, String)>);

/// Flags in Helm's syntax: values may start with `-`, switches accept `=true` and `=false`, and the last of equal
/// flags wins.
#[derive(Debug)]
pub(crate) struct AsHelm<T>(pub(crate) T);

impl<T: Args> Args for AsHelm<T> {
    fn augment_args(command: Command) -> Command {
        as_helm(T::augment_args(command))
    }

    fn augment_args_for_update(command: Command) -> Command {
        as_helm(T::augment_args_for_update(command))
    }
}

impl<T: FromArgMatches> FromArgMatches for AsHelm<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

fn as_helm(command: Command) -> Command {
    let switch = ValueParser::new(switch).type_id();
    command.args_override_self(true).mut_args(|arg| {
        if arg.is_positional() || !arg.get_action().takes_values() {
            return arg;
        }
        let arg = arg.allow_hyphen_values(true);
        if arg.get_value_parser().type_id() != switch {
            return arg;
        }
        // What keeps every use of a flag goes on doing so.
        let action = if matches!(arg.get_action(), ArgAction::Append) { ArgAction::Append } else { ArgAction::Set };
        arg.action(action)
            .required(false)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .hide_default_value(true)
            .value_name("BOOL")
    })
}

/// `strconv.ParseBool`
pub(crate) fn switch(text: &str) -> Result<Switch, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(Switch(true)),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(Switch(false)),
        _ => Err(format!("strconv.ParseBool: parsing {text:?}: invalid syntax")),
    }
}

/// A line of CSV.
pub(crate) fn list(text: &str) -> Result<List, String> {
    let line = text.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut fields = Vec::new();
    if text.is_empty() {
        return Ok(List(fields));
    }
    let mut rest = line;
    loop {
        let Some(quoted) = rest.strip_prefix('"') else {
            let (field, after) = rest.split_once(',').map_or((rest, None), |(f, a)| (f, Some(a)));
            if let Some(at) = field.find('"') {
                let column = line.len() - rest.len() + at + 1;
                return Err(format!("parse error on line 1, column {column}: bare \" in non-quoted-field"));
            }
            fields.push(field.to_owned());
            match after {
                Some(after) => rest = after,
                None => return Ok(List(fields)),
            }
            continue;
        };
        let mut field = String::new();
        let mut inside = quoted;
        let after = loop {
            let Some((part, after)) = inside.split_once('"') else {
                let column = line.len() + 1;
                return Err(format!(
                    "parse error on line 1, column {column}: extraneous or missing \" in quoted-field"
                ));
            };
            field.push_str(part);
            match after.strip_prefix('"') {
                Some(more) => {
                    field.push('"');
                    inside = more;
                }
                None => break after,
            }
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(after) => rest = after,
            None if after.is_empty() => return Ok(List(fields)),
            None => {
                let column = line.len() - after.len();
                return Err(format!(
                    "parse error on line 1, column {column}: extraneous or missing \" in quoted-field"
                ));
            }
        }
    }
}

/// `key=value`, comma-separated.
pub(crate) fn assignments(text: &str) -> Result<Assignments, String> {
    let pairs = if text.matches('=').count() > 1 { list(text)?.0 } else { vec![text.trim_matches('"').to_owned()] };
    let pair = |p: &String| match p.split_once('=') {
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None if p.is_empty() => Err(" must be formatted as key=value".to_owned()),
        None => Err(format!("{p} must be formatted as key=value")),
    };
    pairs.iter().map(pair).collect::<Result<_, _>>().map(Assignments)
}

/// `--wait`
pub(crate) fn wait(text: &str) -> Result<String, String> {
    match text {
        "watcher" | "legacy" | "hookOnly" | "true" | "false" => Ok(text.to_owned()),
        _ => Err(format!("invalid wait input {text:?}. Valid inputs are watcher, hookOnly, and legacy")),
    }
}

/// Any text.
pub(crate) fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// An integer, kept as text.
pub(crate) fn integer(text: &str) -> Result<String, String> {
    match text.parse::<i64>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("strconv.ParseInt: parsing {text:?}: invalid syntax")),
    }
}

/// A number, kept as text.
pub(crate) fn float(text: &str) -> Result<String, String> {
    match text.parse::<f32>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("strconv.ParseFloat: parsing {text:?}: invalid syntax")),
    }
}

/// Helm's message for a command line that `clap` refuses. `None` for help, which is not an error, and for errors that
/// Helm has no message for.
pub(crate) fn helm_words(error: &clap::Error, args: &[String]) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let flag = context(ContextKind::InvalidArg).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => match flag.strip_prefix("--") {
            Some(long) => Some(format!("unknown flag: --{}", long.split('=').next().unwrap_or_default())),
            None => {
                let letter = flag.strip_prefix('-')?.chars().next()?;
                let group = args.iter().filter(|a| a.starts_with('-') && !a.starts_with("--"));
                let rest = group.filter_map(|a| a.find(letter).map(|at| &a[at..])).next();
                Some(format!("unknown shorthand flag: {letter:?} in -{}", rest.unwrap_or(&flag[1..])))
            }
        },
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_none_or(str::is_empty) => {
            let name = flag.split([' ', '[', '=']).next().unwrap_or_default();
            let given = args.last().filter(|a| a.starts_with('-') && !a.starts_with("--"));
            Some(match given {
                Some(short) => {
                    let letter = short.chars().last()?;
                    format!("flag needs an argument: {letter:?} in -{letter}")
                }
                None => format!("flag needs an argument: {name}"),
            })
        }
        ErrorKind::ValueValidation => {
            let name = flag.split([' ', '[', '=']).next().unwrap_or_default();
            let value = context(ContextKind::InvalidValue).unwrap_or_default();
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let name = match SHORT.iter().find(|(_, long)| *long == name) {
                Some((short, _)) => format!("{short}, {name}"),
                None => name.to_owned(),
            };
            Some(format!("invalid argument {value:?} for {name:?} flag: {why}"))
        }
        _ => None,
    }
}

/// Helm's flags that also have a short form.
const SHORT: [(&str, &str); 6] = [
    ("-a", "--api-versions"),
    ("-f", "--values"),
    ("-g", "--generate-name"),
    ("-l", "--labels"),
    ("-n", "--namespace"),
    ("-s", "--show-only"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_lines_of_csv() {
        let cases: [(&str, Result<&[&str], &str>); 7] = [
            ("", Ok(&[])),
            ("a", Ok(&["a"])),
            ("a,b,", Ok(&["a", "b", ""])),
            ("\"a,b\",\"c\"\"d\"", Ok(&["a,b", "c\"d"])),
            ("\"x", Err("parse error on line 1, column 3: extraneous or missing \" in quoted-field")),
            ("x\"y", Err("parse error on line 1, column 2: bare \" in non-quoted-field")),
            ("a\nb", Ok(&["a"])),
        ];
        for (text, want) in cases {
            let want = want.map(|l| List(l.iter().map(|&s| s.to_owned()).collect())).map_err(str::to_owned);
            assert_eq!(list(text), want, "{text:?}");
        }
    }
}
