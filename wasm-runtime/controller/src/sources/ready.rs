//! What a source's status says.

use kube::api::DynamicObject;
use serde_json::Value;

/// An artifact as `status.artifact` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Where it is.
    pub url: String,
    /// Its revision: `main@sha1:…`, `1.2.0@sha256:…`, `1.2.0`.
    pub revision: String,
    /// Its digest, `sha256:…`.
    pub digest: String,
}

/// Why a source has nothing to fetch yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotReady {
    /// Nothing was fetched so far.
    #[error("it has no artifact yet{}", reason(.0))]
    NoArtifact(String),
    /// Its last change has not been looked at.
    #[error("its last change has not been reconciled yet{}", reason(.0))]
    NotObserved(String),
    /// It cannot get any further.
    #[error("it is stalled{}", reason(.0))]
    Stalled(String),
    /// The status lacks what an artifact must have.
    #[error("its artifact has no {0}")]
    Incomplete(&'static str),
}

fn reason(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

/// The artifact of a source that consumers may use, by the rules of Flux's own consumers: the last change was observed
/// and is not stalled. An `ExternalArtifact` has no such generation: it counts as soon as it is there.
///
/// # Errors
/// Why there is none.
pub fn artifact(kind: &str, object: &DynamicObject) -> Result<Artifact, NotReady> {
    let at = |path: &str| object.data.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let condition = |kind: &str| {
        let conditions = object.data.pointer("/status/conditions").and_then(Value::as_array);
        conditions.into_iter().flatten().find(|c| c.get("type").and_then(Value::as_str) == Some(kind))
    };
    let said = |condition: Option<&Value>| {
        condition.and_then(|c| c.get("message")).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    if kind != "ExternalArtifact" {
        let stalled = condition("Stalled").filter(|c| c.get("status").and_then(Value::as_str) == Some("True"));
        if stalled.is_some() {
            return Err(NotReady::Stalled(said(stalled)));
        }
        let observed = object.data.pointer("/status/observedGeneration").and_then(Value::as_i64);
        let has_artifact = object.data.pointer("/status/artifact").is_some();
        if has_artifact && object.metadata.generation.is_some() && observed != object.metadata.generation {
            return Err(NotReady::NotObserved(said(condition("Ready"))));
        }
    }
    if object.data.pointer("/status/artifact").is_none_or(Value::is_null) {
        return Err(NotReady::NoArtifact(said(condition("Ready"))));
    }
    let field = |path: &str, name: &'static str| {
        let text = at(path);
        if text.is_empty() { Err(NotReady::Incomplete(name)) } else { Ok(text.to_owned()) }
    };
    Ok(Artifact {
        url: field("/status/artifact/url", "url")?,
        revision: field("/status/artifact/revision", "revision")?,
        digest: field("/status/artifact/digest", "digest")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(status: Value) -> DynamicObject {
        serde_json::from_value(json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": {"name": "charts", "generation": 2}, "status": status,
        }))
        .expect("an object")
    }

    #[test]
    fn only_what_was_observed_counts() {
        let stored = json!({"url": "http://h/a.tar.gz", "revision": "main@sha1:1", "digest": "sha256:1"});
        let ready = object(json!({"observedGeneration": 2, "artifact": stored}));
        assert_eq!(artifact("GitRepository", &ready).expect("ready").revision, "main@sha1:1");
        let old = object(json!({"observedGeneration": 1, "artifact": stored}));
        assert_eq!(artifact("GitRepository", &old), Err(NotReady::NotObserved(String::new())));
        assert!(artifact("ExternalArtifact", &old).is_ok());
        let stalled = json!({"observedGeneration": 2, "artifact": stored,
            "conditions": [{"type": "Stalled", "status": "True", "message": "no such branch"}]});
        let error = artifact("GitRepository", &object(stalled)).expect_err("stalled");
        assert_eq!(error.to_string(), "it is stalled: no such branch");
        let none = json!({"observedGeneration": -1, "conditions": [{"type": "Ready", "message": "cloning"}]});
        let error = artifact("GitRepository", &object(none)).expect_err("no artifact");
        assert_eq!(error.to_string(), "it has no artifact yet: cloning");
        let bare = json!({"observedGeneration": 2, "artifact": {"url": "http://h/a", "revision": "r"}});
        assert_eq!(artifact("GitRepository", &object(bare)), Err(NotReady::Incomplete("digest")));
    }
}
