//! Single documents at addresses: files of values, and schemas that other schemas refer to.

use std::path::Path;
use std::time::Duration;

use crate::access::{Access, Grant};
use crate::address::{Address, safe_text};
use crate::cache::Cache;
use crate::http::{Client, HttpError, Patience, Reach, Request};

/// The most bytes of a file of values.
const MOST_OF_VALUES: u64 = 5 << 20;
/// The most bytes of a schema.
const MOST_OF_SCHEMA: u64 = 5 << 20;
/// How long a schema is taken from the cache without asking its server.
const FRESH: Duration = Duration::from_secs(300);

/// Why a document cannot be fetched.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// Its address is not a URL.
    #[error("{text}: {cause}")]
    Url {
        /// The address, without what may be a secret.
        text: String,
        /// What is wrong with it.
        #[source]
        cause: url::ParseError,
    },
    /// The network is not used.
    #[error("{0}: --offline prevents fetching it")]
    Offline(Address),
    /// Schemas come over https only.
    #[error("{0}: a schema is fetched over https only")]
    NotEncrypted(Address),
    /// A server did not answer as it should.
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// Fetches a file of values, as `helm template --values URL` does. A user name and a password in the URL go to its
/// own origin only.
///
/// # Errors
/// Helm's messages.
pub fn file_at(url: &str, offline: bool) -> Result<Vec<u8>, DocumentError> {
    let mut address = parse(url)?;
    if offline {
        return Err(DocumentError::Offline(address));
    }
    let mut access = Access::default();
    access.take_from(&mut address);
    let client = Client::new(access.granted_to(&address), Patience::default());
    let authorization = client.grant().authorization(&address.origin());
    let request = Request { authorization: authorization.as_ref(), ..Request::get(&address, MOST_OF_VALUES) };
    Ok(client.send(&request)?.fine(&address)?)
}

fn parse(text: &str) -> Result<Address, DocumentError> {
    Address::parse(text).map_err(|cause| DocumentError::Url { text: safe_text(text), cause })
}

/// Fetches the schemas that `$ref`s of a chart's `values.schema.json` lead to.
///
/// A chart's author wrote the address, and the server is unknown here. So it is asked over `https` only, with no
/// credentials, no proxy, and only if all addresses of its host are public: not this machine, not a private network,
/// not a cloud's metadata. The same holds for every redirect. A schema has at most 5 MiB and comes within
/// [`Patience::total`].
///
/// ```no_run
/// let schemas = chartwright_sources::Schemas::new(None, false);
/// let text = schemas.schema_at("https://json-schema.org/draft-07/schema")?;
/// # Ok::<(), chartwright_sources::DocumentError>(())
/// ```
#[derive(Debug)]
pub struct Schemas {
    cache: Cache,
    offline: bool,
    patience: Patience,
    trust: Access,
    loopback: bool,
}

impl Schemas {
    /// Schemas that are kept in the cache's folder, if there is one; when `offline` they come from there only.
    pub fn new(cache: Option<&Path>, offline: bool) -> Schemas {
        let short = Duration::from_secs(10);
        let patience = Patience { attempts: 2, idle: short, total: 3 * short, ..Patience::default() };
        Schemas { cache: Cache::open(cache), offline, patience, trust: Access::default(), loopback: false }
    }

    /// The same, with other timeouts and retries.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Schemas {
        Schemas { patience, ..self }
    }

    /// For tests: servers on this machine count as public, and `trust` says whose certificates are right.
    #[doc(hidden)]
    #[must_use]
    pub fn on_loopback(self, trust: Access) -> Schemas {
        Schemas { trust, loopback: true, ..self }
    }

    /// The text of a schema. What follows `#` is for the reader.
    ///
    /// # Errors
    /// If the address is not `https` or not public, the server does not give it, or the network is not used and
    /// the cache does not have it.
    pub fn schema_at(&self, url: &str) -> Result<Vec<u8>, DocumentError> {
        self.public(url, "application/schema+json, application/json, */*")
    }

    /// A picture that a chart names, such as its icon, under the same rules.
    ///
    /// # Errors
    /// As [`Schemas::schema_at`].
    pub fn picture_at(&self, url: &str) -> Result<Vec<u8>, DocumentError> {
        self.public(url, "image/*")
    }

    fn public(&self, url: &str, accept: &str) -> Result<Vec<u8>, DocumentError> {
        let mut address = parse(url)?;
        address.drop_fragment();
        // A chart has no credentials to give, and ours are not for it.
        let _ = address.take_user();
        if address.scheme() != "https" {
            return Err(DocumentError::NotEncrypted(address));
        }
        let key = address.whole_with_secrets().to_owned();
        match self.cache.note("schemas", &key) {
            Some((text, age)) if self.offline || age < FRESH => return Ok(text),
            None if self.offline => return Err(DocumentError::Offline(address)),
            _ => {}
        }
        let trust = Access { ca: self.trust.ca.clone(), ..Access::default() };
        // For no server: there are no credentials in it.
        let grant: Grant = trust.granted_to(&address);
        let client = Client::new(grant, self.patience.clone()).reaching(Reach::Public { loopback: self.loopback });
        let text = client.send(&Request { accept, ..Request::get(&address, MOST_OF_SCHEMA) })?.fine(&address)?;
        self.cache.put_note("schemas", &key, &text);
        Ok(text)
    }
}
