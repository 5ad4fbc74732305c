//! What is in a chart, and the charts that are kept.

use std::fmt::Write;
use std::sync::Arc;

use chartwright::api::{self, Engine};
use chartwright::{Chart, File, LoadedChart, Str};
use chartwright_protocol::{ChartFile, ChartInfo, Dependency};
use contract::{Archive, Failure, FailureKind};

use crate::desk::pairs;

/// Larger files are not shown.
const MOST_TEXT: usize = 1 << 20;

/// So many bytes of files are shown together.
const MOST_TEXTS: usize = 16 << 20;

/// How deep charts below charts are listed.
const DEPTH: u32 = 16;

/// Loads a chart, and keeps it by its digest.
pub(crate) fn load(
    engine: &mut Engine,
    name: &str,
    files: Vec<String>,
    parts: Vec<Vec<u8>>,
) -> Result<ChartInfo, Failure> {
    let bytes = parts.iter().map(Vec::len).sum();
    let loaded = |chart: Result<LoadedChart, chartwright::Error>| chart.map_err(|e| api::failure(&e, None, None));
    let (digest, chart) = if files.is_empty() {
        let data = parts.into_iter().next();
        let data = data.ok_or_else(|| Failure::new(FailureKind::Input, "the chart's archive is not there"))?;
        let digest = api::digest(&data);
        let known = engine.load(&Archive { digest: Some(digest.clone()), ..Archive::default() });
        match known {
            Ok(chart) => (digest, chart),
            Err(_) => (digest, loaded(LoadedChart::from_archive(name, data))?),
        }
    } else {
        let files = pairs(files, parts)?;
        let files = files.map(|(path, data)| File { name: path.as_str().into(), data: data.into() }).collect();
        let chart = loaded(LoadedChart::from_folder(name, files))?;
        (of_files(chart.chart().raw()), chart)
    };
    let info = info(digest, chart.chart());
    engine.keep(&info.digest, chart, bytes);
    Ok(info)
}

/// The digest of a folder's files: of their digests and paths, one a line, in the order of the paths.
fn of_files(files: &[File]) -> String {
    let mut files: Vec<&File> = files.iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut list = String::new();
    for file in files {
        let _ = writeln!(list, "{} {}", api::digest(file.data.as_bytes()), file.name);
    }
    api::digest(list.as_bytes())
}

fn info(digest: String, chart: &Arc<Chart>) -> ChartInfo {
    let metadata = chart.metadata();
    let own = |names: &[&str]| {
        let mut files = names.iter().filter_map(|name| chart.raw().iter().find(|file| file.name == **name));
        files.next().map(|file| String::from_utf8_lossy(file.data.as_bytes()).into_owned())
    };
    ChartInfo {
        digest,
        name: text(&metadata.name),
        version: text(&metadata.version),
        app_version: text(&metadata.app_version),
        description: text(&metadata.description),
        icon: text(&metadata.icon),
        home: text(&metadata.home),
        keywords: metadata.keywords.iter().flatten().map(text).collect(),
        kube_version: text(&metadata.kube_version),
        deprecated: metadata.deprecated,
        dependencies: dependencies(chart, DEPTH),
        values: own(&["values.yaml"]).unwrap_or_default(),
        schema: own(&["values.schema.json"]),
        questions: own(&["questions.yaml", "questions.yml"]),
        readme: own(&["README.md", "readme.md", "Readme.md"]),
        files: files(chart),
    }
}

fn dependencies(chart: &Chart, depth: u32) -> Vec<Dependency> {
    if depth == 0 {
        return Vec::new();
    }
    let below = |name: &Str| chart.dependencies().iter().find(|chart| chart.name() == name);
    let named = chart.metadata().dependencies.as_deref().unwrap_or_default();
    let listed = named.iter().map(|dependency| {
        let there = below(&dependency.name);
        Dependency {
            name: text(if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias }),
            version: text(&dependency.version),
            repository: text(&dependency.repository),
            condition: text(&dependency.condition),
            present: there.is_some(),
            dependencies: there.map(|chart| dependencies(chart, depth - 1)).unwrap_or_default(),
        }
    });
    // What only lies in `charts/` is rendered, too.
    let others =
        chart.dependencies().iter().filter(|other| named.iter().all(|dependency| dependency.name != *other.name()));
    let others = others.map(|other| Dependency {
        name: text(other.name()),
        version: text(&other.metadata().version),
        present: true,
        dependencies: dependencies(other, depth - 1),
        ..Dependency::default()
    });
    listed.chain(others).collect()
}

fn files(chart: &Chart) -> Vec<ChartFile> {
    let mut files: Vec<&File> = chart.raw().iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut shown = 0;
    let mut one = |file: &File| {
        let data = file.data.as_bytes();
        let fits = data.len() <= MOST_TEXT && shown + data.len() <= MOST_TEXTS;
        let own = std::str::from_utf8(data).ok().filter(|_| fits);
        shown += own.map_or(0, str::len);
        ChartFile { path: text(&file.name), size: data.len() as u64, text: own.map(str::to_owned) }
    };
    files.into_iter().map(&mut one).collect()
}

fn text(text: &Str) -> String {
    text.to_str_lossy().into_owned()
}
