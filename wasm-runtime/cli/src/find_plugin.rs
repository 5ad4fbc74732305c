//! Where the engine's plugin is on this machine, and which digest it must have.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use chartwright_host::plugin::PluginError;

/// The file's name.
const FILE: &str = "chartwright.wasm";

/// The places where the plugin is looked for, in this order: `$CHARTWRIGHT_PLUGIN`, the program's folder, and
/// `chartwright` in the data folders of the user and the system.
pub(crate) fn places() -> Vec<PathBuf> {
    if let Some(file) = env::var_os("CHARTWRIGHT_PLUGIN").filter(|f| !f.is_empty()) {
        // A named plugin is the only candidate.
        return vec![file.into()];
    }
    let beside = env::current_exe().ok().and_then(|exe| Some(exe.canonicalize().ok()?.parent()?.join(FILE)));
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let user = env::var_os("XDG_DATA_HOME").filter(|f| !f.is_empty()).map(PathBuf::from).or(home);
    let system = [PathBuf::from("/usr/local/share"), PathBuf::from("/usr/share")];
    beside.into_iter().chain(user.into_iter().chain(system).map(|dir| dir.join("chartwright").join(FILE))).collect()
}

/// The plugin: the named file, or the first file that exists.
///
/// # Errors
/// [`PluginError::Load`], with the places, if no file exists.
pub(crate) fn find(named: Option<&Path>) -> Result<PathBuf, PluginError> {
    if let Some(path) = named {
        return Ok(path.to_path_buf());
    }
    let places = places();
    if let Some(found) = places.iter().find(|path| path.is_file()) {
        return Ok(found.clone());
    }
    let list: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
    Err(PluginError::Load(format!(
        "{FILE} was not found (looked for {}); `cargo xtask package plugin` builds it",
        list.join(", ")
    )))
}

/// The digest in the file beside a plugin, `FILE.sha256`, as `sha256sum` writes it.
///
/// # Errors
/// [`PluginError::Load`] if that file contains no digest.
pub(crate) fn pinned(path: &Path) -> Result<Option<String>, PluginError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".sha256");
    let Ok(text) = fs::read_to_string(&name) else { return Ok(None) };
    let digest = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    let digest = digest.strip_prefix("sha256:").unwrap_or(&digest);
    if digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(Some(format!("sha256:{digest}")));
    }
    Err(PluginError::Load(format!("{} contains no digest", Path::new(&name).display())))
}
