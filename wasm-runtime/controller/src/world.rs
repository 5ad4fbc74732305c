//! The objects of the cluster that a render may look up.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Lookup, TextFile};
use kube::api::DynamicObject;
use serde_json::Value;

use crate::cluster::{Cluster, Kind};
use crate::inputs::{InputId, fingerprint, fingerprint_of_all};

/// The most objects that a lookup of all objects of a kind gives.
const MOST: u32 = 500;

/// Objects that were looked up, and what is known of those that do not exist.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The objects, as YAML documents.
    pub objects: BTreeMap<InputId, Vec<TextFile>>,
    /// What they had.
    pub inputs: BTreeMap<InputId, String>,
}

impl Seen {
    /// Reads objects that were not read before. Whether there were any.
    ///
    /// # Errors
    /// If the API does not answer, or refuses: which object, and why.
    pub async fn add(
        &mut self,
        cluster: &Cluster,
        ids: impl IntoIterator<Item = InputId>,
        depends: &(dyn Fn(&InputId) + Sync),
    ) -> Result<bool, (InputId, kube::Error)> {
        let mut new = false;
        for id in ids {
            if self.inputs.contains_key(&id) {
                continue;
            }
            depends(&id);
            new = true;
            let failed = |error| (id.clone(), error);
            let (objects, print) = if id.name.is_empty() {
                let objects = cluster.list(&id.kind, &id.namespace, MOST).await.map_err(failed)?;
                let print = fingerprint_of_all(&id, &objects);
                (objects, print)
            } else {
                let object = cluster.look_up(&id.kind, &id.namespace, &id.name).await.map_err(failed)?;
                let print = fingerprint(&id, object.as_ref());
                (object.into_iter().collect(), print)
            };
            self.inputs.insert(id.clone(), print);
            let name = id.to_string();
            let texts = objects.iter().map(|object| TextFile { name: name.clone(), text: text(&id.kind, object) });
            self.objects.insert(id.clone(), texts.collect());
        }
        Ok(new)
    }

    /// All objects.
    pub fn texts(&self) -> Vec<TextFile> {
        self.objects.values().flatten().cloned().collect()
    }
}

/// An object as a document. JSON is YAML.
fn text(kind: &Kind, object: &DynamicObject) -> String {
    let mut object = object.clone();
    object.metadata.managed_fields = None;
    let mut value = serde_json::to_value(&object).unwrap_or_default();
    if let Value::Object(map) = &mut value {
        // Objects of a list have no kind of their own.
        map.insert("apiVersion".to_owned(), kind.api_version.clone().into());
        map.insert("kind".to_owned(), kind.kind.clone().into());
    }
    value.to_string()
}

/// The objects that templates asked for.
pub fn ids(lookups: &[Lookup]) -> BTreeSet<InputId> {
    lookups
        .iter()
        .map(|lookup| {
            let kind = Kind::new(&lookup.api_version, &lookup.kind);
            InputId::new(kind, &lookup.namespace, &lookup.name)
        })
        .collect()
}

/// What is known of objects now.
///
/// # Errors
/// If the API does not answer, or refuses.
pub async fn look(cluster: &Cluster, ids: &[InputId]) -> Result<BTreeMap<InputId, String>, kube::Error> {
    let mut inputs = BTreeMap::new();
    for id in ids {
        let print = if id.name.is_empty() {
            fingerprint_of_all(id, &cluster.list(&id.kind, &id.namespace, MOST).await?)
        } else {
            let object = match id.is_source() {
                true => cluster.get(&id.kind, &id.namespace, &id.name).await?,
                false => cluster.look_up(&id.kind, &id.namespace, &id.name).await?,
            };
            fingerprint(id, object.as_ref())
        };
        inputs.insert(id.clone(), print);
    }
    Ok(inputs)
}
