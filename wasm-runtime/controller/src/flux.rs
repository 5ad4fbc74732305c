//! The objects of Flux that a descriptor becomes.

use std::collections::BTreeSet;

use descriptor::types::{Artifact, Release};
use serde_json::{Value, json};

use crate::cluster::{NAME_LABEL, NAMESPACE_LABEL};
use crate::inventory::ObjectId;

/// How often Flux looks at a release if its descriptor does not say.
pub const INTERVAL: &str = "10m";

/// The descriptor that objects are made for.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
}

impl Owner<'_> {
    /// The metadata of an object that bears its name.
    fn metadata(self) -> Value {
        json!({
            "name": self.name,
            "namespace": self.namespace,
            "labels": {NAMESPACE_LABEL: self.namespace, NAME_LABEL: self.name},
        })
    }

    /// The `ExternalArtifact` that Flux finds the chart by.
    pub fn external_artifact(self) -> Value {
        json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "ExternalArtifact",
            "metadata": self.metadata(),
            "spec": {"sourceRef": {
                "apiVersion": descriptor::types::API_VERSION,
                "kind": descriptor::types::KIND,
                "name": self.name,
                "namespace": self.namespace,
            }},
        })
    }

    /// Its status: it is ready as soon as it names an artifact, for helm-controller looks at nothing else.
    pub fn external_artifact_status(self, artifact: &Artifact, generation: Option<i64>) -> Value {
        json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "ExternalArtifact",
            "metadata": {"name": self.name, "namespace": self.namespace},
            "status": {
                "artifact": artifact,
                "conditions": [{
                    "type": "Ready",
                    "status": "True",
                    "reason": "Succeeded",
                    "message": format!("stored artifact with revision '{}'", artifact.revision),
                    "lastTransitionTime": artifact.last_update_time,
                    "observedGeneration": generation.unwrap_or(1),
                }],
            },
        })
    }

    /// The `HelmRelease` that deploys the chart. `suspend` is there only while it is true: somebody may have suspended
    /// the release by hand.
    pub fn helm_release(self, release: &Release, account: Option<&str>, chart_ref: &Value) -> Value {
        let mut spec = json!({
            "interval": release.interval.as_deref().unwrap_or(INTERVAL),
            // Without it, Flux puts the target namespace before the name, and components are called otherwise.
            "releaseName": self.name,
            "chartRef": chart_ref,
        });
        let mut set = |key: &str, value: Value| spec[key] = value;
        if let Some(target) = target_namespace(self, release) {
            set("targetNamespace", target.into());
        }
        if let Some(account) = account {
            set("serviceAccountName", account.into());
        }
        if release.suspend {
            set("suspend", true.into());
        }
        if !release.values_from.is_empty() {
            set("valuesFrom", json!(release.values_from));
        }
        if !release.values.is_empty() {
            set("values", Value::Object(release.values.clone()));
        }
        json!({
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "metadata": self.metadata(),
            "spec": spec,
        })
    }

    /// The id of its `HelmRelease`.
    pub fn release_id(self) -> ObjectId {
        self.id("helm.toolkit.fluxcd.io", "HelmRelease", "v2")
    }

    /// The id of its `ExternalArtifact`.
    pub fn artifact_id(self) -> ObjectId {
        self.id("source.toolkit.fluxcd.io", "ExternalArtifact", "v1")
    }

    fn id(self, group: &str, kind: &str, version: &str) -> ObjectId {
        ObjectId {
            namespace: self.namespace.to_owned(),
            name: self.name.to_owned(),
            group: group.to_owned(),
            kind: kind.to_owned(),
            version: version.to_owned(),
        }
    }

    /// The objects that every descriptor with a published chart has.
    pub fn objects(self) -> BTreeSet<ObjectId> {
        BTreeSet::from([self.release_id(), self.artifact_id()])
    }
}

/// The namespace that is deployed to, if it is not the descriptor's own.
pub fn target_namespace<'a>(owner: Owner<'_>, release: &'a Release) -> Option<&'a str> {
    release.target_namespace.as_deref().filter(|target| !target.is_empty() && *target != owner.namespace)
}

/// A namespace that does not exist yet.
pub fn namespace(owner: Owner<'_>, name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {NAMESPACE_LABEL: owner.namespace, NAME_LABEL: owner.name}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_says_only_what_is_asked_for() {
        let owner = Owner { namespace: "shop", name: "web" };
        let chart = json!({"kind": "ExternalArtifact", "name": "web"});
        let plain = owner.helm_release(&Release::default(), None, &chart);
        assert_eq!(plain["spec"], json!({"interval": "10m", "releaseName": "web", "chartRef": chart}));
        let own = Release { target_namespace: Some("shop".into()), ..Release::default() };
        assert_eq!(owner.helm_release(&own, None, &chart)["spec"].get("targetNamespace"), None);
        let full = Release { target_namespace: Some("other".into()), suspend: true, ..Release::default() };
        let full = owner.helm_release(&full, Some("robot"), &chart);
        assert_eq!(
            full["spec"],
            json!({"interval": "10m", "releaseName": "web", "chartRef": chart, "targetNamespace": "other",
                   "serviceAccountName": "robot", "suspend": true})
        );
    }
}
