//! A document against the form of its kind: all that is wrong at once, and as much as can be kept of it.
//!
//! What a field may be comes from the generated JSON Schema, so that files, editors and clusters agree. Lengths and
//! patterns are left to [`mod@crate::check`], which can say more about them.

use contract::{Code, Hint, Place, Problem, Severity, nearest};
use serde_json::{Map, Value};

use crate::places::{Places, Span, field, item};

/// What was found while the form was checked.
pub(super) struct Form<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) places: &'a Places,
    pub(super) problems: Vec<Problem>,
    /// Paths of values that were made up because they are missing or of the wrong type.
    pub(super) holes: Vec<String>,
}

impl Form<'_> {
    /// Checks a value, and mends it so that the types can be filled: unknown fields go, missing ones become empty.
    ///
    /// Schemas do not nest endlessly, so neither does this.
    pub(super) fn mend(&mut self, value: &mut Value, schema: &Value, path: &str) {
        if !self.has_type(value, schema, path) {
            self.holes.push(path.to_owned());
            *value = empty(schema);
            return;
        }
        self.is_one_of(value, schema, path);
        match value {
            Value::Object(map) => self.mend_fields(map, schema, path),
            Value::Array(items) => {
                let Some(schema) = schema.get("items") else { return };
                for (i, value) in items.iter_mut().enumerate() {
                    self.mend(value, schema, &item(path, i));
                }
            }
            _ => {}
        }
    }

    fn mend_fields(&mut self, map: &mut Map<String, Value>, schema: &Value, path: &str) {
        let none = Map::new();
        let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        // A field without a value is one that is left out, as in Kubernetes.
        map.retain(|key, value| !(value.is_null() && known.contains_key(key)));
        let others = schema.get("additionalProperties");
        let mut unknown = Vec::new();
        for (key, value) in map.iter_mut() {
            let below = field(path, key);
            match known.get(key) {
                // What a controller wrote is not read here.
                Some(_) if below == "status" => {}
                Some(schema) => self.mend(value, schema, &below),
                None if others == Some(&Value::Bool(false)) || path.is_empty() => unknown.push(key.clone()),
                None => {
                    if let Some(schema @ Value::Object(_)) = others {
                        self.mend(value, schema, &below);
                    }
                }
            }
        }
        let mut meant = Vec::new();
        for key in unknown {
            map.remove(&key);
            meant.extend(self.unknown(&key, known, map, path));
        }
        for key in required {
            if !map.contains_key(key) {
                let below = field(path, key);
                // One that is misspelt was reported as that.
                if !meant.iter().any(|m| m == key) {
                    let written = self.places.find(&below).is_some();
                    let message = format!("{below} is {}", if written { "empty" } else { "missing" });
                    self.report(Code::MissingField, &below, message, None);
                }
                self.holes.push(below);
                map.insert(key.to_owned(), known.get(key).map_or(Value::Null, empty));
            }
        }
    }

    /// Reports an unknown field, and gives the name that was likely meant.
    fn unknown(
        &mut self,
        key: &str,
        known: &Map<String, Value>,
        map: &Map<String, Value>,
        path: &str,
    ) -> Option<String> {
        let unused = known.keys().filter(|k| !map.contains_key(*k));
        let meant = nearest(key, unused);
        let hint = match &meant {
            Some(near) => Hint::DidYouMean(near.clone()),
            None => {
                let names: Vec<&str> = known.keys().map(String::as_str).filter(|k| *k != "status").collect();
                Hint::text(format!("known names: {}", names.join(", ")))
            }
        };
        let around = if path.is_empty() { "a descriptor" } else { path };
        self.report(Code::UnknownField, &field(path, key), format!("{around} has no field {key}"), Some(hint));
        meant
    }

    /// Reports a value of the wrong type; scalars where text is wanted become text.
    fn has_type(&mut self, value: &mut Value, schema: &Value, path: &str) -> bool {
        let wanted: Vec<&str> = match schema.get("type") {
            Some(Value::String(ty)) => vec![ty],
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        let found = type_of(value);
        if wanted.iter().any(|w| *w == found || *w == "number" && found == "integer") {
            return true;
        }
        let span = self.places.find(path).unwrap_or_default();
        let source = self.text.get(span.start..span.end).unwrap_or_default();
        let scalar = !matches!(value, Value::Object(_) | Value::Array(_) | Value::Null);
        if wanted == ["string"] && scalar && !source.is_empty() {
            let message = format!("{path} must be text, and {source} is {}", with_article(found));
            self.report_at(
                span,
                Code::WrongType,
                path,
                message,
                Some(Hint::text(format!("put it in quotes: \"{source}\""))),
            );
            *value = Value::String(source.to_owned());
            return true;
        }
        let wanted_text = wanted.iter().map(|w| with_article(w)).collect::<Vec<_>>().join(" or ");
        let found_text = with_article(found);
        let hint = match (wanted.as_slice(), &*value) {
            (["array"], Value::String(_)) => Some(format!("write [{source}]")),
            (["array"], Value::Object(_)) => Some("each item starts with `- `".to_owned()),
            ([_, _, ..], Value::Null) => Some("write \"\" for an empty text".to_owned()),
            (["boolean"], Value::String(_)) => Some("write true or false, without quotes".to_owned()),
            _ => None,
        };
        self.report_at(
            span,
            Code::WrongType,
            path,
            format!("{path} must be {wanted_text}, not {found_text}"),
            hint.map(Hint::Text),
        );
        false
    }

    fn is_one_of(&mut self, value: &mut Value, schema: &Value, path: &str) {
        let Some(values) = schema.get("enum").and_then(Value::as_array) else { return };
        if values.contains(value) {
            return;
        }
        let names: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        let found = value.as_str().unwrap_or_default().to_owned();
        let span = self.places.find(path).unwrap_or_default();
        let (message, hint) = match names.as_slice() {
            [only] => (format!("{path} is {found:?}, and must be {only}"), None),
            _ => (
                format!("{path} is {found:?}, and must be one of {}", names.join(", ")),
                nearest(&found, &names).map(Hint::DidYouMean),
            ),
        };
        self.report_at(span, Code::WrongValue, path, message, hint);
        self.holes.push(path.to_owned());
        *value = values.first().cloned().unwrap_or_default();
    }

    fn report(&mut self, code: Code, path: &str, message: String, hint: Option<Hint>) {
        self.report_at(self.places.nearest(path), code, path, message, hint);
    }

    fn report_at(&mut self, span: Span, code: Code, path: &str, message: String, hint: Option<Hint>) {
        let place = Place { file: self.file.to_owned(), line: span.line, column: span.column };
        let problem = Problem::new(Severity::Error, code, message, place);
        self.problems.push(Problem { path: path.to_owned(), hint, ..problem });
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn with_article(ty: &str) -> &'static str {
    match ty {
        "null" => "nothing",
        "boolean" => "a boolean",
        "number" | "integer" => "a number",
        "string" => "text",
        "array" => "a list",
        _ => "a mapping",
    }
}

/// The least value that fits a schema.
fn empty(schema: &Value) -> Value {
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|values| values.first()) {
        return first.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            let field = |key: &Value| {
                let key = key.as_str()?;
                Some((key.to_owned(), empty(schema.get("properties")?.get(key)?)))
            };
            Value::Object(required.filter_map(field).collect())
        }
        Some("array") => Value::Array(Vec::new()),
        Some("boolean") => Value::Bool(false),
        Some("integer" | "number") => Value::from(0),
        _ => Value::String(String::new()),
    }
}
