//! How long a newcomer waits: `make demo`, `make page` or `make test` in an empty clone with an empty home folder.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;

use crate::{paths, run};

/// What is run.
#[derive(Args)]
pub(crate) struct Options {
    /// Target of the Makefile.
    #[arg(value_enum, default_value = "demo")]
    what: What,
    /// Number of crates to list, slowest first.
    #[arg(long, default_value_t = 15, value_name = "N")]
    crates: usize,
    /// Keep the folder, and print its path.
    #[arg(long)]
    keep: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// The example, rendered.
    Demo,
    /// All that `make serve` builds before it serves.
    Page,
    /// All tests.
    Test,
}

impl What {
    /// The target, and its time limit.
    fn target(self) -> (&'static str, Duration) {
        match self {
            What::Demo => ("demo", Duration::from_secs(5 * 60)),
            What::Page => ("page", Duration::from_secs(7 * 60)),
            What::Test => ("test", Duration::from_secs(20 * 60)),
        }
    }
}

/// Clones the last commit, runs the target there with nothing installed or built before, and prints the time of each
/// step.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let folder = paths::target().join("first-run");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("home"))?;
    let clone = folder.join("clone");
    run::check(Command::new("git").args(["clone", "--quiet", "--no-hardlinks"]).arg(paths::root()).arg(&clone))?;
    let home = Home::new(&folder)?;
    let (target, limit) = options.what.target();
    let began = Instant::now();
    let toolchain = timed(home.command("make", &clone).arg("toolchain"))?;
    let download = timed(home.command("make", &clone).arg("fetch"))?;
    let built = Instant::now();
    run::check(home.command("make", &clone).args([target, "TIMINGS=--timings"]))?;
    let rest = built.elapsed();
    let whole = began.elapsed();
    println!("\n{:<44}{:>9}", "step", "seconds");
    line("toolchain", toolchain);
    line("sources of dependencies", download);
    if options.what == What::Demo {
        let units = units(&clone)?;
        let compile = units.iter().map(|u| u.start + u.duration).fold(0.0, f64::max);
        line("compile and link", Duration::from_secs_f64(compile));
        print_crates(&units, options.crates);
        let again = timed(home.command("make", &clone).arg(target))?;
        line("run again, with nothing to compile", again);
    } else {
        line("compile and run", rest);
    }
    line("whole", whole);
    line("limit", limit);
    if options.keep {
        println!("{}", folder.display());
    } else {
        fs::remove_dir_all(&folder)?;
    }
    if whole > limit {
        bail!("make {target} took longer than its limit");
    }
    Ok(())
}

fn timed(command: &mut Command) -> anyhow::Result<Duration> {
    let start = Instant::now();
    run::check(command)?;
    Ok(start.elapsed())
}

fn line(what: &str, time: Duration) {
    println!("{what:<44}{:>9.1}", time.as_secs_f64());
}

/// An empty home folder.
struct Home {
    folder: PathBuf,
    path: std::ffi::OsString,
}

impl Home {
    /// Only Cargo's `config.toml` is copied: it says how this machine reaches its registry.
    fn new(folder: &Path) -> anyhow::Result<Home> {
        let home = Home { folder: folder.join("home"), path: env::var_os("PATH").context("there is no PATH")? };
        if let Some(config) = paths::cargo_home().map(|h| h.join("config.toml")).filter(|file| file.is_file()) {
            fs::create_dir_all(home.folder.join(".cargo"))?;
            fs::copy(config, home.folder.join(".cargo/config.toml"))?;
        }
        Ok(home)
    }

    fn command(&self, program: &str, clone: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(clone)
            .env("HOME", &self.folder)
            .env("CARGO_HOME", self.folder.join(".cargo"))
            .env("RUSTUP_HOME", self.folder.join(".rustup"))
            .env("RUSTUP_AUTO_INSTALL", "0")
            .env("PATH", &self.path);
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            let of_cargo = text.starts_with("CARGO") && text != "CARGO_HOME" && !text.starts_with("CARGO_REGISTRIES");
            if of_cargo || matches!(&*text, "RUSTUP_TOOLCHAIN" | "RUSTFLAGS" | "MAKEFLAGS" | "MAKELEVEL") {
                command.env_remove(&name);
            }
        }
        command
    }
}

/// A crate as Cargo compiled it; times in seconds.
#[derive(Deserialize)]
struct Unit {
    name: String,
    version: String,
    start: f64,
    duration: f64,
}

/// Cargo's figures about the last build: the data in the page that `--timings` writes.
fn units(clone: &Path) -> anyhow::Result<Vec<Unit>> {
    let page = clone.join("target/cargo-timings/cargo-timing.html");
    let text = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
    let data = text.split_once("const UNIT_DATA = ").and_then(|(_, rest)| rest.split_once("];"));
    let (list, _) = data.context("Cargo's page of timings has no UNIT_DATA")?;
    Ok(serde_json::from_str(&format!("{list}]"))?)
}

fn print_crates(units: &[Unit], most: usize) {
    let mut crates: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for unit in units {
        *crates.entry((&unit.name, &unit.version)).or_default() += unit.duration;
    }
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by(|a, b| b.1.total_cmp(&a.1));
    for ((name, version), seconds) in crates.iter().take(most) {
        println!("  {:<42}{seconds:>9.1}", format!("{name} {version}"));
    }
    let rest: f64 = crates.iter().skip(most).map(|(_, seconds)| seconds).sum();
    println!("  {:<42}{rest:>9.1}", format!("{} others", crates.len().saturating_sub(most)));
}
