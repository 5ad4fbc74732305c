//! Charts, and the cases in which they are rendered.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use crate::{folder, names};

/// A chart of our own with its cases.
pub struct Chart {
    /// The name of its folder.
    pub name: String,
    /// The folder of its cases. The chart is in `chart` below it, answers are in `expected`.
    pub folder: PathBuf,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One way to render a chart. The fields are named like the flags of `helm template`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// Its name, and that of the files with its answer.
    pub name: String,
    /// The release's name.
    #[serde(default = "release")]
    pub release: String,
    /// The release's namespace.
    #[serde(default = "namespace")]
    pub namespace: String,
    /// Files of values, relative to the folder of the cases.
    #[serde(default)]
    pub values: Vec<String>,
    /// `--set`
    #[serde(default)]
    pub set: Vec<String>,
    /// `--set-string`
    #[serde(default)]
    pub set_string: Vec<String>,
    /// `--set-json`
    #[serde(default)]
    pub set_json: Vec<String>,
    /// `--set-file`
    #[serde(default)]
    pub set_file: Vec<String>,
    /// `--set-literal`
    #[serde(default)]
    pub set_literal: Vec<String>,
    /// `--kube-version`
    pub kube_version: Option<String>,
    /// `--api-versions`
    #[serde(default)]
    pub api_versions: Vec<String>,
    /// `--include-crds`
    #[serde(default)]
    pub include_crds: bool,
    /// `--no-hooks`
    #[serde(default)]
    pub no_hooks: bool,
    /// `--skip-tests`
    #[serde(default)]
    pub skip_tests: bool,
    /// `--is-upgrade`
    #[serde(default)]
    pub is_upgrade: bool,
    /// `--skip-schema-validation`
    #[serde(default)]
    pub skip_schema_validation: bool,
    /// `--show-only`
    #[serde(default)]
    pub show_only: Vec<String>,
    /// A file of the objects that `lookup` finds. Helm has no such flag: the reference program renders these cases.
    pub objects: Option<String>,
    /// Whether the notes are compared too.
    #[serde(default)]
    pub notes: bool,
    /// `--render-subchart-notes`, for the notes.
    #[serde(default)]
    pub subchart_notes: bool,
}

/// What a case gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Helm prints this, and has these notes if they are compared.
    Rendered {
        /// What `helm template` prints.
        text: Vec<u8>,
        /// The notes.
        notes: Option<Vec<u8>>,
    },
    /// Helm fails, and says this.
    Failed(String),
}

fn release() -> String {
    "demo".into()
}

fn namespace() -> String {
    "shop".into()
}

impl Chart {
    /// All charts, by name.
    ///
    /// # Errors
    /// Where a file cannot be read, or a case has a field that cases do not have.
    pub fn all() -> anyhow::Result<Vec<Chart>> {
        let root = folder("charts");
        names(&root)?.into_iter().map(|name| Chart::read(root.join(&name), name)).collect()
    }

    fn read(folder: PathBuf, name: String) -> anyhow::Result<Chart> {
        let file = folder.join("cases.yaml");
        let shown = || file.display().to_string();
        let yaml = goyaml::yaml::from_yaml(&fs::read(&file).with_context(shown)?).with_context(shown)?;
        let json = goyaml::json::to_json(&yaml, false).map_err(|e| anyhow::anyhow!("{e}")).with_context(shown)?;
        let cases = serde_json::from_slice(&json).with_context(shown)?;
        Ok(Chart { name, folder, cases })
    }

    /// The files of the chart: their paths in it, and what they hold.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn files(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        read_folder(&self.folder.join("chart"), "", &mut files)?;
        Ok(files)
    }

    /// The folder of answers.
    pub fn expected(&self) -> PathBuf {
        self.folder.join("expected")
    }

    /// The files in which answers are kept: names and contents.
    pub fn answer_files(case: &Case, answer: &Answer) -> Vec<(String, Vec<u8>)> {
        let name = |ending: &str| format!("{}.{ending}", case.name);
        match answer {
            Answer::Rendered { text, notes } => {
                let notes = notes.iter().map(|notes| (name("notes"), notes.clone()));
                std::iter::once((name("yaml"), text.clone())).chain(notes).collect()
            }
            Answer::Failed(error) => vec![(name("error"), format!("{error}\n").into_bytes())],
        }
    }

    /// Helm's answer to a case, as it is kept.
    ///
    /// # Errors
    /// Where it is missing, or both an error and a text are there.
    pub fn answer(&self, case: &Case) -> anyhow::Result<Answer> {
        let file = |ending: &str| self.expected().join(format!("{}.{ending}", case.name));
        match (fs::read(file("yaml")), fs::read_to_string(file("error"))) {
            (Ok(_), Ok(_)) => anyhow::bail!("{} {}: there is both a text and an error", self.name, case.name),
            (Ok(text), Err(_)) => {
                let read = || fs::read(file("notes")).with_context(|| format!("{} {}: notes", self.name, case.name));
                Ok(Answer::Rendered { text, notes: case.notes.then(read).transpose()? })
            }
            (Err(_), Ok(error)) => Ok(Answer::Failed(error.strip_suffix('\n').unwrap_or(&error).to_owned())),
            (Err(_), Err(_)) => {
                anyhow::bail!("{} {}: no answer is kept; run `cargo xtask goldens`", self.name, case.name)
            }
        }
    }
}

impl Case {
    /// The flags of `helm template` (and of `helm install`) for it, after the release's name and the chart.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = vec!["--namespace".to_owned(), self.namespace.clone()];
        let lists = [
            ("--values", &self.values),
            ("--set", &self.set),
            ("--set-string", &self.set_string),
            ("--set-json", &self.set_json),
            ("--set-file", &self.set_file),
            ("--set-literal", &self.set_literal),
        ];
        for (flag, list) in lists {
            flags.extend(list.iter().flat_map(|item| [flag.to_owned(), item.clone()]));
        }
        if self.skip_schema_validation {
            flags.push("--skip-schema-validation".into());
        }
        flags
    }

    /// The flags that only `helm template` has.
    pub fn template_flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        let version = self.kube_version.as_ref().map(|version| ("--kube-version", version));
        let versions = self.api_versions.iter().map(|version| ("--api-versions", version));
        let show = self.show_only.iter().map(|template| ("--show-only", template));
        for (flag, value) in version.into_iter().chain(versions).chain(show) {
            flags.extend([flag.to_owned(), value.clone()]);
        }
        let switches = [
            (self.include_crds, "--include-crds"),
            (self.no_hooks, "--no-hooks"),
            (self.skip_tests, "--skip-tests"),
            (self.is_upgrade, "--is-upgrade"),
        ];
        flags.extend(switches.iter().filter(|(on, _)| *on).map(|(_, flag)| (*flag).to_owned()));
        flags
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> anyhow::Result<()> {
    for name in names(folder)? {
        let path = folder.join(&name);
        if path.is_dir() {
            read_folder(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            let data = fs::read(&path).with_context(|| path.display().to_string())?;
            files.push((format!("{prefix}{name}"), data));
        }
    }
    Ok(())
}
