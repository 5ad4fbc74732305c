//! `flux chartwright`: found, completed, run and installed by Flux's own code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::home::Home;
use super::{Checks, succeeded};
use crate::{package, paths, run};

/// The Flux whose code it is.
const FLUX: &str = "github.com/fluxcd/flux2/v2@v2.9.5";

pub(super) fn check(checks: &mut Checks<'_>, home: &Home) -> anyhow::Result<()> {
    let Some(program) = program()? else {
        println!("SKIPPED: flux chartwright: {FLUX} cannot be had");
        return Ok(());
    };
    let plugins = home.work.join("flux-plugins");
    fs::create_dir_all(&plugins)?;
    link(&home.chartwright, &plugins.join("flux-chartwright"))?;
    let flux = |args: &[&str], plugins: &Path| {
        let output =
            Command::new(&program).args(args).env("FLUXCD_PLUGINS", plugins).current_dir(paths::root()).output();
        anyhow::Ok(String::from_utf8(succeeded(output?)?)?)
    };
    checks.check("flux chartwright: Flux finds it", || {
        let found = flux(&["list"], &plugins)?;
        ensure!(found == "chartwright\n", "it finds {found:?}");
        Ok(())
    });
    checks.check("flux chartwright: Flux completes it", || {
        let found = flux(&["complete", "chartwright", "render", "--set"], &plugins)?;
        let words: Vec<_> = found.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect();
        ensure!(words == ["--set", "--set-string", "4"], "it completes {found}");
        Ok(())
    });
    checks.check("flux chartwright: Flux runs it", || {
        let help = flux(&["run", "chartwright", "render", "--help"], &plugins)?;
        ensure!(help.contains("Usage: flux chartwright render"), "it says\n{help}");
        let text = flux(&["run", "chartwright", "template", "demo", "templates/examples/shop"], &plugins)?;
        ensure!(text.contains("# Source: shop/templates/"), "it says\n{text}");
        Ok(())
    });
    checks.check("flux chartwright: Flux installs it from a catalogue", || {
        package::flux_plugin()?;
        let folder = home.work.join("flux-installed");
        fs::create_dir_all(&folder)?;
        let catalogue = package::folder()?.join("flux").display().to_string();
        let said = flux(&["install", &catalogue, "chartwright"], &folder)?;
        ensure!(said == format!("chartwright Apache-2.0\n{}\n", package::VERSION), "it says {said:?}");
        let version = flux(&["run", "chartwright", "--version"], &folder)?;
        ensure!(version.contains(package::VERSION), "it says {version:?}");
        Ok(())
    });
    Ok(())
}

/// Builds a program of Flux's code for plugins in a copy of its module; `None` where the module cannot be had.
fn program() -> anyhow::Result<Option<PathBuf>> {
    let folder = paths::target().join("reference/flux");
    if !folder.join("go.mod").is_file() {
        let download =
            Command::new("go").args(["mod", "download", "-json", FLUX]).current_dir(paths::target()).output()?;
        if !download.status.success() {
            return Ok(None);
        }
        let module: Value = serde_json::from_slice(&download.stdout)?;
        let source = module.get("Dir").and_then(Value::as_str).context("go mod download says where the module is")?;
        for part in ["internal/plugin", "pkg/plugin"] {
            copy(&Path::new(source).join(part), &folder.join(part))?;
        }
        for file in ["go.sum", "go.mod"] {
            fs::write(folder.join(file), fs::read(Path::new(source).join(file))?)?;
        }
    }
    let main = folder.join("cmd/plugins");
    fs::create_dir_all(&main)?;
    fs::write(main.join("main.go"), fs::read(paths::root().join("xtask/flux/main.go"))?)?;
    // What it needs comes from elsewhere, too: only what cannot be had is skipped, not what cannot be built.
    let list = Command::new("go").args(["list", "-mod=mod", "-deps", "./cmd/plugins"]).current_dir(&folder).output()?;
    if !list.status.success() {
        return Ok(None);
    }
    let program = paths::target().join("reference/flux-plugins");
    let mut go = Command::new("go");
    go.args(["build", "-mod=mod", "-o"]).arg(&program).arg("./cmd/plugins").current_dir(&folder);
    run::check(&mut go)?;
    Ok(Some(program))
}

/// Copies a folder's files; those of modules may not be written to.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_file() {
            fs::write(to.join(path.file_name().unwrap_or_default()), fs::read(&path)?)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> anyhow::Result<()> {
    Ok(std::os::unix::fs::symlink(to, at)?)
}

#[cfg(not(unix))]
fn link(to: &Path, at: &Path) -> anyhow::Result<()> {
    fs::copy(to, at)?;
    Ok(())
}
