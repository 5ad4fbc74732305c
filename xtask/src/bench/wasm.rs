//! The plugin: from nothing to a first render, with kept machine code, and beside the native engine when warm.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::table::{median, time};
use super::{Chart, Options, Programs};
use crate::{package, paths, run};

/// The longest from nothing to a first render.
const MOST_COLD: f64 = 1.5e9;
/// The same with machine code in the cache.
const MOST_CACHED: f64 = 60e6;
/// What a warm call may take beyond [`MOST_TIMES`] times the native engine's time, and that.
const MOST_MORE: f64 = 1e6;
/// See [`MOST_MORE`].
const MOST_TIMES: f64 = 2.5;

/// What the program measured.
#[derive(Deserialize)]
struct Warm {
    native_ns: f64,
    wasm_ns: f64,
    bytes: u64,
}

/// Prints a row a chart, and says what is over its limit.
pub(super) fn print(programs: &Programs, options: &Options) -> anyhow::Result<()> {
    let Some((kit, charts)) = Chart::selected(options) else { return Ok(()) };
    let plugin = &package::plugin()?.file;
    let cache = paths::target().join("bench").join("cache");
    println!("\nPlugin: whole process with and without kept machine code; warm call beside the native engine");
    println!(
        "{:<24} {:>9} {:>11} {:>11} {:>11} {:>11} {:>11} {:>8}",
        "chart", "output", "cold", "cached", "native", "wasm", "allowed", ""
    );
    let mut over = Vec::new();
    for chart in charts {
        let path = chart.path(&kit);
        let objects = chart.objects.map(|objects| kit.join(objects).display().to_string());
        let mut extra =
            vec!["--vary".to_owned(), chart.vary.to_owned(), "--plugin".into(), plugin.display().to_string()];
        extra.extend(objects.iter().flat_map(|file| ["--objects".to_owned(), file.clone()]));
        let once = || process(&programs.chartwright, plugin, &cache, &path, objects.as_deref());
        let mut cold = Vec::new();
        for _ in 0..3 {
            let _ = fs::remove_dir_all(&cache);
            cold.push(once()?);
        }
        let cached = (0..options.runs.clamp(3, 15)).map(|_| once()).collect::<anyhow::Result<Vec<_>>>()?;
        let (cold, cached) = (median(cold), median(cached));
        let warm = warm(&programs.bench, &cache, options.runs, &path, &extra)?;
        let allowed = MOST_MORE + MOST_TIMES * warm.native_ns;
        let limits = [("cold", cold, MOST_COLD), ("cached", cached, MOST_CACHED), ("warm", warm.wasm_ns, allowed)];
        for (what, ns, most) in limits {
            if ns > most {
                over.push(format!("{}: {what} {}, more than {}", chart.name, time(ns), time(most)));
            }
        }
        println!(
            "{:<24} {:>9} {:>11} {:>11} {:>11} {:>11} {:>11} {:>6.2} x",
            chart.name,
            warm.bytes,
            time(cold),
            time(cached),
            time(warm.native_ns),
            time(warm.wasm_ns),
            time(allowed),
            warm.wasm_ns / warm.native_ns
        );
    }
    for line in &over {
        println!("over: {line}");
    }
    Ok(())
}

/// The time that the whole command takes.
fn process(program: &Path, plugin: &Path, cache: &Path, chart: &Path, objects: Option<&str>) -> anyhow::Result<f64> {
    let mut command = Command::new(program);
    command.args(["template", "demo"]).arg(chart).args(["--engine", "wasm", "--plugin"]).arg(plugin);
    command.args(objects.iter().flat_map(|file| ["--objects", file]));
    command.env("CHARTWRIGHT_CACHE", cache).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let ns = start.elapsed().as_nanos() as f64;
    if !status.success() {
        bail!("{}: {status}", run::line(&command));
    }
    Ok(ns)
}

fn warm(program: &Path, cache: &Path, runs: usize, chart: &Path, extra: &[String]) -> anyhow::Result<Warm> {
    let mut command = Command::new(program);
    command.arg("wasm").arg("-n").arg(runs.to_string()).args(extra).arg(chart).env("CHARTWRIGHT_CACHE", cache);
    let out = command.output().with_context(|| run::line(&command))?;
    if !out.status.success() {
        bail!("{}: {}", run::line(&command), String::from_utf8_lossy(&out.stderr));
    }
    Ok(serde_json::from_slice(&out.stdout)?)
}
