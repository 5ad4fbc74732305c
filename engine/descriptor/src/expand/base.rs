//! Base charts: what expansion wants to know of them.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Weak};

use contract::{Code, Hint, Problem, Severity};
use govalue::{Map, Value as GoValue};
use helm::chart::Chart;

use super::definition::Definition;
use super::documented::{Documented, documented};
use crate::read::Parsed;
use crate::types::{Component, Layout, Template};

/// A base chart that components use.
pub(super) struct Base {
    /// The chart.
    pub(super) chart: Arc<Chart>,
    /// Its name in this module's chart: the chart's name, with the version where two have one name.
    pub(super) key: String,
    /// What it says about its values.
    pub(super) says: Rc<Says>,
    /// Its default values.
    pub(super) values: Map,
}

impl Base {
    /// A default value that is a string, at a path of two keys.
    pub(super) fn has_string(&self, path: [&str; 2]) -> bool {
        matches!(self.get(path), Some(GoValue::Str(_)))
    }

    /// Whether it makes an ingress unless told otherwise; `None` where it has no such value.
    pub(super) fn ingress(&self) -> Option<bool> {
        self.get(["ingress", "enabled"]).map(|v| v.is_true())
    }

    fn get(&self, [outer, inner]: [&str; 2]) -> Option<GoValue> {
        match self.values.get(outer)? {
            GoValue::Map(map) => map.get(inner),
            _ => None,
        }
    }
}

/// What a base chart says about its values.
pub(super) struct Says {
    /// Its values with what is known about them.
    pub(super) documented: Documented,
    /// What became of its schema under the first name that it was asked for by.
    definition: OnceCell<Definition>,
}

impl Says {
    /// The schema as a part of a module's, by the base chart's name there.
    pub(super) fn definition(&self, key: &str) -> Cow<'_, Definition> {
        let known = self.definition.get_or_init(|| Definition::new(key, &self.documented));
        if known.key == key { Cow::Borrowed(known) } else { Cow::Owned(Definition::new(key, &self.documented)) }
    }
}

/// What is known about base charts, kept from one expansion to the next: to read it takes longer than the rest.
///
/// A clone is the same memory.
#[derive(Clone, Default)]
pub struct Known(Rc<RefCell<Vec<KnownChart>>>);

/// A chart, as long as it is used, and what is known of it.
type KnownChart = (Weak<Chart>, Rc<Says>);

impl Known {
    /// What a chart says about its values.
    fn says(&self, chart: &Arc<Chart>) -> Rc<Says> {
        let mut known = self.0.borrow_mut();
        known.retain(|(chart, _)| chart.strong_count() > 0);
        if let Some((_, found)) = known.iter().find(|(there, _)| std::ptr::eq(there.as_ptr(), Arc::as_ptr(chart))) {
            return Rc::clone(found);
        }
        let found = Rc::new(Says { documented: documented(chart), definition: OnceCell::new() });
        known.push((Arc::downgrade(chart), Rc::clone(&found)));
        found
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({} charts)", self.0.borrow().len())
    }
}

/// The base charts of a descriptor, each once.
pub(super) struct Bases {
    pub(super) list: Vec<Base>,
    known: Known,
    /// For each template asked for: the place in the list, if the chart is there.
    asked: Vec<(Template, Option<usize>)>,
}

impl Bases {
    /// None yet; what is known already about some of them is used.
    pub(super) fn new(known: &Known) -> Bases {
        Bases { list: Vec::new(), known: known.clone(), asked: Vec::new() }
    }

    /// The chart of a template.
    fn find(&mut self, template: &Template, base: &dyn Fn(&Template) -> Option<Arc<Chart>>) -> (Option<usize>, bool) {
        if let Some((_, found)) = self.asked.iter().find(|(t, _)| t == template) {
            return (*found, false);
        }
        let found = base(template).map(|chart| self.add(chart));
        self.asked.push((template.clone(), found));
        (found, true)
    }

    fn add(&mut self, chart: Arc<Chart>) -> usize {
        let same = |b: &Base| Arc::ptr_eq(&b.chart, &chart) || same_files(&b.chart, &chart);
        if let Some(at) = self.list.iter().position(same) {
            return at;
        }
        let name = chart.name().to_str_lossy().into_owned();
        let mut key = name.clone();
        let mut again = 1;
        while self.list.iter().any(|b| b.key == key) {
            let version = chart.metadata().version.to_str_lossy();
            key = if again == 1 { format!("{name}-{version}") } else { format!("{name}-{version}-{again}") };
            again += 1;
        }
        self.list.push(Base { key, says: self.known.says(&chart), values: chart.values(), chart });
        self.list.len() - 1
    }
}

fn same_files(a: &Chart, b: &Chart) -> bool {
    a.raw().len() == b.raw().len() && a.raw().iter().zip(b.raw()).all(|(a, b)| a.name == b.name && *a.data == *b.data)
}

/// Finds the base chart of a component, and reports a missing one.
pub(super) fn base_of(
    parsed: &Parsed,
    index: usize,
    component: &Component,
    bases: &mut Bases,
    base: &dyn Fn(&Template) -> Option<Arc<Chart>>,
    problems: &mut Vec<Problem>,
) -> Option<usize> {
    let spec = &parsed.descriptor.spec;
    let own = format!("spec.components[{index}].template");
    let (path, template) = match (&component.template, &spec.template) {
        (Some(template), _) => (own, template),
        (None, Some(template)) => ("spec.template".to_owned(), template),
        (None, None) => {
            let message = format!("component {} has no template, and spec.template is missing", component.name);
            let path = format!("spec.components[{index}]");
            let problem = parsed.problem(Severity::Error, Code::NoTemplate, &path, message);
            problems.push(problem.hint("name a base chart in spec.template or in the component's template"));
            return None;
        }
    };
    let (found, first) = bases.find(template, base);
    if found.is_none() && first {
        let source = &template.source_ref;
        let what = format!("the base chart {} of {:?} {} is missing", template.chart, source.kind, source.name);
        let hint = Hint::Source { kind: format!("{:?}", source.kind), name: source.name.clone() };
        let path = format!("{path}.chart");
        problems.push(match spec.layout {
            Layout::Releases => parsed
                .problem(
                    Severity::Warning,
                    Code::MissingChart,
                    &path,
                    format!(
                        "{what}: the schema of the module chart accepts any values for it, and no name is filled in"
                    ),
                )
                .hint(hint),
            Layout::Umbrella => parsed
                .problem(
                    Severity::Error,
                    Code::MissingChart,
                    &path,
                    format!("{what}, and layout umbrella needs it in the module chart"),
                )
                .hint(hint),
        });
    }
    found
}
