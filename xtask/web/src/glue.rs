//! From modules to what browsers take: wasm-bindgen's glue, and a smaller module.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use crate::compile::{Part, Profile};
use crate::paths;

/// A module with its script.
pub(crate) struct Glued {
    pub(crate) script: String,
    pub(crate) module: Vec<u8>,
    /// Scripts that the glue imports, and modules that come later, by their paths.
    pub(crate) others: Vec<(String, Vec<u8>)>,
}

/// Makes the glue of a module.
pub(crate) fn glue(part: &Part, module: &Path, profile: Profile) -> anyhow::Result<Glued> {
    let folder = paths::target().join("web").join("glue").join(part.name);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).context("clearing the glue"),
        _ => {}
    }
    let small = profile == Profile::Small;
    let pack = |module: Vec<u8>| if small { chartwright_packer::pack(&module) } else { Ok(module) };
    let mut others = Vec::new();
    let module = if part.is_split { split(part.name, module, &folder, &mut others)? } else { module.to_owned() };
    for (path, content) in &mut others {
        if path.ends_with(".wasm") {
            *content = pack(std::mem::take(content))?;
        }
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&module).out_name(part.name).web(true).map_err(anyhow::Error::msg)?;
    bindgen.typescript(false).omit_default_module_path(true);
    // The parts call each other through the table.
    bindgen.keep_lld_exports(part.is_split);
    bindgen.remove_name_section(small).remove_producers_section(true);
    bindgen.generate(&folder).with_context(|| format!("making the glue of {}", part.name))?;
    let module = fs::read(folder.join(format!("{}_bg.wasm", part.name)))?;
    let mut script = fs::read_to_string(folder.join(format!("{}.js", part.name)))?;
    if part.is_split {
        // The module knows the script of its parts by a word, for the name of the file changes with its content.
        let word = parts_of(part.name);
        script = script.replace(&format!("from \"{word}\""), &format!("from \"./{word}.js\""));
    }
    if let Ok(boot) = fs::read_to_string(paths::root().join(part.boot)) {
        script.push('\n');
        script.push_str(&boot);
    }
    collect(&folder.join("snippets"), "snippets", &mut others)?;
    Ok(Glued { script, module: pack(module)?, others })
}

/// Cuts a module where its functions say so. The first part stays a file, for the glue is made of it; the others are
/// fetched by a script that the glue imports.
fn split(name: &str, module: &Path, folder: &Path, others: &mut Vec<(String, Vec<u8>)>) -> anyhow::Result<PathBuf> {
    let parts = folder.join("parts");
    fs::create_dir_all(&parts)?;
    let (input, first) = (fs::read(module)?, folder.join("first.wasm"));
    let (script, main) = (parts_of(name), format!("./{name}.js"));
    let mut options = wasm_split_cli_support::Options::new(&input);
    (options.output_dir, options.main_out_path) = (&parts, &first);
    (options.link_name, options.main_module) = (&script, &main);
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow::anyhow!("cutting {name} in parts: {error:#}"))?;
    collect(&parts, "", others)?;
    if let Some((path, _)) = others.iter_mut().find(|(path, _)| *path == script) {
        path.push_str(".js");
    }
    Ok(first)
}

/// What the script is called that fetches the parts of a module.
fn parts_of(name: &str) -> String {
    format!("{name}-parts")
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
