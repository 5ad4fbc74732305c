//! A descriptor: its chart is built, published and released, and what it no longer needs is removed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use descriptor::types::{API_VERSION, Artifact, KIND, Spec, Status, ValuesKind};
use kube::ResourceExt;
use kube::api::DynamicObject;
use kube::runtime::controller::Action;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::known::{Key, Known};
use super::outcome::{End, write};
use super::{Context, Error, FINALIZER, REQUESTED_AT};
use crate::artifact::digest;
use crate::build::{Build, Built, Subjects, Unbuilt};
use crate::cluster::{Cluster, Kind, NAME_LABEL, NAMESPACE_LABEL, is_refusal};
use crate::conditions::{Outcome, Reason};
use crate::flux::{INTERVAL, Owner, namespace, target_namespace};
use crate::gate;
use crate::inputs::{InputId, Inputs, ids};
use crate::inventory::{ObjectId, inventory, stale};
use crate::time::{duration, jitter};
use crate::world;

pub(super) async fn reconcile(object: &DynamicObject, context: &Arc<Context>) -> Result<Action, Error> {
    let key = Key::of(object);
    let started = Instant::now();
    let result = if object.metadata.deletion_timestamp.is_some() {
        super::remove::remove(object, context).await.map(|action| (action, "removed"))
    } else {
        Work { object, context, key: &key }.run().await
    };
    let (action, word) = match result {
        Ok(done) => done,
        Err(error) => {
            // What the next attempt has to look at is what this one had to.
            context.memory.mark(key.clone());
            context.metrics.reconciled(KIND, &key.namespace, &key.name, started.elapsed(), "error");
            return Err(error);
        }
    };
    context.metrics.reconciled(KIND, &key.namespace, &key.name, started.elapsed(), word);
    Ok(action)
}

/// The reconciliation of one descriptor.
struct Work<'a> {
    object: &'a DynamicObject,
    context: &'a Arc<Context>,
    key: &'a Key,
}

/// What is published and applied.
struct Applied {
    artifact: Artifact,
    inputs: descriptor::types::Inputs,
    helm_charts: BTreeSet<ObjectId>,
}

