//! Schemas that meet their metaschema for sure: found out in one pass, without the metaschema.
//!
//! A metaschema asks of each keyword by itself, and nearly all schemas are fine. This asks at least as much as any
//! metaschema from draft 6 on; what does not pass is for the metaschema to judge, and to put into words.

use govalue::Str;

use crate::draft::Draft;
use crate::equal::duplicates;
use crate::format::Format;
use crate::json::{Json, Number};

/// What a keyword has to be.
enum Shape {
    Anything,
    Bool,
    Text,
    /// A text of that format.
    Formatted(&'static str),
    Number,
    /// An integer without sign.
    Count,
    List,
    /// Different texts.
    Names,
    Schema,
    Schemas,
    SchemaOrSchemas,
    /// A schema by each name.
    Table,
    /// A schema by each regular expression.
    Patterns,
    /// Names by each name.
    NamesTable,
    /// A schema or names by each name.
    Dependencies,
    Types,
    Enumeration,
    Positive,
    /// A URL without fragment.
    Id,
    /// The URL of a draft.
    Dialect,
    /// Left to the metaschema.
    Unsure,
}

fn shape(keyword: &[u8]) -> Shape {
    match keyword {
        b"default" | b"const" => Shape::Anything,
        b"uniqueItems" | b"readOnly" | b"writeOnly" | b"deprecated" => Shape::Bool,
        b"title" | b"description" | b"$comment" | b"format" | b"contentMediaType" | b"contentEncoding" => Shape::Text,
        b"pattern" => Shape::Formatted("regex"),
        b"$ref" => Shape::Formatted("uri-reference"),
        b"minimum" | b"maximum" | b"exclusiveMinimum" | b"exclusiveMaximum" => Shape::Number,
        b"multipleOf" => Shape::Positive,
        b"minLength" | b"maxLength" | b"minItems" | b"maxItems" | b"minProperties" | b"maxProperties"
        | b"minContains" | b"maxContains" => Shape::Count,
        b"examples" => Shape::List,
        b"required" => Shape::Names,
        b"not"
        | b"if"
        | b"then"
        | b"else"
        | b"contains"
        | b"propertyNames"
        | b"additionalProperties"
        | b"additionalItems"
        | b"unevaluatedProperties"
        | b"unevaluatedItems"
        | b"contentSchema" => Shape::Schema,
        b"allOf" | b"anyOf" | b"oneOf" | b"prefixItems" => Shape::Schemas,
        b"items" => Shape::SchemaOrSchemas,
        b"properties" | b"definitions" | b"$defs" | b"dependentSchemas" => Shape::Table,
        b"patternProperties" => Shape::Patterns,
        b"dependentRequired" => Shape::NamesTable,
        b"dependencies" => Shape::Dependencies,
        b"type" => Shape::Types,
        b"enum" => Shape::Enumeration,
        b"$id" => Shape::Id,
        b"$schema" => Shape::Dialect,
        _ if keyword.starts_with(b"$") || keyword == b"id" => Shape::Unsure,
        // Metaschemas say nothing of other keywords.
        _ => Shape::Anything,
    }
}

/// Whether a schema meets the metaschema of its draft; `false` means that it may not.
pub(crate) fn is_plain(schema: &Json, draft: Draft) -> bool {
    match schema {
        Json::Bool(_) => draft >= Draft::V6,
        Json::Object(object) => {
            draft >= Draft::V6 && object.entries().iter().all(|(keyword, value)| fits(keyword, value, draft))
        }
        _ => false,
    }
}

fn fits(keyword: &Str, value: &Json, draft: Draft) -> bool {
    let schema = |value: &Json| is_plain(value, draft);
    let schemas = |value: &Json| value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(schema));
    match shape(keyword) {
        Shape::Anything => true,
        Shape::Unsure => false,
        Shape::Bool => matches!(value, Json::Bool(_)),
        Shape::Text => matches!(value, Json::String(_)),
        Shape::Formatted(format) => matches!(value, Json::String(text) if is_of(format, text)),
        Shape::Number => matches!(value, Json::Number(_)),
        Shape::Count => matches!(value, Json::Number(Number::Text(n)) if n.bytes().all(|b| b.is_ascii_digit())),
        Shape::Positive => {
            matches!(value, Json::Number(Number::Text(n)) if n.parse::<f64>().is_ok_and(|n| n > 0.0 && n.is_finite()))
        }
        Shape::List => matches!(value, Json::Array(_)),
        Shape::Names => names(value),
        Shape::Schema => schema(value),
        Shape::Schemas => schemas(value),
        Shape::SchemaOrSchemas => schema(value) || draft < Draft::V2020 && schemas(value),
        Shape::Table => table(value, &mut |_, value| schema(value)),
        Shape::Patterns => table(value, &mut |name, value| is_of("regex", name) && schema(value)),
        Shape::NamesTable => table(value, &mut |_, value| names(value)),
        Shape::Dependencies => table(value, &mut |_, value| schema(value) || names(value)),
        Shape::Types => match value {
            Json::Array(list) => !list.is_empty() && names(value) && list.iter().all(is_type),
            one => is_type(one),
        },
        Shape::Enumeration => value.as_array().is_some_and(|list| !list.is_empty() && differ(list)),
        Shape::Id => matches!(value, Json::String(id) if !id.contains(&b'#') && is_of("uri-reference", id)),
        Shape::Dialect => value.as_str().is_some_and(|url| Draft::from_url(url).is_some()),
    }
}

