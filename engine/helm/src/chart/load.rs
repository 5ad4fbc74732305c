//! Charts from files and archives (`pkg/chart/v2/loader`).

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use govalue::sort::sort_by;
use govalue::{Frozen, Str, strconv};

use super::archive::{self, ArchiveError, Budget, Limits, without_bom};
use super::bytes::Bytes;
use super::{Chart, ChartError, File, Ignore, decode, ignore, sniff, validate};
use crate::values::{Work, freeze, has_nulls, read_values};
use crate::{Warning, Warnings, dependencies};

/// Loads a chart from an archive as `helm template` does with a `.tgz` file;
/// `path` is for messages only.
///
/// # Errors
/// If it is no archive or no chart, with Helm's text.
pub fn load_file(path: &str, data: &Bytes, limits: Limits, warnings: &mut Warnings) -> Result<Arc<Chart>, ChartError> {
    sniff::check(path, data)?;
    let budget = Budget::new(limits);
    let files = archive::files(data, &budget).map_err(|e| match e {
        ArchiveError::NoGzip => {
            let e = e.into_error();
            ChartError::new(format!("file '{path}' does not appear to be a valid chart file (details: {e})"))
        }
        ArchiveError::Other(reason) => ChartError::new("unable to load chart archive").because(reason),
    })?;
    load_unpacked(files, budget, warnings)
}

/// Loads a chart from an archive as programs on Helm's libraries do, such as Flux.
///
/// # Errors
/// If it is no archive or no chart, with Helm's text.
pub fn load_archive(data: impl Into<Bytes>, limits: Limits, warnings: &mut Warnings) -> Result<Arc<Chart>, ChartError> {
    let budget = Budget::new(limits);
    let files = archive::files(&data.into(), &budget).map_err(|e| {
        let no_gzip = matches!(e, ArchiveError::NoGzip);
        let e = e.into_error();
        ChartError::new(if no_gzip {
            format!("stream does not appear to be a valid chart file (details: {e})")
        } else {
            format!("unable to load chart archive: {e}")
        })
    })?;
    load_unpacked(files, budget, warnings)
}

fn load_unpacked(files: Vec<File>, budget: Budget, warnings: &mut Warnings) -> Result<Arc<Chart>, ChartError> {
    let Some(file) = files.iter().find(|f| f.name == "Chart.yaml") else {
        return Err(ChartError::new("unable to detect chart version, no Chart.yaml found"));
    };
    let format = Format::detect(&file.data)?;
    Loader { budget, format, warnings }.root(files)
}

/// Loads a chart from all files of a folder, in any order. What its
/// `.helmignore` names is left out. `path` is for messages only.
///
/// # Errors
/// If it is no chart, with Helm's text.
pub fn load_folder(
    path: &str,
    mut files: Vec<File>,
    limits: Limits,
    warnings: &mut Warnings,
) -> Result<Arc<Chart>, ChartError> {
    let Some(file) = files.iter().find(|f| f.name == "Chart.yaml") else {
        let file = format!("{path}/Chart.yaml");
        return Err(ChartError::new(format!(
            "unable to detect chart at {file}: open {file}: no such file or directory"
        )));
    };
    let format = Format::detect(&file.data)?;
    let ignore = match files.iter().find(|f| f.name == ignore::FILE) {
        Some(rules) => Ignore::parse(&rules.data)?,
        None => Ignore::default(),
    };
    files = ignore.keep(files);
    // Helm walks folders by name: `a/b` comes before `a.txt`.
    sort_by(&mut files, |a, b| a.name.split(|&b| b == b'/').cmp(b.name.split(|&b| b == b'/')));
    for file in &mut files {
        if file.data.len() as u64 > limits.file {
            let base = file.name.rsplit(|&b| b == b'/').next().expect("a split has a first part");
            let (base, most) = (strconv::quote(base), limits.file);
            return Err(ChartError::new(format!("chart file {base} is larger than the maximum file size {most}")));
        }
        file.data = without_bom(std::mem::take(&mut file.data));
    }
    Loader { budget: Budget::new(limits), format, warnings }.root(files)
}

