//! What breaks a rule.

use std::fmt;

use contract::{Code, ObjectOut, Place, Problem, Severity};

/// What a rule found, before it is known which object and rule it is about.
pub(crate) struct Found {
    /// The field of the object; empty: the object as a whole.
    pub(crate) path: String,
    /// What is wrong, in a sentence without a full stop.
    pub(crate) what: String,
    /// Whether the rule could not be checked: then the rule's own message does not say what happened.
    pub(crate) is_fault: bool,
}

impl Found {
    pub(crate) fn at(path: &str, what: String) -> Found {
        Found { path: path.to_owned(), what, is_fault: false }
    }

    pub(crate) fn whole(what: String) -> Found {
        Found::at("", what)
    }

    pub(crate) fn fault(what: String) -> Found {
        Found { is_fault: true, ..Found::whole(what) }
    }
}

/// What breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule, with its policy: `house/our-registry`.
    pub rule: String,
    /// Whether it is refused, or only told.
    pub severity: Severity,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// `Kind name` of the object; none where all objects together break the rule.
    pub object: Option<String>,
    /// The field of the object, such as `spec.template.spec.containers[0].image`; empty: the object as a whole.
    pub path: String,
    /// The template that the object comes from, and the line in it: see [`crate::line_of`].
    pub place: Place,
    /// The component of the descriptor that the object belongs to.
    pub component: Option<String>,
    /// `namespace/name` of the HelmRelease that deploys the object.
    pub helm_release: Option<String>,
    /// The chart of the object: name and version.
    pub chart: Option<String>,
}

impl Refusal {
    pub(crate) fn of(rule: &str, severity: Severity, message: String) -> Refusal {
        Refusal {
            rule: rule.to_owned(),
            severity,
            message,
            object: None,
            path: String::new(),
            place: Place::default(),
            component: None,
            helm_release: None,
            chart: None,
        }
    }

    /// The same, about an object.
    pub(crate) fn about(self, object: &ObjectOut, path: String, line: u32) -> Refusal {
        Refusal {
            object: Some(format!("{} {}", object.kind, object.name).trim().to_owned()),
            path,
            place: Place { file: object.source.clone(), line, column: 0 },
            component: object.component.clone(),
            helm_release: object.helm_release.clone(),
            chart: object.chart.clone(),
            ..self
        }
    }

    /// The same as a problem, as `check` and the controller report them.
    pub fn into_problem(self) -> Problem {
        let message = self.to_string();
        Problem {
            path: self.path,
            component: self.component,
            helm_release: self.helm_release,
            chart: self.chart,
            ..Problem::new(self.severity, Code::Policy, message, self.place)
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(object) = &self.object {
            write!(f, "{object}: ")?;
        }
        write!(f, "{} [{}]", self.message, self.rule)
    }
}
