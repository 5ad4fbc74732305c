//! The OpenAPI document: the routes of [`crate::handlers`], the types of [`crate::types`], and the contract's schema.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::schema::{Array, Ref, Schema};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, RefOr};

use crate::problem::{Code, PROBLEM_JSON, ProblemDocument};
use crate::progress::Step;
use crate::{handlers, types};

/// The document, as it is served.
pub(crate) static DOCUMENT: LazyLock<String> = LazyLock::new(|| openapi().to_string());

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Chartwright",
        description = "Descriptors, what they deploy, and what would change. Everything that is refused is a problem \
                       document (RFC 9457) with a code. Field names that are not known are refused.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        handlers::capabilities, handlers::list, handlers::create, handlers::read, handlers::replace, handlers::delete,
        handlers::history, handlers::revision, handlers::rollback, handlers::check, handlers::expand, handlers::preview,
        handlers::preview_stored, handlers::difference, handlers::base_charts, handlers::events, handlers::sources,
        handlers::source, handlers::put_source, handlers::delete_source, handlers::releases,
        handlers::release,
        handlers::operate, handlers::drift, handlers::release_history, handlers::rollback_release,
    ),
    components(schemas(ProblemDocument, Step, types::Event, types::Operation)),
    tags(
        (name = "server", description = "What the server can do, and what happens there."),
        (name = "descriptors", description = "The stored descriptors."),
        (name = "history", description = "Their versions."),
        (name = "engine", description = "Checks, charts, renders."),
        (name = "sources", description = "Where base charts come from."),
        (name = "releases", description = "What is deployed; where nothing deploys, these answer 501."),
    ),
)]
struct Document;

/// What may go wrong in every operation: there is no document for the paths that are no operation.
const ALWAYS: [Code; 3] = [Code::Unauthorized, Code::CrossSite, Code::Rate];
/// In those with a body.
const BODY: [Code; 4] = [Code::Input, Code::Slow, Code::TooLarge, Code::MediaType];
/// In those that compute.
const ENGINE: [Code; 3] = [Code::Engine, Code::Busy, Code::Internal];

/// What else may go wrong, by operation.
fn problems_of(operation: &str) -> Vec<Code> {
    let mut codes = ALWAYS.to_vec();
    match operation {
        "capabilities" => {}
        "listDescriptors" => codes.extend([Code::Input, Code::Name, Code::Internal]),
        "createDescriptor" => {
            codes.extend(BODY);
            codes.extend([Code::Exists, Code::Descriptor, Code::Store, Code::Busy, Code::Internal]);
        }
        "readDescriptor" | "listHistory" => {
            codes.extend([Code::Input, Code::Name, Code::NotFound, Code::Internal]);
        }
        "readRevision" => {
            codes.extend([Code::Input, Code::Name, Code::NotFound, Code::Descriptor, Code::Internal]);
        }
        "replaceDescriptor" => {
            codes.extend(BODY);
            codes.extend([Code::Name, Code::NotFound, Code::Changed, Code::Descriptor, Code::Precondition]);
            codes.extend([Code::Store, Code::Busy, Code::Internal]);
        }
        "deleteDescriptor" => {
            codes.extend([Code::Input, Code::Name, Code::NotFound, Code::Changed, Code::Store, Code::Internal]);
        }
        "rollback" => {
            codes.extend(BODY);
            codes.extend([Code::Name, Code::NotFound, Code::Changed, Code::Descriptor, Code::Store, Code::Internal]);
        }
        "check" | "expand" => {
            codes.extend(BODY);
            codes.extend(ENGINE);
        }
        "preview" => {
            codes.extend(BODY);
            codes.extend(ENGINE);
            codes.push(Code::Secrets);
        }
        "previewStored" | "difference" => {
            codes.extend(BODY);
            codes.extend(ENGINE);
            codes.extend([Code::Secrets, Code::Name, Code::NotFound]);
        }
        "listCharts" => codes.push(Code::Internal),
        "listSources" => codes.extend([Code::Input, Code::Name, Code::Internal]),
        "readSource" => codes.extend([Code::Input, Code::Name, Code::NotFound, Code::Internal]),
        "replaceSource" => {
            codes.extend(BODY);
            codes.extend([Code::Name, Code::NotFound, Code::Changed, Code::Precondition, Code::Store, Code::Internal]);
            codes.push(Code::Busy);
        }
        "deleteSource" => {
            codes.extend([Code::Input, Code::Name, Code::NotFound, Code::Changed, Code::Store, Code::Internal]);
            codes.push(Code::Busy);
        }
        "events" => codes.extend([Code::Input, Code::Name, Code::Busy]),
        "listReleases" => codes.extend([Code::Unsupported, Code::Repository, Code::Internal]),
        "readRelease" | "listReleaseHistory" => {
            codes.extend([
                Code::Input,
                Code::Name,
                Code::NotFound,
                Code::Unsupported,
                Code::Repository,
                Code::Internal,
            ]);
        }
        "drift" => {
            codes.extend(ENGINE);
            codes.extend([Code::Input, Code::Name, Code::NotFound, Code::Unsupported, Code::Repository]);
        }
        "operate" => {
            codes.extend(ENGINE);
            codes.extend([
                Code::Input,
                Code::Name,
                Code::NotFound,
                Code::Unsupported,
                Code::Repository,
                Code::Conflict,
            ]);
        }
        "rollbackRelease" => {
            codes.extend(BODY);
            codes.extend([Code::Name, Code::NotFound, Code::Unsupported, Code::Repository, Code::Conflict]);
            codes.extend([Code::Busy, Code::Internal]);
        }
        _ => {}
    }
    if [
        "listDescriptors",
        "readDescriptor",
        "listHistory",
        "readRevision",
        "deleteDescriptor",
        "rollback",
        "listSources",
        "readSource",
    ]
    .contains(&operation)
    {
        // Another program has the store.
        codes.push(Code::Busy);
    }
    if is_write(operation) {
        codes.push(Code::Forbidden);
    }
    codes
}

