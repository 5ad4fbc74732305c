//! What a chart was made from, so that nothing is made twice.

use std::collections::BTreeMap;
use std::fmt;

use descriptor::types::Inputs as InputStatus;
use kube::ResourceExt;
use kube::api::DynamicObject;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::artifact::digest;
use crate::cluster::Kind;

/// The group of Flux's sources.
const SOURCES: &str = "source.toolkit.fluxcd.io/";

/// An object of the cluster that a render depends on: `v1 ConfigMap icekube/idtconfigmap`. Without a name it is all
/// objects of the kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputId {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace; empty for objects of the whole cluster, and for all namespaces.
    pub namespace: String,
    /// Its name; empty for all.
    pub name: String,
}

impl InputId {
    /// An object by its names.
    pub fn new(kind: Kind, namespace: &str, name: &str) -> InputId {
        InputId { kind, namespace: namespace.to_owned(), name: name.to_owned() }
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<InputId> {
        let (api_version, rest) = text.split_once(' ')?;
        let (kind, path) = rest.split_once(' ')?;
        let (namespace, name) = path.split_once('/')?;
        Some(InputId::new(Kind::new(api_version, kind), namespace, name))
    }

    /// Whether it is a source of Flux.
    pub fn is_source(&self) -> bool {
        self.kind.api_version.starts_with(SOURCES)
    }
}

impl fmt::Display for InputId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InputId { kind, namespace, name } = self;
        write!(f, "{} {} {namespace}/{name}", kind.api_version, kind.kind)
    }
}

/// What is known of the objects that a render depended on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs(pub BTreeMap<InputId, String>);

impl Inputs {
    /// The digest of everything that a chart and its render depend on: these objects, and `rest`.
    pub fn digest(&self, rest: &str) -> String {
        let mut text = rest.to_owned();
        for (id, fingerprint) in &self.0 {
            text.push_str(&format!("\n{id} {fingerprint}"));
        }
        digest(text.as_bytes())
    }

    /// As the status has them.
    pub fn status(&self, rest: &str) -> InputStatus {
        InputStatus { digest: self.digest(rest), objects: self.0.keys().map(ToString::to_string).collect() }
    }
}

/// The ids in a status.
pub fn ids(status: Option<&InputStatus>) -> Vec<InputId> {
    status.map(|inputs| inputs.objects.iter().filter_map(|id| InputId::parse(id)).collect()).unwrap_or_default()
}

/// What changes when an object changes in a way that matters.
///
/// Of a source that is its artifact. Of a Secret it is its version and not its content: the digest is in a status that
/// more people may read than the Secret.
pub fn fingerprint(id: &InputId, object: Option<&DynamicObject>) -> String {
    let Some(object) = object else { return "absent".to_owned() };
    let at = |path: &str| object.data.pointer(path).and_then(Value::as_str).unwrap_or_default();
    if id.is_source() {
        return format!("{} {}", at("/status/artifact/revision"), at("/status/artifact/digest"));
    }
    if id.kind == Kind::new("v1", "Secret") {
        let version = object.resource_version().unwrap_or_default();
        return format!("{} {version}", object.uid().unwrap_or_default());
    }
    let labels = serde_json::to_string(&(object.labels(), object.annotations())).unwrap_or_default();
    let content = serde_json::to_string(&object.data).unwrap_or_default();
    digest(format!("{labels}\n{content}").as_bytes())
}

/// The same for several objects.
pub fn fingerprint_of_all(id: &InputId, objects: &[DynamicObject]) -> String {
    let mut all: Vec<String> = objects
        .iter()
        .map(|object| {
            let namespace = object.namespace().unwrap_or_default();
            format!("{namespace}/{} {}", object.name_any(), fingerprint(id, Some(object)))
        })
        .collect();
    all.sort();
    let mut hash = Sha256::new();
    for line in all {
        hash.update(line);
        hash.update([0]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(text: Value) -> DynamicObject {
        serde_json::from_value(text).expect("an object")
    }

    #[test]
    fn ids_are_read_as_they_are_written() {
        for id in [
            InputId::new(Kind::source("GitRepository"), "flux-system", "charts"),
            InputId::new(Kind::new("v1", "ConfigMap"), "icekube", "idtconfigmap"),
            InputId::new(Kind::new("v1", "Namespace"), "", "shop"),
            InputId::new(Kind::new("v1", "Secret"), "shop", ""),
        ] {
            assert_eq!(InputId::parse(&id.to_string()), Some(id));
        }
        assert_eq!(InputId::parse("v1 Secret"), None);
    }

    #[test]
    fn a_secret_s_content_is_not_in_its_fingerprint() {
        let id = InputId::new(Kind::new("v1", "Secret"), "shop", "a");
        let secret = |version: &str, data: &str| {
            object(json!({"metadata": {"name": "a", "uid": "u", "resourceVersion": version}, "data": {"x": data}}))
        };
        assert_eq!(fingerprint(&id, Some(&secret("1", "a"))), fingerprint(&id, Some(&secret("1", "b"))));
        assert_ne!(fingerprint(&id, Some(&secret("1", "a"))), fingerprint(&id, Some(&secret("2", "a"))));
    }

    #[test]
    fn only_what_matters_changes_a_fingerprint() {
        let id = InputId::new(Kind::source("GitRepository"), "a", "b");
        let source = |revision: &str, message: &str| {
            object(json!({"metadata": {"name": "b"}, "status": {
                "artifact": {"revision": revision, "digest": "sha256:1"}, "conditions": [{"message": message}]}}))
        };
        assert_eq!(fingerprint(&id, Some(&source("1", "a"))), fingerprint(&id, Some(&source("1", "b"))));
        assert_ne!(fingerprint(&id, Some(&source("1", "a"))), fingerprint(&id, Some(&source("2", "a"))));
        let id = InputId::new(Kind::new("v1", "ConfigMap"), "a", "b");
        let map = |version: &str, data: &str| {
            object(json!({"metadata": {"name": "b", "resourceVersion": version}, "data": {"x": data}}))
        };
        assert_eq!(fingerprint(&id, Some(&map("1", "a"))), fingerprint(&id, Some(&map("2", "a"))));
        assert_ne!(fingerprint(&id, Some(&map("1", "a"))), fingerprint(&id, Some(&map("1", "b"))));
        assert_ne!(fingerprint(&id, Some(&map("1", "a"))), fingerprint(&id, None));
    }
}
