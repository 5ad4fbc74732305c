//! What differs between two results.

use serde::{Deserialize, Serialize};

/// All differences, by object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// The digest of the result before.
    pub before: String,
    /// The digest of the result after.
    pub after: String,
    /// The objects that differ, in the order of the result after; those that went come where they were.
    pub objects: Vec<Changed>,
}

/// An object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// [`ObjectHead::key`](crate::ObjectHead::key).
    pub key: String,
    /// How it differs.
    pub change: Change,
    /// How many lines came.
    pub added: u32,
    /// How many lines went.
    pub removed: u32,
    /// The lines that differ, with three lines around them.
    pub hunks: Vec<Hunk>,
}

/// How an object differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its text differs.
    Modified,
}

/// Lines that follow each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// The first line before, from 1.
    pub before: u32,
    /// The first line after, from 1.
    pub after: u32,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line of a difference, without its line break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Line {
    /// It is in both.
    Same(String),
    /// It is only in the result before.
    Removed(String),
    /// It is only in the result after.
    Added(String),
}
