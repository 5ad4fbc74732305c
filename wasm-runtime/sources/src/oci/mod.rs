//! Charts in OCI registries.
//!
//! A pull is three requests (token, manifest, blob) over the client that chart
//! repositories use, too. The crate `oci-client` would bring an asynchronous
//! runtime and a second HTTP stack for them.

pub(crate) mod error;
pub(crate) mod reference;
mod token;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use serde::Deserialize;

use crate::access::Authorization;
use crate::address::Address;
use crate::archive::MOST_OF_ARCHIVE;
use crate::cache::{Cache, sha256};
use crate::credentials;
use crate::error::Error;
use crate::http::{Client, Request, Response};
use crate::repository::Downloaded;
use crate::sync::lock;

pub(crate) use error::OciError;
pub(crate) use reference::ReferenceError;

use error::{CHART, refused};
pub(crate) use reference::Reference;
use reference::is_digest;

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

/// What a tag or digest refers to.
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
    tokens: Mutex<BTreeMap<String, Authorization>>,
}

impl<'a> Registry<'a> {
    pub(crate) fn new(client: &'a Client, cache: &'a Cache, offline: bool, configs: &'a [PathBuf]) -> Registry<'a> {
        Registry { client, cache, offline, configs, tokens: Mutex::default() }
    }

    /// The tags of a repository, as they are.
    pub(crate) fn tags(&self, of: &Reference) -> Result<Vec<String>, Error> {
        let key = self.key(&of.name());
        if self.offline {
            let known = self.cache.note("tags", &key).and_then(|(text, _)| serde_json::from_slice(&text).ok());
            return known.ok_or_else(|| Error::Offline(format!("the list of tags of oci://{}", of.name())));
        }
        let mut tags = Vec::new();
        let mut url = self.url(of, "tags/list")?;
        for _ in 0..PAGES {
            let response = self.get(of, &url, "application/json", MOST_OF_TAGS)?;
            let next = response.header("link").and_then(next_link).and_then(|link| url.join(&link).ok());
            let page: Tags = json(of, &response.body)?;
            tags.extend(page.tags.unwrap_or_default());
            match next.filter(|next| next.origin() == url.origin() && *next != url) {
                Some(next) => url = next,
                None => break,
            }
        }
        self.cache.put_note("tags", &key, &serde_json::to_vec(&tags).unwrap_or_default());
        Ok(tags)
    }

    /// Pulls the chart of a tag or digest. `pinned` is the digest that it must have.
    pub(crate) fn pull(&self, of: &Reference, pinned: Option<&str>) -> Result<Pulled, Error> {
        let (manifest, digest) = self.manifest(of)?;
        let layer = |kinds: &[&str]| manifest.layers.iter().find(|l| kinds.contains(&l.media_type.as_str()));
        let chart = layer(&[CHART, LEGACY_CHART]).or(manifest.layers.first());
        let chart = chart.ok_or_else(|| OciError::NoChart(of.name()))?;
        if let Some(want) = pinned.filter(|want| **want != chart.digest) {
            return Err(Error::Pinned {
                what: format!("oci://{}", of.name()),
                want: want.to_owned(),
                got: chart.digest.clone(),
            });
        }
        let chart = Downloaded { data: self.blob(of, chart)?, digest: chart.digest.clone() };
        Ok(Pulled { chart, manifest: digest, provenance: layer(&[PROVENANCE]).cloned() })
    }

    /// A layer of a repository.
    pub(crate) fn blob(&self, of: &Reference, descriptor: &Descriptor) -> Result<Vec<u8>, Error> {
        if let Some(data) = self.cache.content(&descriptor.digest) {
            return Ok(data);
        }
        let what = format!("oci://{}@{}", of.name(), descriptor.digest);
        if self.offline {
            return Err(Error::Offline(what));
        }
        if !is_digest(&descriptor.digest) {
            return Err(OciError::Digest(what).into());
        }
        if descriptor.size > MOST_OF_ARCHIVE {
            return Err(OciError::TooLarge(what).into());
        }
        let url = self.url(of, &format!("blobs/{}", descriptor.digest))?;
        let data = self.get(of, &url, "*/*", MOST_OF_ARCHIVE)?.body;
        let got = sha256(&data);
        if got != descriptor.digest {
            return Err(Error::Pinned { what, want: descriptor.digest.clone(), got });
        }
        self.cache.keep(&data);
        Ok(data)
    }

    /// The manifest of a tag or digest, and its digest. Of an index: the first one in it.
    fn manifest(&self, of: &Reference) -> Result<(Manifest, String), Error> {
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

    fn manifest_text(&self, of: &Reference, reference: &str) -> Result<(Vec<u8>, String), Error> {
        let key = self.key(&format!("{}:{reference}", of.name()));
        let pinned = is_digest(reference).then(|| reference.to_owned());
        if let Some(text) = pinned.as_deref().and_then(|digest| self.cache.content(digest)) {
            return Ok((text, reference.to_owned()));
        }
        let what = format!("oci://{}:{reference}", of.name());
        if self.offline {
            let known = self.cache.note("manifests", &key).and_then(|(d, _)| String::from_utf8(d).ok());
            let found = known.and_then(|digest| Some((self.cache.content(&digest)?, digest)));
            return found.ok_or(Error::Offline(what));
        }
        let url = self.url(of, &format!("manifests/{reference}"))?;
        let text = self.get(of, &url, MANIFESTS, MOST_OF_MANIFEST)?.body;
        let got = sha256(&text);
        if let Some(want) = pinned.filter(|want| *want != got) {
            return Err(Error::Pinned { what, want, got });
        }
        self.cache.keep(&text);
        self.cache.put_note("manifests", &key, got.as_bytes());
        Ok((text, got))
    }

    /// Asks the registry, with a token if it wants one.
    fn get(&self, of: &Reference, address: &Address, accept: &str, most: u64) -> Result<Response, Error> {
        let known = lock(&self.tokens).get(&of.name()).cloned();
        let token =
            || self.client.grant().authorization(&address.origin()).filter(|_| self.client.access().token.is_some());
        let ask = |authorization: Option<&Authorization>| {
            self.client
                .send(&Request { accept, authorization, ..Request::get(address, most) })
                .map_err(|e| OciError::unreachable(of, e))
        };
        let mut response = ask(known.or_else(token).as_ref())?;
        if response.status.as_u16() == 401 {
            let registry = self.url(of, "")?;
            let credentials =
                credentials::of_registry(&of.registry, &registry.origin(), self.client.grant(), self.configs);
            let authorization = token::authorize(self.client, of, &registry, credentials.as_ref(), &response)?;
            response = ask(Some(&authorization))?;
            lock(&self.tokens).insert(of.name(), authorization);
        }
        match response.status.as_u16() {
            200 => Ok(response),
            _ => Err(refused(of, address, &response).into()),
        }
    }

    fn url(&self, of: &Reference, what: &str) -> Result<Address, OciError> {
        Ok(of.address(self.client.access().plain_http, what)?)
    }

    fn key(&self, what: &str) -> String {
        format!("{what}\n{}", self.client.grant().key())
    }
}

fn json<'t, T: Deserialize<'t>>(of: &Reference, text: &'t [u8]) -> Result<T, OciError> {
    serde_json::from_slice(text).map_err(|e| OciError::json(of, &e))
}

/// The address in `Link: <…>; rel="next"`.
fn next_link(header: &str) -> Option<String> {
    let (link, rel) = header.strip_prefix('<')?.split_once('>')?;
    rel.contains("next").then(|| link.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_next_page() {
        assert_eq!(next_link("</v2/x/tags/list?last=b>; rel=\"next\"").as_deref(), Some("/v2/x/tags/list?last=b"));
        assert_eq!(next_link("</v2/x/tags/list>; rel=\"prev\""), None);
    }
}
