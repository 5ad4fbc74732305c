//! The management API of a server, as the page uses it: what is asked, what comes back, and why it may be refused.
//!
//! The types are those of `wasm-runtime/api`, as far as the page shows them.

mod ask;
mod calls;
mod descriptor;
mod events;
mod types;

pub use ask::{Answered, Ask, Condition, Method, Refusal, Why};
pub use calls::{
    act, compare, create, delete, delete_source, descriptors, drift, history, module, next_step, preview, put_source,
    releases, replace, revision, roll_back, sources,
};
pub use descriptor::{Id, id_of, own_values, passwords, with_own_values, with_values_of};
pub use events::{Parser, Sent};
pub use types::{
    Capabilities, Commit, Deploys, Difference, Drift, FileDrift, Head, ObjectChange, ObjectName, Operation, Place,
    Preview, PreviewObject, Release, ReleaseRevision, Revision, Source, SourceInput, SourceKind, SourceReference, Step,
    Stored, Verdict,
};

/// What is heard of the store.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// The server listens to us.
    Open,
    /// Something has changed, or some news were lost.
    Changed,
    /// The server is gone, or wants no more listeners.
    Lost,
}
