//! Charts by the references that `helm` takes: `--repo URL NAME`, `repo/name`,
//! URLs, `oci://…` (`LocateChart`, `ChartDownloader`).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gosemver::Version;

use crate::access::{Access, Grant};
use crate::address::{Address, safe_text};
use crate::cache::Cache;
use crate::error::Error;
use crate::go_words::go_words;
use crate::helm_repositories::{HelmRepository, RepositoriesError, repositories};
use crate::http::{Client, Patience};
use crate::index::IndexError;
use crate::oci::{OciError, Reference, ReferenceError, Registry};
use crate::provenance_error::ProvenanceError;
use crate::repository::{Offer, Repository};
use crate::repository_error::{RepositoryError, version_words};
use crate::versions::{VersionError, newest_tag};
use crate::{folder, index, provenance};

/// Why the chart that a reference names cannot be fetched. `Display` is Helm's text, with Go's for what the system or a
/// server said, and without what may be a secret in a URL.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// Helm's list of repositories cannot be read.
    #[error(transparent)]
    Repositories(#[from] RepositoriesError),
    /// A repository is not at an `http` or `https` address.
    #[error("could not find protocol handler for: {0}")]
    Handler(String),
    /// A repository's index cannot be had.
    #[error("looks like {place:?} is not a valid chart repository or cannot be reached: {cause}")]
    NoRepository {
        /// The repository.
        place: String,
        /// Why.
        #[source]
        cause: Error,
    },
    /// A repository does not have the chart, or not in that version.
    #[error("chart {chart:?}{} not found in {place} repository", version_words(.asked))]
    NotFound {
        /// The chart.
        chart: String,
        /// The version or range; may be empty.
        asked: String,
        /// The repository.
        place: String,
    },
    /// An index has the chart, and no address for it.
    #[error(transparent)]
    Offer(#[from] RepositoryError),
    /// The same, of a repository that was added to Helm.
    #[error("chart {0:?} has no downloadable URLs")]
    NoUrls(String),
    /// A reference is not valid.
    #[error("non-absolute URLs should be in form of repo_name/path_to_chart, got: {0}")]
    Relative(String),
    /// No repository of this name was added to Helm.
    #[error("repo {0} not found")]
    UnknownRepository(String),
    /// A repository was added without an address.
    #[error("no URL found for repository {0}")]
    NoUrl(String),
    /// A repository was added with an address that is not a URL.
    #[error("invalid chart URL format: {0}")]
    BadUrl(String),
    /// The index that `helm repo update` fetched does not have the chart.
    #[error("chart {chart:?} matching {asked} not found in {repository} index. (try 'helm repo update'): {why}")]
    NotInIndex {
        /// The chart.
        chart: String,
        /// The version or range; may be empty.
        asked: String,
        /// The repository's name.
        repository: String,
        /// Why.
        why: String,
    },
    /// The index that `helm repo update` fetched is not an index.
    #[error("no cached repo found. (try 'helm repo update'): {0}")]
    CachedIndex(#[source] IndexError),
    /// The index that `helm repo update` fetches does not exist.
    #[error("no cached repo found. (try 'helm repo update'): open {file}: {}", go_words(.cause), file = .file.display())]
    NoCachedIndex {
        /// Where it was looked for.
        file: PathBuf,
        /// What the system says.
        #[source]
        cause: Arc<std::io::Error>,
    },
    /// An archive is not at an `http` or `https` address.
    #[error("scheme {0:?} not supported")]
    Scheme(String),
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] Error),
    /// There is no signature beside it.
    #[error("failed to fetch provenance \"{0}.prov\"")]
    NoProvenance(String),
    /// Only archives are signed.
    #[error("chart must be a tgz file")]
    NoArchive,
    /// The signature is wrong.
    #[error(transparent)]
    Provenance(#[from] ProvenanceError),
    /// It is not a reference to a registry.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The reference has another version than `--version`.
    #[error("chart reference and version mismatch: {asked} is not {tag}")]
    Mismatch {
        /// `--version`
        asked: String,
        /// The reference's tag.
        tag: String,
    },
    /// A registry did not give the chart.
    #[error("{}", registry_words(.0))]
    Registry(#[source] Error),
    /// A registry has no tag that is a version.
    #[error("unable to locate any tags in provided repository: {0}")]
    NoTags(String),
    /// What is asked is neither a version nor a range.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// A registry has no tag in the range.
    #[error("could not locate a version matching provided version string {0}")]
    NoMatch(String),
}

/// What the flags say of charts that are not on this machine.
#[derive(Clone, Debug, Default)]
pub struct HelmRequest {
    /// `--repo`
    pub repository: Option<String>,
    /// `--version`, or what `--devel` means.
    pub version: String,
    /// The keyring, with `--verify`.
    pub keyring: Option<PathBuf>,
    /// Credentials and trust.
    pub access: Access,
    /// `--repository-config`
    pub repository_config: PathBuf,
    /// `--repository-cache`
    pub repository_cache: PathBuf,
    /// Whether the network is never used.
    pub offline: bool,
    /// Timeouts and retries.
    pub patience: Patience,
    /// Where fetched charts are kept; see [`crate::Options::cache`].
    pub cache: Option<PathBuf>,
    /// Files with credentials for registries; see [`crate::Options::registry_configs`].
    pub registry_configs: Vec<PathBuf>,
}

/// A chart that was fetched.
#[derive(Clone, Debug, Default)]
pub struct HelmChart {
    /// The archive.
    pub data: Vec<u8>,
    /// Where it is from, for messages.
    pub from: String,
    /// What Helm logs: a message, and names with values.
    pub warning: Option<String>,
}

/// Fetches the chart that a reference names. What is on this machine is not looked at.
///
/// `print` gets what Helm prints on stdout as soon as a chart has been pulled from a registry.
///
/// # Errors
/// Helm's messages, with Go's for what the system or a server said.
pub fn fetch(reference: &str, request: &HelmRequest, print: &dyn Fn(&str)) -> Result<HelmChart, LocateError> {
    let cache = Cache::open(request.cache.as_deref());
    let run = Run { request, cache: &cache, print };
    if let Some(url) = &request.repository {
        return run.in_repository(url, reference);
    }
    if reference.starts_with("oci://") {
        return run.in_registry(reference);
    }
    let known = repositories(&request.repository_config)?;
    match Address::parse(reference) {
        Ok(url) if !url.host().is_empty() && !url.path().is_empty() => run.at_url(url, &known),
        _ => run.by_name(reference, &known),
    }
}

struct Run<'a> {
    request: &'a HelmRequest,
    cache: &'a Cache,
    print: &'a dyn Fn(&str),
}

impl Run<'_> {
    fn client(&self, grant: Grant) -> Client {
        Client::new(grant, self.request.patience.clone())
    }

    fn repository<'c>(&'c self, address: Address, client: &'c Client) -> Repository<'c> {
        // Helm asks for the index every time.
        Repository { address, client, cache: self.cache, offline: self.request.offline, fresh: Duration::ZERO }
    }

    /// `--repo URL NAME`
    fn in_repository(&self, text: &str, chart: &str) -> Result<HelmChart, LocateError> {
        let handler = |scheme: &str| LocateError::Handler(scheme.to_owned());
        let mut address = Address::parse(text).map_err(|_| handler(scheme(text)))?;
        if !address.is_web() {
            return Err(handler(address.scheme()));
        }
        // As it was written, where nothing in it may be a secret: Helm adds no slash.
        let place = if text.contains(['@', '?', '#']) { address.to_string() } else { text.to_owned() };
        let mut access = self.request.access.clone();
        access.take_from(&mut address);
        let client = self.client(access.granted_to(&address));
        let repository = self.repository(address, &client);
        let no_repository = |cause: Error| LocateError::NoRepository { place: place.clone(), cause };
        let index = repository.index().map_err(no_repository)?;
        let entries =
            index::entries(&index, chart).map_err(|e| no_repository(Error::Repository(RepositoryError::from(e))))?;
        let asked = self.request.version.as_str();
        let missing =
            || LocateError::NotFound { chart: chart.to_owned(), asked: asked.to_owned(), place: place.clone() };
        let offer = repository.offer(chart, asked, &entries.unwrap_or_default()).map_err(|e| match e {
            RepositoryError::NoUrls { .. } => LocateError::Offer(e),
            _ => missing(),
        })?;
        self.download(&repository, chart, &offer.ok_or_else(missing)?)
    }

    /// `repo/name`, with a repository that was added to Helm.
    fn by_name(&self, reference: &str, known: &[HelmRepository]) -> Result<HelmChart, LocateError> {
        let (name, chart) = reference.split_once('/').ok_or_else(|| LocateError::Relative(safe_text(reference)))?;
        let added = known.iter().find(|r| r.name == name);
        let added = added.ok_or_else(|| LocateError::UnknownRepository(name.to_owned()))?;
        if added.url.is_empty() {
            return Err(LocateError::NoUrl(name.to_owned()));
        }
        let (address, grant) = self.grant_of(added)?;
        let index = self.known_index(name)?;
        let client = self.client(grant);
        let repository = self.repository(address, &client);
        let asked = self.request.version.as_str();
        let missing = |why: String| LocateError::NotInIndex {
            chart: chart.to_owned(),
            asked: asked.to_owned(),
            repository: name.to_owned(),
            why,
        };
        let entries = index::entries(&index, chart)
            .map_err(LocateError::CachedIndex)?
            .ok_or_else(|| missing("no chart name found".into()))?;
        if entries.is_empty() {
            return Err(missing("no chart version found".into()));
        }
        let offer = repository.offer(chart, asked, &entries).map_err(|e| match e {
            RepositoryError::NoUrls { .. } => LocateError::NoUrls(reference.to_owned()),
            e => missing(e.to_string()),
        })?;
        let offer = offer.ok_or_else(|| missing(format!("no chart version found for {chart}-{asked}")))?;
        self.download(&repository, chart, &offer)
    }

    /// A URL of an archive. The credentials of a repository that has it are used, as far as they are for its origin.
    fn at_url(&self, mut address: Address, known: &[HelmRepository]) -> Result<HelmChart, LocateError> {
        if !address.is_web() {
            return Err(LocateError::Scheme(address.scheme().to_owned()));
        }
        for added in known {
            let index = self.known_index(&added.name)?;
            if index::urls(&index).iter().any(|u| Address::parse(u).is_ok_and(|u| u == address)) {
                let (base, grant) = self.grant_of(added)?;
                let client = self.client(grant);
                return self.archive(&self.repository(base, &client), &address, None);
            }
        }
        let mut access = self.request.access.clone();
        access.take_from(&mut address);
        let client = self.client(access.granted_to(&address));
        self.archive(&self.repository(address.clone(), &client), &address, None)
    }

    /// Where an added repository is, and who we are to it: as it was added, else as the flags say.
    fn grant_of(&self, added: &HelmRepository) -> Result<(Address, Grant), LocateError> {
        let mut address = Address::parse(&added.url).map_err(|_| LocateError::BadUrl(safe_text(&added.url)))?;
        let access = self.access_of(added, &mut address);
        let grant = access.granted_to(&address);
        Ok((address, grant))
    }

    fn access_of(&self, added: &HelmRepository, address: &mut Address) -> Access {
        let flags = &self.request.access;
        let own = &added.access;
        let named = own.username.is_some() && own.password.is_some();
        let mut access = Access {
            username: if named { own.username.clone() } else { flags.username.clone() },
            password: if named { own.password.clone() } else { flags.password.clone() },
            ca: own.ca.clone().or_else(|| flags.ca.clone()),
            certificate: own.certificate.clone().or_else(|| flags.certificate.clone()),
            key: own.key.clone().or_else(|| flags.key.clone()),
            insecure: own.insecure || flags.insecure,
            pass_credentials: own.pass_credentials || flags.pass_credentials,
            ..flags.clone()
        };
        access.take_from(address);
        access
    }

    /// The index that `helm repo update` fetched.
    fn known_index(&self, name: &str) -> Result<Vec<u8>, LocateError> {
        let file = self.request.repository_cache.join(format!("{name}-index.yaml"));
        folder::read(&file, folder::MOST_IN_ALL)
            .map_err(|cause| LocateError::NoCachedIndex { file, cause: Arc::new(cause) })
    }

    fn download(&self, repository: &Repository<'_>, chart: &str, offer: &Offer) -> Result<HelmChart, LocateError> {
        let found = self.archive(repository, &offer.address, offer.digest.as_deref())?;
        let warning = offer.instead.then(|| {
            format!(
                "msg=\"unable to find exact version requested; falling back to closest available version\" \
                 chart={chart} requested={} selected={}",
                self.request.version, offer.version
            )
        });
        Ok(HelmChart { warning, ..found })
    }

    fn archive(
        &self,
        repository: &Repository<'_>,
        address: &Address,
        digest: Option<&str>,
    ) -> Result<HelmChart, LocateError> {
        let archive = repository.download(address, digest)?;
        if let Some(keyring) = &self.request.keyring {
            let signature =
                repository.provenance(address).map_err(|_| LocateError::NoProvenance(address.to_string()))?;
            verify(&archive.data, &signature, address.file_name(), keyring)?;
        }
        Ok(HelmChart { data: archive.data, from: address.to_string(), warning: None })
    }

    /// `oci://host/path[:tag][@digest]` (`ValidateReference`).
    fn in_registry(&self, text: &str) -> Result<HelmChart, LocateError> {
        let mut reference = Reference::parse(text)?;
        let asked = self.request.version.clone();
        let access = self.request.access.clone();
        let address = reference.address(access.plain_http, "")?;
        let client = self.client(access.granted_to(&address));
        let registry = Registry::new(&client, self.cache, self.request.offline, &self.request.registry_configs);
        let version = match &reference.tag {
            Some(tag) if !asked.is_empty() && *tag != asked.replace('+', "_") => {
                return Err(LocateError::Mismatch { asked, tag: tag.clone() });
            }
            Some(tag) if asked.is_empty() => tag.clone(),
            _ => asked,
        };
        if reference.digest.is_none() {
            reference.tag = Some(if Version::parse(version.replace('_', "+").as_bytes()).is_ok() {
                version.replace('+', "_")
            } else {
                self.newest(&registry, &reference, text, &version)?
            });
        }
        let pulled = registry.pull(&reference, None).map_err(LocateError::Registry)?;
        let name = match (&reference.tag, &reference.digest) {
            (Some(tag), None) => format!("{}:{tag}", reference.name()),
            (_, digest) => format!("{}@{}", reference.name(), digest.as_deref().unwrap_or(&pulled.manifest)),
        };
        (self.print)(&format!("Pulled: {name}\nDigest: {}\n", pulled.manifest));
        let name = reference.repository.rsplit('/').next().unwrap_or_default();
        if let Some(keyring) = &self.request.keyring {
            let shown =
                reference.tag.as_ref().map_or_else(|| reference.name(), |tag| format!("{}:{tag}", reference.name()));
            let failed = || LocateError::NoProvenance(format!("oci://{shown}"));
            let layer = pulled.provenance.as_ref().ok_or_else(failed)?;
            let signature = registry.blob(&reference, layer).map_err(|_| failed())?;
            let version = reference.tag.clone().unwrap_or_default().replace('_', "+");
            verify(&pulled.chart.data, &signature, &format!("{name}-{version}.tgz"), keyring)?;
        }
        Ok(HelmChart { data: pulled.chart.data, from: text.to_owned(), warning: None })
    }

    fn newest(&self, registry: &Registry<'_>, of: &Reference, text: &str, asked: &str) -> Result<String, LocateError> {
        let tags = registry.tags(of).map_err(LocateError::Registry)?;
        if !tags.iter().any(|t| Version::parse_strict(t.replace('_', "+").as_bytes()).is_ok()) {
            return Err(LocateError::NoTags(text.to_owned()));
        }
        let strict: Vec<String> =
            tags.into_iter().filter(|t| Version::parse_strict(t.replace('_', "+").as_bytes()).is_ok()).collect();
        newest_tag(&strict, asked)?.ok_or_else(|| LocateError::NoMatch(asked.to_owned()))
    }
}

/// Checks the signature of an archive of that name.
fn verify(data: &[u8], signature: &[u8], name: &str, keyring: &Path) -> Result<(), LocateError> {
    if !name.to_ascii_lowercase().ends_with(".tgz") {
        return Err(LocateError::NoArchive);
    }
    provenance::verify(data, signature, name, keyring)?;
    Ok(())
}

/// What a registry said, without our own introduction.
fn registry_words(error: &Error) -> String {
    match error {
        Error::Registry(OciError::Unreachable { cause, .. }) if cause.to_string().starts_with("Get ") => {
            cause.to_string()
        }
        Error::Registry(OciError::NotFound(_)) => {
            format!("failed to perform \"FetchReference\" on source: {error}")
        }
        _ => error.to_string(),
    }
}

fn scheme(text: &str) -> &str {
    text.split_once("://").map_or("", |(scheme, _)| scheme)
}
