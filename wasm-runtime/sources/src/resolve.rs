//! From a place and what is wanted of it to a chart.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use flux::{ChartWanted, FetchError};
use helm::Warnings;
use helm::chart::{self, Bytes, Chart, File, Limits};
use sha2::{Digest, Sha256};
use url::Url;

use crate::access::Access;
use crate::archive;
use crate::cache::{Cache, hex, sha256};
use crate::dependencies;
use crate::folder;
use crate::git::{Git, GitRef};
use crate::go_words::go_words;
use crate::http::{Client, Patience};
use crate::location::{Location, Oci};
use crate::lockfile::Pin;
use crate::oci::Registry;
use crate::provenance::{self, ProvenanceError};
use crate::repository::{Downloaded, FRESH, Offer, Repository};
use crate::tree::{Place, Tree};
use crate::versions::{Picked, pick};

/// A chart that was found, not loaded yet.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) content: Content,
    /// As Flux writes it.
    pub(crate) revision: Option<String>,
    /// Files that were asked for beside the chart, by the path as it was asked for.
    pub(crate) values_files: Vec<(String, Bytes)>,
    /// Whether it comes from a folder that changes under people's hands.
    pub(crate) is_loose: bool,
    /// What people should know.
    pub(crate) warning: Option<String>,
}

/// What a chart is made of.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// The bytes of a `.tgz`.
    Archive(Bytes),
    /// The files of a folder, and its name for messages.
    Files(String, Vec<File>),
}

impl Content {
    /// Loads the chart.
    pub(crate) fn load(&self) -> Result<Arc<Chart>, FetchError> {
        let mut warnings = Warnings::default();
        match self {
            Content::Archive(data) => chart::load_archive(data.clone(), Limits::default(), &mut warnings),
            Content::Files(shown, files) => chart::load_folder(shown, files.clone(), Limits::default(), &mut warnings),
        }
        .map_err(|e| FetchError::Invalid(e.to_string()))
    }

    /// `sha256:…`: of an archive's bytes; of a folder's files with their names and
    /// lengths, sorted, so that it does not depend on how anybody packs them.
    pub(crate) fn digest(&self) -> String {
        let files = match self {
            Content::Archive(data) => return sha256(data),
            Content::Files(_, files) => files,
        };
        let mut files: Vec<&File> = files.iter().collect();
        files.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        let mut hash = Sha256::new();
        for file in files {
            hash.update((file.name.len() as u64).to_be_bytes());
            hash.update(file.name.as_bytes());
            hash.update((file.data.len() as u64).to_be_bytes());
            hash.update(&file.data);
        }
        format!("sha256:{}", hex(&hash.finalize()))
    }
}

/// How charts are fetched, and what was fetched before.
pub(crate) struct Fetcher<'a> {
    pub(crate) cache: &'a Cache,
    pub(crate) offline: bool,
    pub(crate) patience: &'a Patience,
    /// Files with credentials for registries.
    pub(crate) registry_configs: &'a [PathBuf],
    /// What Git runs for SSH.
    pub(crate) ssh_command: Option<&'a str>,
    /// Keys that charts must be signed with.
    pub(crate) keyring: Option<&'a Path>,
    /// Who we are to a repository that a chart's dependency names.
    pub(crate) access: &'a dyn Fn(&str) -> Access,
}

