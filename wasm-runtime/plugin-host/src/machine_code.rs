//! Machine code of modules, kept so that the next start need not compile.
//!
//! Machine code runs as it is, so only files that this user wrote are taken: the folder and the files must belong to
//! the user and be writable by no other user, and a file must be whole. Wasmtime itself refuses code of another
//! version, other settings or another processor; all of those are part of the name, too.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustc_hash::FxHasher;
use wasmtime::{Engine, Module};

/// How many modules are kept; the least recently used go first.
const MOST_FILES: usize = 16;
/// Bytes of the checksum at the end of a file: it tells damage, not malice.
const CHECKSUM: usize = 8;
/// So much of a file is read at once to sum it up.
const PIECE: usize = 1 << 16;

use crate::cache::ModuleCache;

impl ModuleCache {
    fn path(&self, engine: &Engine, digest: &str) -> PathBuf {
        let mut settings = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut settings);
        let digest = digest.strip_prefix("sha256:").unwrap_or(digest);
        self.folder.join(format!("{digest}-{:016x}.cwasm", settings.finish()))
    }

    /// The machine code of a module, if it exists and only this user can have written it.
    #[expect(unsafe_code, reason = "machine code that is loaded again is run as it is: see the module's documentation")]
    pub(crate) fn load(&self, engine: &Engine, digest: &str) -> Option<Module> {
        let path = self.path(engine, digest);
        if !is_ours(&self.folder) || !is_ours(&path) {
            return None;
        }
        if !is_whole(&path).ok()? {
            return None;
        }
        // SAFETY: a file that only this user can write, whole, under the name of this module, version and settings. It
        // is never written again: others are moved to its name.
        let module = unsafe { Module::deserialize_file(engine, &path) }.ok()?;
        let used = fs::File::options().append(true).open(&path);
        let _ = used.and_then(|file| file.set_modified(SystemTime::now()));
        Some(module)
    }

    /// Keeps the machine code of a module. If the cache cannot be written, nothing is kept.
    pub(crate) fn store(&self, module: &Module, digest: &str) {
        let Ok(code) = module.serialize() else { return };
        if make_folder(&self.folder).is_ok() && is_ours(&self.folder) {
            let _ = self.write(&self.path(module.engine(), digest), &code);
            self.tidy();
        }
    }

    fn write(&self, path: &Path, code: &[u8]) -> std::io::Result<()> {
        // Under another name first: whoever reads finds all of it or nothing. Only the user can read and write it.
        let mut file = tempfile::Builder::new().prefix(".part-").tempfile_in(&self.folder)?;
        file.write_all(code)?;
        let mut sum = FxHasher::default();
        code.chunks(PIECE).for_each(|piece| sum.write(piece));
        file.write_all(&sum.finish().to_le_bytes())?;
        file.persist(path).map(drop).map_err(|error| error.error)
    }

    /// Removes what was not used for longest.
    fn tidy(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let age = |entry: &fs::DirEntry| entry.metadata().and_then(|m| m.modified()).ok();
        let mut files: Vec<_> =
            entries.filter_map(|e| Some((age(&e)?, e.path()))).filter(|(_, p)| p.extension().is_some()).collect();
        files.sort();
        let surplus = files.len().saturating_sub(MOST_FILES);
        for (_, path) in files.into_iter().take(surplus) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether a file is as it was written.
fn is_whole(path: &Path) -> std::io::Result<bool> {
    let mut file = fs::File::open(path)?;
    let Some(mut left) = usize::try_from(file.metadata()?.len()).ok().and_then(|all| all.checked_sub(CHECKSUM)) else {
        return Ok(false);
    };
    let (mut sum, mut buffer) = (FxHasher::default(), vec![0; PIECE]);
    while left > 0 {
        // As large as they were when it was written, for the sum depends on that.
        let piece = &mut buffer[..left.min(PIECE)];
        file.read_exact(piece)?;
        sum.write(piece);
        left -= piece.len();
    }
    let mut written = [0; CHECKSUM];
    file.read_exact(&mut written)?;
    Ok(written == sum.finish().to_le_bytes())
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

/// Whether a file or folder is this user's, is not a link, and can be written only by this user.
#[cfg(unix)]
fn is_ours(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(|m| !m.is_symlink() && m.uid() == user && m.mode() & 0o022 == 0)
}

#[cfg(not(unix))]
fn is_ours(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|m| !m.is_symlink())
}
