//! What the controller asks of the API: read, apply, delete.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kube::api::{Api, DeleteParams, DynamicObject, ListParams, Patch, PatchParams};
use kube::core::{ApiResource, GroupVersionKind};
use kube::discovery::{Scope, pinned_kind};
use kube::{Client, ResourceExt};
use serde_json::Value;

/// The name under which the controller applies fields. It never changes: another name would own the fields beside it.
pub const MANAGER: &str = "chartwright-controller";
/// The label of an object that belongs to a descriptor: the descriptor's name.
pub const NAME_LABEL: &str = "chartwright.dev/name";
/// The same: the descriptor's namespace.
pub const NAMESPACE_LABEL: &str = "chartwright.dev/namespace";

/// A kind of object in the API.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
}

impl Kind {
    /// A kind by its names.
    pub fn new(api_version: &str, kind: &str) -> Kind {
        Kind { api_version: api_version.to_owned(), kind: kind.to_owned() }
    }

    /// A kind of Flux's sources.
    pub fn source(kind: &str) -> Kind {
        Kind::new("source.toolkit.fluxcd.io/v1", kind)
    }

    /// Flux's HelmRelease.
    pub fn helm_release() -> Kind {
        Kind::new("helm.toolkit.fluxcd.io/v2", "HelmRelease")
    }

    /// Its group and its version.
    pub fn group_version(&self) -> (&str, &str) {
        self.api_version.split_once('/').unwrap_or(("", &self.api_version))
    }

    /// As the client names it. The plural is guessed: it is right for all kinds whose names are fixed here.
    pub fn resource(&self) -> ApiResource {
        let (group, version) = self.group_version();
        ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, &self.kind))
    }
}

/// The answer of the API for an object that may be missing.
pub type Found = Result<Option<DynamicObject>, kube::Error>;

/// Makes clients that act as others.
pub type ActAs = Box<dyn Fn(&str) -> Result<Client, kube::Error> + Send + Sync>;

/// The API, as one user.
pub struct Cluster {
    client: Client,
    act_as: Option<ActAs>,
    others: Mutex<BTreeMap<String, Arc<Cluster>>>,
    known: Mutex<BTreeMap<Kind, (ApiResource, Scope)>>,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").finish_non_exhaustive()
    }
}

