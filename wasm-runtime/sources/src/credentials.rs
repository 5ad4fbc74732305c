//! Credentials for registries: flags, then the files of Helm and Docker, then the
//! programs that those files name.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::access::{Grant, basic};
use crate::folder;
use crate::origin::Origin;

/// Credentials for a registry.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    username: String,
    password: String,
    /// A token to get tokens with.
    pub(crate) identity_token: Option<String>,
}

impl Credentials {
    /// `Basic …`, if there is a name.
    pub(crate) fn basic(&self) -> Option<String> {
        (!self.username.is_empty()).then(|| basic(&self.username, &self.password))
    }
}

/// `config.json`
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    auths: BTreeMap<String, Auth>,
    creds_store: String,
    cred_helpers: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase", default)]
struct Auth {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
}

/// The credentials for a registry, if there are any: those that the source was given for this origin, else those that
/// a `config.json` has for this host and port.
///
/// `files` are those of the user (`config.json` of Helm and of Docker); the first that has the registry counts.
pub(crate) fn of_registry(registry: &str, origin: &Origin, grant: &Grant, files: &[PathBuf]) -> Option<Credentials> {
    let access = grant.access();
    if let Some((username, password)) = access.user().filter(|_| grant.is_for(origin)) {
        return Some(Credentials { username: username.into(), password: password.into(), identity_token: None });
    }
    if let Some(text) = &access.registry_auth {
        return in_config(text, registry, false);
    }
    files.iter().find_map(|file| in_file(file, registry))
}

fn in_file(file: &Path, registry: &str) -> Option<Credentials> {
    let text = folder::read(file, 1 << 20).ok()?;
    in_config(&text, registry, true)
}

/// The credentials that the text of a `config.json` has; programs that it names
/// are asked only if the file is the user's own.
fn in_config(text: &[u8], registry: &str, own: bool) -> Option<Credentials> {
    let config: Config = serde_json::from_slice(text).ok()?;
    // Docker's own registry goes by an old name.
    let server = if matches!(registry, "docker.io" | "registry-1.docker.io" | "index.docker.io") {
        "https://index.docker.io/v1/"
    } else {
        registry
    };
    let helper = config.cred_helpers.get(server).or(Some(&config.creds_store)).filter(|h| own && !h.is_empty());
    if let Some(found) = helper.and_then(|helper| ask(helper, server)) {
        return Some(found);
    }
    let auth =
        config.auths.get(server).or_else(|| config.auths.iter().find(|(k, _)| is_for(k, server)).map(|(_, a)| a))?;
    let (mut username, mut password) = (auth.username.clone(), auth.password.clone());
    if let Ok(decoded) = STANDARD.decode(auth.auth.trim()) {
        let text = String::from_utf8_lossy(&decoded).into_owned();
        if let Some((name, word)) = text.split_once(':') {
            (username, password) = (name.to_owned(), word.trim_end_matches('\0').to_owned());
        }
    }
    let identity_token = Some(auth.identitytoken.clone()).filter(|t| !t.is_empty());
    (!username.is_empty() || identity_token.is_some()).then_some(Credentials { username, password, identity_token })
}

/// Whether an entry of `auths` is for a registry's host and port as a whole. Entries for a part of a registry
/// (`example.org/team`) are not: its other repositories belong to others.
fn is_for(entry: &str, registry: &str) -> bool {
    let entry = entry.strip_prefix("https://").or_else(|| entry.strip_prefix("http://")).unwrap_or(entry);
    let (host, path) = entry.split_once('/').unwrap_or((entry, ""));
    host.eq_ignore_ascii_case(registry) && matches!(path.trim_end_matches('/'), "" | "v1" | "v2")
}

/// Asks a credential helper (`docker-credential-NAME get`).
fn ask(helper: &str, server: &str) -> Option<Credentials> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer {
        username: String,
        secret: String,
    }
    if !helper.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
        return None;
    }
    let mut child = Command::new(format!("docker-credential-{helper}"))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(server.as_bytes()).ok()?;
    let output = child.wait_with_output().ok().filter(|o| o.status.success())?;
    let answer: Answer = serde_json::from_slice(&output.stdout).ok()?;
    let Answer { username, secret } = answer;
    // A helper has a token under a name that no user has.
    Some(if username == "<token>" {
        Credentials { username: String::new(), password: String::new(), identity_token: Some(secret) }
    } else {
        Credentials { username, password: secret, identity_token: None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_by_registry() {
        let config = br#"{"auths": {
            "registry.example.org:5000": {"auth": "bWU6c2VjcmV0"},
            "https://index.docker.io/v1/": {"username": "hub", "password": "word"},
            "https://other.example.org/v2/": {"identitytoken": "t"},
            "part.example.org/team": {"username": "team", "password": "word"}
        }}"#;
        let shown = |registry| {
            let found = in_config(config, registry, true)?;
            Some(format!("{}:{} {:?}", found.username, found.password, found.identity_token))
        };
        assert_eq!(shown("registry.example.org:5000").as_deref(), Some("me:secret None"));
        assert_eq!(shown("docker.io").as_deref(), Some("hub:word None"));
        assert_eq!(shown("other.example.org").as_deref(), Some(": Some(\"t\")"));
        assert_eq!(shown("Registry.example.org:5000").as_deref(), Some("me:secret None"));
        for registry in [
            "example.org",
            "registry.example.org",
            "registry.example.org:500",
            "registry.example.org:50001",
            "egistry.example.org:5000",
            "registry.example.or",
            "part.example.org",
        ] {
            assert_eq!(shown(registry), None, "{registry}");
        }
    }
}
