//! Loaded charts, kept from call to call by the digest of their archives.

use std::borrow::Cow;

use contract::{Archive, Failure, FailureKind, FileGiven};
use helm::Warnings;
use helm::chart::File;
use sha2::{Digest, Sha256};

use crate::chart::LoadedChart;

/// How many bytes of archives are kept.
const MAX_BYTES: usize = 32 << 20;

/// The charts that were given so far; the least recently used go first.
#[derive(Default)]
pub(super) struct Loaded {
    /// The most recently used last.
    charts: Vec<Known>,
}

struct Known {
    digest: String,
    bytes: usize,
    chart: LoadedChart,
}

/// `sha256:` and the digest of these bytes, as archives are named.
pub fn digest(data: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(data) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl Loaded {
    /// The chart of an archive: loaded now, or before.
    ///
    /// # Errors
    /// Kind `input` if nothing is given or too much, `digest` where the
    /// bytes are not those of the digest, `unknown-digest` where no bytes are given and none are known, `chart`
    /// if it is not one.
    ///
    /// What Helm logs of a chart stays with it, for its renders; where it cannot be loaded, it goes to `log`.
    pub(super) fn load(&mut self, archive: &Archive, log: &mut Warnings) -> Result<LoadedChart, Failure> {
        if let Some(files) = &archive.files {
            return folder(archive, files, log);
        }
        let digest = match (&archive.data, &archive.digest) {
            (Some(data), given) => {
                let found = digest(&data.0);
                match given {
                    Some(given) if *given != found => {
                        let message = format!("{} is {found}, not {given}", name(archive));
                        return Err(Failure::new(FailureKind::Digest, message));
                    }
                    _ => Cow::Owned(found),
                }
            }
            (None, Some(given)) => Cow::Borrowed(given),
            (None, None) => {
                let message = format!("{} has neither data nor a digest", name(archive));
                return Err(Failure::new(FailureKind::Input, message));
            }
        };
        if let Some(at) = self.charts.iter().position(|known| known.digest == *digest) {
            let known = self.charts.remove(at);
            let chart = known.chart.clone();
            self.charts.push(known);
            return Ok(chart);
        }
        let Some(data) = &archive.data else {
            return Err(Failure::new(FailureKind::UnknownDigest, format!("the archive {digest} was not given yet")));
        };
        let mut warnings = Warnings::default();
        let chart = LoadedChart::from_archive_logged(name(archive), &data.0, &mut warnings);
        let chart = loaded(chart, warnings, log)?;
        self.keep(digest.into_owned(), chart.clone(), data.0.len());
        Ok(chart)
    }

    /// Keeps a chart under the digest of its archive.
    pub(super) fn keep(&mut self, digest: String, chart: LoadedChart, bytes: usize) {
        self.charts.retain(|known| known.digest != digest);
        self.charts.push(Known { digest, bytes, chart });
        while self.charts.len() > 1 && self.charts.iter().map(|known| known.bytes).sum::<usize>() > MAX_BYTES {
            self.charts.remove(0);
        }
    }
}

/// A chart from the files of its folder.
fn folder(archive: &Archive, files: &[FileGiven], log: &mut Warnings) -> Result<LoadedChart, Failure> {
    if archive.data.is_some() || archive.digest.is_some() {
        return Err(Failure::new(
            FailureKind::Input,
            format!("{} is given both as an archive and as files", name(archive)),
        ));
    }
    let files = files.iter().map(|f| File { name: f.path.as_str().into(), data: f.data.0.clone().into() }).collect();
    let mut warnings = Warnings::default();
    let chart = LoadedChart::from_folder_logged(name(archive), files, &mut warnings);
    loaded(chart, warnings, log)
}

/// A chart with what Helm logged of it.
fn loaded(
    chart: Result<LoadedChart, crate::Error>,
    mut warnings: Warnings,
    log: &mut Warnings,
) -> Result<LoadedChart, Failure> {
    match chart {
        Ok(chart) => Ok(chart.with_warnings(warnings)),
        Err(error) => {
            log.append(&mut warnings);
            Err(super::convert::failure(&error, None, None))
        }
    }
}

fn name(archive: &Archive) -> &str {
    if archive.name.is_empty() { "the chart's archive" } else { &archive.name }
}
