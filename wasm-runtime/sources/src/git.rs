//! Git repositories, through the `git` command.
//!
//! The command speaks every transport and knows the user's keys, proxies and
//! credential helpers; `gix` would add several megabytes for less. Nothing is
//! checked out: files are read from the object store, so hooks, filters, links
//! and attributes of a repository have no say.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use flux::FetchError;
use gosemver::{Constraints, Version};
use helm::chart::Bytes;
use url::Url;

use crate::access::Access;
use crate::cache::{Cache, hex};
use crate::ignore::{self, Ignored};
use crate::lock;
use crate::repository::offline;

/// The most files that are listed.
const MOST_FILES: usize = 1_000_000;
/// The most bytes of a file.
const MOST_OF_FILE: u64 = 100 << 20;

/// What of a repository is meant; the first that is given counts, as in Flux.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GitRef {
    pub(crate) commit: Option<String>,
    /// A full name, such as `refs/pull/1/head`.
    pub(crate) name: Option<String>,
    /// A range over the tags.
    pub(crate) semver: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) branch: Option<String>,
    /// A branch, else a tag, else a commit.
    pub(crate) any: Option<String>,
    /// Patterns of files that are left out, over those of `.sourceignore` (`spec.ignore`).
    pub(crate) ignore: Option<String>,
}

/// A commit of a repository, with its files.
#[derive(Debug)]
pub(crate) struct GitTree {
    folder: PathBuf,
    /// Object and size by path.
    files: BTreeMap<String, (String, u64)>,
    reader: Mutex<Option<(Child, BufReader<std::process::ChildStdout>)>>,
    /// As Flux writes it: `main@sha1:…`.
    pub(crate) revision: String,
    /// Keeps the repository where there is no cache to keep it in.
    _temporary: Option<tempfile::TempDir>,
}

/// A repository and how it is reached.
pub(crate) struct Git<'a> {
    pub(crate) url: &'a Url,
    pub(crate) access: &'a Access,
    pub(crate) cache: &'a Cache,
    pub(crate) offline: bool,
    pub(crate) timeout: Duration,
    /// What Git runs for SSH; `ssh` without questions if none is given.
    pub(crate) ssh_command: Option<&'a str>,
}

