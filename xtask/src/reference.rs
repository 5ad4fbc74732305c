//! The reference program (Helm's own engine) and Helm's command line, built from source if Go is installed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{paths, run};

/// The version of Helm that everything is compared with.
pub(crate) const HELM_VERSION: &str = "v4.2.4";

/// Whether there is a Go toolchain.
pub(crate) fn has_go() -> bool {
    Command::new("go").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// Builds the reference program. If that is not possible, prints why and returns `None`.
pub(crate) fn oracle() -> anyhow::Result<Option<PathBuf>> {
    let Some(source) = paths::shared().map(|s| s.join("oracle")).filter(|s| s.is_dir()) else {
        eprintln!("SKIPPED: the reference program's source is not there (../shared/oracle)");
        return Ok(None);
    };
    if !has_go() {
        eprintln!("SKIPPED: no Go toolchain to build the reference program with");
        return Ok(None);
    }
    let binary = paths::target().join("reference").join("oracle");
    eprintln!("building the reference program …");
    run::check(Command::new("go").args(["build", "-o"]).arg(&binary).arg(".").current_dir(source))?;
    Ok(Some(binary))
}

/// Builds Helm's command line. Without Go, prints that and returns `None`.
pub(crate) fn helm() -> anyhow::Result<Option<PathBuf>> {
    if !has_go() {
        eprintln!("SKIPPED: no Go toolchain to build Helm with");
        return Ok(None);
    }
    let folder = paths::target().join("reference");
    eprintln!("building Helm {HELM_VERSION} …");
    let mut install = Command::new("go");
    install.arg("install").arg(format!("helm.sh/helm/v4/cmd/helm@{HELM_VERSION}")).env("GOBIN", &folder);
    if !install.status().is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: Helm {HELM_VERSION} could not be had: {} failed", run::line(&install));
        return Ok(None);
    }
    Ok(Some(folder.join("helm")))
}
