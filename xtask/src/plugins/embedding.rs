//! The programs in `docs/src/embedding.md`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use super::home::Home;
use super::{Checks, same, succeeded};
use crate::{package, parity, paths, run};

/// The SDK for Go that the page names.
const GO_SDK: &str = "github.com/extism/go-sdk@v1.7.1";

/// The program in Rust: an example of the crate `chartwright-host`, so it is built with everything else.
const RUST_FILE: &str = "wasm-runtime/host/examples/embedding.rs";

const RUST: &str = "docs/src/embedding.md: the program in Rust";
const JAVASCRIPT: &str = "docs/src/embedding.md: the program in JavaScript";
const GO: &str = "docs/src/embedding.md: the program in Go";

pub(super) fn check(checks: &mut Checks<'_>, home: &Home) -> anyhow::Result<()> {
    if ![RUST, JAVASCRIPT, GO].iter().any(|name| checks.wants(name)) {
        return Ok(());
    }
    let folder = home.work.join("embedding");
    fs::create_dir_all(&folder)?;
    fs::copy(&package::plugin()?.file, folder.join("chartwright.wasm"))?;
    let chart = home.helm().args(["package", "templates/examples/shop", "--destination"]).arg(&folder).output()?;
    succeeded(chart)?;
    let archive =
        fs::read_dir(&folder)?.filter_map(|e| Some(e.ok()?.path())).find(|p| p.extension().is_some_and(|e| e == "tgz"));
    fs::rename(archive.context("a packed chart")?, folder.join("shop.tgz"))?;
    let mut template = home.helm();
    template.args(["template", "demo", "shop.tgz", "--namespace", "shop", "--set", "replicas=3"]).current_dir(&folder);
    let wanted = succeeded(template.output()?)?;
    let page = fs::read_to_string(paths::root().join("docs/src/embedding.md"))?;
    checks.check(RUST, || {
        let file = fs::read_to_string(paths::root().join(RUST_FILE))?;
        let program = file.split_once("\n\n").map_or("", |(_, program)| program);
        ensure!(program == block(&page, "rust")?, "{RUST_FILE} is not what the page shows");
        run::of_tests(&["--example", "embedding"])?;
        let mut program = Command::new(paths::target().join("debug/examples/embedding"));
        same(&wanted, &succeeded(program.current_dir(&folder).output()?)?)
    });
    if let Some(packages) = parity::extism_sdk()? {
        checks.check(JAVASCRIPT, || {
            fs::write(folder.join("example.mjs"), block(&page, "js")?)?;
            link(&packages.join("node_modules"), &folder.join("node_modules"))?;
            same(&wanted, &succeeded(Command::new("node").arg("example.mjs").current_dir(&folder).output()?)?)
        });
    }
    let go = |args: &[&str]| Command::new("go").args(args).current_dir(&folder).output();
    fs::write(folder.join("go.mod"), "module example.org/embedding\n\ngo 1.24\n")?;
    fs::write(folder.join("main.go"), block(&page, "go")?)?;
    if go(&["get", GO_SDK])?.status.success() {
        checks.check(GO, || same(&wanted, &succeeded(go(&["run", "."])?)?));
    } else {
        println!("SKIPPED: the program in Go: {GO_SDK} cannot be downloaded");
    }
    Ok(())
}

/// The only code block in a language.
fn block<'a>(page: &'a str, language: &str) -> anyhow::Result<&'a str> {
    let begin = format!("```{language}\n");
    let mut blocks = page.split(&begin).skip(1).filter_map(|rest| rest.split("```").next());
    let block = blocks.next().with_context(|| format!("the page has no block of {language}"))?;
    ensure!(blocks.next().is_none(), "the page has several blocks of {language}");
    Ok(block)
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> anyhow::Result<()> {
    Ok(std::os::unix::fs::symlink(to, at)?)
}

#[cfg(not(unix))]
fn link(to: &Path, at: &Path) -> anyhow::Result<()> {
    Ok(std::os::windows::fs::symlink_dir(to, at)?)
}
