//! The developers' values as text: with their comments where that is possible.

use goyaml::yaml::{Document, NodeKind};
use serde_json::{Map, Value};

use super::base::Base;
use super::merge::merge;
use crate::places::item;
use crate::read::Parsed;
use crate::slice;
use crate::types::{Component, Values};
use crate::yaml_text::{self, indent, reads_as_entries};

/// Values and their text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Written {
    /// The values.
    pub(crate) values: Values,
    /// Their entries as YAML, from the left edge, without a line break at the end; empty where there are none.
    pub(crate) text: String,
}

impl Written {
    /// The map at a path, with the developer's comments.
    pub(crate) fn cut(parsed: &Parsed, path: &str, values: &Values) -> Written {
        let places = &parsed.places;
        let written =
            places.key(path).zip(places.find(path)).and_then(|(key, value)| slice::entries(&parsed.text, key, value));
        Written::checked(values.clone(), written)
    }

    /// Uses a text if it has the values, else writes them again.
    fn checked(values: Values, text: Option<String>) -> Written {
        let text = text.filter(|t| reads_as_entries(t, &values)).unwrap_or_else(|| write(&values));
        Written { values, text }
    }

    /// Adds a value two keys deep, if it is missing.
    fn or_name(self, [outer, inner]: [&str; 2], value: &str) -> Written {
        let mut values = self.values.clone();
        let entry = values.entry(outer).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(map) = entry else { return self };
        if map.contains_key(inner) {
            return self;
        }
        map.insert(inner.to_owned(), Value::String(value.to_owned()));
        let line = format!("{inner}: {}", yaml_text::scalar(&Value::String(value.to_owned())));
        let text = match self.values.get(outer) {
            None if self.text.is_empty() => Some(format!("{outer}:\n  {line}")),
            None => Some(format!("{outer}:\n  {line}\n{}", self.text)),
            Some(there) => insert(&self.text, outer, &line, there.as_object().is_some_and(Map::is_empty)),
        };
        Written::checked(values, text)
    }

    /// Adds an entry at the end; one that is there already is merged with it.
    pub(super) fn with(self, key: &str, below: &Written) -> Written {
        if below.values.is_empty() {
            return self;
        }
        let mut values = self.values.clone();
        let there = values.insert(key.to_owned(), Value::Object(below.values.clone()));
        let text = match there {
            None => {
                let start = if self.text.is_empty() { String::new() } else { format!("{}\n", self.text) };
                Some(format!("{start}{key}:\n{}", indent(&below.text, 2)))
            }
            Some(mut there) => {
                merge(&mut there, Value::Object(below.values.clone()));
                values.insert(key.to_owned(), there);
                None
            }
        };
        Written::checked(values, text)
    }
}

/// The developer's values of a component, with the names that its base chart wants.
pub(super) fn developer(parsed: &Parsed, index: usize, component: &Component, base: Option<&Base>) -> Written {
    let path = format!("{}.values", item("spec.components", index));
    let mut written = Written::cut(parsed, &path, &component.values);
    let Some(base) = base else { return written };
    let module = &parsed.descriptor.metadata.name;
    for (path, name) in [(["module", "name"], module), (["app", "name"], &component.name)] {
        if base.has_string(path) {
            written = written.or_name(path, name);
        }
    }
    written
}

/// Writes values so that they are read as what they are.
fn write(values: &Values) -> String {
    let text = yaml_text::entries(values);
    if values.is_empty() {
        return text;
    }
    if reads_as_entries(&text, values) { text } else { yaml_text::scalar(&Value::Object(values.clone())) }
}

/// Puts an entry at the start of the mapping at a key, which may be empty.
fn insert(text: &str, key: &str, line: &str, empty: bool) -> Option<String> {
    let doc = Document::parse(text.as_bytes()).ok()?;
    let (key, value) = doc.root()?.entries().find(|(k, _)| k.text() == key.as_bytes())?;
    if value.kind() != NodeKind::Mapping {
        return None;
    }
    if value.is_flow() {
        let (before, behind) = text.split_at_checked(value.start().offset as usize + 1)?;
        let comma = if empty { "" } else { ", " };
        return before.ends_with('{').then(|| format!("{before}{line}{comma}{behind}"));
    }
    if value.start().line == key.start().line {
        return None;
    }
    let at = text.split_inclusive('\n').take(key.start().line as usize + 1).map(str::len).sum();
    let (before, behind) = text.split_at_checked(at)?;
    Some(format!("{before}{}{line}\n{behind}", " ".repeat(value.start().column as usize)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml_text::reads_as;

    fn written(text: &str) -> Written {
        let value = goyaml::yaml::from_yaml(text.as_bytes()).unwrap();
        let Value::Object(values) = crate::expand::documented::json(&value) else { return Written::default() };
        Written { values, text: text.to_owned() }
    }

    #[test]
    fn names_are_filled_in() {
        for (text, want) in [
            ("", "app:\n  name: web"),
            ("port: 1 # p", "app:\n  name: web\nport: 1 # p"),
            (
                "a: 1\napp: # the app\n    # port\n    port: 80\nb: 2",
                "a: 1\napp: # the app\n    name: web\n    # port\n    port: 80\nb: 2",
            ),
            ("app: {port: 80} # p\nb: 1 # b", "app: {name: web, port: 80} # p\nb: 1 # b"),
            ("app: &a {port: 80} # p\nb: *a", "app:\n  port: 80\n  name: web\nb:\n  port: 80"),
            ("app: {name: x}", "app: {name: x}"),
            ("app: null", "app: null"),
            ("app: {}", "app: {name: web}"),
        ] {
            let got = written(text).or_name(["app", "name"], "web");
            assert_eq!(got.text, want);
            assert!(reads_as(&got.text, &Value::Object(got.values)), "{want}");
        }
    }

    #[test]
    fn entries_are_added_and_merged() {
        let config = written("# greeting\nA: x");
        assert_eq!(written("a: 1").with("config", &config).text, "a: 1\nconfig:\n  # greeting\n  A: x");
        assert_eq!(written("").with("config", &config).text, "config:\n  # greeting\n  A: x");
        assert_eq!(written("config: {B: 2, A: z} # c").with("config", &config).text, "config:\n  A: x\n  B: 2");
        assert_eq!(written("a: 1").with("config", &Written::default()).text, "a: 1");
    }
}
