//! Modules in a cluster, as a page gets them.

use serde::Deserialize;

/// Everything that runs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Operations {
    /// When this was true: seconds since 1970. A recording is of the past.
    pub at: i64,
    /// Whether it is a recording.
    pub recorded: bool,
    /// The cluster.
    pub cluster: String,
    /// The modules.
    pub modules: Vec<Module>,
}

/// How something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Everything is as it should be.
    Ready,
    /// It is on its way.
    Progressing,
    /// It cannot go on by itself.
    Failed,
    /// A person stopped it.
    Suspended,
    /// Nobody said.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Health {
    /// All of them, the worst first.
    pub const ALL: [Health; 5] =
        [Health::Failed, Health::Progressing, Health::Suspended, Health::Unknown, Health::Ready];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Health::Ready => "Ready",
            Health::Progressing => "Progressing",
            Health::Failed => "Failed",
            Health::Suspended => "Suspended",
            Health::Unknown => "Unknown",
        }
    }

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Health::Ready => "ready",
            Health::Progressing => "progressing",
            Health::Failed => "failed",
            Health::Suspended => "suspended",
            Health::Unknown => "unknown",
        }
    }
}

/// A module in a cluster.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Module {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The version that is wanted.
    pub version: String,
    /// The version that runs, where it is another.
    pub running: String,
    /// How it is.
    pub health: Health,
    /// Why, in a sentence.
    pub reason: String,
    /// Since when: seconds since 1970.
    pub since: i64,
    /// How many of its releases are ready.
    pub ready: u32,
    /// How many it has.
    pub releases: u32,
    /// Objects that differ from what was deployed.
    pub drift: Vec<String>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// Its objects.
    pub objects: Vec<Object>,
    /// What was deployed, the newest first.
    pub history: Vec<Revision>,
}

/// A condition.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition {
    /// Its type: `Ready`.
    pub kind: String,
    /// Whether it holds.
    pub holds: bool,
    /// What it says.
    pub message: String,
    /// Since when.
    pub since: i64,
}

/// An object in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Object {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How it is.
    pub health: Health,
    /// Why.
    pub reason: String,
}

/// Something that was deployed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Revision {
    /// Its version.
    pub version: String,
    /// When.
    pub at: i64,
    /// What changed, in words.
    pub summary: String,
}
