//! JSON to shapes.

use std::cell::Cell;
use std::rc::Rc;

use super::hidden::Hidden;
use super::{Bound, Condition, More, Schema, Shape, ShapeId, Types};
use crate::path::Path;
use crate::pattern::Pattern;
use crate::value::{Map, Value};

/// How many schemas are read of a document: beyond it, what is left says nothing.
const MOST: usize = 50_000;
/// Makes shapes of a document.
pub(super) fn compile(root: &Value) -> Schema {
    let mut compiler = Compiler { root, shapes: Vec::new(), known: Vec::new(), anchors: Vec::new() };
    compiler.find_anchors(root, 0);
    let root = compiler.shape(root);
    Schema { shapes: compiler.shapes, root, fuel: Cell::new(0) }
}

struct Compiler<'j> {
    root: &'j Value,
    shapes: Vec<Shape>,
    /// The shapes that references point to: recursion ends there.
    known: Vec<(&'j Value, ShapeId)>,
    /// `$anchor`, `$id` and draft 4's `id`.
    anchors: Vec<(&'j str, &'j Value)>,
}

impl<'j> Compiler<'j> {
    fn find_anchors(&mut self, json: &'j Value, depth: usize) {
        if depth > 64 {
            return;
        }
        match json {
            Value::Map(object) => {
                for (key, value) in object.iter() {
                    if let ("$anchor" | "$dynamicAnchor" | "$id" | "id", Value::Text(anchor)) = (&**key, value) {
                        self.anchors.push((anchor.trim_start_matches('#'), json));
                    }
                    self.find_anchors(value, depth + 1);
                }
            }
            Value::List(items) => items.iter().for_each(|value| self.find_anchors(value, depth + 1)),
            _ => {}
        }
    }

