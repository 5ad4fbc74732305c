//! The conformance kit's public charts, as `cases.json` lists them.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

/// A chart with values and options, and Helm's answer. Paths are relative to the kit.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Case {
    /// Its name.
    pub(crate) id: String,
    /// The chart's archive.
    pub(crate) chart: String,
    /// Files of values.
    #[serde(default)]
    pub(crate) values: Vec<String>,
    /// The release's name.
    pub(crate) release: String,
    /// The release's namespace.
    pub(crate) namespace: String,
    /// What kind of case it is, such as `platform`.
    #[serde(default)]
    pub(crate) kind: String,
    pub(crate) kube_version: Option<String>,
    #[serde(default)]
    pub(crate) api_versions: Vec<String>,
    #[serde(default, rename = "includeCRDs")]
    pub(crate) include_crds: bool,
    #[serde(default)]
    pub(crate) is_upgrade: bool,
    #[serde(default)]
    pub(crate) no_hooks: bool,
    /// A file of the objects that `lookup` finds.
    pub(crate) objects: Option<String>,
    /// A file of what Helm prints.
    pub(crate) golden: Option<String>,
    /// What Helm says where it fails.
    pub(crate) error: Option<String>,
}

impl Case {
    /// All cases of a kit.
    pub(crate) fn all(kit: &Path) -> anyhow::Result<Vec<Case>> {
        let file = kit.join("cases.json");
        let text = fs::read(&file).with_context(|| file.display().to_string())?;
        serde_json::from_slice(&text).with_context(|| file.display().to_string())
    }

    /// What `helm template` takes for it.
    pub(crate) fn args(&self) -> Vec<String> {
        let mut args = vec![self.release.clone(), self.chart.clone(), "--namespace".into(), self.namespace.clone()];
        for file in &self.values {
            args.extend(["--values".into(), file.clone()]);
        }
        if let Some(version) = &self.kube_version {
            args.extend(["--kube-version".into(), version.clone()]);
        }
        for version in &self.api_versions {
            args.extend(["--api-versions".into(), version.clone()]);
        }
        if let Some(objects) = &self.objects {
            // Helm hides nothing.
            args.extend(["--objects".into(), objects.clone(), "--show-secrets".into()]);
        }
        let switches =
            [(self.include_crds, "--include-crds"), (self.is_upgrade, "--is-upgrade"), (self.no_hooks, "--no-hooks")];
        args.extend(switches.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned()));
        args
    }
}
