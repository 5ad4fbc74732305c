//! Chart repositories over HTTP, and archives at URLs.

use std::time::Duration;

use url::ParseError;

use crate::address::{Address, safe_text};
use crate::cache::{Cache, sha256};
use crate::error::{Error, Reason};
use crate::http::{Client, HttpError, Request, Response};
use crate::index::{self, Entry, IndexError};
use crate::versions::{Picked, VersionError, pick};

/// The most bytes of an archive, as of a chart in Helm.
pub(crate) const MOST_OF_ARCHIVE: u64 = 100 << 20;
/// The most bytes of an index.
const MOST_OF_INDEX: u64 = 256 << 20;
/// The most bytes of a signature.
const MOST_OF_PROVENANCE: u64 = 1 << 20;

/// Why a chart repository does not give a chart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// Its index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// What is asked is neither a version nor a range.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// It does not have the chart, or not in that version.
    #[error("chart {chart:?}{} not found in {place} repository", version_words(.asked))]
    NotFound {
        /// The chart.
        chart: String,
        /// The version or range; may be empty.
        asked: String,
        /// The repository.
        place: Address,
    },
    /// Its index has the chart, and no address for it.
    #[error("chart {chart:?}{} has no downloadable URLs", version_words(.asked))]
    NoUrls {
        /// The chart.
        chart: String,
        /// The version or range; may be empty.
        asked: String,
    },
    /// Its index has an address that is no URL.
    #[error("failed to parse {text} as URL: {cause}")]
    Url {
        /// The address, without what may be a secret.
        text: String,
        /// What is wrong with it.
        #[source]
        cause: ParseError,
    },
}

impl RepositoryError {
    /// What kind of failure it is.
    pub fn reason(&self) -> Reason {
        match self {
            RepositoryError::Index(_) | RepositoryError::Url { .. } => Reason::Invalid,
            RepositoryError::Version(_) | RepositoryError::NotFound { .. } | RepositoryError::NoUrls { .. } => {
                Reason::NotFound
            }
        }
    }
}

/// ` version "1.x"`; nothing where no version was asked for.
pub(crate) fn version_words(asked: &str) -> String {
    if asked.is_empty() { String::new() } else { format!(" version {asked:?}") }
}

/// A chart as a repository has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) version: String,
    pub(crate) address: Address,
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
    pub(crate) address: Address,
    pub(crate) client: &'a Client,
    pub(crate) cache: &'a Cache,
    pub(crate) offline: bool,
    /// How old an index may be that is taken without asking the server.
    pub(crate) fresh: Duration,
}