/// The format of a chart, as its `apiVersion` says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    /// `v1` and `v2`.
    V2,
    /// `v3`, which Helm 4 loads, but does not install.
    V3,
}

impl Format {
    fn detect(text: &[u8]) -> Result<Format, ChartError> {
        let version = decode::api_version(text).map_err(|e| ChartError::new(format!("cannot load Chart.yaml: {e}")))?;
        match version.as_bytes() {
            b"" | b"v1" | b"v2" => Ok(Format::V2),
            b"v3" => Ok(Format::V3),
            _ => Err(ChartError::new("unsupported chart version")),
        }
    }
}

/// A chart with its subcharts on the way.
struct Loader<'w> {
    budget: Budget,
    format: Format,
    warnings: &'w mut Warnings,
}

impl Loader<'_> {
    fn root(mut self, files: Vec<File>) -> Result<Arc<Chart>, ChartError> {
        let chart = self.files(files, 0)?;
        match self.format {
            Format::V2 => Ok(chart),
            Format::V3 => Err(self.refuse_v3(&chart)),
        }
    }

    /// Why a chart of format v3 is not installed: what `helm template` finds
    /// first on its way to an action that takes v2 only.
    fn refuse_v3(&mut self, chart: &Chart) -> ChartError {
        let kind = &chart.metadata.kind;
        if !kind.is_empty() && kind != "application" {
            return ChartError::new(format!("{kind} charts are not installable"));
        }
        if chart.metadata.deprecated {
            self.warnings.push(Warning::new("this chart is deprecated"));
        }
        // Helm makes as many dependencies of the metadata as there are subcharts, and has no type for
        // those that are not listed.
        let listed = chart.metadata.dependencies.as_ref().map_or(0, Vec::len);
        let checked = match listed.cmp(&chart.dependencies.len()) {
            Ordering::Less => Err(dependencies::unchecked("unsupported chart dependency type")),
            Ordering::Equal => dependencies::check(chart),
            // Helm itself panics.
            Ordering::Greater => Ok(()),
        };
        checked.err().unwrap_or_else(|| ChartError::new("invalid chart apiVersion"))
    }

    /// Builds a chart of its files (`LoadFiles`).
    fn files(&mut self, files: Vec<File>, depth: usize) -> Result<Arc<Chart>, ChartError> {
        let most = self.budget.limits.depth;
        if depth > most {
            return Err(ChartError::new(format!("charts nest deeper than {most} levels")));
        }
        let mut chart = Chart::default();
        let mut has_metadata = false;
        for file in files.iter().filter(|f| f.name == "Chart.yaml") {
            has_metadata = true;
            self.metadata(file, &mut chart)?;
            if chart.metadata.api_version.is_empty() {
                chart.metadata.api_version = Str::from(if self.format == Format::V3 { "v3" } else { "v1" });
            }
        }
        let mut subcharts = Subcharts::default();
        for file in &files {
            has_metadata |= self.file(file, &mut chart, &mut subcharts)?;
        }
        if !has_metadata {
            return Err(ChartError::new("Chart.yaml file is missing"));
        }
        validate::validate(&mut chart.metadata)?;
        for (name, files) in subcharts.list {
            if let Some(sub) = self.subchart(&name, files, depth + 1, chart.name())? {
                chart.dependencies.push(sub);
            }
        }
        chart.raw = files;
        Ok(Arc::new(chart))
    }

    /// An error of reading a file, with the types of the chart's format.
    fn cannot_load(&self, file: &File, error: &str) -> ChartError {
        let error = match self.format {
            Format::V2 => error.to_owned(),
            Format::V3 => error.replace("v2.", "v3."),
        };
        ChartError::new(format!("cannot load {}: {error}", file.name))
    }

    fn metadata(&self, file: &File, chart: &mut Chart) -> Result<(), ChartError> {
        decode::metadata(&file.data, &mut chart.metadata).map_err(|e| self.cannot_load(file, &e))
    }

    fn lock(&self, file: &File, chart: &mut Chart) -> Result<(), ChartError> {
        chart.lock = Some(decode::lock(&file.data).map_err(|e| self.cannot_load(file, &e))?);
        Ok(())
    }

    /// Puts a file where it belongs. Whether it stands for metadata.
    fn file(&mut self, file: &File, chart: &mut Chart, subcharts: &mut Subcharts) -> Result<bool, ChartError> {
        let old = self.format == Format::V2;
        match file.name.as_bytes() {
            b"Chart.yaml" => {}
            b"Chart.lock" => self.lock(file, chart)?,
            b"values.yaml" => {
                let values = read_values(&file.data).map_err(|e| self.cannot_load(file, e.message()))?;
                let run = &mut Work::new(self.warnings);
                chart.values = freeze(&values, run).map_err(|e| self.cannot_load(file, e.message()))?;
                chart.has_nulls = matches!(&chart.values, Frozen::Map(table) if has_nulls(table));
            }
            b"values.schema.json" => chart.schema = Some(file.data.clone()),
            b"requirements.yaml" if old => {
                if chart.metadata.api_version != "v1" {
                    self.warnings.print(|| {
                        "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend \
                         migrating dependencies to Chart.yaml."
                    });
                }
                self.metadata(file, chart)?;
                if chart.metadata.api_version == "v1" {
                    chart.files.push(file.clone());
                }
                return Ok(true);
            }
            b"requirements.lock" if old => {
                self.lock(file, chart)?;
                if chart.metadata.api_version == "v1" {
                    chart.files.push(file.clone());
                } else {
                    self.warnings.print(|| {
                        "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend \
                         migrating to Chart.lock."
                    });
                }
                return Ok(true);
            }
            name if name.starts_with(b"templates/") => chart.templates.push(file.clone()),
            name => match name.strip_prefix(b"charts/") {
                Some(inner) if !name.ends_with(b".prov") => subcharts.add(inner, &file.data),
                _ => chart.files.push(file.clone()),
            },
        }
        Ok(false)
    }

    /// Loads an entry of `charts/`, unless it is none.
    fn subchart(
        &mut self,
        name: &Str,
        files: Vec<File>,
        depth: usize,
        parent: &Str,
    ) -> Result<Option<Arc<Chart>>, ChartError> {
        if matches!(name.first(), Some(b'_' | b'.')) {
            return Ok(None);
        }
        let loaded = if name.ends_with(b".tgz") {
            let file = files.first().expect("an entry of charts/ is known by its files");
            if file.name != *name {
                let got = &file.name;
                return Err(ChartError::new(format!(
                    "error unpacking subchart tar in {parent}: expected {name}, got {got}"
                )));
            }
            archive::files(&file.data, &self.budget)
                .map_err(ArchiveError::into_error)
                .and_then(|files| self.files(files, depth))
        } else {
            // What is in `charts/` itself is no chart.
            let inner = |file: File| {
                let slash = file.name.iter().position(|&b| b == b'/')?;
                Some(File { name: Str::from(&file.name[slash + 1..]), data: file.data })
            };
            self.files(files.into_iter().filter_map(inner).collect(), depth)
        };
        loaded.map(Some).map_err(|e| ChartError::new(format!("error unpacking subchart {name} in {parent}: {e}")))
    }
}

/// The files under `charts/` by the name after it, in order of appearance.
#[derive(Default)]
struct Subcharts {
    list: Vec<(Str, Vec<File>)>,
    index: BTreeMap<Str, usize>,
}

impl Subcharts {
    fn add(&mut self, path: &[u8], data: &Bytes) {
        let name = Str::from(path.split(|&b| b == b'/').next().expect("a split has a first part"));
        let at = *self.index.entry(name.clone()).or_insert_with(|| {
            self.list.push((name, Vec::new()));
            self.list.len() - 1
        });
        self.list[at].1.push(File { name: Str::from(path), data: data.clone() });
    }
}
