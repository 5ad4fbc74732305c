//! The Helm plugins: folders with a `plugin.yaml`, and the same as archives.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use super::archive::{Entry, tgz};
use super::{HelmPlugin, VERSION, folder};
use crate::{paths, wasm, yaml};

/// The plugins: the name, the folder of its sources, its files, and whether the engine in Wasm is one of them.
const PLUGINS: [(&str, &str, &[&str], bool); 3] = [
    ("chartwright", "cli", &["plugin.yaml", "completion.yaml"], true),
    ("chartwright-getter", "getter", &["plugin.yaml", "get.sh"], false),
    ("chartwright-post-renderer", "post-renderer", &["plugin.yaml", "post-render.sh"], false),
];

/// Packages all of them.
pub(super) fn package() -> anyhow::Result<Vec<HelmPlugin>> {
    let mut plugins = Vec::new();
    for (name, sources, files, wasm) in PLUGINS {
        let sources = paths::root().join("plugin/helm").join(sources);
        let mut entries = Vec::new();
        for file in files {
            let data = fs::read(sources.join(file)).with_context(|| format!("{name}: {file}"))?;
            if *file == "plugin.yaml" {
                check(&data, name)?;
            }
            entries.push(Entry { name: (*file).to_owned(), data, executable: file.ends_with(".sh") });
        }
        if wasm {
            let module = wasm::built("chartwright-helm-plugin", "wasm32-wasip1", "chartwright_helm_plugin.wasm")?;
            entries.push(Entry { name: "plugin.wasm".to_owned(), data: module, executable: false });
        }
        entries.push(Entry {
            name: "LICENSE".to_owned(),
            data: fs::read(paths::root().join("LICENSE"))?,
            executable: false,
        });
        plugins.push(write(name, entries)?);
    }
    Ok(plugins)
}

/// Checks name and version in `plugin.yaml`, from which Helm takes them.
fn check(plugin: &[u8], name: &str) -> anyhow::Result<()> {
    let plugin = yaml::read(plugin)?;
    for (field, wanted) in [("name", name), ("version", VERSION)] {
        let found = plugin.get(field).and_then(serde_json::Value::as_str).unwrap_or_default();
        if found != wanted {
            bail!("{name}: plugin.yaml has {field} {found:?}, not {wanted:?}");
        }
    }
    Ok(())
}

fn write(name: &'static str, entries: Vec<Entry>) -> anyhow::Result<HelmPlugin> {
    let folder = folder()?.join("helm");
    let plugin = folder.join(name);
    if plugin.exists() {
        fs::remove_dir_all(&plugin)?;
    }
    fs::create_dir_all(&plugin)?;
    for entry in &entries {
        let path = plugin.join(&entry.name);
        fs::write(&path, &entry.data)?;
        make_executable(&path, entry.executable)?;
    }
    // In an archive, Helm looks for the files in a folder of the plugin's name.
    let within = entries.into_iter().map(|entry| Entry { name: format!("{name}/{}", entry.name), ..entry });
    let archive = folder.join(format!("{name}-{VERSION}.tgz"));
    fs::write(&archive, tgz(&within.collect::<Vec<_>>())?)?;
    Ok(HelmPlugin { name, folder: plugin, archive })
}

#[cfg(unix)]
fn make_executable(path: &Path, executable: bool) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if executable { 0o755 } else { 0o644 };
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
fn make_executable(_: &Path, _: bool) -> anyhow::Result<()> {
    Ok(())
}
