//! One leader among several instances: a `Lease`, as Kubernetes' own controllers use it.

use std::time::{Duration, Instant};

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::Client;
use kube::api::{Api, ObjectMeta, PostParams};
use tokio_util::sync::CancellationToken;

use crate::cluster::message;

/// How long things take: Flux's own values.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// A lease that was not renewed for so long is anybody's.
    pub duration: Duration,
    /// A leader that could not renew for so long leads no longer.
    pub renew: Duration,
    /// How often to try.
    pub retry: Duration,
}

impl Default for Times {
    fn default() -> Times {
        Times { duration: Duration::from_secs(35), renew: Duration::from_secs(30), retry: Duration::from_secs(5) }
    }
}

/// A candidate.
#[derive(Clone)]
pub struct Candidate {
    api: Api<Lease>,
    name: String,
    identity: String,
    times: Times,
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Candidate").field("name", &self.name).field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// What was seen of another's lease, and since when: the clock of another machine decides nothing.
struct Seen {
    version: Option<String>,
    since: Instant,
}

impl Candidate {
    /// A candidate for the lease of a name, under a name of its own.
    pub fn new(client: Client, namespace: &str, name: &str, identity: &str, times: Times) -> Candidate {
        let api = Api::namespaced(client, namespace);
        Candidate { api, name: name.to_owned(), identity: identity.to_owned(), times }
    }

    /// Waits until this candidate leads; `false` if it was stopped before.
    pub async fn acquire(&self, stop: &CancellationToken) -> bool {
        let mut seen = Seen { version: None, since: Instant::now() };
        loop {
            match self.attempt(&mut seen).await {
                Ok(true) => return true,
                Ok(false) => {}
                Err(error) => tracing::warn!(error = message(&error), "the lease cannot be read or written"),
            }
            tokio::select! {
                () = stop.cancelled() => return false,
                () = tokio::time::sleep(self.times.retry) => {}
            }
        }
    }

    /// Renews the lease until it is lost, or until the program stops; then it is given back.
    pub async fn hold(&self, stop: &CancellationToken) {
        let mut renewed = Instant::now();
        let mut seen = Seen { version: None, since: Instant::now() };
        loop {
            tokio::select! {
                () = stop.cancelled() => {
                    if let Err(error) = self.release().await {
                        tracing::warn!(error = message(&error), "the lease was not given back");
                    }
                    return;
                }
                () = tokio::time::sleep(self.times.retry) => {}
            }
            match tokio::time::timeout(self.times.retry, self.attempt(&mut seen)).await {
                Ok(Ok(true)) => renewed = Instant::now(),
                Ok(Ok(false)) => {
                    tracing::error!("another instance leads");
                    return;
                }
                Ok(Err(error)) => tracing::warn!(error = message(&error), "the lease was not renewed"),
                Err(_) => tracing::warn!("the lease was not renewed in time"),
            }
            if renewed.elapsed() > self.times.renew {
                tracing::error!("the lease is lost");
                return;
            }
        }
    }

    /// Takes or renews the lease, if it is free or ours. Whether it is ours then.
    async fn attempt(&self, seen: &mut Seen) -> Result<bool, kube::Error> {
        let Some(mut lease) = self.api.get_opt(&self.name).await? else {
            let lease = Lease {
                metadata: ObjectMeta { name: Some(self.name.clone()), ..ObjectMeta::default() },
                spec: Some(self.ours(None)),
            };
            return written(self.api.create(&PostParams::default(), &lease).await);
        };
        let spec = lease.spec.unwrap_or_default();
        let holder = spec.holder_identity.as_deref().unwrap_or_default();
        if !holder.is_empty() && holder != self.identity {
            if seen.version != lease.metadata.resource_version {
                *seen = Seen { version: lease.metadata.resource_version, since: Instant::now() };
                return Ok(false);
            }
            let stated = u64::try_from(spec.lease_duration_seconds.unwrap_or_default()).unwrap_or_default();
            if seen.since.elapsed() < Duration::from_secs(stated).max(Duration::from_secs(1)) {
                return Ok(false);
            }
        }
        lease.spec = Some(self.ours(Some(&spec)));
        written(self.api.replace(&self.name, &PostParams::default(), &lease).await)
    }

    fn ours(&self, before: Option<&LeaseSpec>) -> LeaseSpec {
        let now = MicroTime(Timestamp::now());
        let is_renewed = before.is_some_and(|spec| spec.holder_identity.as_ref() == Some(&self.identity));
        let transitions = before.and_then(|spec| spec.lease_transitions).unwrap_or(0);
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: i32::try_from(self.times.duration.as_secs()).ok(),
            acquire_time: if is_renewed { before.and_then(|s| s.acquire_time.clone()) } else { Some(now.clone()) },
            renew_time: Some(now),
            lease_transitions: Some(transitions + i32::from(before.is_some() && !is_renewed)),
            ..LeaseSpec::default()
        }
    }

    async fn release(&self) -> Result<(), kube::Error> {
        let Some(mut lease) = self.api.get_opt(&self.name).await? else { return Ok(()) };
        let spec = lease.spec.get_or_insert_default();
        if spec.holder_identity.as_ref() != Some(&self.identity) {
            return Ok(());
        }
        spec.holder_identity = Some(String::new());
        spec.lease_duration_seconds = Some(1);
        written(self.api.replace(&self.name, &PostParams::default(), &lease).await).map(drop)
    }
}

/// A write that somebody else was faster with is no failure.
fn written(result: Result<Lease, kube::Error>) -> Result<bool, kube::Error> {
    match result {
        Ok(_) => Ok(true),
        Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
        Err(error) => Err(error),
    }
}
