//! What a chart is made of, before it is loaded.

use std::sync::Arc;

use helm::Warnings;
use helm::chart::{self, Bytes, Chart, ChartError, File, Limits};
use sha2::{Digest, Sha256};

use crate::cache::{hex, sha256};

/// What a chart is made of.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// The bytes of a `.tgz`.
    Archive(Bytes),
    /// The files of a folder, and its name for messages.
    Files(String, Vec<File>),
}

impl Content {
    /// Loads the chart.
    pub(crate) fn load(&self) -> Result<Arc<Chart>, ChartError> {
        let mut warnings = Warnings::default();
        match self {
            Content::Archive(data) => chart::load_archive(data.clone(), Limits::default(), &mut warnings),
            Content::Files(shown, files) => chart::load_folder(shown, files.clone(), Limits::default(), &mut warnings),
        }
    }

    /// `sha256:…`: of an archive's bytes; of a folder's files with their names and
    /// lengths, sorted, so that it does not depend on how anybody packs them.
    pub(crate) fn digest(&self) -> String {
        let files = match self {
            Content::Archive(data) => return sha256(data),
            Content::Files(_, files) => files,
        };
        let mut files: Vec<&File> = files.iter().collect();
        files.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        let mut hash = Sha256::new();
        for file in files {
            hash.update((file.name.len() as u64).to_be_bytes());
            hash.update(file.name.as_bytes());
            hash.update((file.data.len() as u64).to_be_bytes());
            hash.update(&file.data);
        }
        format!("sha256:{}", hex(&hash.finalize()))
    }
}
