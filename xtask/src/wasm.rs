//! The size of the engine as a WebAssembly module, and what it is made of.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::{package, paths, run};

/// Limit on the size of the module, in bytes.
const MOST: Size = Size { raw: 2_000_000, gzip: 650_000 };
/// What is optimised for size is inlined where that makes it no larger: in the crates whose level is "s" too, unless
/// the code says `#[inline]`. It makes the plugin 5 kB smaller.
const INLINE: &str = "-Cllvm-args=-inline-threshold=5";
/// Growth over the recorded size that is allowed, in percent.
const GROWTH: u64 = 5;

/// What to do with the size.
#[derive(Args)]
pub(crate) struct Options {
    /// Fail if the module is larger than its limit, or more than 5 % larger than the recorded size.
    #[arg(long)]
    check: bool,
    /// Record the size for later checks.
    #[arg(long)]
    record: bool,
    /// List this many of the largest functions.
    #[arg(long, default_value_t = 0, value_name = "N")]
    functions: usize,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Size {
    pub(crate) raw: u64,
    pub(crate) gzip: u64,
}

impl Size {
    /// Size of a module.
    pub(crate) fn of(module: &[u8]) -> anyhow::Result<Size> {
        Ok(Size { raw: module.len() as u64, gzip: gzip(module)? })
    }
}

/// Builds, measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let named = fs::read(build()?)?;
    let module = chartwright_packer::pack(&named)?;
    let size = Size::of(&module)?;
    print_breakdown(&named, options.functions)?;
    println!("{:<28} {:>9} raw {:>9} gzip -9", "engine module", size.raw, size.gzip);
    println!("{:<28} {:>9} raw {:>9} gzip -9", "limit", MOST.raw, MOST.gzip);
    let record = paths::root().join("xtask").join("wasm-size.json");
    if options.record {
        fs::write(&record, serde_json::to_string_pretty(&size)? + "\n")?;
    }
    let plugin = package::plugin()?;
    if options.check {
        check(size, &record)?;
        plugin.check()?;
    }
    Ok(())
}

fn check(size: Size, record: &Path) -> anyhow::Result<()> {
    let recorded: Size = serde_json::from_slice(&fs::read(record).context("no recorded size: --record one")?)?;
    println!("{:<28} {:>9} raw {:>9} gzip -9", "recorded", recorded.raw, recorded.gzip);
    for (what, size, recorded, most) in
        [("raw", size.raw, recorded.raw, MOST.raw), ("gzip", size.gzip, recorded.gzip, MOST.gzip)]
    {
        if size > most {
            bail!("the module is over its limit: {size} bytes {what}, at most {most}");
        }
        if size * 100 > recorded * (100 + GROWTH) {
            bail!(
                "the module grew by more than {GROWTH} %: {size} bytes {what}, recorded {recorded}; if it must, --record it"
            );
        }
    }
    Ok(())
}

fn build() -> anyhow::Result<PathBuf> {
    compiled("chartwright-module", "wasm32-unknown-unknown", "chartwright_module.wasm")
}

/// Builds a package for a Wasm target and returns the path of the module.
///
/// The bytes, and so the digest, do not depend on where the sources of dependencies are.
pub(crate) fn compiled(package: &str, target: &str, module: &str) -> anyhow::Result<PathBuf> {
    let build =
        ["build", "--quiet", "--locked", "--profile", "wasm", "--package", package, "--lib", "--target", target];
    let mut command = run::cargo();
    command.args(build);
    let mut flags = vec![INLINE.to_owned()];
    if let Some(home) = paths::cargo_home() {
        flags.push(format!("--remap-path-prefix={}=registry", home.join("registry").join("src").display()));
    }
    let flags = serde_json::to_string(&flags)?;
    command.args(["--config", &format!("target.{target}.rustflags={flags}")]);
    run::check(&mut command)?;
    Ok(paths::target().join(target).join("wasm").join(module))
}

/// Builds a package for a Wasm target, and returns the module as it is shipped.
pub(crate) fn built(package: &str, target: &str, module: &str) -> anyhow::Result<Vec<u8>> {
    shipped(&compiled(package, target, module)?)
}

/// A built module, as it is shipped.
pub(crate) fn shipped(built: &Path) -> anyhow::Result<Vec<u8>> {
    chartwright_packer::pack(&fs::read(built)?)
}

fn length(range: std::ops::Range<u64>) -> u64 {
    range.end - range.start
}

fn gzip(bytes: &[u8]) -> anyhow::Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// Sizes of code by crate, of data and of the largest functions, from the function names.
pub(crate) fn print_breakdown(module: &[u8], functions: usize) -> anyhow::Result<()> {
    let mut names = BTreeMap::new();
    let mut bodies = Vec::new();
    let mut imported = 0u32;
    let mut data = 0u64;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                imported = imports.count();
            }
            Payload::CodeSectionEntry(body) => bodies.push(length(body.range())),
            Payload::DataSection(section) => data = length(section.range()),
            Payload::CustomSection(custom) => {
                if let KnownCustom::Name(sections) = custom.as_known() {
                    for section in sections {
                        if let Name::Function(map) = section? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut largest = Vec::new();
    let mut by_crate: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (i, size) in bodies.iter().enumerate() {
        let name = names.get(&(imported + i as u32)).copied().unwrap_or("?");
        let entry = by_crate.entry(crate_of(name)).or_default();
        largest.push((*size, name));
        entry.0 += size;
        entry.1 += 1;
    }
    let mut rows: Vec<_> = by_crate.into_iter().collect();
    rows.sort_by_key(|(_, (size, _))| std::cmp::Reverse(*size));
    println!("{:<28} {:>9} {:>9}", "crate", "code", "functions");
    for (name, (size, functions)) in rows {
        println!("{name:<28} {size:>9} {functions:>9}");
    }
    println!("{:<28} {data:>9}\n", "(data)");
    largest.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    for (size, name) in largest.iter().take(functions) {
        println!("{size:>9} {:#}", rustc_demangle::demangle(name));
    }
    Ok(())
}

/// The crate that a function's mangled name begins with; of `<T as Trait>` that of `T`.
fn crate_of(mangled: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(mangled));
    let name = name.trim_start_matches(['<', '&', '*', '[', '(']).trim_start_matches("dyn ").trim_start_matches("mut ");
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    match &name[..end] {
        "" => "(other)".into(),
        found if name[end..].starts_with("::") => found.to_owned(),
        _ => "(other)".into(),
    }
}
