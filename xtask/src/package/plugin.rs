//! The engine as an Extism plugin, with its digest beside it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use super::folder;
use crate::paths;
use crate::wasm::{self, Size};

/// Limit on the size of the plugin, in bytes.
const MOST: Size = Size { raw: 3_200_000, gzip: 1_000_000 };

/// A plugin that was built.
pub(crate) struct Plugin {
    /// Where it is.
    pub(crate) file: PathBuf,
    /// As compiled, with the names of functions.
    pub(super) built: PathBuf,
    size: Size,
    recorded: Size,
}

impl Plugin {
    /// Fails where it weighs more than it may: the limit, or as long as that is not reached, the recorded size and a
    /// hundredth.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let over = |size: u64, recorded: u64, most: u64| size > most && size * 100 > recorded * 101;
        let Plugin { size, recorded, .. } = self;
        if over(size.raw, recorded.raw, MOST.raw) || over(size.gzip, recorded.gzip, MOST.gzip) {
            bail!("the plugin is over its limit, and larger than what xtask/plugin-size.json has");
        }
        Ok(())
    }
}

/// Builds the plugin, and prints its size and path. Copies are put beside built programs, where they look for it.
pub(super) fn package() -> anyhow::Result<Plugin> {
    let built = wasm::compiled("chartwright-plugin", "wasm32-unknown-unknown", "chartwright_plugin.wasm")?;
    let module = wasm::shipped(&built)?;
    let size = Size::of(&module)?;
    let digest: String = Sha256::digest(&module).iter().map(|b| format!("{b:02x}")).collect();
    let file = folder()?.join("chartwright.wasm");
    write(&file, &module, &digest)?;
    for profile in ["release", "dist"] {
        let folder = paths::target().join(profile);
        if folder.is_dir() {
            write(&folder.join("chartwright.wasm"), &module, &digest)?;
        }
    }
    println!("{:<28} sha256:{digest}", file.strip_prefix(paths::root()).unwrap_or(&file).display());
    println!("{:<28} {:>9} raw {:>9} gzip -9", "plugin", size.raw, size.gzip);
    println!("{:<28} {:>9} raw {:>9} gzip -9", "limit", MOST.raw, MOST.gzip);
    let recorded: Size = serde_json::from_slice(&fs::read(paths::root().join("xtask").join("plugin-size.json"))?)?;
    println!("{:<28} {:>9} raw {:>9} gzip -9", "recorded", recorded.raw, recorded.gzip);
    if size.raw > MOST.raw || size.gzip > MOST.gzip {
        println!("OVER ITS LIMIT: it must shrink, and until then not grow");
    }
    Ok(Plugin { file, built, size, recorded })
}

fn write(file: &Path, module: &[u8], digest: &str) -> anyhow::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    fs::write(file, module).with_context(|| file.display().to_string())?;
    fs::write(file.with_file_name(format!("{name}.sha256")), format!("{digest}  {name}\n"))?;
    Ok(())
}
