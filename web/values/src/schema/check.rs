//! What is wrong with a value.

use std::fmt;
use std::rc::Rc;

use super::words::{joined, matching};
use super::{More, View};
use crate::value::{Number, Type, Value};

/// How deep values are looked into.
const MAX_DEPTH: usize = 24;
/// Lists beyond this are not checked for items that occur twice.
const MAX_UNIQUE: usize = 500;

/// What is wrong with the value of a field.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// It must be there.
    Missing,
    /// It is of another type than one of these.
    WrongType {
        /// The types that are allowed.
        wanted: Vec<Type>,
        /// The type that it has.
        found: Type,
    },
    /// It is none of the values that are allowed.
    NotAChoice,
    /// The number is below this one; at it, if the flag says so.
    TooSmall(Number, bool),
    /// The number is above this one; at it, if the flag says so.
    TooLarge(Number, bool),
    /// The number is no multiple of this one.
    NotAMultiple(Number),
    /// The text has fewer characters, the list fewer items, the map fewer keys.
    TooShort(usize, Unit),
    /// The text has more characters, the list more items, the map more keys.
    TooLong(usize, Unit),
    /// The text does not match this pattern.
    Pattern(Rc<str>),
    /// The text has characters that are not in this class.
    Characters(Rc<str>),
    /// The text has characters of this class.
    NotCharacters(Rc<str>),
    /// The text is not of this format, by the name of JSON Schema.
    Format(Rc<str>),
    /// The text is no quantity of Kubernetes, such as `500m` or `8Gi`.
    Quantity,
    /// Templates get this number, which is not what is written: too many digits, octal, or a version such as `1.20`.
    ReadAs(Rc<str>),
    /// An item is there twice.
    NotUnique,
    /// What was typed is not a number.
    NotANumber,
    /// The number has a fraction, and may have none.
    NotWhole,
    /// A key is missing in the map.
    MissingKey(Rc<str>),
    /// A key is not allowed in the map.
    UnknownKey(Rc<str>),
    /// The schema allows no such value.
    NotAllowed,
    /// What the engine says.
    Engine(Rc<str>),
    /// What the engine says of the key itself, and not of its value.
    Key(Rc<str>),
}

/// What is counted in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Of a text.
    Characters,
    /// Of a list.
    Items,
    /// Of a map.
    Keys,
}

