//! The values of a chart: types, defaults, and what their comments and schema say.

use govalue::{Index, Map, Value as GoValue};
use goyaml::json::to_json;
use goyaml::yaml::{Document, NodeKind, NodeRef};
use helm::chart::Chart;
use serde_json::Value;

/// Rows beyond this are left out.
const MOST_ROWS: usize = 500;
/// Maps below this are one value.
const MOST_DEPTH: usize = 12;
/// The longest description, in characters.
const MOST_TEXT: usize = 300;

/// What is known about a chart's values.
#[derive(Clone, Debug, Default)]
pub(super) struct Documented {
    /// The values, in the order of `values.yaml`.
    pub(super) rows: Vec<Row>,
    /// The chart's schema.
    pub(super) schema: Option<Value>,
}

/// A value that a chart has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The keys that lead to it.
    pub(super) path: Vec<String>,
    /// Its types in JSON Schema's terms; empty if unknown.
    pub(super) types: Vec<String>,
    /// Its default.
    pub(super) default: Value,
    /// What it is for.
    pub(super) description: String,
}

impl Documented {
    /// Types and description of the value at a path; empty if unknown.
    pub(super) fn get(&self, path: &[String]) -> (Vec<String>, String) {
        if let Some(row) = self.rows.iter().find(|r| r.path == path) {
            return (row.types.clone(), row.description.clone());
        }
        let Some(said) = self.schema.as_ref().and_then(|s| schema_at(s, path)) else { return Default::default() };
        let description = said.get("description").and_then(Value::as_str).unwrap_or_default();
        (types(said), shorten(description))
    }
}

/// Reads what a chart's `values.yaml` and schema say about its values.
pub(super) fn documented(chart: &Chart) -> Documented {
    let schema = chart.schema().and_then(|s| serde_json::from_slice(s).ok());
    let file = chart.raw().iter().find(|f| f.name == "values.yaml");
    let text = file.map_or(&b""[..], |f| &f.data);
    read(text, chart.values(), schema)
}

/// Reads what the comments in a text of values say about them.
pub(super) fn documented_text(text: &str) -> Documented {
    match goyaml::yaml::from_yaml_map(text.as_bytes()) {
        Ok(values) => read(text.as_bytes(), values, None),
        Err(_) => Documented::default(),
    }
}

fn read(text: &[u8], values: Map, schema: Option<Value>) -> Documented {
    let Ok(doc) = Document::parse(text) else { return Documented { schema, ..Documented::default() } };
    let Some(root) = doc.root() else { return Documented { schema, ..Documented::default() } };
    let text = String::from_utf8_lossy(doc.source());
    let lines: Vec<&str> = text.lines().collect();
    let params = params(&lines);
    let mut walk = Walk { lines, params, schema: schema.as_ref(), rows: Vec::new(), path: Vec::new() };
    walk.mapping(root, &values);
    let rows = walk.rows;
    Documented { rows, schema }
}

struct Walk<'a> {
    lines: Vec<&'a str>,
    params: Index<&'a str>,
    schema: Option<&'a Value>,
    rows: Vec<Row>,
    path: Vec<String>,
}

