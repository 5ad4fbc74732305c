//! What a render answers.

use contract::{Asked, ChartWanted, Hook, Problem, ReleaseOut, Role, Summary};
use serde::{Deserialize, Serialize};

/// A result, without its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rendered {
    /// The digest of everything that it was made from.
    pub digest: String,
    /// How many bytes of the reply's first part are the text that `chartwright render` prints. What follows are texts
    /// of objects that do not stand in it as they are.
    pub printed: u32,
    /// The objects, in the order in which they are installed.
    pub objects: Vec<ObjectHead>,
    /// The releases that it went through.
    pub releases: Vec<ReleaseOut>,
    /// What the objects amount to.
    pub summary: Summary,
    /// The notes.
    pub notes: String,
    /// What Helm warns of.
    pub warnings: Vec<String>,
    /// What is wrong; the rest still renders.
    pub problems: Vec<Problem>,
    /// What the API server refuses of the objects.
    pub refused: Vec<RefusedField>,
    /// Charts that were not given.
    pub wanted: Vec<ChartWanted>,
    /// What templates asked of the world.
    pub asked: Asked,
    /// How long the engine took, in milliseconds.
    pub took: f64,
}

/// A field of an object that the API server refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefusedField {
    /// The key of the object.
    pub object: String,
    /// The field, such as `spec.rules[0].host`.
    pub path: String,
    /// Its line in the object's text, from 1; 0 where it is not known.
    pub line: u32,
    /// The text or number that is refused; empty where none is the cause.
    pub value: String,
    /// What is wrong, in a sentence without a full stop.
    pub what: String,
}

/// An object, without its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectHead {
    /// What tells it from all others, and stays the same from render to render: level, HelmRelease, API group, kind,
    /// namespace and name, and a number where two are alike.
    pub key: String,
    /// What it is in its release.
    pub role: Role,
    /// The template that it comes from.
    pub source: String,
    /// 1: rendered from the subject; 2: from a chart that a HelmRelease in it names.
    pub level: u32,
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`
    pub name: String,
    /// `metadata.namespace`, or that of the release.
    pub namespace: String,
    /// `namespace/name` of the HelmRelease that deploys it.
    pub helm_release: Option<String>,
    /// The component of the descriptor that it belongs to.
    pub component: Option<String>,
    /// The chart's name and version.
    pub chart: Option<String>,
    /// What kind of hook it is.
    pub hook: Option<Hook>,
    /// Where its text starts in the reply's first part, in bytes.
    pub start: u32,
    /// Where its text ends, in bytes.
    pub end: u32,
    /// How many lines it has.
    pub lines: u32,
}
