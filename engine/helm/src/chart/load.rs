//! Charts from files and archives (`pkg/chart/v2/loader`).

use std::collections::BTreeMap;
use std::sync::Arc;

use govalue::{Map, Str, Value};

use super::archive::{self, ArchiveError, Budget, Limits, without_bom};
use super::bytes::Bytes;
use super::{Chart, ChartError, File, Ignore, decode, ignore, sniff, validate};
use crate::Warnings;
use crate::values::read_values;

/// Loads a chart from an archive as `helm template` does with a `.tgz` file;
/// `path` is for messages only.
///
/// # Errors
/// Where it is no archive or no chart, with Helm's text.
pub fn load_file(path: &str, data: &[u8], limits: Limits, warnings: &mut Warnings) -> Result<Arc<Chart>, ChartError> {
    sniff::check(path, data)?;
    let budget = Budget::new(limits);
    let files = archive::files(data, &budget).map_err(|e| match e {
        ArchiveError::NoGzip => {
            let e = e.into_error();
            ChartError::new(format!("file '{path}' does not appear to be a valid chart file (details: {e})"))
        }
        ArchiveError::Other(_) => ChartError::new("unable to load chart archive"),
    })?;
    load_detected(files, &budget, warnings)
}

/// Loads a chart from an archive as programs on Helm's libraries do, such as Flux.
///
/// # Errors
/// Where it is no archive or no chart, with Helm's text.
pub fn load_archive(data: &[u8], limits: Limits, warnings: &mut Warnings) -> Result<Arc<Chart>, ChartError> {
    let budget = Budget::new(limits);
    let files = archive::files(data, &budget).map_err(|e| {
        let no_gzip = matches!(e, ArchiveError::NoGzip);
        let e = e.into_error();
        ChartError::new(if no_gzip {
            format!("stream does not appear to be a valid chart file (details: {e})")
        } else {
            format!("unable to load chart archive: {e}")
        })
    })?;
    load_detected(files, &budget, warnings)
}

/// Loads a chart from all files of a folder, in any order. What its
/// `.helmignore` names is left out. `path` is for messages only.
///
/// # Errors
/// Where it is no chart, with Helm's text.
pub fn load_folder(
    path: &str,
    mut files: Vec<File>,
    limits: Limits,
    warnings: &mut Warnings,
) -> Result<Arc<Chart>, ChartError> {
    let budget = Budget::new(limits);
    let Some(file) = files.iter().find(|f| f.name == "Chart.yaml") else {
        let text =
            format!("unable to detect chart at {path}/Chart.yaml: open {path}/Chart.yaml: no such file or directory");
        return Err(ChartError::new(text));
    };
    check_format(&file.data)?;
    let ignore = match files.iter().find(|f| f.name == ignore::FILE) {
        Some(rules) => Ignore::parse(&rules.data)?,
        None => Ignore::default(),
    };
    files = ignore.keep(files);
    // Helm walks folders by name: `a/b` comes before `a.txt`.
    files.sort_by(|a, b| a.name.split(|&b| b == b'/').cmp(b.name.split(|&b| b == b'/')));
    for file in &mut files {
        if file.data.len() as u64 > limits.file {
            let base = file.name.rsplit(|&b| b == b'/').next().unwrap_or_default();
            let (base, most) = (govalue::strconv::quote(base), limits.file);
            return Err(ChartError::new(format!("chart file {base} is larger than the maximum file size {most}")));
        }
        file.data = without_bom(std::mem::take(&mut file.data));
    }
    load_files(files, &budget, 0, warnings)
}

/// Loads a chart whose format `Chart.yaml` tells.
fn load_detected(files: Vec<File>, budget: &Budget, warnings: &mut Warnings) -> Result<Arc<Chart>, ChartError> {
    let Some(file) = files.iter().find(|f| f.name == "Chart.yaml") else {
        return Err(ChartError::new("unable to detect chart version, no Chart.yaml found"));
    };
    check_format(&file.data)?;
    load_files(files, budget, 0, warnings)
}

/// Checks that `Chart.yaml` says that the chart is of a format for this loader.
fn check_format(text: &[u8]) -> Result<(), ChartError> {
    let version = decode::api_version(text).map_err(cannot_load("Chart.yaml"))?;
    match version.as_bytes() {
        b"" | b"v1" | b"v2" => Ok(()),
        // Helm 4 reads the format to come, but cannot install it.
        b"v3" => Err(ChartError::new("invalid chart apiVersion")),
        _ => Err(ChartError::new("unsupported chart version")),
    }
}

fn cannot_load(name: &str) -> impl Fn(String) -> ChartError {
    move |e| ChartError::new(format!("cannot load {name}: {e}"))
}

