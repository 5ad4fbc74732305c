//! Charts that are noted as they are brought.

use std::cell::RefCell;

use chartwright_host::ChartSource;
use chartwright_sources::Sources;
use contract::{Archive, Base64, ChartGiven, ChartWanted};

/// A chart that something wanted.
pub(crate) struct Kept {
    pub(crate) wanted: ChartWanted,
    pub(crate) revision: Option<String>,
    pub(crate) archive: Vec<u8>,
}

/// Sources whose charts are kept, as the archives that a page gets.
pub(crate) struct Recording<'a> {
    sources: &'a Sources,
    kept: RefCell<Vec<Kept>>,
}

impl<'a> Recording<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Recording<'a> {
        Recording { sources, kept: RefCell::default() }
    }

    /// What was brought, in the order in which it was asked for.
    pub(crate) fn into_kept(self) -> Vec<Kept> {
        self.kept.into_inner()
    }
}

impl ChartSource for Recording<'_> {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let given = ChartSource::bring(self.sources, wanted)?;
        if given.failed.is_some() {
            return Some(given);
        }
        // It is there already: sources fetch once.
        let Ok(brought) = Sources::bring(self.sources, wanted) else { return Some(given) };
        let archive = brought.archive();
        let kept = Kept { wanted: wanted.clone(), revision: given.revision.clone(), archive: archive.clone() };
        self.kept.borrow_mut().push(kept);
        // What is rendered here is what a page renders later: the archive, not the folder that it was packed from.
        let name = given.archive.name.clone();
        Some(ChartGiven { archive: Archive { name, data: Some(Base64(archive)), ..Archive::default() }, ..given })
    }
}
