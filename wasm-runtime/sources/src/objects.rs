//! Flux's own objects: a GitRepository or HelmRepository says where it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flux::{ChartSource, ChartWanted};
use serde_json::Value;

use crate::access::{Access, Pem, SshAccess};
use crate::address::{Address, safe_text};
use crate::git::GitRef;
use crate::location::{Location, Oci};
use crate::oci::{Reference, ReferenceError};

/// Why an object does not say where its source is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum ObjectError {
    #[error("it has no spec.url")]
    NoUrl,
    #[error("its spec.url {text:?} is not a URL: {cause}")]
    Url {
        text: String,
        #[source]
        cause: url::ParseError,
    },
    #[error("its spec.url is not an http, https or ssh URL: {0}")]
    Scheme(String),
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    #[error("a {kind} is read from a folder or archive: give --source {name}=FOLDER")]
    Kind { kind: String, name: String },
    #[error("its Secret {namespace}/{name} is missing: give it with the source's object")]
    NoSecret { namespace: String, name: String },
}

/// Objects by kind, namespace and name.
#[derive(Default)]
pub(crate) struct FluxObjects {
    objects: BTreeMap<ChartSource, Value>,
}

/// The kinds that are kept.
const KINDS: [&str; 7] =
    ["GitRepository", "HelmRepository", "OCIRepository", "Bucket", "ExternalArtifact", "HelmChart", "Secret"];

impl FluxObjects {
    /// Takes an object, if it is of a kind that matters. Whether it was.
    pub(crate) fn add(&mut self, object: &Value) -> bool {
        let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = text("/kind");
        let group = text("/apiVersion");
        let ours = if kind == "Secret" { group == "v1" } else { group.starts_with("source.toolkit.fluxcd.io/") };
        if !ours || !KINDS.contains(&kind.as_str()) {
            return false;
        }
        let namespace = Some(text("/metadata/namespace")).filter(|n| !n.is_empty()).unwrap_or_else(|| "default".into());
        self.objects.insert(ChartSource { kind, namespace, name: text("/metadata/name") }, object.clone());
        true
    }

    /// What a HelmChart object asks of its source.
    pub(crate) fn of_chart(&self, wanted: &ChartWanted) -> Option<ChartWanted> {
        if wanted.source.kind != "HelmChart" {
            return None;
        }
        let spec = self.objects.get(&wanted.source)?.get("spec")?;
        let text = |path: &str| spec.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let files = spec.get("valuesFiles").and_then(Value::as_array).into_iter().flatten();
        Some(ChartWanted {
            source: ChartSource {
                kind: text("/sourceRef/kind"),
                namespace: wanted.source.namespace.clone(),
                name: text("/sourceRef/name"),
            },
            chart: text("/chart"),
            version: text("/version"),
            values_files: files.filter_map(|f| f.as_str().map(str::to_owned)).collect(),
        })
    }

    /// Where a source is, as its object says.
    pub(crate) fn location(&self, source: &ChartSource) -> Option<Location> {
        let object = self.objects.get(source)?;
        let spec = object.get("spec")?;
        Some(self.read(source, spec).unwrap_or_else(|why| Location::Elsewhere(format!("{source}: {why}"))))
    }

    /// Where all chart repositories are.
    pub(crate) fn repositories(&self) -> Vec<Location> {
        let repositories = self.objects.keys().filter(|source| source.kind == "HelmRepository");
        repositories.filter_map(|source| self.location(source)).collect()
    }

    fn read(&self, source: &ChartSource, spec: &Value) -> Result<Location, ObjectError> {
        let text = |path: &str| spec.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let mut access = self.access(source, spec)?;
        let url = || {
            let text = text("/url").ok_or(ObjectError::NoUrl)?;
            Address::parse(&text).map_err(|cause| ObjectError::Url { text: safe_text(&text), cause })
        };
        match source.kind.as_str() {
            "GitRepository" => {
                let mut url = url()?;
                if !url.is_web() && url.scheme() != "ssh" {
                    return Err(ObjectError::Scheme(url.scheme().to_owned()));
                }
                if url.scheme() != "ssh" {
                    access.take_from(&mut url);
                }
                let wanted = GitRef {
                    commit: text("/ref/commit"),
                    name: text("/ref/name"),
                    semver: text("/ref/semver"),
                    tag: text("/ref/tag"),
                    branch: text("/ref/branch"),
                    any: None,
                    ignore: None,
                };
                // Flux's branch where nothing is said.
                let none = wanted == GitRef::default();
                let wanted = if none { GitRef { branch: Some("master".into()), ..wanted } } else { wanted };
                let wanted = GitRef { ignore: text("/ignore"), ..wanted };
                let grant = access.granted_to(&url);
                Ok(Location::Git(url, wanted, grant))
            }
            "HelmRepository"
                if text("/type").as_deref() == Some("oci") || text("/url").is_some_and(|u| u.starts_with("oci://")) =>
            {
                let reference = Reference::parse(&text("/url").unwrap_or_default())?;
                Ok(Location::Registry(Oci { several: Some(true), ..Oci::new(reference, access)? }))
            }
            "HelmRepository" => {
                let mut url = url()?;
                access.take_from(&mut url);
                let grant = access.granted_to(&url);
                Ok(Location::Repository(url, grant))
            }
            "OCIRepository" => {
                let mut reference = Reference::parse(&text("/url").unwrap_or_default())?;
                reference.digest = text("/ref/digest");
                let semver = text("/ref/semver").filter(|_| reference.digest.is_none());
                reference.tag = text("/ref/tag").filter(|_| reference.digest.is_none() && semver.is_none());
                Ok(Location::Registry(Oci { semver, several: Some(false), ..Oci::new(reference, access)? }))
            }
            kind => Err(ObjectError::Kind { kind: kind.to_owned(), name: source.name.clone() }),
        }
    }

