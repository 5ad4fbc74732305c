//! The sources that the example descriptors name: our base charts, and charts of others from the conformance kit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use flate2::read::GzDecoder;

use crate::{paths, run};

/// Folders that stand for Flux sources, by the sources' names.
pub(crate) struct Sources {
    /// `NAME=FOLDER`, for `--source`.
    pub(crate) flags: Vec<String>,
    /// The names that are there.
    names: Vec<&'static str>,
    /// Archives of the charts of others, from the conformance kit.
    archives: Vec<PathBuf>,
}

impl Sources {
    /// Whether a source is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// The archives of the charts of others.
    pub(crate) fn archives(&self) -> &[PathBuf] {
        &self.archives
    }

    /// The folder of a chart that a descriptor names in a source.
    pub(crate) fn chart(&self, source: &str, chart: &str) -> Option<PathBuf> {
        let root = self.flags.iter().find_map(|f| f.strip_prefix(source)?.strip_prefix('='))?;
        let path = Path::new(root).join(chart.trim_start_matches("./"));
        path.join("Chart.yaml").is_file().then_some(path)
    }

    /// The archive of a chart that a descriptor names in a source, packed into `folder`.
    pub(crate) fn archive(&self, source: &str, chart: &str, folder: &Path) -> anyhow::Result<PathBuf> {
        let chart = self.chart(source, chart).with_context(|| format!("{source} has no chart {chart}"))?;
        let name = chart.file_name().unwrap_or_default();
        let archive = folder.join(name).with_extension("tgz");
        let mut tar = Command::new("tar");
        tar.args(["--create", "--gzip", "--exclude", "ci", "--file"]).arg(&archive).arg("--directory");
        run::check(tar.arg(chart.parent().unwrap_or(&chart)).arg(name))?;
        Ok(archive)
    }
}

/// Lays out the sources under `work`. What comes from the conformance kit is missing where the kit is.
pub(crate) fn prepare(work: &Path) -> anyhow::Result<Sources> {
    let own = paths::root().join("templates");
    let flags = vec![format!("basecharts={}", own.display())];
    let mut sources = Sources { flags, names: vec!["basecharts"], archives: Vec::new() };
    let Some(kit) = paths::conformance() else {
        eprintln!("SKIPPED: examples with charts of others: there is no conformance kit (../shared/conformance)");
        return Ok(sources);
    };
    for (name, prefix, folder) in [
        ("ds2charts", "ds2-eu_helmtemplates__charts_ds2modulebase", "charts"),
        ("bitnami", "bitnami_charts__bitnami_nats", ""),
    ] {
        let root = work.join("sources").join(name);
        for archive in fs::read_dir(kit.join("charts"))? {
            let archive = archive?.path();
            if archive.file_name().is_some_and(|n| n.to_string_lossy().starts_with(prefix)) {
                let file = fs::File::open(&archive)?;
                tar::Archive::new(GzDecoder::new(file))
                    .unpack(root.join(folder))
                    .with_context(|| archive.display().to_string())?;
                sources.archives.push(archive);
            }
        }
        sources.flags.push(format!("{name}={}", root.display()));
        sources.names.push(name);
    }
    sources.archives.sort();
    Ok(sources)
}
