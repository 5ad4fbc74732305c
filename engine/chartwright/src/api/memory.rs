//! What an engine keeps of the descriptors that it has expanded.

use std::cell::RefCell;
use std::sync::Arc;

use descriptor::expand::Known;
use helm::chart::Chart;

use crate::chart::LoadedChart;

/// How many modules are kept.
const MOST: usize = 8;

/// What is kept from call to call.
#[derive(Default)]
pub(super) struct Memory {
    /// What is known about base charts.
    pub(super) known: Known,
    /// Charts of modules by their revision, which has the digest of all their files; the most recently used last.
    modules: RefCell<Vec<(String, LoadedChart)>>,
}

impl Memory {
    /// The chart of a module with what was made of it before: parsed templates, a compiled schema.
    pub(super) fn module(&self, revision: &str, chart: Arc<Chart>) -> LoadedChart {
        let mut modules = self.modules.borrow_mut();
        let known = match modules.iter().position(|(known, _)| known == revision) {
            Some(at) => modules.remove(at),
            None => (revision.to_owned(), LoadedChart::new(chart)),
        };
        let chart = known.1.clone();
        modules.push(known);
        if modules.len() > MOST {
            modules.remove(0);
        }
        chart
    }
}
