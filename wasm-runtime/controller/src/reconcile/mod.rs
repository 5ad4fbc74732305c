//! From what objects ask for to what is in the cluster.

mod descriptor;
mod known;
mod outcome;
mod remove;
mod source;

use std::sync::Arc;
use std::time::Duration;

use contract::{CapabilitiesGiven, Engine};
use kube::api::DynamicObject;
use kube::discovery::Discovery;
use kube::runtime::controller::Action;
use policy::Policies;
use tokio::sync::{Mutex, Semaphore};

use crate::cluster::{Cluster, message};
use crate::events::Events;
use crate::metrics::Metrics;
use crate::publish::Publisher;
use crate::settings::Settings;
use crate::sources::ChartStore;

pub use known::{Index, Key, Known, Memory};

/// The finalizer of our objects: what they deployed is removed before they are.
pub const FINALIZER: &str = "chartwright.dev/finalizer";
/// The annotation that asks for a reconciliation now.
pub const REQUESTED_AT: &str = "reconcile.fluxcd.io/requestedAt";
/// How long the cluster's version is believed.
const CAPABILITIES: Duration = Duration::from_mins(10);

/// Why a reconciliation could not come to an end. It is tried again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The API did not answer, or refused.
    #[error("{}", message(.0))]
    Api(#[from] kube::Error),
    /// Work on another thread was given up, because the program ends.
    #[error("the work was interrupted")]
    Interrupted,
    /// What was published cannot be removed.
    #[error(transparent)]
    Publish(#[from] crate::publish::PublishError),
}

/// What all reconciliations share.
pub struct Context {
    /// The API.
    pub cluster: Arc<Cluster>,
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// What tells engines apart: charts are built anew by another one.
    pub engine_id: String,
    /// Rules that everything deployed must keep, and what tells them apart.
    pub policies: Option<(Arc<Policies>, String)>,
    /// How charts get to Flux.
    pub publisher: Arc<dyn Publisher>,
    /// Where charts are kept.
    pub store: Arc<ChartStore>,
    /// How everything works.
    pub settings: Settings,
    /// Who is told what happens.
    pub events: Events,
    /// What is measured.
    pub metrics: Arc<Metrics>,
    /// What is known from earlier reconciliations of descriptors.
    pub memory: Memory,
    /// The same of sources of descriptors.
    pub source_memory: Memory,
    /// How many charts are built at a time.
    builds: Semaphore,
    capabilities: Mutex<Option<(tokio::time::Instant, CapabilitiesGiven)>>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// The parts of a [`Context`] that depend on where it runs.
#[expect(missing_debug_implementations, reason = "its parts are an engine and a publisher")]
pub struct Parts {
    /// The API.
    pub cluster: Arc<Cluster>,
    /// The engine, and what tells it from others.
    pub engine: (Arc<dyn Engine>, String),
    /// Rules that everything deployed must keep, and what tells them apart.
    pub policies: Option<(Arc<Policies>, String)>,
    /// How charts get to Flux.
    pub publisher: Arc<dyn Publisher>,
    /// Where charts are kept.
    pub store: Arc<ChartStore>,
    /// Who is told what happens.
    pub events: Events,
    /// What is measured.
    pub metrics: Arc<Metrics>,
}

impl Context {
    /// Nothing was reconciled yet.
    pub fn new(parts: Parts, settings: Settings) -> Context {
        let (engine, engine_id) = parts.engine;
        Context {
            cluster: parts.cluster,
            engine,
            engine_id,
            policies: parts.policies,
            publisher: parts.publisher,
            store: parts.store,
            events: parts.events,
            metrics: parts.metrics,
            memory: Memory::default(),
            source_memory: Memory::default(),
            builds: Semaphore::new(settings.concurrent.into()),
            capabilities: Mutex::default(),
            settings,
        }
    }

    /// The cluster's version and the versions of its APIs.
    async fn capabilities(&self) -> Result<CapabilitiesGiven, kube::Error> {
        let mut known = self.capabilities.lock().await;
        if let Some((since, capabilities)) = &*known
            && since.elapsed() < CAPABILITIES
        {
            return Ok(capabilities.clone());
        }
        let client = self.cluster.client();
        let version = client.apiserver_version().await?;
        let discovery = Discovery::new(client.clone()).run_aggregated().await?;
        let mut api_versions = Vec::new();
        for group in discovery.groups() {
            for version in group.versions() {
                let name =
                    if group.name().is_empty() { version.to_owned() } else { format!("{}/{version}", group.name()) };
                let kinds =
                    group.versioned_resources(version).into_iter().map(|(kind, _)| format!("{name}/{}", kind.kind));
                api_versions.extend(kinds);
                api_versions.push(name);
            }
        }
        // What is found does not depend on the order in which the server lists it.
        api_versions.sort();
        api_versions.dedup();
        let capabilities = CapabilitiesGiven { kube_version: Some(version.git_version), api_versions };
        *known = Some((tokio::time::Instant::now(), capabilities.clone()));
        Ok(capabilities)
    }
}

/// Reconciles a descriptor.
///
/// # Errors
/// If the API does not answer or refuses: it is to be tried again.
pub async fn descriptor(object: Arc<DynamicObject>, context: Arc<Context>) -> Result<Action, Error> {
    descriptor::reconcile(&object, &context).await
}

/// Reconciles a source of descriptors.
///
/// # Errors
/// If the API does not answer or refuses: it is to be tried again.
pub async fn source(object: Arc<DynamicObject>, context: Arc<Context>) -> Result<Action, Error> {
    source::reconcile(&object, &context).await
}

/// What follows an error: it is tried again, later each time.
pub fn retry(object: &DynamicObject, error: &Error, memory: &Memory) -> Action {
    let wait = memory.failed(&Key::of(object));
    tracing::warn!(%error, wait = wait.as_secs_f64(), "the reconciliation failed");
    Action::requeue(wait)
}
