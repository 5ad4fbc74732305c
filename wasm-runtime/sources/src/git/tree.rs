//! The files of a commit, read from the object store.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Mutex;

use helm::chart::Bytes;

use crate::address::Address;
use crate::git::command::plain_git;
use crate::git::error::{GitError, MOST_FILES, MOST_OF_FILE};
use crate::ignore::{self, Ignored};
use crate::sync::lock;

/// A commit of a repository, with its files.
#[derive(Debug)]
pub(crate) struct GitTree {
    pub(super) folder: PathBuf,
    /// Object and size by path.
    pub(super) files: BTreeMap<String, (String, u64)>,
    pub(super) reader: Mutex<Option<(Child, BufReader<std::process::ChildStdout>)>>,
    /// As Flux writes it: `main@sha1:…`.
    pub(crate) revision: String,
    /// Keeps the repository if there is no cache for it.
    pub(super) _temporary: Option<tempfile::TempDir>,
}

/// The regular files in what `git ls-tree -r -z --long` prints: object and size by path.
pub(super) fn files(list: &[u8], address: &Address) -> Result<BTreeMap<String, (String, u64)>, GitError> {
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
            return Err(GitError::TooManyFiles(address.clone()));
        }
    }
    Ok(files)
}

impl GitTree {
    /// Leaves out what Flux does: its defaults, what files `.sourceignore` say, then the patterns of the source.
    pub(super) fn leave_out(&mut self, patterns: Option<&str>) -> Result<(), GitError> {
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
    pub(crate) fn read(&self, path: &str) -> Result<Option<Bytes>, GitError> {
        let Some((object, size)) = self.files.get(path) else { return Ok(None) };
        if *size > MOST_OF_FILE {
            return Err(GitError::TooLarge(path.to_owned()));
        }
        let mut reader = lock(&self.reader);
        let failed = |e: std::io::Error| GitError::io("git cat-file", e);
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
            return Err(GitError::NoObject { object: object.clone(), path: path.to_owned() });
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
