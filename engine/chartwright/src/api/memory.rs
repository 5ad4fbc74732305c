//! What an engine keeps of the descriptors that it has expanded.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use contract::Problem;
use descriptor::Parsed;
use descriptor::expand::Known;
use descriptor::types::Template;
use flux::Memo;
use helm::chart::Chart;

use crate::chart::LoadedChart;

/// How many modules are kept.
const MOST: usize = 4;

/// What is kept from call to call.
#[derive(Default)]
pub(super) struct Memory {
    /// What is known about base charts.
    pub(super) known: Known,
    /// What HelmReleases deployed in the call before.
    pub(super) releases: Memo,
    /// The descriptor of the call before.
    last: RefCell<Option<Rc<Expansion>>>,
    /// Charts of modules by their revision, which has the digest of all their files; the most recently used last.
    modules: RefCell<Vec<(String, LoadedChart)>>,
}

/// A descriptor that is expanded, and all that this depends on.
pub(super) struct Expansion {
    pub(super) parsed: Parsed,
    /// The base charts that were asked for, and which came.
    pub(super) bases: Vec<(Template, Option<Arc<Chart>>)>,
    pub(super) chart: LoadedChart,
    /// The revision of the module's artifact.
    pub(super) revision: String,
    /// What is not as it should be, yet no obstacle.
    pub(super) problems: Vec<Problem>,
}

impl Memory {
    /// The expansion of the call before, if it was of this descriptor with these base charts.
    pub(super) fn expansion(
        &self,
        file: &str,
        text: &str,
        base: &dyn Fn(&Parsed, &Template) -> Option<Arc<Chart>>,
    ) -> Option<Rc<Expansion>> {
        let last = self.last.borrow().clone()?;
        let parsed = &last.parsed;
        let same = |(template, chart): &(Template, Option<Arc<Chart>>)| match (chart, base(parsed, template)) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, &b),
            (a, b) => a.is_none() && b.is_none(),
        };
        (parsed.file == file && parsed.text == text && last.bases.iter().all(same)).then_some(last)
    }

    /// Keeps an expansion for the next call.
    pub(super) fn keep(&self, expansion: Expansion) -> Rc<Expansion> {
        let kept = Rc::new(expansion);
        *self.last.borrow_mut() = Some(Rc::clone(&kept));
        kept
    }

    /// The chart of a module with what was made of it before: parsed templates, a compiled schema.
    pub(super) fn module(&self, revision: &str, chart: Arc<Chart>) -> LoadedChart {
        let mut modules = self.modules.borrow_mut();
        let known = match modules.iter().position(|(known, _)| known == revision) {
            Some(at) => modules.remove(at),
            None => {
                let chart = match modules.last() {
                    Some((_, before)) => before.successor(chart),
                    None => LoadedChart::new(chart),
                };
                (revision.to_owned(), chart)
            }
        };
        let chart = known.1.clone();
        modules.push(known);
        if modules.len() > MOST {
            modules.remove(0);
        }
        chart
    }
}
