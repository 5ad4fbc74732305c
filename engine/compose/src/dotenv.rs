//! `.env` files and those of `env_file` (Compose Specification, "env_file format").

use std::collections::BTreeMap;

use crate::interpolate::{Variables, interpolate};

/// A variable of such a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: String,
    /// Its value; none for a name alone, whose value is the host's.
    pub(crate) value: Option<String>,
    /// The line, from 1.
    pub(crate) line: u32,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The line, from 1.
    pub(crate) line: u32,
    /// What is wrong with it.
    pub(crate) message: String,
}

/// Reads the variables of a `.env` file.
///
/// Values may refer to variables of `host` and to earlier ones of the file. Lines that cannot be read are left out.
///
/// ```
/// use std::collections::BTreeMap;
/// use compose::variables;
/// let read = variables("export A=1 # one\nB='$A'\nC=\"${A}\\n\"\n", &BTreeMap::new());
/// assert_eq!(read.into_iter().map(|(k, v)| k + "=" + &v).collect::<Vec<_>>(), ["A=1", "B=$A", "C=1\n"]);
/// ```
pub fn variables(text: &str, host: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let (read, _) = parse(text, host, false);
    read.into_iter().filter_map(|v| Some((v.name, v.value?))).collect()
}

/// Reads a file. `raw` takes values literally.
pub(crate) fn parse(text: &str, host: &BTreeMap<String, String>, raw: bool) -> (Vec<Variable>, Vec<Mistake>) {
    let mut parser =
        Parser { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, host, seen: BTreeMap::new() };
    let mut variables = Vec::new();
    let mut mistakes = Vec::new();
    while parser.skip_blank() {
        match parser.statement(raw) {
            Ok(variable) => {
                if let Some(value) = &variable.value {
                    parser.seen.insert(variable.name.clone(), value.clone());
                }
                variables.push(variable);
            }
            Err(mistake) => {
                mistakes.push(mistake);
                parser.take_line();
            }
        }
    }
    (variables, mistakes)
}

struct Parser<'a> {
    rest: &'a str,
    line: u32,
    host: &'a BTreeMap<String, String>,
    seen: BTreeMap<String, String>,
}

impl<'a> Parser<'a> {
    /// Skips blank lines and comments; false at the end.
    fn skip_blank(&mut self) -> bool {
        loop {
            let text = self.rest.trim_start();
            let skipped = self.rest.len() - text.len();
            self.line += self.rest[..skipped].matches('\n').count() as u32;
            self.rest = text;
            if !text.starts_with('#') {
                return !text.is_empty();
            }
            self.take_line();
        }
    }

    fn take_line(&mut self) -> &'a str {
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += 1;
        line
    }

    fn statement(&mut self, raw: bool) -> Result<Variable, Mistake> {
        let line = self.line;
        if let Some(rest) = self.rest.strip_prefix("export").filter(|r| r.starts_with([' ', '\t'])) {
            self.rest = rest.trim_start_matches([' ', '\t']);
        }
        let end = self.rest.find(['=', ':', '\n']).unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at(end);
        let name = name.trim_end();
        let odd = |c: char| !(c.is_alphanumeric() || "_.-[]".contains(c));
        if name.is_empty() || name.contains(odd) {
            return Err(Mistake { line, message: format!("{name:?} is not a valid variable name") });
        }
        let name = name.to_owned();
        let Some(after) = after.strip_prefix(['=', ':']) else {
            self.take_line();
            let value = self.host.get(&name).cloned();
            return Ok(Variable { name, value, line });
        };
        self.rest = after.trim_start_matches([' ', '\t', '\r']);
        let value = if raw { self.take_line().trim_end().to_owned() } else { self.value(line)? };
        Ok(Variable { name, value: Some(value), line })
    }

    fn value(&mut self, line: u32) -> Result<String, Mistake> {
        let quote = match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => quote,
            _ => {
                let text = self.take_line();
                let text = text.split_once(" #").map_or(text, |(before, _)| before).trim_end();
                return self.expand(text, line);
            }
        };
        let mut value = String::new();
        let mut escaped = false;
        for (i, c) in self.rest.char_indices().skip(1) {
            match c {
                '\\' if !escaped => escaped = true,
                c if c == quote && !escaped => {
                    self.line += self.rest[..i].matches('\n').count() as u32;
                    self.rest = &self.rest[i + 1..];
                    return if quote == '"' { self.expand(&unescape(&value), line) } else { Ok(value) };
                }
                c => {
                    if escaped && c != quote {
                        value.push('\\');
                    }
                    escaped = false;
                    value.push(c);
                }
            }
        }
        Err(Mistake { line, message: "a quote is not closed".to_owned() })
    }

    fn expand(&self, text: &str, line: u32) -> Result<String, Mistake> {
        struct Both<'a>(&'a BTreeMap<String, String>, &'a BTreeMap<String, String>);
        impl Variables for Both<'_> {
            fn get(&mut self, name: &str) -> Option<String> {
                self.0.get(name).or_else(|| self.1.get(name)).cloned()
            }
            fn unset(&mut self, _name: &str) {}
        }
        let failed = |_| Mistake { line, message: format!("the variables in {text:?} cannot be expanded") };
        interpolate(text, &mut Both(self.host, &self.seen)).map_err(failed)
    }
}

