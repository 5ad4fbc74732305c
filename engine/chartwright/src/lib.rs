//! The facade that hosts use: from a chart and values to manifests, in one call.
//!
//! The engine is pure. What a render may ask for (objects for `lookup`, the
//! clock, randomness) comes from a [`World`]; [`FixedWorld`] is one that always
//! gives the same answers.

mod random;
mod snippet;
mod world;

pub use random::ChaCha;
pub use snippet::{Snippet, SnippetOutput};
pub use world::FixedWorld;

pub use helm::capabilities::{Capabilities, KubeVersion};
pub use helm::chart::Bytes;
pub use helm::engine::{Asked, Limits, LookupQuery, Objects, World};
