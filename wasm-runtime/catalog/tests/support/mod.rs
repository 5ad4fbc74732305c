//! Folders to make catalogs of.
#![allow(dead_code, reason = "each test needs a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use chartwright_catalog::Catalog;
use chartwright_catalog_build::{BuildError, Builder, Built, Options};
use chartwright_host::native_engine;
use chartwright_sources::Sources;
use tempfile::TempDir;

/// The repository's `templates`.
fn templates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates")
}

/// The sample modules.
pub(crate) fn modules() -> PathBuf {
    templates().join("modules")
}

/// Makes a catalog, with the base charts of this repository.
pub(crate) fn build(from: &Path, out: &Path, options: &Options) -> Result<Built, BuildError> {
    let sources = Sources::new(chartwright_sources::Options::default()).expect("no lock file");
    sources.add(&format!("basecharts={}", templates().display())).expect("a source");
    let engine = native_engine();
    Builder { engine: &engine, sources: &sources, options, progress: &() }.folder(from, out)
}

/// The catalog in a folder.
pub(crate) fn catalog_of(out: &Path) -> Catalog {
    let json = fs::read(out.join("catalog.json")).expect("a catalog");
    Catalog::read(&json).expect("a catalog")
}

/// A folder with files.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    pub(crate) fn chart(&self, folder: &str, about: &str, files: &[(&str, &str)]) {
        self.file(&format!("{folder}/Chart.yaml"), &format!("apiVersion: v2\n{about}"));
        for (name, text) in files {
            self.file(&format!("{folder}/{name}"), text);
        }
    }
}
