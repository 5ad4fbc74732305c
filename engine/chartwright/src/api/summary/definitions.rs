//! Kinds that are defined.

use contract::Definition;
use govalue::{Map, Value};

use super::fields::{map, maps, text, texts};

/// The kind that the text of a `CustomResourceDefinition` defines. These texts are long, most of a large chart, and all
/// but a few of their lines are schemas: they are read as YAML only where they are not written as generators write them.
pub(super) fn definition(yaml: &[u8]) -> Option<Definition> {
    skimmed(yaml).or_else(|| match goyaml::yaml::from_yaml(yaml) {
        Ok(Value::Map(object)) => parsed(&object),
        _ => None,
    })
}

/// Reads the lines of block style that matter; `None` where one of them is missing or is not a plain word.
fn skimmed(yaml: &[u8]) -> Option<Definition> {
    let yaml = std::str::from_utf8(yaml).ok()?;
    let (mut found, mut scope) = (Definition::default(), "");
    // The key at the margin, and the one below it.
    let (mut top, mut field) = ("", "");
    // How deep the items of the list of versions are.
    let mut items = None;
    for line in yaml.lines() {
        let rest = line.trim_start_matches(' ');
        let indent = line.len() - rest.len();
        // What is deeper belongs to schemas and texts.
        if indent > 6 || rest.is_empty() || rest.starts_with('#') {
            continue;
        }
        let (key, value) = rest.split_once(':').unwrap_or((rest, ""));
        let value = value.trim();
        match (indent, top, field) {
            (0, ..) => (top, field) = (key, ""),
            (2, "spec", _) if !rest.starts_with('-') => {
                field = key;
                match key {
                    "group" => found.group = word(value)?,
                    "scope" => scope = value,
                    _ => {}
                }
            }
            (4, "spec", "names") if key == "kind" => found.kind = word(value)?,
            // Items stand at the depth of their key or two deeper, as the first of them does.
            (2 | 4 | 6, "spec", "versions") => {
                let item = rest.strip_prefix("- ");
                let depth = *items.get_or_insert(indent);
                let own = if item.is_some() { indent == depth } else { indent == depth + 2 };
                if own && key.strip_prefix("- ").unwrap_or(key) == "name" {
                    found.versions.push(word(value)?);
                }
            }
            _ => {}
        }
    }
    found.cluster = scope == "Cluster";
    let whole = !found.group.is_empty() && !found.kind.is_empty() && !found.versions.is_empty() && !scope.is_empty();
    whole.then_some(found)
}

/// A plain scalar that is one word.
fn word(value: &str) -> Option<String> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    (!value.is_empty() && value.chars().all(plain)).then(|| value.to_owned())
}

fn parsed(object: &Map) -> Option<Definition> {
    let spec = map(object, &["spec"])?;
    let mut versions: Vec<String> =
        maps(&spec, &["versions"]).filter_map(|version| text(&version, &["name"])).collect();
    if versions.is_empty() {
        // Of `apiextensions.k8s.io/v1beta1`.
        versions.extend(text(&spec, &["version"]));
        versions.extend(texts(&spec, &["versions"]));
    }
    Some(Definition {
        kind: text(&spec, &["names", "kind"])?,
        group: text(&spec, &["group"]).unwrap_or_default(),
        versions,
        cluster: text(&spec, &["scope"]).as_deref() == Some("Cluster"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skimming_finds_what_parsing_finds() {
        let head = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\n";
        let names = "  names:\n    kind: Shop\n    listKind: ShopList\n";
        let schema =
            "    schema:\n      openAPIV3Schema:\n        properties:\n          name:\n            type: string\n";
        for (spec, skims) in [
            (
                format!(
                    "spec:\n  group: a.example.org\n{names}  scope: Namespaced\n  versions:\n  - name: v1\n{schema}"
                ),
                true,
            ),
            (
                format!(
                    "spec:\n  group: a.org\n{names}  scope: Cluster\n  versions:\n  - additionalPrinterColumns:\n    - name: Age\n      type: date\n    name: v1\n{schema}  - name: v2\n"
                ),
                true,
            ),
            ("spec: {group: a.org, scope: Cluster, names: {kind: Shop}, versions: [{name: v1}]}\n".to_owned(), false),
            (format!("spec:\n  group: \"a.org\"\n{names}  scope: Cluster\n  versions:\n  - name: v1\n"), false),
            (
                format!(
                    "spec:\n  group: a.org\n{names}  scope: Cluster\n  versions:\n    - name: v1\n      served: true\n"
                ),
                true,
            ),
            (
                format!(
                    "spec:\n  group: a.org\n{names}  scope: Cluster\n  versions:\n    - served: true\n      name: v1\n"
                ),
                true,
            ),
            (format!("spec:\n  group: a.org\n{names}  scope: Cluster\n  version: v1beta1\n"), false),
        ] {
            let yaml = [head, &spec].concat();
            let Ok(Value::Map(object)) = goyaml::yaml::from_yaml(yaml.as_bytes()) else { panic!("{yaml}") };
            let want = parsed(&object);
            assert!(want.is_some(), "{yaml}");
            assert_eq!(definition(yaml.as_bytes()), want, "{yaml}");
            assert_eq!(skimmed(yaml.as_bytes()).is_some(), skims, "{yaml}");
        }
    }
}
