//! Typed reading of objects: every wrong field is noted, with its path.

use std::fmt;

use contract::{Hint, nearest};
use govalue::{Map, Value};

/// How bad a [`FieldProblem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The API server takes or drops it, but it is hardly meant.
    Warning,
    /// The API server refuses it.
    Error,
}

/// A field of an object that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// How bad it is.
    pub severity: Severity,
    /// Where: `spec.chart.spec.sourceRef.kind`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What may help.
    pub hint: Option<Hint>,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// The fields of one object, read one by one.
pub(crate) struct Fields<'p> {
    map: Map,
    path: String,
    known: Vec<&'static str>,
    problems: &'p mut Vec<FieldProblem>,
}

impl<'p> Fields<'p> {
    /// The fields of a map at a path; the empty path is the object itself.
    pub(crate) fn new(map: Map, path: String, problems: &'p mut Vec<FieldProblem>) -> Fields<'p> {
        Fields { map, path, known: Vec::new(), problems }
    }

    /// The path to a field.
    pub(crate) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Notes an error at a field.
    pub(crate) fn error(&mut self, key: &str, message: impl Into<String>, hint: Option<&str>) {
        self.note(Severity::Error, key, message.into(), hint.map(Hint::from));
    }

    fn note(&mut self, severity: Severity, key: &str, message: String, hint: Option<Hint>) {
        let path = if key.is_empty() { self.path.clone() } else { self.path(key) };
        self.problems.push(FieldProblem { severity, path, message, hint });
    }

    /// A field as it is; `None` where it is missing or null.
    pub(crate) fn any(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.map.get(key).filter(|v| !matches!(v, Value::Nil))
    }

    /// A string; empty where it is missing.
    pub(crate) fn string(&mut self, key: &'static str) -> String {
        match self.any(key) {
            None => String::new(),
            Some(Value::Str(text)) => text.to_str_lossy().into_owned(),
            Some(other) => {
                let hint =
                    matches!(other, Value::Bool(_) | Value::Float(_) | Value::Int(_)).then_some("put it in quotes");
                self.error(key, format!("expected a string, found {}", kind(&other)), hint);
                String::new()
            }
        }
    }

    /// A string that must be there.
    pub(crate) fn required(&mut self, key: &'static str) -> String {
        let text = self.string(key);
        if text.is_empty() && !matches!(self.map.get(key), Some(v) if !matches!(v, Value::Nil | Value::Str(_))) {
            self.error(key, "is missing", None);
        }
        text
    }

    /// A string that may be missing.
    pub(crate) fn optional(&mut self, key: &'static str) -> Option<String> {
        Some(self.string(key)).filter(|t| !t.is_empty())
    }

    /// One of some words, with the meaning of each; the first if it is missing.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)], default: T) -> T {
        let text = self.string(key);
        if text.is_empty() {
            return default;
        }
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => *value,
            None => {
                let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                self.error(key, format!("unknown value {text:?}"), Some(&format!("one of {}", all.join(", "))));
                default
            }
        }
    }

    /// A boolean; false where it is missing.
    pub(crate) fn bool(&mut self, key: &'static str) -> bool {
        match self.any(key) {
            None => false,
            Some(Value::Bool(b)) => b,
            Some(other) => {
                self.error(key, format!("expected true or false, found {}", kind(&other)), None);
                false
            }
        }
    }

    /// A list; empty where it is missing.
    pub(crate) fn list(&mut self, key: &'static str) -> Vec<Value> {
        match self.any(key) {
            None => Vec::new(),
            Some(Value::List(list)) => list.to_vec(),
            Some(other) => {
                self.error(key, format!("expected a list, found {}", kind(&other)), None);
                Vec::new()
            }
        }
    }

    /// A list of strings.
    pub(crate) fn strings(&mut self, key: &'static str) -> Vec<String> {
        let items = self.list(key);
        let mut strings = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            match item {
                Value::Str(text) => strings.push(text.to_str_lossy().into_owned()),
                other => self.error(&format!("{key}[{i}]"), format!("expected a string, found {}", kind(other)), None),
            }
        }
        strings
    }

    /// A map of strings, sorted by key; `None` where it is missing.
    pub(crate) fn string_map(&mut self, key: &'static str) -> Option<Vec<(String, String)>> {
        let map = self.map(key)?;
        let mut entries = Vec::with_capacity(map.len());
        for (name, value) in map.entries() {
            let name = name.to_str_lossy().into_owned();
            match value {
                Value::Str(text) => entries.push((name, text.to_str_lossy().into_owned())),
                other => {
                    let message = format!("expected a string, found {}", kind(&other));
                    self.error(&format!("{key}.{name}"), message, Some("put it in quotes"));
                }
            }
        }
        Some(entries)
    }

    /// A map; `None` where it is missing.
    pub(crate) fn map(&mut self, key: &'static str) -> Option<Map> {
        match self.any(key)? {
            Value::Map(map) => Some(map),
            other => {
                self.error(key, format!("expected a map, found {}", kind(&other)), None);
                None
            }
        }
    }

    /// An object inside; `None` where it is missing. Its unknown fields are noted.
    pub(crate) fn object<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        let map = self.map(key)?;
        let mut fields = Fields::new(map, self.path(key), self.problems);
        let value = read(&mut fields);
        fields.finish();
        Some(value)
    }

    /// A list of objects.
    pub(crate) fn objects<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Fields<'_>) -> T) -> Vec<T> {
        let items = self.list(key);
        let mut objects = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            match item {
                Value::Map(map) => {
                    let mut fields = Fields::new(map, format!("{}[{i}]", self.path(key)), self.problems);
                    objects.push(read(&mut fields));
                    fields.finish();
                }
                other => self.error(&format!("{key}[{i}]"), format!("expected a map, found {}", kind(&other)), None),
            }
        }
        objects
    }

    /// Fields that have no effect here, but are not mistakes.
    pub(crate) fn ignore(&mut self, keys: &[&'static str]) {
        self.known.extend_from_slice(keys);
    }

    /// Notes the unknown fields.
    pub(crate) fn finish(mut self) {
        for key in self.map.keys() {
            let key = key.to_str_lossy();
            if self.known.iter().any(|k| *k == key) {
                continue;
            }
            let near = nearest(&key, self.known.iter()).map(Hint::DidYouMean);
            self.note(Severity::Warning, &key, "unknown field".to_owned(), near);
        }
    }
}

/// What a value is, in YAML's words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(_) => "a boolean",
        Value::Str(_) | Value::Bytes(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        _ => "a number",
    }
}
