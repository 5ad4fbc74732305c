//! Charts in OCI registries.
//!
//! A pull is three requests (token, manifest, blob) over the client that chart
//! repositories use, too. The crate `oci-client` would bring an asynchronous
//! runtime and a second HTTP stack for them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use flux::FetchError;
use serde::Deserialize;
use url::Url;

use crate::cache::{Cache, sha256};
use crate::credentials;
use crate::http::{Client, HttpError, Request, Response, same_server};
use crate::repository::{Downloaded, MOST_OF_ARCHIVE, offline, tampered};

const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const LEGACY_CHART: &str = "application/tar+gzip";
const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";
/// The most bytes of a manifest, as of what registries must take.
const MOST_OF_MANIFEST: u64 = 4 << 20;
/// The most bytes of a page of tags.
const MOST_OF_TAGS: u64 = 8 << 20;
/// The most pages of tags.
const PAGES: usize = 1000;

/// A repository in a registry, with a tag or digest where the reference has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Host and port.
    pub(crate) registry: String,
    pub(crate) repository: String,
    pub(crate) tag: Option<String>,
    pub(crate) digest: Option<String>,
}

impl Reference {
    /// Reads `oci://host/path[:tag][@digest]`. A `+` in a tag stands for `_`.
    ///
    /// # Errors
    /// Where it is no such reference, in the words of Helm's library.
    pub(crate) fn parse(text: &str) -> Result<Reference, String> {
        let rest = text.strip_prefix("oci://").unwrap_or(text);
        let (rest, digest) = rest.split_once('@').map_or((rest, None), |(r, d)| (r, Some(d.to_owned())));
        let (registry, path) =
            rest.split_once('/').ok_or_else(|| "invalid reference: missing registry or repository".to_owned())?;
        let (repository, tag) = match path.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) {
            Some((repository, tag)) => (repository, Some(tag.replace('+', "_"))),
            None => (path, None),
        };
        let repository = repository.trim_end_matches('/');
        let fail = |what: &str, text: &str| Err(format!("invalid reference: invalid {what} {text:?}"));
        if registry.is_empty() || !registry.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b)) {
            return fail("registry", registry);
        }
        let part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        };
        if !repository.split('/').all(part) {
            return fail("repository", repository);
        }
        if let Some(tag) = tag.as_deref().filter(|t| !is_tag(t)) {
            return fail("tag", tag);
        }
        if let Some(digest) = digest.as_deref().filter(|d| !is_digest(d)) {
            return Err(format!("invalid reference: invalid digest {digest:?}: invalid checksum digest length"));
        }
        Ok(Reference { registry: registry.to_owned(), repository: repository.to_owned(), tag, digest })
    }

    /// The repository of a chart below this one.
    pub(crate) fn below(&self, chart: &str) -> Result<Reference, String> {
        Reference::parse(&format!("{}/{}/{chart}", self.registry, self.repository))
    }

    /// `host/path`
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }
}

fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && !text.starts_with(['.', '-'])
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

/// What a tag or digest stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pulled {
    pub(crate) chart: Downloaded,
    /// The manifest's digest.
    pub(crate) manifest: String,
    pub(crate) provenance: Option<Descriptor>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    #[serde(default)]
    layers: Vec<Descriptor>,
    /// Those of an index.
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

/// A content of the registry.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    size: u64,
}

#[derive(Deserialize)]
struct Tags {
    #[serde(default)]
    tags: Option<Vec<String>>,
}

/// A registry, with the tokens it gave.
pub(crate) struct Registry<'a> {
    pub(crate) client: &'a Client,
    pub(crate) cache: &'a Cache,
    pub(crate) offline: bool,
    /// Files with credentials for registries.
    configs: &'a [PathBuf],
    tokens: Mutex<BTreeMap<String, String>>,
}

