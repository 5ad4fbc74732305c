//! A source of descriptors: those that are found in it are applied, and removed when they leave it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chartwright_sources::archive_files;
use descriptor::types::{API_VERSION, ArtifactKind, DescriptorSourceSpec, KIND, SOURCE_KIND, Status};
use kube::ResourceExt;
use kube::api::DynamicObject;
use kube::runtime::controller::Action;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::descriptor::{owned, status};
use super::known::{Key, Known};
use super::outcome::{End, write};
use super::{Context, Error, FINALIZER, REQUESTED_AT};
use crate::cluster::{Cluster, Kind, message};
use crate::conditions::{Outcome, Reason};
use crate::flux::INTERVAL;
use crate::inputs::InputId;
use crate::inventory::{ObjectId, inventory, stale};
use crate::sources::{Artifact, Trouble, artifact};
use crate::time::{duration, jitter};

/// The labels of a descriptor that a source has brought: the source's name and namespace.
const LABELS: [&str; 2] = ["chartwright.dev/source-name", "chartwright.dev/source-namespace"];
/// The most descriptors of a source.
const MOST: usize = 5000;

pub(super) async fn reconcile(object: &DynamicObject, context: &Arc<Context>) -> Result<Action, Error> {
    let key = Key::of(object);
    let started = Instant::now();
    let work = Work { object, context, key: &key };
    let result = if object.metadata.deletion_timestamp.is_some() { work.remove().await } else { work.run().await };
    let word = match &result {
        Ok((_, word)) => word,
        Err(_) => "error",
    };
    context.metrics.reconciled(SOURCE_KIND, &key.namespace, &key.name, started.elapsed(), word);
    if word == "removed" {
        context.metrics.forget(SOURCE_KIND, &key.namespace, &key.name);
    }
    result.map(|(action, _)| action)
}

/// The reconciliation of one source.
struct Work<'a> {
    object: &'a DynamicObject,
    context: &'a Arc<Context>,
    key: &'a Key,
}

