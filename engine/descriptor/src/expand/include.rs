//! Skeletons inside skeletons: `<% include "PATH" %>`, on a line of its own, stands for the lines of another.
//!
//! minijinja's own `include` comes with all that it has for several templates, a hundredth of the plugin; and what is
//! put together before it is parsed can neither go round in circles nor escape the count of steps.

use std::borrow::Cow;

/// How deep skeletons include each other.
const MOST_DEPTH: usize = 20;

/// How long a skeleton may become.
const MOST_TEXT: usize = 4 << 20;

/// A skeleton with those that it includes.
#[derive(Debug, Default)]
pub(super) struct Whole<'s> {
    pub(super) text: Cow<'s, str>,
    parts: Vec<Part<'s>>,
}

/// Lines in a row that are from one skeleton.
#[derive(Debug)]
struct Part<'s> {
    path: &'s str,
    /// The first of them, in that skeleton and in the whole.
    line: usize,
    at: usize,
}

/// Why a skeleton cannot be put together, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IncludeError<'s> {
    pub(super) path: &'s str,
    pub(super) line: usize,
    pub(super) message: String,
}

impl<'s> Whole<'s> {
    /// Puts a skeleton together; `find` gives the path and the text of others.
    ///
    /// # Errors
    /// One is not there, or they include each other too deep or too much.
    pub(super) fn new(
        path: &'s str,
        text: &'s str,
        find: &dyn Fn(&str) -> Option<(&'s str, &'s str)>,
    ) -> Result<Whole<'s>, IncludeError<'s>> {
        if !text.lines().any(|line| included(line).is_some()) {
            return Ok(Whole { text: text.into(), parts: vec![Part { path, line: 1, at: 1 }] });
        }
        let mut builder = Builder { text: String::new(), lines: 0, parts: Vec::new(), find };
        builder.add(path, text, 0)?;
        Ok(Whole { text: builder.text.into(), parts: builder.parts })
    }

    /// The skeleton that a line of the whole is from, and its line there.
    pub(super) fn origin(&self, line: usize) -> Option<(&'s str, usize)> {
        let part = self.parts.iter().rev().find(|part| part.at <= line)?;
        Some((part.path, part.line + line - part.at))
    }
}

struct Builder<'s, 'f> {
    text: String,
    /// How many lines it has.
    lines: usize,
    parts: Vec<Part<'s>>,
    find: &'f dyn Fn(&str) -> Option<(&'s str, &'s str)>,
}

impl<'s> Builder<'s, '_> {
    fn add(&mut self, path: &'s str, text: &'s str, depth: usize) -> Result<(), IncludeError<'s>> {
        let mut begins = true;
        for (line, content) in text.split_inclusive('\n').enumerate() {
            let line = line + 1;
            let fail = |message: String| IncludeError { path, line, message };
            if let Some(name) = included(content) {
                let (path, text) = (self.find)(name).ok_or_else(|| fail(format!("there is no skeleton {name}")))?;
                if depth == MOST_DEPTH {
                    return Err(fail(format!("{name} is included inside itself, or too deep")));
                }
                self.add(path, text, depth + 1)?;
                if content.ends_with('\n') && !self.text.is_empty() && !self.text.ends_with('\n') {
                    self.text.push('\n');
                }
                begins = true;
                continue;
            }
            if begins {
                self.parts.push(Part { path, line, at: self.lines + 1 });
                begins = false;
            }
            if self.text.len() + content.len() > MOST_TEXT {
                return Err(fail("too much is included".to_owned()));
            }
            self.text.push_str(content);
            self.lines += 1;
        }
        Ok(())
    }
}

/// The path that a line includes.
fn included(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("<%")?.strip_suffix("%>")?.trim();
    let quoted = inner.strip_prefix("include")?.trim_start();
    let path = quoted.strip_prefix('"').and_then(|p| p.strip_suffix('"'));
    path.or_else(|| quoted.strip_prefix('\'')?.strip_suffix('\'')).filter(|path| !path.contains(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[(&str, &str)] = &[
        ("a", "a1\n <% include \"b\" %>\na3\n<%include 'c'%>"),
        ("b", "b1\n<% include 'c' %>\nb3"),
        ("c", "c1\nc2\n"),
        ("circle", "1\n<% include 'circle' %>\n"),
        ("nowhere", "1\n2\n<% include 'x' %>\n"),
        ("twice", "<% include 'more' %>\n<% include 'more' %>\n"),
        ("more", "<% include 'much' %>\n<% include 'much' %>\n"),
        ("much", ""),
    ];

    fn find(path: &str) -> Option<(&'static str, &'static str)> {
        FILES.iter().find(|(name, _)| *name == path).copied()
    }

    #[test]
    fn lines_are_put_in_and_keep_their_places() {
        let whole = Whole::new("a", FILES[0].1, &find).unwrap();
        assert_eq!(whole.text, "a1\nb1\nc1\nc2\nb3\na3\nc1\nc2\n");
        let origins: Vec<String> =
            (1..=8).filter_map(|line| whole.origin(line)).map(|(path, line)| format!("{path}:{line}")).collect();
        assert_eq!(origins, ["a:1", "b:1", "c:1", "c:2", "b:3", "a:3", "c:1", "c:2"]);
        let plain = Whole::new("c", FILES[2].1, &find).unwrap();
        assert!(matches!(plain.text, Cow::Borrowed("c1\nc2\n")) && plain.origin(2) == Some(("c", 2)));
    }

    #[test]
    fn what_cannot_be_put_in_is_an_error_at_its_line() {
        let error = |path: &str| {
            let (path, text) = find(path).unwrap();
            let IncludeError { path, line, message } = Whole::new(path, text, &find).unwrap_err();
            format!("{path}:{line}: {message}")
        };
        assert_eq!(error("nowhere"), "nowhere:3: there is no skeleton x");
        assert_eq!(error("circle"), "circle:2: circle is included inside itself, or too deep");
        let long = "x\n".repeat(MOST_TEXT / 6);
        let find = |path: &str| if path == "much" { Some(("much", long.as_str())) } else { find(path) };
        assert_eq!(Whole::new("twice", FILES[5].1, &find).unwrap_err().message, "too much is included");
    }

    #[test]
    fn only_a_line_of_its_own_includes() {
        for (line, path) in [
            ("<% include \"x/y.txt\" %>\n", Some("x/y.txt")),
            ("  <%include 'x'%>  ", Some("x")),
            ("a <% include 'x' %>", None),
            ("<% include 'x' %><% include 'y' %>", None),
            ("<% include x %>", None),
            ("<% if x %>", None),
            ("include 'x'", None),
        ] {
            assert_eq!(included(line), path, "{line}");
        }
    }
}
