//! A repository that releases are committed to: read at one commit, written by one commit.
//!
//! Commits are made of objects, beside any index and any files: nothing is checked out, so links, filters and
//! attributes in the repository have no say, and a commit that cannot be stored leaves everything as it was.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::error::ReleaseError;
use super::git::{Account, Git, Said};

type Result<T> = std::result::Result<T, ReleaseError>;

/// How often a commit is made anew when somebody else was faster.
const ATTEMPTS: usize = 5;
/// How old what is known of a remote repository may be, where somebody only reads.
const FRESH: Duration = Duration::from_secs(5);

/// A repository that commits are made in.
#[derive(Debug)]
pub(super) struct Repository {
    git: Git,
    branch: String,
    /// The URL or folder that commits are pushed to; none where they are made in a folder that people work in.
    remote: Option<String>,
    /// Held by whoever fetches or commits, with the time of the last fetch.
    fetched: Mutex<Option<Instant>>,
    _clone: Option<TempDir>,
}

/// A change of a file: its new content, or none.
pub(super) type Edits = BTreeMap<String, Option<Vec<u8>>>;

/// What a commit has become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Committed {
    /// There was nothing to change.
    Same,
    /// The commit that is now the branch's last one.
    New(String),
}

impl Repository {
    /// Opens a repository: a folder that has one, or a URL, whose branch is fetched.
    pub(super) fn open(place: &str, branch: Option<&str>, account: Account, timeout: Duration) -> Result<Repository> {
        if place.starts_with('-') || place.contains("::") {
            return Err(ReleaseError::Place(format!("{place:?} is not a folder or a URL of a Git repository")));
        }
        let has_password = place.split_once("://").is_some_and(|(scheme, rest)| {
            scheme != "ssh" && rest.split('/').next().is_some_and(|host| host.contains('@'))
        });
        if has_password {
            return Err(ReleaseError::Place(
                "the URL has a user name in it: give that and the password apart from the URL".to_owned(),
            ));
        }
        if branch.is_some_and(|branch| !is_branch(branch)) {
            return Err(ReleaseError::Place("the branch is not a name of a branch".to_owned()));
        }
        let folder = Path::new(place);
        let wrong = |cause: std::io::Error| ReleaseError::Place(format!("{place}: {cause}"));
        if folder.join(".git").is_dir() {
            let tree = folder.canonicalize().map_err(wrong)?;
            let git = Git { dir: tree.join(".git"), work_tree: Some(tree), account, timeout };
            let current = git.line(&["symbolic-ref", "--short", "HEAD"])?;
            let branch = branch.map_or_else(|| current.clone(), str::to_owned);
            let work_tree = git.work_tree.clone().filter(|_| branch == current);
            let git = Git { work_tree, ..git };
            return Ok(Repository { git, branch, remote: None, fetched: Mutex::default(), _clone: None });
        }
        let is_url = place.contains("://") || (place.contains(':') && !folder.exists());
        let remote = if is_url {
            place.to_owned()
        } else if folder.join("objects").is_dir() && folder.join("HEAD").is_file() {
            folder.canonicalize().map_err(wrong)?.display().to_string()
        } else {
            return Err(ReleaseError::Place(format!("{place}: not a Git repository; `git init {place}` makes one")));
        };
        let clone = tempfile::Builder::new().prefix("chartwright-releases-").tempdir().map_err(wrong)?;
        let git = Git { dir: clone.path().to_path_buf(), work_tree: None, account, timeout };
        git.run(&["init", "--quiet", "--bare", "--template="], b"")?;
        let branch = match branch {
            Some(branch) => branch.to_owned(),
            None => default_branch(&git, &remote)?,
        };
        let clone = Some(clone);
        let repository = Repository { git, branch, remote: Some(remote), fetched: Mutex::default(), _clone: clone };
        repository.refresh(Duration::ZERO)?;
        Ok(repository)
    }

    /// The branch that is written.
    pub(super) fn branch(&self) -> &str {
        &self.branch
    }

    /// The branch's last commit, which is not older than a few seconds; none, as long as there is none.
    pub(super) fn head(&self) -> Result<Option<String>> {
        self.refresh(FRESH)?;
        self.local_head()
    }