    /// The credentials of a source's Secrets.
    fn access(&self, source: &ChartSource, spec: &Value) -> Result<Access, ObjectError> {
        let mut access = Access {
            insecure: false,
            plain_http: spec.get("insecure").and_then(Value::as_bool).unwrap_or(false),
            pass_credentials: spec.get("passCredentials").and_then(Value::as_bool).unwrap_or(false),
            ..Access::default()
        };
        for path in ["/secretRef/name", "/certSecretRef/name"] {
            let Some(name) = spec.pointer(path).and_then(Value::as_str) else { continue };
            let key = ChartSource { kind: "Secret".into(), namespace: source.namespace.clone(), name: name.into() };
            let Some(secret) = self.objects.get(&key) else {
                return Err(ObjectError::NoSecret { namespace: source.namespace.clone(), name: name.to_owned() });
            };
            fill(&mut access, secret);
        }
        Ok(access)
    }
}

/// Takes what a Secret has.
fn fill(access: &mut Access, secret: &Value) {
    let data = |key: &str| -> Option<Vec<u8>> {
        if let Some(text) = secret.get("stringData").and_then(|d| d.get(key)).and_then(Value::as_str) {
            return Some(text.as_bytes().to_vec());
        }
        let text = secret.get("data").and_then(|d| d.get(key)).and_then(Value::as_str)?;
        let text: String = text.split_ascii_whitespace().collect();
        STANDARD.decode(text).ok()
    };
    let text = |key: &str| data(key).map(|d| String::from_utf8_lossy(&d).into_owned());
    let pem = |keys: [&str; 2]| keys.iter().find_map(|k| data(k)).map(|d| Pem::Data(Arc::from(d)));
    access.username = text("username").or(access.username.take());
    access.password = text("password").or(access.password.take());
    access.token = text("bearerToken").or(access.token.take());
    access.ca = pem(["ca.crt", "caFile"]).or(access.ca.take());
    access.certificate = pem(["tls.crt", "certFile"]).or(access.certificate.take());
    access.key = pem(["tls.key", "keyFile"]).or(access.key.take());
    access.registry_auth = data(".dockerconfigjson").map(Arc::from).or(access.registry_auth.take());
    if let (Some(identity), Some(known_hosts)) = (data("identity"), data("known_hosts")) {
        access.ssh = Some(Arc::new(SshAccess { identity, known_hosts }));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(objects: &[Value], kind: &str) -> String {
        let mut known = FluxObjects::default();
        for object in objects {
            assert!(known.add(object), "{object}");
        }
        let source = ChartSource { kind: kind.into(), namespace: "ds2".into(), name: "charts".into() };
        known.location(&source).map(|l| l.shown()).unwrap_or_default()
    }

    fn object(kind: &str, spec: &Value) -> Value {
        json!({"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind,
               "metadata": {"name": "charts", "namespace": "ds2"}, "spec": spec})
    }

    #[test]
    fn objects_say_where_sources_are() {
        for (kind, spec, want) in [
            ("GitRepository", json!({"url": "https://h/r", "ref": {"branch": "main"}}), "git+https://h/r?branch=main"),
            ("GitRepository", json!({"url": "ssh://git@h/r"}), "git+ssh://h/r?branch=master"),
            (
                "GitRepository",
                json!({"url": "https://h/r", "ref": {"branch": "a", "tag": "b"}}),
                "git+https://h/r?tag=b",
            ),
            ("HelmRepository", json!({"url": "https://u:p@h/charts"}), "https://h/charts"),
            ("HelmRepository", json!({"url": "oci://h/charts", "type": "oci"}), "oci://h/charts"),
            (
                "OCIRepository",
                json!({"url": "oci://h/charts/web", "ref": {"tag": "1.0.0"}}),
                "oci://h/charts/web:1.0.0",
            ),
            (
                "Bucket",
                json!({"endpoint": "h"}),
                "Bucket/ds2/charts: a Bucket is read from a folder or archive: give --source charts=FOLDER",
            ),
            ("GitRepository", json!({}), "GitRepository/ds2/charts: it has no spec.url"),
            (
                "HelmRepository",
                json!({"url": "https://h", "secretRef": {"name": "key"}}),
                "HelmRepository/ds2/charts: its Secret ds2/key is missing: give it with the source's object",
            ),
        ] {
            assert_eq!(place(&[object(kind, &spec)], kind), want);
        }
    }

    #[test]
    fn secrets_are_used_and_not_shown() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key", "namespace": "ds2"},
            "stringData": {"username": "me"}, "data": {"password": "czNjcmV0"}});
        let mut known = FluxObjects::default();
        known.add(&secret);
        known.add(&object("HelmRepository", &json!({"url": "https://h", "secretRef": {"name": "key"}})));
        let source = ChartSource { kind: "HelmRepository".into(), namespace: "ds2".into(), name: "charts".into() };
        let Some(Location::Repository(_, grant)) = known.location(&source) else { panic!("a repository") };
        assert_eq!(grant.access().password.as_deref(), Some("s3cret"));
        assert!(!format!("{grant:?}").contains("s3cret"));
    }
}
