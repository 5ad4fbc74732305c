//! What an import is given: the files, and how they are to be read.

use std::collections::BTreeMap;

use descriptor::types::SourceRef;
use descriptor::write::base_charts;

/// A compose file.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its path, as the host names it; files that it names are seen from there.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// The files beside a compose file: those of `env_file`, `secrets`, `configs`, `include`, `extends` and bind mounts.
pub trait Folder {
    /// The content of a file; `None` if it does not exist or must not be read.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// The sorted names of the files directly in a folder; none if it is not a folder.
    fn list(&self, path: &str) -> Vec<String>;
}

/// No files at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Empty;

impl Folder for Empty {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }

    fn list(&self, _path: &str) -> Vec<String> {
        Vec::new()
    }
}

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// The module's name; that of the compose file if none is given.
    pub name: Option<String>,
    /// The module's name where neither gives one: Compose takes that of the folder.
    pub default_name: Option<String>,
    /// The module's version.
    pub version: String,
    /// The profiles whose services are wanted; `*` for all.
    pub profiles: Vec<String>,
    /// The value of `${NAME}`.
    pub variables: BTreeMap<String, String>,
    /// The Flux source that has our base charts.
    pub base_charts: SourceRef,
    /// The size of volumes, which compose files do not say.
    pub volume_size: String,
    /// Whether secrets are written into the descriptor. Else they are read from Secrets that are created separately.
    pub inline_secrets: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            name: None,
            default_name: None,
            version: "0.1.0".to_owned(),
            profiles: Vec::new(),
            variables: BTreeMap::new(),
            base_charts: base_charts(),
            volume_size: "5Gi".to_owned(),
            inline_secrets: false,
        }
    }
}