impl Fetcher<'_> {
    /// Finds a chart. With a pin it is that one.
    pub(crate) fn find(
        &self,
        location: &Location,
        wanted: &ChartWanted,
        pin: Option<&Pin>,
    ) -> Result<Found, FetchError> {
        match location {
            Location::Path(path) => self.local(path, wanted),
            Location::Repository(url, access) => self.of_repository(url, access, wanted, pin),
            Location::Archive(url, access) => {
                let client = Client::new(access.clone(), self.patience.clone());
                let repository = self.repository(url, &client);
                if let Some(found) = self.pinned(pin) {
                    return Ok(found);
                }
                let archive = repository.download(url, None)?;
                self.verify_url(&repository, url, &archive)?;
                self.in_archive(url.as_str(), archive.data, wanted)
            }
            Location::Registry(oci) => self.of_registry(oci, wanted, pin),
            Location::Git(url, reference, access) => self.of_git(url, reference, access, wanted, pin),
            Location::Elsewhere(why) => Err(FetchError::NotFound(why.clone())),
        }
    }

    fn repository<'c>(&'c self, url: &Url, client: &'c Client) -> Repository<'c> {
        Repository { url: url.clone(), client, cache: self.cache, offline: self.offline, fresh: FRESH }
    }

    /// The archive that is pinned, if it was fetched before and needs no signature.
    fn pinned(&self, pin: Option<&Pin>) -> Option<Found> {
        let pin = pin.filter(|_| self.keyring.is_none())?;
        let data = self.cache.content(&pin.digest)?;
        Some(plain(Content::Archive(Bytes::from(data)), Some(pin.revision.clone()).filter(|r| !r.is_empty())))
    }

    /// A chart in a folder or archive.
    fn local(&self, path: &Path, wanted: &ChartWanted) -> Result<Found, FetchError> {
        if path.is_dir() {
            let found = self.in_tree(&Tree::Folder(path.to_path_buf()), wanted)?;
            let is_loose = matches!(found.content, Content::Files(..));
            if let (Some(_), Content::Files(shown, _)) = (self.keyring, &found.content) {
                return Err(FetchError::Invalid(format!("{shown}: unpacked charts cannot be verified")));
            }
            return Ok(Found { is_loose, ..found });
        }
        let data = folder::read(path, folder::MOST_IN_ALL)
            .map_err(|e| FetchError::Unreachable(format!("open {}: {}", path.display(), go_words(&e))))?;
        if let Some(keyring) = self.keyring {
            let signature = PathBuf::from(format!("{}.prov", path.display()));
            provenance::verify_file(path, &data, &signature, keyring).map_err(tampered)?;
        }
        self.in_archive(&path.display().to_string(), data, wanted)
    }

    /// A chart, or a chart in an archived repository.
    fn in_archive(&self, shown: &str, data: Vec<u8>, wanted: &ChartWanted) -> Result<Found, FetchError> {
        let invalid = |e: FetchError| match e {
            FetchError::Invalid(m) => FetchError::Invalid(format!("{shown}: {m}")),
            e => e,
        };
        let files = archive::files(&data).map_err(invalid)?;
        // A chart's archive is left to Helm's loader, which refuses what leads outside.
        let top = |name: &String| name.split_once('/').map(|(top, _)| top.to_owned());
        let first = files.keys().next().and_then(top);
        let is_chart = first.as_ref().is_some_and(|folder| {
            files.contains_key(&format!("{folder}/Chart.yaml")) && files.keys().all(|name| top(name) == first)
        });
        if is_chart {
            let content = Content::Archive(Bytes::from(data));
            // The chart may have been asked for by its path in a repository.
            let wanted = wanted.chart.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            if !matches!(wanted, "" | ".") && first.as_deref() != Some(wanted) {
                let name = content.load().map_err(invalid)?.name().to_string();
                if name != wanted {
                    return Err(FetchError::NotFound(format!("{shown} is the chart {name}, not {wanted}")));
                }
            }
            return Ok(plain(content, None));
        }
        self.in_tree(&Tree::Files(Arc::new(files)), wanted)
    }

    /// A chart in a source's files. Flux ignores the version there.
    fn in_tree(&self, tree: &Tree, wanted: &ChartWanted) -> Result<Found, FetchError> {
        let content = match tree.find(&wanted.chart) {
            Ok(Place::Folder(path)) => {
                let mut files = tree.chart(&path)?;
                dependencies::add_missing(tree, &path, &mut files, &|url, chart, version| {
                    self.dependency(url, chart, version)
                })?;
                Content::Files(tree.shown(&path), files)
            }
            Ok(Place::Archive(path)) => Content::Archive(tree.read(&path).unwrap_or_default()),
            Err(error) => match packaged(tree, wanted)? {
                Some(data) => Content::Archive(data),
                None => return Err(error),
            },
        };
        let file = |path: &String| Some((path.clone(), tree.read(&archive::inside(path)?)?));
        let values_files = wanted.values_files.iter().filter_map(file).collect();
        Ok(Found { values_files, ..plain(content, None) })
    }

    /// A chart that another one in a folder or Git repository depends on.
    fn dependency(&self, url: &str, chart: &str, version: &str) -> Result<Bytes, FetchError> {
        let location =
            Location::parse(url, None, &(self.access)(url)).map_err(|e| FetchError::NotFound(e.to_string()))?;
        if !matches!(location, Location::Repository(..) | Location::Registry(_)) {
            return Err(FetchError::NotFound(format!("{url} is no chart repository")));
        }
        let wanted = ChartWanted { chart: chart.into(), version: version.into(), ..ChartWanted::default() };
        let signed = Fetcher { keyring: None, ..*self };
        match signed.find(&location, &wanted, None)?.content {
            Content::Archive(data) => Ok(data),
            Content::Files(..) => Err(FetchError::NotFound(format!("{url} is no chart repository"))),
        }
    }

    /// A chart of a chart repository.
    fn of_repository(
        &self,
        url: &Url,
        access: &Access,
        wanted: &ChartWanted,
        pin: Option<&Pin>,
    ) -> Result<Found, FetchError> {
        if let Some(found) = self.pinned(pin) {
            return Ok(found);
        }
        let client = Client::new(access.clone(), self.patience.clone());
        let repository = self.repository(url, &client);
        let asked = pin.map_or(wanted.version.as_str(), |p| p.version.as_str());
        let offer = repository.find(&wanted.chart, asked)?.ok_or_else(|| {
            let version = if asked.is_empty() { String::new() } else { format!(" version {asked:?}") };
            FetchError::NotFound(format!("chart {:?}{version} not found in {url} repository", wanted.chart))
        })?;
        let digest = pin.map(|p| p.digest.clone()).or(offer.digest.clone());
        let archive = repository.download(&offer.url, digest.as_deref())?;
        self.verify_url(&repository, &offer.url, &archive)?;
        let Offer { version, instead, .. } = offer;
        let warning = instead.then(|| format!("{url} has no {} {asked}: {version} was taken", wanted.chart));
        Ok(Found { warning, ..plain(Content::Archive(Bytes::from(archive.data)), Some(version)) })
    }

    fn verify_url(&self, repository: &Repository<'_>, url: &Url, archive: &Downloaded) -> Result<(), FetchError> {
        let Some(keyring) = self.keyring else { return Ok(()) };
        let signature = repository.provenance(url).map_err(|e| match e {
            FetchError::NotFound(_) => FetchError::NotFound(format!("failed to fetch provenance \"{url}.prov\"")),
            e => e,
        })?;
        let name = url.path().rsplit('/').next().unwrap_or_default();
        provenance::verify(&archive.data, &signature, name, keyring).map(drop).map_err(tampered)
    }

    /// A chart of a registry.
    fn of_registry(&self, oci: &Oci, wanted: &ChartWanted, pin: Option<&Pin>) -> Result<Found, FetchError> {
        if let Some(found) = self.pinned(pin) {
            return Ok(found);
        }
        let client = Client::new(oci.access.clone(), self.patience.clone());
        let registry = Registry::new(&client, self.cache, self.offline, self.registry_configs);
        let exact = oci.reference.tag.is_some() || oci.reference.digest.is_some();
        let several =
            oci.several.unwrap_or(!exact && wanted.source.kind != "OCIRepository" && !wanted.chart.is_empty());
        let mut reference = match several {
            true => oci.reference.below(&wanted.chart).map_err(FetchError::NotFound)?,
            false => oci.reference.clone(),
        };
        let asked = oci.semver.as_deref().unwrap_or(&wanted.version);
        let asked = pin.map(|p| p.version.as_str()).filter(|v| !v.is_empty() && !exact).unwrap_or(asked);
        // An OCIRepository without a reference means the tag `latest`.
        let is_latest = oci.several == Some(false) && oci.semver.is_none();
        if !exact && !is_latest {
            let tags = registry.tags(&reference)?;
            let tag = newest_tag(&tags, asked).map_err(FetchError::NotFound)?;
            reference.tag = Some(tag.ok_or_else(|| {
                let range = if asked.is_empty() { String::new() } else { format!(" in {asked:?}") };
                FetchError::NotFound(format!("oci://{} has no version{range}", reference.name()))
            })?);
        }
        let pulled = registry.pull(&reference, pin.map(|p| p.digest.as_str()))?;
        if let Some(keyring) = self.keyring {
            let layer = pulled.provenance.as_ref().ok_or_else(|| {
                FetchError::NotFound(format!("failed to fetch provenance \"oci://{}.prov\"", reference.name()))
            })?;
            let signature = registry.blob(&reference, layer)?;
            let name = reference.repository.rsplit('/').next().unwrap_or_default();
            let version = reference.tag.clone().unwrap_or_default().replace('_', "+");
            provenance::verify(&pulled.chart.data, &signature, &format!("{name}-{version}.tgz"), keyring)
                .map_err(tampered)?;
        }
        // Flux names the manifest only where the source is the chart.
        let revision = match (&reference.tag, several) {
            (Some(tag), true) => tag.replace('_', "+"),
            (Some(tag), false) => format!("{tag}@{}", pulled.manifest),
            (None, _) if oci.reference.digest.is_some() => pulled.manifest,
            (None, _) => format!("latest@{}", pulled.manifest),
        };
        Ok(plain(Content::Archive(Bytes::from(pulled.chart.data)), Some(revision)))
    }

    /// A chart of a Git repository.
    fn of_git(
        &self,
        url: &Url,
        reference: &GitRef,
        access: &Access,
        wanted: &ChartWanted,
        pin: Option<&Pin>,
    ) -> Result<Found, FetchError> {
        if self.keyring.is_some() {
            return Err(FetchError::Invalid(format!("{url}: unpacked charts cannot be verified")));
        }
        let git = Git {
            url,
            access,
            cache: self.cache,
            offline: self.offline,
            timeout: self.patience.total,
            ssh_command: self.ssh_command,
        };
        let tree = Arc::new(git.tree(reference, pin.map(|p| p.revision.as_str()))?);
        let revision = tree.revision.clone();
        let found = self.in_tree(&Tree::Git(tree), wanted).map_err(|e| match e {
            FetchError::NotFound(m) => FetchError::NotFound(format!("{url} ({revision}): {m}")),
            e => e,
        })?;
        Ok(Found { revision: Some(revision), ..found })
    }
}

