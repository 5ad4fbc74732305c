//! Charts from servers on loopback, from Git repositories and from folders.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]

mod archives;
mod git;
mod http;
mod keeping;
mod lock;
mod oci;
mod origins;
#[cfg(feature = "signatures")]
mod provenance;
mod schemas;
mod support;
mod tls;
