//! Watches, and the queue of what is to be reconciled.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use descriptor::types::{KIND, SOURCE_KIND};
use futures::{Stream, StreamExt, pin_mut};
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::api::{Api, DynamicObject};
use kube::core::{ApiResource, PartialObjectMeta};
use kube::runtime::controller::{self, Action, applier};
use kube::runtime::reflector::{self, ObjectRef};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Resource, ResourceExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::cluster::{Kind, NAME_LABEL, NAMESPACE_LABEL};
use crate::crd;
use crate::inputs::{InputId, fingerprint};
use crate::reconcile::{self, Context, Key, REQUESTED_AT};
use crate::sources::artifact;

/// How often archives that are no longer needed are removed, and what nobody uses is forgotten.
const TIDY: Duration = Duration::from_secs(30);
/// The kinds of sources whose artifacts charts come from.
const SOURCES: [&str; 5] = ["GitRepository", "OCIRepository", "Bucket", "HelmChart", "ExternalArtifact"];

/// What is watched.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The only namespace; all if none is given.
    pub namespace: Option<String>,
    /// The labels of our objects: several controllers can share them.
    pub labels: Option<String>,
    /// The labels of ConfigMaps and Secrets whose changes are noticed at once; empty: all.
    pub configs: String,
}

impl Scope {
    fn api(&self, context: &Context, resource: &ApiResource) -> Api<DynamicObject> {
        let client = context.cluster.client().clone();
        match &self.namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, resource),
            None => Api::all_with(client, resource),
        }
    }
}

type Queue = UnboundedSender<ObjectRef<DynamicObject>>;

/// What is to be reconciled.
#[derive(Clone)]
struct Queues {
    descriptors: Queue,
    sources: Queue,
}

/// Reconciles until `stop` is cancelled, and then ends what it has begun. `ready` is told when all objects are known.
pub async fn run(context: Arc<Context>, scope: Scope, stop: CancellationToken, ready: impl FnOnce() + Send) {
    let (descriptors, asked_descriptors) = unbounded_channel();
    let (sources, asked_sources) = unbounded_channel();
    let (store, own_descriptors) = own(&scope, &context, KIND, crd::descriptors(), descriptors.clone());
    let (source_store, own_sources) = own(&scope, &context, SOURCE_KIND, crd::descriptor_sources(), sources.clone());
    let others = watch_others(Arc::clone(&context), scope.clone(), Queues { descriptors, sources });
    let tidy = tidy(Arc::clone(&context));
    let background = tokio::spawn({
        let stop = stop.clone();
        async move {
            tokio::select! {
                () = async { tokio::join!(own_descriptors, own_sources, others, tidy); } => {}
                () = stop.cancelled() => {}
            }
        }
    });
    let config = controller::Config::default().concurrency(context.settings.concurrent);
    let results = applier(
        |object, context| Box::pin(reconcile::descriptor(object, context)),
        |object, error, context| reconcile::retry(&object, error, &context.memory),
        Arc::clone(&context),
        store.clone(),
        until(asked_descriptors, stop.clone()),
        config.clone(),
    );
    let source_results = applier(
        |object, context| Box::pin(reconcile::source(object, context)),
        |object, error, context| reconcile::retry(&object, error, &context.source_memory),
        Arc::clone(&context),
        source_store,
        until(asked_sources, stop.clone()),
        config,
    );
    let known = async {
        if store.wait_until_ready().await.is_ok() {
            ready();
        }
    };
    tokio::join!(known, drain(results), drain(source_results));
    stop.cancel();
    let _ = background.await;
}

/// What is asked for, until nothing more is to be: then the applier ends what it has begun.
fn until(
    asked: UnboundedReceiver<ObjectRef<DynamicObject>>,
    stop: CancellationToken,
) -> impl Stream<Item = Result<ObjectRef<DynamicObject>, Infallible>> {
    tokio_stream(asked).take_until(stop.cancelled_owned()).map(Ok)
}

fn tokio_stream<T>(mut receiver: UnboundedReceiver<T>) -> impl Stream<Item = T> {
    futures::stream::poll_fn(move |context| receiver.poll_recv(context))
}

async fn drain<R, Q>(results: impl Stream<Item = Result<(ObjectRef<DynamicObject>, Action), controller::Error<R, Q>>>)
where
    R: std::error::Error + 'static,
    Q: std::error::Error + 'static,
{
    pin_mut!(results);
    while let Some(result) = results.next().await {
        match result {
            Ok(_) | Err(controller::Error::ObjectNotFound(_) | controller::Error::ReconcilerFailed(..)) => {}
            Err(error) => tracing::error!(%error, "the queue failed"),
        }
    }
}

/// Watches our own objects, and keeps them. Writing a status is no reason to look at the object again.
fn own(
    scope: &Scope,
    context: &Context,
    kind: &'static str,
    resource: ApiResource,
    queue: Queue,
) -> (reflector::Store<DynamicObject>, impl Future<Output = ()> + Send + use<>) {
    let mut config = watcher::Config::default();
    if let Some(labels) = &scope.labels {
        config = config.labels(labels);
    }
    let api = scope.api(context, &resource);
    let writer = reflector::store::Writer::new(resource.clone());
    let store = writer.as_reader();
    let events = reflector::reflector(writer, watcher(api, config).default_backoff());
    let watch = async move {
        let objects = logged(events.touched_objects(), kind);
        pin_mut!(objects);
        let mut seen = BTreeMap::new();
        while let Some(object) = objects.next().await {
            let mut hash = DefaultHasher::new();
            let metadata = &object.metadata;
            (&metadata.uid, metadata.generation, metadata.deletion_timestamp.is_some()).hash(&mut hash);
            (object.annotations().get(REQUESTED_AT), &metadata.finalizers).hash(&mut hash);
            if seen.insert(Key::of(&object), hash.finish()) != Some(hash.finish()) {
                let _ = queue.send(ObjectRef::from_obj_with(&object, resource.clone()));
            }
            if metadata.deletion_timestamp.is_some() {
                seen.remove(&Key::of(&object));
            }
        }
    };
    (store, watch)
}

