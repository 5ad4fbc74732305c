//! Where a value is.

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

/// A step down from a collection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the value of a key.
    Key(Rc<str>),
    /// To an item of a list, counted from 0.
    Index(usize),
}

impl Step {
    /// The key, if it is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }
    }
}

/// The steps from the top of the values to one of them.
///
/// Its text is that of Helm's messages; keys that would be misread stand in quotes.
///
/// ```
/// use chartwright_values::Path;
/// let path: Path = r#"ingress.hosts[0]."cert-manager.io/issuer""#.parse()?;
/// assert_eq!(path.len(), 4);
/// assert_eq!(path.to_string(), r#"ingress.hosts[0]."cert-manager.io/issuer""#);
/// # Ok::<(), chartwright_values::PathError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

/// A text that is not a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// Where it goes wrong, in bytes.
    pub offset: usize,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a path of values, at character {}", self.offset + 1)
    }
}

impl std::error::Error for PathError {}

impl Path {
    /// The path of the values as a whole.
    pub const fn root() -> Path {
        Path(Vec::new())
    }

    /// The path of a key below this one.
    #[must_use]
    pub fn key(&self, key: &str) -> Path {
        self.join(Step::Key(key.into()))
    }

    /// The path of an item below this one.
    #[must_use]
    pub fn index(&self, index: usize) -> Path {
        self.join(Step::Index(index))
    }

    /// This path and a step more.
    #[must_use]
    pub fn join(&self, step: Step) -> Path {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Path(steps)
    }

    /// The steps, from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is [`Path::root`].
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its first steps; all if it has fewer.
    #[must_use]
    pub fn prefix(&self, len: usize) -> Path {
        Path(self.0.get(..len).unwrap_or(&self.0).to_vec())
    }

    /// The path without its last step, and that step.
    pub fn split_last(&self) -> Option<(Path, &Step)> {
        let (last, rest) = self.0.split_last()?;
        Some((Path(rest.to_vec()), last))
    }

    /// The last step.
    pub fn last(&self) -> Option<&Step> {
        self.0.last()
    }

    /// The last key, whatever indexes follow it.
    pub fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(Step::key)
    }

    /// Whether the other path is this one or below it.
    pub fn contains(&self, other: &Path) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Reads a JSON pointer, as the messages of schema validation have it: `/ingress/hosts/0`. What looks like an
    /// index is one if the values have a list there: see [`crate::Model::resolve`].
    pub fn from_pointer(pointer: &str) -> Path {
        let parts = pointer.trim_start_matches('#').split('/').skip(1);
        Path(parts.map(|part| Step::Key(part.replace("~1", "/").replace("~0", "~").into())).collect())
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Path {
        Path(steps)
    }
}

impl<'k> FromIterator<&'k str> for Path {
    fn from_iter<I: IntoIterator<Item = &'k str>>(keys: I) -> Path {
        Path(keys.into_iter().map(|key| Step::Key(key.into())).collect())
    }
}

/// Whether a key needs no quotes in a path.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && !key.contains(|c: char| matches!(c, '.' | '[' | ']' | '"' | '\\') || c.is_whitespace())
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    if i > 0 {
                        f.write_str(".")?;
                    }
                    if is_bare(key) {
                        f.write_str(key)?;
                    } else {
                        write!(f, "\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Path, PathError> {
        let mut steps = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(inner) = rest.strip_prefix('[') {
                let end = inner.find(']').ok_or(PathError { offset: at })?;
                let index = inner.get(..end).and_then(|i| i.parse().ok()).ok_or(PathError { offset: at + 1 })?;
                steps.push(Step::Index(index));
                at += end + 2;
                continue;
            }
            let rest = match rest.strip_prefix('.') {
                Some(rest) if !steps.is_empty() => {
                    at += 1;
                    rest
                }
                None if steps.is_empty() => rest,
                _ => return Err(PathError { offset: at }),
            };
            let (key, len) = if rest.starts_with('"') {
                quoted_key(rest).ok_or(PathError { offset: at })?
            } else {
                let len = rest.find(['.', '[']).unwrap_or(rest.len());
                (rest.get(..len).unwrap_or_default().to_owned(), len)
            };
            if len == 0 {
                return Err(PathError { offset: at });
            }
            steps.push(Step::Key(key.into()));
            at += len;
        }
        Ok(Path(steps))
    }
}

/// A key in quotes, and the length of its text.
fn quoted_key(text: &str) -> Option<(String, usize)> {
    let mut key = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return Some((key, i + 1)),
            '\\' => key.push(chars.next()?.1),
            c => key.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_steps() {
        for (text, steps) in [
            ("", 0),
            ("a", 1),
            ("a.b", 2),
            ("a[0]", 2),
            ("a[0][12].b", 4),
            ("[3]", 1),
            (r#"a."b.c""#, 2),
            (r#""".x"#, 2),
            (r#""a\"b\\c""#, 1),
            ("a-b.c/d", 2),
        ] {
            let path: Path = text.parse().unwrap();
            assert_eq!((path.to_string().as_str(), path.len()), (text, steps));
        }
        for (text, offset) in [(".a", 0), ("a.", 2), ("a..b", 2), ("a[x]", 2), ("a[0", 1), ("a[0]b", 4), (r#""a"#, 0)] {
            assert_eq!(text.parse::<Path>(), Err(PathError { offset }), "{text}");
        }
    }

    #[test]
    fn pointers() {
        assert_eq!(Path::from_pointer("/a~1b/~0c").to_string(), "a/b.~c");
        assert_eq!(Path::from_pointer(""), Path::root());
    }
}
