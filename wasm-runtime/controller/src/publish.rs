//! How Flux gets at a chart.

use std::sync::Arc;
use std::time::SystemTime;

use descriptor::types::Artifact;
use futures::future::BoxFuture;
use kube::api::DynamicObject;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::artifact::{Retention, Storage, StorageError, revision};
use crate::cluster::{Cluster, Kind, message};
use crate::flux::Owner;
use crate::time::now;

/// A chart that passed every check.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Its version, as `Chart.yaml` has it.
    pub version: String,
    /// Its archive, with one folder at the top.
    pub archive: Arc<Vec<u8>>,
}

/// Why a chart could not be published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The archive could not be stored.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Flux's object could not be applied.
    #[error("the ExternalArtifact cannot be applied: {}", message(.0))]
    Api(#[from] kube::Error),
    /// The work was given up, because the program ends.
    #[error("the work was interrupted")]
    Interrupted,
}

/// A way to hand charts to Flux. The one that there is serves archives and names them in `ExternalArtifact`s
/// ([`Served`]); a registry or a Git repository would be others, for clusters whose helm-controller does not accept
/// `ExternalArtifact`s.
pub trait Publisher: Send + Sync {
    /// Publishes a chart. The same chart again changes nothing, whatever was interrupted before.
    fn publish<'a>(&'a self, owner: Owner<'a>, chart: &'a Chart) -> BoxFuture<'a, Result<Artifact, PublishError>>;

    /// Puts back what Flux needs of a chart that was published before; `false` if its archive is lost.
    fn confirm<'a>(&'a self, owner: Owner<'a>, artifact: &'a Artifact) -> BoxFuture<'a, Result<bool, PublishError>>;

    /// The `chartRef` of the release.
    fn chart_ref(&self, owner: Owner<'_>) -> Value;

    /// Removes what was stored for a descriptor that is gone.
    fn remove<'a>(&'a self, owner: Owner<'a>) -> BoxFuture<'a, Result<(), PublishError>>;

    /// Removes what is no longer needed of a descriptor that stays.
    fn collect<'a>(&'a self, owner: Owner<'a>, artifact: &'a Artifact) -> BoxFuture<'a, Result<usize, PublishError>>;
}

/// Archives that the controller's own server serves.
#[derive(Debug)]
pub struct Served {
    cluster: Arc<Cluster>,
    storage: Storage,
    /// What comes before the paths of archives: `http://host`.
    root: String,
    retention: Retention,
}

impl Served {
    /// Archives of a storage, at an address: `host:port`, or with a scheme.
    pub fn new(cluster: Arc<Cluster>, storage: Storage, address: &str, retention: Retention) -> Served {
        let root = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
        Served { cluster, storage, root: root.trim_end_matches('/').to_owned(), retention }
    }

    /// Work on the disk, where it holds up nobody.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Storage) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, PublishError> {
        let storage = self.storage.clone();
        let done = spawn_blocking(move || work(&storage)).await;
        Ok(done.map_err(|_| PublishError::Interrupted)??)
    }

    /// Applies the object, and its status unless that says the same already.
    async fn apply(&self, owner: Owner<'_>, mut artifact: Artifact) -> Result<Artifact, PublishError> {
        let object = self.cluster.apply(&owner.external_artifact()).await?;
        let before = stored(&object);
        if let Some(before) = &before
            && (&before.revision, &before.digest, &before.url) == (&artifact.revision, &artifact.digest, &artifact.url)
        {
            return Ok(before.clone());
        }
        artifact.last_update_time = now();
        self.cluster.apply_status(&owner.external_artifact_status(&artifact, object.metadata.generation)).await?;
        Ok(artifact)
    }
}

fn stored(object: &DynamicObject) -> Option<Artifact> {
    serde_json::from_value(object.data.pointer("/status/artifact")?.clone()).ok()
}

impl Publisher for Served {
    fn publish<'a>(&'a self, owner: Owner<'a>, chart: &'a Chart) -> BoxFuture<'a, Result<Artifact, PublishError>> {
        Box::pin(async move {
            let (namespace, name) = (owner.namespace.to_owned(), owner.name.to_owned());
            let archive = Arc::clone(&chart.archive);
            let stored = self.on_disk(move |storage| storage.put(&namespace, &name, &archive)).await?;
            let artifact = Artifact {
                url: format!("{}/{}", self.root, stored.path),
                path: stored.path,
                revision: revision(&chart.version, &stored.digest),
                digest: Some(stored.digest),
                size: i64::try_from(stored.size).ok(),
                last_update_time: String::new(),
            };
            self.apply(owner, artifact).await
        })
    }

    fn confirm<'a>(&'a self, owner: Owner<'a>, artifact: &'a Artifact) -> BoxFuture<'a, Result<bool, PublishError>> {
        Box::pin(async move {
            let (namespace, name) = (owner.namespace.to_owned(), owner.name.to_owned());
            let digest = artifact.digest.clone().unwrap_or_default();
            if !self.on_disk(move |storage| storage.holds(&namespace, &name, &digest)).await? {
                return Ok(false);
            }
            // The server's address may have changed.
            let url = format!("{}/{}", self.root, artifact.path);
            self.apply(owner, Artifact { url, ..artifact.clone() }).await?;
            Ok(true)
        })
    }

    fn chart_ref(&self, owner: Owner<'_>) -> Value {
        json!({"kind": "ExternalArtifact", "name": owner.name})
    }

    fn remove<'a>(&'a self, owner: Owner<'a>) -> BoxFuture<'a, Result<(), PublishError>> {
        Box::pin(async move {
            self.cluster.delete(&Kind::source("ExternalArtifact"), owner.namespace, owner.name).await?;
            let (namespace, name) = (owner.namespace.to_owned(), owner.name.to_owned());
            self.on_disk(move |storage| storage.remove_all(&namespace, &name)).await
        })
    }

    fn collect<'a>(&'a self, owner: Owner<'a>, artifact: &'a Artifact) -> BoxFuture<'a, Result<usize, PublishError>> {
        Box::pin(async move {
            let (namespace, name) = (owner.namespace.to_owned(), owner.name.to_owned());
            let (digest, retention) = (artifact.digest.clone().unwrap_or_default(), self.retention);
            let now = SystemTime::now();
            self.on_disk(move |storage| storage.collect(&namespace, &name, &digest, retention, now)).await
        })
    }
}
