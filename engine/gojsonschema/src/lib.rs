//! JSON Schema as Helm validates values with it: drafts 4, 6, 7, 2019-09 and 2020-12, with the messages of
//! santhosh-tekuri/jsonschema v6.
//!
//! ```
//! use gojsonschema::Schema;
//! use govalue::{Map, Value};
//!
//! let schema = Schema::compile(br#"{"properties": {"replicas": {"type": "integer", "maximum": 1000}}}"#)?;
//! let values = Map::new();
//! values.insert("replicas", Value::Float(3.0));
//! assert!(schema.validate(&Value::Map(values.clone())).is_ok());
//! values.insert("replicas", Value::Float(3000.0));
//! let error = schema.validate(&Value::Map(values)).unwrap_err();
//! assert_eq!(error.to_string(), "- at '/replicas': maximum: got 3,000, want 1,000\n");
//! # Ok::<(), gojsonschema::SchemaError>(())
//! ```

mod compile;
mod decimal;
mod document;
mod draft;
mod equal;
mod error;
mod exact;
mod format;
mod json;
mod keywords;
mod lazy;
mod location;
mod message;
mod meta;
mod node;
mod plain;
mod table;
mod validate;

pub use error::{SchemaError, Violation};

use govalue::Value;
use govalue::url::Url;

use document::Documents;
use json::Json;
use lazy::Lazy;
use location::{URL, UrlFragment};
use node::Nodes;
use validate::{Abort, Meta, NodeRef, Run};

/// A compiled `values.schema.json`, to validate many values with; threads may share it.
#[derive(Debug, Default)]
pub struct Schema {
    pub(crate) nodes: Nodes,
}

impl Schema {
    /// Compiles the bytes of a `values.schema.json`.
    ///
    /// Documents that it refers to are not fetched: such a reference is an error ([`refused`]). Metaschemas
    /// are known, and a URN stands for a schema that allows everything, as for Helm.
    ///
    /// # Errors
    /// With Helm's text, if it is no schema.
    pub fn compile(schema: &[u8]) -> Result<Schema, SchemaError> {
        Schema::compile_with(schema, &mut refused)
    }

    /// The same, getting other documents from a loader by their URL. Its error is the text that follows
    /// `failing loading "…": `.
    ///
    /// # Errors
    /// With Helm's text, if it is no schema.
    pub fn compile_with(
        schema: &[u8],
        loader: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Schema, SchemaError> {
        let json = Json::parse(schema).map_err(SchemaError)?;
        let mut documents = Documents::new(loader);
        documents.add(URL, json);
        let at = UrlFragment { url: URL.to_owned(), fragment: String::new() };
        documents.resolve(&at).map_err(SchemaError)?;
        if documents.get(URL).is_some_and(Lazy::suits) {
            let document = documents.take(URL).expect("it is there, since it suits");
            return Ok(Schema { nodes: Nodes::Lazy(Box::new(Lazy::new(document))) });
        }
        let nodes = compile::compile(documents, &at, false).map_err(SchemaError)?;
        Ok(Schema { nodes: Nodes::All(nodes) })
    }

    /// Validates a chart's values.
    ///
    /// # Errors
    /// With Helm's text: lines such as `- at '/replicas': got string, want integer`.
    pub fn validate(&self, values: &Value) -> Result<(), SchemaError> {
        let Some(json) = Json::from_value(values, 0) else {
            return Err(SchemaError(LIMIT.to_owned()));
        };
        match self.failures(&json, None) {
            Ok(lines) if lines.is_empty() => Ok(()),
            // The first line names the schema, which Helm leaves out.
            Ok(lines) => Err(SchemaError(format!("{}\n", lines.trim_start_matches('\n')))),
            Err(error) => Err(error),
        }
    }

    /// Validates a chart's values, and gives each failure with its place.
    ///
    /// ```
    /// use gojsonschema::Schema;
    /// use govalue::{Map, Value};
    ///
    /// let schema = Schema::compile(br#"{"additionalProperties": {"type": "integer"}}"#)?;
    /// let values = Map::new();
    /// values.insert("a", Value::from("x"));
    /// values.insert("b", Value::from("y"));
    /// let found = schema.violations(&Value::Map(values))?;
    /// assert_eq!(found[1].at, "/b");
    /// assert_eq!(found[1].message, "got string, want integer");
    /// # Ok::<(), gojsonschema::SchemaError>(())
    /// ```
    ///
    /// # Errors
    /// If the values are more than can be checked.
    pub fn violations(&self, values: &Value) -> Result<Vec<Violation>, SchemaError> {
        let Some(json) = Json::from_value(values, 0) else {
            return Err(SchemaError(LIMIT.to_owned()));
        };
        let mut run = Run::new(false);
        let failures = validate::validate(&mut run, self.root(), &json, None);
        match run.abort {
            None => {}
            Some(Abort::Limit) => return Err(SchemaError(LIMIT.to_owned())),
            Some(Abort::NoNumber) => return Err(SchemaError(NO_NUMBER.to_owned())),
        }
        let mut found = Vec::new();
        failures.iter().for_each(|failure| failure.violations(&mut found));
        Ok(found)
    }

    /// The schema itself, as a node.
    pub(crate) fn root(&self) -> NodeRef<'_> {
        NodeRef { schema: self, id: self.nodes.root() }
    }

    /// Validates a schema, if this is its metaschema; gives the failures, if there are any.
    ///
    /// # Errors
    /// If the validation itself had to stop.
    pub(crate) fn validate_json<'a>(
        &'a self,
        value: &'a Json,
        meta: Option<Meta<'a>>,
    ) -> Result<Option<String>, SchemaError> {
        let lines = self.failures(value, meta)?;
        if lines.is_empty() {
            return Ok(None);
        }
        let location = message::quote(self.root().node().location().as_bytes());
        Ok(Some(format!("jsonschema validation failed with {location}{lines}")))
    }

    /// The failures, each on a line after a newline.
    fn failures<'a>(&'a self, value: &'a Json, meta: Option<Meta<'a>>) -> Result<String, SchemaError> {
        let mut run = Run::new(meta.is_some());
        let failures = validate::validate(&mut run, self.root(), value, meta);
        match run.abort {
            None => {}
            Some(Abort::Limit) => return Err(SchemaError(LIMIT.to_owned())),
            Some(Abort::NoNumber) => return Err(SchemaError(NO_NUMBER.to_owned())),
        }
        let mut lines = String::new();
        for failure in &failures {
            failure.display(&mut lines, 0);
        }
        Ok(lines)
    }
}

/// Go has no such limits.
const LIMIT: &str = "unable to validate schema: it asks too much of the values";

/// What Helm makes of the panic, when a number cannot be compared.
const NO_NUMBER: &str = "unable to validate schema: runtime error: invalid memory address or nil pointer dereference";

/// The loader that gives no documents: a `urn:` is Helm's schema that allows everything, all else is refused.
///
/// # Errors
/// For `file`, `http` and `https` in our own words: Helm would read or fetch the document. For all other URLs in
/// Helm's words.
pub fn refused(url: &str) -> Result<Vec<u8>, String> {
    let parsed = Url::parse(url.as_bytes())?;
    let text = |bytes: &[u8]| govalue::utf8::lossy(bytes).into_owned();
    match &parsed.scheme[..] {
        b"urn" => Ok(b"true".to_vec()),
        b"file" => Err("schemas must not refer to files: put the definitions into the schema".to_owned()),
        b"http" | b"https" => Err("the document was not given, and nothing is fetched here".to_owned()),
        _ => Err(format!("no URLLoader registered for \"{}\"", text(&parsed.to_bytes()))),
    }
}