/// A chart that cannot be trusted.
fn tampered(error: ProvenanceError) -> FetchError {
    FetchError::Tampered(error.to_string())
}

fn plain(content: Content, revision: Option<String>) -> Found {
    Found { content, revision, values_files: Vec::new(), is_loose: false, warning: None }
}

/// The tag of the version that is meant; a `_` in a tag stands for `+`.
///
/// # Errors
/// Where what is asked is no range.
pub(crate) fn newest_tag(tags: &[String], asked: &str) -> Result<Option<String>, String> {
    let versions: Vec<String> = tags.iter().map(|tag| tag.replace('_', "+")).collect();
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    let picked = pick(&versions, asked)?;
    Ok(picked.and_then(|(Picked::As(at) | Picked::Instead(at))| tags.get(at).cloned()))
}

/// The newest archive `NAME-VERSION.tgz` of a folder that the wanted range allows.
fn packaged(tree: &Tree, wanted: &ChartWanted) -> Result<Option<Bytes>, FetchError> {
    let Tree::Folder(root) = tree else { return Ok(None) };
    let Ok(entries) = std::fs::read_dir(root) else { return Ok(None) };
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let version = |name: &str| -> Option<String> {
        Some(name.strip_prefix(wanted.chart.as_str())?.strip_prefix('-')?.strip_suffix(".tgz")?.to_owned())
    };
    let versions: Vec<String> = names.iter().filter_map(|n| version(n)).collect();
    let texts: Vec<&str> = versions.iter().map(String::as_str).collect();
    let picked = pick(&texts, &wanted.version).map_err(FetchError::NotFound)?;
    let Some(Picked::As(at) | Picked::Instead(at)) = picked else { return Ok(None) };
    Ok(texts.get(at).and_then(|version| tree.read(&format!("{}-{version}.tgz", wanted.chart))))
}