    fn reference(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    fn local_head(&self) -> Result<Option<String>> {
        let said = self.git.ask(None, &["rev-parse", "--verify", "--quiet", &self.reference()], b"")?;
        Ok(said.ok.then(|| String::from_utf8_lossy(&said.output).trim().to_owned()))
    }

    fn refresh(&self, fresh: Duration) -> Result<()> {
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        if fetched.is_some_and(|at| at.elapsed() < fresh) {
            return Ok(());
        }
        self.fetch()?;
        *fetched = Some(Instant::now());
        Ok(())
    }

    fn fetch(&self) -> Result<()> {
        let Some(remote) = &self.remote else { return Ok(()) };
        let reference = self.reference();
        let refspec = format!("+{reference}:{reference}");
        let said = self.git.ask(
            None,
            &["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", remote, &refspec],
            b"",
        )?;
        if said.ok || said.errors.contains("couldn't find remote ref") {
            return Ok(());
        }
        Err(ReleaseError::Git(said.reason()))
    }

    /// The files below a folder at a commit.
    pub(super) fn files(&self, commit: &str, folder: &str) -> Result<Vec<String>> {
        let list = self.git.run(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", folder], b"")?;
        let names = list.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.filter_map(|name| String::from_utf8(name.to_vec()).ok()).collect())
    }

    /// A file at a commit.
    pub(super) fn file(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let read = self.read(&[format!("{commit}:{path}")])?;
        Ok(read.into_iter().next().flatten())
    }

    /// Objects by their names, such as `COMMIT:PATH`; none for those that are not there or are no files.
    pub(super) fn read(&self, names: &[String]) -> Result<Vec<Option<Vec<u8>>>> {
        // A name with a line break would be two.
        let lines: String = names.iter().map(|name| format!("{}\n", name.replace('\n', " "))).collect();
        let output = self.git.run(&["cat-file", "--batch"], lines.as_bytes())?;
        let mut rest = output.as_slice();
        let mut found = Vec::with_capacity(names.len());
        for _ in names {
            let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = rest.get(end + 1..).unwrap_or_default();
            let mut words = head.rsplit(' ');
            let size = words.next().and_then(|size| size.parse::<usize>().ok());
            match (size, words.next()) {
                (Some(size), Some(kind)) => {
                    let data = rest.get(..size).unwrap_or_default().to_vec();
                    rest = rest.get(size + 1..).unwrap_or_default();
                    found.push((kind == "blob").then_some(data));
                }
                _ => found.push(None),
            }
        }
        Ok(found)
    }

    /// The history of some paths, the newest first: what `git log` says in this format, and the paths.
    pub(super) fn log(&self, commit: &str, format: &str, most: &str, paths: &[&str]) -> Result<String> {
        let format = format!("--format={format}");
        let arguments = [&["log", &format, "--name-only", "--no-renames", "-n", most, commit, "--"], paths].concat();
        Ok(String::from_utf8_lossy(&self.git.run(&arguments, b"")?).into_owned())
    }

    /// Makes a commit: `edits` says what changes, given the last commit. If somebody else is faster, it is asked again.
    pub(super) fn commit(
        &self,
        message: &str,
        pushing: &dyn Fn(),
        edits: &dyn Fn(Option<&str>) -> Result<Edits>,
    ) -> Result<Committed> {
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..ATTEMPTS {
            self.fetch()?;
            *fetched = Some(Instant::now());
            let base = self.local_head()?;
            let edits = edits(base.as_deref())?;
            let Some(commit) = self.make(base.as_deref(), &edits, message)? else { return Ok(Committed::Same) };
            pushing();
            if self.store(base.as_deref(), &commit)? {
                return Ok(Committed::New(commit));
            }
        }
        Err(ReleaseError::Conflict(format!("others write to the branch {} all the time: try again", self.branch)))
    }

    /// A commit of edits, which is on no branch yet; none where they change nothing.
    fn make(&self, base: Option<&str>, edits: &Edits, message: &str) -> Result<Option<String>> {
        let wrong = |cause: std::io::Error| ReleaseError::Git(format!("temporary folder: {cause}"));
        let folder = tempfile::tempdir().map_err(wrong)?;
        let index = folder.path().join("index");
        match base {
            Some(base) => self.git.run_with(&index, &["read-tree", base], b"")?,
            None => self.git.run_with(&index, &["read-tree", "--empty"], b"")?,
        };
        let mut lines = Vec::new();
        for (path, content) in edits {
            let line = match content {
                Some(data) => {
                    let blob = self.git.run(&["hash-object", "-w", "--stdin", "--no-filters"], data)?;
                    format!("100644 {}\t{path}", String::from_utf8_lossy(&blob).trim())
                }
                None => format!("0 {}\t{path}", "0".repeat(40)),
            };
            lines.extend_from_slice(line.as_bytes());
            lines.push(0);
        }
        self.git.run_with(&index, &["update-index", "-z", "--index-info"], &lines)?;
        let tree = self.git.run_with(&index, &["write-tree"], b"")?;
        let tree = String::from_utf8_lossy(&tree).trim().to_owned();
        let mut arguments = vec!["commit-tree", &tree, "-F", "-"];
        if let Some(base) = base {
            if self.git.line(&["rev-parse", &format!("{base}^{{tree}}")])? == tree {
                return Ok(None);
            }
            arguments.extend(["-p", base]);
        } else if edits.is_empty() {
            return Ok(None);
        }
        let commit = self.git.run(&arguments, message.as_bytes())?;
        Ok(Some(String::from_utf8_lossy(&commit).trim().to_owned()))
    }

    /// Makes a commit the branch's last one. Whether it was; else the branch has another last commit than `base`.
    fn store(&self, base: Option<&str>, commit: &str) -> Result<bool> {
        let reference = self.reference();
        let old = base.unwrap_or("0000000000000000000000000000000000000000");
        if let Some(remote) = &self.remote {
            let refspec = format!("{commit}:{reference}");
            let said = self.git.ask(None, &["push", "--porcelain", "--no-verify", "--", remote, &refspec], b"")?;
            if !said.ok {
                return refused(&said);
            }
        } else if let Some(tree) = &self.git.work_tree {
            // The files that people see follow, unless they have changed them: by content, whatever their times say.
            self.git.ask(None, &["update-index", "-q", "--refresh"], b"")?;
            let merge = match base {
                Some(base) => self.git.ask(None, &["read-tree", "-m", "-u", base, commit], b"")?,
                None => self.git.ask(None, &["read-tree", "-m", "-u", commit], b"")?,
            };
            if !merge.ok {
                let folder = tree.display();
                return Err(ReleaseError::Conflict(format!("{folder} has changes of its own: {}", merge.reason())));
            }
        }
        let moved = self.git.ask(None, &["update-ref", "-m", "chartwright", &reference, commit, old], b"")?;
        if !moved.ok && self.remote.is_none() {
            if self.git.work_tree.is_some()
                && let Some(base) = base
            {
                self.git.run(&["read-tree", "-m", "-u", commit, base], b"")?;
            }
            return Ok(false);
        }
        Ok(true)
    }
}

/// Why a push was refused: somebody was faster, or the server does not want it.
fn refused(said: &Said) -> Result<bool> {
    let output = String::from_utf8_lossy(&said.output);
    let line = output.lines().find(|line| line.starts_with('!')).unwrap_or_default();
    if ["(fetch first)", "(non-fast-forward)", "(cannot lock ref", "(failed to update ref", "(incorrect old value"]
        .iter()
        .any(|why| line.contains(why))
    {
        return Ok(false);
    }
    let why = line.split('\t').nth(2).unwrap_or_default();
    // What a hook of the server says to people.
    let said_by_server: Vec<&str> =
        said.errors.lines().filter_map(|line| line.strip_prefix("remote: ")).map(str::trim).collect();
    let said_by_server = said_by_server.join(" ");
    Err(ReleaseError::Git(match (why.is_empty(), said_by_server.is_empty()) {
        (true, _) => said.reason(),
        (false, true) => format!("the push was refused: {why}"),
        (false, false) => format!("the push was refused: {why}: {said_by_server}"),
    }))
}

fn is_branch(name: &str) -> bool {
    let odd = |byte: u8| byte.is_ascii_control() || b" ~^:?*[\\@{".contains(&byte);
    !name.is_empty() && !name.starts_with(['-', '/', '.']) && !name.contains("..") && !name.bytes().any(odd)
}

/// The branch of a remote repository's `HEAD`; `main`, where it has none.
fn default_branch(git: &Git, remote: &str) -> Result<String> {
    let list = git.run(&["ls-remote", "--quiet", "--symref", "--", remote, "HEAD"], b"")?;
    let list = String::from_utf8_lossy(&list).into_owned();
    let branch = list.lines().find_map(|line| line.strip_prefix("ref: refs/heads/")?.split_once('\t'));
    Ok(branch.map_or("main", |(branch, _)| branch).to_owned())
}