impl Unit {
    /// `Must be at least 12 characters`, `Must have at most 3 items`.
    pub(super) fn must(self, bound: &str, n: usize) -> String {
        let (verb, one, many) = match self {
            Unit::Characters => ("be", "character", "characters"),
            Unit::Items => ("have", "item", "items"),
            Unit::Keys => ("have", "key", "keys"),
        };
        format!("Must {verb} {bound} {n} {}", if n == 1 { one } else { many })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missing => f.write_str("A value is required"),
            Problem::WrongType { wanted, found } => {
                let names: Vec<String> = wanted.iter().map(|kind| in_words(*kind).to_owned()).collect();
                write!(f, "Must be {}", joined(&names, "or"))?;
                // A number with a fraction is a number, too.
                match (&**wanted, found) {
                    ([Type::Integer], Type::Number) => Ok(()),
                    _ => write!(f, ", not {}", in_words(*found)),
                }
            }
            Problem::NotAChoice => f.write_str("Must be one of the allowed values"),
            Problem::TooSmall(n, false) => write!(f, "Must be at least {n}"),
            Problem::TooSmall(n, true) => write!(f, "Must be more than {n}"),
            Problem::TooLarge(n, false) => write!(f, "Must be at most {n}"),
            Problem::TooLarge(n, true) => write!(f, "Must be less than {n}"),
            Problem::NotAMultiple(n) => write!(f, "Must be a multiple of {n}"),
            Problem::TooShort(n, unit) => f.write_str(&unit.must("at least", *n)),
            Problem::TooLong(n, unit) => f.write_str(&unit.must("at most", *n)),
            Problem::Pattern(pattern) => f.write_str(&matching(pattern)),
            Problem::Characters(class) => write!(f, "Must have no characters other than {class}"),
            Problem::NotCharacters(class) => write!(f, "Must have no characters of {class}"),
            Problem::Format(format) => f.write_str(&formatted(format)),
            Problem::Quantity => f.write_str("Must be a quantity, such as 500m or 2Gi"),
            Problem::ReadAs(n) => write!(f, "Is read as {n}; in quotes, it stays as written"),
            Problem::NotUnique => f.write_str("Must not have the same item twice"),
            Problem::NotANumber => f.write_str("Must be a number"),
            Problem::NotWhole => f.write_str("Must be a whole number"),
            Problem::MissingKey(key) => write!(f, "Must have the key {key}"),
            Problem::UnknownKey(key) => write!(f, "Must not have the key {key}, which is not known"),
            Problem::NotAllowed => f.write_str("Must not be set"),
            Problem::Engine(message) | Problem::Key(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Problem {}

/// A type in sentences.
fn in_words(kind: Type) -> &'static str {
    match kind {
        Type::Null => "null",
        Type::Bool => "true or false",
        Type::Integer => "a whole number",
        Type::Number => "a number",
        Type::Text => "a string",
        Type::List => "a list",
        Type::Map => "a map",
    }
}

/// What a text of a format must be, by the name of JSON Schema.
pub(super) fn formatted(name: &str) -> String {
    let words = match name {
        "date" => "a date, such as 2026-01-31",
        "date-time" => "a date and a time, such as 2026-01-31T12:00:00Z",
        "duration" => "a duration, such as P1DT12H",
        "email" | "idn-email" => "an email address",
        "hostname" | "idn-hostname" => "a host name",
        "ipv4" => "an IPv4 address",
        "ipv6" => "an IPv6 address",
        "json-pointer" => "a JSON pointer",
        "regex" => "a regular expression",
        "relative-json-pointer" => "a relative JSON pointer",
        "semver" => "a version, such as 1.2.3",
        "time" => "a time, such as 12:00:00Z",
        "uri" | "url" | "iri" => "a URL",
        "uri-reference" | "iri-reference" => "a URL or a path",
        "uri-template" => "a URL template",
        "uuid" => "a UUID",
        other => return format!("Must be a valid {other}"),
    };
    format!("Must be {words}")
}

impl View<'_> {
    /// Whether a value is valid, with all that is in it.
    pub(crate) fn matches(&self, value: &Value) -> bool {
        self.check(value, MAX_DEPTH).is_none()
    }

    /// What is wrong with a value itself: with its keys and items only as far as their number goes.
    pub(crate) fn problem(&self, value: &Value) -> Option<Problem> {
        self.check(value, 0)
    }

    fn check(&self, value: &Value, depth: usize) -> Option<Problem> {
        if !self.schema().burn() {
            return None;
        }
        let types = self.types();
        let kind = value.kind();
        if !types.has(kind) {
            return Some(Problem::WrongType { wanted: types.list(), found: kind });
        }
        if self.shapes().any(|shape| shape.nothing) {
            return Some(Problem::NotAllowed);
        }
        if self.choices().is_some_and(|choices| !choices.contains(value)) {
            return Some(Problem::NotAChoice);
        }
        let own = match value {
            Value::Number(n) => self.check_number(n.value()),
            Value::Text(text) => self.check_text(text),
            Value::List(items) => self.check_list(items, depth),
            Value::Map(_) => self.check_map(value, depth),
            Value::Null | Value::Bool(_) => None,
        };
        own.or_else(|| if depth > 0 { self.check_combined(value, depth) } else { None })
    }

    fn check_number(&self, n: f64) -> Option<Problem> {
        if let Some((min, exclusive)) = self.minimum()
            && (n < min.value() || (exclusive && n == min.value()))
        {
            return Some(Problem::TooSmall(min, exclusive));
        }
        if let Some((max, exclusive)) = self.maximum()
            && (n > max.value() || (exclusive && n == max.value()))
        {
            return Some(Problem::TooLarge(max, exclusive));
        }
        let is_multiple = |m: &Number| ((n / m.value()) - (n / m.value()).round()).abs() <= 1e-9;
        self.shapes().filter_map(|shape| shape.multiple_of.clone()).find(|m| !is_multiple(m)).map(Problem::NotAMultiple)
    }

    fn check_text(&self, text: &str) -> Option<Problem> {
        let length = text.chars().count();
        for shape in self.shapes() {
            if let Some(min) = shape.min_length.filter(|min| length < *min) {
                return Some(Problem::TooShort(min, Unit::Characters));
            }
            if let Some(max) = shape.max_length.filter(|max| length > *max) {
                return Some(Problem::TooLong(max, Unit::Characters));
            }
        }
        for pattern in self.patterns() {
            if pattern.matches(text) == Some(false) {
                return Some(Problem::Pattern(pattern.text().clone()));
            }
        }
        let format = self.format()?;
        (!text.is_empty() && !has_format(text, &format)).then_some(Problem::Format(format))
    }

    fn check_list(&self, items: &[Value], depth: usize) -> Option<Problem> {
        for shape in self.shapes() {
            if let Some(min) = shape.min_items.filter(|min| items.len() < *min) {
                return Some(Problem::TooShort(min, Unit::Items));
            }
            if let Some(max) = shape.most_items().filter(|max| items.len() > *max) {
                return Some(Problem::TooLong(max, Unit::Items));
            }
            if shape.unique_items
                && items.len() <= MAX_UNIQUE
                && items.iter().enumerate().any(|(i, item)| items.iter().take(i).any(|other| other == item))
            {
                return Some(Problem::NotUnique);
            }
        }
        if depth == 0 {
            return None;
        }
        items.iter().enumerate().find_map(|(i, item)| self.item(i).check(item, depth - 1))
    }

    fn check_map(&self, value: &Value, depth: usize) -> Option<Problem> {
        let map = value.as_map()?;
        for shape in self.shapes() {
            if let Some(min) = shape.min_keys.filter(|min| map.len() < *min) {
                return Some(Problem::TooShort(min, Unit::Keys));
            }
            if let Some(max) = shape.max_keys.filter(|max| map.len() > *max) {
                return Some(Problem::TooLong(max, Unit::Keys));
            }
            if depth > 0
                && let Some(key) = shape.required.iter().find(|key| map.get(key).is_none())
            {
                return Some(Problem::MissingKey(key.clone()));
            }
            if shape.more == More::Nothing {
                let known = |key: &str| {
                    shape.properties.iter().any(|(name, _)| **name == *key)
                        || shape.patterns.iter().any(|(p, _)| p.matches(key) != Some(false))
                };
                // Helm hands these to every subchart, whatever its schema says.
                if let Some(key) = map.keys().find(|key| !known(key) && ***key != *"global") {
                    return Some(Problem::UnknownKey(key.clone()));
                }
            }
        }
        if depth == 0 {
            return None;
        }
        map.iter().find_map(|(key, value)| self.property(key).check(value, depth - 1))
    }

    /// `oneOf`, `anyOf`, `not` and `if`. That two branches of `oneOf` match is left to full validation.
    fn check_combined(&self, value: &Value, depth: usize) -> Option<Problem> {
        let view = |id| View::of(self.schema(), id);
        for shape in self.shapes() {
            let no_branch = |branches: &Vec<_>| branches.iter().all(|id| view(*id).check(value, depth - 1).is_some());
            if shape.choices_of.iter().any(no_branch) {
                return Some(Problem::NotAllowed);
            }
            if shape.not.is_some_and(|id| view(id).check(value, depth - 1).is_none()) {
                return Some(Problem::NotAllowed);
            }
            for condition in &shape.conditions {
                let holds = view(condition.when).check(value, depth - 1).is_none();
                let then = if holds { condition.then } else { condition.otherwise };
                if let Some(problem) = then.and_then(|id| view(id).check(value, depth - 1)) {
                    return Some(problem);
                }
            }
        }
        None
    }
}

/// Whether a text is a quantity of Kubernetes.
pub(crate) fn is_quantity(text: &str) -> bool {
    const SUFFIXES: [&str; 17] =
        ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "K"];
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let is_exponent = suffix
        .strip_prefix(['e', 'E'])
        .map(|e| e.strip_prefix(['+', '-']).unwrap_or(e))
        .is_some_and(|e| !e.is_empty() && e.bytes().all(|b| b.is_ascii_digit()));
    // Kubernetes does not know `K`; it is last in the list, so that it can be left out here.
    let is_suffix = SUFFIXES.iter().take(16).any(|known| *known == suffix);
    number.bytes().any(|b| b.is_ascii_digit())
        && number.bytes().filter(|b| *b == b'.').count() <= 1
        && (is_suffix || is_exponent)
}

