//! Ends of calls that the host decides on, on their way through Wasm.

use crate::error::PluginError;

/// An end of a call that is not a trap of Wasm's.
#[derive(Debug)]
pub(crate) struct End(pub(crate) PluginError);

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for End {}

/// Ends the call.
pub(crate) fn end(error: PluginError) -> wasmtime::Error {
    wasmtime::Error::new(End(error))
}
