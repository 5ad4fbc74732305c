//! Charts from the sources in the store.
//!
//! Each version of a source has a client of its own: credentials and what was fetched with them are not shared with
//! other sources, and nothing of them is in a cache on the disk.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chartwright_api::ApiError;
use chartwright_api::types::{Id, SourceInput, StoredSourceKind};
use chartwright_sources::{Address, Options, Sources};
use serde_json::json;

use crate::store::StoredSource;

/// The most clients that are kept; each keeps its charts in memory.
const MOST_CLIENTS: usize = 64;

/// Which servers stored sources may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SourceHosts {
    /// Every one: for servers that only people of this machine can ask.
    #[default]
    Any,
    /// These: whoever may store a source could have others fetched from inside this network.
    Only(Vec<String>),
}

/// The clients of stored sources, by their digests.
#[derive(Debug, Default)]
pub(crate) struct Clients(Mutex<BTreeMap<Id, (String, Arc<Sources>)>>);

impl Clients {
    /// The client of a source.
    pub(crate) fn of(&self, id: &Id, stored: &StoredSource, options: &Options) -> Option<Arc<Sources>> {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((digest, client)) = clients.get(id)
            && *digest == stored.source.digest
        {
            return Some(Arc::clone(client));
        }
        let client = Arc::new(client(stored, options)?);
        if clients.len() >= MOST_CLIENTS {
            clients.pop_first();
        }
        clients.insert(id.clone(), (stored.source.digest.clone(), Arc::clone(&client)));
        Some(client)
    }
}

fn client(stored: &StoredSource, options: &Options) -> Option<Sources> {
    let source = &stored.source;
    let kept = Options {
        patience: options.patience.clone(),
        keep: options.keep,
        offline: options.offline,
        ..Options::default()
    };
    let sources = Sources::new(kept).ok()?;
    let (namespace, name, secret) = (&source.namespace, &source.name, "credentials");
    let mut spec = json!({"url": source.url, "ref": source.reference});
    if !stored.credentials.is_empty() {
        spec["secretRef"] = json!({"name": secret});
        sources.add_object(&json!({
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {"namespace": namespace, "name": secret}, "stringData": stored.credentials,
        }));
    }
    sources.add_object(&json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": source.kind,
        "metadata": {"namespace": namespace, "name": name}, "spec": spec,
    }));
    Some(sources)
}

/// Refuses a source that says too much or too little.
pub(crate) fn check(input: &SourceInput, hosts: &SourceHosts) -> Result<(), ApiError> {
    let address = Address::parse(&input.url).map_err(|_| ApiError::input("url: a URL is wanted"))?;
    let schemes: &[&str] = match input.kind {
        StoredSourceKind::GitRepository => &["https", "http", "ssh"],
        StoredSourceKind::HelmRepository => &["https", "http", "oci"],
        StoredSourceKind::OCIRepository => &["oci"],
    };
    if !schemes.contains(&address.scheme()) {
        let kind = input.kind.as_str();
        return Err(ApiError::input(format!("url: a {kind} is at a URL with {}", schemes.join(", "))));
    }
    let authority = input.url.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
    if authority.contains('@') && address.scheme() != "ssh" {
        return Err(ApiError::input("url: it has a user name in it: give `credentials`"));
    }
    let host = address.host().to_ascii_lowercase();
    match hosts {
        SourceHosts::Only(known) if !known.iter().any(|known| known.eq_ignore_ascii_case(&host)) => Err(
            ApiError::Forbidden(format!("this server takes no sources on {host} (`chartwright serve --source-host`)")),
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_looked_at() {
        let of = |kind, url: &str, hosts: &SourceHosts| {
            check(&SourceInput { kind, url: url.to_owned(), ..SourceInput::default() }, hosts).is_ok()
        };
        let (git, helm, any) = (StoredSourceKind::GitRepository, StoredSourceKind::HelmRepository, SourceHosts::Any);
        assert!(of(git, "https://git.example.org/charts.git", &any) && of(git, "ssh://git@git.example.org/x", &any));
        assert!(of(helm, "oci://registry.example.org/charts", &any));
        for bad in ["", "charts", "file:///etc", "/etc", "https://me:hunter2@h/x", "ext::sh"] {
            assert!(!of(git, bad, &any), "{bad}");
        }
        let only = SourceHosts::Only(vec!["git.example.org".to_owned()]);
        assert!(of(git, "https://GIT.example.org/x", &only));
        for bad in ["https://git.example.org.evil.net/x", "https://169.254.169.254/x", "https://git.example.org@evil/x"]
        {
            assert!(!of(git, bad, &only), "{bad}");
        }
    }
}
