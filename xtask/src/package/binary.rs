//! The command line, stripped.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::bail;

use super::folder;
use crate::{paths, run};

/// Limit on its size, in bytes.
const MOST: u64 = 30_000_000;

/// Builds and strips it, and prints its size and path.
pub(super) fn package() -> anyhow::Result<PathBuf> {
    let built = run::shipped_binary()?;
    let file = folder()?.join("chartwright");
    fs::copy(&built, &file)?;
    run::check(Command::new("strip").arg(&file))?;
    let size = fs::metadata(&file)?.len();
    println!("{:<28} {size:>9} stripped", file.strip_prefix(paths::root()).unwrap_or(&file).display());
    println!("{:<28} {MOST:>9}", "limit");
    if size > MOST {
        bail!("the command line is over its limit");
    }
    Ok(file)
}
