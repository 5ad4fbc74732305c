//! How a call of a plugin can end.

use std::time::Duration;

/// Why a plugin could not be loaded, or a call did not give what was wanted: a variant for each way to end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PluginError {
    /// The file cannot be read, or is not a Wasm module that can run here.
    #[error("the plugin cannot be loaded: {0}")]
    Load(String),
    /// The file is not the one that was pinned.
    #[error("the plugin is not the pinned one: its digest is {found}, it should be {expected}")]
    Digest {
        /// The digest that was wanted.
        expected: String,
        /// The file's digest.
        found: String,
    },
    /// The module wants a function of its host that Extism does not have, or that is not given here.
    #[error("the plugin needs {0} from its host, which does not provide it")]
    Import(String),
    /// The plugin has no such function.
    #[error("the plugin has no function {0:?}")]
    MissingExport(String),
    /// The call took longer than it may.
    #[error("the plugin took longer than {0:?}")]
    Timeout(Duration),
    /// Somebody cancelled the call.
    #[error("the call of the plugin was cancelled")]
    Cancelled,
    /// The plugin wanted more memory than it may have.
    #[error("the plugin wants more memory than {limit} bytes")]
    MemoryLimit {
        /// How many bytes it may have.
        limit: usize,
    },
    /// The plugin wanted to give back more than it may.
    #[error("the plugin returned more than {limit} bytes")]
    OutputLimit {
        /// How many bytes it may give back.
        limit: usize,
    },
    /// The call's input is larger than the plugin's memory may be.
    #[error("the input of the plugin is larger than its memory of {limit} bytes")]
    InputLimit {
        /// How many bytes it may have.
        limit: usize,
    },
    /// The plugin did something that Wasm does not allow, or ended itself.
    #[error("the plugin trapped: {0}")]
    Trap(String),
    /// The plugin panicked: a bug in it.
    #[error("the plugin panicked, which is a bug: {0}")]
    Panic(String),
    /// The plugin says that the call failed, in words of its own.
    #[error("the plugin failed: {0}")]
    Refused(String),
}

impl PluginError {
    /// A stable word for the kind of error, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            PluginError::Load(_) => "plugin/load",
            PluginError::Digest { .. } => "plugin/digest",
            PluginError::Import(_) => "plugin/import",
            PluginError::MissingExport(_) => "plugin/missing-export",
            PluginError::Timeout(_) => "limit/time",
            PluginError::Cancelled => "plugin/cancelled",
            PluginError::MemoryLimit { .. } => "limit/memory",
            PluginError::OutputLimit { .. } => "limit/output",
            PluginError::InputLimit { .. } => "limit/input",
            PluginError::Trap(_) => "plugin/trap",
            PluginError::Panic(_) => "panic",
            PluginError::Refused(_) => "plugin/refused",
        }
    }
}
