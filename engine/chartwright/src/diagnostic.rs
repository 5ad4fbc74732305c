//! A failure with all that is known about it.

use std::error::Error as _;

use contract::{FailureKind, Hint};
use govalue::{Limit, Map, Str};
use helm::engine::{RenderError, RenderErrorKind};
use helm::release::ReleaseError;

use crate::chart::LoadedChart;
use crate::error::Error;
use crate::hint;

/// A failure as people and programs want it: where, how it came there, what
/// may help. The message is Helm's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// Helm's text.
    pub message: String,
    /// The file in which it happened, from the chart's name on.
    pub file: Option<Str>,
    /// The line in it, counted from 1.
    pub line: Option<usize>,
    /// The column in bytes, counted from 1.
    pub column: Option<usize>,
    /// The text of the line.
    pub source_line: Option<String>,
    /// The places on the way there, the rendered file first.
    pub trace: Vec<TracePoint>,
    /// What may help.
    pub hints: Vec<Hint>,
}

/// A place on the way to a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracePoint {
    /// The file.
    pub file: Str,
    /// The line in it, counted from 1.
    pub line: usize,
    /// The column in bytes, counted from 1.
    pub column: usize,
    /// The template that was executed there.
    pub template: Str,
    /// The expression.
    pub expression: String,
}

impl Diagnostic {
    /// What is known about a failure. The chart and the user's values, where
    /// there are any, tell the source line and the hints.
    pub fn new(error: &Error, chart: Option<&LoadedChart>, values: Option<&Map>) -> Diagnostic {
        let mut diagnostic = Diagnostic {
            kind: kind(error),
            message: error.to_string(),
            file: None,
            line: None,
            column: None,
            source_line: None,
            trace: Vec::new(),
            hints: Vec::new(),
        };
        match error {
            Error::Release(ReleaseError::Render(error)) => diagnostic.add_render_error(error, chart, values),
            Error::Release(ReleaseError::Manifest { error, files }) => {
                diagnostic.file = Some(error.template().clone());
                diagnostic.line = error.line();
                let rendered = files.iter().find(|(name, _)| name == error.template());
                diagnostic.source_line = rendered.and_then(|(_, text)| line_of(text, error.line()?));
                diagnostic.hints.push(Hint::Rendered);
            }
            Error::Chart(error) => {
                // Helm says of an archive only that it cannot be loaded.
                diagnostic.hints.extend(error.source().map(|reason| Hint::Text(reason.to_string())));
            }
            _ => {}
        }
        diagnostic
    }

    fn add_render_error(&mut self, error: &RenderError, chart: Option<&LoadedChart>, values: Option<&Map>) {
        self.file = Some(error.file().clone());
        self.line = Some(error.line());
        self.column = error.column();
        self.trace = error
            .sites()
            .iter()
            .map(|s| TracePoint {
                file: s.source.clone(),
                line: s.line,
                column: s.column + 1,
                template: s.template.clone(),
                expression: s.context.clone(),
            })
            .collect();
        let Some(chart) = chart else { return };
        let source = chart.programs().source(error.file());
        self.source_line = source.and_then(|text| line_of(&text, error.line()));
        self.hints = hint::hints(error, self.source_line.as_deref(), chart, values);
    }
}

/// What kind of failure an error is.
pub(crate) fn kind(error: &Error) -> FailureKind {
    let release = match error {
        Error::Values(_) => return FailureKind::Values,
        Error::Chart(_) => return FailureKind::Chart,
        Error::Release(error) => error,
    };
    match release {
        ReleaseError::Name(..) => FailureKind::Name,
        ReleaseError::NotInstallable(_) => FailureKind::Chart,
        ReleaseError::MissingDependencies(_) | ReleaseError::Dependencies(_) => FailureKind::Dependencies,
        ReleaseError::Values(_) => FailureKind::Values,
        ReleaseError::Schema(_) => FailureKind::Schema,
        ReleaseError::KubeVersion { .. } => FailureKind::KubeVersion,
        ReleaseError::Render(error) => match error.kind() {
            RenderErrorKind::Parse => FailureKind::Parse,
            RenderErrorKind::Fail => FailureKind::Fail,
            RenderErrorKind::Limit(limit) => limit_kind(limit),
            _ => FailureKind::Exec,
        },
        ReleaseError::Manifest { .. } => FailureKind::Manifest,
        _ => FailureKind::Chart,
    }
}

/// The kind of failure of a limit.
pub(crate) fn limit_kind(limit: Limit) -> FailureKind {
    match limit {
        Limit::Steps => FailureKind::LimitSteps,
        Limit::Depth => FailureKind::LimitDepth,
        Limit::Output => FailureKind::LimitOutput,
        Limit::Time => FailureKind::LimitTime,
        Limit::Memory => FailureKind::LimitMemory,
        _ => FailureKind::Limit,
    }
}

fn line_of(text: &[u8], line: usize) -> Option<String> {
    let line = text.split(|&b| b == b'\n').nth(line.checked_sub(1)?)?;
    Some(String::from_utf8_lossy(line).trim_end_matches('\r').to_owned())
}
