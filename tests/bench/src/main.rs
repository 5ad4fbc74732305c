//! Measures the engine in process: prints one line of JSON, as `oracle bench` does.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that reads files, prints and takes the time"
)]

mod wasm;

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

use cap::Cap;
use chartwright::{FixedWorld, LoadedChart, Objects, Request, TextOptions};
use clap::{Args, Parser, ValueEnum};
use mimalloc::MiMalloc;

/// The allocator that the command line has.
#[global_allocator]
static MEMORY: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

/// Measures the engine in process.
#[derive(Parser)]
enum Command {
    /// Load archive + values + render + sort, again and again; then the same with the chart loaded.
    Render(Render),
    /// Render with a chart that is loaded already, in this program and in the plugin, again and again.
    Wasm(wasm::Wasm),
}

#[derive(Args)]
struct Render {
    /// The chart's archive.
    chart: PathBuf,
    /// How often.
    #[arg(short, default_value_t = 20)]
    n: usize,
    /// Values as Helm's --set.
    #[arg(long)]
    set: Vec<String>,
    /// A YAML file of the objects that `lookup` finds.
    #[arg(long)]
    objects: Option<PathBuf>,
    /// A number in the values that differs from render to render when the chart is loaded already.
    #[arg(long)]
    vary: Option<String>,
    /// Measure only this part; both if none is named.
    #[arg(long, value_enum)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Load archive + values + render + sort.
    Whole,
    /// The same without loading.
    Again,
}

fn main() -> anyhow::Result<()> {
    // rendering may nest deeply; the command line does the same
    let command = Command::parse();
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(move || match command {
        Command::Render(render) => measure(&render),
        Command::Wasm(wasm) => wasm::measure(&wasm),
    })?;
    worker.join().map_err(|_| anyhow::anyhow!("the measurement panicked"))?
}

fn measure(args: &Render) -> anyhow::Result<()> {
    let path = args.chart.display().to_string();
    let mut objects = Objects::default();
    if let Some(file) = &args.objects {
        objects.add_yaml(&std::fs::read(file)?).map_err(|e| anyhow::anyhow!("{e}"))?;
    }
    let world = || Rc::new(FixedWorld { objects: objects.clone(), ..FixedWorld::seeded(1) });
    let mut request = Request::default();
    request.options.release.name = "demo".into();
    request.options.release.namespace = "default".into();
    request.values.values.extend(args.set.iter().map(|s| s.as_str().into()));
    let mut whole = Vec::new();
    let mut bytes = 0;
    let runs = |part| if args.only.is_none_or(|only| only == part) { args.n } else { 0 };
    for _ in 0..runs(Part::Whole) {
        let start = Instant::now();
        let chart = LoadedChart::from_archive(&path, std::fs::read(&args.chart)?)?;
        let text = chart.render(&request, world())?.text(TextOptions::default());
        whole.push(start.elapsed().as_nanos() as f64);
        bytes = text.len();
    }
    let chart = LoadedChart::from_archive(&path, std::fs::read(&args.chart)?)?;
    let mut again = Vec::new();
    for i in 0..=runs(Part::Again) {
        let mut request = request.clone();
        if let Some(key) = &args.vary {
            request.values.values.push(format!("{key}={}", i + 1).as_str().into());
        }
        let start = Instant::now();
        let text = chart.render(&request, world())?.text(TextOptions::default());
        let ns = start.elapsed().as_nanos() as f64;
        anyhow::ensure!(!text.is_empty(), "nothing was rendered");
        // the first render parses: it is not a second one
        if i > 0 {
            again.push(ns);
        }
    }
    let line = serde_json::json!({
        "chart": args.chart.file_name().map(|n| n.to_string_lossy().into_owned()),
        "runs": args.n,
        "first_ns": whole.first(),
        "median_ns": median(&mut whole),
        "again_ns": median(&mut again),
        "bytes": bytes,
    });
    println!("{line}");
    Ok(())
}

fn median(measured: &mut [f64]) -> f64 {
    measured.sort_by(f64::total_cmp);
    measured.get(measured.len() / 2).copied().unwrap_or_default()
}
