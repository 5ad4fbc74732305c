//! Conditions as Flux and kstatus read them.
//!
//! `Ready` is always there. `Reconciling` and `Stalled` are there only while
//! they are true: kstatus takes `Stalled` for a failure that no retry cures,
//! and `Reconciling` for work in progress. They exclude each other.

use std::fmt;

use descriptor::types::{Condition, Status};

/// The condition that tells whether the object is as it should be.
pub const READY: &str = "Ready";
/// The condition that is there while work goes on, or is tried again.
pub const RECONCILING: &str = "Reconciling";
/// The condition that is there when only a change of the object or of what it refers to can help.
pub const STALLED: &str = "Stalled";

/// Why a condition is as it is: one word for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// All that the object asks for is applied.
    Succeeded,
    /// It is being reconciled.
    Progressing,
    /// It failed, and is tried again.
    ProgressingWithRetry,
    /// A source has no artifact yet.
    SourceNotReady,
    /// An artifact could not be fetched, or is not what its source says.
    ArtifactFailed,
    /// The descriptor is not valid.
    InvalidDescriptor,
    /// The chart could not be made or does not render.
    BuildFailed,
    /// Values that the descriptor refers to cannot be read.
    ValuesError,
    /// A reference to another namespace is not allowed, or Flux refuses the artifact.
    AccessDenied,
    /// The archive could not be stored.
    StorageFailed,
    /// Objects could not be applied.
    ApplyFailed,
    /// What the chart deploys breaks a policy.
    PolicyViolated,
    /// Flux could not install the chart.
    ReleaseFailed,
    /// It is suspended.
    Suspended,
    /// It is being deleted, and what it deployed is not gone yet.
    Deleting,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The outcome of a reconciliation, as conditions tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Ready,
    /// What can be done is done, and Flux is at work: `Ready` is unknown.
    Progressing,
    /// Failed; it is tried again.
    Retry,
    /// Failed; trying again does not help.
    Stalled,
    /// Left as it is: `Ready` keeps its status.
    Suspended,
}

/// Sets the conditions of an outcome, and the generation that it is about.
///
/// The time of a condition changes only with its status, so that a status
/// that says the same is the same, byte for byte, and need not be written.
pub fn set(status: &mut Status, outcome: Outcome, reason: Reason, message: &str, generation: Option<i64>, now: &str) {
    let last = status.conditions.iter().find(|condition| condition.type_ == READY);
    let last = last.map_or_else(|| "Unknown".to_owned(), |condition| condition.status.clone());
    let wanted: &[(&str, &str, Reason)] = match outcome {
        Outcome::Ready => &[(READY, "True", reason)],
        Outcome::Progressing => &[(READY, "Unknown", reason), (RECONCILING, "True", reason)],
        Outcome::Retry => &[(READY, "False", reason), (RECONCILING, "True", Reason::ProgressingWithRetry)],
        Outcome::Stalled => &[(READY, "False", reason), (STALLED, "True", reason)],
        Outcome::Suspended => &[(READY, &last, reason)],
    };
    let message = shortened(message);
    let before = std::mem::take(&mut status.conditions);
    status.conditions = wanted
        .iter()
        .map(|&(type_, value, reason)| Condition {
            type_: type_.to_owned(),
            status: value.to_owned(),
            reason: reason.to_string(),
            message: message.to_owned(),
            last_transition_time: before
                .iter()
                .find(|old| old.type_ == type_ && old.status == value)
                .map_or_else(|| now.to_owned(), |old| old.last_transition_time.clone()),
            observed_generation: generation,
        })
        .collect();
    status.observed_generation = generation;
}

/// The text, cut at a character where the API's limit for messages is passed.
fn shortened(text: &str) -> &str {
    const MOST: usize = 32_000;
    &text[..text.floor_char_boundary(MOST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(status: &Status) -> Vec<(&str, &str, &str)> {
        status.conditions.iter().map(|c| (c.type_.as_str(), c.status.as_str(), c.reason.as_str())).collect()
    }

    #[test]
    fn conditions_follow_the_outcome() {
        let mut status = Status::default();
        set(&mut status, Outcome::Progressing, Reason::Progressing, "at work", Some(1), "t0");
        assert_eq!(types(&status), [("Ready", "Unknown", "Progressing"), ("Reconciling", "True", "Progressing")]);
        assert_eq!(status.observed_generation, Some(1));
        set(&mut status, Outcome::Retry, Reason::ArtifactFailed, "404", Some(1), "t1");
        assert_eq!(
            types(&status),
            [("Ready", "False", "ArtifactFailed"), ("Reconciling", "True", "ProgressingWithRetry")]
        );
        set(&mut status, Outcome::Stalled, Reason::BuildFailed, "broken", Some(1), "t2");
        assert_eq!(types(&status), [("Ready", "False", "BuildFailed"), ("Stalled", "True", "BuildFailed")]);
        assert_eq!(status.conditions[0].last_transition_time, "t1", "Ready was false before");
        assert_eq!(status.conditions[1].last_transition_time, "t2");
        set(&mut status, Outcome::Suspended, Reason::Suspended, "suspended", Some(2), "t2");
        assert_eq!(types(&status), [("Ready", "False", "Suspended")], "the status stays");
        set(&mut status, Outcome::Ready, Reason::Succeeded, "applied", Some(2), "t3");
        assert_eq!(types(&status), [("Ready", "True", "Succeeded")]);
        assert_eq!(status.observed_generation, Some(2));
    }

    #[test]
    fn the_same_outcome_is_the_same_status() {
        let mut status = Status::default();
        set(&mut status, Outcome::Ready, Reason::Succeeded, "applied", Some(1), "t0");
        let before = status.clone();
        set(&mut status, Outcome::Ready, Reason::Succeeded, "applied", Some(1), "t9");
        assert_eq!(status, before);
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        let mut status = Status::default();
        set(&mut status, Outcome::Stalled, Reason::BuildFailed, &"€".repeat(20_000), Some(1), "t0");
        let message = &status.conditions[0].message;
        assert!(message.len() <= 32_000 && message.ends_with('€'), "{}", message.len());
    }
}