impl Walk<'_> {
    /// Takes the entries of a mapping; its depth is bounded.
    fn mapping(&mut self, node: NodeRef<'_>, map: &Map) {
        for (key, below) in node.target().entries() {
            let Some(value) = map.get(key.text()) else { continue };
            if self.rows.len() >= MOST_ROWS {
                return;
            }
            self.path.push(String::from_utf8_lossy(key.text()).into_owned());
            let nested = below.target().kind() == NodeKind::Mapping && self.path.len() < MOST_DEPTH;
            match &value {
                GoValue::Map(map) if nested && !map.is_empty() => self.mapping(below, map),
                value => {
                    let row = self.row(key, below, value);
                    self.rows.push(row);
                }
            }
            self.path.pop();
        }
    }

    fn row(&self, key: NodeRef<'_>, below: NodeRef<'_>, value: &GoValue) -> Row {
        let default = json(value);
        let said = self.schema.and_then(|s| schema_at(s, &self.path));
        let description = said
            .and_then(|s| s.get("description")?.as_str())
            .or_else(|| self.params.get(self.path.join(".").as_bytes()).copied())
            .map(str::to_owned)
            .unwrap_or_else(|| self.comment(key, below));
        let mut types = said.map(types).unwrap_or_default();
        if types.is_empty() {
            types.extend(type_of(&default).map(str::to_owned));
        }
        Row { path: self.path.clone(), types, default, description: shorten(&description) }
    }

    /// The comment above a key, else that behind its value.
    fn comment(&self, key: NodeRef<'_>, below: NodeRef<'_>) -> String {
        let start = key.start();
        let indent = start.column as usize;
        let above = self.lines.iter().take(start.line as usize).rev();
        let mut found: Vec<&str> = above
            .take_while(|l| l.len() - l.trim_start().len() == indent && l.trim_start().starts_with('#'))
            .map(|l| l.trim().trim_start_matches('#').trim())
            .collect();
        found.reverse();
        // helm-docs begins a description with `--`.
        if let Some(at) = found.iter().rposition(|l| l.starts_with("-- ")) {
            found.drain(..at);
        }
        let text: Vec<&str> = found
            .into_iter()
            .map(|l| l.trim_start_matches("-- "))
            .filter(|l| !l.is_empty() && !l.starts_with('@') && !looks_like_code(l))
            .collect();
        if !text.is_empty() || below.kind() != NodeKind::Scalar || below.start().line != start.line {
            return text.join(" ");
        }
        let line = self.lines.get(start.line as usize).copied().unwrap_or_default();
        let behind = line.get(below.start().column as usize + below.text().len()..).unwrap_or_default();
        let behind = behind.split_once(" #").map_or("", |(_, c)| c.trim_start_matches('#').trim());
        behind.trim_start_matches("-- ").to_owned()
    }
}

/// Descriptions as Bitnami's tool reads them: `## @param PATH [MODIFIERS] TEXT`.
fn params<'a>(lines: &[&'a str]) -> Index<&'a str> {
    let mut found = Index::default();
    for line in lines {
        let Some(rest) = line.trim_start().strip_prefix("## @param ") else { continue };
        let Some((path, text)) = rest.split_once(' ') else { continue };
        let text = text.trim_start();
        let text = match text.strip_prefix('[') {
            Some(rest) => rest.split_once(']').map_or("", |(_, text)| text.trim_start()),
            None => text,
        };
        found.insert(path, text);
    }
    found
}

/// Whether a comment is YAML that was taken out.
fn looks_like_code(line: &str) -> bool {
    let key = line.trim_start_matches("- ").split(':').next().unwrap_or_default();
    line.starts_with("- ") || (line.contains(':') && !key.contains(' ') && !key.eq_ignore_ascii_case("note"))
}

fn shorten(text: &str) -> String {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = text.char_indices().nth(MOST_TEXT) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// The part of a schema that is for a path, through references within it.
fn schema_at<'s>(root: &'s Value, path: &[String]) -> Option<&'s Value> {
    let mut at = root;
    for key in path {
        at = follow(root, at)?.get("properties")?.get(key)?;
    }
    follow(root, at)
}

/// The types that a schema names.
fn types(schema: &Value) -> Vec<String> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn follow<'s>(root: &'s Value, mut at: &'s Value) -> Option<&'s Value> {
    for _ in 0..8 {
        match at.get("$ref").and_then(Value::as_str) {
            Some(reference) => at = root.pointer(reference.strip_prefix('#')?)?,
            None => return Some(at),
        }
    }
    None
}

/// A value of Go's as JSON; null where JSON has none.
pub(super) fn json(value: &GoValue) -> Value {
    let Ok(text) = to_json(value, false) else { return Value::Null };
    match serde_json::from_slice(&text) {
        // Helm knows only floats; people know integers.
        Ok(Value::Number(n)) => whole(&n).map_or(Value::Number(n), Value::from),
        Ok(value) => value,
        Err(_) => Value::Null,
    }
}

fn whole(number: &serde_json::Number) -> Option<i64> {
    let float = number.as_f64()?;
    (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
}

/// The type of a value in JSON Schema's words; none for null.
pub(super) fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}
