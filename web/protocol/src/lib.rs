//! Messages between Chartwright's page and its worker.
//!
//! A message is a head, which is JSON, and parts, which are bytes: archives, texts. Parts are transferred, not copied.
//! The page numbers its requests; a reply says which one it answers. What an engine takes and gives keeps the contract's
//! types, so a page over the API and a page over a worker differ in nothing but the way.
//!
//! Requests and replies are `{"name": {fields}}` in JSON. With the name among the fields, every type in them would be
//! read in a second way, and that code would be a sixth of what the page may have.

mod changes;
mod chart;
mod export;
mod render;

pub use changes::{Change, Changed, Changes, Hunk, Line};
pub use chart::{ChartFile, ChartInfo, Dependency};
pub use export::{ArgocdFiles, Export, FluxFiles};
pub use render::{ObjectHead, RefusedField, Rendered};

use contract::Failure;
use serde::{Deserialize, Serialize};

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Request {
    /// Keeps a chart, and says what is in it: [`Reply::Loaded`]. Without files, the first part is its archive; with
    /// files, each has a part, in order. Later requests name the chart by its digest.
    #[serde(rename_all = "camelCase")]
    Load {
        /// How messages name it.
        name: String,
        /// The paths of a folder's files.
        files: Vec<String>,
    },
    /// Renders: [`Reply::Rendered`]. The first part is the JSON of a [`contract::RenderInput`]. The worker keeps the
    /// last results by [`Rendered::digest`].
    Render,
    /// A call of the engine as it stands in the contract: [`Reply::Answer`]. The first part is the input's JSON.
    Call {
        /// Which one.
        call: contract::Call,
    },
    /// What differs between two results that the worker keeps: [`Reply::Changes`].
    Changes {
        /// The digest of the one before.
        before: String,
        /// The digest of the one after.
        after: String,
    },
    /// Reads compose files into a descriptor: [`Reply::Imported`]. Each file has a part, in order; the first is the
    /// compose file, and `.env` has variables.
    Import {
        /// Their paths.
        files: Vec<String>,
    },
    /// The files of a repository that deploys a descriptor's module, as `chartwright export` writes them:
    /// [`Reply::Exported`]. The first part is the JSON of a [`contract::ExpandInput`].
    Export {
        /// For whom.
        to: Export,
    },
    /// A zip archive of files: [`Reply::Packed`]. Each file has a part, in order, and behind them each chart.
    Pack {
        /// Their paths.
        files: Vec<String>,
        /// Folders that chart archives are unpacked into.
        charts: Vec<String>,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Reply {
    /// A chart is kept.
    Loaded(Box<ChartInfo>),
    /// A render; the first part is the text as `chartwright render` prints it, which [`ObjectHead::start`] points into.
    Rendered(Box<Rendered>),
    /// The first part is the JSON of a [`contract::Answer`].
    Answer,
    /// What differs.
    Changes(Changes),
    /// The first part is the descriptor's text.
    Imported {
        /// What could not be carried, or behaves otherwise.
        problems: Vec<contract::Problem>,
        /// Descriptors and charts beside the first descriptor: their paths; each has a part behind it.
        files: Vec<String>,
    },
    /// Each file has a part, in order. There are none where the descriptor has errors.
    Exported {
        /// What is not as it should be.
        problems: Vec<contract::Problem>,
        /// Their paths in the repository.
        files: Vec<String>,
    },
    /// The first part is the archive.
    Packed,
    /// It was not begun: a newer request took its place.
    Superseded,
    /// This engine only renders charts: the page starts the one that can do more, and asks that. Only the bridge sees it.
    NeedsModules,
    /// It could not be done.
    Failed(Failure),
}
