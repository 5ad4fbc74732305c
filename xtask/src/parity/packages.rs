//! npm packages that hosts and examples need, below `target`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::hosts::has_node;
use crate::paths;

/// Extism's SDK for JavaScript.
const EXTISM: &str = "@extism/extism@1.0.3";

/// The folder whose `node_modules` has Extism's SDK. If it cannot be installed, prints that and returns `None`.
pub(crate) fn extism_sdk() -> anyhow::Result<Option<PathBuf>> {
    let folder = paths::target().join("parity").join("npm");
    if !has_node() {
        println!("SKIPPED: Extism in JavaScript: there is no Node.js");
        return Ok(None);
    }
    let installed = folder.join("node_modules/@extism/extism/package.json");
    if !installed.is_file() {
        std::fs::create_dir_all(&folder)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-package-lock", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", EXTISM]);
        npm.arg("--prefix").arg(&folder).current_dir(&folder).stdout(Stdio::null());
        if !npm.status().is_ok_and(|status| status.success()) {
            println!("SKIPPED: Extism in JavaScript: npm could not install {EXTISM}");
            return Ok(None);
        }
    }
    Ok(Some(folder))
}
