//! Where a source is.

use std::path::{Path, PathBuf};

use super::UsageError;

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// A folder or archive on this machine.
    Path(PathBuf),
}

impl Location {
    /// Reads what stands behind the `=` of `--source`; relative paths start from `base`.
    pub(super) fn parse(text: &str, base: Option<&Path>) -> Result<Location, UsageError> {
        if text.is_empty() {
            return Err(UsageError::new("a source has no place: write NAME=FOLDER, NAME=ARCHIVE or NAME=URL"));
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(UsageError::new(format!("nobody reads {scheme:?} addresses: {text}")));
        }
        let path = Path::new(text);
        Ok(Location::Path(base.map_or_else(|| path.to_path_buf(), |base| base.join(path))))
    }
}
