//! Goldens: small charts and snippets of our own, with what real Helm makes of them.
//!
//! - `charts/NAME/chart` is a chart, each for one concern of Helm; `cases.yaml` beside it says how it is rendered
//!   ([`Case`]), and `expected/` has what Helm printed for each case.
//! - `snippets/GROUP.jsonl` has templates on one line each ([`Snippet`]), with the answer of Helm's own engine.
//!
//! Only `cargo xtask goldens` writes an answer, and it asks Helm. The tests of this package compare ours with them.
//! The library reads both formats, without the engine: `xtask` uses it too.
#![allow(clippy::disallowed_methods, reason = "goldens are files of the repository")]

mod case;
mod diff;
mod snippet;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

pub use case::{Answer, Case, Chart};
pub use diff::diff;
pub use snippet::{Group, Snippet};

/// A folder of this package.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The names in a folder, sorted; nothing where there is no such folder.
///
/// # Errors
/// Where the folder cannot be read.
pub fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
