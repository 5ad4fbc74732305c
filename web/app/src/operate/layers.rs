//! The values that a descriptor sets, and who sets them.

use chartwright_values::{Map, Path, Value, merge};

/// A value that is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    /// Where: the component, and the path in its values.
    pub(super) path: Path,
    /// What the developer chose.
    pub(super) developer: Option<Value>,
    /// What the operator chose.
    pub(super) operator: Option<Value>,
}

/// All values that a descriptor sets, in its order.
pub(super) fn read(text: &str) -> Vec<Set> {
    let descriptor = chartwright_values::parse(text).unwrap_or_default();
    let get = |path: &str| descriptor.get(&path.parse().ok()?).cloned();
    let mut developer = Map::default();
    for component in get("spec.components").iter().filter_map(Value::as_list).flatten() {
        let Some(map) = component.as_map() else { continue };
        let Some(name) = map.get("name").and_then(Value::as_text) else { continue };
        let values = map.get("values").filter(|values| values.as_map().is_some()).cloned();
        let config = map.get("config").map(|config| Value::map_of("config", config.clone()));
        let both = values.into_iter().chain(config).fold(Value::empty_map(), |below, over| merge(&below, &over));
        developer.insert(name.into(), both);
    }
    let developer = Value::from(developer);
    let operator = get("spec.release.values").filter(|values| values.as_map().is_some()).unwrap_or_default();
    let mut paths = developer.leaves(false);
    for path in operator.leaves(false) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let set =
        |path: Path| Set { developer: developer.get(&path).cloned(), operator: operator.get(&path).cloned(), path };
    paths.into_iter().filter(|path| !path.is_empty()).map(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_stand_beside_each_other() {
        let text = "spec:\n  components:\n  - name: front\n    values: {replicas: 1, ports: [80]}\n    config: {A: \"1\"}\n  release:\n    values:\n      front: {config: {A: \"2\"}}\n      global: {x: z}\n";
        let shown: Vec<String> = read(text)
            .iter()
            .map(|set| {
                let of = |value: &Option<Value>| value.as_ref().map(Value::shown).unwrap_or_default();
                format!("{} {} {}", set.path, of(&set.developer), of(&set.operator))
            })
            .collect();
        assert_eq!(shown.len(), 4, "{shown:?}");
        assert!(shown[0].starts_with("front.replicas 1 "), "{shown:?}");
        assert_eq!((shown[2].as_str(), shown[3].as_str()), ("front.config.A 1 2", "global.x  z"));
        assert_eq!((read("a: ["), read("")), (Vec::new(), Vec::new()));
    }
}
