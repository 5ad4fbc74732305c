//! Release artifacts: `cargo xtask package`.

pub(crate) mod archive;
mod binary;
mod flux;
mod helm;
mod plugin;

use std::path::PathBuf;
use std::sync::OnceLock;

use clap::{Args, ValueEnum};

use crate::{paths, wasm};
pub(crate) use archive::{Entry, tgz};
pub(crate) use plugin::Plugin;

/// What to package.
#[derive(Args)]
pub(crate) struct Options {
    /// Packages to build [default: all].
    #[arg(value_enum)]
    what: Vec<What>,
    /// Print the plugin's size by crate, and this many of its largest functions.
    #[arg(long, value_name = "N")]
    functions: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// The engine as an Extism plugin, with its digest: `target/package/chartwright.wasm`.
    Plugin,
    /// The command line, stripped: `target/package/chartwright`.
    Binary,
    /// The plugins of Helm: `helm chartwright`, the getter, the post-renderer.
    HelmPlugin,
    /// The plugin of Flux: `flux chartwright`, with its manifest for a catalogue.
    FluxPlugin,
}

/// The version of everything.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Folder of the packages.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    let folder = paths::target().join("package");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Builds the packages and prints their paths.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let wanted = |what| options.what.is_empty() || options.what.contains(&what);
    let mut made = Vec::new();
    if wanted(What::Plugin) {
        let plugin = plugin()?;
        if let Some(functions) = options.functions {
            wasm::print_breakdown(&std::fs::read(&plugin.built)?, functions)?;
        }
        made.push(plugin.file.clone());
    }
    if wanted(What::Binary) {
        made.push(binary::package()?);
    }
    if wanted(What::HelmPlugin) {
        made.extend(helm_plugins()?.into_iter().flat_map(|p| [p.folder, p.archive]));
    }
    if wanted(What::FluxPlugin) {
        made.extend(flux_plugin()?);
    }
    for path in made {
        let path = path.strip_prefix(paths::root()).unwrap_or(&path);
        println!("{}", path.display());
    }
    Ok(())
}

/// Packages the engine as an Extism plugin, once.
pub(crate) fn plugin() -> anyhow::Result<&'static Plugin> {
    static PACKAGED: OnceLock<Plugin> = OnceLock::new();
    match PACKAGED.get() {
        Some(plugin) => Ok(plugin),
        None => plugin::package().map(|plugin| PACKAGED.get_or_init(|| plugin)),
    }
}

/// Packages the plugin of Flux.
pub(crate) fn flux_plugin() -> anyhow::Result<Vec<PathBuf>> {
    flux::package()
}

/// A plugin of Helm.
pub(crate) struct HelmPlugin {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its folder, as `helm plugin install` takes it.
    pub(crate) folder: PathBuf,
    /// The same as an archive.
    pub(crate) archive: PathBuf,
}

/// Packages the plugins of Helm.
pub(crate) fn helm_plugins() -> anyhow::Result<Vec<HelmPlugin>> {
    helm::package()
}
