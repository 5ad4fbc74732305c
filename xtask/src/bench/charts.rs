//! In process: load, values, render, sort.

use super::table::{geometric_mean, least, ratio, time};
use super::{Chart, Options, Programs, measure};

/// Prints a row a chart.
///
/// Helm's engine changes a chart while it renders, so it has to load it for
/// every render: "again" compares with that, which is what a Go host would do.
pub(super) fn print(programs: &Programs, options: &Options) -> anyhow::Result<()> {
    let Some((kit, charts)) = Chart::selected(options) else { return Ok(()) };
    println!(
        "\nIn process (medians of {} runs): load archive + values + render + sort; again: chart loaded, values changed",
        options.runs
    );
    println!(
        "{:<24} {:>9} {:>11} {:>11} {:>8} {:>11} {:>8}",
        "chart", "output", "Helm", "Chartwright", "ratio", "again", "ratio"
    );
    let (mut whole, mut again) = (Vec::new(), Vec::new());
    for chart in charts {
        let mut extra = Vec::new();
        if let Some(objects) = chart.objects {
            extra.extend(["-objects".to_owned(), kit.join(objects).display().to_string()]);
        }
        let path = chart.path(&kit);
        let helm = match &programs.oracle {
            Some(oracle) => Some(measure(oracle, "bench", options.runs, &path, &extra)?.median_ns),
            None => None,
        };
        let mut extra: Vec<String> = extra.into_iter().map(|a| a.replace("-objects", "--objects")).collect();
        extra.extend(["--vary".to_owned(), chart.vary.to_owned()]);
        let ours = measure(&programs.bench, "render", options.runs, &path, &extra)?;
        let again_ns = ours.again_ns.unwrap_or(f64::NAN);
        let (r1, r2) = (helm.map(|h| h / ours.median_ns), helm.map(|h| h / again_ns));
        whole.extend(r1);
        again.extend(r2);
        println!(
            "{:<24} {:>9} {:>11} {:>11} {:>8} {:>11} {:>8}",
            chart.name,
            ours.bytes,
            helm.map_or_else(|| "-".into(), time),
            time(ours.median_ns),
            ratio(r1),
            time(again_ns),
            ratio(r2)
        );
    }
    println!(
        "{:<24} {:>9} {:>11} {:>11} {:>8} {:>11} {:>8}",
        "geometric mean",
        "",
        "",
        "",
        ratio(geometric_mean(&whole)),
        "",
        ratio(geometric_mean(&again))
    );
    println!(
        "{:<24} {:>9} {:>11} {:>11} {:>8} {:>11} {:>8}",
        "least",
        "",
        "",
        "",
        ratio(least(&whole)),
        "",
        ratio(least(&again))
    );
    Ok(())
}
