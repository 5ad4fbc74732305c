//! The management API: descriptors, previews, differences, and what changes, over HTTP.
//!
//! A library: it opens no file and starts no engine. What it answers comes from a [`Backend`]; who may ask is an
//! [`Access`]. The bodies of requests and answers are the types of the engine's contract, and those of [`types`].
//! Everything that is refused is a problem document (RFC 9457) with a code that programs can tell apart ([`Code`]).
//!
//! The OpenAPI document ([`openapi()`]) is made of the same types and routes.

mod access;
mod backend;
mod body;
mod error;
mod events;
mod handlers;
mod openapi;
mod page;
mod problem;
mod progress;
mod rate;
mod router;
mod selector;
mod tag;
pub mod types;

pub use access::{Access, Caller, Namespaces, Tokens, TokensError};
pub use backend::{Answer, Backend, Releases};
pub use error::ApiError;
pub use openapi::openapi;
pub use problem::{Code, ProblemDocument};
pub use progress::{Doing, Progress, Step};
pub use rate::Rate;
pub use router::{Options, router};
pub use selector::Selector;
pub use tag::Precondition;

/// The version of the API, in its paths.
pub const VERSION: &str = "v1alpha1";

/// How its words are said to programs.
pub const MEDIA_TYPE: &str = "application/json";
