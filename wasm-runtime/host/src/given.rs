//! Charts from sources, as the contract carries them.

use chartwright_sources::{Brought, Schemas, Sources};
use contract::{Archive, Base64, ChartGiven, ChartWanted, FetchFailure, FetchKind, FileGiven};
use flux::FetchError;

use crate::bring::ChartSource;

/// Charts from sources, and documents that schemas refer to.
#[derive(Debug)]
pub struct Fetching<'a> {
    /// Where charts come from.
    pub sources: &'a Sources,
    /// What fetches documents.
    pub schemas: &'a Schemas,
}

impl ChartSource for Fetching<'_> {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        ChartSource::bring(self.sources, wanted)
    }

    fn document(&self, url: &str) -> Option<FileGiven> {
        ChartSource::document(self.schemas, url)
    }
}

/// Documents alone: a chart that a host renders itself names no others.
impl ChartSource for Schemas {
    fn bring(&self, _: &ChartWanted) -> Option<ChartGiven> {
        None
    }

    fn document(&self, url: &str) -> Option<FileGiven> {
        let path = url.to_owned();
        Some(match self.schema_at(url) {
            Ok(data) => FileGiven { path, data: Base64(data), failed: None },
            Err(error) => FileGiven { path, data: Base64::default(), failed: Some(error.to_string()) },
        })
    }
}

impl ChartSource for Sources {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let wanted = wanted.clone();
        match Sources::bring(self, &wanted).map_err(FetchError::from) {
            Ok(brought) => Some(given(wanted, &brought)),
            Err(error) => {
                let (kind, message) = match error {
                    FetchError::Unknown => return None,
                    FetchError::NotFound(message) => (FetchKind::NotFound, message),
                    FetchError::Unreachable(message) => (FetchKind::Unreachable, message),
                    FetchError::Tampered(message) => (FetchKind::Tampered, message),
                    FetchError::Invalid(message) => (FetchKind::Invalid, message),
                };
                let failed = Some(FetchFailure { kind, message });
                Some(ChartGiven { wanted, failed, ..ChartGiven::default() })
            }
        }
    }
}

fn given(wanted: ChartWanted, brought: &Brought) -> ChartGiven {
    let file = |path: String, data: &[u8]| FileGiven { path, data: Base64(data.to_vec()), failed: None };
    let archive = match brought.files() {
        // A folder is not packed to be unpacked again.
        Some(files) => Archive {
            name: brought.from.clone(),
            files: Some(files.iter().map(|f| file(f.name.to_string(), &f.data)).collect()),
            ..Archive::default()
        },
        None => Archive { name: brought.from.clone(), data: Some(Base64(brought.archive())), ..Archive::default() },
    };
    ChartGiven {
        wanted,
        archive,
        failed: None,
        revision: brought.fetched.revision.clone(),
        values_files: brought.fetched.values_files.iter().map(|(path, data)| file(path.clone(), data)).collect(),
    }
}
