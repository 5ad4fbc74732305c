//! JSON to shapes.

use std::collections::BTreeMap;
use std::rc::Rc;

use goregex::Regex;
use serde_json::{Map as Object, Value as Json};

use super::{Bound, Condition, More, Pattern, Schema, Shape, ShapeId, Types};
use crate::value::Value;

/// How many schemas are read of a document: beyond it, what is left says nothing.
const MOST: usize = 50_000;
/// Patterns that compile to more are too costly to run for each key typed.
const PATTERN_SIZE: usize = 20_000;

/// Makes shapes of a document.
pub(super) fn compile(root: &Json) -> Schema {
    let mut compiler = Compiler { root, shapes: Vec::new(), known: BTreeMap::new(), anchors: BTreeMap::new() };
    compiler.find_anchors(root, 0);
    let root = compiler.shape(root);
    Schema { shapes: compiler.shapes, root }
}

struct Compiler<'j> {
    root: &'j Json,
    shapes: Vec<Shape>,
    /// The shapes by the addresses of their JSON: recursion ends there.
    known: BTreeMap<usize, ShapeId>,
    /// `$anchor`, `$id` and draft 4's `id`.
    anchors: BTreeMap<&'j str, &'j Json>,
}

impl<'j> Compiler<'j> {
    fn find_anchors(&mut self, json: &'j Json, depth: usize) {
        if depth > 64 {
            return;
        }
        match json {
            Json::Object(object) => {
                for name in ["$anchor", "$dynamicAnchor", "$id", "id"] {
                    if let Some(Json::String(anchor)) = object.get(name) {
                        self.anchors.entry(anchor.trim_start_matches('#')).or_insert(json);
                    }
                }
                object.values().for_each(|value| self.find_anchors(value, depth + 1));
            }
            Json::Array(items) => items.iter().for_each(|value| self.find_anchors(value, depth + 1)),
            _ => {}
        }
    }