/// The OpenAPI document, version 3.1.
pub fn openapi() -> Value {
    let mut document = Document::openapi();
    document.info.version = crate::VERSION.to_owned();
    let bearer = SecurityScheme::Http(
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("Not needed on loopback.")).build(),
    );
    document.components.get_or_insert_with(Components::new).add_security_scheme("bearer", bearer);
    let mut document = serde_json::to_value(&document).expect("a document is always JSON");
    // Both: with a token, and without.
    document["security"] = json!([{}, {"bearer": []}]);
    document["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema".into();
    add_contract(&mut document["components"]["schemas"]);
    if let Some(paths) = document["paths"].as_object_mut() {
        for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
            add_problems(operation);
            if let Some(body) = operation.get_mut("requestBody") {
                body["required"] = true.into();
            }
            if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
                parameters.iter_mut().for_each(add_form);
            }
        }
    }
    document
}

/// Whether an operation changes something.
fn is_write(operation: &str) -> bool {
    ["create", "replace", "delete", "rollback", "operate"].iter().any(|verb| operation.starts_with(verb))
}

/// The operations that a server can carry out, by their names.
pub(crate) fn operations(deploys: bool, read_only: bool) -> Vec<String> {
    static ALL: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        let document = openapi();
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.filter_map(|(_, methods)| methods.as_object()).flat_map(Map::values);
        let name = |operation: &Value| Some(operation["operationId"].as_str()?.to_owned());
        operations.filter_map(|operation| Some((name(operation)?, operation["tags"][0].as_str()?.to_owned()))).collect()
    });
    let can = |name: &str, tag: &str| (deploys || tag != "releases") && (!read_only || !is_write(name));
    ALL.iter().filter(|(name, tag)| can(name, tag)).map(|(name, _)| name.clone()).collect()
}

/// The contract's types among the schemas, and those that are made of them.
fn add_contract(schemas: &mut Value) {
    let contract: Value = serde_json::from_str(contract::SCHEMA).expect("the contract's schema is JSON");
    let Some(definitions) = contract["$defs"].as_object() else { return };
    for (name, schema) in definitions {
        // Answers are the plugin's; the API has statuses and problem documents.
        if name.starts_with("Answer") {
            continue;
        }
        let mut schema = schema.clone();
        move_references(&mut schema);
        schemas[name] = schema;
    }
    for input in ["CheckInput", "ExpandInput", "RenderInput"] {
        schemas[input]["properties"]["apiVersion"]["const"] = contract::API_VERSION.into();
    }
    let mut stored = schemas["RenderInput"].clone();
    stored["description"] = "What a preview of a stored descriptor takes.".into();
    drop_field(&mut stored, "subject");
    if let Some(required) = stored["required"].as_array_mut() {
        required.retain(|field| field != "apiVersion");
    }
    let mut difference = stored.clone();
    difference["description"] = "What a comparison with a stored descriptor takes.".into();
    difference["properties"]["descriptor"] = json!({"$ref": "#/components/schemas/TextFile"});
    difference["required"] = json!(["descriptor"]);
    schemas["StoredRenderInput"] = stored;
    schemas["DifferenceInput"] = difference;
}

