//! The charts that an input brings.

use contract::{ChartGiven, ChartWanted, Failure, FetchKind};
use flux::{Charts, FetchError, FetchedChart};
use govalue::sorted::Sorted;
use helm::Warnings;

use super::Engine;

/// Charts by what wants them.
pub(super) struct GivenCharts {
    charts: Sorted<ChartWanted, Result<FetchedChart, FetchError>>,
}

impl Charts for GivenCharts {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        self.charts.get(wanted).cloned().unwrap_or(Err(FetchError::Unknown))
    }
}

impl Engine {
    /// Loads the charts that an input brings.
    ///
    /// # Errors
    /// If one is not a chart, or not the one of its digest.
    pub(super) fn given(&mut self, charts: &[ChartGiven]) -> Result<GivenCharts, Failure> {
        let mut loaded = Sorted::default();
        for given in charts {
            if let Some(failed) = &given.failed {
                let error = match failed.kind {
                    FetchKind::NotFound => FetchError::NotFound,
                    FetchKind::Unreachable => FetchError::Unreachable,
                    FetchKind::Tampered => FetchError::Tampered,
                    FetchKind::Invalid => FetchError::Invalid,
                };
                loaded.insert(given.wanted.clone(), Err(error(failed.message.clone())));
                continue;
            }
            let chart = super::lock(&self.charts).load(&given.archive, &mut Warnings::default())?;
            let values_files = given.values_files.iter().map(|f| (f.path.clone(), f.data.0.clone().into())).collect();
            let fetched = FetchedChart { values_files, ..chart.fetched(given.revision.clone()) };
            loaded.insert(given.wanted.clone(), Ok(fetched));
        }
        Ok(GivenCharts { charts: loaded })
    }
}
