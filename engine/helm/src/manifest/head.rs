//! What a manifest says that it is.

use govalue::{Map, Str, Value};
use goyaml::yaml::{Wanted, YamlError, from_yaml_part};

/// The part of a manifest by which it is sorted (`SimpleHead`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`
    pub api_version: Str,
    /// `kind`
    pub kind: Str,
    /// `metadata.name`
    pub name: Str,
    /// `metadata.namespace`
    pub namespace: Str,
    /// `metadata.annotations`
    pub annotations: Vec<(Str, Str)>,
}

/// The keys that are read.
const WANTED: &[Wanted] = &[
    Wanted::all("apiVersion"),
    Wanted::all("kind"),
    Wanted::some("metadata", &[Wanted::all("name"), Wanted::all("namespace"), Wanted::all("annotations")]),
];

/// How Go prints the type of `SimpleHead.Metadata`.
const METADATA_TYPE: &str =
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

impl Head {
    /// Reads the head of a document.
    ///
    /// # Errors
    /// If the document is not YAML, or the head has other types than Helm
    /// reads it into; in the words of `yaml.Unmarshal`.
    pub fn parse(document: &[u8]) -> Result<Head, YamlError> {
        let mut reader = Reader::default();
        match from_yaml_part(document, WANTED)? {
            Value::Nil => {}
            Value::Map(top) => reader.top(&top),
            other => reader.fail(&other, "Go value of type util.SimpleHead"),
        }
        match reader.error {
            Some(error) => Err(YamlError::new(format!("error unmarshaling JSON: while decoding JSON: {error}"))),
            None => Ok(reader.head),
        }
    }

    /// The value of an annotation.
    pub fn annotation(&self, name: &str) -> Option<&Str> {
        self.annotations.iter().find(|(k, _)| *k == name).map(|(_, v)| v)
    }
}

/// `encoding/json` into a `SimpleHead`: keys match whatever their case, the
/// first error is kept, the rest goes on.
#[derive(Default)]
struct Reader {
    head: Head,
    error: Option<String>,
}

impl Reader {
    fn top(&mut self, top: &Map) {
        for (key, value) in top.borrow().iter() {
            if key.eq_ignore_ascii_case(b"apiVersion") {
                self.head.api_version = self.string(value, "SimpleHead.apiVersion").unwrap_or_default();
            } else if key.eq_ignore_ascii_case(b"kind") {
                self.head.kind = self.string(value, "SimpleHead.kind").unwrap_or_default();
            } else if key.eq_ignore_ascii_case(b"metadata") {
                match value {
                    Value::Nil => {}
                    Value::Map(metadata) => self.metadata(metadata),
                    other => self.fail(other, &format!("Go struct field SimpleHead.metadata of type {METADATA_TYPE}")),
                }
            }
        }
    }

    fn metadata(&mut self, metadata: &Map) {
        for (key, value) in metadata.borrow().iter() {
            if key.eq_ignore_ascii_case(b"name") {
                self.head.name = self.string(value, ".metadata.name").unwrap_or_default();
            } else if *key == "namespace" {
                self.head.namespace = text(value).unwrap_or_default();
            } else if key.eq_ignore_ascii_case(b"annotations") {
                match value {
                    Value::Nil => {}
                    Value::Map(annotations) => {
                        for (name, value) in annotations.borrow().iter() {
                            let value = self.string(value, ".metadata.annotations").unwrap_or_default();
                            self.head.annotations.push((name.clone(), value));
                        }
                    }
                    other => self.fail(other, "Go struct field .metadata.annotations of type map[string]string"),
                }
            }
        }
    }

    /// A string field; the YAML library turns numbers and booleans into strings for it.
    fn string(&mut self, value: &Value, field: &str) -> Option<Str> {
        let found = text(value);
        if found.is_none() {
            self.fail(value, &format!("Go struct field {field} of type string"));
        }
        found
    }

    #[cold]
    fn fail(&mut self, value: &Value, target: &str) {
        let what = match value {
            Value::Map(_) => "object",
            Value::List(_) => "array",
            Value::Bool(_) => "bool",
            Value::Str(_) => "string",
            _ => "number",
        };
        self.error.get_or_insert_with(|| format!("json: cannot unmarshal {what} into {target}"));
    }
}

/// A scalar as a string; `None` for maps and lists.
fn text(value: &Value) -> Option<Str> {
    Some(match value {
        Value::Nil => Str::EMPTY,
        Value::Str(s) => s.clone(),
        Value::Bool(b) => Str::from(if *b { "true" } else { "false" }),
        Value::Int(n) => Str::from(n.to_string()),
        Value::Num(n) => Str::from(n.as_u64().to_string()),
        Value::Float(f) => Str::from(govalue::strconv::format_float(*f, b'g', -1, 64)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_helm_reads_it() {
        let head = Head::parse(b"Kind: 5\nmetadata: {name: true, annotations: {a: 1e7, b: ~, c: 10000000}}").unwrap();
        assert_eq!(head.kind, "5");
        assert_eq!(head.name, "true");
        assert_eq!(head.annotation("a").unwrap(), "1e+07");
        assert_eq!(head.annotation("c").unwrap(), "10000000");
        assert_eq!(head.annotation("b").unwrap(), "");
        assert_eq!(Head::parse(b"# nothing\n"), Ok(Head::default()));
    }

    #[test]
    fn wrong_types_have_go_messages() {
        let cases = [
            ("text", "cannot unmarshal string into Go value of type util.SimpleHead"),
            ("- 1", "cannot unmarshal array into Go value of type util.SimpleHead"),
            ("kind: []", "cannot unmarshal array into Go struct field SimpleHead.kind of type string"),
            (
                "metadata: {annotations: {a: {}}, name: []}",
                "cannot unmarshal object into Go struct field .metadata.annotations of type string",
            ),
        ];
        for (text, want) in cases {
            let got = Head::parse(text.as_bytes()).unwrap_err().to_string();
            assert_eq!(got, format!("error unmarshaling JSON: while decoding JSON: json: {want}"), "{text}");
        }
    }
}
