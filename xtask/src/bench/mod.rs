//! Helm beside Chartwright, measured in one run.

mod api;
mod charts;
mod descriptor;
mod growth;
mod process;
mod table;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;

use crate::{paths, reference, run};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// The tables to print; all if none is named.
    #[arg(value_enum)]
    tables: Vec<Table>,
    /// How often to run each chart in process; the median counts.
    #[arg(long, default_value_t = 30)]
    runs: usize,
    /// Only charts whose name contains this.
    #[arg(long)]
    filter: Option<String>,
    /// The `chartwright` that the table `api` measures, in place of one that is built as it is shipped.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// Load, values, render and sort in one process; and rendering again with changed values.
    Charts,
    /// The whole process: time and peak memory of `helm template` and `chartwright template`.
    Process,
    /// Descriptors of one to six components: expansion, level 1 and level 2 in one process.
    Descriptor,
    /// Umbrellas of 10 to 120 subcharts, 100 to 100,000 `tpl` and `include` calls.
    Growth,
    /// The plugin: cold start, start with kept machine code, warm calls beside the native engine.
    Wasm,
    /// The management API on a store of 10,000 modules: requests a second and their times.
    Api,
}

/// The programs that are compared.
struct Programs {
    /// Measures our engine in process.
    bench: PathBuf,
    /// Our command line.
    chartwright: PathBuf,
    /// Measures Helm's engine in process.
    oracle: Option<PathBuf>,
    /// Helm's command line.
    helm: Option<PathBuf>,
}

/// What a program measured of itself.
#[derive(Deserialize)]
struct Measured {
    median_ns: f64,
    /// The least time: what the work takes when nothing else runs.
    min_ns: Option<f64>,
    bytes: u64,
    /// Rendering again with changed values, the chart already loaded; only ours can.
    again_ns: Option<f64>,
    /// Rendering an edited descriptor, its base charts already loaded.
    edited_ns: Option<f64>,
    /// Expanding a descriptor, its base charts already loaded.
    expand_ns: Option<f64>,
    /// How many objects came out of a descriptor.
    #[serde(default)]
    objects: usize,
}

/// Builds what is compared, measures, prints the tables.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let wanted = |table| options.tables.is_empty() || options.tables.contains(&table);
    if wanted(Table::Api) {
        match &options.program {
            Some(program) => api::print(program)?,
            None => api::print(&run::shipped_binary()?)?,
        }
        if options.tables.as_slice() == [Table::Api] {
            return Ok(());
        }
    }
    let programs = Programs {
        bench: run::shipped("chartwright-bench", "chartwright-bench")?,
        chartwright: run::shipped_binary()?,
        oracle: if options.tables.as_slice() == [Table::Wasm] { None } else { reference::oracle()? },
        helm: if wanted(Table::Process) { reference::helm()? } else { None },
    };
    if wanted(Table::Charts) {
        charts::print(&programs, options)?;
    }
    if wanted(Table::Process) {
        process::print(&programs, options)?;
    }
    if wanted(Table::Descriptor) {
        descriptor::print(&programs, options)?;
    }
    if wanted(Table::Wasm) {
        wasm::print(&programs, options)?;
    }
    if wanted(Table::Growth) {
        growth::print(&programs)?;
    }
    Ok(())
}

/// Asks a program to measure a chart.
fn measure(program: &Path, verb: &str, runs: usize, chart: &Path, extra: &[String]) -> anyhow::Result<Measured> {
    let mut command = Command::new(program);
    command.arg(verb).arg("-n").arg(runs.to_string()).args(extra).arg(chart);
    let out = command.output().with_context(|| run::line(&command))?;
    if !out.status.success() {
        bail!("{}: {}", run::line(&command), String::from_utf8_lossy(&out.stderr));
    }
    Ok(serde_json::from_slice(&out.stdout)?)
}

/// A chart of the conformance kit that is measured.
struct Chart {
    name: &'static str,
    file: &'static str,
    /// Objects that `lookup` finds, where the chart needs some.
    objects: Option<&'static str>,
    /// A number in its values that is changed between renders.
    vary: &'static str,
}

/// The charts that are measured.
const CHARTS: &[Chart] = &[
    Chart { name: "podinfo", file: "stefanprodan_podinfo__charts_podinfo", objects: None, vary: "replicaCount" },
    Chart {
        name: "ds2modulebase5",
        file: "ds2-eu_helmtemplates__charts_ds2modulebase5",
        objects: Some("platform/icekube.yaml"),
        vary: "replicaCount",
    },
    Chart { name: "keycloak", file: "bitnami_charts__bitnami_keycloak", objects: None, vary: "replicaCount" },
    Chart {
        name: "jupyterhub",
        file: "jupyterhub_zero-to-jupyterhub-k8s__jupyterhub",
        objects: None,
        vary: "hub.concurrentSpawnLimit",
    },
    Chart {
        name: "argo-workflows",
        file: "argoproj_argo-helm__charts_argo-workflows",
        objects: None,
        vary: "controller.replicas",
    },
    Chart {
        name: "kube-prometheus-stack",
        file: "prometheus-community_helm-charts__charts_kube-prometheus-stack",
        objects: None,
        vary: "prometheus.prometheusSpec.replicas",
    },
];

impl Chart {
    fn path(&self, kit: &Path) -> PathBuf {
        kit.join("charts").join(format!("{}.tgz", self.file))
    }

    /// The charts that are there and selected; says so if the kit is missing.
    fn selected(options: &Options) -> Option<(PathBuf, Vec<&'static Chart>)> {
        let Some(kit) = paths::conformance() else {
            println!("SKIPPED: no conformance kit, so no charts to measure");
            return None;
        };
        let charts = CHARTS.iter().filter(|c| options.filter.as_ref().is_none_or(|f| c.name.contains(f.as_str())));
        Some((kit, charts.collect()))
    }
}