impl Work<'_> {
    fn owner(&self) -> Owner<'_> {
        Owner { namespace: &self.key.namespace, name: &self.key.name }
    }

    async fn run(&self) -> Result<(Action, &'static str), Error> {
        let (object, context, key) = (self.object, self.context, self.key);
        let known = context.memory.known(key).filter(|known| known.uid == object.metadata.uid);
        let before = known.as_ref().map_or_else(|| status(object), |known| known.status.clone());
        let requested = object.annotations().get(REQUESTED_AT).cloned();
        let mut status = before.clone();
        status.last_handled_reconcile_at.clone_from(&requested);
        let spec = match object.data.get("spec").cloned().map(serde_json::from_value::<Spec>) {
            Some(Ok(spec)) => spec,
            other => {
                let why = other.map_or_else(
                    || "it has no spec".to_owned(),
                    |error| error.err().map_or_else(String::new, |e| e.to_string()),
                );
                let end = End::new(Outcome::Stalled, Reason::InvalidDescriptor, why);
                return self.finish(&before, status, &end, None, Duration::from_mins(10)).await;
            }
        };
        let interval = spec.release.interval.as_deref().unwrap_or(INTERVAL);
        let interval = jitter(duration(interval).unwrap_or(Duration::from_mins(10)), context.settings.interval_jitter);
        if let Some(known) = &known
            && known.generation == object.metadata.generation
            && known.requested == requested
            && known.next > Instant::now()
            && !context.memory.take_mark(key)
        {
            // Nothing has changed but the release, or our own status.
            let left = known.next.saturating_duration_since(Instant::now());
            if known.rests {
                return Ok((Action::requeue(left), "unchanged"));
            }
            if known.applied
                && let Some(artifact) = &known.status.artifact
                && let Some(release) = context.cluster.get(&Kind::helm_release(), &key.namespace, &key.name).await?
            {
                let end = self.released(&release, artifact, known.release);
                return self.finish(&before, status, &end, known.release, left).await;
            }
        }
        context.memory.take_mark(key);
        self.claim().await?;
        if spec.release.suspend {
            let release =
                before.inventory.iter().flat_map(|i| &i.entries).any(|e| e == &self.owner().release_id().entry());
            if release {
                context.cluster.apply(&self.helm_release(&spec)).await?;
            }
            let end = End::new(Outcome::Suspended, Reason::Suspended, "it is suspended, and so is its HelmRelease");
            return self.finish(&before, status, &end, None, interval).await;
        }
        let forced = requested.is_some() && requested != before.last_handled_reconcile_at;
        let applied = match self.unchanged(&spec, &before, forced).await? {
            Some(applied) => applied,
            None => match self.build(&spec, &before).await? {
                Ok(built) => match context.publisher.publish(self.owner(), &built.chart).await {
                    Ok(artifact) => {
                        if before.artifact.as_ref().is_none_or(|old| old.digest != artifact.digest) {
                            context.metrics.published();
                        }
                        let inputs = built.inputs.status(&self.rest(&spec));
                        Applied { artifact, inputs, helm_charts: built.helm_charts }
                    }
                    Err(error) => {
                        let end = End::unpublished(&error);
                        return self.finish(&before, status, &end, None, interval).await;
                    }
                },
                Err(unbuilt) => {
                    // What was made for a chart that came to nothing is removed with the descriptor, or by the next one.
                    let mut all = owned(&before);
                    all.extend(unbuilt.helm_charts);
                    status.inventory = (!all.is_empty()).then(|| inventory(&all));
                    let end = End::refused(&unbuilt.why);
                    return self.finish(&before, status, &end, None, interval).await;
                }
            },
        };
        let (end, release) = match self.apply(&spec, &before).await {
            Ok(release) => {
                (self.released(&release, &applied.artifact, release.metadata.generation), release.metadata.generation)
            }
            Err(end) => (*end, None),
        };
        let mut all = self.owner().objects();
        all.extend(applied.helm_charts);
        if release.is_some() {
            for object in stale(before.inventory.as_ref(), &all) {
                let kind = object.api_kind();
                context.cluster.delete(&kind, &object.namespace, &object.name).await?;
            }
        } else {
            all.extend(owned(&before));
        }
        status.inventory = Some(inventory(&all));
        status.last_applied_revision = Some(applied.artifact.revision.clone());
        status.artifact = Some(applied.artifact);
        status.inputs = Some(applied.inputs);
        self.finish(&before, status, &end, release, interval).await
    }

    /// Puts our finalizer on the descriptor, before there is anything to remove.
    async fn claim(&self) -> Result<(), Error> {
        let mut finalizers = self.object.finalizers().to_vec();
        if finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
            return Ok(());
        }
        finalizers.push(FINALIZER.to_owned());
        let version = self.object.resource_version();
        let patch = json!({"metadata": {"finalizers": finalizers, "resourceVersion": version}});
        self.context.cluster.merge(&Kind::new(API_VERSION, KIND), &self.key.namespace, &self.key.name, &patch).await?;
        Ok(())
    }

    /// The account that the release is installed with.
    fn account<'s>(&'s self, spec: &'s Spec) -> Option<&'s str> {
        let own = spec.release.service_account_name.as_deref().filter(|name| !name.is_empty());
        own.or(self.context.settings.default_service_account.as_deref())
    }

    fn as_account(&self, spec: &Spec) -> Result<Arc<Cluster>, Error> {
        Ok(match self.account(spec) {
            Some(account) => self.context.cluster.as_account(&self.key.namespace, account)?,
            None => Arc::clone(&self.context.cluster),
        })
    }

    fn helm_release(&self, spec: &Spec) -> Value {
        let chart_ref = self.context.publisher.chart_ref(self.owner());
        self.owner().helm_release(&spec.release, self.account(spec), &chart_ref)
    }

    /// Everything beside objects of the cluster that a chart, and whether it passes, depends on.
    fn rest(&self, spec: &Spec) -> String {
        let context = self.context;
        let policies = context.policies.as_ref().map_or("none", |(_, id)| id);
        let account = self.account(spec).unwrap_or_default();
        let spec = serde_json::to_string(spec).unwrap_or_default();
        format!(
            "engine {}\npolicies {policies}\naccount {account}\ncross-namespace {}\n{spec}",
            context.engine_id, context.settings.cross_namespace
        )
    }

    /// What was applied last time, if nothing has changed since and nothing of it was lost.
    async fn unchanged(&self, spec: &Spec, before: &Status, forced: bool) -> Result<Option<Applied>, Error> {
        let (Some(inputs), Some(artifact)) = (&before.inputs, &before.artifact) else { return Ok(None) };
        if forced {
            return Ok(None);
        }
        let ids = ids(Some(inputs));
        self.context.memory.index().set(self.key, ids.iter().cloned());
        let (sources, objects): (Vec<InputId>, Vec<InputId>) = ids.into_iter().partition(InputId::is_source);
        let mut now = world::look(&self.context.cluster, &sources).await?;
        let account = self.as_account(spec)?;
        match world::look(&account, &objects).await {
            Ok(objects) => now.extend(objects),
            // The build says what may not be read.
            Err(error) if is_refusal(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        if Inputs(now).digest(&self.rest(spec)) != inputs.digest {
            return Ok(None);
        }
        let held = self.context.publisher.confirm(self.owner(), artifact).await?;
        let helm_charts = owned(before).into_iter().filter(|object| object.kind == "HelmChart").collect();
        Ok(held.then(|| Applied { artifact: artifact.clone(), inputs: inputs.clone(), helm_charts }))
    }

    /// Builds the chart, on a thread where it holds up nobody.
    async fn build(&self, spec: &Spec, before: &Status) -> Result<Result<Built, Box<Unbuilt>>, Error> {
        let account = self.as_account(spec)?;
        let capabilities = self.context.capabilities().await?;
        let _permit = self.context.builds.acquire().await.map_err(|_| Error::Interrupted)?;
        let (context, key, handle) = (Arc::clone(self.context), self.key.clone(), Handle::current());
        let text = text(self.object);
        let values_from: Vec<(InputId, bool)> = spec
            .release
            .values_from
            .iter()
            .map(|from| {
                let kind = match from.kind {
                    ValuesKind::ConfigMap => "ConfigMap",
                    ValuesKind::Secret => "Secret",
                };
                (InputId::new(Kind::new("v1", kind), &key.namespace, &from.name), from.optional)
            })
            .collect();
        let sources = sources(spec);
        let mut likely = context.memory.likely(&sources);
        likely.extend(ids(before.inputs.as_ref()));
        let values: BTreeSet<InputId> = values_from.iter().map(|(id, _)| id.clone()).collect();
        let started = Instant::now();
        let built = spawn_blocking(move || {
            let depends = |id: &InputId| context.memory.index().add(&key, id);
            let build = Build {
                handle,
                engine: &*context.engine,
                cluster: &context.cluster,
                account: &account,
                store: &context.store,
                policies: context.policies.as_ref().map(|(policies, _)| &**policies),
                cross_namespace: context.settings.cross_namespace,
                capabilities,
                time: context.settings.engine_time,
                depends: &depends,
            };
            let likely: Vec<InputId> = likely.into_iter().collect();
            let subject = Subjects {
                namespace: &key.namespace,
                name: &key.name,
                text: &text,
                values_from: &values_from,
                likely: &likely,
            };
            build.run(&subject)
        });
        let built = built.await.map_err(|_| Error::Interrupted)?;
        self.context.metrics.built(started.elapsed(), if built.is_ok() { "built" } else { "refused" });
        if let Ok(built) = &built {
            self.context.memory.index().set(self.key, built.inputs.0.keys().cloned());
            let looked_up = built.inputs.0.keys().filter(|id| !id.is_source() && !values.contains(id)).cloned();
            self.context.memory.looked_up(&sources, looked_up);
        }
        Ok(built)
    }

    /// Applies the namespace and the release.
    async fn apply(&self, spec: &Spec, before: &Status) -> Result<DynamicObject, Box<End>> {
        let (cluster, key) = (&self.context.cluster, self.key);
        let failed = |what: &str, error: kube::Error| Box::new(End::unapplied(what, &error));
        if let Some(target) = target_namespace(self.owner(), &spec.release) {
            let kind = Kind::new("v1", "Namespace");
            // One that exists is somebody's: nothing is changed about it.
            let exists = cluster.get(&kind, "", target).await.map_err(|error| failed("Namespace", error))?;
            if exists.is_none() {
                let account = self
                    .as_account(spec)
                    .map_err(|error| Box::new(End::new(Outcome::Retry, Reason::ApplyFailed, error.to_string())))?;
                let object = namespace(self.owner(), target);
                account.apply(&object).await.map_err(|error| failed("Namespace", error))?;
            }
        }
        let id = self.owner().release_id();
        if !owned(before).contains(&id) {
            let other = cluster.get(&Kind::helm_release(), &key.namespace, &key.name).await;
            let other = other.map_err(|error| failed("HelmRelease", error))?;
            if other.is_some_and(|release| !is_ours(&release, self.owner())) {
                return Err(Box::new(End::new(
                    Outcome::Stalled,
                    Reason::ApplyFailed,
                    format!(
                        "a HelmRelease {}/{} exists that no descriptor has made: remove it, or give it the labels \
                         {NAMESPACE_LABEL}={} and {NAME_LABEL}={}",
                        key.namespace, key.name, key.namespace, key.name
                    ),
                )));
            }
        }
        cluster.apply(&self.helm_release(spec)).await.map_err(|error| failed("HelmRelease", error))
    }

    fn released(&self, release: &DynamicObject, artifact: &Artifact, generation: Option<i64>) -> End {
        let digest = artifact.digest.as_deref().unwrap_or_default();
        End::released(gate::state(release, digest, generation), artifact)
    }

    /// Writes the status, and says when to come back. `release` is the generation of the release, if it is applied.
    async fn finish(
        &self,
        before: &Status,
        mut status: Status,
        end: &End,
        release: Option<i64>,
        next: Duration,
    ) -> Result<(Action, &'static str), Error> {
        let (object, context) = (self.object, self.context);
        write(context, KIND, object, before, &mut status, end).await?;
        let known = Known {
            uid: object.metadata.uid.clone(),
            generation: object.metadata.generation,
            requested: status.last_handled_reconcile_at.clone(),
            status,
            next: Instant::now() + next,
            release,
            applied: release.is_some(),
            rests: match end.outcome {
                Outcome::Suspended => release.is_none(),
                // A release that is in the way may be given to us: that is seen on its watch only.
                Outcome::Stalled => release.is_none() && end.reason != Reason::ApplyFailed,
                _ => false,
            },
        };
        context.memory.keep(self.key.clone(), known);
        let wait = match end.outcome {
            Outcome::Retry if release.is_none() && end.waits => context.settings.requeue_dependency.min(next),
            Outcome::Retry if release.is_none() => context.memory.failed(self.key).min(next),
            _ => {
                context.memory.succeeded(self.key);
                next
            }
        };
        Ok((Action::requeue(wait), end.word()))
    }
}

/// The status of an object; an empty one if it has none that can be read.
pub(super) fn status(object: &DynamicObject) -> Status {
    object.data.get("status").cloned().and_then(|status| serde_json::from_value(status).ok()).unwrap_or_default()
}

/// The objects in a status.
pub(super) fn owned(status: &Status) -> BTreeSet<ObjectId> {
    status.inventory.iter().flat_map(|inventory| &inventory.entries).filter_map(ObjectId::read).collect()
}

/// Whether a release was made for this descriptor.
pub(super) fn is_ours(release: &DynamicObject, owner: Owner<'_>) -> bool {
    let label = |name: &str| release.labels().get(name).map(String::as_str);
    label(NAMESPACE_LABEL) == Some(owner.namespace) && label(NAME_LABEL) == Some(owner.name)
}

/// The descriptor as a file, without what changes all the time.
fn text(object: &DynamicObject) -> String {
    let value = json!({
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": object.name_any(), "namespace": object.namespace()},
        "spec": object.data.get("spec"),
    });
    // JSON is YAML, for an object that YAML cannot write.
    serde_yaml::to_string(&value).unwrap_or_else(|_| value.to_string())
}

/// What tells descriptors apart whose templates look up different things: their base charts.
fn sources(spec: &Spec) -> String {
    let all: BTreeSet<String> = spec
        .components
        .iter()
        .filter_map(|component| spec.template_of(component))
        .map(|template| serde_json::to_string(template).unwrap_or_default())
        .collect();
    digest(all.into_iter().collect::<Vec<_>>().join("\n").as_bytes())
}
