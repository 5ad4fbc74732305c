//! The charts that an input brings.

use std::collections::BTreeMap;

use contract::{ChartGiven, ChartWanted, Failure};
use flux::{Charts, FetchError, FetchedChart};

use super::Engine;

/// Charts by what wants them.
pub(super) struct GivenCharts {
    charts: BTreeMap<ChartWanted, FetchedChart>,
}

impl Charts for GivenCharts {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        self.charts.get(wanted).cloned().ok_or(FetchError::Unknown)
    }
}

impl Engine {
    /// Loads the charts that an input brings.
    ///
    /// # Errors
    /// Where one is no chart, or not the one of its digest.
    pub(super) fn given(&mut self, charts: &[ChartGiven]) -> Result<GivenCharts, Failure> {
        let mut loaded = BTreeMap::new();
        for given in charts {
            let chart = self.charts.load(&given.archive)?;
            let values_files = given.values_files.iter().map(|f| (f.path.clone(), f.data.0.clone().into())).collect();
            let fetched = FetchedChart { values_files, ..chart.fetched(given.revision.clone()) };
            loaded.insert(given.wanted.clone(), fetched);
        }
        Ok(GivenCharts { charts: loaded })
    }
}
