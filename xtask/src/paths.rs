//! Where things are: the repository, its build folder, the conformance kit.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    // What `cargo run` says comes first: a build folder that several clones share may hold another clone's build.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest = Path::new(&manifest);
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The build folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder beside the repository that holds the conformance kit and the
/// reference program; `None` where it is missing.
pub(crate) fn shared() -> Option<PathBuf> {
    let dir = env::var_os("CHARTWRIGHT_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    dir.canonicalize().ok()
}

/// The conformance kit: `$CHARTWRIGHT_CONFORMANCE`, or `conformance` in [`shared`].
pub(crate) fn conformance() -> Option<PathBuf> {
    let dir = match env::var_os("CHARTWRIGHT_CONFORMANCE") {
        Some(dir) => PathBuf::from(dir),
        None => shared()?.join("conformance"),
    };
    dir.canonicalize().ok()
}

/// Where Cargo keeps the sources of dependencies, and more.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let own = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    own.or_else(|| Some(env::home_dir()?.join(".cargo")))
}