impl Cluster {
    /// The API as this client sees it. Without `act_as` accounts see what it sees.
    pub fn new(client: Client, act_as: Option<ActAs>) -> Cluster {
        Cluster { client, act_as, others: Mutex::default(), known: Mutex::default() }
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The same API as a service account sees it.
    ///
    /// # Errors
    /// If no client can be made that acts as it.
    pub fn as_account(&self, namespace: &str, account: &str) -> Result<Arc<Cluster>, kube::Error> {
        let user = format!("system:serviceaccount:{namespace}:{account}");
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = others.get(&user) {
            return Ok(Arc::clone(known));
        }
        let client = match &self.act_as {
            Some(act_as) => act_as(&user)?,
            None => self.client.clone(),
        };
        let cluster = Arc::new(Cluster::new(client, None));
        others.insert(user, Arc::clone(&cluster));
        Ok(cluster)
    }

    fn api(&self, resource: &ApiResource, namespace: &str) -> Api<DynamicObject> {
        if namespace.is_empty() {
            Api::all_with(self.client.clone(), resource)
        } else {
            Api::namespaced_with(self.client.clone(), namespace, resource)
        }
    }

    /// An object of a kind whose names are fixed; nothing if it, or its kind, does not exist.
    ///
    /// # Errors
    /// If the API does not answer, or refuses.
    pub async fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Found {
        absent(self.api(&kind.resource(), namespace).get(name).await)
    }

    /// An object of any kind, as a template looks it up; nothing if it, or its kind, does not exist.
    ///
    /// # Errors
    /// If the API does not answer, or refuses.
    pub async fn look_up(&self, kind: &Kind, namespace: &str, name: &str) -> Found {
        let Some((resource, scope)) = self.find(kind).await? else { return Ok(None) };
        let namespace = if scope == Scope::Cluster { "" } else { namespace };
        if scope == Scope::Namespaced && namespace.is_empty() {
            return Ok(None);
        }
        absent(self.api(&resource, namespace).get(name).await)
    }

    /// The objects of any kind, of a namespace or of all.
    ///
    /// # Errors
    /// If the API does not answer, or refuses.
    pub async fn list(&self, kind: &Kind, namespace: &str, most: u32) -> Result<Vec<DynamicObject>, kube::Error> {
        let Some((resource, scope)) = self.find(kind).await? else { return Ok(Vec::new()) };
        let namespace = if scope == Scope::Cluster { "" } else { namespace };
        Ok(self.api(&resource, namespace).list(&ListParams::default().limit(most)).await?.items)
    }

    /// The objects of a kind that carry these labels.
    ///
    /// # Errors
    /// If the API does not answer, or refuses; none if the kind does not exist.
    pub async fn labelled(&self, kind: &Kind, labels: &str) -> Result<Vec<DynamicObject>, kube::Error> {
        let list = self.api(&kind.resource(), "").list(&ListParams::default().labels(labels)).await;
        Ok(absent(list)?.map(|list| list.items).unwrap_or_default())
    }

    /// Applies fields of an object, as the only owner that counts.
    ///
    /// # Errors
    /// If the API does not answer, or refuses.
    pub async fn apply(&self, object: &Value) -> Result<DynamicObject, kube::Error> {
        let (kind, namespace, name) = names(object);
        let params = PatchParams::apply(MANAGER).force();
        self.api(&kind.resource(), &namespace).patch(&name, &params, &Patch::Apply(object)).await
    }

    /// Applies the status of an object.
    ///
    /// # Errors
    /// If the API does not answer, or refuses.
    pub async fn apply_status(&self, object: &Value) -> Result<DynamicObject, kube::Error> {
        let (kind, namespace, name) = names(object);
        let params = PatchParams::apply(MANAGER).force();
        self.api(&kind.resource(), &namespace).patch_status(&name, &params, &Patch::Apply(object)).await
    }

    /// Changes an object by a merge patch.
    ///
    /// # Errors
    /// If the API does not answer, or refuses.
    pub async fn merge(&self, kind: &Kind, namespace: &str, name: &str, patch: &Value) -> Found {
        let params = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
        absent(self.api(&kind.resource(), namespace).patch(name, &params, &Patch::Merge(patch)).await)
    }

    /// Deletes an object. Whether it is gone: one with finalizers stays for a while.
    ///
    /// # Errors
    /// If the API does not answer, or refuses.
    pub async fn delete(&self, kind: &Kind, namespace: &str, name: &str) -> Result<bool, kube::Error> {
        let deleted = self.api(&kind.resource(), namespace).delete(name, &DeleteParams::background()).await;
        match absent(deleted)? {
            None => Ok(true),
            Some(answer) => Ok(answer.left().is_none_or(|object| object.finalizers().is_empty())),
        }
    }

    async fn find(&self, kind: &Kind) -> Result<Option<(ApiResource, Scope)>, kube::Error> {
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(kind) {
            return Ok(Some(known.clone()));
        }
        // The kinds that nearly all charts look up need no question.
        let fixed = match (kind.api_version.as_str(), kind.kind.as_str()) {
            ("v1", "ConfigMap" | "Secret" | "Service" | "ServiceAccount") => Some(Scope::Namespaced),
            ("v1", "Namespace") => Some(Scope::Cluster),
            _ => None,
        };
        let found = match fixed {
            Some(scope) => (kind.resource(), scope),
            None => {
                let (group, version) = kind.group_version();
                match pinned_kind(&self.client, &GroupVersionKind::gvk(group, version, &kind.kind)).await {
                    Ok((resource, capabilities)) => (resource, capabilities.scope),
                    Err(kube::Error::Discovery(_)) => return Ok(None),
                    Err(error) => match absent::<()>(Err(error))? {
                        Some(()) | None => return Ok(None),
                    },
                }
            }
        };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(kind.clone(), found.clone());
        Ok(Some(found))
    }
}

/// Kind, namespace and name of an object.
fn names(object: &Value) -> (Kind, String, String) {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    (
        Kind::new(text("/apiVersion"), text("/kind")),
        text("/metadata/namespace").to_owned(),
        text("/metadata/name").to_owned(),
    )
}

/// Makes "not found" an answer.
fn absent<T>(result: Result<T, kube::Error>) -> Result<Option<T>, kube::Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the API refuses something for good: the request is wrong, or not allowed.
pub fn is_refusal(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if matches!(status.code, 400 | 403 | 422))
}

/// What the API says, in one line.
pub fn message(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) => status.message.clone(),
        other => other.to_string(),
    }
}