impl<'a> Registry<'a> {
    pub(crate) fn new(client: &'a Client, cache: &'a Cache, offline: bool, configs: &'a [PathBuf]) -> Registry<'a> {
        Registry { client, cache, offline, configs, tokens: Mutex::default() }
    }

    /// The tags of a repository, as they are.
    pub(crate) fn tags(&self, of: &Reference) -> Result<Vec<String>, FetchError> {
        let key = self.key(&of.name());
        if self.offline {
            let known = self.cache.note("tags", &key).and_then(|(text, _)| serde_json::from_slice(&text).ok());
            return known.ok_or_else(|| offline(&format!("the list of tags of oci://{}", of.name())));
        }
        let mut tags = Vec::new();
        let mut url = self.url(of, "tags/list")?;
        for _ in 0..PAGES {
            let response = self.get(of, &url, "application/json", MOST_OF_TAGS)?;
            let next = response.header("link").and_then(next_link).and_then(|link| url.join(&link).ok());
            let page: Tags = json(of, &response.body)?;
            tags.extend(page.tags.unwrap_or_default());
            match next.filter(|next| same_server(next, &url) && *next != url) {
                Some(next) => url = next,
                None => break,
            }
        }
        self.cache.put_note("tags", &key, &serde_json::to_vec(&tags).unwrap_or_default());
        Ok(tags)
    }

    /// Pulls the chart of a tag or digest. `pinned` is the digest that it must have.
    pub(crate) fn pull(&self, of: &Reference, pinned: Option<&str>) -> Result<Pulled, FetchError> {
        let (manifest, digest) = self.manifest(of)?;
        let layer = |kinds: &[&str]| manifest.layers.iter().find(|l| kinds.contains(&l.media_type.as_str()));
        let chart = layer(&[CHART, LEGACY_CHART]).or(manifest.layers.first()).ok_or_else(|| {
            FetchError::Invalid(format!("manifest of {} does not contain a layer with mediatype {CHART}", of.name()))
        })?;
        if let Some(want) = pinned.filter(|want| **want != chart.digest) {
            return Err(tampered(&format!("oci://{}", of.name()), want, &chart.digest));
        }
        let chart = Downloaded { data: self.blob(of, chart)?, digest: chart.digest.clone() };
        Ok(Pulled { chart, manifest: digest, provenance: layer(&[PROVENANCE]).cloned() })
    }

    /// A layer of a repository.
    pub(crate) fn blob(&self, of: &Reference, descriptor: &Descriptor) -> Result<Vec<u8>, FetchError> {
        if let Some(data) = self.cache.content(&descriptor.digest) {
            return Ok(data);
        }
        let what = format!("oci://{}@{}", of.name(), descriptor.digest);
        if self.offline {
            return Err(offline(&what));
        }
        if !is_digest(&descriptor.digest) {
            return Err(FetchError::Invalid(format!("{what}: a digest that nobody can check")));
        }
        if descriptor.size > MOST_OF_ARCHIVE {
            return Err(FetchError::Invalid(format!("{what} has more than {MOST_OF_ARCHIVE} bytes")));
        }
        let url = self.url(of, &format!("blobs/{}", descriptor.digest))?;
        let data = self.get(of, &url, "*/*", MOST_OF_ARCHIVE)?.body;
        let got = sha256(&data);
        if got != descriptor.digest {
            return Err(tampered(&what, &descriptor.digest, &got));
        }
        self.cache.keep(&data);
        Ok(data)
    }

    /// The manifest of a tag or digest, and its digest. Of an index: the first one in it.
    fn manifest(&self, of: &Reference) -> Result<(Manifest, String), FetchError> {
        let reference = of.digest.as_deref().or(of.tag.as_deref()).unwrap_or("latest");
        let (text, digest) = self.manifest_text(of, reference)?;
        let manifest: Manifest = json(of, &text)?;
        match manifest.manifests.first() {
            Some(inner) if manifest.layers.is_empty() => {
                let (text, _) = self.manifest_text(of, &inner.digest)?;
                Ok((json(of, &text)?, digest))
            }
            _ => Ok((manifest, digest)),
        }
    }

    fn manifest_text(&self, of: &Reference, reference: &str) -> Result<(Vec<u8>, String), FetchError> {
        let key = self.key(&format!("{}:{reference}", of.name()));
        let pinned = is_digest(reference).then(|| reference.to_owned());
        if let Some(text) = pinned.as_deref().and_then(|digest| self.cache.content(digest)) {
            return Ok((text, reference.to_owned()));
        }
        let what = format!("oci://{}:{reference}", of.name());
        if self.offline {
            let known = self.cache.note("manifests", &key).and_then(|(d, _)| String::from_utf8(d).ok());
            let found = known.and_then(|digest| Some((self.cache.content(&digest)?, digest)));
            return found.ok_or_else(|| offline(&what));
        }
        let url = self.url(of, &format!("manifests/{reference}"))?;
        let text = self.get(of, &url, MANIFESTS, MOST_OF_MANIFEST)?.body;
        let got = sha256(&text);
        if let Some(want) = pinned.filter(|want| *want != got) {
            return Err(tampered(&what, &want, &got));
        }
        self.cache.keep(&text);
        self.cache.put_note("manifests", &key, got.as_bytes());
        Ok((text, got))
    }

    /// Asks the registry, with a token if it wants one.
    fn get(&self, of: &Reference, url: &Url, accept: &str, most: u64) -> Result<Response, FetchError> {
        let known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(&of.name()).cloned();
        let known = known.or_else(|| self.client.access().token.as_ref().map(|t| format!("Bearer {t}")));
        let ask = |authorization: Option<&str>| {
            self.client.send(&Request { accept, authorization, ..Request::get(url, most) })
        };
        let mut response = ask(known.as_deref()).map_err(|e| self.unreachable(of, e))?;
        if response.status.as_u16() == 401 {
            let authorization = self.authorize(of, &response)?;
            response = ask(Some(&authorization)).map_err(|e| self.unreachable(of, e))?;
            self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(of.name(), authorization);
        }
        match response.status.as_u16() {
            200 => Ok(response),
            401 | 403 => Err(FetchError::NotFound(refused(of, url, &response))),
            _ => Err(FetchError::NotFound(refused(of, url, &response))),
        }
    }

    /// What to send after a 401: by the challenge, a token or the credentials themselves.
    fn authorize(&self, of: &Reference, response: &Response) -> Result<String, FetchError> {
        let challenges = response.headers.get_all("www-authenticate");
        let challenge = challenges.iter().filter_map(|c| Challenge::parse(c.to_str().ok()?)).next();
        let credentials = credentials::of_registry(&of.registry, self.client.access(), self.configs);
        let missing = || {
            let url = self.url(of, "").map(String::from).unwrap_or_default();
            FetchError::NotFound(format!(
                "{url}: the registry wants credentials, and there are none for {}",
                of.registry
            ))
        };
        let Some(challenge) = challenge.filter(|c| c.bearer) else {
            return credentials.and_then(|c| c.basic()).ok_or_else(missing);
        };
        let mut realm = Url::parse(&challenge.realm).map_err(|e| {
            FetchError::Invalid(format!("{}: the registry's token service has no URL: {e}", of.registry))
        })?;
        if realm.scheme() != "https" && !self.client.access().plain_http {
            return Err(FetchError::Invalid(format!("{}: credentials are not sent without TLS", of.registry)));
        }
        let scope = format!("repository:{}:pull", of.repository);
        let service = challenge.service.as_deref().unwrap_or_default();
        let refresh = credentials.as_ref().and_then(|c| c.identity_token.as_deref());
        let form = [
            ("grant_type", "refresh_token"),
            ("service", service),
            ("client_id", "chartwright"),
            ("scope", scope.as_str()),
            ("refresh_token", refresh.unwrap_or_default()),
        ];
        let basic = credentials.as_ref().and_then(|c| c.basic());
        if refresh.is_none() {
            let mut query = realm.query_pairs_mut();
            if !service.is_empty() {
                query.append_pair("service", service);
            }
            query.append_pair("scope", &scope);
        }
        let request = Request {
            form: refresh.map(|_| &form[..]),
            authorization: basic.as_deref().filter(|_| refresh.is_none()),
            ..Request::get(&realm, 1 << 20)
        };
        let response = self.client.send(&request).map_err(|e| self.unreachable(of, e))?;
        if response.status.as_u16() != 200 {
            return Err(FetchError::NotFound(refused(of, &realm, &response)));
        }
        #[derive(Deserialize)]
        struct Token {
            token: Option<String>,
            access_token: Option<String>,
        }
        let token: Token = json(of, &response.body)?;
        let token = token.token.or(token.access_token).filter(|t| !t.is_empty());
        token.map(|t| format!("Bearer {t}")).ok_or_else(missing)
    }

    fn unreachable(&self, of: &Reference, error: HttpError) -> FetchError {
        match error {
            HttpError::Unreachable(m) | HttpError::Untrusted(m) => {
                FetchError::Unreachable(format!("oci://{}: {m}", of.name()))
            }
            other => other.into(),
        }
    }

    fn url(&self, of: &Reference, what: &str) -> Result<Url, FetchError> {
        let scheme = if self.client.access().plain_http { "http" } else { "https" };
        // Docker's registry answers at another name.
        let host = if of.registry == "docker.io" { "registry-1.docker.io" } else { &of.registry };
        Url::parse(&format!("{scheme}://{host}/v2/{}/{what}", of.repository))
            .map_err(|e| FetchError::Invalid(format!("oci://{}: {e}", of.name())))
    }

    fn key(&self, what: &str) -> String {
        format!("{what}\n{}", self.client.access().authorization().unwrap_or_default())
    }
}

/// What the registry said, as Helm's library puts it.
fn refused(of: &Reference, url: &Url, response: &Response) -> String {
    #[derive(Deserialize)]
    struct Errors {
        errors: Vec<One>,
    }
    #[derive(Deserialize)]
    struct One {
        #[serde(default)]
        code: String,
        #[serde(default)]
        message: String,
    }
    let status = response.status.as_u16();
    if status == 404 && url.path().contains("/manifests/") {
        let reference = url.path().rsplit('/').next().unwrap_or_default();
        let separator = if is_digest(reference) { '@' } else { ':' };
        return format!("{}{separator}{reference}: not found", of.name());
    }
    let errors: Option<Errors> = serde_json::from_slice(&response.body).ok();
    let words = errors.and_then(|e| {
        let first = e.errors.into_iter().next()?;
        Some(format!("{}: {}", first.code.to_lowercase().replace('_', " "), first.message))
    });
    let reason = response.status.canonical_reason().unwrap_or_default();
    let words = words.unwrap_or_else(|| reason.to_owned());
    format!("GET {:?}: response status code {status}: {words}", url.as_str())
}

fn json<'t, T: Deserialize<'t>>(of: &Reference, text: &'t [u8]) -> Result<T, FetchError> {
    serde_json::from_slice(text).map_err(|e| FetchError::Invalid(format!("oci://{}: no such JSON: {e}", of.name())))
}

/// The address in `Link: <…>; rel="next"`.
fn next_link(header: &str) -> Option<String> {
    let (link, rel) = header.strip_prefix('<')?.split_once('>')?;
    rel.contains("next").then(|| link.to_owned())
}

/// `WWW-Authenticate`
#[derive(Debug, PartialEq, Eq)]
struct Challenge {
    bearer: bool,
    realm: String,
    service: Option<String>,
}

impl Challenge {
    fn parse(header: &str) -> Option<Challenge> {
        let (scheme, mut rest) = header.split_once(' ').unwrap_or((header, ""));
        let bearer = scheme.eq_ignore_ascii_case("bearer");
        if !bearer && !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let mut parameters = BTreeMap::new();
        while let Some((name, after)) = rest.split_once('=') {
            let name = name.trim_matches([' ', ',']).to_ascii_lowercase();
            let (value, left) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => after.split_once(',').unwrap_or((after, "")),
            };
            parameters.insert(name, value.to_owned());
            rest = left;
        }
        let service = parameters.remove("service");
        Some(Challenge { bearer, realm: parameters.remove("realm").unwrap_or_default(), service })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_helm_reads_them() {
        let reference = |repository: &str, tag: Option<&str>, digest: Option<&str>| Reference {
            registry: "example.org:5000".into(),
            repository: repository.into(),
            tag: tag.map(Into::into),
            digest: digest.map(Into::into),
        };
        let digest = format!("sha256:{}", "0a".repeat(32));
        for (text, want) in [
            ("oci://example.org:5000/charts/web", Ok(reference("charts/web", None, None))),
            ("example.org:5000/web:1.0.0+b.1", Ok(reference("web", Some("1.0.0_b.1"), None))),
            (&format!("oci://example.org:5000/web:1@{digest}"), Ok(reference("web", Some("1"), Some(&digest)))),
            ("oci://example.org", Err("invalid reference: missing registry or repository".to_owned())),
            ("oci://example.org/../x", Err("invalid reference: invalid repository \"../x\"".to_owned())),
            ("oci://example.org/Web", Err("invalid reference: invalid repository \"Web\"".to_owned())),
            (
                "oci://example.org/web@sha256:1",
                Err("invalid reference: invalid digest \"sha256:1\": invalid checksum digest length".to_owned()),
            ),
        ] {
            assert_eq!(Reference::parse(text), want, "{text}");
        }
    }

    #[test]
    fn challenges_are_read() {
        let bearer = Challenge::parse("Bearer realm=\"https://a/token\",service=\"r, s\",scope=x");
        assert_eq!(
            bearer,
            Some(Challenge { bearer: true, realm: "https://a/token".into(), service: Some("r, s".into()) })
        );
        assert_eq!(
            Challenge::parse("basic realm=\"x\""),
            Some(Challenge { bearer: false, realm: "x".into(), service: None })
        );
        assert_eq!(Challenge::parse("Negotiate"), None);
        assert_eq!(next_link("</v2/x/tags/list?last=b>; rel=\"next\"").as_deref(), Some("/v2/x/tags/list?last=b"));
    }
}