/// Builds a chart of its files (`LoadFiles`).
fn load_files(
    files: Vec<File>,
    budget: &Budget,
    depth: usize,
    warnings: &mut Warnings,
) -> Result<Arc<Chart>, ChartError> {
    if depth > budget.limits.depth {
        return Err(ChartError::new(format!("charts nest deeper than {} levels", budget.limits.depth)));
    }
    let mut chart = Chart::default();
    let mut has_metadata = false;
    for file in files.iter().filter(|f| f.name == "Chart.yaml") {
        has_metadata = true;
        decode::metadata(&file.data, &mut chart.metadata).map_err(cannot_load("Chart.yaml"))?;
        if chart.metadata.api_version.is_empty() {
            chart.metadata.api_version = Str::from("v1");
        }
    }
    let mut subcharts = Subcharts::default();
    for file in &files {
        has_metadata |= matches!(file.name.as_bytes(), b"requirements.yaml" | b"requirements.lock");
        chart.add_file(file, &mut subcharts, warnings)?;
    }
    if !has_metadata {
        return Err(ChartError::new("Chart.yaml file is missing"));
    }
    validate::validate(&mut chart.metadata)?;
    for (name, files) in subcharts.list {
        if let Some(sub) = load_subchart(&name, files, budget, depth + 1, chart.name(), warnings)? {
            chart.dependencies.push(sub);
        }
    }
    chart.raw = files;
    Ok(Arc::new(chart))
}

/// Loads an entry of `charts/`, unless it is none.
fn load_subchart(
    name: &Str,
    files: Vec<File>,
    budget: &Budget,
    depth: usize,
    parent: &Str,
    warnings: &mut Warnings,
) -> Result<Option<Arc<Chart>>, ChartError> {
    if matches!(name.first(), Some(b'_' | b'.')) {
        return Ok(None);
    }
    let loaded = if name.ends_with(b".tgz") {
        let Some(file) = files.first() else { return Ok(None) };
        if file.name != *name {
            let got = &file.name;
            return Err(ChartError::new(format!(
                "error unpacking subchart tar in {parent}: expected {name}, got {got}"
            )));
        }
        archive::files(&file.data, budget)
            .map_err(ArchiveError::into_error)
            .and_then(|files| load_files(files, budget, depth, warnings))
    } else {
        // What is in `charts/` itself is no chart.
        let inner = |file: File| {
            let slash = file.name.iter().position(|&b| b == b'/')?;
            Some(File { name: Str::from(&file.name[slash + 1..]), data: file.data })
        };
        load_files(files.into_iter().filter_map(inner).collect(), budget, depth, warnings)
    };
    loaded.map(Some).map_err(|e| ChartError::new(format!("error unpacking subchart {name} in {parent}: {e}")))
}

/// The files under `charts/` by the name after it, in order of appearance.
#[derive(Default)]
struct Subcharts {
    list: Vec<(Str, Vec<File>)>,
    index: BTreeMap<Str, usize>,
}

impl Subcharts {
    fn add(&mut self, path: &[u8], data: &Bytes) {
        let name = Str::from(path.split(|&b| b == b'/').next().unwrap_or_default());
        let at = *self.index.entry(name.clone()).or_insert_with(|| {
            self.list.push((name, Vec::new()));
            self.list.len() - 1
        });
        if let Some((_, files)) = self.list.get_mut(at) {
            files.push(File { name: Str::from(path), data: data.clone() });
        }
    }
}

impl Chart {
    /// Puts a file where it belongs.
    fn add_file(&mut self, file: &File, subcharts: &mut Subcharts, warnings: &mut Warnings) -> Result<(), ChartError> {
        let is_v1 = self.metadata.api_version == "v1";
        match file.name.as_bytes() {
            b"Chart.yaml" => {}
            b"Chart.lock" => self.lock = Some(decode::lock(&file.data).map_err(cannot_load("Chart.lock"))?),
            b"values.yaml" => {
                let values =
                    read_values(&file.data).map_err(|e| ChartError::new(format!("cannot load values.yaml: {e}")))?;
                self.has_nulls = has_nulls(&values);
                self.values = Value::Map(values).freeze();
            }
            b"values.schema.json" => self.schema = Some(file.data.clone()),
            b"requirements.yaml" => {
                if !is_v1 {
                    warnings.note(|| {
                        "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend \
                         migrating dependencies to Chart.yaml."
                    });
                }
                decode::metadata(&file.data, &mut self.metadata).map_err(cannot_load("requirements.yaml"))?;
                if self.metadata.api_version == "v1" {
                    self.files.push(file.clone());
                }
            }
            b"requirements.lock" => {
                self.lock = Some(decode::lock(&file.data).map_err(cannot_load("requirements.lock"))?);
                if is_v1 {
                    self.files.push(file.clone());
                } else {
                    warnings.note(|| {
                        "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend \
                         migrating to Chart.lock."
                    });
                }
            }
            name if name.starts_with(b"templates/") => self.templates.push(file.clone()),
            name => match name.strip_prefix(b"charts/") {
                Some(inner) if !name.ends_with(b".prov") => subcharts.add(inner, &file.data),
                _ => self.files.push(file.clone()),
            },
        }
        Ok(())
    }
}

/// Whether a table or a table in it has a null.
fn has_nulls(values: &Map) -> bool {
    let mut work = vec![values.clone()];
    while let Some(table) = work.pop() {
        for (_, value) in table.borrow().iter() {
            match value {
                Value::Nil => return true,
                Value::Map(m) => work.push(m.clone()),
                _ => {}
            }
        }
    }
    false
}