fn table(value: &Json, each: &mut dyn FnMut(&Str, &Json) -> bool) -> bool {
    value.as_object().is_some_and(|table| table.entries().iter().all(|(name, value)| each(name, value)))
}

fn names(value: &Json) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(|name| matches!(name, Json::String(_))) && differ(list))
}

fn differ(list: &[Json]) -> bool {
    matches!(duplicates(list, &mut |_| true), Ok(None))
}

fn is_type(value: &Json) -> bool {
    const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];
    value.as_str().is_some_and(|name| TYPES.contains(&name))
}

fn is_of(format: &str, text: &[u8]) -> bool {
    Format::named(format).is_some_and(|format| (format.check)(text).is_ok())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::draft::Dialect;

    const DRAFTS: [Draft; 5] = [Draft::V4, Draft::V6, Draft::V7, Draft::V2019, Draft::V2020];

    fn parse(text: &str) -> Json {
        Json::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn meets(schema: &Json, draft: Draft) -> bool {
        Dialect::new(draft).metaschema().validate_json(schema, None) == Ok(None)
    }

    /// A value of each kind, and some that are nearly right.
    pub(crate) const VALUES: &[&str] = &[
        "null",
        "true",
        "0",
        "1",
        "-1",
        "1.0",
        "1.5",
        "1e2",
        "0.0",
        "1e-999",
        "1e9999999",
        r#""""#,
        r#""a""#,
        r#""(""#,
        r#""[a-z]+""#,
        r#""string""#,
        r#""a b%""#,
        r##""#/x""##,
        r#""http://json-schema.org/draft-07/schema#""#,
        "[]",
        "[1]",
        "[1, 1.0]",
        r#"["a", "a"]"#,
        r#"["a", "b"]"#,
        r#"["string", "null"]"#,
        r#"["string", "string"]"#,
        "[true]",
        "[{}, false]",
        "[null]",
        r#"[{"type": 1}]"#,
        "{}",
        r#"{"a": true}"#,
        r#"{"a": 1}"#,
        r#"{"a": ["x"]}"#,
        r#"{"a": ["x", "x"]}"#,
        r#"{"(": {}}"#,
        r#"{"a": {"minLength": -1}}"#,
        r#"{"minLength": -1}"#,
        r#"{"enum": []}"#,
        r#"{"if": {"items": [{}]}}"#,
    ];

    pub(crate) const KEYWORDS: &[&str] = &[
        "default",
        "const",
        "uniqueItems",
        "readOnly",
        "writeOnly",
        "deprecated",
        "title",
        "description",
        "$comment",
        "format",
        "contentMediaType",
        "contentEncoding",
        "pattern",
        "$ref",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "minContains",
        "maxContains",
        "examples",
        "required",
        "not",
        "if",
        "then",
        "else",
        "contains",
        "propertyNames",
        "additionalProperties",
        "additionalItems",
        "unevaluatedProperties",
        "unevaluatedItems",
        "contentSchema",
        "allOf",
        "anyOf",
        "oneOf",
        "prefixItems",
        "items",
        "properties",
        "definitions",
        "$defs",
        "dependentSchemas",
        "patternProperties",
        "dependentRequired",
        "dependencies",
        "type",
        "enum",
        "$id",
        "id",
        "$schema",
        "$anchor",
        "$dynamicAnchor",
        "$dynamicRef",
        "$recursiveRef",
        "$recursiveAnchor",
        "$vocabulary",
        "x-other",
    ];

    #[test]
    fn metaschemas_agree() {
        let mut plain = 0;
        for draft in DRAFTS {
            for keyword in KEYWORDS {
                for value in VALUES {
                    for text in [
                        format!(r#"{{"{keyword}": {value}}}"#),
                        format!(r#"{{"properties": {{"a": {{"items": {{"{keyword}": {value}}}}}}}}}"#),
                    ] {
                        let schema = parse(&text);
                        if is_plain(&schema, draft) {
                            plain += 1;
                            assert!(meets(&schema, draft), "{draft:?} {text}");
                        }
                    }
                }
            }
        }
        assert!(plain > 2000, "{plain}");
    }

    #[test]
    fn usual_schemas_are_plain() {
        let text = r##"{
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "https://example.org/values.json",
            "title": "Values", "type": "object", "additionalProperties": false, "required": ["image"],
            "properties": {
                "image": {"$ref": "#/$defs/image", "description": "The image"},
                "port": {"type": ["integer", "null"], "minimum": 1, "maximum": 65535, "default": 80},
                "env": {"type": "array", "items": {"type": "object", "required": ["name"]}, "maxItems": 100},
                "kind": {"enum": ["a", "b", null]},
                "host": {"anyOf": [{"pattern": "^[a-z]+$"}, {"const": ""}], "not": {"maxLength": 0}}
            },
            "patternProperties": {"^x-": true},
            "$defs": {"image": {"type": "object", "multipleOf": 0.5, "examples": [{}]}}
        }"##;
        for draft in &DRAFTS[1..] {
            assert!(is_plain(&parse(text), *draft), "{draft:?}");
            assert!(meets(&parse(text), *draft), "{draft:?}");
        }
        assert!(!is_plain(&parse(text), Draft::V4));
    }
}
