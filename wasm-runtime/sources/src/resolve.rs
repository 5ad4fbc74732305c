//! From a place and what is wanted of it to a chart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flux::ChartWanted;
use helm::chart::Bytes;

use crate::access::{Access, Grant};
use crate::address::Address;
use crate::archive;
use crate::cache::Cache;
use crate::content::Content;
use crate::dependencies;
use crate::error::{Error, MissingDependency};
use crate::folder;
use crate::git::{Git, GitRef};
use crate::go_words::go_words;
use crate::http::{Client, Patience};
use crate::location::{Location, Oci};
use crate::lockfile::Pin;
use crate::oci::{OciError, Registry};
use crate::provenance;
use crate::reason::Reason;
use crate::repository::{Downloaded, Offer, Repository};
use crate::tree::{Place, Tree};
use crate::versions::{Picked, newest_tag, pick};

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
    /// How old an index may be that is taken without asking the server.
    pub(crate) fresh: Duration,
    /// The place that a chart's dependency names, with the credentials of the source that it is, or with none.
    pub(crate) granted: &'a dyn Fn(Location) -> Location,
}

impl Fetcher<'_> {
    /// Finds a chart. With a pin it is that one.
    pub(crate) fn find(&self, location: &Location, wanted: &ChartWanted, pin: Option<&Pin>) -> Result<Found, Error> {
        match location {
            Location::Path(path) => self.local(path, wanted),
            Location::Repository(address, grant) => self.of_repository(address, grant, wanted, pin),
            Location::Archive(address, grant) => {
                let client = Client::new(grant.clone(), self.patience.clone());
                let repository = self.repository(address, &client);
                if let Some(found) = self.pinned(pin) {
                    return Ok(found);
                }
                let archive = repository.download(address, None)?;
                self.verify_download(&repository, address, &archive)?;
                self.in_archive(&address.to_string(), archive.data, wanted, Tree::Files)
            }
            Location::Registry(oci) => self.of_registry(oci, wanted, pin),
            Location::Git(address, reference, grant) => self.of_git(address, reference, grant, wanted, pin),
            Location::Elsewhere(why) => Err(Error::Elsewhere(why.clone())),
        }
    }

    fn repository<'c>(&'c self, address: &Address, client: &'c Client) -> Repository<'c> {
        Repository { address: address.clone(), client, cache: self.cache, offline: self.offline, fresh: self.fresh }
    }

    /// The archive that is pinned, if it was fetched before and needs no signature.
    fn pinned(&self, pin: Option<&Pin>) -> Option<Found> {
        let pin = pin.filter(|_| self.keyring.is_none())?;
        let data = self.cache.content(&pin.digest)?;
        Some(plain(Content::Archive(Bytes::from(data)), Some(pin.revision.clone()).filter(|r| !r.is_empty())))
    }

    /// A chart in a folder or archive.
    fn local(&self, path: &Path, wanted: &ChartWanted) -> Result<Found, Error> {
        if path.is_dir() {
            let found = self.in_tree(&Tree::Folder(path.to_path_buf()), wanted)?;
            let is_loose = matches!(found.content, Content::Files(..));
            if let (Some(_), Content::Files(shown, _)) = (self.keyring, &found.content) {
                return Err(Error::Unpacked(shown.clone()));
            }
            return Ok(Found { is_loose, ..found });
        }
        let data = folder::read(path, folder::MOST_IN_ALL)
            .map_err(|e| Error::File { path: path.to_path_buf(), words: go_words(&e) })?;
        if let Some(keyring) = self.keyring {
            let signature = PathBuf::from(format!("{}.prov", path.display()));
            provenance::verify_file(path, &data, &signature, keyring)?;
        }
        self.in_archive(&path.display().to_string(), data, wanted, Tree::Files)
    }

    /// A chart, or a chart in an archived repository; `tree` says what kind of tree its files are.
    pub(crate) fn in_archive(
        &self,
        shown: &str,
        data: Vec<u8>,
        wanted: &ChartWanted,
        tree: fn(Arc<BTreeMap<String, Bytes>>) -> Tree,
    ) -> Result<Found, Error> {
        let files = archive::files(&data).map_err(|e| Error::from(e).within(shown))?;
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
                let name = content.load().map_err(|e| Error::from(e).within(shown))?.name().to_string();
                if name != wanted {
                    return Err(Error::OtherChart { place: shown.to_owned(), found: name, wanted: wanted.to_owned() });
                }
            }
            return Ok(plain(content, None));
        }
        self.in_tree(&tree(Arc::new(files)), wanted)
    }

    /// A chart in a source's files. Flux ignores the version there.
    fn in_tree(&self, tree: &Tree, wanted: &ChartWanted) -> Result<Found, Error> {
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
    ///
    /// The chart's author wrote the address. It leads to chart repositories and registries only: not to Git, whose
    /// program would ask the user's own helpers for credentials, and not to files of this machine.
    fn dependency(&self, text: &str, chart: &str, version: &str) -> Result<Bytes, Error> {
        let location = (self.granted)(Location::parse(text, None, &Access::default())?);
        let no_repository = || MissingDependency::NoChartRepository(location.shown());
        if !matches!(location, Location::Repository(..) | Location::Registry(_)) {
            return Err(no_repository().into());
        }
        let wanted = ChartWanted { chart: chart.into(), version: version.into(), ..ChartWanted::default() };
        let signed = Fetcher { keyring: None, ..*self };
        match signed.find(&location, &wanted, None)?.content {
            Content::Archive(data) => Ok(data),
            Content::Files(..) => Err(no_repository().into()),
        }
    }

    /// A chart of a chart repository.
    fn of_repository(
        &self,
        address: &Address,
        grant: &Grant,
        wanted: &ChartWanted,
        pin: Option<&Pin>,
    ) -> Result<Found, Error> {
        if let Some(found) = self.pinned(pin) {
            return Ok(found);
        }
        let client = Client::new(grant.clone(), self.patience.clone());
        let repository = self.repository(address, &client);
        let asked = pin.map_or(wanted.version.as_str(), |p| p.version.as_str());
        let offer = repository.find(&wanted.chart, asked)?;
        let digest = pin.map(|p| p.digest.clone()).or(offer.digest.clone());
        let archive = repository.download(&offer.address, digest.as_deref())?;
        self.verify_download(&repository, &offer.address, &archive)?;
        let Offer { version, instead, .. } = offer;
        let warning = instead.then(|| format!("{address} has no {} {asked}: {version} was taken", wanted.chart));
        Ok(Found { warning, ..plain(Content::Archive(Bytes::from(archive.data)), Some(version)) })
    }

    fn verify_download(
        &self,
        repository: &Repository<'_>,
        address: &Address,
        archive: &Downloaded,
    ) -> Result<(), Error> {
        let Some(keyring) = self.keyring else { return Ok(()) };
        let signature = repository.provenance(address).map_err(|e| match e.reason() {
            Reason::NotFound => Error::NoProvenance(address.to_string()),
            _ => e,
        })?;
        provenance::verify(&archive.data, &signature, address.file_name(), keyring)?;
        Ok(())
    }

    /// A chart of a registry.
    fn of_registry(&self, oci: &Oci, wanted: &ChartWanted, pin: Option<&Pin>) -> Result<Found, Error> {
        if let Some(found) = self.pinned(pin) {
            return Ok(found);
        }
        let client = Client::new(oci.grant.clone(), self.patience.clone());
        let registry = Registry::new(&client, self.cache, self.offline, self.registry_configs);
        let exact = oci.reference.tag.is_some() || oci.reference.digest.is_some();
        let several =
            oci.several.unwrap_or(!exact && wanted.source.kind != "OCIRepository" && !wanted.chart.is_empty());
        let mut reference = match several {
            true => oci.reference.below(&wanted.chart).map_err(OciError::from)?,
            false => oci.reference.clone(),
        };
        let asked = oci.semver.as_deref().unwrap_or(&wanted.version);
        let asked = pin.map(|p| p.version.as_str()).filter(|v| !v.is_empty() && !exact).unwrap_or(asked);
        // An OCIRepository without a reference means the tag `latest`.
        let is_latest = oci.several == Some(false) && oci.semver.is_none();
        if !exact && !is_latest {
            let tags = registry.tags(&reference)?;
            let none = || OciError::NoVersion { name: reference.name(), asked: asked.to_owned() };
            reference.tag = Some(newest_tag(&tags, asked)?.ok_or_else(none)?);
        }
        let pulled = registry.pull(&reference, pin.map(|p| p.digest.as_str()))?;
        if let Some(keyring) = self.keyring {
            let layer = pulled.provenance.as_ref();
            let layer = layer.ok_or_else(|| Error::NoProvenance(format!("oci://{}", reference.name())))?;
            let signature = registry.blob(&reference, layer)?;
            let name = reference.repository.rsplit('/').next().unwrap_or_default();
            let version = reference.tag.clone().unwrap_or_default().replace('_', "+");
            provenance::verify(&pulled.chart.data, &signature, &format!("{name}-{version}.tgz"), keyring)?;
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
        address: &Address,
        reference: &GitRef,
        grant: &Grant,
        wanted: &ChartWanted,
        pin: Option<&Pin>,
    ) -> Result<Found, Error> {
        if self.keyring.is_some() {
            return Err(Error::Unpacked(address.to_string()));
        }
        let git = Git {
            address,
            grant,
            cache: self.cache,
            offline: self.offline,
            timeout: self.patience.total,
            ssh_command: self.ssh_command,
        };
        let tree = Arc::new(git.tree(reference, pin.map(|p| p.revision.as_str()))?);
        let revision = tree.revision.clone();
        let found = self.in_tree(&Tree::Git(tree), wanted).map_err(|e| match e.reason() {
            Reason::NotFound => e.within(format!("{address} ({revision})")),
            _ => e,
        })?;
        Ok(Found { revision: Some(revision), ..found })
    }
}

fn plain(content: Content, revision: Option<String>) -> Found {
    Found { content, revision, values_files: Vec::new(), is_loose: false, warning: None }
}

/// The newest archive `NAME-VERSION.tgz` of a folder that the wanted range allows.
fn packaged(tree: &Tree, wanted: &ChartWanted) -> Result<Option<Bytes>, Error> {
    let Tree::Folder(root) = tree else { return Ok(None) };
    let Ok(entries) = std::fs::read_dir(root) else { return Ok(None) };
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let version = |name: &str| -> Option<String> {
        Some(name.strip_prefix(wanted.chart.as_str())?.strip_prefix('-')?.strip_suffix(".tgz")?.to_owned())
    };
    let versions: Vec<String> = names.iter().filter_map(|n| version(n)).collect();
    let texts: Vec<&str> = versions.iter().map(String::as_str).collect();
    let picked = pick(&texts, &wanted.version)?;
    let Some(Picked::As(at) | Picked::Instead(at)) = picked else { return Ok(None) };
    Ok(texts.get(at).and_then(|version| tree.read(&format!("{}-{version}.tgz", wanted.chart))))
}
