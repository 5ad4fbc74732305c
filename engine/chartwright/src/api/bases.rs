//! Base charts that a descriptor names and that could not be fetched.

use contract::{ChartWanted, Problem, Severity};
use descriptor::Parsed;
use flux::{Charts, FetchError};

/// What is known of the base charts of a descriptor.
pub(super) struct Bases {
    /// Why charts could not be fetched, each where the descriptor names it.
    pub(super) problems: Vec<Problem>,
    /// Those that were not given.
    pub(super) missing: Vec<ChartWanted>,
}

impl Bases {
    /// Looks at the base chart of all components, then at those of single ones.
    pub(super) fn of(parsed: &Parsed, charts: &dyn Charts) -> Bases {
        let spec = &parsed.descriptor.spec;
        let shared = spec.template.iter().map(|template| ("spec.template".to_owned(), template));
        let own = spec.components.iter().enumerate().filter_map(|(i, component)| {
            Some((format!("spec.components[{i}].template"), component.template.as_ref()?))
        });
        let mut bases = Bases { problems: Vec::new(), missing: Vec::new() };
        for (path, template) in shared.chain(own).filter(|(path, _)| !parsed.is_hole(path)) {
            let wanted = template.wanted(parsed.descriptor.target_namespace());
            match charts.chart(&wanted) {
                Ok(_) => {}
                Err(FetchError::Unknown) if bases.missing.contains(&wanted) => {}
                Err(FetchError::Unknown) => bases.missing.push(wanted),
                Err(error) => {
                    let source = &wanted.source;
                    let (kind, name) = (&source.kind, &source.name);
                    let message =
                        format!("the base chart {} of {kind} {name} could not be fetched: {error}", template.chart);
                    bases.problems.push(parsed.problem(
                        Severity::Error,
                        error.code(),
                        &format!("{path}.chart"),
                        message,
                    ));
                }
            }
        }
        bases
    }
}
