//! A Helm repository as a whole: its index, and all archives that the index names.

use std::fmt;

use crate::address::{Address, safe_text};
use crate::cache::Cache;
use crate::error::Error;
use crate::http::Client;
use crate::options::Options;
use crate::repository::Repository;
use crate::repository_error::RepositoryError;

/// A Helm repository, for those who want more than a chart of it: a catalog, a mirror.
///
/// `Display` is its address, without secrets.
///
/// ```no_run
/// use chartwright_sources::{Options, RepositoryFiles};
///
/// let repository = RepositoryFiles::open("https://charts.example.org", Options::default())?;
/// let index = repository.index()?;
/// let archive = repository.archive("shop-1.0.0.tgz", None)?;
/// # Ok::<(), chartwright_sources::Error>(())
/// ```
pub struct RepositoryFiles {
    address: Address,
    client: Client,
    cache: Cache,
    options: Options,
}

impl RepositoryFiles {
    /// A repository at an `http` or `https` address. Credentials, in the address or in the options, go to its origin only.
    ///
    /// # Errors
    /// If it is not such an address.
    pub fn open(url: &str, options: Options) -> Result<RepositoryFiles, Error> {
        let not_a_url = |cause| Error::Repository(RepositoryError::Url { text: safe_text(url), cause });
        let mut address = Address::parse(url).map_err(not_a_url)?;
        if !address.is_web() {
            return Err(Error::Repository(RepositoryError::Protocol(address)));
        }
        let mut access = options.access.clone();
        access.take_from(&mut address);
        let client = Client::new(access.granted_to(&address), options.patience.clone());
        Ok(RepositoryFiles { address, client, cache: Cache::open(options.cache.as_deref()), options })
    }

    /// Its index, from the cache where it is fresh.
    ///
    /// # Errors
    /// If the server does not give it, or the network is not used and the cache does not have it.
    pub fn index(&self) -> Result<Vec<u8>, Error> {
        self.repository().index()
    }

    /// An archive by its address in the index; with a digest, other bytes are refused, and it comes from the cache if it
    /// is there.
    ///
    /// # Errors
    /// As [`RepositoryFiles::index`], and if it is another one than the digest says.
    pub fn archive(&self, url: &str, digest: Option<&str>) -> Result<Vec<u8>, Error> {
        let not_a_url = |cause| Error::Repository(RepositoryError::Url { text: safe_text(url), cause });
        let address = self.address.beside(url).map_err(not_a_url)?;
        if !address.is_web() {
            return Err(Error::Repository(RepositoryError::Protocol(address)));
        }
        Ok(self.repository().download(&address, digest)?.data)
    }

    fn repository(&self) -> Repository<'_> {
        Repository {
            address: self.address.clone(),
            client: &self.client,
            cache: &self.cache,
            offline: self.options.offline,
            fresh: self.options.keep.indexes,
        }
    }
}

impl fmt::Display for RepositoryFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)
    }
}

impl fmt::Debug for RepositoryFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepositoryFiles").field("address", &self.address).finish_non_exhaustive()
    }
}
