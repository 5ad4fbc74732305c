//! Charts by the references that `helm` takes: `--repo URL NAME`, `repo/name`,
//! URLs, `oci://…` (`LocateChart`, `ChartDownloader`).

use std::path::{Path, PathBuf};
use std::time::Duration;

use flux::FetchError;
use gosemver::Version;
use url::Url;

use crate::access::Access;
use crate::cache::Cache;
use crate::go_words::go_words;
use crate::helm_repositories::{HelmRepository, repositories};
use crate::http::{Client, Patience};
use crate::oci::{Reference, Registry};
use crate::repository::{Offer, Repository};
use crate::resolve::newest_tag;
use crate::{folder, index, provenance};

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
/// In Helm's words, with Go's for what the system or a server said.
pub fn fetch(reference: &str, request: &HelmRequest, print: &dyn Fn(&str)) -> Result<HelmChart, String> {
    let cache = Cache::open(request.cache.as_deref());
    let run = Run { request, cache: &cache, print };
    if let Some(url) = &request.repository {
        return run.in_repository(url, reference);
    }
    if reference.starts_with("oci://") {
        return run.in_registry(reference);
    }
    let known = repositories(&request.repository_config)?;
    match Url::parse(reference) {
        Ok(url) if url.has_host() && !url.path().is_empty() => run.at_url(url, &known),
        _ => run.by_name(reference, &known),
    }
}

struct Run<'a> {
    request: &'a HelmRequest,
    cache: &'a Cache,
    print: &'a dyn Fn(&str),
}

