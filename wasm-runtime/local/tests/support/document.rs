//! Answers against the OpenAPI document.

use gojsonschema::Schema;
use serde_json::{Value, json};

use super::Answer;

/// The document, and what it says of answers.
pub(crate) struct Document(pub(crate) Value);

impl Document {
    pub(crate) fn new() -> Document {
        Document(chartwright_api::openapi())
    }

    /// All operations: method, path and what they are.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
        })
    }

    /// Compares an answer with what is documented of its operation; the operation's name.
    pub(crate) fn compare(&self, method: &str, path: &str, answer: &Answer) -> Option<String> {
        let path = path.split('?').next().unwrap_or_default();
        let found = self.operations().find(|(m, template, _)| m.eq_ignore_ascii_case(method) && fits(template, path));
        let (_, _, operation) = found?;
        let name = operation["operationId"].as_str().unwrap_or_default();
        let status = answer.status.to_string();
        let documented = &operation["responses"][&status];
        assert!(documented.is_object(), "{name}: {status} is not documented: {}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store", "{name} {status}");
        for header in documented["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
            assert!(!answer.header(&header.to_lowercase()).is_empty(), "{name}: {status} has no {header}");
        }
        let kind = answer.header("content-type");
        let content = documented["content"].as_object();
        let of_kind = content.and_then(|content| content.get_key_value(kind));
        match of_kind.or_else(|| content.and_then(|content| content.iter().next())) {
            None => assert_eq!(answer.body, "", "{name} {status}"),
            Some((wanted, _)) if wanted == "text/event-stream" => assert_eq!(kind, wanted),
            Some((wanted, content)) => {
                assert_eq!(kind, wanted, "{name} {status}");
                self.validate(name, &content["schema"], &answer.body);
            }
        }
        Some(name.to_owned())
    }

    fn validate(&self, name: &str, schema: &Value, body: &str) {
        let mut schema = schema.clone();
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        schema["components"] = json!({"schemas": self.0["components"]["schemas"]});
        let schema = Schema::compile(schema.to_string().as_bytes()).expect("a schema");
        let value = goyaml::json::from_json(body.as_bytes()).expect("JSON");
        if let Err(error) = schema.validate(&value) {
            panic!("{name}: {error}\n{body}");
        }
    }
}

/// Whether a path is of a template.
fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given || (part.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}
