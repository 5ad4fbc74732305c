//! How a call of a plugin can end.

use std::fmt;
use std::time::Duration;

use contract::{Failure, FailureKind};

/// Why a plugin could not be loaded, or a call did not give what was wanted: a variant for each way to end.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PluginError {
    /// The file cannot be read, or is no Wasm module that can run here.
    Load(String),
    /// The file is not the one that was pinned.
    Digest {
        /// The digest that was wanted.
        expected: String,
        /// The file's digest.
        found: String,
    },
    /// The module wants a function of its host that Extism does not have, or that is not given here.
    Import(String),
    /// The plugin has no such function.
    MissingExport(String),
    /// The call took longer than it may.
    Timeout(Duration),
    /// Somebody cancelled the call.
    Cancelled,
    /// The plugin wanted more memory than it may have.
    MemoryLimit {
        /// How many bytes it may have.
        limit: usize,
    },
    /// The plugin wanted to give back more than it may.
    OutputLimit {
        /// How many bytes it may give back.
        limit: usize,
    },
    /// The call's input is larger than the plugin's memory may be.
    InputLimit {
        /// How many bytes it may have.
        limit: usize,
    },
    /// The plugin did something that Wasm does not allow, or ended itself.
    Trap(String),
    /// The plugin panicked: a bug in it.
    Panic(String),
    /// The plugin says that the call failed, in words of its own.
    Refused(String),
    /// What came back is not the JSON that was wanted.
    Json(String),
    /// What came back is of another version of the contract.
    Version(String),
    /// The engine says what is wrong with the input.
    Answer(Box<Failure>),
}

impl PluginError {
    /// A stable word for the kind of error, as in [`Failure::kind`].
    pub fn kind(&self) -> FailureKind {
        match self {
            PluginError::Load(_) => FailureKind::PluginLoad,
            PluginError::Digest { .. } => FailureKind::PluginDigest,
            PluginError::Import(_) => FailureKind::PluginImport,
            PluginError::MissingExport(_) => FailureKind::PluginMissingExport,
            PluginError::Timeout(_) => FailureKind::LimitTime,
            PluginError::Cancelled => FailureKind::PluginCancelled,
            PluginError::MemoryLimit { .. } => FailureKind::LimitMemory,
            PluginError::OutputLimit { .. } => FailureKind::LimitOutput,
            PluginError::InputLimit { .. } => FailureKind::LimitInput,
            PluginError::Trap(_) => FailureKind::PluginTrap,
            PluginError::Panic(_) => FailureKind::Panic,
            PluginError::Refused(_) => FailureKind::PluginRefused,
            PluginError::Json(_) => FailureKind::PluginJson,
            PluginError::Version(_) => FailureKind::Version,
            PluginError::Answer(failure) => failure.kind,
        }
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PluginError::Load(why) => write!(f, "the plugin cannot be loaded: {why}"),
            PluginError::Digest { expected, found } => {
                write!(f, "the plugin is not the one that was pinned: its digest is {found}, it should be {expected}")
            }
            PluginError::Import(what) => write!(f, "the plugin wants {what} of its host, which there is not"),
            PluginError::MissingExport(name) => write!(f, "the plugin has no function {name:?}"),
            PluginError::Timeout(limit) => write!(f, "the plugin took longer than {limit:?}"),
            PluginError::Cancelled => f.write_str("the call of the plugin was cancelled"),
            PluginError::MemoryLimit { limit } => write!(f, "the plugin wants more memory than {limit} bytes"),
            PluginError::OutputLimit { limit } => write!(f, "the plugin gives back more than {limit} bytes"),
            PluginError::InputLimit { limit } => {
                write!(f, "the input of the plugin is larger than its memory of {limit} bytes")
            }
            PluginError::Trap(what) => write!(f, "the plugin broke off: {what}"),
            PluginError::Panic(text) => write!(f, "the plugin panicked, which is a bug: {text}"),
            PluginError::Refused(text) => write!(f, "the plugin failed: {text}"),
            PluginError::Json(why) => write!(f, "the plugin's answer is not the JSON that was wanted: {why}"),
            PluginError::Version(found) => {
                write!(f, "the plugin answers in version {found:?}, not {:?}", contract::API_VERSION)
            }
            PluginError::Answer(failure) => f.write_str(&failure.message),
        }
    }
}

impl std::error::Error for PluginError {}

/// The same for callers that want one kind of failure, however the engine runs.
impl From<PluginError> for Failure {
    fn from(error: PluginError) -> Failure {
        match error {
            PluginError::Answer(failure) => *failure,
            other => Failure::new(other.kind(), other.to_string()),
        }
    }
}
