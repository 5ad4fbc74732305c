//! What helm-controller makes of a release.

use kube::api::DynamicObject;
use serde_json::Value;

/// What helm-controller says of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// It has not come to this chart yet.
    Waiting(String),
    /// The chart is installed.
    Ready(String),
    /// It failed.
    Failed {
        /// What helm-controller says.
        message: String,
        /// Whether it tries again by itself.
        retries: bool,
    },
    /// helm-controller does not accept `ExternalArtifact`s at all.
    GateOff(String),
    /// Somebody suspended it.
    Suspended,
}

/// Reads the status of a release. `digest` is that of the chart that it should have; `generation` is that of its own
/// last change.
pub fn state(release: &DynamicObject, digest: &str, generation: Option<i64>) -> Release {
    let at = |path: &str| release.data.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let condition = |kind: &str| {
        let conditions = release.data.pointer("/status/conditions").and_then(Value::as_array);
        conditions.into_iter().flatten().find(|c| c.get("type").and_then(Value::as_str) == Some(kind))
    };
    let text = |condition: Option<&Value>, key: &str| {
        condition.and_then(|c| c.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    if release.data.pointer("/spec/suspend").and_then(Value::as_bool) == Some(true) {
        return Release::Suspended;
    }
    let (ready, stalled, reconciling) = (condition("Ready"), condition("Stalled"), condition("Reconciling"));
    let said = text(ready, "message");
    let waiting = |said: String| Release::Waiting(if said.is_empty() { text(reconciling, "message") } else { said });
    let observed = release.data.pointer("/status/observedGeneration").and_then(Value::as_i64);
    let is_true = |condition: Option<&Value>| text(condition, "status") == "True";
    if is_true(stalled) && text(stalled, "reason") == "AccessDenied" {
        return if said.contains("feature gate") { Release::GateOff(said) } else { failed(said, false) };
    }
    if observed.unwrap_or(-1) < generation.or(release.metadata.generation).unwrap_or(0) {
        return waiting(String::new());
    }
    match text(ready, "status").as_str() {
        "True" if has(at("/status/lastAttemptedRevision"), at("/status/lastAttemptedRevisionDigest"), digest) => {
            Release::Ready(said)
        }
        "False" if is_true(stalled) => failed(said, false),
        // The failure may be that of the chart before.
        "False" => failed(said, true),
        "True" => waiting("helm-controller has not seen the new chart yet".to_owned()),
        _ => waiting(said),
    }
}

fn failed(message: String, retries: bool) -> Release {
    Release::Failed { message, retries }
}

/// Whether a release was made from this chart: helm-controller notes the digest, and the version with its first digits.
fn has(revision: &str, attempted: &str, digest: &str) -> bool {
    if !attempted.is_empty() {
        return attempted == digest;
    }
    let hex = digest.rsplit(':').next().unwrap_or_default();
    match revision.split_once('+') {
        Some((_, build)) => hex.starts_with(build) && !build.is_empty(),
        // Digests are not tracked: nothing tells charts of one version apart.
        None => !revision.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef";

    fn release(status: Value) -> DynamicObject {
        serde_json::from_value(json!({
            "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
            "metadata": {"name": "shop", "generation": 2}, "spec": {}, "status": status,
        }))
        .expect("an object")
    }

    fn ready(status: &str, message: &str) -> Value {
        json!([{"type": "Ready", "status": status, "message": message, "reason": "X"}])
    }

    #[test]
    fn only_the_chart_that_was_published_is_ready() {
        let state = |status| state(&release(status), DIGEST, None);
        assert_eq!(state(json!({})), Release::Waiting(String::new()));
        let old = json!({"observedGeneration": 1, "conditions": ready("True", "old")});
        assert_eq!(state(old), Release::Waiting(String::new()));
        let before = json!({"observedGeneration": 2, "conditions": ready("True", "old"),
            "lastAttemptedRevision": "1.0.0+fedcba987654"});
        assert!(matches!(state(before), Release::Waiting(_)));
        for now in [
            json!({"lastAttemptedRevision": "1.0.0+0123456789ab"}),
            json!({"lastAttemptedRevision": "1.0.0"}),
            json!({"lastAttemptedRevision": "1.0.0", "lastAttemptedRevisionDigest": DIGEST}),
        ] {
            let mut status = now;
            status["observedGeneration"] = 2.into();
            status["conditions"] = ready("True", "installed");
            assert_eq!(state(status), Release::Ready("installed".into()));
        }
    }

    #[test]
    fn failures_tell_whether_they_are_final() {
        let failure = json!({"observedGeneration": 2, "conditions": ready("False", "broken")});
        assert_eq!(state(&release(failure), DIGEST, None), failed("broken".into(), true));
        let stalled = json!({"observedGeneration": 2, "conditions": [
            {"type": "Ready", "status": "False", "message": "broken"},
            {"type": "Stalled", "status": "True", "reason": "RetriesExceeded"},
        ]});
        assert_eq!(state(&release(stalled), DIGEST, None), failed("broken".into(), false));
    }

    #[test]
    fn the_gate_is_told_from_other_refusals() {
        let refused = |message: &str| {
            release(json!({"observedGeneration": 2, "conditions": [
                {"type": "Ready", "status": "False", "message": message},
                {"type": "Stalled", "status": "True", "reason": "AccessDenied", "message": message},
            ]}))
        };
        let off = "can't access 'ExternalArtifact/default/a', ExternalArtifact feature gate is disabled";
        assert_eq!(state(&refused(off), DIGEST, None), Release::GateOff(off.into()));
        assert_eq!(state(&refused("no cross-namespace"), DIGEST, None), failed("no cross-namespace".into(), false));
    }
}
