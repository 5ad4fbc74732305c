//! Where icons come from.

use std::path::Path;

use chartwright_catalog::is_relative;
use chartwright_sources::{Schemas, folder};
use helm::chart::File;

use crate::icon::{Icon, MOST_BYTES, NAMES};

/// The files that belong to a module.
pub(crate) enum Beside<'a> {
    /// Those in its folder.
    Folder(&'a Path),
    /// Those of a chart.
    Files(&'a [File]),
}

impl Beside<'_> {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        match self {
            Beside::Folder(path) => {
                let path = path.join(name);
                let is_file = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
                is_file.then(|| folder::read(&path, MOST_BYTES + 1).ok()).flatten()
            }
            Beside::Files(files) => {
                files.iter().find(|file| file.name == name).map(|file| file.data.as_bytes().to_vec())
            }
        }
    }
}

/// The icon of a module: a file of a known name, else what it names. `None` where it has none, or one at an address that
/// is not fetched.
///
/// # Errors
/// Why what is there is not taken, in a sentence.
pub(crate) fn find(named: &str, beside: &Beside<'_>, fetch: bool) -> Result<Option<Icon>, String> {
    let words = |error: crate::icon::IconError| error.to_string();
    if let Some(data) = NAMES.iter().find_map(|name| beside.read(name)) {
        return Icon::of(data).map(Some).map_err(words);
    }
    if named.starts_with("data:") {
        return Icon::of_url(named).map(Some).map_err(words);
    }
    let path = named.strip_prefix("./").unwrap_or(named);
    let is_inside = is_relative(path) && path.split(['/', '\\']).all(|part| part != ".." && !part.is_empty());
    if is_inside {
        let data = beside.read(path).ok_or_else(|| format!("the icon {path} is not there"))?;
        return Icon::of(data).map(Some).map_err(words);
    }
    if fetch && named.starts_with("https://") {
        let data = Schemas::new(None, false).picture_at(named).map_err(|error| error.to_string())?;
        return Icon::of(data).map(Some).map_err(words);
    }
    Ok(None)
}
