//! What may help, as data.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::FailureKind;

/// What may help after a failure or a problem.
///
/// The engine says what is missing and where it can come from. How the user of a host gives it is for the host to
/// say: a flag on the command line, a field of a form, a property of a request. `Display` is for hosts that have no
/// words of their own.
///
/// In JSON, advice that needs no host is a text. Everything else is an object with the `kind`, the fields of the
/// variant, and the neutral words as `text`:
///
/// ```
/// use contract::Hint;
/// let json = |hint: &Hint| serde_json::to_string(hint).unwrap();
/// assert_eq!(json(&Hint::text("write a version")), r#""write a version""#);
/// let hint = Hint::Source { kind: "GitRepository".into(), name: "charts".into() };
/// assert_eq!(
///     json(&hint),
///     r#"{"kind":"source","sourceKind":"GitRepository","name":"charts","text":"say where the GitRepository charts is"}"#
/// );
/// assert_eq!(serde_json::from_str::<Hint>(&json(&hint)).unwrap(), hint);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Hint {
    /// Advice that is the same in every host.
    Text(String),
    /// Another name was likely meant.
    DidYouMean(String),
    /// The place of a source of charts is needed.
    Source {
        /// The source's kind: `GitRepository`, `HelmRepository` …
        kind: String,
        /// Its name.
        name: String,
    },
    /// The URL of a source is needed, or its manifest (export to Flux).
    SourceUrl {
        /// The source's name.
        name: String,
    },
    /// A chart looks up a fact of the platform that is missing: provide the field, or the object that has it.
    PlatformFact {
        /// The field of [`crate::Platform`].
        field: String,
        /// The key in the object.
        key: String,
        /// The object: `ConfigMap icekube/idtconfigmap`.
        object: String,
    },
    /// A chart looks up an object that is missing: provide it.
    Object {
        /// `Kind namespace/name`; empty where that is not known.
        object: String,
    },
    /// A schema refers to a document that was not given: give it as a file under its URL.
    Document {
        /// The document's URL.
        url: String,
    },
    /// A limit of the render was exceeded: raise it, if the chart is to be trusted.
    RaiseLimit {
        /// The limit, as the kind of the failure has it: `limit/steps` …
        limit: FailureKind,
    },
    /// What was rendered is not YAML: look at it in [`crate::Failure::rendered`].
    Rendered,
    /// Services belong to profiles: choose them (import of compose files).
    Profiles,
    /// Give the module a name (import of compose files).
    ModuleName,
}

impl Hint {
    /// Advice that is the same in every host.
    pub fn text(text: impl Into<String>) -> Hint {
        Hint::Text(text.into())
    }

    /// The kind in JSON and the fields by their names; none for text.
    fn parts(&self) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
        Some(match self {
            Hint::Text(_) => return None,
            Hint::DidYouMean(name) => ("did-you-mean", vec![("name", name)]),
            Hint::Source { kind, name } => ("source", vec![("sourceKind", kind), ("name", name)]),
            Hint::SourceUrl { name } => ("source-url", vec![("name", name)]),
            Hint::PlatformFact { field, key, object } => {
                ("platform-fact", vec![("field", field), ("key", key), ("object", object)])
            }
            Hint::Object { object } => ("object", vec![("object", object)]),
            Hint::Document { url } => ("document", vec![("url", url)]),
            Hint::RaiseLimit { limit } => ("raise-limit", vec![("limit", limit.as_str())]),
            Hint::Rendered => ("rendered", vec![]),
            Hint::Profiles => ("profiles", vec![]),
            Hint::ModuleName => ("module-name", vec![]),
        })
    }
}

