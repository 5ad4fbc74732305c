//! Values files.

use std::borrow::Cow;

use govalue::{Map, Type};

use super::error::ValuesError;
use super::tables::merge_maps;

/// Reads a values file: one or more YAML documents that are merged, later ones
/// over earlier ones (`loader.LoadValues`).
///
/// # Errors
/// If a document is not YAML or no mapping, with Helm's text:
/// `cannot unmarshal yaml document: …`.
pub fn read_values(data: &[u8]) -> Result<Map, ValuesError> {
    let mut values: Option<Map> = None;
    for document in Documents::new(data) {
        let read = goyaml::yaml::from_yaml_map(&document?)
            .map_err(|e| ValuesError::new(format!("cannot unmarshal yaml document: {e}")))?;
        values = Some(match values {
            Some(base) => merge_maps(&base, &read),
            None if read.is_nil() => Map::with_type(Type::ANY_MAP),
            None => read,
        });
    }
    Ok(values.unwrap_or_default())
}

/// The documents of a text, cut at lines that start with `---` wherever they
/// stand (`YAMLReader` of `k8s.io/apimachinery`).
struct Documents<'a> {
    rest: &'a [u8],
}

impl<'a> Documents<'a> {
    fn new(text: &'a [u8]) -> Documents<'a> {
        Documents { rest: text }
    }
}

impl<'a> Iterator for Documents<'a> {
    type Item = Result<Cow<'a, [u8]>, ValuesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.rest;
        let carriage_returns = |text| memchr::memmem::find(text, b"\r\n").is_some();
        let first = text.starts_with(b"---").then_some(0);
        let others = memchr::memmem::find_iter(text, b"\n---").map(|n| n + 1);
        for at in first.into_iter().chain(others) {
            let line = &text[at..];
            let length = memchr::memchr(b'\n', line).map_or(line.len(), |n| n + 1);
            if let Some(after) = line[..length].strip_prefix(b"---") {
                let after = trim(after);
                if !after.is_empty() && after[0] != b'#' {
                    self.rest = &[];
                    let after = String::from_utf8_lossy(after);
                    let text = format!("error reading yaml document: invalid Yaml document separator: {after}");
                    return Some(Err(ValuesError::new(text)));
                }
                if at > 0 {
                    self.rest = &text[at + length..];
                    let document = &text[..at];
                    return Some(Ok(lines(document, carriage_returns(document))));
                }
            }
        }
        self.rest = &[];
        if text.is_empty() { None } else { Some(Ok(lines(text, carriage_returns(text)))) }
    }
}

/// A document with plain line ends, also at its end.
fn lines(text: &[u8], carriage_returns: bool) -> Cow<'_, [u8]> {
    if !carriage_returns && text.ends_with(b"\n") {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + 1);
    for line in text.split_inclusive(|&b| b == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                out.extend_from_slice(line);
                out.push(b'\n');
            }
            None => out.extend_from_slice(line),
        }
    }
    if !out.ends_with(b"\n") {
        out.push(b'\n');
    }
    Cow::Owned(out)
}

/// `strings.TrimSpace`.
fn trim(text: &[u8]) -> &[u8] {
    match std::str::from_utf8(text) {
        Ok(text) => text.trim().as_bytes(),
        Err(_) => text.trim_ascii(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<String> {
        Documents::new(text.as_bytes())
            .map(|d| match d {
                Ok(d) => String::from_utf8_lossy(&d).into_owned(),
                Err(e) => e.to_string(),
            })
            .collect()
    }

    #[test]
    fn documents_end_at_separators() {
        assert_eq!(documents(""), [""; 0]);
        assert_eq!(documents("a: 1"), ["a: 1\n"]);
        assert_eq!(documents("---\na: 1\n--- # two\nb: 2\n"), ["---\na: 1\n", "b: 2\n"]);
        assert_eq!(documents("a: 1\n---\n---\nb: 2"), ["a: 1\n", "---\nb: 2\n"]);
        assert_eq!(
            documents("a: |\n  x\n--- y\n"),
            ["error reading yaml document: invalid Yaml document separator: y"]
        );
        assert_eq!(documents("a: 1\r\nb: 2\r\n"), ["a: 1\nb: 2\n"]);
    }
}
