//! The end of a descriptor: what it deployed goes first, then its chart, then itself.

use std::sync::Arc;
use std::time::Duration;

use descriptor::types::{API_VERSION, KIND};
use kube::ResourceExt;
use kube::api::DynamicObject;
use kube::runtime::controller::Action;
use serde_json::json;

use super::descriptor::{is_ours, owned, status};
use super::known::Key;
use super::outcome::{End, write};
use super::{Context, Error, FINALIZER};
use crate::cluster::Kind;
use crate::conditions::{Outcome, Reason};
use crate::flux::Owner;

/// How soon to look again whether a release is gone: its end is reported by a watch, too.
const SOON: Duration = Duration::from_secs(5);

pub(super) async fn remove(object: &DynamicObject, context: &Arc<Context>) -> Result<Action, Error> {
    let key = Key::of(object);
    let finalizers = object.finalizers();
    if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        context.memory.forget(&key);
        return Ok(Action::await_change());
    }
    let owner = Owner { namespace: &key.namespace, name: &key.name };
    let known = context.memory.known(&key).filter(|known| known.uid == object.metadata.uid);
    let before = known.map_or_else(|| status(object), |known| known.status);
    let cluster = &context.cluster;
    let release = cluster.get(&Kind::helm_release(), owner.namespace, owner.name).await?;
    // Flux uninstalls the release before its object goes.
    if release.is_some_and(|release| is_ours(&release, owner))
        && !cluster.delete(&Kind::helm_release(), owner.namespace, owner.name).await?
    {
        let mut status = before.clone();
        let end = End::new(Outcome::Progressing, Reason::Deleting, "waiting for Flux to uninstall the HelmRelease");
        write(context, KIND, object, &before, &mut status, &end).await?;
        return Ok(Action::requeue(SOON));
    }
    for id in owned(&before).into_iter().filter(|id| id.kind == "HelmChart") {
        cluster.delete(&id.api_kind(), &id.namespace, &id.name).await?;
    }
    context.publisher.remove(owner).await?;
    let left: Vec<&String> = finalizers.iter().filter(|finalizer| *finalizer != FINALIZER).collect();
    let patch = json!({"metadata": {"finalizers": left, "resourceVersion": object.resource_version()}});
    cluster.merge(&Kind::new(API_VERSION, KIND), owner.namespace, owner.name, &patch).await?;
    context.memory.forget(&key);
    context.metrics.forget(KIND, owner.namespace, owner.name);
    Ok(Action::await_change())
}
