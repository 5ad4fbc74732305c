//! What a call answers.

use serde::{Deserialize, Serialize};

use crate::{API_VERSION, FailureKind, Hint};

/// A result or a failure, with the contract's version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Answer<T> {
    /// [`API_VERSION`]
    pub api_version: String,
    /// What the call made; missing if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<T>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

impl<T> From<Result<T, Failure>> for Answer<T> {
    fn from(result: Result<T, Failure>) -> Answer<T> {
        let (result, error) = match result {
            Ok(result) => (Some(result), None),
            Err(error) => (None, Some(error)),
        };
        Answer { api_version: API_VERSION.to_owned(), result, error }
    }
}

impl<T> Answer<T> {
    /// The result.
    ///
    /// # Errors
    /// The failure; one of kind `version` if the answer is of another version.
    pub fn into_result(self) -> Result<T, Failure> {
        if self.api_version != API_VERSION {
            let message = format!("the answer is {:?}, not {API_VERSION:?}", self.api_version);
            return Err(Failure::new(FailureKind::Version, message));
        }
        match (self.result, self.error) {
            (_, Some(error)) => Err(error),
            (Some(result), None) => Ok(result),
            (None, None) => Err(Failure::new(FailureKind::Output, "the answer has neither a result nor an error")),
        }
    }
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// What happened; Helm's text where Helm has one.
    pub message: String,
    /// The file in which it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in it, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in bytes, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The text of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_line: Option<String>,
    /// The places on the way there, the rendered file first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<Site>,
    /// What may help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
    /// What was rendered although it is not YAML, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendered: Option<crate::Text>,
    /// The lines of Helm's log before it, if they were wanted ([`crate::Selection::log`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
}

impl Failure {
    /// A failure of which only the kind and a message are known.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Failure {
        Failure {
            kind,
            message: message.into(),
            file: None,
            line: None,
            column: None,
            source_line: None,
            trace: Vec::new(),
            hints: Vec::new(),
            rendered: None,
            log: Vec::new(),
        }
    }
}

/// A place on the way to a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Site {
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: u32,
    /// The column in bytes, from 1.
    pub column: u32,
    /// The template that was executed there.
    pub template: String,
    /// The expression.
    pub expression: String,
}
