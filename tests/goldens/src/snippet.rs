//! Templates on one line each.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{folder, names};

/// The snippets of one file.
pub struct Group {
    /// The file's name, without its ending.
    pub name: String,
    /// The file.
    pub file: PathBuf,
    /// What is in it.
    pub snippets: Vec<Snippet>,
}

/// A template of the chart `demo`, as the reference program's command `eval` takes it, and the answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snippet {
    /// Its name.
    pub id: String,
    /// The template `t.yaml`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// Templates by name, in place of that one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<String, String>,
    /// What `.Files` holds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// `.Values`; those of `values.json` where there are none of its own. They stay as they are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Box<RawValue>>,
    /// `.Values` in YAML.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub values_yaml: String,
    /// What `lookup` finds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Box<RawValue>>,
    /// Whether a missing value is an error.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// What `t.yaml` renders to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// What `templates` render to, by path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<BTreeMap<String, String>>,
    /// What Helm says where it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Group {
    /// All groups, by name.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn all() -> anyhow::Result<Vec<Group>> {
        let root = folder("snippets");
        let mut groups = Vec::new();
        for file in names(&root)? {
            if let Some(name) = file.strip_suffix(".jsonl") {
                let path = root.join(&file);
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let read = |(i, line)| serde_json::from_str(line).with_context(|| format!("{file}:{}", i + 1));
                let snippets = text.lines().enumerate().map(read).collect::<anyhow::Result<_>>()?;
                groups.push(Group { name: name.to_owned(), file: path, snippets });
            }
        }
        Ok(groups)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Where a snippet is no JSON.
    pub fn text(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        for snippet in &self.snippets {
            text.push_str(&serde_json::to_string(snippet)?);
            text.push('\n');
        }
        Ok(text)
    }
}

impl Snippet {
    /// The values that snippets without their own see. They stand on one line, because questions do.
    ///
    /// # Errors
    /// Where `snippets/values.json` cannot be read.
    pub fn common_values() -> anyhow::Result<Box<RawValue>> {
        let file = folder("snippets").join("values.json");
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        serde_json::from_str(&text).with_context(|| file.display().to_string())
    }

    /// The question alone, with the values that it is asked with.
    pub fn question(&self, common: &RawValue) -> Snippet {
        let mut question = Snippet { output: None, outputs: None, error: None, ..self.clone() };
        if question.values.is_none() && question.values_yaml.is_empty() {
            question.values = Some(common.to_owned());
        }
        question
    }

    /// The snippet with another answer.
    pub fn answered(&self, answer: Snippet) -> Snippet {
        Snippet { output: answer.output, outputs: answer.outputs, error: answer.error, ..self.clone() }
    }

    /// The answer as one text: files with their paths, or the error.
    ///
    /// # Errors
    /// Where there is no answer, or more than one.
    pub fn answer(&self) -> anyhow::Result<String> {
        match (&self.output, &self.outputs, &self.error) {
            (Some(output), None, None) => Ok(output.clone()),
            (None, Some(outputs), None) => Ok(outputs.iter().map(|(path, text)| format!("# {path}\n{text}")).collect()),
            (None, None, Some(error)) => Ok(format!("Error: {error}")),
            _ => anyhow::bail!("{}: not one answer is kept; run `cargo xtask goldens`", self.id),
        }
    }
}
