//! The whole process: what a person waits for, and how much memory it takes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::bail;
use wait4::Wait4;

use super::table::{geometric_mean, least, median, ratio, time};
use super::{Chart, Options, Programs};
use crate::run;

/// Times and peak resident bytes of one run.
struct Run {
    ns: f64,
    peak: f64,
}

/// Prints a row a chart.
pub(super) fn print(programs: &Programs, options: &Options) -> anyhow::Result<()> {
    let Some((kit, charts)) = Chart::selected(options) else { return Ok(()) };
    let runs = options.runs.clamp(3, 15);
    println!("\nWhole process, `template demo CHART` (medians of {runs} runs)");
    println!(
        "{:<24} {:>11} {:>11} {:>8} {:>11} {:>11} {:>8}",
        "chart", "helm", "chartwright", "ratio", "peak", "peak", "ratio"
    );
    let (mut times, mut peaks) = (Vec::new(), Vec::new());
    for chart in charts {
        // only our command line can answer `lookup`
        if chart.objects.is_some() {
            continue;
        }
        let path = chart.path(&kit);
        let (mut theirs, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            if let Some(helm) = &programs.helm {
                theirs.push(once(helm, &path)?);
            }
            ours.push(once(&programs.chartwright, &path)?);
        }
        let of = |runs: &[Run], what: fn(&Run) -> f64| median(runs.iter().map(what).collect());
        let (ns, peak) = (of(&ours, |r| r.ns), of(&ours, |r| r.peak));
        let (helm_ns, helm_peak) = (of(&theirs, |r| r.ns), of(&theirs, |r| r.peak));
        let (time_ratio, peak_ratio) = match programs.helm {
            Some(_) => (Some(helm_ns / ns), Some(helm_peak / peak)),
            None => (None, None),
        };
        times.extend(time_ratio);
        peaks.extend(peak_ratio);
        println!(
            "{:<24} {:>11} {:>11} {:>8} {:>11} {:>11} {:>8}",
            chart.name,
            time(helm_ns),
            time(ns),
            ratio(time_ratio),
            mebibytes(helm_peak),
            mebibytes(peak),
            ratio(peak_ratio)
        );
    }
    for (what, f) in [("geometric mean", geometric_mean as fn(&[f64]) -> Option<f64>), ("least", least)] {
        println!(
            "{what:<24} {:>11} {:>11} {:>8} {:>11} {:>11} {:>8}",
            "",
            "",
            ratio(f(&times)),
            "",
            "",
            ratio(f(&peaks))
        );
    }
    Ok(())
}

fn once(program: &Path, chart: &Path) -> anyhow::Result<Run> {
    let mut command = Command::new(program);
    command.args(["template", "demo"]).arg(chart).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let ended = command.spawn()?.wait4()?;
    let ns = start.elapsed().as_nanos() as f64;
    if !ended.status.success() {
        bail!("{}: {}", run::line(&command), ended.status);
    }
    Ok(Run { ns, peak: ended.rusage.maxrss as f64 })
}

fn mebibytes(bytes: f64) -> String {
    format!("{:.1} MiB", bytes / f64::from(1 << 20))
}