/// The escapes of double quotes.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        rest = match chars.next() {
            Some('n') => push(&mut out, '\n', chars.as_str()),
            Some('t') => push(&mut out, '\t', chars.as_str()),
            Some('r') => push(&mut out, '\r', chars.as_str()),
            Some('a') => push(&mut out, '\x07', chars.as_str()),
            Some('b') => push(&mut out, '\x08', chars.as_str()),
            Some('f') => push(&mut out, '\x0c', chars.as_str()),
            Some('v') => push(&mut out, '\x0b', chars.as_str()),
            Some(c @ ('"' | '\\')) => push(&mut out, c, chars.as_str()),
            // A dollar sign that is not to be expanded later.
            Some('$') => {
                out.push_str("$$");
                chars.as_str()
            }
            _ => push(&mut out, '\\', after),
        };
    }
    out.push_str(rest);
    out
}

fn push<'a>(out: &mut String, c: char, rest: &'a str) -> &'a str {
    out.push(c);
    rest
}

#[cfg(test)]
mod tests {
    use super::{Mistake, parse};
    use std::collections::BTreeMap;

    #[test]
    fn lines_are_read_as_compose_reads_them() {
        let host: BTreeMap<String, String> = [("HOST".to_owned(), "here".to_owned())].into();
        for (text, want) in [
            ("A=1\nB = 2 \n", "A=1 B=2"),
            ("# no\n\n  A=x#y #z\n", "A=x#y"),
            ("export A=1\nexported=2", "A=1 exported=2"),
            ("A: yaml", "A=yaml"),
            ("A='$HOST \\' \\n'", "A=$HOST ' \\n"),
            ("A=\"$HOST\\t\\$HOST\"", "A=here\t$HOST"),
            ("A=\"two\nlines\"\nB=1", "A=two\nlines B=1"),
            ("HOST\nNOBODY\nA=$HOST-${NO:-d}", "HOST=here NOBODY A=here-d"),
            ("A=1\nB=${A}2", "A=1 B=12"),
            ("A=\r\nB=2\r\n", "A= B=2"),
            ("A=p@ss word", "A=p@ss word"),
        ] {
            let (read, mistakes) = parse(text, &host, false);
            let read: Vec<_> =
                read.into_iter().map(|v| v.value.map_or(v.name.clone(), |x| v.name + "=" + &x)).collect();
            assert_eq!((read.join(" ").as_str(), mistakes), (want, Vec::new()), "{text:?}");
        }
    }

    #[test]
    fn raw_values_and_mistakes() {
        let (read, _) = parse("A=\"$X\" # y\n", &BTreeMap::new(), true);
        assert_eq!(read[0].value.as_deref(), Some("\"$X\" # y"));
        let (read, mistakes) = parse("A=1\na b=2\nB='open\n", &BTreeMap::new(), false);
        assert_eq!(read.len(), 1);
        let want = [(2, "\"a b\" is not a valid variable name"), (3, "a quote is not closed")];
        assert_eq!(mistakes, want.map(|(line, m)| Mistake { line, message: m.into() }));
    }
}
