//! A store as a folder of YAML files, and back: for Git, and for people.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chartwright_api::types::Id;
use chartwright_api::{Namespaces, Selector};

use super::error::StoreError;
use super::{Result, Store, current, head, put};

/// The most bytes of a descriptor.
const MOST_BYTES: u64 = 1 << 20;
/// What every descriptor says it is.
const KIND: &str = "HelmChartDescriptor";

/// What an import has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Descriptors that are new, or have another text.
    pub written: Vec<Id>,
    /// How many were there already as they are.
    pub same: usize,
    /// Files that are not descriptors.
    pub skipped: Vec<PathBuf>,
}

impl Store {
    /// Writes each descriptor as `NAMESPACE/NAME.yaml`. Files with other content are replaced only with `force`; what
    /// else is in the folder stays. How many files were written.
    ///
    /// # Errors
    /// If the store cannot be read, a file cannot be written, or has other content.
    pub fn export(&self, folder: &Path, force: bool) -> Result<usize> {
        let all = self.list(&Namespaces::All, None, &Selector::default(), usize::MAX, None)?;
        let mut files = Vec::new();
        for head in all.items {
            let path = folder.join(&head.namespace).join(format!("{}.yaml", head.name));
            let Ok(id) = Id::new(head.namespace, head.name) else { continue };
            let text = match self.read(&id) {
                // Another program has just deleted it.
                Err(StoreError::NotFound(_)) => continue,
                read => read?.text,
            };
            match fs::read(&path) {
                Ok(there) if there == text.as_bytes() => {}
                Ok(_) if !force => return Err(StoreError::FileExists(path)),
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::Open { path, cause });
                }
                _ => files.push((path, text)),
            }
        }
        for (path, text) in &files {
            let failed = |cause| StoreError::Open { path: path.clone(), cause };
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(failed)?;
            let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(parent).map_err(failed)?;
            file.write_all(text.as_bytes()).map_err(failed)?;
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                file.as_file().set_permissions(fs::Permissions::from_mode(0o644)).map_err(failed)?;
            }
            file.persist(path).map_err(|error| failed(error.error))?;
        }
        Ok(files.len())
    }

    /// Stores the descriptors in the YAML files below a folder, whatever the files are called: all of them, or none.
    /// Names that begin with a dot, and links, are left out. What the store has and the folder has not stays.
    ///
    /// # Errors
    /// If a file cannot be read, or a descriptor is not valid, or the store cannot be written.
    pub fn import(&self, folder: &Path) -> Result<Imported> {
        let mut imported = Imported::default();
        let mut texts = Vec::new();
        for path in yaml_files(folder)? {
            let failed = |cause| StoreError::Open { path: path.clone(), cause };
            if fs::metadata(&path).map_err(failed)?.len() > MOST_BYTES {
                imported.skipped.push(path);
                continue;
            }
            let text = fs::read(&path).map_err(failed)?;
            match String::from_utf8(text) {
                Ok(text) if text.contains(KIND) => {
                    let content = head::content(&text);
                    let content = content
                        .map_err(|cause| StoreError::File { path: path.clone(), cause: Box::new(with_place(cause)) })?;
                    texts.push((text, content));
                }
                _ => imported.skipped.push(path),
            }
        }
        self.write(|transaction| {
            for (text, content) in texts {
                let id = content.id.clone();
                let before = current(transaction, &id)?;
                match put(transaction, &text, content, before)? {
                    (_, true) => imported.written.push(id),
                    (_, false) => imported.same += 1,
                }
            }
            Ok(imported)
        })
    }
}

/// The first problem of a descriptor, in the message.
fn with_place(error: StoreError) -> StoreError {
    match error {
        StoreError::Descriptor { message, problems } => {
            let first = problems.first().map(|problem| format!(": {} (line {})", problem.message, problem.place.line));
            StoreError::Descriptor { message: message + &first.unwrap_or_default(), problems }
        }
        other => other,
    }
}

fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let failed = |cause| StoreError::Open { path: folder.clone(), cause };
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (name, kind) = (entry.file_name(), entry.file_type().map_err(failed)?);
            let name = name.to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && (name.ends_with(".yaml") || name.ends_with(".yml")) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
