//! The files of a repository, and their content.

use contract::Problem;
use helm::chart::File;
use serde_json::{Map, Value};

use crate::expand::{Expanded, Written, sort};
use crate::read::Parsed;
use crate::yaml_text;

/// Files for a repository.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// The files, by path in the repository.
    pub files: Vec<File>,
    /// What is not as it should be, yet no obstacle.
    pub warnings: Vec<Problem>,
}

impl Exported {
    pub(super) fn add(&mut self, path: String, text: String) {
        self.files.push(File { name: path.into(), data: text.into_bytes().into() });
    }

    /// Puts the files of a chart into a folder.
    pub(super) fn add_chart(&mut self, folder: &str, chart: &Expanded) {
        for file in &chart.files {
            let name = [folder.as_bytes(), b"/", file.name.as_bytes()].concat();
            self.files.push(File { name: name.into(), data: file.data.clone() });
        }
    }

    pub(super) fn sorted(mut self) -> Exported {
        sort(&mut self.files, "");
        self
    }
}

/// Where a module goes: the namespace of its HelmRelease or Application.
pub(super) fn namespace(parsed: &Parsed) -> &str {
    parsed.descriptor.namespace()
}

/// The operator's values of the release, with their comments.
pub(super) fn release_values(parsed: &Parsed) -> Written {
    Written::cut(parsed, "spec.release.values", &parsed.descriptor.spec.release.values)
}

/// An object as a file of YAML; `null`s are left out.
pub(super) fn document(object: Value) -> String {
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
pub(super) fn kustomization(resources: Vec<String>) -> String {
    let mut object = Map::new();
    object.insert("apiVersion".to_owned(), "kustomize.config.k8s.io/v1beta1".into());
    object.insert("kind".to_owned(), "Kustomization".into());
    object.insert("resources".to_owned(), resources.into());
    document(Value::Object(object))
}
