//! A failure with all that is known about it.

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
    pub kind: DiagnosticKind,
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
    pub hints: Vec<String>,
}

/// What kind of failure a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// The user's values cannot be read.
    Values,
    /// The chart cannot be loaded.
    Chart,
    /// The release's name is not valid.
    Name,
    /// Dependencies are missing or do not fit the values.
    Dependencies,
    /// The values break a schema.
    Schema,
    /// The chart is not for this version of Kubernetes.
    KubeVersion,
    /// A file is no template.
    Parse,
    /// A template did something that cannot be done.
    Exec,
    /// The chart's author wanted it to fail.
    Fail,
    /// A limit was exceeded.
    Limit(Limit),
    /// A rendered document is not YAML.
    Manifest,
}

impl DiagnosticKind {
    /// A word for it, for programs.
    pub fn name(self) -> &'static str {
        match self {
            DiagnosticKind::Values => "values",
            DiagnosticKind::Chart => "chart",
            DiagnosticKind::Name => "name",
            DiagnosticKind::Dependencies => "dependencies",
            DiagnosticKind::Schema => "schema",
            DiagnosticKind::KubeVersion => "kubeVersion",
            DiagnosticKind::Parse => "parse",
            DiagnosticKind::Exec => "exec",
            DiagnosticKind::Fail => "fail",
            DiagnosticKind::Limit(Limit::Steps) => "limit/steps",
            DiagnosticKind::Limit(Limit::Depth) => "limit/depth",
            DiagnosticKind::Limit(Limit::Output) => "limit/output",
            DiagnosticKind::Limit(Limit::Time) => "limit/time",
            DiagnosticKind::Limit(Limit::Memory) => "limit/memory",
            DiagnosticKind::Limit(_) => "limit",
            DiagnosticKind::Manifest => "manifest",
        }
    }
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
                diagnostic.hints.push("--debug prints the rendered files".into());
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

fn kind(error: &Error) -> DiagnosticKind {
    let release = match error {
        Error::Values(_) => return DiagnosticKind::Values,
        Error::Chart(_) => return DiagnosticKind::Chart,
        Error::Release(error) => error,
    };
    match release {
        ReleaseError::Name(..) => DiagnosticKind::Name,
        ReleaseError::NotInstallable(_) => DiagnosticKind::Chart,
        ReleaseError::MissingDependencies(_) | ReleaseError::Dependencies(_) => DiagnosticKind::Dependencies,
        ReleaseError::Values(_) => DiagnosticKind::Values,
        ReleaseError::Schema(_) => DiagnosticKind::Schema,
        ReleaseError::KubeVersion { .. } => DiagnosticKind::KubeVersion,
        ReleaseError::Render(error) => match error.kind() {
            RenderErrorKind::Parse => DiagnosticKind::Parse,
            RenderErrorKind::Fail => DiagnosticKind::Fail,
            RenderErrorKind::Limit(limit) => DiagnosticKind::Limit(limit),
            _ => DiagnosticKind::Exec,
        },
        ReleaseError::Manifest { .. } => DiagnosticKind::Manifest,
        _ => DiagnosticKind::Chart,
    }
}

fn line_of(text: &[u8], line: usize) -> Option<String> {
    let line = text.split(|&b| b == b'\n').nth(line.checked_sub(1)?)?;
    Some(String::from_utf8_lossy(line).trim_end_matches('\r').to_owned())
}
