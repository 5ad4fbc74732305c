//! Expanding and rendering descriptors, for tests.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests run real Helm, and say so where they cannot"
)]

pub mod real;
pub mod trees;

use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use chartwright::{Chart, File, FixedWorld, FuncError, LoadedChart, LookupQuery, Request, TextOptions, Value, World};
use descriptor::expand::{Expanded, Options, expand};
use descriptor::types::Template;
use serde_json::Value as Json;

/// The name of all releases.
pub const RELEASE: &str = "demo";
/// Their namespace.
pub const NAMESPACE: &str = "shop";

/// A base chart that shows all values that it gets.
///
/// # Errors
/// Never: it is a chart.
pub fn base(version: &str) -> anyhow::Result<LoadedChart> {
    let values = "app:\n  name: base\n  port: 80\nimage: {tag: \"1\"}\nconfig: {}\nnested: {a: {b: 1, c: [1, 2]}}\n\
                  ingress: {enabled: true}\n";
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Chart.Name }}\ndata:\n  \
                    values: {{ .Values | toJson | quote }}\n";
    Ok(LoadedChart::from_folder(
        "base",
        vec![
            file("Chart.yaml", &format!("apiVersion: v2\nname: base\nversion: {version}\n")),
            file("values.yaml", values),
            file("templates/values.yaml", template),
        ],
    )?)
}

/// A file of a chart.
pub fn file(name: &str, text: &str) -> File {
    File { name: name.into(), data: text.as_bytes().into() }
}

/// Expands a descriptor; each chart `base` is [`base`] of its version.
///
/// # Errors
/// If the descriptor is wrong.
pub fn expanded(text: &str) -> anyhow::Result<Expanded> {
    let (parsed, problems) = descriptor::read::parse("module.yaml", text);
    let parsed = parsed.ok_or_else(|| anyhow!("{problems:?}"))?;
    let charts = |template: &Template| -> Option<Arc<Chart>> {
        let version = template.version.as_deref().unwrap_or("1.0.0");
        base(version).ok().map(|b| Arc::clone(b.chart()))
    };
    expand(&parsed, &charts, &Options::default())
        .map_err(|list| anyhow!(list.iter().map(|p| format!("{p}\n")).collect::<String>()))
}

/// The chart of a descriptor, loaded from its archive.
///
/// # Errors
/// If it is none.
pub fn loaded(chart: &Expanded) -> anyhow::Result<LoadedChart> {
    Ok(LoadedChart::from_archive("module.tgz", chart.archive())?)
}

/// Helm's output for a chart with a values file.
///
/// # Errors
/// Helm's message.
pub fn render(chart: &LoadedChart, values: &str) -> anyhow::Result<String> {
    let mut request = Request::default();
    request.options.release.name = RELEASE.into();
    request.options.release.namespace = NAMESPACE.into();
    request.values.files.push("values.yaml".into());
    let world = Given { world: FixedWorld::seeded(1), values: values.to_owned() };
    let rendered = chart.render(&request, Rc::new(world))?;
    Ok(String::from_utf8(rendered.text(TextOptions::default()))?)
}

/// The values of a component's HelmRelease in rendered manifests.
///
/// # Errors
/// If it is not there.
pub fn release_values(manifests: &str, component: &str) -> anyhow::Result<Json> {
    let name = format!("{RELEASE}-{component}");
    for document in manifests.split("\n---\n") {
        let read = json(document)?;
        if read["kind"] == "HelmRelease" && read["metadata"]["name"] == name.as_str() {
            return Ok(read["spec"]["values"].clone());
        }
    }
    Err(anyhow!("there is no HelmRelease {name} in {manifests}"))
}

/// The values that [`base`] shows.
///
/// # Errors
/// If it does not.
pub fn shown_values(manifests: &str) -> anyhow::Result<Json> {
    let read = json(manifests)?;
    let text = read["data"]["values"].as_str().context("no values")?;
    Ok(serde_json::from_str(text)?)
}

/// A document of YAML as Helm reads it.
///
/// # Errors
/// If it is none.
pub fn json(text: &str) -> anyhow::Result<Json> {
    let value = goyaml::yaml::from_yaml(text.as_bytes())?;
    let text = goyaml::json::to_json(&value, false).map_err(|e| anyhow!(e.message().to_owned()))?;
    Ok(serde_json::from_slice(&text)?)
}

struct Given {
    world: FixedWorld,
    values: String,
}

impl World for Given {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        self.world.lookup(query)
    }

    fn file(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.values.clone().into_bytes())
    }

    fn now(&self) -> (i64, u32) {
        self.world.now()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.world.random(buffer)
    }
}
