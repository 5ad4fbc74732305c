//! What Helm logs while it goes on.

use std::fmt;
use std::ops::Deref;

use govalue::strconv;

/// How much a line of Helm's log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What Helm says with `--debug` only.
    Debug,
    /// What Helm's libraries print by Go's package `log`, among others.
    Info,
    /// What is probably a mistake.
    Warn,
    /// What goes before an error.
    Error,
}

impl Level {
    /// Its name in a line of the log.
    pub fn name(self) -> &'static str {
        match self {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        }
    }
}

/// Something odd that does not stop a render: what Helm writes to its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    level: Level,
    /// The message, then ` key=value` for each attribute.
    text: String,
    /// How much of the text is the message.
    message: usize,
    attributes: Vec<Attribute>,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    key: &'static str,
    value: String,
    /// Whether it is written in quotes in any case, as bytes are.
    quoted: bool,
}

/// Helm's messages that have attributes or are no warnings, with their level and the keys of their attributes.
const KNOWN: [(&str, Level, &[&str]); 6] = [
    ("returned non-bool value", Level::Warn, &["path", "chart"]),
    ("returned non-bool value", Level::Warn, &["tag", "chart"]),
    ("ImportValues missing table from chart", Level::Warn, &["chart", "error"]),
    ("ImportValues missing table", Level::Warn, &["error"]),
    ("skipping unknown hooks", Level::Info, &["hookTypes"]),
    ("found symbolic link in path. Contents of linked file included and used", Level::Info, &["path", "resolved"]),
];

/// What the messages start with that Helm prints by Go's package `log`.
const PRINTED: [&str; 4] = ["warning: ", "Warning: ", "Conflict: ", "key "];

impl Warning {
    /// A message without attributes, at the level of a warning.
    pub fn new(text: impl Into<String>) -> Warning {
        Warning::at(Level::Warn, text)
    }

    /// A message without attributes.
    pub fn at(level: Level, text: impl Into<String>) -> Warning {
        let text = text.into();
        Warning { level, message: text.len(), text, attributes: Vec::new() }
    }

    /// The same with one more attribute.
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Warning {
        self.add(Attribute { key, value: value.into(), quoted: false });
        self
    }

    /// The same with one more attribute that is written in quotes in any case.
    pub(crate) fn with_quoted(mut self, key: &'static str, value: impl Into<String>) -> Warning {
        self.add(Attribute { key, value: value.into(), quoted: true });
        self
    }

    fn add(&mut self, attribute: Attribute) {
        self.text.push_str(&format!(" {}={}", attribute.key, attribute.value));
        self.attributes.push(attribute);
    }

    /// The warning that has this [`text`](Warning::text): for hosts that get the text alone.
    pub fn from_text(text: &str) -> Warning {
        for (message, level, keys) in KNOWN {
            if let Some(rest) = text.strip_prefix(message)
                && let Some(values) = values(rest, keys)
            {
                let start = Warning::at(level, message);
                return keys.iter().zip(values).fold(start, |warning, (key, value)| warning.with(key, value));
            }
        }
        let printed = PRINTED.iter().any(|start| text.starts_with(start));
        Warning::at(if printed { Level::Info } else { Level::Warn }, text)
    }

    /// How much it matters.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Its message and attributes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line that Helm writes to stderr, without the line's end (Go:
    /// `slog.TextHandler` without the time).
    ///
    /// ```
    /// let warning = helm::Warning::new("returned non-bool value").with("path", "a b").with("chart", "c");
    /// assert_eq!(warning.log_line(), r#"level=WARN msg="returned non-bool value" path="a b" chart=c"#);
    /// ```
    pub fn log_line(&self) -> String {
        let (message, _) = self.text.split_at(self.message);
        let mut line = format!("level={} msg={}", self.level.name(), logged(message, false));
        for Attribute { key, value, quoted } in &self.attributes {
            line.push_str(&format!(" {key}={}", logged(value, *quoted)));
        }
        line
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The values of ` key=value` for these keys, which are all of a text.
fn values<'t>(text: &'t str, keys: &[&str]) -> Option<Vec<&'t str>> {
    let (first, others) = keys.split_first()?;
    let mut rest = text.strip_prefix(&format!(" {first}="))?;
    let mut values = Vec::with_capacity(keys.len());
    for key in others.iter().rev() {
        let (before, value) = rest.rsplit_once(&format!(" {key}="))?;
        values.push(value);
        rest = before;
    }
    values.push(rest);
    values.reverse();
    Some(values)
}

