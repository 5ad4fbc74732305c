//! Releases as files in a Git repository, from which Flux deploys them.

mod error;
mod git;
mod layout;
mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chartwright_api::types::{
    Commit, Drift, FileDrift, Id, Operation, Release, ReleaseHistory, ReleaseList, ReleaseRevision,
};
use chartwright_api::{Doing, Namespaces, Progress};
use descriptor::Parsed;
use descriptor::expand::Expanded;
use descriptor::export::SourceUrl;
use similar::TextDiff;

pub use error::ReleaseError;
pub use git::{Account, Login};
use layout::{Layout, listed};
use repository::{Committed, Edits, Repository};

type Result<T> = std::result::Result<T, ReleaseError>;

/// How many commits of a release are listed.
const MOST_OF_HISTORY: &str = "50";
/// How many commits of the repository are looked at for the last one of each release.
const MOST_OF_LOG: &str = "20000";
/// A commit in `git log`: its hash, time and subject, in a line that no path looks like.
const FORMAT: &str = "//%H%x09%ct%x09%s";
/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// Where releases are written.
#[derive(Clone, Debug)]
pub struct ReleasesOptions {
    /// A folder with a Git repository, or the URL of one.
    pub place: String,
    /// The branch; without one, that of the repository.
    pub branch: Option<String>,
    /// The folder of releases in it.
    pub folder: String,
    /// The repository's GitRepository in the cluster, as `NAMESPACE/NAME`.
    pub source: String,
    /// Who writes.
    pub account: Account,
    /// How long each call of `git` may take.
    pub timeout: Duration,
}

/// Releases in a Git repository.
#[derive(Debug)]
pub struct GitReleases {
    repository: Repository,
    layout: Layout,
    known: Mutex<Option<Known>>,
}

/// The releases at a commit.
#[derive(Clone, Debug)]
struct Known {
    head: String,
    releases: BTreeMap<(String, String), Release>,
}

impl GitReleases {
    /// Opens a repository.
    ///
    /// # Errors
    /// If it is none, cannot be reached, or an option is not valid.
    pub fn open(options: ReleasesOptions) -> Result<GitReleases> {
        let layout = Layout::new(&options.folder, &options.source)?;
        let ReleasesOptions { place, branch, account, timeout, .. } = options;
        let repository = Repository::open(&place, branch.as_deref(), account, timeout)?;
        Ok(GitReleases { repository, layout, known: Mutex::default() })
    }

