//! The engine as an Extism plugin, with its digest beside it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use super::folder;
use crate::paths;
use crate::wasm::{self, Size};

/// The most that the plugin may weigh, in bytes.
const MOST: Size = Size { raw: 2_400_000, gzip: 800_000 };
/// What it should weigh.
const AIM: Size = Size { raw: 1_600_000, gzip: 600_000 };

/// Builds the plugin, prints what it weighs, and says where it is. The release
/// binary finds a copy beside it.
pub(super) fn package() -> anyhow::Result<PathBuf> {
    let module = wasm::built("chartwright-plugin", "wasm32-unknown-unknown", "chartwright_plugin.wasm")?;
    let size = Size::of(&module)?;
    let digest: String = Sha256::digest(&module).iter().map(|b| format!("{b:02x}")).collect();
    let file = folder()?.join("chartwright.wasm");
    write(&file, &module, &digest)?;
    let release = paths::target().join("release");
    if release.is_dir() {
        write(&release.join("chartwright.wasm"), &module, &digest)?;
    }
    println!("{:<28} sha256:{digest}", file.strip_prefix(paths::root()).unwrap_or(&file).display());
    println!("{:<28} {:>9} raw {:>9} gzip -9", "plugin", size.raw, size.gzip);
    println!("{:<28} {:>9} raw {:>9} gzip -9", "aim", AIM.raw, AIM.gzip);
    println!("{:<28} {:>9} raw {:>9} gzip -9", "limit", MOST.raw, MOST.gzip);
    if size.raw > MOST.raw || size.gzip > MOST.gzip {
        bail!("the plugin is over its limit");
    }
    Ok(file)
}

fn write(file: &Path, module: &[u8], digest: &str) -> anyhow::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    fs::write(file, module).with_context(|| file.display().to_string())?;
    fs::write(file.with_file_name(format!("{name}.sha256")), format!("{digest}  {name}\n"))?;
    Ok(())
}