/// A value as `log/slog` writes it: in quotes where it is empty, has blanks,
/// `=` or quotes, or does not print.
fn logged(value: &str, quoted: bool) -> String {
    let plain = |c: char| match c {
        '"' | '=' | ' ' | '\u{fffd}' => false,
        c if c.is_ascii() => c.is_ascii_graphic(),
        c => !c.is_whitespace() && strconv::is_print(c),
    };
    if !quoted && !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        strconv::quote(value.as_bytes())
    }
}

/// The warnings of a run, in order; of a flood only the first
/// [`Warnings::MOST`] are kept.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    list: Vec<Warning>,
    verbose: bool,
}

impl Warnings {
    /// How many warnings are kept.
    pub const MOST: usize = 1000;

    /// A list that takes what Helm says with `--debug`, too.
    pub fn verbose() -> Warnings {
        Warnings { verbose: true, ..Warnings::default() }
    }

    /// Adds a warning.
    pub fn push(&mut self, warning: Warning) {
        if self.list.len() < Warnings::MOST {
            self.list.push(warning);
        }
    }

    /// Adds what Helm's libraries print by Go's package `log`; the text is only
    /// made if it is kept.
    pub fn print<T: Into<String>>(&mut self, text: impl FnOnce() -> T) {
        self.note(|| Warning::at(Level::Info, text()));
    }

    /// Adds a warning that is only made if it is kept.
    pub fn note(&mut self, warning: impl FnOnce() -> Warning) {
        if self.list.len() < Warnings::MOST {
            self.list.push(warning());
        }
    }

    /// Whether [`Level::Debug`] is wanted.
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Adds a warning that is only made where [`Level::Debug`] is wanted.
    pub fn debug(&mut self, warning: impl FnOnce() -> Warning) {
        if self.verbose {
            self.note(warning);
        }
    }

    /// Moves the warnings of another list to the end of this one.
    pub fn append(&mut self, other: &mut Warnings) {
        let left = Warnings::MOST.saturating_sub(self.list.len());
        self.list.extend(other.list.drain(..).take(left));
    }

    /// The warnings, moved out.
    pub fn into_vec(self) -> Vec<Warning> {
        self.list
    }
}

impl Deref for Warnings {
    type Target = [Warning];
    fn deref(&self) -> &[Warning] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_slog() {
        for (value, want) in [
            ("", "\"\""),
            ("plain-1.0/x", "plain-1.0/x"),
            ("back\\slash", "back\\slash"),
            ("é", "é"),
            ("a=b", "\"a=b\""),
            ("a\"b", r#""a\"b""#),
            ("a\tb\u{7f}", r#""a\tb\x7f""#),
            ("no\u{a0}break", r#""no\u00a0break""#),
        ] {
            assert_eq!(Warning::at(Level::Info, "m").with("k", value).log_line(), format!("level=INFO msg=m k={want}"));
        }
    }

    #[test]
    fn a_text_tells_its_level_and_attributes() {
        for (text, line) in [
            (
                "returned non-bool value path=a chart=b path=c chart=d",
                "level=WARN msg=\"returned non-bool value\" path=\"a chart=b path=c\" chart=d",
            ),
            ("skipping unknown hooks hookTypes=x", "level=INFO msg=\"skipping unknown hooks\" hookTypes=x"),
            ("warning: x", "level=INFO msg=\"warning: x\""),
            ("this chart is deprecated", "level=WARN msg=\"this chart is deprecated\""),
        ] {
            let warning = Warning::from_text(text);
            assert_eq!((warning.text(), warning.log_line().as_str()), (text, line));
        }
    }
}
