//! Chart repositories over HTTP, and archives at URLs.

use std::time::Duration;

use flux::FetchError;
use url::Url;

use crate::cache::{Cache, sha256};
use crate::http::{Client, HttpError, Request, Response, same_server};
use crate::index::{self, Entry};
use crate::versions::{Picked, pick};

/// The most bytes of an archive, as of a chart in Helm.
pub(crate) const MOST_OF_ARCHIVE: u64 = 100 << 20;
/// The most bytes of an index.
const MOST_OF_INDEX: u64 = 256 << 20;
/// The most bytes of a signature.
const MOST_OF_PROVENANCE: u64 = 1 << 20;
/// How long an index is taken from the cache without asking the server.
pub(crate) const FRESH: Duration = Duration::from_secs(300);

/// A chart as a repository has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) version: String,
    pub(crate) url: Url,
    pub(crate) digest: Option<String>,
    /// Whether another version was asked for.
    pub(crate) instead: bool,
}

/// What was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Downloaded {
    pub(crate) data: Vec<u8>,
    pub(crate) digest: String,
}

/// A chart repository, or the server of an archive.
pub(crate) struct Repository<'a> {
    pub(crate) url: Url,
    pub(crate) client: &'a Client,
    pub(crate) cache: &'a Cache,
    pub(crate) offline: bool,
    /// How old an index may be that is taken without asking the server.
    pub(crate) fresh: Duration,
}

impl Repository<'_> {
    /// The repository's index, from the cache where it is fresh.
    pub(crate) fn index(&self) -> Result<Vec<u8>, FetchError> {
        let url = beside(&self.url, "index.yaml").map_err(FetchError::Invalid)?;
        let key = self.key(&url);
        let known = self.cache.note("indexes", &key);
        match known {
            Some((text, age)) if self.offline || age < self.fresh => return Ok(text),
            None if self.offline => return Err(offline(&format!("the index of {}", self.url))),
            _ => {}
        }
        let etag = self.cache.note("etags", &key).filter(|_| known.is_some());
        let etag = etag.and_then(|(tag, _)| String::from_utf8(tag).ok());
        let response = self.get(&url, MOST_OF_INDEX, "*/*", etag.as_deref())?;
        if let (304, Some((text, _))) = (response.status.as_u16(), known) {
            self.cache.put_note("indexes", &key, &text);
            return Ok(text);
        }
        let tag = response.header("etag").unwrap_or_default().to_owned();
        let text = body(response, &url)?;
        self.cache.put_note("indexes", &key, &text);
        self.cache.put_note("etags", &key, tag.as_bytes());
        Ok(text)
    }

    /// Where the repository has a chart in a version or range.
    pub(crate) fn find(&self, chart: &str, asked: &str) -> Result<Option<Offer>, FetchError> {
        let index = self.index()?;
        let entries = index::entries(&index, chart).map_err(FetchError::Invalid)?.unwrap_or_default();
        self.offer(chart, asked, &entries)
    }

    /// Which of a chart's versions is meant.
    pub(crate) fn offer(&self, chart: &str, asked: &str, entries: &[Entry]) -> Result<Option<Offer>, FetchError> {
        let texts: Vec<&str> = entries.iter().map(|e| e.version.as_str()).collect();
        let (at, instead) = match pick(&texts, asked).map_err(FetchError::NotFound)? {
            Some(Picked::As(at)) => (at, false),
            Some(Picked::Instead(at)) => (at, true),
            None => return Ok(None),
        };
        let Some(entry) = entries.get(at) else { return Ok(None) };
        let url = entry.urls.first().ok_or_else(|| {
            let version = if asked.is_empty() { String::new() } else { format!(" version {asked:?}") };
            FetchError::NotFound(format!("chart {chart:?}{version} has no downloadable URLs"))
        })?;
        let url = beside(&self.url, url).map_err(FetchError::Invalid)?;
        Ok(Some(Offer { version: entry.version.clone(), url, digest: entry.digest.clone(), instead }))
    }

    /// Downloads an archive; one whose digest is known comes from the cache if it
    /// is there, and is refused if it is another one.
    pub(crate) fn download(&self, url: &Url, digest: Option<&str>) -> Result<Downloaded, FetchError> {
        if let Some((data, digest)) = digest.and_then(|d| Some((self.cache.content(d)?, d))) {
            return Ok(Downloaded { data, digest: digest.to_owned() });
        }
        let key = self.key(url);
        if self.offline {
            let known = self.cache.note("downloads", &key).and_then(|(d, _)| String::from_utf8(d).ok());
            let known = known.filter(|known| digest.is_none_or(|d| d == known));
            let found = known.and_then(|digest| Some(Downloaded { data: self.cache.content(&digest)?, digest }));
            return found.ok_or_else(|| offline(url.as_str()));
        }
        let accept = "application/gzip,application/octet-stream";
        let data = body(self.get(url, MOST_OF_ARCHIVE, accept, None)?, url)?;
        let got = sha256(&data);
        if let Some(want) = digest.filter(|want| want.starts_with("sha256:") && **want != got) {
            return Err(tampered(url.as_str(), want, &got));
        }
        self.cache.keep(&data);
        self.cache.put_note("downloads", &key, got.as_bytes());
        Ok(Downloaded { data, digest: got })
    }

    /// Downloads the signature of an archive.
    pub(crate) fn provenance(&self, url: &Url) -> Result<Vec<u8>, FetchError> {
        let url = Url::parse(&format!("{url}.prov")).map_err(|e| FetchError::Invalid(e.to_string()))?;
        let key = self.key(&url);
        if self.offline {
            return self.cache.note("signatures", &key).map(|(p, _)| p).ok_or_else(|| offline(url.as_str()));
        }
        let text = body(self.get(&url, MOST_OF_PROVENANCE, "*/*", None)?, &url)?;
        self.cache.put_note("signatures", &key, &text);
        Ok(text)
    }

    /// Asks the server, with credentials only where the URL is on the repository's.
    fn get(&self, url: &Url, most: u64, accept: &str, etag: Option<&str>) -> Result<Response, HttpError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(HttpError::Bad(format!("could not find protocol handler for: {}", url.scheme())));
        }
        let access = self.client.access();
        let own = access.pass_credentials || same_server(&self.url, url);
        let authorization = access.authorization().filter(|_| own);
        self.client.send(&Request {
            accept,
            authorization: authorization.as_deref(),
            everywhere: access.pass_credentials,
            etag: etag.filter(|tag| !tag.is_empty()),
            ..Request::get(url, most)
        })
    }

    /// What others with other credentials may not see goes by another key.
    fn key(&self, url: &Url) -> String {
        format!("{url}\n{}", self.client.access().authorization().unwrap_or_default())
    }
}

