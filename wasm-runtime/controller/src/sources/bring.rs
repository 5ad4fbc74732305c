//! The charts that a build wants, from the cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chartwright_host::ChartSource;
use contract::{ChartGiven, ChartWanted, FetchFailure, FetchKind};
use serde_json::json;
use tokio::runtime::Handle;

use super::fetch::FetchError;
use super::ready::{Artifact, NotReady, artifact};
use super::store::ChartStore;
use crate::artifact::digest;
use crate::cluster::{Cluster, Kind, NAME_LABEL, NAMESPACE_LABEL, message};
use crate::inputs::{InputId, fingerprint};
use crate::inventory::ObjectId;

/// Why a chart cannot be had now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// The source does not exist.
    #[error("the {0} does not exist")]
    Missing(String),
    /// The source has nothing to fetch yet.
    #[error("the {source_name}: {why}")]
    NotReady {
        /// The source.
        source_name: String,
        /// Why.
        why: NotReady,
    },
    /// The source is in another namespace, and may not be used from here.
    #[error("the {0} is in another namespace: --no-cross-namespace-refs forbids to use it")]
    OtherNamespace(String),
    /// The artifact could not be fetched.
    #[error("the {source_name}: {why}")]
    Fetch {
        /// The source.
        source_name: String,
        /// Why.
        why: FetchError,
    },
    /// The API did not answer, or refused.
    #[error("the {source_name} cannot be read: {}", message(.why))]
    Api {
        /// The source.
        source_name: String,
        /// Why.
        why: kube::Error,
    },
}

impl Trouble {
    /// Whether trying again may help, without a change of anything that is watched.
    pub fn may_pass(&self) -> bool {
        !matches!(self, Trouble::OtherNamespace(_))
    }
}

/// Brings charts for the build of one descriptor's chart. An artifact that was used once is used to the end of the
/// build, whatever its source becomes meanwhile.
pub struct Bring<'a> {
    /// Runs what waits for the API: a build blocks.
    pub handle: Handle,
    /// The API.
    pub cluster: &'a Cluster,
    /// Where charts are kept.
    pub store: &'a ChartStore,
    /// The descriptor's namespace and name.
    pub descriptor: (&'a str, &'a str),
    /// Whether sources of other namespaces may be used.
    pub cross_namespace: bool,
    /// Hears of each object before it is read, so that no change of it is missed.
    pub depends: &'a (dyn Fn(&InputId) + Sync),
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    charts: BTreeMap<ChartWanted, ChartGiven>,
    artifacts: BTreeMap<InputId, Option<Artifact>>,
    inputs: BTreeMap<InputId, String>,
    made: BTreeSet<ObjectId>,
    troubles: Vec<Trouble>,
}

