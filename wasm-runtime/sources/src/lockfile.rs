//! `chartwright.lock`: which charts a descriptor was rendered with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flux::ChartWanted;
use serde::{Deserialize, Serialize};

use crate::source_error::{LOCK_VERSION, LockFileError, SourceError};
use crate::{cache, folder};

/// What the file says of itself to people.
const HEAD: &str = "# The charts that were used. `--locked` allows no others, `--update` looks for newer ones.\n";

/// The file as it is written.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    charts: Option<Vec<Entry>>,
}

/// A chart in it.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Entry {
    #[serde(skip_serializing_if = "String::is_empty")]
    source: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    chart: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    asked: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    revision: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    digest: String,
}

/// What happens to a lock file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locking {
    /// New charts are added; known ones stay as they are.
    #[default]
    Add,
    /// Nothing changes.
    Locked,
}

/// What is asked: a source, a chart in it, a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) source: String,
    pub(crate) chart: String,
    pub(crate) asked: String,
}

impl Key {
    pub(crate) fn of(wanted: &ChartWanted) -> Key {
        Key { source: wanted.source.to_string(), chart: wanted.chart.clone(), asked: wanted.version.clone() }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pin {
    /// Where.
    pub(crate) from: String,
    pub(crate) version: String,
    pub(crate) digest: String,
    pub(crate) revision: String,
}

/// The lock file of a run.
#[derive(Debug)]
pub(crate) struct LockFile {
    path: PathBuf,
    pub(crate) locking: Locking,
    pins: BTreeMap<Key, Pin>,
    /// Those that are looked for anew: all, or those of these sources.
    update: Option<Vec<String>>,
    /// What was used in this run.
    used: BTreeMap<Key, Pin>,
}

impl LockFile {
    /// Reads the file, if it is there.
    pub(crate) fn open(path: &Path, locking: Locking, update: Option<Vec<String>>) -> Result<LockFile, SourceError> {
        let pins = match folder::read(path, 16 << 20) {
            Ok(text) => read(&text).map_err(|cause| SourceError::Lock { path: path.to_path_buf(), cause })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(e) => return Err(SourceError::File { path: path.to_path_buf(), why: e.to_string() }),
        };
        Ok(LockFile { path: path.to_path_buf(), locking, pins, update, used: BTreeMap::new() })
    }

    /// What is pinned for something that is asked, unless it is looked for anew.
    pub(crate) fn pin(&self, key: &Key) -> Option<&Pin> {
        let updated = |names: &Vec<String>| {
            names.is_empty() || names.iter().any(|n| *n == key.source || key.source.ends_with(&format!("/{n}")))
        };
        self.pins.get(key).filter(|_| !self.update.as_ref().is_some_and(updated))
    }

    /// The file's name for messages.
    pub(crate) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Notes what was used.
    pub(crate) fn note(&mut self, key: Key, pin: Pin) {
        self.used.insert(key, pin);
    }

    /// Writes the file if something has changed; whether it was.
    pub(crate) fn save(&mut self) -> Result<bool, SourceError> {
        let mut pins = self.pins.clone();
        if self.update.as_ref().is_some_and(Vec::is_empty) {
            pins.clear();
        }
        pins.extend(self.used.clone());
        if pins == self.pins || self.locking == Locking::Locked {
            return Ok(false);
        }
        let failed = |why: String| SourceError::File { path: self.path.clone(), why };
        let text = text(&pins).map_err(|e| failed(e.to_string()))?;
        cache::write(&self.path, text.as_bytes()).map_err(|e| failed(e.to_string()))?;
        self.pins = pins;
        Ok(true)
    }
}

fn text(pins: &BTreeMap<Key, Pin>) -> Result<String, serde_yaml::Error> {
    let entry = |(key, pin): (&Key, &Pin)| Entry {
        source: key.source.clone(),
        chart: key.chart.clone(),
        asked: key.asked.clone(),
        from: pin.from.clone(),
        version: pin.version.clone(),
        revision: pin.revision.clone(),
        digest: pin.digest.clone(),
    };
    let charts = Some(pins.iter().map(entry).collect());
    let written = Written { api_version: LOCK_VERSION.to_owned(), kind: "Lock".to_owned(), charts };
    Ok(format!("{HEAD}{}", serde_yaml::to_string(&written)?))
}

fn read(text: &[u8]) -> Result<BTreeMap<Key, Pin>, LockFileError> {
    let written: Written = serde_yaml::from_slice(text).map_err(|e| LockFileError::Form(e.to_string()))?;
    if written.api_version != LOCK_VERSION {
        return Err(LockFileError::Version);
    }
    let pin = |entry: Entry| {
        if entry.source.is_empty() || entry.digest.is_empty() {
            return Err(LockFileError::Incomplete);
        }
        let key = Key { source: entry.source, chart: entry.chart, asked: entry.asked };
        let Entry { from, version, digest, revision, .. } = entry;
        Ok((key, Pin { from, version, digest, revision }))
    };
    written.charts.unwrap_or_default().into_iter().map(pin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_are_read_as_they_were_written() {
        let key =
            |chart: &str| Key { source: "HelmRepository/ds2/bitnami".into(), chart: chart.into(), asked: "1.x".into() };
        let pin = Pin {
            from: "https://h/charts".into(),
            version: "1.10".into(),
            digest: "sha256:00".into(),
            revision: "main@sha1:00".into(),
        };
        let pins = BTreeMap::from([(key("web"), pin.clone()), (key("db"), Pin { revision: String::new(), ..pin })]);
        let written = text(&pins).expect("YAML");
        insta::assert_snapshot!(written, @r"
        # The charts that were used. `--locked` allows no others, `--update` looks for newer ones.
        apiVersion: chartwright.dev/v1alpha1
        kind: Lock
        charts:
        - source: HelmRepository/ds2/bitnami
          chart: db
          asked: 1.x
          from: https://h/charts
          version: '1.10'
          digest: sha256:00
        - source: HelmRepository/ds2/bitnami
          chart: web
          asked: 1.x
          from: https://h/charts
          version: '1.10'
          revision: main@sha1:00
          digest: sha256:00
        ");
        assert_eq!(read(written.as_bytes()), Ok(pins));
        assert_eq!(read(text(&BTreeMap::new()).expect("YAML").as_bytes()), Ok(BTreeMap::new()));
    }

    #[test]
    fn what_is_no_lock_file_is_refused() {
        for (text, want) in [
            ("[]", "this is not a lock file: "),
            ("charts: [", "this is not a lock file: "),
            ("{}", "this is not a lock file of chartwright.dev/v1alpha1"),
            ("{apiVersion: chartwright.dev/v1alpha1, charts: [1]}", "this is not a lock file: charts[0]: invalid type"),
            (
                "{apiVersion: chartwright.dev/v1alpha1, charts: [{source: a}]}",
                "an entry of charts has no source or no digest",
            ),
            (
                "{apiVersion: chartwright.dev/v1alpha1, charts: [{source: [a]}]}",
                "this is not a lock file: charts[0].source: invalid type",
            ),
        ] {
            let error = read(text.as_bytes()).map_err(|e| e.to_string()).expect_err(text);
            assert!(error.starts_with(want), "{text}: {error}");
        }
    }

    #[test]
    fn files_of_earlier_versions_are_read() {
        let text = "apiVersion: chartwright.dev/v1alpha1\nkind: Lock\ncharts:\n- source: a\n  version: \"1.10\"\n  \
                    digest: sha256:00\n";
        let pins = read(text.as_bytes()).expect("a lock file");
        assert_eq!(pins.values().map(|p| p.version.as_str()).collect::<Vec<_>>(), ["1.10"]);
    }
}
