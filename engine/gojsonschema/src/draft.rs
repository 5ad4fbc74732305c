//! The versions of JSON Schema: where they keep subschemas, and how they name themselves.

use std::sync::Arc;

use crate::Schema;
use crate::json::{Json, Object};

/// A version of JSON Schema, by the number in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft {
    V4 = 4,
    V6 = 6,
    V7 = 7,
    V2019 = 2019,
    V2020 = 2020,
}

/// What is below a keyword that holds subschemas.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Below {
    /// The subschema itself.
    One,
    /// A subschema for each property.
    Properties,
    /// A subschema for each item.
    Items,
    /// A subschema, or one for each item.
    OneOrItems,
}

impl Draft {
    /// The draft of a `$schema`, if it is one of ours.
    pub(crate) fn from_url(url: &str) -> Option<Draft> {
        let url = url.strip_suffix('#').unwrap_or(url);
        let url = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or(url);
        Some(match url {
            "json-schema.org/schema" | "json-schema.org/draft/2020-12/schema" => Draft::V2020,
            "json-schema.org/draft/2019-09/schema" => Draft::V2019,
            "json-schema.org/draft-07/schema" => Draft::V7,
            "json-schema.org/draft-06/schema" => Draft::V6,
            "json-schema.org/draft-04/schema" => Draft::V4,
            _ => return None,
        })
    }

    /// What is below a keyword, if it holds subschemas.
    pub(crate) fn below(self, keyword: &[u8]) -> Option<Below> {
        let (since, below) = match keyword {
            b"not" | b"additionalProperties" | b"additionalItems" => (Draft::V4, Below::One),
            b"definitions" | b"properties" | b"patternProperties" | b"dependencies" => (Draft::V4, Below::Properties),
            b"allOf" | b"anyOf" | b"oneOf" => (Draft::V4, Below::Items),
            b"items" => (Draft::V4, Below::OneOrItems),
            b"propertyNames" | b"contains" => (Draft::V6, Below::One),
            b"if" | b"then" | b"else" => (Draft::V7, Below::One),
            b"$defs" | b"dependentSchemas" => (Draft::V2019, Below::Properties),
            b"unevaluatedProperties" | b"unevaluatedItems" | b"contentSchema" => (Draft::V2019, Below::One),
            b"prefixItems" => (Draft::V2020, Below::Items),
            _ => return None,
        };
        (since <= self).then_some(below)
    }

    /// The keyword for a schema's id.
    pub(crate) fn id_keyword(self) -> &'static str {
        if self == Draft::V4 { "id" } else { "$id" }
    }

    /// A schema's id without its fragment; empty if it has none.
    pub(crate) fn id(self, schema: &Object) -> &str {
        if self < Draft::V2019 && schema.get("$ref").is_some() {
            // All other keywords beside a `$ref` are ignored.
            return "";
        }
        let id = schema.get(self.id_keyword()).and_then(Json::as_str).unwrap_or_default();
        id.split('#').next().unwrap_or_default()
    }

    /// Where its vocabularies are; empty if it knows none.
    pub(crate) fn vocabulary_prefix(self) -> &'static str {
        match self {
            Draft::V2019 => "https://json-schema.org/draft/2019-09/vocab/",
            Draft::V2020 => "https://json-schema.org/draft/2020-12/vocab/",
            _ => "",
        }
    }

    /// The names of its vocabularies.
    pub(crate) fn vocabularies(self) -> &'static [&'static str] {
        match self {
            Draft::V2019 => &["core", "applicator", "validation", "meta-data", "format", "content"],
            Draft::V2020 => &[
                "core",
                "applicator",
                "unevaluated",
                "validation",
                "meta-data",
                "format-annotation",
                "format-assertion",
                "content",
            ],
            _ => &[],
        }
    }
}

/// A draft, and the vocabularies that a metaschema switches on; without one, those that are so by default.
#[derive(Clone, Debug)]
pub(crate) struct Dialect {
    pub(crate) draft: Draft,
    pub(crate) vocabularies: Option<Vec<String>>,
    /// What schemas with such a choice must meet.
    pub(crate) metaschema: Option<Arc<Schema>>,
}

impl Dialect {
    pub(crate) fn has_vocabulary(&self, name: &str) -> bool {
        if name == "core" || self.draft < Draft::V2019 {
            return true;
        }
        match &self.vocabularies {
            Some(names) => names.iter().any(|n| n == name),
            None => matches!(name, "applicator" | "validation") || name == "unevaluated" && self.draft == Draft::V2020,
        }
    }
}
