//! Files of the repository that a command makes.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, bail};

use crate::paths;

/// Writes files to a folder below the root, or fails where they are not what is there. The folder has no other files;
/// `command` makes them.
pub(crate) fn bring(at: &str, files: &BTreeMap<String, String>, check: bool, command: &str) -> anyhow::Result<()> {
    let folder = paths::root().join(at);
    let mut drifted = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {at}"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !files.contains_key(&name) {
            drifted.push(name);
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            continue;
        }
        if !check {
            fs::write(&path, text).with_context(|| format!("writing {at}/{name}"))?;
            println!("{at}/{name}");
        }
        drifted.push(name.clone());
    }
    if check && !drifted.is_empty() {
        bail!("{at}: {} drifted from what they are made of: run `{command}`", drifted.join(", "));
    }
    Ok(())
}
