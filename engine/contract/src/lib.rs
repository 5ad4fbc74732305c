//! What goes between Chartwright's engine and its hosts: JSON in, JSON out, with a version.
//!
//! The same types are the bodies of the Extism plugin's exports, the REST API
//! and the messages of the browser's worker. A call has an input
//! ([`RenderInput`], …), and answers with an [`Answer`]: a result, or a
//! [`Failure`] with a kind that programs can tell apart. Fields that nobody
//! knows are refused, with the nearest known name.
//!
//! ```
//! use contract::{FailureKind, Hint, RenderInput, read};
//! let error = read::<RenderInput>(br#"{"apiVersion": "chartwright.dev/engine/v1alpha1", "chrts": []}"#).unwrap_err();
//! assert_eq!(error.kind, FailureKind::Input);
//! assert!(error.message.contains("`chrts`"));
//! assert_eq!(error.hints, [Hint::DidYouMean("charts".into())]);
//! ```

mod answer;
mod bytes;
mod chart;
mod code;
mod engine;
mod hint;
mod input;
mod kind;
mod locate;
mod near;
mod output;
mod problem;
pub mod quantity;
mod read;
mod schema;
mod summary;
mod words;

pub use answer::{Answer, Failure, Site};
pub use bytes::{Base64, Text};
pub use chart::{Archive, ChartGiven, ChartSource, ChartWanted, FetchFailure, FetchKind};
pub use code::Code;
pub use engine::{Budget, Cancel, Engine};
pub use hint::Hint;
pub use input::{
    CapabilitiesGiven, CheckInput, ExpandInput, ExpandWant, FileGiven, FluxHelm, Layers, Limits, Log, Mode, PlanInput,
    Platform, ReleaseGiven, RenderInput, Selection, Subject, TextFile, WorldGiven,
};
pub use kind::FailureKind;
pub use near::nearest;
pub use output::{
    Asked, Call, CheckOutput, DescribeOutput, DocumentOut, ExpandOutput, Export, Hook, HookEvent, Lookup, ObjectOut,
    PlanOutput, ReleaseOut, RenderOutput, Role,
};
pub use problem::{Place, Problem, Severity};
pub use read::{parts, read, read_json, write, write_render};
pub use schema::SCHEMA;
#[cfg(feature = "schema")]
pub use schema::{generate as generate_schema, generate_codes};
pub use summary::{
    Amount, Claim, Definition, Exposure, ImageUse, KindCount, Permission, Port, Reach, Resources, Runs, SecretUse,
    Summary, Url, Way,
};

/// `apiVersion` of inputs and outputs.
pub const API_VERSION: &str = "chartwright.dev/engine/v1alpha1";
