//! What helm-controller makes of a chart's `crds/` (`internal/action/crds.go`):
//! CustomResourceDefinitions get the labels of origin, and nothing else passes.

use govalue::{Map, Str, Value};
use goyaml::yaml::{from_yaml, to_yaml};
use helm::chart::Bytes;
use helm::manifest::{Head, split};
use helm::release::Crd;

use crate::error::RenderError;
use crate::helmrelease::HelmRelease;
use crate::overlay::text;

/// A CRD as it is applied.
pub(crate) struct AppliedCrd {
    /// The file that it comes from, from the chart's name on.
    pub(crate) source: Str,
    pub(crate) head: Head,
    pub(crate) text: Bytes,
}

/// The CRDs of these files, with the labels of origin. What else is in them is
/// dropped, with a warning.
///
/// # Errors
/// If a document cannot be read, or is not an object.
pub(crate) fn applied(
    files: &[Crd],
    release: &HelmRelease,
    warnings: &mut Vec<String>,
) -> Result<Vec<AppliedCrd>, RenderError> {
    let mut applied = Vec::new();
    let mut others = Vec::new();
    for file in files {
        let failed = |why: &str| {
            RenderError::Crds(format!("failed to parse CustomResourceDefinitions from {}: {why}", file.file.name))
        };
        let mut left = Vec::new();
        for range in split(&file.file.data) {
            left.push(from_yaml(&file.file.data[range]).map_err(|e| failed(&format!("error parsing : {e}")))?);
        }
        left.reverse();
        while let Some(value) = left.pop() {
            let object = match value {
                Value::Nil => continue,
                Value::Map(object) => object,
                _ => return Err(failed("a document is not an object")),
            };
            // Lists are taken apart.
            if let Some(Value::List(items)) = object.get("items") {
                left.extend(items.iter().rev().cloned());
                continue;
            }
            let (api_version, kind) = (text(&object, "apiVersion"), text(&object, "kind"));
            if kind.is_empty() {
                return Err(failed("Object 'Kind' is missing"));
            }
            let group = api_version.split_once('/').map_or("", |(group, _)| group);
            if (group, kind.as_str()) != ("apiextensions.k8s.io", "CustomResourceDefinition") {
                others.push(name_of(group, &kind, &object));
                continue;
            }
            label(&object, &release.origin());
            let text = to_yaml(&Value::Map(object)).map_err(|e| failed(e.message()))?;
            let head = Head::parse(&text).map_err(|e| failed(e.message()))?;
            applied.push(AppliedCrd { source: Str::from(file.filename.as_str()), head, text: Bytes::from(text) });
        }
    }
    if !others.is_empty() {
        warnings
            .push(format!("ignoring non-CRD resources found in the chart's crds/ directory: {}", others.join(", ")));
    }
    Ok(applied)
}

/// What an object is called: `group/kind/namespace/name`.
fn name_of(group: &str, kind: &str, object: &Map) -> String {
    let metadata = match object.get("metadata") {
        Some(Value::Map(metadata)) => metadata,
        _ => Map::new(),
    };
    let (name, namespace) = (text(&metadata, "name"), text(&metadata, "namespace"));
    let parts = [group, kind, namespace.as_str(), name.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// Adds labels. Labels that are not texts are lost, all of them, because
/// Kubernetes' library reads none then.
fn label(object: &Map, labels: &[(String, String)]) {
    let metadata = match object.get("metadata") {
        Some(Value::Map(metadata)) => metadata,
        _ => {
            let metadata = Map::new();
            object.insert("metadata", Value::Map(metadata.clone()));
            metadata
        }
    };
    let all = match metadata.get("labels") {
        Some(Value::Map(own)) if own.entries().iter().all(|(_, value)| matches!(value, Value::Str(_))) => own,
        _ => Map::new(),
    };
    for (key, value) in labels {
        all.insert(key.as_str(), Value::from(value.as_str()));
    }
    metadata.insert("labels", Value::Map(all));
}

#[cfg(test)]
mod tests {
    use super::*;
    use helm::chart::File;

    fn applied_text(text: &str) -> (String, Vec<String>) {
        let file = File { name: Str::from("crds/a.yaml"), data: Bytes::from(text.as_bytes()) };
        let files = [Crd { filename: "c/crds/a.yaml".into(), file }];
        let release = HelmRelease { name: "web".into(), namespace: "shop".into(), ..HelmRelease::default() };
        let mut warnings = Vec::new();
        match applied(&files, &release, &mut warnings) {
            Ok(crds) => (crds.iter().map(|c| String::from_utf8_lossy(&c.text).into_owned()).collect(), warnings),
            Err(error) => (error.to_string(), warnings),
        }
    }

    #[test]
    fn crds_get_the_labels_of_origin_and_others_are_dropped() {
        let (text, warnings) = applied_text(
            "# a comment\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: w, labels: {own: '1'}}\n\
             ---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: stray}\n---\n# nothing\n\
             ---\nkind: List\nitems: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: ns}}]\n",
        );
        assert_eq!(
            text,
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  labels:\n    \
             helm.toolkit.fluxcd.io/name: web\n    helm.toolkit.fluxcd.io/namespace: shop\n    own: \"1\"\n  name: w\n"
        );
        assert_eq!(
            warnings,
            ["ignoring non-CRD resources found in the chart's crds/ directory: ConfigMap/stray, apps/Deployment/ns/d"]
        );
    }

    #[test]
    fn what_cannot_be_read_fails() {
        for (text, want) in
            [("a: b: c", "mapping values are not allowed"), ("- a", "not an object"), ("a: 1", "'Kind' is missing")]
        {
            let error = applied_text(text).0;
            let start = "failed to parse CustomResourceDefinitions from crds/a.yaml: ";
            assert!(error.starts_with(start) && error.contains(want), "{error}");
        }
    }
}
