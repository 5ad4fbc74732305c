//! Charts from servers on loopback, from Git repositories and from folders.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]

mod archives;
mod git;
mod http;
mod lock;
mod oci;
#[cfg(feature = "signatures")]
mod provenance;
mod support;
mod tls;