    /// The releases in some namespaces.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn list(&self, visible: &Namespaces) -> Result<ReleaseList> {
        let known = self.known()?;
        let items = known.into_values().filter(|release| visible.contains(&release.namespace)).collect();
        Ok(ReleaseList { items })
    }

    /// A release.
    ///
    /// # Errors
    /// If there is none, or the repository cannot be read.
    pub fn read(&self, id: &Id) -> Result<Release> {
        let mut known = self.known()?;
        let key = (id.namespace().to_owned(), id.name().to_owned());
        known.remove(&key).ok_or_else(|| ReleaseError::NotFound(id.clone()))
    }

    /// Deploys a descriptor. A release that is suspended stays so.
    ///
    /// # Errors
    /// If the repository cannot be read or written.
    pub fn install(
        &self,
        id: &Id,
        parsed: &Parsed,
        chart: &Expanded,
        urls: Vec<SourceUrl>,
        progress: &Progress,
    ) -> Result<Release> {
        let files = self.layout.files(id, parsed, chart, urls);
        let message = format!("install {id} {}\n", chart.version);
        self.commit(&message, progress, &|base| self.install_edits(id, files.clone(), base))?;
        self.read(id)
    }

    fn install_edits(&self, id: &Id, mut files: BTreeMap<String, Vec<u8>>, base: Option<&str>) -> Result<Edits> {
        let mut edits = Edits::new();
        let list_path = self.layout.kustomization(id.namespace());
        let mut list = None;
        if let Some(base) = base {
            self.keep_suspension(id, &mut files, base)?;
            for path in self.repository.files(base, &Layout::chart(id))? {
                edits.insert(path, None);
            }
            list = self.text(base, &list_path)?;
        }
        let folder = format!("{}/", self.layout.folder(id.namespace()));
        let names: Vec<&str> = files.keys().filter_map(|path| path.strip_prefix(&folder)).collect();
        let list = listed(list.as_deref(), &names, &[]).map_err(|why| wrong(&list_path, why))?;
        edits.insert(list_path, Some(list.into_bytes()));
        edits.extend(files.into_iter().map(|(path, data)| (path, Some(data))));
        Ok(edits)
    }

    /// Suspends the release in `files` if it is suspended at a commit.
    fn keep_suspension(&self, id: &Id, files: &mut BTreeMap<String, Vec<u8>>, base: &str) -> Result<()> {
        let path = self.layout.release(id);
        let before = self.repository.file(base, &path)?.and_then(|text| layout::read(&text));
        if before.is_some_and(|before| before.suspended)
            && let Some(text) = files.get_mut(&path)
        {
            let changed = layout::suspended(&String::from_utf8_lossy(text), true).map_err(|why| wrong(&path, why))?;
            *text = changed.into_bytes();
        }
        Ok(())
    }

    /// Takes a release away: its chart, its file, and, with the last one of a namespace, what is left of ours there.
    ///
    /// # Errors
    /// If there is none, or the repository cannot be read or written.
    pub fn uninstall(&self, id: &Id, progress: &Progress) -> Result<Release> {
        let gone = Release { installed: false, ..self.read(id)? };
        let edits = |base: Option<&str>| self.uninstall_edits(id, base);
        let committed = self.commit(&format!("uninstall {id}\n"), progress, &edits)?;
        let commit = match committed {
            Committed::New(commit) => {
                self.history(id)?.items.into_iter().map(|item| item.commit).find(|c| c.id == commit)
            }
            Committed::Same => None,
        };
        Ok(Release { commit, ..gone })
    }

    fn uninstall_edits(&self, id: &Id, base: Option<&str>) -> Result<Edits> {
        let missing = || ReleaseError::NotFound(id.clone());
        let (base, path) = (base.ok_or_else(missing)?, self.layout.release(id));
        let folder = self.layout.folder(id.namespace());
        let mut left: BTreeSet<String> = self.repository.files(base, &folder)?.into_iter().collect();
        if !left.remove(&path) {
            return Err(missing());
        }
        let mut edits = Edits::from([(path, None)]);
        for path in self.repository.files(base, &Layout::chart(id))? {
            edits.insert(path, None);
        }
        let list_path = self.layout.kustomization(id.namespace());
        let Some(list) = self.text(base, &list_path)? else { return Ok(edits) };
        let file = format!("helmrelease-{}.yaml", id.name());
        let list = listed(Some(&list), &[], &[&file]).map_err(|why| wrong(&list_path, why))?;
        let space = format!("namespace-{}.yaml", id.namespace());
        let space_path = format!("{folder}/{space}");
        let ours = [&list_path, &space_path];
        let only_ours = left.iter().all(|path| ours.contains(&path));
        if only_ours && listed(None, &[&space], &[]).is_ok_and(|ours| ours == list) {
            edits.extend([(list_path, None), (space_path, None)]);
        } else {
            edits.insert(list_path, Some(list.into_bytes()));
        }
        Ok(edits)
    }

    /// Suspends a release, or resumes it.
    ///
    /// # Errors
    /// If there is none, its file has been changed so that this cannot be done, or the repository cannot be written.
    pub fn suspend(&self, id: &Id, suspend: bool, progress: &Progress) -> Result<Release> {
        let verb = if suspend { "suspend" } else { "resume" };
        let path = self.layout.release(id);
        self.commit(&format!("{verb} {id}\n"), progress, &|base| {
            let text = base.map(|base| self.text(base, &path)).transpose()?.flatten();
            let text = text.ok_or_else(|| ReleaseError::NotFound(id.clone()))?;
            let text = layout::suspended(&text, suspend).map_err(|why| wrong(&path, why))?;
            Ok(Edits::from([(path.clone(), Some(text.into_bytes()))]))
        })?;
        self.read(id)
    }

    /// Uninstalls, suspends or resumes a release.
    ///
    /// # Errors
    /// As those; the others are not for a repository alone: `install` needs a chart, `reconcile` a cluster.
    pub(crate) fn operate(&self, id: &Id, operation: Operation, progress: &Progress) -> Result<Release> {
        match operation {
            Operation::Uninstall => self.uninstall(id, progress),
            Operation::Suspend => self.suspend(id, true, progress),
            Operation::Resume => self.suspend(id, false, progress),
            Operation::Install | Operation::Reconcile => Err(ReleaseError::Unsupported(
                "releases are in a Git repository: Flux reconciles them when it sees a commit, or when `flux reconcile` \
                 asks it to",
            )),
        }
    }

    /// The commits of a release, also of one that was taken away.
    ///
    /// # Errors
    /// If there never was one, or the repository cannot be read.
    pub fn history(&self, id: &Id) -> Result<ReleaseHistory> {
        let missing = || ReleaseError::NotFound(id.clone());
        let head = self.repository.head()?.ok_or_else(missing)?;
        let path = self.layout.release(id);
        let log = self.repository.log(&head, FORMAT, MOST_OF_HISTORY, &[&path, &Layout::chart(id)])?;
        let commits: Vec<Commit> = log.lines().filter_map(commit_of).collect();
        let names: Vec<String> = commits.iter().map(|commit| format!("{}:{path}", commit.id)).collect();
        let texts = self.repository.read(&names)?;
        let version = |text: Option<Vec<u8>>| text.and_then(|text| layout::read(&text)).map(|said| said.version);
        let items: Vec<_> = commits
            .into_iter()
            .zip(texts)
            .map(|(commit, text)| ReleaseRevision { commit, version: version(text) })
            .collect();
        if items.is_empty() { Err(missing()) } else { Ok(ReleaseHistory { items }) }
    }

    /// Makes a release what it was at a commit, or, by the newest commit that has it, at a version.
    ///
    /// # Errors
    /// If it has no such commit or version, or the repository cannot be read or written.
    pub fn rollback(&self, id: &Id, revision: &str, progress: &Progress) -> Result<Release> {
        let none = || ReleaseError::NoRevision { id: id.clone(), revision: revision.to_owned() };
        progress.tell(Doing::Reading, self.repository.branch());
        let history = self.history(id)?;
        let is_hash = revision.len() >= 7 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        let of_hash = |item: &&ReleaseRevision| is_hash && item.commit.id.starts_with(revision);
        let of_version = |item: &&ReleaseRevision| item.version.as_deref() == Some(revision);
        let found = history.items.iter().find(of_hash).or_else(|| history.items.iter().find(of_version));
        let found = found.and_then(|item| Some((item.commit.id.clone(), item.version.clone()?)));
        let (commit, version) = found.ok_or_else(none)?;
        let mut paths = self.repository.files(&commit, &Layout::chart(id))?;
        let folder = self.layout.folder(id.namespace());
        paths.extend([self.layout.release(id), format!("{folder}/namespace-{}.yaml", id.namespace())]);
        let names: Vec<String> = paths.iter().map(|path| format!("{commit}:{path}")).collect();
        let texts = self.repository.read(&names)?;
        let files: BTreeMap<String, Vec<u8>> =
            paths.into_iter().zip(texts).filter_map(|(path, text)| Some((path, text?))).collect();
        let short = commit.get(..7).unwrap_or(&commit);
        let message = format!("roll {id} back to {version} ({short})\n");
        self.commit(&message, progress, &|base| self.install_edits(id, files.clone(), base))?;
        self.read(id)
    }

    /// What differs between the repository and what a descriptor deploys.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn drift(&self, id: &Id, parsed: &Parsed, chart: &Expanded, urls: Vec<SourceUrl>) -> Result<Drift> {
        let Some(head) = self.repository.head()? else { return Ok(Drift::default()) };
        let mut wanted = self.layout.files(id, parsed, chart, urls);
        self.keep_suspension(id, &mut wanted, &head)?;
        let mut paths: BTreeSet<String> = wanted.keys().cloned().collect();
        paths.extend(self.repository.files(&head, &Layout::chart(id))?);
        let names: Vec<String> = paths.iter().map(|path| format!("{head}:{path}")).collect();
        let texts = self.repository.read(&names)?;
        let mut drift = Drift::default();
        for (path, there) in paths.into_iter().zip(texts) {
            drift.installed |= there.is_some() && path == self.layout.release(id);
            let stored = wanted.get(&path);
            if there.as_ref() == stored {
                continue;
            }
            let text =
                |data: Option<&Vec<u8>>| String::from_utf8_lossy(data.map_or(&[][..], Vec::as_slice)).into_owned();
            let (old, new) = (text(there.as_ref()), text(stored));
            let diff = TextDiff::from_lines(old.as_str(), new.as_str());
            let diff = diff.unified_diff().context_radius(CONTEXT).to_string();
            drift.files.push(FileDrift { path, diff });
        }
        drift.same = drift.files.is_empty();
        Ok(drift)
    }

    fn commit(
        &self,
        message: &str,
        progress: &Progress,
        edits: &dyn Fn(Option<&str>) -> Result<Edits>,
    ) -> Result<Committed> {
        let branch = self.repository.branch();
        progress.tell(Doing::Reading, branch);
        let edits = |base: Option<&str>| {
            progress.tell(Doing::Committing, branch);
            edits(base)
        };
        self.repository.commit(message, &|| progress.tell(Doing::Pushing, branch), &edits)
    }

    fn text(&self, commit: &str, path: &str) -> Result<Option<String>> {
        let text = self.repository.file(commit, path)?;
        text.map(|text| String::from_utf8(text).map_err(|_| wrong(path, "it is not UTF-8"))).transpose()
    }

    /// The releases at the branch's last commit.
    fn known(&self) -> Result<BTreeMap<(String, String), Release>> {
        let Some(head) = self.repository.head()? else { return Ok(BTreeMap::new()) };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_ref().filter(|known| known.head == head) {
            return Ok(known.releases.clone());
        }
        let releases = self.releases_at(&head)?;
        *known = Some(Known { head, releases: releases.clone() });
        Ok(releases)
    }

    fn releases_at(&self, head: &str) -> Result<BTreeMap<(String, String), Release>> {
        let files = self.repository.files(head, &self.layout.root)?;
        let ids: Vec<(Id, String)> =
            files.into_iter().filter_map(|path| Some((self.layout.id_of(&path)?, path))).collect();
        let names: Vec<String> = ids.iter().map(|(_, path)| format!("{head}:{path}")).collect();
        let texts = self.repository.read(&names)?;
        let mut releases = BTreeMap::new();
        for ((id, _), text) in ids.into_iter().zip(texts) {
            let said = text.as_deref().and_then(layout::read);
            let mut release = Release {
                namespace: id.namespace().to_owned(),
                name: id.name().to_owned(),
                installed: true,
                ..Release::default()
            };
            match said {
                Some(said) => (release.version, release.suspended) = (said.version, said.suspended),
                None => release.notes.push("its file is not a HelmRelease any more".to_owned()),
            }
            releases.insert((release.namespace.clone(), release.name.clone()), release);
        }
        let log = self.repository.log(head, FORMAT, MOST_OF_LOG, &[&self.layout.root, layout::CHARTS])?;
        let mut commit = None;
        for line in log.lines() {
            if let Some(next) = commit_of(line) {
                commit = Some(next);
                continue;
            }
            let of_chart = || {
                let mut parts = line.strip_prefix(layout::CHARTS)?.strip_prefix('/')?.split('/');
                Id::new(parts.next()?, parts.next()?).ok()
            };
            let Some(id) = self.layout.id_of(line).or_else(of_chart) else { continue };
            if let Some(release) = releases.get_mut(&(id.namespace().to_owned(), id.name().to_owned()))
                && release.commit.is_none()
            {
                release.commit.clone_from(&commit);
            }
        }
        Ok(releases)
    }
}

/// A commit in a line of `git log`.
fn commit_of(line: &str) -> Option<Commit> {
    let mut parts = line.strip_prefix("//")?.splitn(3, '\t');
    let (id, time) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
    Some(Commit { id, time, message: parts.next().unwrap_or_default().to_owned() })
}

fn wrong(path: &str, why: impl Into<String>) -> ReleaseError {
    ReleaseError::File { path: path.to_owned(), why: why.into() }
}
