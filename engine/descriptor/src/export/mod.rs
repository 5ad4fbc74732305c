//! What a repository that is deployed from has in it: for Flux and for Argo CD.
//!
//! Both take a descriptor and the chart that it expands into, and give files. Nothing is fetched or written.

mod argocd;
mod flux;

use contract::Problem;
use helm::chart::File;
use serde_json::{Map, Value};

use crate::expand::{Expanded, Written};
use crate::read::Parsed;
use crate::yaml_text;

pub use argocd::{ArgoOptions, argocd};
pub use flux::{FluxOptions, SourceUrl, flux};

/// Files for a repository.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// The files, by path in the repository.
    pub files: Vec<File>,
    /// What is not as it should be, yet no obstacle.
    pub warnings: Vec<Problem>,
}

impl Exported {
    fn add(&mut self, path: String, text: String) {
        self.files.push(File { name: path.into(), data: text.into_bytes().into() });
    }

    /// Puts the files of a chart into a folder.
    fn add_chart(&mut self, folder: &str, chart: &Expanded) {
        for file in &chart.files {
            let name = [folder.as_bytes(), b"/", file.name.as_bytes()].concat();
            self.files.push(File { name: name.into(), data: file.data.clone() });
        }
    }

    fn sorted(mut self) -> Exported {
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }
}

/// Where a module goes: the namespace of its HelmRelease or Application.
fn namespace(parsed: &Parsed) -> &str {
    parsed.descriptor.namespace()
}

/// The operator's values of the release, with their comments.
fn release_values(parsed: &Parsed) -> Written {
    Written::cut(parsed, "spec.release.values", &parsed.descriptor.spec.release.values)
}

/// An object as a file of YAML; `null`s are left out.
fn document(object: Value) -> String {
    match strip(object) {
        Value::Object(map) => format!("{}\n", yaml_text::entries(&map)),
        other => format!("{}\n", yaml_text::block(&other)),
    }
}

/// Leaves out entries that are null: options that were not given.
fn strip(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, strip(v))).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(strip).collect()),
        other => other,
    }
}

/// A list of files for `kustomize`.
fn kustomization(resources: Vec<String>) -> String {
    let mut object = Map::new();
    object.insert("apiVersion".to_owned(), "kustomize.config.k8s.io/v1beta1".into());
    object.insert("kind".to_owned(), "Kustomization".into());
    object.insert("resources".to_owned(), resources.into());
    document(Value::Object(object))
}
