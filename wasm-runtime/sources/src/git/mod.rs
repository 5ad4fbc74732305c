//! Git repositories, through the `git` command.
//!
//! The command speaks every transport and knows the user's keys, proxies and
//! credential helpers; `gix` would add several megabytes for less. Nothing is
//! checked out: files are read from the object store, so hooks, filters, links
//! and attributes of a repository have no say.

mod command;
pub(crate) mod error;
mod tree;

use std::fs::{self, File};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use gosemver::{Constraints, Version};

use crate::access::Grant;
use crate::address::Address;
use crate::cache::{Cache, hex};
use crate::reason::Reason;

pub(crate) use error::GitError;

pub(crate) use tree::GitTree;

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

/// A repository and how it is reached.
pub(crate) struct Git<'a> {
    pub(crate) address: &'a Address,
    pub(crate) grant: &'a Grant,
    pub(crate) cache: &'a Cache,
    pub(crate) offline: bool,
    pub(crate) timeout: Duration,
    /// What Git runs for SSH; `ssh` without questions if none is given.
    pub(crate) ssh_command: Option<&'a str>,
}

impl Git<'_> {
    /// Brings a commit. `pinned` is the one that it must be.
    pub(crate) fn tree(&self, wanted: &GitRef, pinned: Option<&str>) -> Result<GitTree, GitError> {
        let key = hex(self.address.whole_with_secrets().as_bytes());
        let (folder, temporary) = match self.cache.folder("git") {
            Some(folder) => {
                let name = crate::cache::sha256(key.as_bytes()).replace("sha256:", "");
                (folder.join(format!("{name}.git")), None)
            }
            None => {
                let temporary = tempfile::tempdir().map_err(|e| GitError::io("temporary folder", e))?;
                (temporary.path().to_path_buf(), Some(temporary))
            }
        };
        let io = |e: std::io::Error| GitError::io(folder.display().to_string(), e);
        fs::create_dir_all(&folder).map_err(io)?;
        // One process at a time fetches into a repository.
        let guard = File::create(folder.with_extension("lock")).map_err(io)?;
        guard.lock().map_err(io)?;
        if !folder.join("HEAD").exists() {
            self.run(Some(&folder), &["init", "--quiet", "--bare", "--template="])?;
        }
        let (commit, revision) = self.commit(&folder, wanted, pinned)?;
        let list = self.run(Some(&folder), &["ls-tree", "-r", "-z", "--long", "--full-tree", &commit])?;
        let files = tree::files(&list, self.address)?;
        let mut tree = GitTree { folder, files, reader: Mutex::default(), revision, _temporary: temporary };
        tree.leave_out(wanted.ignore.as_deref())?;
        Ok(tree)
    }

    /// The commit that is meant, fetched, and its revision.
    fn commit(&self, folder: &Path, wanted: &GitRef, pinned: Option<&str>) -> Result<(String, String), GitError> {
        let note = format!("{}\n{wanted:?}", self.address.whole_with_secrets());
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
            let revision = known.ok_or_else(|| GitError::Offline(self.address.to_string()))?;
            return Ok((revision.rsplit(':').next().unwrap_or_default().to_owned(), revision));
        }
        let (label, commit) = self.find(folder, wanted)?;
        let hash = if commit.len() == 64 { "sha256" } else { "sha1" };
        let revision = if label.is_empty() { format!("{hash}:{commit}") } else { format!("{label}@{hash}:{commit}") };
        self.cache.put_note("commits", &note, revision.as_bytes());
        Ok((commit, revision))
    }

    /// Fetches what is meant: its name in revisions, and the commit.
    fn find(&self, folder: &Path, wanted: &GitRef) -> Result<(String, String), GitError> {
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
                Err(GitError::NoRef { .. } | GitError::Name(_)) => {}
                result => return Ok((any.clone(), result?)),
            }
        }
        if is_commit(any) {
            self.fetch_commit(folder, any)?;
            return Ok((String::new(), any.clone()));
        }
        Err(GitError::Nothing { address: self.address.clone(), name: any.clone() })
    }

    /// Fetches a reference; returns its commit.
    fn fetch(&self, folder: &Path, name: &str) -> Result<String, GitError> {
        let sane = !name.starts_with('-')
            && !name.contains("..")
            && !name.bytes().any(|b| b.is_ascii_control() || b" ~^:?*[\\".contains(&b));
        if !sane {
            return Err(GitError::Name(name.to_owned()));
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
                self.address.whole_with_secrets(),
                &format!("+{name}:{local}"),
            ],
        )?;
        let commit = self.run(Some(folder), &["rev-parse", "--verify", "--quiet", &format!("{local}^{{commit}}")])?;
        Ok(String::from_utf8_lossy(&commit).trim().to_owned())
    }

    /// Fetches a commit by its hash, unless it is there.
    fn fetch_commit(&self, folder: &Path, commit: &str) -> Result<(), GitError> {
        if !is_commit(commit) {
            return Err(GitError::Hash(commit.to_owned()));
        }
        if self.has(folder, commit) {
            return Ok(());
        }
        if self.offline {
            return Err(GitError::Offline(format!("the commit {commit} of {}", self.address)));
        }
        let url = self.address.whole_with_secrets();
        let single = self.run(Some(folder), &["fetch", "--quiet", "--depth=1", "--no-tags", "--", url, commit]);
        match single {
            Err(error) if error.reason() == Reason::Unreachable => return Err(error),
            _ => {}
        }
        if !self.has(folder, commit) {
            // Servers may refuse to give out single commits.
            let all = ["+refs/heads/*:refs/chartwright/heads/*", "+refs/tags/*:refs/chartwright/tags/*"];
            self.run(Some(folder), &[&["fetch", "--quiet", "--no-tags", "--", url], &all[..]].concat())?;
        }
        if self.has(folder, commit) {
            return Ok(());
        }
        Err(GitError::NoCommit { address: self.address.clone(), commit: commit.to_owned() })
    }

    fn has(&self, folder: &Path, commit: &str) -> bool {
        is_commit(commit) && self.run(Some(folder), &["cat-file", "-e", &format!("{commit}^{{tree}}")]).is_ok()
    }

    /// The tag with the newest version in a range.
    fn newest_tag(&self, range: &str) -> Result<String, GitError> {
        let constraint =
            Constraints::parse(range.as_bytes()).map_err(|cause| GitError::Range { range: range.to_owned(), cause })?;
        let list =
            self.run(None, &["ls-remote", "--quiet", "--refs", "--tags", "--", self.address.whole_with_secrets()])?;
        let list = String::from_utf8_lossy(&list).into_owned();
        let tags = list.lines().filter_map(|line| line.split_once("\trefs/tags/").map(|(_, tag)| tag));
        let versions = tags.filter_map(|tag| Some((Version::parse(tag.as_bytes()).ok()?, tag)));
        let newest = versions.filter(|(v, _)| constraint.check(v)).max_by(|a, b| a.0.compare(&b.0));
        let none = || GitError::NoTag { address: self.address.clone(), range: range.to_owned() };
        newest.map(|(_, tag)| tag.to_owned()).ok_or_else(none)
    }

    /// The branch of `HEAD`.
    fn default_branch(&self) -> Result<String, GitError> {
        let list =
            self.run(None, &["ls-remote", "--quiet", "--symref", "--", self.address.whole_with_secrets(), "HEAD"])?;
        let list = String::from_utf8_lossy(&list).into_owned();
        let branch = list.lines().find_map(|l| l.strip_prefix("ref: refs/heads/")?.split_once('\t').map(|(b, _)| b));
        Ok(branch.unwrap_or("HEAD").to_owned())
    }
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

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
        let url = Address::parse(&format!("file://{}", at.display())).expect("a URL");
        let (grant, cache) = (Grant::default(), Cache::default());
        let source = Git {
            address: &url,
            grant: &grant,
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
