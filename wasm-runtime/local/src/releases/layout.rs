//! Which files a release is, in the layout of DS2's guide, with a folder for each namespace:
//!
//! ```text
//! charts/NAMESPACE/NAME/                      the module's chart
//! releases/NAMESPACE/helmrelease-NAME.yaml    what Flux deploys
//! releases/NAMESPACE/namespace-NAMESPACE.yaml
//! releases/NAMESPACE/kustomization.yaml       lists the files beside it
//! ```

use std::collections::BTreeMap;

use chartwright_api::types::Id;
use descriptor::Parsed;
use descriptor::expand::Expanded;
use descriptor::export::{FluxOptions, SourceUrl, flux};
use descriptor::types::{SourceKind, SourceRef};

use super::error::ReleaseError;

/// The folder of charts.
pub(super) const CHARTS: &str = "charts";
const KUSTOMIZATION: &str = "kustomization.yaml";

/// Where things are in the repository.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The folder of releases, without slashes at its ends.
    pub(super) root: String,
    /// The source that the repository is in the cluster.
    pub(super) source: SourceRef,
}

impl Layout {
    /// Reads the folder of releases, and `NAMESPACE/NAME` of the GitRepository.
    pub(super) fn new(root: &str, source: &str) -> Result<Layout, ReleaseError> {
        let root = root.trim_matches('/').to_owned();
        let fits =
            |part: &str| !part.is_empty() && !part.starts_with('.') && !part.bytes().any(|b| b.is_ascii_control());
        if !root.split('/').all(fits) {
            return Err(ReleaseError::Place(format!("{root:?} is not the path of a folder in a repository")));
        }
        let Some((namespace, name)) = source.split_once('/') else {
            return Err(ReleaseError::Place(format!("{source:?} does not name a GitRepository: write NAMESPACE/NAME")));
        };
        let (namespace, name) = (Some(namespace.to_owned()), name.to_owned());
        Ok(Layout { root, source: SourceRef { kind: SourceKind::GitRepository, name, namespace } })
    }

    /// The folder of a namespace's releases.
    pub(super) fn folder(&self, namespace: &str) -> String {
        format!("{}/{namespace}", self.root)
    }

    /// The file of a release.
    pub(super) fn release(&self, id: &Id) -> String {
        format!("{}/helmrelease-{}.yaml", self.folder(id.namespace()), id.name())
    }

    /// The folder of a module's chart.
    pub(super) fn chart(id: &Id) -> String {
        format!("{CHARTS}/{}/{}", id.namespace(), id.name())
    }

    /// The file that lists the others of a namespace.
    pub(super) fn kustomization(&self, namespace: &str) -> String {
        format!("{}/{KUSTOMIZATION}", self.folder(namespace))
    }

    /// Whose release a file is.
    pub(super) fn id_of(&self, path: &str) -> Option<Id> {
        let rest = path.strip_prefix(&self.root)?.strip_prefix('/')?;
        let (namespace, file) = rest.split_once('/')?;
        let name = file.strip_prefix("helmrelease-")?.strip_suffix(".yaml")?;
        Id::new(namespace, name).ok()
    }

    /// The files that deploy a descriptor, but for the list of them.
    pub(super) fn files(
        &self,
        id: &Id,
        parsed: &Parsed,
        chart: &Expanded,
        urls: Vec<SourceUrl>,
    ) -> BTreeMap<String, Vec<u8>> {
        let (charts, releases) = (format!("{CHARTS}/{}", id.namespace()), self.root.clone());
        let options = FluxOptions { repository: self.source.clone(), urls, charts, releases };
        let chart_folder = format!("{}/", Layout::chart(id));
        let own = format!("{}/{}/", self.root, id.name());
        let space = format!("namespace-{}.yaml", id.namespace());
        let mut files = BTreeMap::new();
        for file in flux(parsed, chart, &options).files {
            let path = file.name.to_string();
            let data = file.data.to_vec();
            if path.starts_with(&chart_folder) {
                files.insert(path, data);
            } else if let Some(name) = path.strip_prefix(&own)
                && name != KUSTOMIZATION
                && !name.starts_with("namespace-")
            {
                files.insert(format!("{}/{name}", self.folder(id.namespace())), data);
            }
            // Other namespaces, and sources there, belong to others.
        }
        files.insert(format!("{}/{space}", self.folder(id.namespace())), namespace(id.namespace()).into_bytes());
        files
    }
}

/// A namespace that stays when its file goes: more may be in it than Flux knows.
fn namespace(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  annotations:\n    \
         kustomize.toolkit.fluxcd.io/prune: disabled\n"
    )
}