/// Watches what our objects depend on, and what was made for them.
async fn watch_others(context: Arc<Context>, scope: Scope, queues: Queues) {
    let releases = releases(&context, &scope, &queues.descriptors);
    let sources = futures::future::join_all(SOURCES.map(|kind| sources(&context, kind, &queues)));
    let maps = configs::<ConfigMap>(&context, &scope, &queues);
    let secrets = configs::<Secret>(&context, &scope, &queues);
    tokio::join!(releases, sources, maps, secrets);
}

/// Something that our objects depend on has changed.
fn changed(context: &Context, id: &InputId, queues: &Queues) {
    let all = [
        (&context.memory, &queues.descriptors, crd::descriptors()),
        (&context.source_memory, &queues.sources, crd::descriptor_sources()),
    ];
    for (memory, queue, resource) in all {
        let users = memory.index().users(id);
        for key in users {
            tracing::debug!(namespace = key.namespace, name = key.name, "{id} has changed");
            memory.mark(key.clone());
            let _ = queue.send(ObjectRef::new_with(&key.name, resource.clone()).within(&key.namespace));
        }
    }
}

/// Whether one of our objects depends on another.
fn matters(context: &Context, id: &InputId) -> bool {
    !context.memory.index().users(id).is_empty() || !context.source_memory.index().users(id).is_empty()
}

async fn releases(context: &Context, scope: &Scope, queue: &Queue) {
    let resource = Kind::helm_release().resource();
    let config = watcher::Config::default().labels(NAME_LABEL);
    let events = watcher(scope.api(context, &resource), config).default_backoff();
    let objects = logged(events.touched_objects(), "HelmRelease");
    pin_mut!(objects);
    while let Some(object) = objects.next().await {
        let labels = object.labels();
        if let (Some(namespace), Some(name)) = (labels.get(NAMESPACE_LABEL), labels.get(NAME_LABEL)) {
            let _ = queue.send(ObjectRef::new_with(name, crd::descriptors()).within(namespace));
        }
    }
}

/// Watches a kind of source. Most changes of sources are those of their conditions: only the artifact counts.
async fn sources(context: &Context, kind: &str, queues: &Queues) {
    let kind = Kind::source(kind);
    let api = Api::<DynamicObject>::all_with(context.cluster.client().clone(), &kind.resource());
    let objects = logged(watcher(api, watcher::Config::default()).default_backoff().touched_objects(), &kind.kind);
    pin_mut!(objects);
    let mut seen: BTreeMap<InputId, String> = BTreeMap::new();
    while let Some(object) = objects.next().await {
        let id = InputId::new(kind.clone(), &object.namespace().unwrap_or_default(), &object.name_any());
        if !matters(context, &id) {
            seen.remove(&id);
            continue;
        }
        let is_ready = artifact(&kind.kind, &object).is_ok();
        let now = format!("{is_ready} {}", fingerprint(&id, Some(&object)));
        if seen.insert(id.clone(), now.clone()) != Some(now) {
            changed(context, &id, queues);
        }
    }
}

/// Watches ConfigMaps or Secrets: only their metadata, for most of them are nobody's concern.
async fn configs<K>(context: &Context, scope: &Scope, queues: &Queues)
where
    K: Resource<DynamicType = ()> + Clone + std::fmt::Debug + Send + Sync + 'static,
{
    let api = Api::<PartialObjectMeta<K>>::all(context.cluster.client().clone());
    let mut config = watcher::Config::default();
    if !scope.configs.is_empty() {
        config = config.labels(&scope.configs);
    }
    let kind = Kind::new("v1", &K::kind(&()));
    let objects = logged(watcher(api, config).default_backoff().touched_objects(), &kind.kind);
    pin_mut!(objects);
    while let Some(object) = objects.next().await {
        let id = InputId::new(kind.clone(), &object.namespace().unwrap_or_default(), &object.name_any());
        changed(context, &id, queues);
    }
}

/// A watch that goes on after errors. A kind that does not exist is no error worth more than a line.
fn logged<T>(objects: impl Stream<Item = Result<T, watcher::Error>>, kind: &str) -> impl Stream<Item = T> {
    let kind = kind.to_owned();
    objects.filter_map(move |object| {
        let object = match object {
            Ok(object) => Some(object),
            Err(error) => {
                tracing::warn!(kind, %error, "a watch failed");
                None
            }
        };
        std::future::ready(object)
    })
}

/// Removes archives some time after they were replaced.
async fn tidy(context: Arc<Context>) {
    loop {
        tokio::time::sleep(TIDY).await;
        context.store.tidy();
        for (key, artifact) in context.memory.published() {
            let owner = crate::flux::Owner { namespace: &key.namespace, name: &key.name };
            if let Err(error) = context.publisher.collect(owner, &artifact).await {
                tracing::warn!(%error, namespace = key.namespace, name = key.name, "old archives were not removed");
            }
        }
    }
}
