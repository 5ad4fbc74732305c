//! Where keys of a descriptor stand, as people write them.

use std::rc::Rc;

use chartwright_values::{Map, Path, Step, Value};

/// The keys of a map of the descriptor, in the order of its reference.
fn keys(map: &Path) -> &'static [&'static str] {
    let steps = map.steps();
    let item_of = |list: &str| matches!(steps, [.., Step::Key(key), Step::Index(_)] if **key == *list);
    match map.last().map(Step::key) {
        None => &["apiVersion", "kind", "metadata", "spec"],
        Some(None) if item_of("components") => &["name", "template", "values", "config", "dependsOn"],
        Some(None) if item_of("maintainers") => &["name", "email", "url"],
        Some(None) if item_of("valuesFrom") => &["kind", "name", "valuesKey", "targetPath", "optional"],
        Some(Some("metadata")) => &["name", "namespace"],
        Some(Some("spec")) => &["module", "template", "layout", "components", "release"],
        Some(Some("module")) => &[
            "version",
            "appVersion",
            "description",
            "icon",
            "home",
            "sources",
            "keywords",
            "maintainers",
            "kubeVersion",
        ],
        Some(Some("template")) => &["chart", "version", "sourceRef", "reconcileStrategy"],
        Some(Some("sourceRef")) => &["kind", "name", "namespace"],
        Some(Some("release")) => {
            &["interval", "targetNamespace", "serviceAccountName", "values", "valuesFrom", "suspend"]
        }
        _ => &[],
    }
}

/// The same values with another one at a path. A key that is new stands where people write it.
pub(super) fn with(values: &Value, path: &Path, value: Value) -> Value {
    let new = values.with(path.steps(), value);
    // The first step that is not there yet.
    let there = (0..path.len()).find(|len| values.get(&path.prefix(len + 1)).is_none());
    let Some(parent) = there.map(|len| path.prefix(len)) else { return new };
    let Some(Step::Key(key)) = path.steps().get(parent.len()) else { return new };
    let Some(map) = new.get(&parent).and_then(Value::as_map) else { return new };
    let order = keys(&parent);
    let Some(own) = order.iter().position(|known| *known == &**key) else { return new };
    let before = order.get(..own).unwrap_or_default();
    let mut entries: Vec<(Rc<str>, Value)> = map.iter().filter(|(other, _)| other != key).cloned().collect();
    let at = entries.iter().rposition(|(other, _)| before.contains(&&**other)).map_or(0, |at| at + 1);
    entries.insert(at, (key.clone(), map.get(key).cloned().unwrap_or_default()));
    new.with(parent.steps(), Value::from(entries.into_iter().collect::<Map>()))
}

/// The same values without that at a path, and without the maps around it that are empty then, down to `root`.
pub(super) fn without(values: &Value, path: &Path, root: &Path) -> Value {
    let mut gone = path.clone();
    while let Some((parent, Step::Key(_))) = gone.split_last() {
        let alone = values.get(&parent).and_then(Value::as_map).is_some_and(|map| map.len() == 1);
        if !alone || parent.len() <= root.len() {
            break;
        }
        gone = parent;
    }
    values.without(gone.steps())
}

#[cfg(test)]
mod tests {
    use chartwright_values::{parse, to_text};

    use super::*;

    #[test]
    fn new_keys_stand_where_people_write_them() {
        let values =
            parse("spec: {module: {version: 1.0.0, keywords: [a]}, components: [{name: a, config: {A: b}}]}").unwrap();
        let set = |values: &Value, path: &str, value: &str| with(values, &path.parse().unwrap(), Value::from(value));
        let values = set(&values, "spec.module.description", "x");
        let values = set(&values, "spec.template.chart", "x");
        let values = set(&values, "spec.components[0].values.a.b", "x");
        let values = set(&values, "metadata.name", "x");
        let want = "metadata:\n  name: x\nspec:\n  module:\n    version: 1.0.0\n    description: x\n    keywords:\n      - a\n  \
                    template:\n    chart: x\n  components:\n    - name: a\n      values:\n        a:\n          b: x\n      \
                    config:\n        A: b\n";
        assert_eq!(to_text(&values), want);
    }

    #[test]
    fn empty_maps_go_with_their_last_key() {
        let values = parse("a: {b: {c: {d: 1}}, e: 1}").unwrap();
        let gone = |path: &str, root: &str| {
            let root = if root.is_empty() { Path::root() } else { root.parse().unwrap() };
            to_text(&without(&values, &path.parse().unwrap(), &root))
        };
        assert_eq!(gone("a.b.c.d", ""), "a:\n  e: 1\n");
        assert_eq!(gone("a.b.c.d", "a.b"), "a:\n  b: {}\n  e: 1\n");
        assert_eq!(gone("a.e", ""), "a:\n  b:\n    c:\n      d: 1\n");
    }
}
