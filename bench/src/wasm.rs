//! The plugin beside the engine in this program.

use std::path::PathBuf;
use std::time::Instant;

use chartwright::api::{Engine, digest};
use chartwright_host::PluginEngine;
use chartwright_host::plugin::{ModuleCache, PluginOptions};
use clap::Args;
use contract::{Archive, Base64, Budget, ReleaseGiven, RenderInput, Selection, Subject, TextFile};

use super::median;

#[derive(Args)]
pub(super) struct Wasm {
    /// The chart's archive.
    chart: PathBuf,
    /// Number of repetitions.
    #[arg(short, default_value_t = 20)]
    n: usize,
    /// A YAML file of the objects that `lookup` finds.
    #[arg(long)]
    objects: Option<PathBuf>,
    /// A number in the values that differs from render to render.
    #[arg(long)]
    vary: Option<String>,
    /// The plugin.
    #[arg(long)]
    plugin: PathBuf,
}

/// Gives the engine in this program and the plugin the same calls, and prints how long each took.
pub(super) fn measure(args: &Wasm) -> anyhow::Result<()> {
    let data = std::fs::read(&args.chart)?;
    let archive = Archive { digest: Some(digest(&data)), ..Archive::default() };
    let mut input = RenderInput::new(Subject::Chart(archive.clone()));
    input.release = ReleaseGiven { name: Some("demo".into()), ..ReleaseGiven::default() };
    input.world.seed = Some(1);
    if let Some(file) = &args.objects {
        input.world.objects = vec![TextFile { name: "objects".into(), text: std::fs::read_to_string(file)? }];
    }
    input.want = Selection { objects: false, ..Selection::default() };
    let first =
        RenderInput { subject: Subject::Chart(Archive { data: Some(Base64(data)), ..archive }), ..input.clone() };
    let mut engine = Engine::default();
    let cache = Some(ModuleCache::new(args.plugin.with_file_name("modules")));
    let options = PluginOptions { cache, instances: 1, ..PluginOptions::default() };
    let host = PluginEngine::from_file(&args.plugin, options)?;
    let failed = |failure: contract::Failure| anyhow::anyhow!(failure.message);
    engine.render(&first).map_err(failed)?;
    host.render(&first, &Budget::default())?;
    let (mut native, mut wasm, mut bytes) = (Vec::new(), Vec::new(), 0);
    for i in 0..args.n {
        if let Some(key) = &args.vary {
            input.values.set = vec![format!("{key}={}", i + 1)];
        }
        let start = Instant::now();
        let ours = engine.render(&input).map_err(failed)?;
        native.push(start.elapsed().as_nanos() as f64);
        let question = input.clone();
        let start = Instant::now();
        let theirs = host.render(&question, &Budget::default())?;
        wasm.push(start.elapsed().as_nanos() as f64);
        anyhow::ensure!(ours == theirs, "the plugin answers something else");
        bytes = ours.text.0.len();
    }
    let line = serde_json::json!({
        "native_ns": median(&mut native),
        "wasm_ns": median(&mut wasm),
        "bytes": bytes,
    });
    println!("{line}");
    Ok(())
}
