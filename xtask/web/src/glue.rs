//! From modules to what browsers take: wasm-bindgen's glue, and a smaller module.

use std::fs;
use std::path::Path;

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use crate::compile::{Part, Profile};
use crate::paths;

/// A module with its script.
pub(crate) struct Glued {
    pub(crate) script: String,
    pub(crate) module: Vec<u8>,
    /// Scripts that the glue imports, by their paths.
    pub(crate) snippets: Vec<(String, Vec<u8>)>,
}

/// Makes the glue of a module.
pub(crate) fn glue(part: &Part, module: &Path, profile: Profile) -> anyhow::Result<Glued> {
    let folder = paths::target().join("web").join("glue").join(part.name);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).context("clearing the glue"),
        _ => {}
    }
    let small = profile == Profile::Small;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(part.name).web(true).map_err(anyhow::Error::msg)?;
    bindgen.typescript(false).omit_default_module_path(true);
    bindgen.remove_name_section(small).remove_producers_section(true);
    bindgen.generate(&folder).with_context(|| format!("making the glue of {}", part.name))?;
    let module = fs::read(folder.join(format!("{}_bg.wasm", part.name)))?;
    let module = if small { chartwright_packer::pack(&module)? } else { module };
    let mut script = fs::read_to_string(folder.join(format!("{}.js", part.name)))?;
    if let Ok(boot) = fs::read_to_string(paths::root().join(part.boot)) {
        script.push('\n');
        script.push_str(&boot);
    }
    let mut snippets = Vec::new();
    collect(&folder.join("snippets"), "snippets", &mut snippets)?;
    Ok(Glued { script, module, snippets })
}

/// All files below a folder, sorted by path; none where there is no folder.
pub(crate) fn collect(folder: &Path, below: &str, files: &mut Vec<(String, Vec<u8>)>) -> anyhow::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            files.push((path, fs::read(entry.path())?));
        }
    }
    Ok(())
}
