//! Where machine code of modules is kept.

use std::path::PathBuf;

/// A folder with machine code.
#[derive(Clone, Debug)]
pub struct ModuleCache {
    #[cfg_attr(not(feature = "run"), expect(dead_code, reason = "only what runs plugins keeps their machine code"))]
    pub(crate) folder: PathBuf,
}

impl ModuleCache {
    /// A cache in this folder, which is made when it is needed.
    pub fn new(folder: impl Into<PathBuf>) -> ModuleCache {
        ModuleCache { folder: folder.into() }
    }
}
