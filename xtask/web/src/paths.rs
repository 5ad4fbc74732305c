//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    // What `cargo run` says comes first: a build folder that several clones share may hold another clone's build.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// The build folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// What is served.
pub(crate) fn dist() -> PathBuf {
    target().join("web").join("dist")
}

/// Where Cargo keeps the sources of dependencies.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let own = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    own.or_else(|| Some(env::home_dir()?.join(".cargo")))
}
