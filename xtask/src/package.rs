//! What is shipped: the plugin, and the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use sha2::{Digest, Sha256};

use crate::wasm::{Size, print_breakdown, without_custom_sections};
use crate::{paths, run};

/// The most that the plugin may weigh, in bytes.
const MOST: Size = Size { raw: 2_400_000, gzip: 800_000 };
/// What it should weigh.
const AIM: Size = Size { raw: 1_600_000, gzip: 600_000 };
/// The most that the stripped command line may weigh, in bytes.
const MOST_BINARY: u64 = 30_000_000;

/// What to build.
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
    /// Of the plugin: print what it is made of, and that many of the largest functions.
    #[arg(long, global = true, value_name = "N")]
    functions: Option<usize>,
}

#[derive(Clone, Copy, Subcommand)]
enum What {
    /// The engine as an Extism plugin: `target/package/chartwright.wasm`, its digest beside it, and both beside the
    /// release binary
    Plugin,
    /// The command line, stripped: `target/package/chartwright`
    Binary,
}

/// Builds, measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    match options.what {
        What::Plugin => {
            let plugin = plugin()?;
            match options.functions {
                Some(functions) => print_breakdown(&fs::read(&plugin.built)?, functions),
                None => Ok(()),
            }
        }
        What::Binary => binary(),
    }
}

/// Builds the plugin, prints what it weighs, and says where it is.
pub(crate) fn plugin() -> anyhow::Result<Plugin> {
    let built = build_wasm("chartwright-plugin", "chartwright_plugin")?;
    let module = without_custom_sections(&fs::read(&built)?)?;
    let size = Size::of(&module)?;
    let digest: String = Sha256::digest(&module).iter().map(|b| format!("{b:02x}")).collect();
    let file = folder()?.join("chartwright.wasm");
    write_plugin(&file, &module, &digest)?;
    let release = paths::target().join("release");
    if release.is_dir() {
        write_plugin(&release.join("chartwright.wasm"), &module, &digest)?;
    }
    println!("{:<28} sha256:{digest}", file.strip_prefix(paths::root()).unwrap_or(&file).display());
    println!("{:<28} {:>9} raw {:>9} gzip -9", "plugin", size.raw, size.gzip);
    println!("{:<28} {:>9} raw {:>9} gzip -9", "aim", AIM.raw, AIM.gzip);
    println!("{:<28} {:>9} raw {:>9} gzip -9", "limit", MOST.raw, MOST.gzip);
    let recorded: Size = serde_json::from_slice(&fs::read(paths::root().join("tests").join("plugin-size.json"))?)?;
    println!("{:<28} {:>9} raw {:>9} gzip -9", "recorded", recorded.raw, recorded.gzip);
    if size.raw > MOST.raw || size.gzip > MOST.gzip {
        println!("OVER ITS LIMIT: it must shrink, and until then not grow");
    }
    Ok(Plugin { file, size, recorded, built })
}

/// A plugin that was built.
pub(crate) struct Plugin {
    /// Where it is.
    pub(crate) file: PathBuf,
    size: Size,
    recorded: Size,
    /// As the compiler left it, with the names of functions.
    built: PathBuf,
}

impl Plugin {
    /// Fails where it weighs more than it may: the limit, or as long as that is not reached, the recorded size and a
    /// hundredth.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let over = |size: u64, recorded: u64, most: u64| size > most && size * 100 > recorded * 101;
        let Plugin { size, recorded, .. } = self;
        if over(size.raw, recorded.raw, MOST.raw) || over(size.gzip, recorded.gzip, MOST.gzip) {
            bail!("the plugin is over its limit, and larger than what tests/plugin-size.json has");
        }
        Ok(())
    }
}

/// Builds a crate as a Wasm module for shipping.
pub(crate) fn build_wasm(package: &str, file: &str) -> anyhow::Result<PathBuf> {
    let target = "wasm32-unknown-unknown";
    run::check(run::cargo().args([
        "build",
        "--quiet",
        "--locked",
        "--package",
        package,
        "--target",
        target,
        "--profile",
        "wasm",
    ]))?;
    Ok(paths::target().join(target).join("wasm").join(format!("{file}.wasm")))
}

fn write_plugin(file: &Path, module: &[u8], digest: &str) -> anyhow::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    fs::write(file, module).with_context(|| file.display().to_string())?;
    fs::write(file.with_file_name(format!("{name}.sha256")), format!("{digest}  {name}\n"))?;
    Ok(())
}

fn binary() -> anyhow::Result<()> {
    let built = run::release_binary()?;
    let file = folder()?.join("chartwright");
    fs::copy(&built, &file)?;
    run::check(Command::new("strip").arg(&file))?;
    let size = fs::metadata(&file)?.len();
    println!("{:<28} {size:>9} stripped", file.strip_prefix(paths::root()).unwrap_or(&file).display());
    println!("{:<28} {MOST_BINARY:>9}", "limit");
    if size > MOST_BINARY {
        bail!("the command line is over its limit");
    }
    Ok(())
}

fn folder() -> anyhow::Result<PathBuf> {
    let folder = paths::target().join("package");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
