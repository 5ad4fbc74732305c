//! Parts of Kubernetes that charts hand through: where a chart's schema says only that there is a map, its keys are
//! known by its name.

use std::rc::Rc;

use super::draw::Pen;
use super::here::Here;
use super::{Group, Item};
use crate::path::{Path, Step};
use crate::schema::{Schema, View};
use crate::value::{Type, Value};

/// The shapes by the name of the key that has them; `env[]` is an item of a list of this name.
const SHAPES: &str = r##"{
  "definitions": {
    "key": {"type": "object", "properties": {"name": {"type": "string"}, "key": {"type": "string"}, "optional": {"type": "boolean"}}},
    "object": {"type": "object", "properties": {"name": {"type": "string"}, "optional": {"type": "boolean"}}},
    "field": {"type": "object", "properties": {"fieldPath": {"type": "string", "examples": ["status.podIP"]}, "apiVersion": {"type": "string"}}},
    "resource": {"type": "object", "properties": {
      "resource": {"type": "string", "examples": ["limits.memory"]}, "containerName": {"type": "string"}, "divisor": {"type": "string"}}},
    "source": {"oneOf": [
      {"title": "Key of a Secret", "type": "object", "required": ["secretKeyRef"], "properties": {"secretKeyRef": {"$ref": "#/definitions/key"}}},
      {"title": "Key of a ConfigMap", "type": "object", "required": ["configMapKeyRef"], "properties": {"configMapKeyRef": {"$ref": "#/definitions/key"}}},
      {"title": "Field of the pod", "type": "object", "required": ["fieldRef"], "properties": {"fieldRef": {"$ref": "#/definitions/field"}}},
      {"title": "Resource of a container", "type": "object", "required": ["resourceFieldRef"], "properties": {"resourceFieldRef": {"$ref": "#/definitions/resource"}}}
    ]}
  },
  "properties": {
    "valueFrom": {"$ref": "#/definitions/source"},
    "secretKeyRef": {"$ref": "#/definitions/key"},
    "configMapKeyRef": {"$ref": "#/definitions/key"},
    "fieldRef": {"$ref": "#/definitions/field"},
    "resourceFieldRef": {"$ref": "#/definitions/resource"},
    "env[]": {"type": "object", "properties": {"name": {"type": "string"}, "value": {"type": "string"}, "valueFrom": {"$ref": "#/definitions/source"}}},
    "envFrom[]": {"type": "object", "properties": {
      "prefix": {"type": "string"}, "secretRef": {"$ref": "#/definitions/object"}, "configMapRef": {"$ref": "#/definitions/object"}}}
  }
}"##;

thread_local! {
    static SCHEMA: Rc<Schema> = Rc::new(Schema::read(SHAPES).unwrap_or_else(|_| Schema::any()));
}

/// The shapes, as a schema.
pub(super) fn schema() -> Rc<Schema> {
    SCHEMA.with(Rc::clone)
}

/// The name of the shape at a path, if it has one.
fn name(path: &Path) -> Option<String> {
    match path.split_last()? {
        (_, Step::Key(key)) => Some(key.to_string()),
        (list, Step::Index(_)) => {
            let lower = list.last_key()?.to_ascii_lowercase();
            let is = |end: &str| lower.ends_with(end);
            let item = if is("envfrom") { "envFrom[]" } else { "env[]" };
            ["env", "envvars", "envfrom"].into_iter().any(is).then(|| item.to_owned())
        }
    }
}

/// Whether a key is the name of a map that Kubernetes knows.
pub(super) fn is_map(key: &str) -> bool {
    !schema().root().property(key).is_empty()
}

impl<'m> Pen<'m> {
    /// A map whose keys Kubernetes knows, and of which the schema says nothing more.
    pub(super) fn known(&mut self, path: &Path, here: &Here<'m>, view: &View<'_>, is_required: bool) -> Option<Item> {
        let says_more = !view.keys().is_empty()
            || view.any_property().is_some()
            || !view.branches().is_empty()
            || view.choices().is_some();
        let may_be =
            view.types().has(Type::Map) && here.value.is_none_or(|value| matches!(value, Value::Map(_) | Value::Null));
        if says_more || !may_be {
            return None;
        }
        let schema = self.kubernetes;
        let shape = schema.root().property(&name(path)?);
        if shape.is_empty() {
            return None;
        }
        let keys = shape.keys();
        let is_item = matches!(path.last(), Some(Step::Index(_)));
        // An item of a list that has other keys is something else of the same name.
        let around = [here.below, here.value, here.like];
        let maps = || around.into_iter().flatten().filter_map(Value::as_map);
        if is_item && (maps().next().is_none() || maps().any(|map| map.keys().any(|key| !keys.contains(key)))) {
            return None;
        }
        let above = std::mem::take(&mut self.above);
        let mut item = self.item(path, here, &shape, is_required, 0);
        self.above = above;
        // What the chart says of it counts more.
        let (own_label, own_help) = match &mut item {
            Item::Group(Group { label, help, .. }) => (label, help),
            Item::Field(field) => {
                let field = &mut **field;
                (&mut field.label, &mut field.help)
            }
        };
        if let Some(title) = view.title() {
            *own_label = title;
        }
        if let Some(help) = view.help().or_else(|| self.note(path).map(|note| note.help.clone())) {
            *own_help = help;
        }
        Some(item)
    }
}