/// What names, places in lists and conditions look like.
fn add_form(parameter: &mut Value) {
    let label = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    // A header that is not sent is no `null`.
    if parameter["in"] == "header" {
        parameter["schema"]["type"] = "string".into();
    }
    let (pattern, longest) = match (parameter["in"].as_str(), parameter["name"].as_str()) {
        (Some("path" | "query"), Some("namespace" | "name")) => (format!("^{label}$"), Some(63)),
        (Some("query"), Some("continue")) => (format!("^{label}/{label}$"), Some(127)),
        (Some("header"), Some("If-Match")) => (r#"^(\*|"[0-9a-f]{64}")$"#.to_owned(), None),
        _ => return,
    };
    parameter["schema"]["pattern"] = pattern.into();
    if let Some(longest) = longest {
        parameter["schema"]["maxLength"] = longest.into();
    }
}

fn drop_field(schema: &mut Value, field: &str) {
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.remove(field);
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| name != field);
    }
}

/// `#/$defs/Name` is `#/components/schemas/Name` here.
fn move_references(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{name}");
            }
            fields.values_mut().for_each(move_references);
        }
        Value::Array(items) => items.iter_mut().for_each(move_references),
        _ => {}
    }
}

/// The refusals of an operation.
fn add_problems(operation: &mut Value) {
    let codes = problems_of(operation["operationId"].as_str().unwrap_or_default());
    let statuses: BTreeSet<u16> = codes.iter().map(|code| code.status().as_u16()).collect();
    for status in statuses {
        let here: Vec<&Code> = codes.iter().filter(|code| code.status().as_u16() == status).collect();
        let words: Vec<String> = here.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
        let mut response = json!({
            "description": words.join("; "),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        });
        if matches!(status, 429 | 503) {
            let seconds = json!({"description": "Seconds to wait.", "schema": {"type": "integer"}});
            response["headers"] = json!({"Retry-After": seconds});
        }
        operation["responses"][status.to_string()] = response;
    }
}

fn reference(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

fn array(name: &str) -> RefOr<Schema> {
    Array::new(Ref::from_schema_name(name)).into()
}

pub(crate) fn hints() -> RefOr<Schema> {
    array("Hint")
}

pub(crate) fn problems() -> RefOr<Schema> {
    array("Problem")
}

pub(crate) fn failure() -> RefOr<Schema> {
    reference("Failure")
}

pub(crate) fn render_output() -> RefOr<Schema> {
    reference("RenderOutput")
}

pub(crate) fn chart_wanted() -> RefOr<Schema> {
    reference("ChartWanted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(value: &Value, document: &Value) {
            match value {
                Value::Object(fields) => {
                    if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                        let pointer = reference.strip_prefix('#').unwrap_or_default();
                        assert!(document.pointer(pointer).is_some(), "{reference}");
                    }
                    fields.values().for_each(|value| walk(value, document));
                }
                Value::Array(items) => items.iter().for_each(|value| walk(value, document)),
                _ => {}
            }
        }
        let document = openapi();
        walk(&document, &document);
        assert_eq!(document["openapi"], "3.1.0");
    }

    #[test]
    fn no_name_stands_for_two_types() {
        let own = serde_json::to_value(Document::openapi()).unwrap();
        let contract: Value = serde_json::from_str(contract::SCHEMA).unwrap();
        for name in own["components"]["schemas"].as_object().unwrap().keys() {
            assert!(contract["$defs"].get(name).is_none(), "{name} is a type of the contract, too");
        }
    }

    #[test]
    fn every_operation_has_its_refusals() {
        let document = openapi();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(id == "capabilities" || problems_of(id).len() > ALWAYS.len(), "{method} {path}");
            }
        }
    }

    #[test]
    fn the_page_lists_every_route_and_code() {
        let page = include_str!("../../../docs/src/api.md");
        let document = openapi();
        for (path, operations) in document["paths"].as_object().unwrap() {
            let path = path.strip_prefix("/api/v1alpha1").unwrap();
            let path = if path.is_empty() { "/" } else { path };
            for method in operations.as_object().unwrap().keys() {
                let row = format!("| `{}` | `{path}` |", method.to_uppercase());
                assert!(page.contains(&row), "{row}");
            }
        }
        for code in Code::ALL {
            let row = format!("| `{}` | {} |", code.as_str(), code.status().as_u16());
            assert!(page.contains(&row), "{row}");
        }
    }
}
