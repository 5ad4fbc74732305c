//! A chart: load, values, render, sort.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

use chartwright::{FixedWorld, LoadedChart, Objects, Request, TextOptions};
use clap::{Args, ValueEnum};

use crate::median;

/// What to render, and how often.
#[derive(Args)]
pub(crate) struct Render {
    /// The chart's archive.
    chart: PathBuf,
    /// Number of repetitions.
    #[arg(short, default_value_t = 20)]
    n: usize,
    /// Values as Helm's --set.
    #[arg(long)]
    set: Vec<String>,
    /// A YAML file of the objects that `lookup` finds.
    #[arg(long)]
    objects: Option<PathBuf>,
    /// A number in the values that changes between renders of the loaded chart.
    #[arg(long)]
    vary: Option<String>,
    /// Measure only this part [default: both].
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

/// Measures a chart.
pub(crate) fn measure(args: &Render) -> anyhow::Result<()> {
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
        "min_ns": whole.iter().copied().reduce(f64::min),
        "again_ns": median(&mut again),
        "bytes": bytes,
    });
    println!("{line}");
    Ok(())
}