impl<'a> Bring<'a> {
    /// Nothing was brought yet.
    pub fn new(
        handle: Handle,
        cluster: &'a Cluster,
        store: &'a ChartStore,
        descriptor: (&'a str, &'a str),
        cross_namespace: bool,
        depends: &'a (dyn Fn(&InputId) + Sync),
    ) -> Bring<'a> {
        Bring { handle, cluster, store, descriptor, cross_namespace, depends, seen: Mutex::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What kept charts from being brought, the first first.
    pub fn take_troubles(&self) -> Vec<Trouble> {
        std::mem::take(&mut self.seen().troubles)
    }

    /// The sources that were used, with what they had.
    pub fn inputs(&self) -> BTreeMap<InputId, String> {
        self.seen().inputs.clone()
    }

    /// The `HelmChart`s that were made for charts of Helm repositories.
    pub fn made(&self) -> BTreeSet<ObjectId> {
        self.seen().made.clone()
    }

    fn chart(&self, wanted: &ChartWanted) -> Result<ChartGiven, Trouble> {
        let (id, source_name) = (self.source(wanted)?, wanted.source.to_string());
        let known = self.seen().artifacts.get(&id).cloned();
        let artifact = match known {
            Some(Some(known)) => known,
            // It was said once.
            Some(None) => return Ok(failed(wanted, "its source is not ready")),
            None => {
                let found = self.artifact(&id, &source_name);
                self.seen().artifacts.insert(id, found.as_ref().ok().cloned());
                found?
            }
        };
        match self.store.chart(&artifact, wanted) {
            Ok(given) => Ok(ChartGiven::clone(&given)),
            Err(why) => Err(Trouble::Fetch { source_name, why }),
        }
    }

    /// The object whose artifact has the chart.
    fn source(&self, wanted: &ChartWanted) -> Result<InputId, Trouble> {
        let source = &wanted.source;
        if !self.cross_namespace && source.namespace != self.descriptor.0 {
            return Err(Trouble::OtherNamespace(source.to_string()));
        }
        if source.kind != "HelmRepository" {
            return Ok(InputId::new(Kind::source(&source.kind), &source.namespace, &source.name));
        }
        // A Helm repository's artifact is its index. What packs a chart of it is a HelmChart, which has to be in the
        // repository's own namespace.
        let name = helm_chart_name(self.descriptor, wanted);
        let id = InputId::new(Kind::source("HelmChart"), &source.namespace, &name);
        (self.depends)(&id);
        let mut spec = json!({
            "chart": wanted.chart,
            "interval": "10m",
            "sourceRef": {"kind": source.kind, "name": source.name},
        });
        if !wanted.version.is_empty() {
            spec["version"] = wanted.version.clone().into();
        }
        if !wanted.values_files.is_empty() {
            spec["valuesFiles"] = wanted.values_files.clone().into();
        }
        let object = json!({
            "apiVersion": id.kind.api_version,
            "kind": id.kind.kind,
            "metadata": {
                "name": name,
                "namespace": source.namespace,
                "labels": {NAMESPACE_LABEL: self.descriptor.0, NAME_LABEL: self.descriptor.1},
            },
            "spec": spec,
        });
        let (group, version) = id.kind.group_version();
        self.seen().made.insert(ObjectId {
            namespace: source.namespace.clone(),
            name,
            group: group.to_owned(),
            kind: id.kind.kind.clone(),
            version: version.to_owned(),
        });
        match self.handle.block_on(self.cluster.apply(&object)) {
            Ok(_) => Ok(id),
            Err(why) => Err(Trouble::Api { source_name: source.to_string(), why }),
        }
    }

    fn artifact(&self, id: &InputId, source_name: &str) -> Result<Artifact, Trouble> {
        (self.depends)(id);
        let found = self.handle.block_on(self.cluster.get(&id.kind, &id.namespace, &id.name));
        let object = found.map_err(|why| Trouble::Api { source_name: source_name.to_owned(), why })?;
        self.seen().inputs.insert(id.clone(), fingerprint(id, object.as_ref()));
        let object = object.ok_or_else(|| Trouble::Missing(source_name.to_owned()))?;
        artifact(&id.kind.kind, &object).map_err(|why| Trouble::NotReady { source_name: source_name.to_owned(), why })
    }
}

impl ChartSource for Bring<'_> {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        if let Some(known) = self.seen().charts.get(wanted) {
            return Some(known.clone());
        }
        let given = self.chart(wanted).unwrap_or_else(|trouble| {
            let given = failed(wanted, &trouble.to_string());
            self.seen().troubles.push(trouble);
            given
        });
        self.seen().charts.insert(wanted.clone(), given.clone());
        Some(given)
    }
}

fn failed(wanted: &ChartWanted, why: &str) -> ChartGiven {
    let failed = Some(FetchFailure { kind: FetchKind::Unreachable, message: why.to_owned() });
    ChartGiven { wanted: wanted.clone(), failed, ..ChartGiven::default() }
}

impl std::fmt::Debug for Bring<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bring").field("descriptor", &self.descriptor).finish_non_exhaustive()
    }
}

/// The name of the `HelmChart` for a chart of a Helm repository: two descriptors have two of them, so that each can be
/// removed with its descriptor.
pub fn helm_chart_name(descriptor: (&str, &str), wanted: &ChartWanted) -> String {
    let ChartWanted { source, chart, version, values_files } = wanted;
    let (namespace, name) = descriptor;
    let all = format!("{namespace}\n{name}\n{source}\n{chart}\n{version}\n{}", values_files.join("\n"));
    let sum = digest(all.as_bytes());
    format!("chartwright-{name}-{}", sum.get(7..17).unwrap_or_default())
}
