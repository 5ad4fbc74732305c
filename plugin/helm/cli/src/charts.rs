//! The available charts: those of standard input, and our base charts.

use chartwright::{File, LoadedChart};
use chartwright_host::ChartSource;
use contract::{Archive, Base64, ChartGiven, ChartWanted};
use gosemver::{Constraints, Version};

/// The source that our base charts are of.
const SOURCE: &str = "basecharts";

/// A name, and the files by their paths.
type BuiltIn = (&'static str, &'static [(&'static str, &'static [u8])]);

/// The base charts.
static BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/charts.rs"));

/// Charts by name and version.
pub(crate) struct Charts {
    /// Those that were given come first.
    charts: Vec<Known>,
}

struct Known {
    name: String,
    version: Option<Version>,
    built_in: bool,
    archive: Vec<u8>,
}

impl Charts {
    /// The base charts that are in the plugin.
    pub(crate) fn built_in() -> Charts {
        let chart = |(name, files): &BuiltIn| {
            let files: Vec<File> =
                files.iter().map(|(name, data)| File { name: (*name).into(), data: (*data).into() }).collect();
            let archive = helm::chart::pack(name, &files);
            let version = LoadedChart::from_archive(name, archive.clone()).ok().and_then(|c| version(&c));
            Known { name: (*name).to_owned(), version, built_in: true, archive }
        };
        Charts { charts: BUILT_IN.iter().map(chart).collect() }
    }

    /// Adds a chart's archive.
    ///
    /// # Errors
    /// If it is not a chart.
    pub(crate) fn add(&mut self, name: &str, archive: Vec<u8>) -> Result<(), String> {
        let chart = LoadedChart::from_archive(name, archive.clone()).map_err(|e| e.to_string())?;
        let name = chart.chart().name().to_string();
        let version = version(&chart);
        let built_in = self.charts.iter().position(|c| c.built_in).unwrap_or(self.charts.len());
        self.charts.insert(built_in, Known { name, version, built_in: false, archive });
        Ok(())
    }

    /// The newest that fits. In a Git repository or bucket Flux ignores the version.
    fn best(&self, wanted: &ChartWanted) -> Option<&Known> {
        let path = wanted.chart.trim_end_matches('/');
        let name = match path.rsplit('/').next() {
            Some("") | None => wanted.source.name.as_str(),
            Some(name) => name,
        };
        let any = wanted.version.is_empty() || matches!(wanted.source.kind.as_str(), "GitRepository" | "Bucket");
        let constraints = match any {
            true => None,
            false => Some(Constraints::parse(wanted.version.as_bytes()).ok()?),
        };
        let fits = |known: &&Known| {
            known.name == name
                && (!known.built_in || wanted.source.name == SOURCE)
                && constraints.as_ref().is_none_or(|c| known.version.as_ref().is_some_and(|v| c.check(v)))
        };
        let newer = |a: &&Known, b: &&Known| {
            let versions = (a.version.as_ref(), b.version.as_ref());
            let order = match versions {
                (Some(a), Some(b)) => a.compare(b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            };
            // What was given counts more than what was there.
            b.built_in.cmp(&a.built_in).then(order)
        };
        self.charts.iter().filter(fits).max_by(newer)
    }
}

impl ChartSource for Charts {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let known = self.best(wanted)?;
        let archive = Archive {
            name: format!("{}.tgz", known.name),
            data: Some(Base64(known.archive.clone())),
            ..Archive::default()
        };
        Some(ChartGiven { wanted: wanted.clone(), archive, ..ChartGiven::default() })
    }
}

fn version(chart: &LoadedChart) -> Option<Version> {
    Version::parse(chart.chart().metadata().version.as_bytes()).ok()
}
