//! What happened, for people: Kubernetes' events, and messages to Flux's notification-controller.

use std::collections::BTreeMap;
use std::time::Duration;

use k8s_openapi::api::core::v1::ObjectReference;
use kube::Client;
use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use ureq::Agent;

use crate::cluster::MANAGER;
use crate::time::now;

/// How many messages may wait for notification-controller.
const WAITING: usize = 256;
/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest text of a Kubernetes event.
const MOST_OF_NOTE: usize = 1000;
/// The group of metadata that Flux's notifications understand.
const GROUP: &str = "chartwright.dev";

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something went as it should.
    Info,
    /// Something failed.
    Error,
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Said {
    /// The object.
    pub object: ObjectReference,
    /// How bad it is.
    pub severity: Severity,
    /// One word for programs.
    pub reason: String,
    /// The text.
    pub message: String,
    /// The chart's revision, if there is one.
    pub revision: Option<String>,
}

/// A message as notification-controller takes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    involved_object: &'a ObjectReference,
    severity: Severity,
    timestamp: String,
    message: &'a str,
    reason: &'a str,
    metadata: BTreeMap<String, &'a str>,
    reporting_controller: &'static str,
    reporting_instance: &'a str,
}

/// Tells what happened.
#[derive(Clone)]
pub struct Events {
    recorder: Option<Recorder>,
    messages: Option<mpsc::Sender<String>>,
    instance: String,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").field("instance", &self.instance).finish_non_exhaustive()
    }
}

impl Events {
    /// Nobody is told.
    pub fn none() -> Events {
        Events { recorder: None, messages: None, instance: String::new() }
    }

    /// Kubernetes' events, and messages to an address unless that is empty. To be called on a runtime of tokio.
    pub fn new(client: Client, address: &str, instance: &str) -> Events {
        let reporter = Reporter { controller: MANAGER.to_owned(), instance: Some(instance.to_owned()) };
        let messages = (!address.is_empty()).then(|| {
            let (sender, receiver) = mpsc::channel(WAITING);
            tokio::spawn(send(address.to_owned(), receiver));
            sender
        });
        Events { recorder: Some(Recorder::new(client, reporter)), messages, instance: instance.to_owned() }
    }

    /// Tells what happened. What cannot be told is logged and forgotten: nothing waits for it.
    pub async fn say(&self, said: &Said) {
        let note = said.message.get(..said.message.floor_char_boundary(MOST_OF_NOTE)).unwrap_or_default();
        match said.severity {
            Severity::Info => tracing::info!(reason = said.reason, "{note}"),
            Severity::Error => tracing::error!(reason = said.reason, "{note}"),
        }
        if let Some(recorder) = &self.recorder {
            let event = Event {
                type_: if said.severity == Severity::Error { EventType::Warning } else { EventType::Normal },
                reason: said.reason.clone(),
                note: Some(note.to_owned()),
                action: said.reason.clone(),
                secondary: None,
            };
            if let Err(error) = recorder.publish(&event, &said.object).await {
                tracing::warn!(%error, "an event could not be written");
            }
        }
        if let Some(messages) = &self.messages {
            let sent = serde_json::to_string(&self.message(said)).is_ok_and(|text| messages.try_send(text).is_ok());
            if !sent {
                tracing::warn!("a message to notification-controller was dropped: too many are waiting");
            }
        }
    }

    fn message<'a>(&'a self, said: &'a Said) -> Message<'a> {
        let revision = said.revision.iter().map(|revision| (format!("{GROUP}/revision"), revision.as_str()));
        Message {
            involved_object: &said.object,
            severity: said.severity,
            timestamp: now(),
            message: &said.message,
            reason: &said.reason,
            metadata: revision.collect(),
            reporting_controller: MANAGER,
            reporting_instance: &self.instance,
        }
    }
}

/// Sends messages, one after the other.
async fn send(address: String, mut messages: mpsc::Receiver<String>) {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).timeout_global(Some(PATIENCE));
    let agent = Agent::from(config.build());
    while let Some(text) = messages.recv().await {
        let (agent, address) = (agent.clone(), address.clone());
        let sent = spawn_blocking(move || {
            let response = agent.post(&address).header("content-type", "application/json").send(text)?;
            Ok::<u16, ureq::Error>(response.status().as_u16())
        });
        match sent.await {
            // 429: it has just heard the same.
            Ok(Ok(200..300 | 429)) | Err(_) => {}
            Ok(Ok(status)) => tracing::warn!(status, "notification-controller refused a message"),
            Ok(Err(error)) => tracing::warn!(%error, "notification-controller cannot be reached"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_notification_controller_s() {
        let events = Events { instance: "pod-1".into(), ..Events::none() };
        let said = Said {
            object: ObjectReference { kind: Some("HelmChartDescriptor".into()), ..ObjectReference::default() },
            severity: Severity::Error,
            reason: "BuildFailed".into(),
            message: "broken".into(),
            revision: Some("1.0.0@sha256:1".into()),
        };
        let mut message = serde_json::to_value(events.message(&said)).expect("JSON");
        assert!(message["timestamp"].take().is_string());
        assert_eq!(
            message,
            serde_json::json!({
                "involvedObject": {"kind": "HelmChartDescriptor"}, "severity": "error", "timestamp": null,
                "message": "broken", "reason": "BuildFailed",
                "metadata": {"chartwright.dev/revision": "1.0.0@sha256:1"},
                "reportingController": "chartwright-controller", "reportingInstance": "pod-1",
            })
        );
    }
}