impl Work<'_> {
    async fn run(&self) -> Result<(Action, &'static str), Error> {
        let (object, context) = (self.object, self.context);
        let known = context.source_memory.known(self.key).filter(|known| known.uid == object.metadata.uid);
        let before = known.map_or_else(|| status(object), |known| known.status);
        let mut status = before.clone();
        status.last_handled_reconcile_at = object.annotations().get(REQUESTED_AT).cloned();
        context.source_memory.take_mark(self.key);
        let spec = match serde_json::from_value::<DescriptorSourceSpec>(
            object.data.get("spec").cloned().unwrap_or_default(),
        ) {
            Ok(spec) => spec,
            Err(error) => {
                let end = End::new(Outcome::Stalled, Reason::InvalidDescriptor, error.to_string());
                return self.finish(&before, status, &end, Duration::from_mins(10)).await;
            }
        };
        let interval = duration(spec.interval.as_deref().unwrap_or(INTERVAL)).unwrap_or(Duration::from_mins(10));
        let interval = jitter(interval, context.settings.interval_jitter);
        if spec.suspend {
            let end = End::new(Outcome::Suspended, Reason::Suspended, "it is suspended");
            return self.finish(&before, status, &end, interval).await;
        }
        self.claim().await?;
        let end = self.applied(&spec, &before, &mut status).await.unwrap_or_else(|end| *end);
        self.finish(&before, status, &end, interval).await
    }

    /// Applies what is in the source.
    async fn applied(
        &self,
        spec: &DescriptorSourceSpec,
        before: &Status,
        status: &mut Status,
    ) -> Result<End, Box<End>> {
        let artifact = self.artifact(spec).await?;
        let found = self.found(spec, &artifact).await?;
        let account = self.account(spec);
        let cluster = match account {
            Some(account) => {
                let cluster = self.context.cluster.as_account(&self.key.namespace, account);
                cluster.map_err(|error| Box::new(End::unapplied("service account", &error)))?
            }
            None => Arc::clone(&self.context.cluster),
        };
        let mut applied = BTreeSet::new();
        let mut failures = Vec::new();
        for (key, object) in &found {
            match self.apply(&cluster, key, object, account.is_some()).await {
                Ok(()) => {
                    applied.insert(id(key));
                }
                Err(failure) => failures.push(failure),
            }
        }
        let mut all = applied;
        if let Some(first) = failures.first() {
            // What may be gone is removed when everything else is right.
            all.extend(owned(before));
            status.inventory = Some(inventory(&all));
            let more = if failures.len() > 1 { format!(", and {} more", failures.len() - 1) } else { String::new() };
            let message = format!("{first}{more}");
            return Err(Box::new(End::new(Outcome::Retry, Reason::ApplyFailed, message)));
        }
        let gone = stale(before.inventory.as_ref(), &all);
        if spec.prune {
            for id in &gone {
                let deleted = cluster.delete(&id.api_kind(), &id.namespace, &id.name).await;
                deleted.map_err(|error| Box::new(End::unapplied("removal of a descriptor", &error)))?;
            }
        }
        status.inventory = Some(inventory(&all));
        status.last_applied_revision = Some(artifact.revision.clone());
        let message = format!("{} descriptors of {} are applied", all.len(), artifact.revision);
        Ok(End::new(Outcome::Ready, Reason::Succeeded, message))
    }

    async fn artifact(&self, spec: &DescriptorSourceSpec) -> Result<Artifact, Box<End>> {
        let from = &spec.source_ref;
        let namespace = from.namespace.as_deref().filter(|n| !n.is_empty()).unwrap_or(&self.key.namespace);
        let kind = match from.kind {
            ArtifactKind::GitRepository => "GitRepository",
            ArtifactKind::OCIRepository => "OCIRepository",
            ArtifactKind::Bucket => "Bucket",
            ArtifactKind::ExternalArtifact => "ExternalArtifact",
        };
        let source_name = format!("{kind}/{namespace}/{}", from.name);
        let trouble = |trouble: Trouble| Box::new(End::trouble(&trouble));
        if !self.context.settings.cross_namespace && namespace != self.key.namespace {
            return Err(trouble(Trouble::OtherNamespace(source_name)));
        }
        let id = InputId::new(Kind::source(kind), namespace, &from.name);
        self.context.source_memory.index().set(self.key, [id.clone()]);
        match self.context.cluster.get(&id.kind, namespace, &from.name).await {
            Ok(Some(object)) => artifact(kind, &object).map_err(|why| trouble(Trouble::NotReady { source_name, why })),
            Ok(None) => Err(trouble(Trouble::Missing(source_name))),
            Err(why) => Err(trouble(Trouble::Api { source_name, why })),
        }
    }

    /// The descriptors in an artifact, by namespace and name.
    async fn found(&self, spec: &DescriptorSourceSpec, artifact: &Artifact) -> Result<BTreeMap<Key, Value>, Box<End>> {
        let (store, artifact) = (Arc::clone(&self.context.store), artifact.clone());
        let path = spec.path.clone().unwrap_or_default();
        let home =
            spec.target_namespace.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| self.key.namespace.clone());
        let invalid = |message: String| Box::new(End::new(Outcome::Stalled, Reason::InvalidDescriptor, message));
        let read = spawn_blocking(move || {
            let bytes = store.artifact(&artifact).map_err(|why| {
                let source_name = artifact.revision.clone();
                Box::new(End::trouble(&Trouble::Fetch { source_name, why }))
            })?;
            descriptors(&bytes, &path, &home).map_err(invalid)
        });
        read.await.unwrap_or_else(|_| Err(Box::new(End::new(Outcome::Retry, Reason::ArtifactFailed, "interrupted"))))
    }

    /// The account that applies the descriptors.
    fn account<'s>(&'s self, spec: &'s DescriptorSourceSpec) -> Option<&'s str> {
        let own = spec.service_account_name.as_deref().filter(|name| !name.is_empty());
        own.or(self.context.settings.default_service_account.as_deref())
    }

    async fn apply(&self, cluster: &Cluster, key: &Key, object: &Value, impersonates: bool) -> Result<(), String> {
        let name = format!("{}/{}", key.namespace, key.name);
        // An account has rights of its own; the controller has those of all.
        if !self.context.settings.cross_namespace && !impersonates && key.namespace != self.key.namespace {
            return Err(format!("{name} is in another namespace: --no-cross-namespace-refs forbids to apply it"));
        }
        let kind = Kind::new(API_VERSION, KIND);
        let failed = |error: kube::Error| format!("{name} cannot be applied: {}", message(&error));
        if let Some(there) = cluster.get(&kind, &key.namespace, &key.name).await.map_err(failed)? {
            let labels = LABELS.map(|label| there.labels().get(label).map(String::as_str).unwrap_or_default());
            if labels != ["", ""] && labels != [self.key.name.as_str(), self.key.namespace.as_str()] {
                return Err(format!("{name} comes from another DescriptorSource, {}/{}", labels[1], labels[0]));
            }
        }
        let mut object = object.clone();
        object["metadata"]["labels"][LABELS[0]] = self.key.name.clone().into();
        object["metadata"]["labels"][LABELS[1]] = self.key.namespace.clone().into();
        cluster.apply(&object).await.map(drop).map_err(failed)
    }

    async fn claim(&self) -> Result<(), Error> {
        let mut finalizers = self.object.finalizers().to_vec();
        if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
            finalizers.push(FINALIZER.to_owned());
            self.set_finalizers(&finalizers).await?;
        }
        Ok(())
    }

    async fn set_finalizers(&self, finalizers: &[String]) -> Result<(), Error> {
        let patch = json!({"metadata": {
            "finalizers": finalizers, "resourceVersion": self.object.resource_version(),
        }});
        let kind = Kind::new(API_VERSION, SOURCE_KIND);
        self.context.cluster.merge(&kind, &self.key.namespace, &self.key.name, &patch).await?;
        Ok(())
    }

    /// The source goes, and what it brought goes with it, unless that is to stay.
    async fn remove(&self) -> Result<(Action, &'static str), Error> {
        let (object, context) = (self.object, self.context);
        if object.finalizers().iter().any(|finalizer| finalizer == FINALIZER) {
            let known = context.source_memory.known(self.key).filter(|known| known.uid == object.metadata.uid);
            let before = known.map_or_else(|| status(object), |known| known.status);
            let prune = object.data.pointer("/spec/prune").and_then(Value::as_bool).unwrap_or(true);
            if prune {
                for id in owned(&before) {
                    context.cluster.delete(&id.api_kind(), &id.namespace, &id.name).await?;
                }
            }
            let left: Vec<String> = object.finalizers().iter().filter(|f| *f != FINALIZER).cloned().collect();
            self.set_finalizers(&left).await?;
        }
        context.source_memory.forget(self.key);
        Ok((Action::await_change(), "removed"))
    }

    async fn finish(
        &self,
        before: &Status,
        mut status: Status,
        end: &End,
        next: Duration,
    ) -> Result<(Action, &'static str), Error> {
        let (object, context) = (self.object, self.context);
        write(context, SOURCE_KIND, object, before, &mut status, end).await?;
        let known = Known {
            uid: object.metadata.uid.clone(),
            generation: object.metadata.generation,
            requested: status.last_handled_reconcile_at.clone(),
            status,
            next: Instant::now() + next,
            release: None,
            applied: end.outcome == Outcome::Ready,
            rests: false,
        };
        context.source_memory.keep(self.key.clone(), known);
        let wait = match end.outcome {
            Outcome::Retry if end.waits => context.settings.requeue_dependency.min(next),
            Outcome::Retry => context.source_memory.failed(self.key).min(next),
            _ => {
                context.source_memory.succeeded(self.key);
                next
            }
        };
        Ok((Action::requeue(wait), end.word()))
    }
}