/// The body of an answer that is fine.
fn body(response: Response, url: &Url) -> Result<Vec<u8>, FetchError> {
    if response.status.as_u16() == 200 {
        return Ok(response.body);
    }
    Err(FetchError::NotFound(format!("failed to fetch {url} : {}", response.status_text())))
}

/// A reference from a repository's index, as a URL (`ResolveReferenceURL`).
pub(crate) fn beside(base: &Url, reference: &str) -> Result<Url, String> {
    let failed = |e: url::ParseError| format!("failed to parse {reference} as URL: {e}");
    match Url::parse(reference) {
        Ok(url) => return Ok(url),
        Err(url::ParseError::RelativeUrlWithoutBase) => {}
        Err(e) => return Err(failed(e)),
    }
    let mut folder = base.clone();
    let path = format!("{}/", folder.path().strip_suffix('/').unwrap_or(folder.path()));
    folder.set_path(&path);
    let mut url = folder.join(reference).map_err(failed)?;
    url.set_query(base.query());
    Ok(url)
}

/// What is missing in the cache.
pub(crate) fn offline(what: &str) -> FetchError {
    FetchError::Unreachable(format!("{what} is not in the cache, and --offline keeps from fetching it"))
}

/// Something else came than was pinned.
pub(crate) fn tampered(what: &str, want: &str, got: &str) -> FetchError {
    FetchError::Tampered(format!("{what} is not what was pinned: its digest is {got}, it should be {want}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_start_from_the_repository() {
        for (base, reference, want) in [
            ("http://h/charts", "web-1.0.0.tgz", "http://h/charts/web-1.0.0.tgz"),
            ("http://h/charts/", "a/web.tgz", "http://h/charts/a/web.tgz"),
            ("http://h/charts?t=1", "web.tgz", "http://h/charts/web.tgz?t=1"),
            ("http://h/charts", "/web.tgz", "http://h/web.tgz"),
            ("http://h/charts", "https://g/web.tgz", "https://g/web.tgz"),
            ("http://h/charts", "../web.tgz", "http://h/web.tgz"),
            ("http://h/charts", "../../../web.tgz", "http://h/web.tgz"),
        ] {
            let got = Url::parse(base).map(|base| beside(&base, reference));
            assert_eq!(got.expect("a URL").map(String::from).as_deref(), Ok(want), "{base} {reference}");
        }
    }
}
