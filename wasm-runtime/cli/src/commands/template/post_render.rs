//! `--post-render`: a plugin that changes the manifests.

use chartwright_host::plugin::{PluginHost, PluginOptions};
use contract::RenderOutput;

use super::flags::{Format, Options};
use super::input::output_dir;
use super::most;
use super::report::Failure;
use crate::engine::module_cache;
use crate::find_plugin;

/// The function of a post-renderer: manifests in, manifests out.
const EXPORT: &str = "post_render";

/// Refuses flags that leave nothing to post-render.
pub(super) fn check(options: &Options) -> Result<(), Failure> {
    let manifests = options.own.output == Format::Yaml && output_dir(&options.output).is_none();
    match &options.own.post_render {
        Some(_) if !manifests => Err(Failure::text(
            "--post-render changes what is printed as YAML: it cannot go with -o json or --output-dir",
        )),
        _ => Ok(()),
    }
}

/// Passes the text of the manifests through the plugin, if one is given.
pub(super) fn run(options: &Options, output: &mut RenderOutput) -> Result<(), Failure> {
    let Some(path) = &options.own.post_render else { return Ok(()) };
    let fail = |error| Failure::text(format!("error while running post render {}: {error}", path.display()));
    let digest = match &options.own.post_render_digest {
        Some(digest) => Some(digest.clone()),
        None => find_plugin::pinned(path).map_err(fail)?,
    };
    let limits = most(options).limits();
    let plugin = PluginOptions { digest, limits, instances: 1, cache: module_cache(), ..PluginOptions::default() };
    let host = PluginHost::from_file(path, plugin).map_err(fail)?;
    output.text.0 = host.call(EXPORT, &output.text.0).map_err(fail)?;
    Ok(())
}
