//! What is wrong with an input, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Code, Hint};

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It works, but likely not as meant.
    Warning,
    /// It cannot be expanded, or what comes out cannot be deployed.
    Error,
}

/// A place in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// The file, as the host names it.
    pub file: String,
    /// The line, from 1; 0 where only the file is known.
    pub line: u32,
    /// The column in characters, from 1; 0 where only the line is known.
    pub column: u32,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name for the kind of problem.
    pub code: Code,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// The path to the field, such as `spec.components[1].dependsOn`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// `namespace/name` of the HelmRelease that it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helm_release: Option<String>,
    /// The component of the descriptor that it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The chart that it concerns: name and version, or what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<String>,
    /// Where the component is in the descriptor, if [`Problem::place`] is somewhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descriptor: Option<Place>,
}

impl Problem {
    /// A problem at a place, without a path or a hint.
    pub fn new(severity: Severity, code: Code, message: impl Into<String>, place: Place) -> Problem {
        Problem {
            severity,
            code,
            message: message.into(),
            place,
            path: String::new(),
            hint: None,
            helm_release: None,
            component: None,
            chart: None,
            descriptor: None,
        }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<Hint>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }

    /// What it concerns, for people; nothing where that is not known.
    ///
    /// ```
    /// use contract::{Code, Place, Problem, Severity};
    /// let mut problem = Problem::new(Severity::Error, Code::Chart, "it is broken", Place::default());
    /// assert_eq!(problem.concerns(), None);
    /// problem.component = Some("frontend".into());
    /// problem.descriptor = Some(Place { file: "shop.yaml".into(), line: 7, column: 5 });
    /// problem.chart = Some("web 1.0.0".into());
    /// assert_eq!(problem.concerns().as_deref(), Some("component frontend (shop.yaml:7:5), chart web 1.0.0"));
    /// ```
    pub fn concerns(&self) -> Option<String> {
        let component = self.component.as_ref().map(|component| match &self.descriptor {
            Some(place) => format!("component {component} ({place})"),
            None => format!("component {component}"),
        });
        let release = self.helm_release.as_ref().map(|release| format!("HelmRelease {release}"));
        let chart = self.chart.as_ref().map(|chart| format!("chart {chart}"));
        let concerns: Vec<String> = [component, release, chart].into_iter().flatten().collect();
        (!concerns.is_empty()).then(|| concerns.join(", "))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => f.write_str(&self.file),
            (line, 0) => write!(f, "{}:{line}", self.file),
            (line, column) => write!(f, "{}:{line}:{column}", self.file),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.severity, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}