fn id(key: &Key) -> ObjectId {
    let (group, version) = API_VERSION.split_once('/').unwrap_or(("", API_VERSION));
    ObjectId {
        namespace: key.namespace.clone(),
        name: key.name.clone(),
        group: group.to_owned(),
        kind: KIND.to_owned(),
        version: version.to_owned(),
    }
}

/// The descriptors in the YAML files below a folder of an archive. Other objects are none of our business.
fn descriptors(archive: &[u8], path: &str, home: &str) -> Result<BTreeMap<Key, Value>, String> {
    let files = archive_files(archive).map_err(|error| error.to_string())?;
    let folder = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/");
    if folder.split('/').any(|part| part == "..") {
        return Err(format!("the path {path:?} leads out of the source"));
    }
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut found = BTreeMap::new();
    let mut any = false;
    for (name, data) in files.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix)) {
        any = true;
        let hidden = name.get(prefix.len()..).unwrap_or_default().split('/').any(|part| part.starts_with('.'));
        if hidden || !(name.ends_with(".yaml") || name.ends_with(".yml")) {
            continue;
        }
        let Ok(text) = std::str::from_utf8(data) else { return Err(format!("{name} is not UTF-8")) };
        // Templates and the like are no YAML, and no descriptors: only files that could have one are read.
        if !text.contains(KIND) {
            continue;
        }
        for document in serde_yaml::Deserializer::from_str(text) {
            let value = Value::deserialize(document).map_err(|error| format!("{name}: {error}"))?;
            let text = |at: &str| value.pointer(at).and_then(Value::as_str).unwrap_or_default();
            if text("/kind") != KIND || text("/apiVersion") != API_VERSION {
                continue;
            }
            let namespace = Some(text("/metadata/namespace")).filter(|n| !n.is_empty()).unwrap_or(home).to_owned();
            let key = Key { namespace, name: text("/metadata/name").to_owned() };
            if key.name.is_empty() {
                return Err(format!("{name} has a descriptor without a name"));
            }
            let object = json!({
                "apiVersion": API_VERSION,
                "kind": KIND,
                "metadata": {
                    "name": key.name,
                    "namespace": key.namespace,
                    "labels": value.pointer("/metadata/labels").cloned().unwrap_or_else(|| json!({})),
                    "annotations": value.pointer("/metadata/annotations").cloned().unwrap_or_else(|| json!({})),
                },
                "spec": value.get("spec"),
            });
            if found.insert(key, object).is_some() {
                return Err(format!("{name} has a descriptor that another file has, too: {}", text("/metadata/name")));
            }
            if found.len() > MOST {
                return Err(format!("there are more than {MOST} descriptors"));
            }
        }
    }
    if any { Ok(found) } else { Err(format!("the source has no folder {path:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o600);
            builder.append_data(&mut header, name, text.as_bytes()).expect("appended");
        }
        builder.into_inner().expect("an archive")
    }

    const ONE: &str =
        "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\nmetadata: {name: one}\nspec: {}\n";

    #[test]
    fn only_descriptors_below_the_folder_are_found() {
        let two = format!("{}---\nkind: ConfigMap\n---\n{}", ONE.replace("one", "two"), ONE.replace("one", "three"));
        let archive = archive(&[
            ("modules/a.yaml", ONE),
            ("modules/deep/b.yml", &two),
            ("modules/.hidden/c.yaml", "kind: [HelmChartDescriptor"),
            ("modules/template.yaml", "{{ no yaml"),
            ("other/d.yaml", ONE),
        ]);
        let found = descriptors(&archive, "./modules", "shop").expect("descriptors");
        let names: Vec<&str> = found.keys().map(|key| key.name.as_str()).collect();
        assert_eq!(names, ["one", "three", "two"]);
        assert!(found.keys().all(|key| key.namespace == "shop"));
        let error = |path| descriptors(&archive, path, "shop").expect_err("an error");
        assert_eq!(error("none"), "the source has no folder \"none\"");
        assert_eq!(error("../x"), "the path \"../x\" leads out of the source");
        assert!(error("").contains("that another file has, too"));
    }
}