impl Repository<'_> {
    /// The repository's index, from the cache where it is fresh.
    pub(crate) fn index(&self) -> Result<Vec<u8>, Error> {
        let address = self.beside("index.yaml")?;
        let key = self.key(&address);
        let known = self.cache.note("indexes", &key);
        match known {
            Some((text, age)) if self.offline || age < self.fresh => return Ok(text),
            None if self.offline => return Err(Error::Offline(format!("the index of {}", self.address))),
            _ => {}
        }
        let etag = self.cache.note("etags", &key).filter(|_| known.is_some());
        let etag = etag.and_then(|(tag, _)| String::from_utf8(tag).ok());
        let response = self.get(&address, MOST_OF_INDEX, "*/*", etag.as_deref())?;
        if let (304, Some((text, _))) = (response.status.as_u16(), known) {
            self.cache.put_note("indexes", &key, &text);
            return Ok(text);
        }
        let tag = response.header("etag").unwrap_or_default().to_owned();
        let text = response.fine(&address)?;
        self.cache.put_note("indexes", &key, &text);
        self.cache.put_note("etags", &key, tag.as_bytes());
        Ok(text)
    }

    /// Where the repository has a chart in a version or range.
    pub(crate) fn find(&self, chart: &str, asked: &str) -> Result<Offer, Error> {
        let index = self.index()?;
        let entries = index::entries(&index, chart).map_err(RepositoryError::from)?.unwrap_or_default();
        let missing = || RepositoryError::NotFound {
            chart: chart.to_owned(),
            asked: asked.to_owned(),
            place: self.address.clone(),
        };
        Ok(self.offer(chart, asked, &entries)?.ok_or_else(missing)?)
    }

    /// Which of a chart's versions is meant.
    pub(crate) fn offer(&self, chart: &str, asked: &str, entries: &[Entry]) -> Result<Option<Offer>, RepositoryError> {
        let texts: Vec<&str> = entries.iter().map(|e| e.version.as_str()).collect();
        let (at, instead) = match pick(&texts, asked)? {
            Some(Picked::As(at)) => (at, false),
            Some(Picked::Instead(at)) => (at, true),
            None => return Ok(None),
        };
        let entry = entries.get(at).expect("`pick` gives the place of one of the texts");
        let no_urls = || RepositoryError::NoUrls { chart: chart.to_owned(), asked: asked.to_owned() };
        let address = self.beside(entry.urls.first().ok_or_else(no_urls)?)?;
        Ok(Some(Offer { version: entry.version.clone(), address, digest: entry.digest.clone(), instead }))
    }

    /// Downloads an archive; one whose digest is known comes from the cache if it
    /// is there, and is refused if it is another one.
    pub(crate) fn download(&self, address: &Address, digest: Option<&str>) -> Result<Downloaded, Error> {
        if let Some((data, digest)) = digest.and_then(|d| Some((self.cache.content(d)?, d))) {
            return Ok(Downloaded { data, digest: digest.to_owned() });
        }
        let key = self.key(address);
        if self.offline {
            let known = self.cache.note("downloads", &key).and_then(|(d, _)| String::from_utf8(d).ok());
            let known = known.filter(|known| digest.is_none_or(|d| d == known));
            let found = known.and_then(|digest| Some(Downloaded { data: self.cache.content(&digest)?, digest }));
            return found.ok_or_else(|| Error::Offline(address.to_string()));
        }
        let accept = "application/gzip,application/octet-stream";
        let data = self.get(address, MOST_OF_ARCHIVE, accept, None)?.fine(address)?;
        let got = sha256(&data);
        if let Some(want) = digest.filter(|want| want.starts_with("sha256:") && **want != got) {
            return Err(Error::Pinned { what: address.to_string(), want: want.to_owned(), got });
        }
        self.cache.keep(&data);
        self.cache.put_note("downloads", &key, got.as_bytes());
        Ok(Downloaded { data, digest: got })
    }

    /// Downloads the signature of an archive.
    pub(crate) fn provenance(&self, archive: &Address) -> Result<Vec<u8>, Error> {
        let address = archive.followed_by(".prov").map_err(|cause| of_url(&archive.to_string(), cause))?;
        let key = self.key(&address);
        if self.offline {
            let known = self.cache.note("signatures", &key).map(|(p, _)| p);
            return known.ok_or_else(|| Error::Offline(address.to_string()));
        }
        let text = self.get(&address, MOST_OF_PROVENANCE, "*/*", None)?.fine(&address)?;
        self.cache.put_note("signatures", &key, &text);
        Ok(text)
    }

    /// Asks a server, with the repository's credentials where they belong.
    fn get(&self, address: &Address, most: u64, accept: &str, etag: Option<&str>) -> Result<Response, HttpError> {
        let authorization = self.client.grant().authorization(&address.origin());
        self.client.send(&Request {
            accept,
            authorization: authorization.as_ref(),
            etag: etag.filter(|tag| !tag.is_empty()),
            ..Request::get(address, most)
        })
    }

    fn beside(&self, reference: &str) -> Result<Address, RepositoryError> {
        self.address.beside(reference).map_err(|cause| of_url(reference, cause))
    }

    /// What others with other credentials may not see goes by another key. Keys are hashed.
    fn key(&self, address: &Address) -> String {
        format!("{}\n{}", address.whole_with_secrets(), self.client.grant().key())
    }
}

fn of_url(text: &str, cause: ParseError) -> RepositoryError {
    RepositoryError::Url { text: safe_text(text), cause }
}