    /// What a `$ref` points to, if it is in this document.
    fn target(&self, reference: &str) -> Option<&'j Json> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let base = match document {
            "" => self.root,
            document => *self.anchors.get(document).or_else(|| {
                // Relative to the `$id` of the whole.
                self.anchors.iter().find(|(id, _)| id.ends_with(document)).map(|(_, json)| json)
            })?,
        };
        match fragment {
            "" => Some(base),
            pointer if pointer.starts_with('/') => base.pointer(&percent_decoded(pointer)),
            anchor => self.anchors.get(anchor).copied(),
        }
    }

    fn shape(&mut self, json: &'j Json) -> ShapeId {
        let address = std::ptr::from_ref(json) as usize;
        if let Some(id) = self.known.get(&address) {
            return *id;
        }
        let id = ShapeId(u32::try_from(self.shapes.len()).unwrap_or(u32::MAX));
        self.known.insert(address, id);
        self.shapes.push(Shape::default());
        let shape = match json {
            Json::Object(object) if self.shapes.len() < MOST => self.object(object),
            Json::Bool(false) => Shape { nothing: true, ..Shape::default() },
            _ => Shape::default(),
        };
        if let Some(place) = self.shapes.get_mut(id.0 as usize) {
            *place = shape;
        }
        id
    }

    fn shapes_of(&mut self, json: Option<&'j Json>) -> Vec<ShapeId> {
        let items = json.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|item| self.shape(item)).collect()
    }

    fn more(&mut self, json: Option<&'j Json>) -> More {
        match json {
            None => More::Unsaid,
            Some(Json::Bool(false)) => More::Nothing,
            Some(Json::Bool(true)) => More::Unsaid,
            Some(json) => More::Of(self.shape(json)),
        }
    }

    fn object(&mut self, object: &'j Object<String, Json>) -> Shape {
        let text = |name: &str| object.get(name).and_then(Json::as_str).map(Rc::from);
        let flag = |name: &str| object.get(name).and_then(Json::as_bool).unwrap_or(false);
        let count = |name: &str| object.get(name).and_then(Json::as_f64).map(|n| n as usize);
        let mut shape = Shape {
            types: types(object.get("type")),
            title: text("title"),
            help: text("description"),
            default: object.get("default").map(Value::from),
            examples: object.get("examples").and_then(Json::as_array).into_iter().flatten().map(Value::from).collect(),
            choices: object.get("enum").and_then(Json::as_array).map(|v| v.iter().map(Value::from).collect()),
            format: text("format"),
            pattern: object.get("pattern").and_then(Json::as_str).map(pattern),
            minimum: bound(object, "minimum", "exclusiveMinimum"),
            maximum: bound(object, "maximum", "exclusiveMaximum"),
            multiple_of: object.get("multipleOf").and_then(Json::as_f64).filter(|n| *n > 0.0),
            min_length: count("minLength"),
            max_length: count("maxLength"),
            min_items: count("minItems"),
            max_items: count("maxItems"),
            unique_items: flag("uniqueItems"),
            min_keys: count("minProperties"),
            max_keys: count("maxProperties"),
            read_only: flag("readOnly"),
            write_only: flag("writeOnly"),
            deprecated: flag("deprecated"),
            required: strings(object.get("required")),
            ..Shape::default()
        };
        if let Some(constant) = object.get("const") {
            shape.choices = Some(vec![Value::from(constant)]);
        }
        // Draft 3's `required: true` says nothing here; Kubernetes marks its quantities in its own way.
        if flag("x-kubernetes-int-or-string") && shape.types.is_none() {
            shape.types = types(Some(&serde_json::json!(["integer", "string"])));
        }
        for (name, property) in object.get("properties").and_then(Json::as_object).into_iter().flatten() {
            let property = self.shape(property);
            shape.properties.push((name.as_str().into(), property));
        }
        for (name, property) in object.get("patternProperties").and_then(Json::as_object).into_iter().flatten() {
            let property = self.shape(property);
            shape.patterns.push((pattern(name), property));
        }
        shape.more = self.more(object.get("additionalProperties").or_else(|| object.get("unevaluatedProperties")));
        match (object.get("prefixItems"), object.get("items")) {
            (None, Some(items @ Json::Array(_))) => {
                shape.first_items = self.shapes_of(Some(items));
                shape.items = self.more(object.get("additionalItems"));
            }
            (first, items) => {
                shape.first_items = self.shapes_of(first);
                shape.items = self.more(items);
            }
        }
        for name in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if let Some(target) = object.get(name).and_then(Json::as_str).and_then(|r| self.target(r)) {
                let target = self.shape(target);
                shape.all.push(target);
            }
        }
        let all = self.shapes_of(object.get("allOf"));
        shape.all.extend(all);
        for name in ["oneOf", "anyOf"] {
            let branches = self.shapes_of(object.get(name));
            if !branches.is_empty() {
                shape.choices_of.push(branches);
            }
        }
        if let Some(when) = object.get("if") {
            let when = self.shape(when);
            let then = object.get("then").map(|json| self.shape(json));
            let otherwise = object.get("else").map(|json| self.shape(json));
            shape.conditions.push(Condition { when, then, otherwise });
        }
        self.dependent(object, &mut shape);
        shape.not = object.get("not").map(|json| self.shape(json));
        shape
    }

    /// `dependentSchemas`, `dependentRequired` and both in draft 4's `dependencies`: a condition each.
    fn dependent(&mut self, object: &'j Object<String, Json>, shape: &mut Shape) {
        for name in ["dependentSchemas", "dependentRequired", "dependencies"] {
            for (key, json) in object.get(name).and_then(Json::as_object).into_iter().flatten() {
                let when = self.push(Shape { required: vec![key.as_str().into()], ..Shape::default() });
                let then = match json {
                    Json::Array(_) => self.push(Shape { required: strings(Some(json)), ..Shape::default() }),
                    json => self.shape(json),
                };
                shape.conditions.push(Condition { when, then: Some(then), otherwise: None });
            }
        }
    }

    fn push(&mut self, shape: Shape) -> ShapeId {
        let id = ShapeId(u32::try_from(self.shapes.len()).unwrap_or(u32::MAX));
        self.shapes.push(shape);
        id
    }
}

fn types(json: Option<&Json>) -> Option<Types> {
    let mut types = Types::NONE;
    match json? {
        Json::String(name) => types.add(Types::named(name)?),
        Json::Array(names) => {
            for name in names.iter().filter_map(Json::as_str) {
                types.add(Types::named(name)?);
            }
        }
        _ => return None,
    }
    (types != Types::NONE).then_some(types)
}

fn strings(json: Option<&Json>) -> Vec<Rc<str>> {
    json.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(Rc::from).collect()
}

/// Exclusive bounds are numbers of their own; in draft 4, booleans beside the bound.
fn bound(object: &Object<String, Json>, name: &str, exclusive: &str) -> Bound {
    let inclusive = object.get(name).and_then(Json::as_f64);
    match object.get(exclusive) {
        Some(Json::Bool(is_exclusive)) => inclusive.map(|n| (n, *is_exclusive)),
        Some(json) => json.as_f64().map(|n| (n, true)).or(inclusive.map(|n| (n, false))),
        None => inclusive.map(|n| (n, false)),
    }
}

pub(crate) fn pattern(text: &str) -> Pattern {
    let regex = Regex::new(text.as_bytes()).ok().filter(|regex| regex.size() <= PATTERN_SIZE);
    Pattern { text: text.into(), regex }
}

fn percent_decoded(text: &str) -> String {
    let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        let code = digit(behind.first().copied()).zip(digit(behind.get(1).copied()));
        match code.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(byte) if first == b'%' => {
                out.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => out.push(first),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
