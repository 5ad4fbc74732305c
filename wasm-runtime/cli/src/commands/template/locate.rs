//! Finding charts, on this machine and on servers.

use std::path::{Component, Path, PathBuf};

use chartwright::File;
use chartwright_sources::access::{Access, Pem};
use chartwright_sources::go_words::go_words;
use chartwright_sources::helm_locate::{self, HelmChart, HelmRequest};
use chartwright_sources::{Patience, folder, provenance};
use contract::{Archive, Base64, FileGiven};
use helm::{Level, Warning};

use crate::environment;

use super::ignored::Ignored;
use super::report::{self, Failure};

/// A chart that was found.
pub(super) enum Located {
    /// A folder or archive.
    Path(PathBuf),
    /// An archive that was fetched.
    Fetched(HelmChart),
}

impl Located {
    /// The path in messages.
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Located::Path(path) => absolute(path),
            Located::Fetched(chart) => PathBuf::from(&chart.from),
        }
    }
}

/// The absolute path, without `.` and `..` (Go: `filepath.Abs`).
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            part => clean.push(part),
        }
    }
    clean
}

/// Finds the chart that a reference names (`LocateChart`).
/// `print` gets what Helm prints while it fetches.
pub(super) fn locate(
    reference: &str,
    ignored: &Ignored,
    offline: bool,
    print: &dyn Fn(&str),
) -> Result<Located, Failure> {
    let reference = reference.trim();
    if ignored.text("repo").is_none() {
        let path = Path::new(reference);
        if path.exists() {
            if ignored.is_on("verify") {
                verify(path, ignored)?;
            }
            return Ok(Located::Path(path.to_path_buf()));
        }
        if path.is_absolute() || reference.starts_with('.') {
            return Err(Failure::text(format!("path {reference:?} not found")));
        }
    }
    let fetched =
        helm_locate::fetch(reference, &request(ignored, offline), print).map_err(|e| Failure::text(e.to_string()))?;
    if let Some(warning) = &fetched.warning {
        report::log_written(warning);
    }
    Ok(Located::Fetched(fetched))
}

/// Checks the signature of an archive on this machine (`VerifyChart`).
fn verify(path: &Path, ignored: &Ignored) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::text("unpacked charts cannot be verified"));
    }
    let path = absolute(path);
    let data = folder::read(&path, folder::MOST_IN_ALL).map_err(|e| {
        Failure::text(format!("failed to read chart archive: open {}: {}", path.display(), go_words(&e)))
    })?;
    let signature = PathBuf::from(format!("{}.prov", path.display()));
    provenance::verify_file(&path, &data, &signature, &keyring(ignored))
        .map(drop)
        .map_err(|e| Failure::text(e.to_string()))
}

fn keyring(ignored: &Ignored) -> PathBuf {
    ignored.text("keyring").map_or_else(environment::keyring, PathBuf::from)
}

/// The flags about charts that have to be fetched.
fn request(ignored: &Ignored, offline: bool) -> HelmRequest {
    let path = |flag: &str| ignored.text(flag).map(PathBuf::from);
    let text = |flag: &str| ignored.text(flag).map(str::to_owned);
    let version = ignored.text("version").map(str::trim).unwrap_or_default();
    let newest = if ignored.is_on("devel") { ">0.0.0-0" } else { "" };
    HelmRequest {
        repository: text("repo"),
        version: if version.is_empty() { newest } else { version }.to_owned(),
        keyring: ignored.is_on("verify").then(|| keyring(ignored)),
        access: Access {
            username: text("username"),
            password: text("password"),
            ca: path("ca-file").map(Pem::File),
            certificate: path("cert-file").map(Pem::File),
            key: path("key-file").map(Pem::File),
            insecure: ignored.is_on("insecure-skip-tls-verify"),
            pass_credentials: ignored.is_on("pass-credentials"),
            plain_http: ignored.is_on("plain-http"),
            ..Access::default()
        },
        repository_config: path("repository-config").unwrap_or_else(environment::repository_config),
        repository_cache: path("repository-cache").unwrap_or_else(environment::repository_cache),
        offline,
        patience: Patience::default(),
        cache: environment::cache(),
        registry_configs: environment::registry_configs(path("registry-config")),
    }
}

/// Reads a chart in the contract's form.
pub(super) fn read(located: Located) -> Result<Archive, Failure> {
    let archive = |name, data| Archive { name, data: Some(Base64(data)), ..Archive::default() };
    let path = match located {
        Located::Path(path) => path,
        Located::Fetched(chart) => return Ok(archive(chart.from, chart.data)),
    };
    let path = absolute(&path);
    let name = path.to_string_lossy().into_owned();
    if !path.is_dir() {
        return match folder::read(&path, folder::MOST_IN_ALL) {
            Ok(data) => Ok(archive(name, data)),
            Err(e) => Err(Failure::text(format!("open {name}: {}", go_words(&e)))),
        };
    }
    // Without `Chart.yaml`, the folder is not a chart.
    let mut log = |link: &Path, resolved: &Path| {
        const FOUND: &str = "found symbolic link in path. Contents of linked file included and used";
        let found = Warning::at(Level::Info, FOUND).with("path", link.to_string_lossy());
        report::log(&found.with("resolved", resolved.to_string_lossy()));
    };
    let is_chart = path.join("Chart.yaml").exists();
    let files = if is_chart {
        folder::files_and_links(&path, &mut log).map_err(|e| Failure::text(e.to_string()))?
    } else {
        Vec::new()
    };
    let file = |f: File| FileGiven { path: f.name.to_string(), data: Base64(f.data.to_vec()), failed: None };
    Ok(Archive { name, files: Some(files.into_iter().map(file).collect()), ..Archive::default() })
}
