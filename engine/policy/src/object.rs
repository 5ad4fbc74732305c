//! Objects as rules look at them.

use contract::ObjectOut;
use serde_json::Value;

/// An object with its fields.
pub(crate) struct Object<'o> {
    pub(crate) out: &'o ObjectOut,
    /// What its text says, as the API server reads it.
    pub(crate) value: Value,
}

impl<'o> Object<'o> {
    /// Reads an object; `None` if its text is not a map of YAML, which no API server takes, or if it hides objects: see
    /// [`crate::unfold`].
    pub(crate) fn read(out: &'o ObjectOut) -> Option<Object<'o>> {
        let value = goyaml::yaml::from_yaml(&out.text.0).ok()?;
        let json = goyaml::json::to_json(&value, false).ok()?;
        let value: Value = serde_json::from_slice(&json).ok()?;
        let is_list = out.kind.ends_with("List") && value.get("items").is_some_and(Value::is_array);
        (value.is_object() && !is_list).then_some(Object { out, value })
    }
}

/// A part of an object, and where it is.
#[derive(Clone)]
pub(crate) struct Part<'v> {
    pub(crate) value: &'v Value,
    /// The path as people write it: `spec.containers[0]`.
    pub(crate) path: String,
}

impl<'v> Part<'v> {
    /// The field of a map.
    pub(crate) fn field(&self, name: &str) -> Option<Part<'v>> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Some(Part { value, path })
    }

    /// A field of a field.
    pub(crate) fn at(&self, names: &[&str]) -> Option<Part<'v>> {
        names.iter().try_fold(self.clone(), |part, name| part.field(name))
    }

    /// The items of a list in a field.
    pub(crate) fn list(&self, name: &str) -> Vec<Part<'v>> {
        let Some(list) = self.field(name) else { return Vec::new() };
        let item = |(index, value)| Part { value, path: format!("{}[{index}]", list.path) };
        list.value.as_array().into_iter().flatten().enumerate().map(item).collect()
    }

    /// The text of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&'v str> {
        self.value.get(name)?.as_str()
    }
}

/// The spec of the pods that an object makes.
pub(crate) fn pod_spec<'v>(object: &'v Object<'_>) -> Option<Part<'v>> {
    let root = Part { value: &object.value, path: String::new() };
    match object.out.kind.as_str() {
        "Pod" => root.at(&["spec"]),
        "PodTemplate" => root.at(&["template", "spec"]),
        "CronJob" => root.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        // The values of a HelmRelease may look like a pod's; what runs is in the next level.
        "HelmRelease" => None,
        // Every other kind that makes pods has their template here, those that the cluster learnt from CRDs among them.
        _ => root.at(&["spec", "template", "spec"]).filter(|spec| spec.field("containers").is_some()),
    }
}

/// The containers of a pod, those that run before the others among them.
pub(crate) fn containers<'v>(spec: &Part<'v>) -> Vec<Part<'v>> {
    ["initContainers", "containers", "ephemeralContainers"].iter().flat_map(|list| spec.list(list)).collect()
}

/// All lists of containers in an object, wherever they are: other kinds than those of Kubernetes have them, too.
pub(crate) fn images<'v>(object: &'v Object<'_>) -> Vec<Part<'v>> {
    let mut found = Vec::new();
    if object.out.kind != "HelmRelease" && object.out.kind != "CustomResourceDefinition" {
        look(&Part { value: &object.value, path: String::new() }, &mut found);
    }
    found
}

/// Objects nest at most as deep as JSON is read.
fn look<'v>(part: &Part<'v>, found: &mut Vec<Part<'v>>) {
    match part.value {
        Value::Object(map) => {
            for name in map.keys() {
                if matches!(name.as_str(), "containers" | "initContainers" | "ephemeralContainers") {
                    found.extend(part.list(name).iter().filter_map(|container| container.field("image")));
                }
                if let Some(field) = part.field(name) {
                    look(&field, found);
                }
            }
            // Images as volumes.
            found.extend(part.list("volumes").iter().filter_map(|volume| volume.at(&["image", "reference"])));
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                look(&Part { value, path: format!("{}[{index}]", part.path) }, found);
            }
        }
        _ => {}
    }
}
