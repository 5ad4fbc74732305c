//! Charts from servers on loopback, from Git repositories and from folders.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads and writes files, and says what it skips"
)]

mod archives;
mod git;
mod http;
mod lock;
mod oci;
#[cfg(feature = "signatures")]
mod provenance;
mod support;
mod tls;