/// The list with some files added and others taken out; what else is in it stays as it is.
pub(super) fn listed(text: Option<&str>, add: &[&str], remove: &[&str]) -> Result<String, &'static str> {
    let Some(text) = text else {
        let items: String = add.iter().map(|name| format!("  - {name}\n")).collect();
        let head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n";
        return Ok(format!("{head}{items}"));
    };
    let item = |line: &str| {
        let name = line.trim_start().strip_prefix("- ")?.split(" #").next()?.trim();
        Some(name.trim_matches(['"', '\'']).trim_start_matches("./").to_owned())
    };
    let mut lines: Vec<String> = Vec::new();
    let (mut inside, mut last, mut indent, mut found) = (false, None, "  ".to_owned(), Vec::new());
    for line in text.lines() {
        if inside && !line.trim().is_empty() && !line.trim_start().starts_with(['#', '-']) {
            inside = false;
        }
        if line.trim_end() == "resources:" {
            (inside, last) = (true, Some(lines.len()));
        } else if inside && let Some(name) = item(line) {
            if remove.contains(&name.as_str()) {
                continue;
            }
            indent = line[..line.len() - line.trim_start().len()].to_owned();
            last = Some(lines.len());
            found.push(name);
        }
        lines.push(line.to_owned());
    }
    let Some(last) = last else { return Err("it has no list `resources:` with an item in each line") };
    let new = add.iter().filter(|name| !found.iter().any(|found| found == *name));
    let new: Vec<String> = new.map(|name| format!("{indent}- {name}")).collect();
    lines.splice(last + 1..last + 1, new);
    Ok(lines.join("\n") + "\n")
}

/// A HelmRelease with or without `spec.suspend: true`.
pub(super) fn suspended(text: &str, suspend: bool) -> Result<String, &'static str> {
    let mut lines: Vec<&str> = Vec::new();
    let (mut inside, mut spec) = (false, None);
    for line in text.lines() {
        if line.trim_end() == "spec:" {
            (inside, spec) = (true, Some(lines.len()));
        } else if inside && !line.starts_with([' ', '#']) && !line.trim().is_empty() {
            inside = false;
        }
        if !(inside && line.starts_with("  suspend:")) {
            lines.push(line);
        }
    }
    let Some(spec) = spec else { return Err("it has no line `spec:`") };
    if suspend {
        lines.insert(spec + 1, "  suspend: true");
    }
    let changed = lines.join("\n") + "\n";
    if read(changed.as_bytes()).is_some_and(|release| release.suspended == suspend) {
        Ok(changed)
    } else {
        Err("`suspend` cannot be changed in it: it is not written as Chartwright writes it")
    }
}

/// What a HelmRelease says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) version: String,
    pub(super) suspended: bool,
}

/// Reads a HelmRelease.
pub(super) fn read(text: &[u8]) -> Option<Said> {
    let value = goyaml::yaml::from_yaml_typed(text).ok()?;
    let json = goyaml::json::to_json(&value, false).ok()?;
    let object: serde_json::Value = serde_json::from_slice(&json).ok()?;
    let spec = object.get("spec").filter(|_| object["kind"] == "HelmRelease")?;
    Some(Said {
        version: spec
            .pointer("/chart/spec/version")
            .and_then(|version| version.as_str())
            .unwrap_or_default()
            .to_owned(),
        suspended: spec["suspend"] == true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_what_people_wrote() {
        let new = listed(None, &["a.yaml", "b.yaml"], &[]).unwrap();
        assert_eq!(
            listed(Some(&new), &["b.yaml", "c.yaml"], &["a.yaml"]).unwrap(),
            new.replace("a.yaml", "b.yaml").replacen("  - b.yaml\n  - b.yaml", "  - b.yaml\n  - c.yaml", 1)
        );
        let own =
            "kind: Kustomization\nresources:\n- ./a.yaml # ours\n# more\n- \"mine.yaml\"\npatches:\n- path: b.yaml\n";
        assert_eq!(
            listed(Some(own), &["a.yaml", "b.yaml"], &["x.yaml"]).unwrap(),
            "kind: Kustomization\nresources:\n- ./a.yaml # ours\n# more\n- \"mine.yaml\"\n- b.yaml\npatches:\n- path: b.yaml\n"
        );
        assert_eq!(listed(Some("resources:\n"), &["a.yaml"], &[]).unwrap(), "resources:\n  - a.yaml\n");
        assert!(listed(Some("resources: [a.yaml]\n"), &["b.yaml"], &[]).is_err());
    }

    #[test]
    fn releases_are_suspended_and_resumed() {
        let text = "kind: HelmRelease\nspec:\n  interval: 1m\n  values:\n    suspend: x\n";
        let stopped = suspended(text, true).unwrap();
        assert_eq!(stopped, "kind: HelmRelease\nspec:\n  suspend: true\n  interval: 1m\n  values:\n    suspend: x\n");
        assert_eq!(suspended(&stopped, true).unwrap(), stopped);
        assert_eq!(suspended(&stopped, false).unwrap(), text);
        assert!(suspended("{kind: HelmRelease, spec: {interval: 1m}}\n", true).is_err());
    }
}
