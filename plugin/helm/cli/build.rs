//! Lists the files of the base charts, which go into the plugin.
#![allow(clippy::disallowed_methods, reason = "a build script reads files")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let charts = manifest.join("../../../templates/charts").canonicalize()?;
    println!("cargo::rerun-if-changed={}", charts.display());
    let mut list = String::from("&[\n");
    for chart in sorted(&charts)? {
        let mut files = Vec::new();
        collect(&chart, &chart, &mut files)?;
        let name = chart.file_name().unwrap_or_default();
        let _ = writeln!(list, "    ({name:?}, &[");
        for (name, path) in files {
            let _ = writeln!(list, "        ({name:?}, include_bytes!({path:?})),");
        }
        list.push_str("    ]),\n");
    }
    list.push(']');
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("charts.rs"), list)
}

/// The files of a chart that `helm package` would take along, but for the values that only its tests use.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for path in sorted(folder)? {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            if name != "ci" {
                collect(root, &path, files)?;
            }
        } else {
            files.push((name, path));
        }
    }
    Ok(())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
