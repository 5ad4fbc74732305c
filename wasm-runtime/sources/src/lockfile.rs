//! `chartwright.lock`: which charts a descriptor was rendered with.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use flux::ChartWanted;
use govalue::{Map, Value};
use goyaml::yaml::{from_yaml_typed, to_yaml};

use crate::{SourceError, cache, folder};

/// What the file says of itself.
const HEAD: &str = "# The charts that were used. `--locked` keeps to them, `--update` looks for newer ones.\n\
    apiVersion: chartwright.dev/v1alpha1\nkind: Lock\ncharts:\n";
const VERSION: &str = "chartwright.dev/v1alpha1";

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
            Ok(text) => read(&text).map_err(|why| SourceError::File { path: path.to_path_buf(), why })?,
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
        cache::write(&self.path, text(&pins).as_bytes())
            .map_err(|e| SourceError::File { path: self.path.clone(), why: e.to_string() })?;
        self.pins = pins;
        Ok(true)
    }
}

fn text(pins: &BTreeMap<Key, Pin>) -> String {
    if pins.is_empty() {
        return HEAD.replace("charts:\n", "charts: []\n");
    }
    let scalar = |text: &str| {
        let yaml = to_yaml(&Value::from(text)).unwrap_or_default();
        String::from_utf8_lossy(&yaml).trim_end().to_owned()
    };
    let mut out = HEAD.to_owned();
    for (key, pin) in pins {
        let fields = [
            ("source", &key.source),
            ("chart", &key.chart),
            ("asked", &key.asked),
            ("from", &pin.from),
            ("version", &pin.version),
            ("revision", &pin.revision),
            ("digest", &pin.digest),
        ];
        for (at, (name, value)) in fields.into_iter().filter(|(_, v)| !v.is_empty()).enumerate() {
            let _ = writeln!(out, "{} {name}: {}", if at == 0 { "-" } else { " " }, scalar(value));
        }
    }
    out
}

fn read(text: &[u8]) -> Result<BTreeMap<Key, Pin>, String> {
    let Value::Map(map) = from_yaml_typed(text).map_err(|e| e.to_string())? else {
        return Err("this is no lock file".into());
    };
    match map.get("apiVersion") {
        Some(Value::Str(version)) if version == VERSION => {}
        _ => return Err(format!("this is no lock file of {VERSION}")),
    }
    let Some(Value::List(list)) = map.get("charts") else { return Ok(BTreeMap::new()) };
    let entry = |value: &Value| match value {
        Value::Map(entry) => pin(entry),
        _ => Err("an entry of charts is no mapping".into()),
    };
    list.iter().map(entry).collect()
}

fn pin(entry: &Map) -> Result<(Key, Pin), String> {
    let text = |key: &str| match entry.get(key) {
        Some(Value::Str(text)) => Ok(text.to_string()),
        None => Ok(String::new()),
        Some(_) => Err(format!("{key} is no text")),
    };
    let key = Key { source: text("source")?, chart: text("chart")?, asked: text("asked")? };
    let pin =
        Pin { from: text("from")?, version: text("version")?, digest: text("digest")?, revision: text("revision")? };
    if key.source.is_empty() || pin.digest.is_empty() {
        return Err("an entry of charts has no source or no digest".into());
    }
    Ok((key, pin))
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
        let written = text(&pins);
        insta::assert_snapshot!(written, @r#"
        # The charts that were used. `--locked` keeps to them, `--update` looks for newer ones.
        apiVersion: chartwright.dev/v1alpha1
        kind: Lock
        charts:
        - source: HelmRepository/ds2/bitnami
          chart: db
          asked: 1.x
          from: https://h/charts
          version: "1.10"
          digest: sha256:00
        - source: HelmRepository/ds2/bitnami
          chart: web
          asked: 1.x
          from: https://h/charts
          version: "1.10"
          revision: main@sha1:00
          digest: sha256:00
        "#);
        assert_eq!(read(written.as_bytes()), Ok(pins));
        assert_eq!(read(text(&BTreeMap::new()).as_bytes()), Ok(BTreeMap::new()));
    }

    #[test]
    fn what_is_no_lock_file_is_refused() {
        for (text, want) in [
            ("[]", "this is no lock file"),
            ("{}", "this is no lock file of chartwright.dev/v1alpha1"),
            ("{apiVersion: chartwright.dev/v1alpha1, charts: [1]}", "an entry of charts is no mapping"),
            (
                "{apiVersion: chartwright.dev/v1alpha1, charts: [{source: a}]}",
                "an entry of charts has no source or no digest",
            ),
            ("{apiVersion: chartwright.dev/v1alpha1, charts: [{source: [a]}]}", "source is no text"),
        ] {
            assert_eq!(read(text.as_bytes()), Err(want.to_owned()), "{text}");
        }
    }
}
