//! How reconciliations end, as the status says it.

use descriptor::types::{API_VERSION, Artifact, Status};
use k8s_openapi::api::core::v1::ObjectReference;
use kube::ResourceExt;
use kube::api::DynamicObject;
use serde_json::json;

use super::Context;
use crate::build::Refused;
use crate::conditions::{self, Outcome, READY, Reason};
use crate::events::{Said, Severity};
use crate::gate::Release;
use crate::publish::PublishError;
use crate::sources::{FetchError, Trouble};
use crate::time::now;

/// How a reconciliation ended.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) outcome: Outcome,
    pub(super) reason: Reason,
    pub(super) message: String,
    /// Whether it waits for another object, which a watch reports, and not for better luck.
    pub(super) waits: bool,
}

impl End {
    pub(super) fn new(outcome: Outcome, reason: Reason, message: impl Into<String>) -> End {
        End { outcome, reason, message: message.into(), waits: false }
    }

    /// One word, for metrics.
    pub(super) fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Ready => "ready",
            Outcome::Progressing => "progressing",
            Outcome::Retry => "retry",
            Outcome::Stalled => "stalled",
            Outcome::Suspended => "suspended",
        }
    }

    /// A source cannot be used now.
    pub(super) fn trouble(trouble: &Trouble) -> End {
        let (reason, waits) = match trouble {
            Trouble::Missing(_) | Trouble::NotReady { .. } => (Reason::SourceNotReady, true),
            Trouble::OtherNamespace(_) => (Reason::AccessDenied, false),
            Trouble::Fetch { why: FetchError::NotFound(_), .. } => (Reason::ArtifactFailed, true),
            _ => (Reason::ArtifactFailed, false),
        };
        let outcome = if trouble.may_pass() { Outcome::Retry } else { Outcome::Stalled };
        End { outcome, reason, message: trouble.to_string(), waits }
    }

    /// A chart could not be built.
    pub(super) fn refused(refused: &Refused) -> End {
        let reason = match refused {
            Refused::Source(trouble) => return End::trouble(trouble),
            Refused::Invalid(_) => Reason::InvalidDescriptor,
            Refused::Policy(_) => Reason::PolicyViolated,
            Refused::NoValues(_) => Reason::ValuesError,
            Refused::LookUp { why, .. } if crate::cluster::is_refusal(why) => Reason::AccessDenied,
            _ => Reason::BuildFailed,
        };
        let outcome = if refused.may_pass() { Outcome::Retry } else { Outcome::Stalled };
        let waits = matches!(refused, Refused::NoValues(_));
        End { outcome, reason, message: refused.to_string(), waits }
    }

    /// A chart could not be published.
    pub(super) fn unpublished(error: &PublishError) -> End {
        let reason = match error {
            PublishError::Storage(_) => Reason::StorageFailed,
            _ => Reason::ApplyFailed,
        };
        End::new(Outcome::Retry, reason, error.to_string())
    }

    /// The API does not take an object.
    pub(super) fn unapplied(what: &str, error: &kube::Error) -> End {
        let message = format!("the {what} cannot be applied: {}", crate::cluster::message(error));
        End::new(Outcome::Retry, Reason::ApplyFailed, message)
    }

    /// Everything is applied: what Flux makes of it.
    pub(super) fn released(release: Release, artifact: &Artifact) -> End {
        let revision = &artifact.revision;
        match release {
            Release::Ready(said) => {
                End::new(Outcome::Ready, Reason::Succeeded, format!("{revision} is installed: {said}"))
            }
            Release::Waiting(said) => {
                let said = if said.is_empty() { String::new() } else { format!(": {said}") };
                let message = format!("{revision} is published; waiting for the HelmRelease{said}");
                End { waits: true, ..End::new(Outcome::Progressing, Reason::Progressing, message) }
            }
            Release::Failed { message, retries } => {
                let outcome = if retries { Outcome::Retry } else { Outcome::Stalled };
                let message = format!("{revision} is published, but the HelmRelease failed: {message}");
                End { waits: true, ..End::new(outcome, Reason::ReleaseFailed, message) }
            }
            Release::GateOff(said) => End::new(
                Outcome::Stalled,
                Reason::AccessDenied,
                format!(
                    "helm-controller does not accept ExternalArtifacts: start it with \
                     --feature-gates=ExternalArtifact=true (it says: {said})"
                ),
            ),
            Release::Suspended => {
                let message = format!("{revision} is published, but its HelmRelease is suspended");
                End::new(Outcome::Suspended, Reason::Suspended, message)
            }
        }
    }
}

/// Writes a status, unless the object has it already, and tells what happened if that is news.
///
/// # Errors
/// If the API does not answer, or refuses.
pub(super) async fn write(
    context: &Context,
    kind: &str,
    object: &DynamicObject,
    before: &Status,
    status: &mut Status,
    end: &End,
) -> Result<(), kube::Error> {
    conditions::set(status, end.outcome, end.reason, &end.message, object.metadata.generation, &now());
    if status == before {
        return Ok(());
    }
    let body = json!({
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": object.name_any(), "namespace": object.namespace()},
        "status": status,
    });
    context.cluster.apply_status(&body).await?;
    let ready = |status: &Status| {
        let condition = status.conditions.iter().find(|condition| condition.type_ == READY);
        condition.map(|c| (c.status.clone(), c.reason.clone(), c.message.clone()))
    };
    if ready(status) != ready(before) {
        let severity = match end.outcome {
            Outcome::Retry | Outcome::Stalled => Severity::Error,
            _ => Severity::Info,
        };
        let said = Said {
            object: reference(kind, object),
            severity,
            reason: end.reason.to_string(),
            message: end.message.clone(),
            revision: status.artifact.as_ref().map(|artifact| artifact.revision.clone()),
        };
        context.events.say(&said).await;
    }
    Ok(())
}

/// An object as events refer to it.
fn reference(kind: &str, object: &DynamicObject) -> ObjectReference {
    ObjectReference {
        api_version: Some(API_VERSION.to_owned()),
        kind: Some(kind.to_owned()),
        name: object.metadata.name.clone(),
        namespace: object.metadata.namespace.clone(),
        uid: object.metadata.uid.clone(),
        resource_version: object.metadata.resource_version.clone(),
        field_path: None,
    }
}