    fn anchor(&self, is: impl Fn(&str) -> bool) -> Option<&'j Value> {
        self.anchors.iter().find(|(name, _)| is(name)).map(|(_, json)| *json)
    }

    /// What a `$ref` points to, if it is in this document.
    fn target(&self, reference: &str) -> Option<&'j Value> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let base = match document {
            "" => self.root,
            // Relative to the `$id` of the whole, too.
            document => self.anchor(|id| id == document).or_else(|| self.anchor(|id| id.ends_with(document)))?,
        };
        match fragment {
            "" => Some(base),
            pointer if pointer.starts_with('/') => at_pointer(base, &percent_decoded(pointer)),
            anchor => self.anchor(|name| name == anchor),
        }
    }

    /// The shape of what a reference points to.
    fn target_shape(&mut self, json: &'j Value) -> ShapeId {
        if let Some((_, id)) = self.known.iter().find(|(known, _)| std::ptr::eq(*known, json)) {
            return *id;
        }
        let id = self.push(Shape::default());
        self.known.push((json, id));
        self.fill(id, json);
        id
    }

    fn shape(&mut self, json: &'j Value) -> ShapeId {
        let id = self.push(Shape::default());
        // A reference to the whole ends there as well.
        if std::ptr::eq(json, self.root) {
            self.known.push((json, id));
        }
        self.fill(id, json);
        id
    }

    fn fill(&mut self, id: ShapeId, json: &'j Value) {
        let shape = match json {
            Value::Map(object) if self.shapes.len() < MOST => self.object(object),
            Value::Bool(false) => Shape { nothing: true, ..Shape::default() },
            _ => Shape::default(),
        };
        if let Some(place) = self.shapes.get_mut(id.0 as usize) {
            *place = shape;
        }
    }

    fn shapes_of(&mut self, json: Option<&'j Value>) -> Vec<ShapeId> {
        let items = json.and_then(Value::as_list).unwrap_or_default();
        items.iter().map(|item| self.shape(item)).collect()
    }

    fn more(&mut self, json: Option<&'j Value>) -> More {
        match json {
            None => More::Unsaid,
            Some(Value::Bool(false)) => More::Nothing,
            Some(Value::Bool(true)) => More::Unsaid,
            Some(json) => More::Of(self.shape(json)),
        }
    }

    fn object(&mut self, object: &'j Map) -> Shape {
        let text = |name: &str| match object.get(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let flag = |name: &str| object.get(name).and_then(Value::as_bool).unwrap_or(false);
        let count = |name: &str| object.get(name).and_then(Value::as_f64).map(|n| n as usize);
        let list = |name: &str| object.get(name).and_then(Value::as_list);
        let mut shape = Shape {
            types: types(object.get("type")),
            title: text("title"),
            help: text("description"),
            default: object.get("default").cloned(),
            examples: list("examples").unwrap_or_default().to_vec(),
            choices: list("enum").map(<[Value]>::to_vec),
            // Kubeapps and vjsf say beside the schema how a text is edited.
            format: text("format").or_else(|| display(object)),
            hidden: Hidden::read(object),
            pattern: text("pattern").as_deref().map(Pattern::new),
            minimum: bound(object, "minimum", "exclusiveMinimum"),
            maximum: bound(object, "maximum", "exclusiveMaximum"),
            multiple_of: object.get("multipleOf").and_then(Value::as_number).filter(|n| n.value() > 0.0).cloned(),
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
            shape.choices = Some(vec![constant.clone()]);
        }
        // Draft 3's `required: true` says nothing here; Kubernetes marks its quantities in its own way.
        if flag("x-kubernetes-int-or-string") && shape.types.is_none() {
            shape.types = types(Some(&Value::from(vec!["integer".into(), "string".into()])));
        }
        for (name, property) in entries(object, "properties") {
            let property = self.shape(property);
            shape.properties.push((name.clone(), property));
        }
        for (name, property) in entries(object, "patternProperties") {
            let property = self.shape(property);
            shape.patterns.push((Pattern::new(name), property));
        }
        shape.more = self.more(object.get("additionalProperties").or_else(|| object.get("unevaluatedProperties")));
        match (object.get("prefixItems"), object.get("items")) {
            (None, Some(items @ Value::List(_))) => {
                shape.first_items = self.shapes_of(Some(items));
                shape.items = self.more(object.get("additionalItems"));
            }
            (first, items) => {
                shape.first_items = self.shapes_of(first);
                shape.items = self.more(items);
            }
        }
        for name in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if let Some(target) = object.get(name).and_then(Value::as_text).and_then(|r| self.target(r)) {
                let target = self.target_shape(target);
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
    fn dependent(&mut self, object: &'j Map, shape: &mut Shape) {
        for name in ["dependentSchemas", "dependentRequired", "dependencies"] {
            for (key, json) in entries(object, name) {
                let when = self.push(Shape { required: vec![key.clone()], ..Shape::default() });
                let then = match json {
                    Value::List(_) => self.push(Shape { required: strings(Some(json)), ..Shape::default() }),
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

/// The entries of a map below a key.
fn entries<'j>(object: &'j Map, name: &str) -> impl Iterator<Item = &'j (Rc<str>, Value)> + use<'j> {
    object.get(name).and_then(Value::as_map).into_iter().flatten()
}

/// What a JSON pointer points to.
fn at_pointer<'j>(base: &'j Value, pointer: &str) -> Option<&'j Value> {
    Path::from_pointer(pointer).steps().iter().try_fold(base, |value, step| match (value, step.key()?) {
        (Value::List(items), index) => items.get(index.parse::<usize>().ok()?),
        (Value::Map(map), key) => map.get(key),
        _ => None,
    })
}

fn types(json: Option<&Value>) -> Option<Types> {
    let mut types = Types::NONE;
    match json? {
        Value::Text(name) => types.add(Types::named(name)?),
        Value::List(names) => {
            for name in names.iter().filter_map(Value::as_text) {
                types.add(Types::named(name)?);
            }
        }
        _ => return None,
    }
    (types != Types::NONE).then_some(types)
}

fn strings(json: Option<&Value>) -> Vec<Rc<str>> {
    json.and_then(Value::as_list).into_iter().flatten().filter_map(Value::as_text).map(Rc::from).collect()
}

/// Exclusive bounds are numbers of their own; in draft 4, booleans beside the bound.
fn bound(object: &Map, name: &str, exclusive: &str) -> Bound {
    let number = |name: &str| object.get(name).and_then(Value::as_number).cloned();
    match object.get(exclusive) {
        Some(Value::Bool(is_exclusive)) => number(name).map(|n| (n, *is_exclusive)),
        _ => number(exclusive).map(|n| (n, true)).or_else(|| number(name).map(|n| (n, false))),
    }
}

/// How a text is edited, by words that are no JSON Schema, as the format for it.
fn display(object: &Map) -> Option<Rc<str>> {
    let word = ["x-display", "render"].iter().find_map(|name| object.get(name).and_then(Value::as_text))?;
    match word {
        "textarea" | "textArea" => Some("multiline".into()),
        "password" => Some("password".into()),
        _ => None,
    }
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