impl Run<'_> {
    fn client(&self, access: Access) -> Client {
        Client::new(access, self.request.patience.clone())
    }

    fn repository<'c>(&'c self, url: Url, client: &'c Client) -> Repository<'c> {
        // Helm asks for the index every time.
        Repository { url, client, cache: self.cache, offline: self.request.offline, fresh: Duration::ZERO }
    }

    /// `--repo URL NAME`
    fn in_repository(&self, text: &str, chart: &str) -> Result<HelmChart, String> {
        let mut url = Url::parse(text).map_err(|_| format!("could not find protocol handler for: {}", scheme(text)))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("could not find protocol handler for: {}", url.scheme()));
        }
        let mut access = self.request.access.clone();
        access.take_from(&mut url);
        let client = self.client(access);
        let repository = self.repository(url, &client);
        let shown = crate::http::shown(&repository.url);
        let shown = if text.contains('@') { shown.as_str() } else { text };
        let index = repository
            .index()
            .map_err(|e| format!("looks like {shown:?} is not a valid chart repository or cannot be reached: {e}"))?;
        let entries = index::entries(&index, chart)
            .map_err(|e| format!("looks like {shown:?} is not a valid chart repository or cannot be reached: {e}"))?;
        let asked = self.request.version.as_str();
        let version = if asked.is_empty() { String::new() } else { format!(" version {asked:?}") };
        let missing = || format!("chart {chart:?}{version} not found in {shown} repository");
        let offer = repository.offer(chart, asked, &entries.unwrap_or_default()).map_err(|e| match e {
            FetchError::NotFound(text) if text.contains("downloadable") => text,
            _ => missing(),
        })?;
        self.download(&repository, chart, &offer.ok_or_else(missing)?)
    }

    /// `repo/name`, with a repository that was added to Helm.
    fn by_name(&self, reference: &str, known: &[HelmRepository]) -> Result<HelmChart, String> {
        let Some((name, chart)) = reference.split_once('/') else {
            return Err(format!("non-absolute URLs should be in form of repo_name/path_to_chart, got: {reference}"));
        };
        let added = known.iter().find(|r| r.name == name).ok_or_else(|| format!("repo {name} not found"))?;
        if added.url.is_empty() {
            return Err(format!("no URL found for repository {name}"));
        }
        let mut url = Url::parse(&added.url).map_err(|_| format!("invalid chart URL format: {}", added.url))?;
        let index = self.known_index(name)?;
        let client = self.client(self.access_of(added, &mut url));
        let repository = self.repository(url, &client);
        let asked = self.request.version.as_str();
        let missing = |why: String| {
            format!("chart {chart:?} matching {asked} not found in {name} index. (try 'helm repo update'): {why}")
        };
        let entries = index::entries(&index, chart)
            .map_err(|e| format!("no cached repo found. (try 'helm repo update'): {e}"))?
            .ok_or_else(|| missing("no chart name found".into()))?;
        if entries.is_empty() {
            return Err(missing("no chart version found".into()));
        }
        let offer = repository.offer(chart, asked, &entries).map_err(|e| match e {
            FetchError::NotFound(text) if text.contains("downloadable") => {
                format!("chart {reference:?} has no downloadable URLs")
            }
            e => missing(e.to_string()),
        })?;
        let offer = offer.ok_or_else(|| missing(format!("no chart version found for {chart}-{asked}")))?;
        self.download(&repository, chart, &offer)
    }

    /// A URL of an archive. The credentials of a repository that has it are used.
    fn at_url(&self, mut url: Url, known: &[HelmRepository]) -> Result<HelmChart, String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("scheme {:?} not supported", url.scheme()));
        }
        for added in known {
            let index = self.known_index(&added.name)?;
            if index::urls(&index).iter().any(|u| Url::parse(u).is_ok_and(|u| u == url)) {
                let mut base =
                    Url::parse(&added.url).map_err(|_| format!("invalid chart URL format: {}", added.url))?;
                let client = self.client(self.access_of(added, &mut base));
                return self.archive(&self.repository(base, &client), &url, None);
            }
        }
        let mut access = self.request.access.clone();
        access.take_from(&mut url);
        let client = self.client(access);
        self.archive(&self.repository(url.clone(), &client), &url, None)
    }

    /// Who we are to an added repository: as it was added, else as the flags say.
    fn access_of(&self, added: &HelmRepository, url: &mut Url) -> Access {
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
        access.take_from(url);
        access
    }

    /// The index that `helm repo update` fetched.
    fn known_index(&self, name: &str) -> Result<Vec<u8>, String> {
        let file = self.request.repository_cache.join(format!("{name}-index.yaml"));
        let failed = |e: std::io::Error| {
            let file = file.display();
            format!("no cached repo found. (try 'helm repo update'): open {file}: {}", go_words(&e))
        };
        folder::read(&file, folder::MOST_IN_ALL).map_err(failed)
    }

    fn download(&self, repository: &Repository<'_>, chart: &str, offer: &Offer) -> Result<HelmChart, String> {
        let found = self.archive(repository, &offer.url, offer.digest.as_deref())?;
        let warning = offer.instead.then(|| {
            format!(
                "msg=\"unable to find exact version requested; falling back to closest available version\" \
                 chart={chart} requested={} selected={}",
                self.request.version, offer.version
            )
        });
        Ok(HelmChart { warning, ..found })
    }

    fn archive(&self, repository: &Repository<'_>, url: &Url, digest: Option<&str>) -> Result<HelmChart, String> {
        let archive = repository.download(url, digest).map_err(|e| e.to_string())?;
        if let Some(keyring) = &self.request.keyring {
            let signature =
                repository.provenance(url).map_err(|_| format!("failed to fetch provenance \"{url}.prov\""))?;
            let name = url.path().rsplit('/').next().unwrap_or_default();
            self.verify(&archive.data, &signature, name, keyring)?;
        }
        Ok(HelmChart { data: archive.data, from: crate::http::shown(url), warning: None })
    }

    fn verify(&self, data: &[u8], signature: &[u8], name: &str, keyring: &Path) -> Result<(), String> {
        if !name.to_ascii_lowercase().ends_with(".tgz") {
            return Err("chart must be a tgz file".into());
        }
        provenance::verify(data, signature, name, keyring).map(drop).map_err(|e| e.to_string())
    }

    /// `oci://host/path[:tag][@digest]` (`ValidateReference`).
    fn in_registry(&self, text: &str) -> Result<HelmChart, String> {
        let mut reference = Reference::parse(text)?;
        let asked = self.request.version.clone();
        let client = self.client(self.request.access.clone());
        let registry = Registry::new(&client, self.cache, self.request.offline, &self.request.registry_configs);
        let version = match &reference.tag {
            Some(tag) if !asked.is_empty() && *tag != asked.replace('+', "_") => {
                return Err(format!("chart reference and version mismatch: {asked} is not {tag}"));
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
        let pulled = registry.pull(&reference, None).map_err(|e| words(&e))?;
        let name = match (&reference.tag, &reference.digest) {
            (Some(tag), None) => format!("{}:{tag}", reference.name()),
            (_, digest) => format!("{}@{}", reference.name(), digest.as_deref().unwrap_or(&pulled.manifest)),
        };
        (self.print)(&format!("Pulled: {name}\nDigest: {}\n", pulled.manifest));
        let name = reference.repository.rsplit('/').next().unwrap_or_default();
        if let Some(keyring) = &self.request.keyring {
            let shown =
                reference.tag.as_ref().map_or_else(|| reference.name(), |tag| format!("{}:{tag}", reference.name()));
            let failed = || format!("failed to fetch provenance \"oci://{shown}.prov\"");
            let layer = pulled.provenance.as_ref().ok_or_else(failed)?;
            let signature = registry.blob(&reference, layer).map_err(|_| failed())?;
            let version = reference.tag.clone().unwrap_or_default().replace('_', "+");
            self.verify(&pulled.chart.data, &signature, &format!("{name}-{version}.tgz"), keyring)?;
        }
        Ok(HelmChart { data: pulled.chart.data, from: text.to_owned(), warning: None })
    }

    fn newest(&self, registry: &Registry<'_>, of: &Reference, text: &str, asked: &str) -> Result<String, String> {
        let tags = registry.tags(of).map_err(|e| words(&e))?;
        if !tags.iter().any(|t| Version::parse_strict(t.replace('_', "+").as_bytes()).is_ok()) {
            return Err(format!("unable to locate any tags in provided repository: {text}"));
        }
        let strict: Vec<String> =
            tags.into_iter().filter(|t| Version::parse_strict(t.replace('_', "+").as_bytes()).is_ok()).collect();
        newest_tag(&strict, asked)?
            .ok_or_else(|| format!("could not locate a version matching provided version string {asked}"))
    }
}

/// What a registry said, without our own introduction.
fn words(error: &FetchError) -> String {
    let text = error.to_string();
    match text.split_once(": Get \"") {
        Some((head, rest)) if head.starts_with("oci://") => format!("Get \"{rest}"),
        _ if text.ends_with(": not found") => format!("failed to perform \"FetchReference\" on source: {text}"),
        _ => text,
    }
}

fn scheme(text: &str) -> &str {
    text.split_once("://").map_or("", |(scheme, _)| scheme)
}