/// Neutral words: they name what is missing, and no flag, form or property of a host.
impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hint::Text(text) => f.write_str(text),
            Hint::DidYouMean(name) => write!(f, "did you mean {name}?"),
            Hint::Source { kind, name } => write!(f, "say where the {kind} {name} is"),
            Hint::SourceUrl { name } => write!(f, "give the URL of {name}, or add it to the repository yourself"),
            Hint::PlatformFact { field, key, object } => write!(
                f,
                "the chart looks up {key} in {object}, which is missing: provide the fact `{field}` of the platform, \
                 or the object"
            ),
            Hint::Object { object } if object.is_empty() => {
                f.write_str("this line looks up an object of the cluster: provide the object")
            }
            Hint::Object { object } => write!(f, "the chart looks up {object}, which is missing: provide it"),
            Hint::Document { url } => {
                write!(f, "the schema refers to {url}: give the document, or put it into the schema")
            }
            Hint::RaiseLimit { limit } => write!(f, "raise the limit ({limit}) if you trust the chart"),
            Hint::Rendered => f.write_str("look at the rendered files"),
            Hint::Profiles => f.write_str("choose the profiles that are needed"),
            Hint::ModuleName => f.write_str("give the module a name"),
        }
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Hint {
        Hint::Text(text)
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Hint {
        Hint::Text(text.to_owned())
    }
}

impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some((kind, fields)) = self.parts() else { return serializer.collect_str(self) };
        let mut map = serializer.serialize_map(Some(fields.len() + 2))?;
        map.serialize_entry("kind", kind)?;
        for (name, value) in fields {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("text", &self.to_string())?;
        map.end()
    }
}

/// What is read: a text, or the fields of all variants.
#[derive(Deserialize)]
#[serde(untagged)]
enum Read {
    Text(String),
    Data(Data),
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    kind: String,
    text: String,
    name: String,
    source_kind: String,
    field: String,
    key: String,
    object: String,
    limit: String,
}

/// A kind that is not known (from a newer engine) is read as its neutral text.
impl<'de> Deserialize<'de> for Hint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hint, D::Error> {
        let data = match Read::deserialize(deserializer)? {
            Read::Text(text) => return Ok(Hint::Text(text)),
            Read::Data(data) => data,
        };
        let Data { kind, text, name, source_kind, field, key, object, limit } = data;
        Ok(match kind.as_str() {
            "did-you-mean" => Hint::DidYouMean(name),
            "source" => Hint::Source { kind: source_kind, name },
            "source-url" => Hint::SourceUrl { name },
            "platform-fact" => Hint::PlatformFact { field, key, object },
            "object" => Hint::Object { object },
            "raise-limit" => Hint::RaiseLimit { limit: FailureKind::from_word(&limit).unwrap_or(FailureKind::Limit) },
            "rendered" => Hint::Rendered,
            "profiles" => Hint::Profiles,
            "module-name" => Hint::ModuleName,
            _ => Hint::Text(text),
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Hint {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hint".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let text = |about: &str| serde_json::json!({"type": "string", "description": about});
        schemars::json_schema!({
            "description": "What may help: advice as a text, or data that a host words for its users.",
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "required": ["kind", "text"],
                    "properties": {
                        "kind": {
                            "type": "string",
                            "examples": [
                                "did-you-mean", "source", "source-url", "platform-fact", "object", "raise-limit",
                                "rendered", "profiles", "module-name",
                            ],
                        },
                        "text": text("neutral words, for hosts that have none of their own"),
                        "name": text("the name that was meant, or that of a source"),
                        "sourceKind": text("the kind of a source"),
                        "field": text("the field of the platform's facts"),
                        "key": text("the key that was looked up"),
                        "object": text("`Kind namespace/name`"),
                        "limit": text("the kind of failure of a limit"),
                    },
                },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_read_as_they_are_written() {
        for hint in [
            Hint::text("advice"),
            Hint::DidYouMean("a".into()),
            Hint::Source { kind: "Bucket".into(), name: "a".into() },
            Hint::SourceUrl { name: "a".into() },
            Hint::PlatformFact { field: "a".into(), key: "b".into(), object: "c".into() },
            Hint::Object { object: "a".into() },
            Hint::RaiseLimit { limit: FailureKind::LimitDepth },
            Hint::Rendered,
            Hint::Profiles,
            Hint::ModuleName,
        ] {
            let json = serde_json::to_string(&hint).unwrap();
            assert_eq!(serde_json::from_str::<Hint>(&json).unwrap(), hint, "{json}");
            assert!(!hint.to_string().contains("--"), "{hint}: flags are the host's words");
        }
        let newer = r#"{"kind": "of-a-newer-engine", "text": "do this", "more": "fields"}"#;
        assert_eq!(serde_json::from_str::<Hint>(newer).unwrap(), Hint::text("do this"));
    }
}
