//! What is wrong with a descriptor beyond its form: names, dependencies, sources, images, secrets, and values that the
//! base charts refuse or do not read.

mod depends;
mod images;
mod module;
mod names;
mod release;
mod secrets;
mod templates;
mod text;
mod values;

use std::sync::Arc;

use contract::{Code, Hint, Problem, Severity};
use helm::chart::Chart;

use crate::places::item;
use crate::read::Parsed;
use crate::types::{Component, Template};

/// Finds everything that is wrong with a descriptor, in the order of its text.
///
/// `base` gives the available base charts; what depends on a missing one is left unchecked. What
/// [`crate::read`] reported is not reported again.
pub fn check(parsed: &Parsed, base: &dyn Fn(&Template) -> Option<Arc<Chart>>) -> Vec<Problem> {
    let mut check = Check { parsed, found: Vec::new() };
    names::check(&mut check);
    depends::check(&mut check);
    module::check(&mut check);
    templates::check(&mut check);
    release::check(&mut check);
    for (i, component) in parsed.descriptor.spec.components.iter().enumerate() {
        let chart = parsed.descriptor.spec.template_of(component).and_then(base);
        let part = Part { component, path: item("spec.components", i), chart };
        let before = check.found.len();
        images::check(&mut check, &part);
        secrets::check(&mut check, &part);
        values::check(&mut check, &part);
        for problem in check.found.iter_mut().skip(before) {
            problem.component = Some(component.name.clone());
        }
    }
    let mut found = check.found;
    // What was made up to fill the types was reported when it was.
    found.retain(|problem| !parsed.is_hole(&problem.path));
    govalue::sort::sort_by(&mut found, |a, b| a.place.cmp(&b.place).then(b.severity.cmp(&a.severity)));
    found.dedup();
    found
}

/// A component that is being checked.
struct Part<'a> {
    component: &'a Component,
    /// Its path in the descriptor.
    path: String,
    /// Its base chart, if available.
    chart: Option<Arc<Chart>>,
}

/// What was found so far.
struct Check<'a> {
    parsed: &'a Parsed,
    found: Vec<Problem>,
}

impl Check<'_> {
    /// Reports an error at the value of a path.
    fn error(&mut self, code: Code, path: &str, message: impl Into<String>, hint: impl Into<Option<Hint>>) {
        self.report(Severity::Error, code, path, message.into(), hint.into());
    }

    /// Reports a warning at the value of a path.
    fn warning(&mut self, code: Code, path: &str, message: impl Into<String>, hint: impl Into<Option<Hint>>) {
        self.report(Severity::Warning, code, path, message.into(), hint.into());
    }

    fn report(&mut self, severity: Severity, code: Code, path: &str, message: String, hint: Option<Hint>) {
        let problem = self.parsed.problem_at_value(severity, code, path, message);
        self.found.push(Problem { hint, ..problem });
    }

    /// The last report belongs to the key of its path, not to its value.
    fn at_key(&mut self) {
        let last = self.found.last_mut().expect("something was reported just now");
        let span = self.parsed.places.nearest(&last.path);
        last.place.line = span.line;
        last.place.column = span.column;
    }

    /// The line of a path, for messages about two places.
    fn line(&self, path: &str) -> u32 {
        self.parsed.places.nearest(path).line
    }
}

#[cfg(test)]
mod tests;
