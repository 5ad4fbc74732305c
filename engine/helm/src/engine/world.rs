//! The only way out of the engine.

use std::time::Duration;

use govalue::{FuncError, Str, Value};

/// What a render may ask for: objects of a cluster, the time, randomness.
///
/// Every method has an answer for "there is none", so that an empty
/// implementation is a world without cluster and clock. Answers are not cached:
/// an implementation that is slow caches by itself. A recording or replaying
/// world wraps another.
///
/// ```
/// struct Nowhere;
/// impl helm::engine::World for Nowhere {}
/// ```
pub trait World {
    /// Looks up objects of the cluster, with the answers of
    /// [`crate::engine::Objects::lookup`].
    ///
    /// # Errors
    /// If the cluster could not be asked; the text is the error of `lookup`.
    fn lookup(&self, _query: &LookupQuery) -> Result<Value, FuncError> {
        Ok(Value::Map(govalue::Map::new()))
    }

    /// The current time: seconds since the Unix epoch, and nanoseconds.
    fn now(&self) -> (i64, u32) {
        (0, 0)
    }

    /// Fills the buffer with random bytes.
    ///
    /// # Errors
    /// If there is no randomness.
    fn random(&self, _buffer: &mut [u8]) -> Result<(), FuncError> {
        Err(FuncError::new("no source of randomness"))
    }

    /// How long the render has taken: what the time limit is compared with.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    /// How many bytes of memory the program uses: what the memory limit is
    /// compared with. 0 where nobody counts.
    fn memory(&self) -> usize {
        0
    }

    /// A document that a JSON Schema refers to by its URL (`http`, `https`).
    ///
    /// # Errors
    /// If it is not there; the text follows `failing loading "…": `.
    fn document(&self, url: &str) -> Result<Vec<u8>, String> {
        gojsonschema::refused(url)
    }

    /// A file that is named on the command line: of values, or for `--set-file`.
    ///
    /// # Errors
    /// If it cannot be read, in the host's words.
    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("open {path}: no such file or directory"))
    }

    /// The outcome of slow work that was kept under a key ([`govalue::Env::kept`]).
    fn kept(&self, _key: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    /// Keeps the outcome of slow work for later renders ([`govalue::Env::keep`]).
    fn keep(&self, _key: [u8; 32], _outcome: &[u8]) {}
}

/// A question that `lookup` asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LookupQuery {
    /// `v1`, `apps/v1` …
    pub api_version: Str,
    /// `ConfigMap` …
    pub kind: Str,
    /// The namespace; empty: all.
    pub namespace: Str,
    /// The name; empty: all objects, as a list.
    pub name: Str,
}

impl LookupQuery {
    /// A name for the question: others have other names.
    pub(crate) fn key(&self) -> Str {
        pair(&pair(&self.api_version, &self.kind), &pair(&self.namespace, &self.name))
    }
}

/// A name for a pair of them; names of pairs are ordered as pairs are.
pub(crate) fn pair(first: &[u8], second: &[u8]) -> Str {
    Str::from([first, b"\0", second].concat())
}
