//! The plugins in the programs that they are for: `cargo xtask plugins`.

mod cli;
mod embedding;
mod flux;
mod getter;
mod home;
mod post_renderer;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use anyhow::bail;
use clap::Args;

use crate::examples::{Example, sources};
use crate::{package, paths, reference, run};
use home::Home;

/// Which checks to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only those whose name contains this.
    #[arg(long, short)]
    filter: Option<String>,
    /// Use this `chartwright` binary instead of building one.
    #[arg(long)]
    bin: Option<PathBuf>,
}

impl Options {
    /// All of them, with a `chartwright` that is built.
    pub(crate) fn all() -> Options {
        Options { filter: None, bin: None }
    }
}

/// What a check found out: nothing, or what is wrong.
type Found = anyhow::Result<()>;

/// The checks that were run.
struct Checks<'a> {
    options: &'a Options,
    run: usize,
    failed: usize,
}

impl Checks<'_> {
    fn wants(&self, name: &str) -> bool {
        self.options.filter.as_ref().is_none_or(|f| name.contains(f.as_str()))
    }

    fn check(&mut self, name: &str, check: impl FnOnce() -> Found) {
        if !self.wants(name) {
            return;
        }
        self.run += 1;
        match check() {
            Ok(()) => println!("{name:<56} ok"),
            Err(error) => {
                self.failed += 1;
                println!("{name:<56} FAILED\n{error:#}\n");
            }
        }
    }
}

/// Installs the plugins into a fresh home of Helm, and compares what they do with what `chartwright` does.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let Some(helm) = reference::helm()? else {
        println!("SKIPPED: the plugins were not run by Helm");
        return Ok(());
    };
    let chartwright = match &options.bin {
        Some(bin) => bin.canonicalize()?,
        None => run::binary()?,
    };
    let plugins = package::helm_plugins()?;
    let work = paths::target().join("plugins");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    fs::create_dir_all(&work)?;
    let home = Home { helm, chartwright, folder: work.join("home"), work: work.clone() };
    let sources = sources::prepare(&work)?;
    let examples = Example::all()?;
    let mut checks = Checks { options, run: 0, failed: 0 };
    for plugin in &plugins {
        home.install(&plugin.folder)?;
    }
    checks.check("installed plugins are listed", || home.lists(&plugins));
    checks.check("archives are installed, too", || home.takes_archives(&plugins));
    cli::check(&mut checks, &home, &examples, &sources);
    getter::check(&mut checks, &home, &examples, &sources);
    post_renderer::check(&mut checks, &home);
    flux::check(&mut checks, &home)?;
    embedding::check(&mut checks, &home)?;
    checks.check("expanded descriptors, linted and rendered by Helm", || {
        let mut tests = run::cargo();
        tests.args(["test", "--quiet", "--locked", "--workspace", "--test", "helm", "--", "--ignored"]);
        run::check(tests.env("CHARTWRIGHT_HELM", &home.helm))
    });
    println!("\n{} of {} as they should be", checks.run - checks.failed, checks.run);
    if checks.failed > 0 {
        bail!("{} failed", checks.failed);
    }
    Ok(())
}

/// What a program printed, if it ended as it should.
fn succeeded(output: Output) -> anyhow::Result<Vec<u8>> {
    if !output.status.success() {
        bail!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// What a program said on standard error, if it failed with Helm's code and did not crash.
fn failed(output: &Output) -> anyhow::Result<String> {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() != Some(1) || said.contains("goroutine") {
        bail!("{}, not 1\n{said}", output.status);
    }
    Ok(said)
}

/// That two texts are the same bytes.
fn same(wanted: &[u8], got: &[u8]) -> Found {
    if wanted == got {
        return Ok(());
    }
    let lines = |text: &[u8]| String::from_utf8_lossy(text).lines().map(str::to_owned).collect::<Vec<_>>();
    let (wanted, got) = (lines(wanted), lines(got));
    let first = (0..wanted.len().max(got.len())).find(|&i| wanted.get(i) != got.get(i)).unwrap_or_default();
    let line = |lines: &[String]| lines.get(first).cloned().unwrap_or_else(|| "(nothing)".to_owned());
    bail!(
        "line {} is the first that differs ({} lines, the plugin's {})\n- {}\n+ {}",
        first + 1,
        wanted.len(),
        got.len(),
        line(&wanted),
        line(&got)
    );
}