/// Whether a text has a format; unknown formats are any.
fn has_format(text: &str, format: &str) -> bool {
    let dotted = |text: &str| text.split('.').all(is_label);
    match format {
        "email" | "idn-email" => {
            text.split_once('@').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty() && !b.contains('@'))
        }
        "hostname" => text.len() <= 253 && dotted(text.strip_suffix('.').unwrap_or(text)),
        "ipv4" => is_ipv4(text),
        "ipv6" => is_ipv6(text),
        "uri" | "url" | "iri" => text.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
                && !rest.is_empty()
                && !text.contains(char::is_whitespace)
        }),
        "uuid" => {
            let parts: Vec<_> = text.split('-').map(str::len).collect();
            parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
        }
        "date" => is_date(text),
        "date-time" => text.split_once(['T', 't']).is_some_and(|(date, time)| is_date(date) && time.len() >= 9),
        _ => true,
    }
}

fn is_ipv4(text: &str) -> bool {
    let is_byte = |part: &str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
        digits && part.len() <= 3 && part.parse::<u8>().is_ok()
    };
    text.split('.').count() == 4 && text.split('.').all(is_byte)
}

fn is_ipv6(text: &str) -> bool {
    let is_group = |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_hexdigit());
    // The last two groups may be an IPv4 address.
    let (text, tail) = match text.rsplit_once(':') {
        Some((head, last)) if last.contains('.') => match is_ipv4(last) {
            true => (if head.ends_with(':') { text.strip_suffix(last).unwrap_or(head) } else { head }, 2),
            false => return false,
        },
        _ => (text, 0),
    };
    let groups = |text: &str| {
        if text.is_empty() {
            return Some(0);
        }
        text.split(':').all(is_group).then(|| text.split(':').count())
    };
    match text.split_once("::") {
        Some((head, rest)) => groups(head).zip(groups(rest)).is_some_and(|(a, b)| a + b + tail <= 7),
        None => groups(text) == Some(8 - tail),
    }
}

