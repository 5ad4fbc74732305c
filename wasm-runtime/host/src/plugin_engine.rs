//! The engine as a plugin: calls of the contract, run under limits.

use std::path::Path;

use chartwright_plugin_host::{CancelToken, PluginError, PluginHost, PluginOptions, Session};
use contract::{
    Answer, Budget, Call, CheckInput, CheckOutput, DescribeOutput, Engine, ExpandInput, ExpandOutput, Failure,
    FailureKind, PlanInput, PlanOutput, RenderInput, RenderOutput,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sent::{Archives, Sent};

/// The engine in a sandbox. Archives whose bytes were given once, to any call, can be named by their digest later,
/// whichever instance answers.
///
/// ```no_run
/// use chartwright_host::PluginEngine;
/// use chartwright_host::plugin::PluginOptions;
/// use contract::{Archive, Base64, Budget, RenderInput, Subject};
///
/// let engine = PluginEngine::from_file("chartwright.wasm".as_ref(), PluginOptions::default())?;
/// let archive = Archive { data: Some(Base64(std::fs::read("shop-1.0.0.tgz")?)), ..Archive::default() };
/// let output = engine.render(&RenderInput::new(Subject::Chart(archive)), &Budget::default())?;
/// print!("{}", output.text.to_str_lossy());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PluginEngine {
    host: PluginHost,
    sent: Sent,
}

/// Why a call of the engine failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The plugin could not be loaded, or a call ended without an answer.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// What came back is not the JSON of the contract.
    #[error("the plugin's answer is not the JSON that was expected: {0}")]
    Json(String),
    /// What came back is of another version of the contract.
    #[error("the plugin answers in version {0:?}, not {expected:?}", expected = contract::API_VERSION)]
    Version(String),
    /// The engine says what is wrong with the input.
    #[error("{}", .0.message)]
    Answer(Box<Failure>),
}

impl EngineError {
    /// A stable word for the kind of error, as in [`Failure::kind`].
    pub fn kind(&self) -> FailureKind {
        match self {
            EngineError::Plugin(error) => kind_of(error),
            EngineError::Json(_) => FailureKind::PluginJson,
            EngineError::Version(_) => FailureKind::Version,
            EngineError::Answer(failure) => failure.kind,
        }
    }
}

/// The contract's word for the way in which a call of a plugin ended.
fn kind_of(error: &PluginError) -> FailureKind {
    match error {
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
        _ => FailureKind::Internal,
    }
}

/// The same for callers that want one kind of failure, however the engine runs.
impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Failure {
        match error {
            EngineError::Answer(failure) => *failure,
            other => Failure::new(other.kind(), other.to_string()),
        }
    }
}

impl PluginEngine {
    /// The engine in a plugin that was loaded.
    pub fn new(host: PluginHost) -> PluginEngine {
        PluginEngine { host, sent: Sent::default() }
    }

    /// Loads the engine's module from a file.
    ///
    /// # Errors
    /// As [`PluginHost::from_file`].
    pub fn from_file(path: &Path, options: PluginOptions) -> Result<PluginEngine, PluginError> {
        PluginHost::from_file(path, options).map(PluginEngine::new)
    }

    /// The plugin itself.
    pub fn host(&self) -> &PluginHost {
        &self.host
    }

    /// A call of the engine: archives that an instance has are not sent to it again.
    ///
    /// # Errors
    /// The way in which it ended.
    fn ask<I, O>(
        &self,
        call: Call,
        input: &I,
        budget: &Budget,
        read: &(dyn Fn(&[u8]) -> Result<O, EngineError> + Sync),
    ) -> Result<O, EngineError>
    where
        I: Archives + Clone + Serialize + Sync + Send,
        O: Send,
    {
        let mut input = input.clone();
        self.sent.take(&mut input);
        let cancel = CancelToken::from(budget.cancel.flag());
        self.host.session(budget.time, &cancel, |session| {
            let once = |session: &mut Session<'_>| {
                let mut whole = input.clone();
                let sent = self.sent.fill(&mut whole, &mut |digest| session.marks().contains(digest));
                let json = serde_json::to_vec(&whole).map_err(|e| EngineError::Json(e.to_string()))?;
                drop(whole);
                let output = read(&session.call(call.as_str(), &json)?)?;
                session.marks().extend(sent);
                Ok(output)
            };
            match once(session) {
                // It may have made room since.
                Err(EngineError::Answer(failure)) if failure.kind == FailureKind::UnknownDigest => {
                    session.marks().clear();
                    once(session)
                }
                other => other,
            }
        })
    }

    /// As [`Engine::render`], with the error as it is.
    ///
    /// # Errors
    /// The way in which the call ended.
    pub fn render(&self, input: &RenderInput, budget: &Budget) -> Result<RenderOutput, EngineError> {
        let mut input = input.clone();
        // To escape and to read a large text takes longer than the rest of a call has.
        input.want.raw = input.want.text;
        self.ask(Call::Render, &input, budget, &|bytes| {
            let (json, text) = contract::parts(bytes);
            let mut output: RenderOutput = answer(json)?;
            if let Some(text) = text {
                output.text = text.to_vec().into();
            }
            Ok(output)
        })
    }

    /// As [`Engine::describe`], with the error as it is.
    ///
    /// # Errors
    /// The way in which the call ended.
    pub fn describe(&self) -> Result<DescribeOutput, EngineError> {
        answer(&self.host.call(Call::Describe.as_str(), b"")?)
    }
}

impl Engine for PluginEngine {
    fn plan(&self, input: &PlanInput, budget: &Budget) -> Result<PlanOutput, Failure> {
        Ok(self.ask(Call::Plan, input, budget, &answer)?)
    }

    fn expand(&self, input: &ExpandInput, budget: &Budget) -> Result<ExpandOutput, Failure> {
        Ok(self.ask(Call::Expand, input, budget, &answer)?)
    }

    fn check(&self, input: &CheckInput, budget: &Budget) -> Result<CheckOutput, Failure> {
        Ok(self.ask(Call::Check, input, budget, &answer)?)
    }

    fn render(&self, input: &RenderInput, budget: &Budget) -> Result<RenderOutput, Failure> {
        Ok(PluginEngine::render(self, input, budget)?)
    }

    fn describe(&self) -> Result<DescribeOutput, Failure> {
        Ok(PluginEngine::describe(self)?)
    }
}

/// Reads an answer of the engine.
fn answer<T: DeserializeOwned>(json: &[u8]) -> Result<T, EngineError> {
    let wrong_version = |found: &str| (found != contract::API_VERSION).then(|| EngineError::Version(found.to_owned()));
    match serde_json::from_slice::<Answer<T>>(json) {
        Ok(answer) => match wrong_version(&answer.api_version) {
            Some(error) => Err(error),
            None => answer.into_result().map_err(|failure: Failure| EngineError::Answer(Box::new(failure))),
        },
        Err(error) => {
            // An answer of another version may well look different: that is the better message.
            #[derive(serde::Deserialize)]
            #[serde(rename_all = "camelCase")]
            struct Version {
                api_version: String,
            }
            let version = serde_json::from_slice::<Version>(json).ok();
            Err(version.and_then(|v| wrong_version(&v.api_version)).unwrap_or(EngineError::Json(error.to_string())))
        }
    }
}