impl Git<'_> {
    /// Brings a commit. `pinned` is the one that it must be.
    pub(crate) fn tree(&self, wanted: &GitRef, pinned: Option<&str>) -> Result<GitTree, FetchError> {
        let key = hex(self.url.as_str().as_bytes());
        let (folder, temporary) = match self.cache.folder("git") {
            Some(folder) => {
                let name = crate::cache::sha256(key.as_bytes()).replace("sha256:", "");
                (folder.join(format!("{name}.git")), None)
            }
            None => {
                let temporary =
                    tempfile::tempdir().map_err(|e| FetchError::Invalid(format!("temporary folder: {e}")))?;
                (temporary.path().to_path_buf(), Some(temporary))
            }
        };
        let io = |e: std::io::Error| FetchError::Invalid(format!("{}: {e}", folder.display()));
        fs::create_dir_all(&folder).map_err(io)?;
        // One process at a time fetches into a repository.
        let guard = File::create(folder.with_extension("lock")).map_err(io)?;
        guard.lock().map_err(io)?;
        if !folder.join("HEAD").exists() {
            self.run(Some(&folder), &["init", "--quiet", "--bare", "--template="])?;
        }
        let (commit, revision) = self.commit(&folder, wanted, pinned)?;
        let files = self.list(&folder, &commit)?;
        let mut tree = GitTree { folder, files, reader: Mutex::default(), revision, _temporary: temporary };
        tree.leave_out(wanted.ignore.as_deref())?;
        Ok(tree)
    }

    /// The commit that is meant, fetched, and its revision.
    fn commit(&self, folder: &Path, wanted: &GitRef, pinned: Option<&str>) -> Result<(String, String), FetchError> {
        let note = format!("{}\n{wanted:?}", self.url);
        if let Some(revision) = pinned {
            let commit = revision.rsplit(':').next().unwrap_or_default().to_owned();
            self.fetch_commit(folder, &commit)?;
            return Ok((commit, revision.to_owned()));
        }
        if self.offline {
            let known = self.cache.note("commits", &note).and_then(|(text, _)| String::from_utf8(text).ok());
            let known = known.filter(|revision| {
                let commit = revision.rsplit(':').next().unwrap_or_default();
                self.has(folder, commit)
            });
            let revision = known.ok_or_else(|| offline(&self.shown()))?;
            return Ok((revision.rsplit(':').next().unwrap_or_default().to_owned(), revision));
        }
        let (label, commit) = self.find(folder, wanted)?;
        let hash = if commit.len() == 64 { "sha256" } else { "sha1" };
        let revision = if label.is_empty() { format!("{hash}:{commit}") } else { format!("{label}@{hash}:{commit}") };
        self.cache.put_note("commits", &note, revision.as_bytes());
        Ok((commit, revision))
    }

    /// Fetches what is meant: its name in revisions, and the commit.
    fn find(&self, folder: &Path, wanted: &GitRef) -> Result<(String, String), FetchError> {
        if let Some(commit) = &wanted.commit {
            self.fetch_commit(folder, commit)?;
            return Ok((wanted.branch.clone().unwrap_or_default(), commit.clone()));
        }
        if let Some(name) = &wanted.name {
            return Ok((name.clone(), self.fetch(folder, name)?));
        }
        if let Some(range) = &wanted.semver {
            let tag = self.newest_tag(range)?;
            let commit = self.fetch(folder, &format!("refs/tags/{tag}"))?;
            return Ok((tag, commit));
        }
        if let Some(tag) = &wanted.tag {
            return Ok((tag.clone(), self.fetch(folder, &format!("refs/tags/{tag}"))?));
        }
        if let Some(branch) = &wanted.branch {
            return Ok((branch.clone(), self.fetch(folder, &format!("refs/heads/{branch}"))?));
        }
        let Some(any) = &wanted.any else {
            let commit = self.fetch(folder, "HEAD")?;
            return Ok((self.default_branch()?, commit));
        };
        for kind in ["heads", "tags"] {
            match self.fetch(folder, &format!("refs/{kind}/{any}")) {
                Err(FetchError::NotFound(_)) => {}
                result => return Ok((any.clone(), result?)),
            }
        }
        if is_commit(any) {
            self.fetch_commit(folder, any)?;
            return Ok((String::new(), any.clone()));
        }
        Err(FetchError::NotFound(format!("{} has no branch, tag or commit {any:?}", self.shown())))
    }

    /// Fetches a reference; the commit that it stands for.
    fn fetch(&self, folder: &Path, name: &str) -> Result<String, FetchError> {
        let sane = !name.starts_with('-')
            && !name.contains("..")
            && !name.bytes().any(|b| b.is_ascii_control() || b" ~^:?*[\\".contains(&b));
        if !sane {
            return Err(FetchError::NotFound(format!("{name:?} is no reference of Git")));
        }
        let local = format!("refs/chartwright/{}", name.strip_prefix("refs/").unwrap_or(name));
        self.run(
            Some(folder),
            &[
                "fetch",
                "--quiet",
                "--depth=1",
                "--no-tags",
                "--force",
                "--",
                self.url.as_str(),
                &format!("+{name}:{local}"),
            ],
        )?;
        let commit = self.run(Some(folder), &["rev-parse", "--verify", "--quiet", &format!("{local}^{{commit}}")])?;
        Ok(String::from_utf8_lossy(&commit).trim().to_owned())
    }

    /// Fetches a commit by its hash, unless it is there.
    fn fetch_commit(&self, folder: &Path, commit: &str) -> Result<(), FetchError> {
        if !is_commit(commit) {
            return Err(FetchError::NotFound(format!("{commit:?} is no full hash of a commit")));
        }
        if self.has(folder, commit) {
            return Ok(());
        }
        if self.offline {
            return Err(offline(&format!("the commit {commit} of {}", self.shown())));
        }
        let url = self.url.as_str();
        let single = self.run(Some(folder), &["fetch", "--quiet", "--depth=1", "--no-tags", "--", url, commit]);
        if let Err(FetchError::Unreachable(_)) = single {
            return single.map(drop);
        }
        if !self.has(folder, commit) {
            // Servers may refuse to give out single commits.
            let all = ["+refs/heads/*:refs/chartwright/heads/*", "+refs/tags/*:refs/chartwright/tags/*"];
            self.run(Some(folder), &[&["fetch", "--quiet", "--no-tags", "--", url], &all[..]].concat())?;
        }
        if self.has(folder, commit) {
            return Ok(());
        }
        Err(FetchError::NotFound(format!("{} has no commit {commit}", self.shown())))
    }

    fn has(&self, folder: &Path, commit: &str) -> bool {
        is_commit(commit) && self.run(Some(folder), &["cat-file", "-e", &format!("{commit}^{{tree}}")]).is_ok()
    }

    /// The tag with the newest version in a range.
    fn newest_tag(&self, range: &str) -> Result<String, FetchError> {
        let constraint = Constraints::parse(range.as_bytes())
            .map_err(|e| FetchError::NotFound(format!("semver parse error: {e}: {range:?}")))?;
        let list = self.run(None, &["ls-remote", "--quiet", "--refs", "--tags", "--", self.url.as_str()])?;
        let list = String::from_utf8_lossy(&list).into_owned();
        let tags = list.lines().filter_map(|line| line.split_once("\trefs/tags/").map(|(_, tag)| tag));
        let versions = tags.filter_map(|tag| Some((Version::parse(tag.as_bytes()).ok()?, tag)));
        let newest = versions.filter(|(v, _)| constraint.check(v)).max_by(|a, b| a.0.compare(&b.0));
        let none = || FetchError::NotFound(format!("{} has no tag in the range {range:?}", self.shown()));
        newest.map(|(_, tag)| tag.to_owned()).ok_or_else(none)
    }

    /// The branch that `HEAD` stands for.
    fn default_branch(&self) -> Result<String, FetchError> {
        let list = self.run(None, &["ls-remote", "--quiet", "--symref", "--", self.url.as_str(), "HEAD"])?;
        let list = String::from_utf8_lossy(&list).into_owned();
        let branch = list.lines().find_map(|l| l.strip_prefix("ref: refs/heads/")?.split_once('\t').map(|(b, _)| b));
        Ok(branch.unwrap_or("HEAD").to_owned())
    }

    /// The regular files of a commit.
    fn list(&self, folder: &Path, commit: &str) -> Result<BTreeMap<String, (String, u64)>, FetchError> {
        let list = self.run(Some(folder), &["ls-tree", "-r", "-z", "--long", "--full-tree", commit])?;
        let mut files = BTreeMap::new();
        for line in list.split(|&b| b == 0).filter(|l| !l.is_empty()) {
            let line = String::from_utf8_lossy(line);
            let Some((head, path)) = line.split_once('\t') else { continue };
            let parts: Vec<&str> = head.split_ascii_whitespace().collect();
            if let [mode, "blob", object, size] = parts.as_slice()
                && mode.starts_with("100")
            {
                files.insert(path.to_owned(), ((*object).to_owned(), size.parse().unwrap_or(u64::MAX)));
            }
            if files.len() > MOST_FILES {
                return Err(FetchError::Invalid(format!("{} has more than {MOST_FILES} files", self.shown())));
            }
        }
        Ok(files)
    }

    /// The URL as messages have it.
    fn shown(&self) -> String {
        crate::http::shown(self.url)
    }

    /// Runs `git`, without prompts and hooks, with this URL's transport only.
    fn run(&self, folder: Option<&Path>, arguments: &[&str]) -> Result<Vec<u8>, FetchError> {
        let mut command = plain_git(folder);
        command.env("GIT_ALLOW_PROTOCOL", self.url.scheme());
        let mut settings: Vec<(String, String)> = Vec::new();
        let access = self.access;
        if matches!(self.url.scheme(), "http" | "https") {
            let scope = self.url.join("/").map(String::from).unwrap_or_default();
            if let Some(token) = &access.token {
                settings.push((format!("http.{scope}.extraHeader"), format!("Authorization: Bearer {token}")));
                // The header would go with a redirect to any host.
                settings.push(("http.followRedirects".into(), "false".into()));
            } else if let (Some(name), Some(password)) = (&access.username, &access.password) {
                const HELPER: &str = "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \
                    \"$CHARTWRIGHT_GIT_NAME\" \"$CHARTWRIGHT_GIT_PASSWORD\"; }; f";
                settings.push((format!("credential.{scope}.helper"), String::new()));
                settings.push((format!("credential.{scope}.helper"), HELPER.into()));
                command.env("CHARTWRIGHT_GIT_NAME", name).env("CHARTWRIGHT_GIT_PASSWORD", password);
            }
        }
        if access.insecure {
            settings.push(("http.sslVerify".into(), "false".into()));
        }
        let mut kept = Vec::new();
        let mut file = |data: &[u8]| -> Result<String, FetchError> {
            let failed = |e: std::io::Error| FetchError::Invalid(format!("temporary file: {e}"));
            let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
            file.write_all(data).map_err(failed)?;
            let path = file.path().display().to_string();
            kept.push(file);
            Ok(path)
        };
        for (name, pem) in
            [("http.sslCAInfo", &access.ca), ("http.sslCert", &access.certificate), ("http.sslKey", &access.key)]
        {
            if let Some(pem) = pem {
                let data = pem.read().map_err(|e| FetchError::Invalid(format!("{name}: {e}")))?;
                settings.push((name.to_owned(), file(&data)?));
            }
        }
        if let Some(ssh) = &access.ssh {
            let (identity, hosts) = (file(&ssh.identity)?, file(&ssh.known_hosts)?);
            command.env(
                "GIT_SSH_COMMAND",
                format!(
                    "ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -i {identity} \
                     -o StrictHostKeyChecking=yes -o UserKnownHostsFile={hosts}"
                ),
            );
        } else {
            command.env("GIT_SSH_COMMAND", self.ssh_command.unwrap_or("ssh -o BatchMode=yes"));
        }
        // Settings go by the environment: other users see arguments.
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (at, (name, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{at}"), name).env(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
        command.args(arguments);
        let (ok, output, errors) = finish(command, self.timeout).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => {
                FetchError::Invalid("Git repositories need the command git: it was not found".into())
            }
            std::io::ErrorKind::TimedOut => {
                FetchError::Unreachable(format!("{}: git took longer than {} s", self.shown(), self.timeout.as_secs()))
            }
            _ => FetchError::Invalid(format!("git: {e}")),
        })?;
        if ok {
            return Ok(output);
        }
        let errors = String::from_utf8_lossy(&errors).into_owned();
        let line = errors.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("git failed").trim();
        let missing = ["couldn't find remote ref", "not our ref", "unadvertised object"];
        let text = format!("{}: {line}", self.shown());
        Err(if missing.iter().any(|m| errors.contains(m)) {
            FetchError::NotFound(text)
        } else {
            FetchError::Unreachable(text)
        })
    }
}

