//! Where the fields of a document are in its text.

use govalue::Index;

/// A piece of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends, in bytes. A block collection ends with its last scalar: comments after that are not part of it.
    pub end: usize,
    /// The line where it starts, from 1.
    pub line: u32,
    /// The column where it starts, in characters, from 1.
    pub column: u32,
}

/// The places of all fields, by path.
///
/// Paths are those of [`field`] and [`item`]: `spec.components[0].config.WELCOME`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    entries: Index<Entry>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Entry {
    key: Option<Span>,
    value: Span,
}

impl Places {
    /// The place of a value.
    pub fn find(&self, path: &str) -> Option<Span> {
        self.entries.get(path.as_bytes()).map(|e| e.value)
    }

    /// The place of the key of a mapping's entry; `None` for an item of a list.
    pub fn key(&self, path: &str) -> Option<Span> {
        self.entries.get(path.as_bytes()).and_then(|e| e.key)
    }

    /// The place of the key, else of the value, else of the nearest field around that is there.
    pub fn nearest(&self, path: &str) -> Span {
        let mut path = path;
        loop {
            if let Some(entry) = self.entries.get(path.as_bytes()) {
                return entry.key.unwrap_or(entry.value);
            }
            match parent(path) {
                Some(outer) => path = outer,
                None => return Span { line: 1, column: 1, ..Span::default() },
            }
        }
    }

    /// All paths, in the order of their text.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.names().filter_map(|path| std::str::from_utf8(path).ok())
    }

    pub(crate) fn insert(&mut self, path: String, key: Option<Span>, value: Span) {
        self.entries.insert(path, Entry { key, value });
    }
}

/// The path of an entry of the mapping at `path`. A key with other characters than letters, digits, `_`, `-` and `/`
/// is quoted.
///
/// ```
/// use descriptor::places::field;
/// assert_eq!(field("", "spec"), "spec");
/// assert_eq!(field("metadata.labels", "app.kubernetes.io/name"), r#"metadata.labels["app.kubernetes.io/name"]"#);
/// ```
pub fn field(path: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
    match (plain, path.is_empty()) {
        (true, true) => key.to_owned(),
        (true, false) => format!("{path}.{key}"),
        (false, _) => format!("{path}[{key:?}]"),
    }
}

/// The path of an item of the list at `path`.
///
/// ```
/// assert_eq!(descriptor::places::item("spec.components", 1), "spec.components[1]");
/// ```
pub fn item(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// The path of what is around a field; `None` for the document.
fn parent(path: &str) -> Option<&str> {
    if path.is_empty() {
        return None;
    }
    let mut quoted = false;
    let mut escaped = false;
    let mut last = 0;
    for (at, c) in path.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' | '[' if !quoted => last = at,
            _ => {}
        }
    }
    path.get(..last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_of_paths() {
        for (path, want) in [
            ("", None),
            ("spec", Some("")),
            ("spec.components", Some("spec")),
            ("spec.components[10]", Some("spec.components")),
            ("spec.components[0].name", Some("spec.components[0]")),
            (r#"metadata.labels["a.b[0]"]"#, Some("metadata.labels")),
            (r#"x["a\".b"].c"#, Some(r#"x["a\".b"]"#)),
        ] {
            assert_eq!(parent(path), want, "{path}");
        }
    }

    #[test]
    fn a_missing_field_has_the_place_of_what_is_around_it() {
        let mut places = Places::default();
        let span = |line| Span { line, column: 1, ..Span::default() };
        places.insert(String::new(), None, span(1));
        places.insert("spec".into(), Some(span(2)), span(3));
        assert_eq!(places.nearest("spec.components[0].name").line, 2);
        assert_eq!(places.nearest("metadata").line, 1);
        assert_eq!(Places::default().nearest("metadata").line, 1);
    }
}
