//! Descriptors: expansion and both levels in one process.

use std::fs;
use std::path::Path;

use anyhow::ensure;
use serde_json::Value;

use super::table::{ratio, time};
use super::{Options, Programs, measure};
use crate::examples::{Example, platform, sources};
use crate::{paths, yaml};

/// The examples that are measured, and the component of which a setting changes.
const EXAMPLES: [(&str, &str); 3] = [("welcome", "welcome"), ("webshop", "webshopbackend"), ("marketplace", "portal")];

/// Prints a row a descriptor.
///
/// Helm has no descriptors: its column is what its engine takes in process for the charts that come out, the module's
/// and for each HelmRelease its base chart with its values, each loaded from its archive, as for ours.
pub(super) fn print(programs: &Programs, options: &Options) -> anyhow::Result<()> {
    println!(
        "\nDescriptors in process (medians of {} runs): expand + level 1 + level 2. edited: the descriptor changed since\n\
         the last time, base charts loaded; whole: for the first time, base charts to be loaded from their archives;\n\
         again: only a value of the operator changed. Helm: the same charts as for whole, expanded by us",
        options.runs
    );
    println!(
        "{:<14} {:>10} {:>8} {:>9} {:>11} {:>11} {:>8} {:>11} {:>8} {:>11} {:>8} {:>11}",
        "descriptor",
        "components",
        "objects",
        "output",
        "Helm",
        "edited",
        "ratio",
        "whole",
        "ratio",
        "again",
        "ratio",
        "expand"
    );
    let work = paths::target().join("examples");
    let sources = sources::prepare(&work)?;
    for example in Example::all()? {
        let Some((name, vary)) = EXAMPLES.iter().find(|(name, _)| *name == example.name) else { continue };
        if options.filter.as_ref().is_some_and(|f| !name.contains(f.as_str())) {
            continue;
        }
        let helm = match &programs.oracle {
            Some(oracle) => Some(helm(programs, oracle, &example, &sources, &work, options.runs)?),
            None => None,
        };
        let charts = paths::root().join("templates/charts").display().to_string();
        let platform = platform::file().display().to_string();
        let extra = ["--charts", &charts, "--platform", &platform, "--vary", vary].map(str::to_owned);
        let ours = measure(&programs.bench, "descriptor", options.runs, &example.file, &extra)?;
        let (again, edited) = (ours.again_ns.unwrap_or(f64::NAN), ours.edited_ns.unwrap_or(f64::NAN));
        println!(
            "{name:<14} {:>10} {:>8} {:>9} {:>11} {:>11} {:>8} {:>11} {:>8} {:>11} {:>8} {:>11}",
            example.components(),
            ours.objects,
            ours.bytes,
            helm.map_or_else(|| "-".into(), time),
            time(edited),
            ratio(helm.map(|h| h / edited)),
            time(ours.median_ns),
            ratio(helm.map(|h| h / ours.median_ns)),
            time(again),
            ratio(helm.map(|h| h / again)),
            time(ours.expand_ns.unwrap_or(f64::NAN))
        );
    }
    Ok(())
}

/// What Helm's engine takes for the module chart and for the base chart of each HelmRelease in it, together.
fn helm(
    programs: &Programs,
    oracle: &Path,
    example: &Example,
    sources: &sources::Sources,
    work: &Path,
    runs: usize,
) -> anyhow::Result<f64> {
    let folder = work.join("bench");
    fs::create_dir_all(&folder)?;
    let archive = folder.join(format!("{}.tgz", example.name));
    let mut expand = example.command(&programs.chartwright, "expand", sources);
    let expanded = expand.arg("--archive").arg(&archive).arg("--force").output()?;
    ensure!(expanded.status.success(), "expand: {}", String::from_utf8_lossy(&expanded.stderr));
    let rendered = example.command(&programs.chartwright, "render", sources).args(["-o", "json"]).output()?;
    ensure!(rendered.status.success(), "render: {}", String::from_utf8_lossy(&rendered.stderr));
    let rendered: Value = serde_json::from_slice(&rendered.stdout)?;
    let objects = platform::objects(work)?;
    let mut total = 0.0;
    let mut add = |chart: &Path, values: &Value| -> anyhow::Result<()> {
        let file = folder.join("values.json");
        fs::write(&file, values.to_string())?;
        let extra = ["-objects".into(), objects.display().to_string(), "-values".into(), file.display().to_string()];
        total += measure(oracle, "bench", runs, chart, &extra)?.median_ns;
        Ok(())
    };
    add(&archive, &example.operator_values())?;
    for object in rendered.get("objects").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("kind") != "HelmRelease" {
            continue;
        }
        let release = yaml::read(text("text").as_bytes())?;
        let spec = |p: &str| release.pointer(p).and_then(Value::as_str).unwrap_or_default();
        let (source, chart) = (spec("/spec/chart/spec/sourceRef/name"), spec("/spec/chart/spec/chart"));
        add(&sources.archive(source, chart, &folder)?, release.pointer("/spec/values").unwrap_or(&Value::Null))?;
    }
    Ok(total)
}