impl GitTree {
    /// Leaves out what Flux does: its defaults, what files `.sourceignore` say, then the patterns of the source.
    fn leave_out(&mut self, patterns: Option<&str>) -> Result<(), FetchError> {
        let mut ignored = Ignored::default();
        let folders = self.files.keys().filter_map(|path| path.strip_suffix(ignore::FILE));
        let mut folders: Vec<&str> = folders.filter(|f| f.is_empty() || f.ends_with('/')).collect();
        // Those further down count more.
        folders.sort_unstable();
        for folder in folders {
            if let Some(text) = self.read(&format!("{folder}{}", ignore::FILE))? {
                ignored.add(folder, &text);
            }
        }
        ignored.add("", patterns.unwrap_or_default().as_bytes());
        self.files.retain(|path, _| !ignored.ignores(path));
        Ok(())
    }

    /// The paths of the files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&String, u64)> {
        self.files.iter().map(|(path, (_, size))| (path, *size))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// A file's content.
    pub(crate) fn read(&self, path: &str) -> Result<Option<Bytes>, FetchError> {
        let Some((object, size)) = self.files.get(path) else { return Ok(None) };
        if *size > MOST_OF_FILE {
            return Err(FetchError::Invalid(format!("{path} has more than {MOST_OF_FILE} bytes")));
        }
        let mut reader = lock(&self.reader);
        let failed = |e: std::io::Error| FetchError::Invalid(format!("git cat-file: {e}"));
        let ended = || failed(std::io::ErrorKind::UnexpectedEof.into());
        if reader.is_none() {
            let mut command = plain_git(Some(&self.folder));
            command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut child = command.spawn().map_err(failed)?;
            let output = child.stdout.take().ok_or_else(ended)?;
            *reader = Some((child, BufReader::new(output)));
        }
        let Some((child, output)) = reader.as_mut() else { return Err(ended()) };
        let input = child.stdin.as_mut().ok_or_else(ended)?;
        writeln!(input, "{object}").and_then(|()| input.flush()).map_err(failed)?;
        let mut head = String::new();
        output.read_line(&mut head).map_err(failed)?;
        if head.split_ascii_whitespace().nth(2) != Some(size.to_string().as_str()) {
            return Err(FetchError::Invalid(format!("git has no object {object} for {path}")));
        }
        let length = usize::try_from(*size).unwrap_or(usize::MAX);
        let mut data = vec![0; length.saturating_add(1)];
        output.read_exact(&mut data).map_err(failed)?;
        data.truncate(length);
        Ok(Some(Bytes::from(data)))
    }
}

