//! Puts the page into the program: the files of the folder `$CHARTWRIGHT_WEB_DIST`, which is relative to the repository's
//! root; `cargo xtask web build` writes them to `target/web/dist`. Without the variable there is no page in the program,
//! and a folder is served (`chartwright serve --page`): so whoever works on either builds the other no sooner than needed.
#![allow(clippy::disallowed_methods, reason = "a build reads files and its environment")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=CHARTWRIGHT_WEB_DIST");
    let mut files = Vec::new();
    if let Some(folder) = env::var_os("CHARTWRIGHT_WEB_DIST").filter(|folder| !folder.is_empty()) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        if !folder.join("index.html").is_file() {
            return Err(io::Error::other(format!("CHARTWRIGHT_WEB_DIST: {} has no index.html", folder.display())));
        }
        add(&folder, "", &mut files)?;
        files.sort();
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
    let mut table = String::from("&[\n");
    for (name, path) in files {
        let etag: String = Sha256::digest(fs::read(&path)?).iter().take(8).map(|b| format!("{b:02x}")).collect();
        let path = path.canonicalize()?;
        let _ = writeln!(table, "    File {{ name: {name:?}, etag: {etag:?}, data: include_bytes!({path:?}) }},");
    }
    table.push_str("]\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(out.join("page.rs"), table)
}

/// The files of a folder and those below it, with their names in it.
fn add(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let (name, path) = (format!("{prefix}{name}"), entry.path());
        if path.is_dir() {
            add(&path, &format!("{name}/"), files)?;
        } else {
            files.push((name, path));
        }
    }
    Ok(())
}
