//! Environment variables that name folders and files of the user. They are read nowhere else.

use std::env;
use std::path::PathBuf;

/// A variable that is not empty, as a path.
fn given(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The user's home folder.
fn home() -> Option<PathBuf> {
    env::home_dir().filter(|home| !home.as_os_str().is_empty())
}

/// Folder of the cache: `$CHARTWRIGHT_CACHE`, or `chartwright` in the user's cache folder.
pub(crate) fn cache() -> Option<PathBuf> {
    if let Some(folder) = given("CHARTWRIGHT_CACHE") {
        return Some(folder);
    }
    let base = given("XDG_CACHE_HOME").or_else(|| {
        if cfg!(windows) {
            given("LOCALAPPDATA")
        } else {
            Some(home()?.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }))
        }
    });
    base.map(|base| base.join("chartwright"))
}

/// `$GNUPGHOME/pubring.gpg` or `~/.gnupg/pubring.gpg`, as in Helm.
pub(crate) fn keyring() -> PathBuf {
    let folder = given("GNUPGHOME").or_else(|| Some(home()?.join(".gnupg"))).unwrap_or_default();
    folder.join("pubring.gpg")
}

/// The files with credentials for registries: the one that a flag names or Helm's, then Docker's.
pub(crate) fn registry_configs(named: Option<PathBuf>) -> Vec<PathBuf> {
    let helm = named.unwrap_or_else(|| own("HELM_REGISTRY_CONFIG", || helm_config().join("registry/config.json")));
    let docker = given("DOCKER_CONFIG").or_else(|| Some(home()?.join(".docker")));
    [Some(helm), docker.map(|folder| folder.join("config.json"))].into_iter().flatten().collect()
}

/// `HELM_REPOSITORY_CONFIG`, or `repositories.yaml` in Helm's folder.
pub(crate) fn repository_config() -> PathBuf {
    own("HELM_REPOSITORY_CONFIG", || helm_config().join("repositories.yaml"))
}

/// `HELM_REPOSITORY_CACHE`, or `repository` in Helm's cache.
pub(crate) fn repository_cache() -> PathBuf {
    own("HELM_REPOSITORY_CACHE", || helm_cache().join("repository"))
}

/// `CHARTWRIGHT_RELEASES_PASSWORD`: for the server of the repository that releases are committed to.
#[cfg(feature = "serve")]
pub(crate) fn releases_password() -> Option<String> {
    env::var("CHARTWRIGHT_RELEASES_PASSWORD").ok().filter(|password| !password.is_empty())
}

/// The program that Git runs for SSH, if the user sets one.
pub(crate) fn ssh_command() -> Option<String> {
    env::var("GIT_SSH_COMMAND").ok().filter(|command| !command.is_empty())
}

/// One of Helm's variables, which may be empty.
fn own(variable: &str, default: impl FnOnce() -> PathBuf) -> PathBuf {
    env::var_os(variable).map_or_else(default, PathBuf::from)
}

fn helm_config() -> PathBuf {
    helm_folder("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config", "Library/Preferences", "APPDATA")
}

fn helm_cache() -> PathBuf {
    helm_folder("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache", "Library/Caches", "TEMP")
}

/// One of Helm's folders (`helmpath`).
fn helm_folder(helm: &str, xdg: &str, unix: &str, mac: &str, windows: &str) -> PathBuf {
    if let Some(folder) = given(helm) {
        return folder;
    }
    let base = given(xdg).or_else(|| if cfg!(windows) { given(windows) } else { None });
    let below = if cfg!(target_os = "macos") { mac } else { unix };
    base.unwrap_or_else(|| env::home_dir().unwrap_or_default().join(below)).join("helm")
}