impl Drop for GitTree {
    fn drop(&mut self) {
        if let Some((mut child, _)) = lock(&self.reader).take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `git` without what a repository, the environment or a person could add.
fn plain_git(folder: Option<&Path>) -> Command {
    let mut command = Command::new("git");
    for name in
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE"]
    {
        command.env_remove(name);
    }
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "true")
        .env("SSH_ASKPASS", "true")
        .env("GIT_LFS_SKIP_SMUDGE", "1")
        .env("LC_ALL", "C")
        .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.auto=0"])
        .args(["-c", "maintenance.auto=false", "-c", "fetch.recurseSubmodules=no"])
        .stdin(Stdio::null());
    if let Some(folder) = folder {
        command.arg("--git-dir").arg(folder);
    }
    command
}

/// Runs a command to its end, or ends it after so long.
fn finish(mut command: Command, timeout: Duration) -> std::io::Result<(bool, Vec<u8>, Vec<u8>)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let collect = |stream: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut data = Vec::new();
            if let Some(mut stream) = stream {
                let _ = stream.read_to_end(&mut data);
            }
            data
        })
    };
    let output = collect(child.stdout.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    let errors = collect(child.stderr.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    let join = |handle: std::thread::JoinHandle<Vec<u8>>| handle.join().unwrap_or_default();
    Ok((status.success(), join(output), join(errors)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "needs git"]
    fn patterns_of_a_source_count_more_than_files() {
        let root = tempfile::tempdir().expect("a folder");
        let at = root.path().join("repository");
        for (path, text) in [(".sourceignore", "*.md\n"), ("a.md", "a"), ("b.md", "b"), ("c.txt", "c"), ("d.jpg", "d")]
        {
            fs::create_dir_all(&at).expect("a folder");
            fs::write(at.join(path), text).expect("a file");
        }
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(arguments);
            command.current_dir(&at).env("GIT_CONFIG_GLOBAL", "/dev/null").status()
        };
        for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-qm", "x"]] {
            assert!(git(arguments).expect("git runs").success(), "git {arguments:?}");
        }
        let url = Url::from_directory_path(&at).expect("a URL");
        let (access, cache) = (Access::default(), Cache::default());
        let source = Git {
            url: &url,
            access: &access,
            cache: &cache,
            offline: false,
            timeout: Duration::from_secs(60),
            ssh_command: None,
        };
        let paths = |ignore: Option<&str>| -> Vec<String> {
            let wanted = GitRef { ignore: ignore.map(str::to_owned), ..GitRef::default() };
            source.tree(&wanted, None).expect("a tree").paths().map(|(path, _)| path.clone()).collect()
        };
        // Pictures are left out by Flux itself.
        assert_eq!(paths(None), [".sourceignore", "c.txt"]);
        assert_eq!(paths(Some("!b.md\n/c.txt\n")), [".sourceignore", "b.md"]);
    }
}
