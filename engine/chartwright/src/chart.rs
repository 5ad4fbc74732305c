//! Charts that are loaded once and rendered often.

use std::rc::Rc;
use std::sync::Arc;

use govalue::Map;
use helm::Warnings;
use helm::chart::{self, Bytes, Chart, File};
use helm::engine::{Programs, World};
use helm::release::{self, Options};
use helm::values::{ValueOptions, ValuesError};

use crate::error::Error;
use crate::rendered::Rendered;

/// A loaded chart with its templates as they are parsed: loaded once, rendered
/// often, by many threads.
#[derive(Clone)]
pub struct LoadedChart {
    chart: Arc<Chart>,
    programs: Arc<Programs>,
    warnings: Warnings,
}

/// How a chart is rendered.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The user's values: files (read from the world) and settings.
    pub values: ValueOptions,
    /// The release, the cluster's capabilities, limits and switches.
    pub options: Options,
}

impl Request {
    /// The user's values, put together. Hosts that report errors in Helm's
    /// order call it before they load the chart.
    ///
    /// # Errors
    /// If a file or a setting cannot be read.
    pub fn merge_values(&self, world: &dyn World) -> Result<Map, Error> {
        let mut read = |path: &[u8]| world.file(&String::from_utf8_lossy(path)).map_err(ValuesError::new);
        Ok(self.values.merge(&mut read)?)
    }
}

impl LoadedChart {
    /// Loads a chart from a `.tgz` archive; `path` is for messages only. A `Vec`
    /// is taken as it is, without a copy.
    ///
    /// # Errors
    /// If it is not a chart.
    pub fn from_archive(path: &str, data: impl Into<Bytes>) -> Result<LoadedChart, Error> {
        let mut warnings = Warnings::default();
        let chart = LoadedChart::from_archive_logged(path, data, &mut warnings)?;
        Ok(LoadedChart { warnings, ..chart })
    }

    /// As [`from_archive`](LoadedChart::from_archive), but what Helm writes to its
    /// log goes there, also where loading fails, and is not kept for renders.
    ///
    /// # Errors
    /// If it is not a chart.
    pub fn from_archive_logged(path: &str, data: impl Into<Bytes>, log: &mut Warnings) -> Result<LoadedChart, Error> {
        Ok(LoadedChart::new(chart::load_file(path, &data.into(), chart::Limits::default(), log)?))
    }

    /// Loads a chart from the files of a folder; what its `.helmignore` names is
    /// left out. `path` is for messages only.
    ///
    /// # Errors
    /// If it is not a chart.
    pub fn from_folder(path: &str, files: Vec<File>) -> Result<LoadedChart, Error> {
        let mut warnings = Warnings::default();
        let chart = LoadedChart::from_folder_logged(path, files, &mut warnings)?;
        Ok(LoadedChart { warnings, ..chart })
    }

    /// As [`from_folder`](LoadedChart::from_folder), but what Helm writes to its
    /// log goes there, also where loading fails, and is not kept for renders.
    ///
    /// # Errors
    /// If it is not a chart.
    pub fn from_folder_logged(path: &str, files: Vec<File>, log: &mut Warnings) -> Result<LoadedChart, Error> {
        Ok(LoadedChart::new(chart::load_folder(path, files, chart::Limits::default(), log)?))
    }

    /// A chart that is loaded already.
    pub(crate) fn new(chart: Arc<Chart>) -> LoadedChart {
        LoadedChart { chart, programs: Arc::default(), warnings: Warnings::default() }
    }

    /// Another version of the chart, loaded already: what is the same in it is not parsed again.
    pub(crate) fn successor(&self, chart: Arc<Chart>) -> LoadedChart {
        LoadedChart { chart, programs: Arc::new(self.programs.successor()), warnings: Warnings::default() }
    }

    /// The same, with what Helm logged while it was loaded.
    pub(crate) fn with_warnings(self, warnings: Warnings) -> LoadedChart {
        LoadedChart { warnings, ..self }
    }

    /// The chart.
    pub fn chart(&self) -> &Arc<Chart> {
        &self.chart
    }

    /// The programs that are parsed so far.
    pub(crate) fn programs(&self) -> &Programs {
        &self.programs
    }

    /// The chart as what brings charts for HelmReleases gives it.
    pub fn fetched(&self, revision: Option<String>) -> flux::FetchedChart {
        let (chart, programs) = (Arc::clone(&self.chart), Arc::clone(&self.programs));
        flux::FetchedChart { chart, programs, revision, values_files: Vec::new() }
    }

    /// Renders it.
    ///
    /// # Errors
    /// The first thing that is wrong, with Helm's message.
    pub fn render(&self, request: &Request, world: Rc<dyn World>) -> Result<Rendered, Error> {
        let values = request.merge_values(&*world)?;
        self.render_values(&values, request, world)
    }

    /// Renders it with values that are put together already.
    ///
    /// # Errors
    /// The first thing that is wrong, with Helm's message.
    pub fn render_values(&self, values: &Map, request: &Request, world: Rc<dyn World>) -> Result<Rendered, Error> {
        let mut log = Warnings::default();
        let mut rendered = self.render_logged(values, request, world, &mut log)?;
        rendered.warnings = log.into_vec();
        Ok(rendered)
    }

    /// As [`render_values`](LoadedChart::render_values), but all that Helm writes
    /// to its log goes there, also where the render fails.
    ///
    /// # Errors
    /// The first thing that is wrong, with Helm's message.
    pub fn render_logged(
        &self,
        values: &Map,
        request: &Request,
        world: Rc<dyn World>,
        log: &mut Warnings,
    ) -> Result<Rendered, Error> {
        log.append(&mut self.warnings.clone());
        release::check_installable(&self.chart, log)?;
        let release = release::run(&self.chart, values, &request.options, &self.programs, world, log)?;
        Ok(Rendered::new(release, &request.options.release, Arc::clone(&self.chart)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loaded_charts_are_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<LoadedChart>();
    }
}
