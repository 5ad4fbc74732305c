//! Questions about HelmReleases, and the answers of this crate to them.

use std::rc::Rc;
use std::sync::Arc;

use flux::{FetchedChart, HelmRelease, Options, render};
use govalue::{FuncError, Map, Str, Value};
use goyaml::yaml::from_yaml;
use helm::Warnings;
use helm::chart::{File, Limits, load_folder};
use helm::engine::{LookupQuery, Objects, World};
use serde::{Deserialize, Serialize};

/// What becomes of a chart's output, or which values it is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Question {
    /// `postrender` or `values`
    pub(crate) op: String,
    /// The HelmRelease.
    pub(crate) release: String,
    /// The chart's output, by the names of the files: `c/templates/a.yaml`.
    #[serde(default)]
    pub(crate) files: std::collections::BTreeMap<String, String>,
    /// ConfigMaps and Secrets.
    #[serde(default)]
    pub(crate) objects: Vec<String>,
}

/// The stored manifest and the hooks, or the values, or an error.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answer {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) error: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) manifest: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) hooks: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) values: Option<serde_json::Value>,
    /// Whether it fails, in words that are not compared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) fails: bool,
}

struct Cluster(Objects);

impl World for Cluster {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        Ok(Value::Map(if self.0.is_empty() { Map::new() } else { self.0.lookup(query) }))
    }
}

/// This crate's answer.
pub(crate) fn answer(question: &Question) -> Answer {
    try_answer(question).unwrap_or_else(|error| Answer { error, ..Answer::default() })
}

fn try_answer(question: &Question) -> Result<Answer, String> {
    let object = from_yaml(question.release.as_bytes()).map_err(|e| e.to_string())?;
    let (release, _) = HelmRelease::read(&object, "default").map_err(|problems| problems[0].to_string())?;
    let mut files =
        vec![File { name: Str::from("Chart.yaml"), data: b"{apiVersion: v2, name: c, version: 0.1.0}"[..].into() }];
    for (name, text) in &question.files {
        let name = name.strip_prefix("c/").ok_or("files are those of chart c")?;
        let text = text.replace("{{", "{{`{{`}}");
        files.push(File { name: Str::from(name), data: text.into_bytes().into() });
    }
    let chart = load_folder("c", files, Limits::default(), &mut Warnings::default()).map_err(|e| e.to_string())?;
    let fetched =
        FetchedChart { chart: Arc::new((*chart).with_version(Str::from("0.1.0"))), ..FetchedChart::default() };
    let mut objects = Objects::default();
    for text in &question.objects {
        objects.add_yaml(text.as_bytes()).map_err(|e| e.to_string())?;
    }
    let rendered =
        render(&release, &fetched, &Options::default(), Rc::new(Cluster(objects))).map_err(|e| e.to_string())?;
    if question.op == "values" {
        let json = goyaml::json::to_json(&Value::Map(rendered.values), false).map_err(|e| e.message().to_owned())?;
        let values = serde_json::from_slice(&json).map_err(|e| e.to_string())?;
        return Ok(Answer { values: Some(values), ..Answer::default() });
    }
    let mut hooks = Vec::new();
    for object in rendered.objects.iter().filter(|o| matches!(o.role, flux::Role::Hook(_))) {
        helm::release::append_source(&mut hooks, &object.source, &object.text);
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Answer { manifest: text(&rendered.manifest), hooks: text(&hooks), ..Answer::default() })
}