fn is_label(label: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    label.len() <= 63
        && edge(label.chars().next())
        && edge(label.chars().next_back())
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn is_date(text: &str) -> bool {
    let digits = |s: Option<&str>, min: u32, max: u32| {
        s.filter(|s| s.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|s| s.parse().ok())
            .is_some_and(|n: u32| n >= min && n <= max)
    };
    let mut parts = text.splitn(3, '-');
    text.len() == 10 && digits(parts.next(), 0, 9999) && digits(parts.next(), 1, 12) && digits(parts.next(), 1, 31)
}

#[cfg(test)]
mod tests {
    use super::super::Schema;
    use super::*;

    #[test]
    fn quantities() {
        for text in ["1", "500m", "8Gi", "0.5", "1e3", "12E", "1k", ".5", "-1"] {
            assert!(is_quantity(text), "{text}");
        }
        for text in ["", "Gi", "8GB", "1 Gi", "a", "1.2.3", "1K", "500 m"] {
            assert!(!is_quantity(text), "{text}");
        }
    }

    #[test]
    fn problems() {
        for (schema, value, want) in [
            (r#"{"type": "string"}"#, "1", "Must be a string, not a whole number"),
            (r#"{"type": "integer"}"#, "1.5", "Must be a whole number"),
            (r#"{"type": "integer"}"#, "1e3", ""),
            (r#"{"type": ["string", "null"]}"#, "null", ""),
            (r#"{"enum": ["a", "b"]}"#, "c", "Must be one of the allowed values"),
            (r#"{"const": 1}"#, "1.0", ""),
            (r#"{"minimum": 1}"#, "0", "Must be at least 1"),
            (r#"{"minimum": 1, "exclusiveMinimum": true}"#, "1", "Must be more than 1"),
            (r#"{"exclusiveMaximum": 3}"#, "3", "Must be less than 3"),
            (r#"{"multipleOf": 0.1}"#, "0.3", ""),
            (r#"{"multipleOf": 2}"#, "3", "Must be a multiple of 2"),
            (r#"{"minLength": 2}"#, "a", "Must be at least 2 characters"),
            (r#"{"pattern": "^[a-z]+$"}"#, "A", "Must have only lower-case letters"),
            (r#"{"pattern": "(?=a)"}"#, "A", ""),
            (r#"{"format": "ipv4"}"#, "10.0.0.256", "Must be an IPv4 address"),
            (r#"{"format": "ipv6"}"#, "'fe80::1:10.0.0.1'", ""),
            (r#"{"format": "ipv6"}"#, "'::'", ""),
            (r#"{"format": "ipv6"}"#, "'1:2:3:4:5:6:7'", "Must be an IPv6 address"),
            (r#"{"format": "ipv6"}"#, "'1::2::3'", "Must be an IPv6 address"),
            (r#"{"format": "hostname"}"#, "shop.example.org", ""),
            (
                r##"{"allOf": [{"maxLength": 3}, {"$ref": "#/definitions/x"}], "definitions": {"x": {"pattern": "b"}}}"##,
                "aa",
                "Must match b",
            ),
            (r#"{"maxItems": 1}"#, "[1, 2]", "Must have at most 1 item"),
            (r#"{"uniqueItems": true}"#, "[1, 1.0]", "Must not have the same item twice"),
            (
                r#"{"additionalProperties": false, "properties": {"a": {}}}"#,
                "{b: 1}",
                "Must not have the key b, which is not known",
            ),
            (r#"false"#, "1", "Must not be set"),
            (r#"{"$ref": "https://example.org/x.json"}"#, "1", ""),
            (r##"{"$ref": "#"}"##, "1", ""),
        ] {
            let schema = Schema::read(schema).unwrap();
            let problem = schema.root().problem(&crate::parse(value).unwrap());
            assert_eq!(problem.map(|p| p.to_string()).unwrap_or_default(), want, "{value}");
        }
    }

    #[test]
    fn matches_look_into_values() {
        for (schema, value, want) in [
            (r#"{"required": ["a"]}"#, "{b: 1}", false),
            (r#"{"properties": {"a": {"type": "string"}}}"#, "{a: 1}", false),
            (r#"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#, "true", false),
            (r#"{"not": {"type": "string"}}"#, "a", false),
            (r#"{"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}}"#, "{a: 1}", false),
            (r#"{"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}}"#, "{a: 2}", true),
            (r#"{"dependentRequired": {"a": ["b"]}}"#, "{a: 1}", false),
            (r#"{"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#, "[a, 1]", true),
            (r#"{"items": [{"type": "string"}], "additionalItems": {"type": "integer"}}"#, "[a, b]", false),
            (r#"{"patternProperties": {"^x": {"type": "string"}}}"#, "{x1: 1}", false),
            (
                r##"{"anyOf": [{"$dynamicRef": "#n"}], "$defs": {"n": {"$dynamicAnchor": "n", "type": "null"}}}"##,
                "1",
                false,
            ),
        ] {
            let schema = Schema::read(schema).unwrap();
            assert_eq!(schema.root().matches(&crate::parse(value).unwrap()), want, "{schema:?} {value}");
        }
    }
}
