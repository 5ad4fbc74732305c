//! The base charts, the example descriptors and the Compose imports on a real API server with Flux's
//! controllers: `cargo xtask cluster`.

mod apply;
mod controller;
mod kinds;
mod kit;
mod releases;
mod server;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::run;

/// Where the cluster is, and what is applied to it.
#[derive(Args)]
pub(crate) struct Options {
    /// Parts to run [default: all].
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Run only those whose name contains this.
    #[arg(long, short)]
    filter: Option<String>,
    /// Use this `chartwright` binary instead of building one.
    #[arg(long)]
    bin: Option<PathBuf>,
    /// Use this `chartwright-controller` binary instead of building one.
    #[arg(long)]
    controller: Option<PathBuf>,
    /// Use this plugin in the controller instead of building one.
    #[arg(long)]
    plugin: Option<PathBuf>,
    /// Folder of the cluster's programs [default: `$CHARTWRIGHT_CLUSTER_DIR`, or a folder in the user's cache].
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Do not build the cluster's programs; skip the run if they are missing.
    #[arg(long)]
    built: bool,
    /// Leave the cluster running.
    #[arg(long)]
    keep: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Our custom resource definitions: what they accept and what they refuse.
    Kinds,
    /// The base charts with the values of their folders `ci`, accepted by the API server.
    Charts,
    /// The example descriptors through both levels, accepted by the API server.
    Examples,
    /// The Compose files of the tests, imported and rendered, accepted by the API server.
    Compose,
    /// The plain manifests and the sample fleet repository, accepted by the API server.
    Installation,
    /// Examples that helm-controller installs: what it stores is what `chartwright render` prints.
    Releases,
    /// Descriptors that our controller reconciles and Flux installs.
    Controller,
}

/// A case and its result.
struct Outcome {
    name: String,
    /// A word or number for the table.
    result: String,
    /// What went wrong, for people.
    problems: Vec<String>,
}

/// Starts a cluster, runs the cases, prints a table, and fails if anything is refused or differs.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let Some(cluster) = kit::Cluster::start(options.dir.as_deref(), options.built, options.keep)? else {
        println!("SKIPPED: nothing was tried on a real API server");
        return Ok(());
    };
    let chartwright = match &options.bin {
        Some(bin) => bin.canonicalize()?,
        None => run::binary()?,
    };
    let trial = Trial { cluster: &cluster, chartwright, filter: options.filter.clone() };
    let mut outcomes = Vec::new();
    let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
    if wanted(Part::Kinds) {
        outcomes.extend(timed(|| kinds::kinds(&trial))?);
    }
    if wanted(Part::Charts) {
        outcomes.extend(timed(|| apply::charts(&trial))?);
    }
    if wanted(Part::Examples) {
        outcomes.extend(timed(|| apply::examples(&trial))?);
    }
    if wanted(Part::Compose) {
        outcomes.extend(timed(|| apply::compose(&trial))?);
    }
    if wanted(Part::Installation) {
        outcomes.extend(timed(|| apply::installation(&trial))?);
    }
    if wanted(Part::Releases) {
        outcomes.extend(timed(|| releases::compare(&trial))?);
    }
    if wanted(Part::Controller) {
        outcomes
            .extend(timed(|| controller::reconcile(&trial, options.controller.as_deref(), options.plugin.as_deref()))?);
    }
    let wrong = outcomes.iter().filter(|o| !o.problems.is_empty()).count();
    println!("\n{} of {} as they should be", outcomes.len() - wrong, outcomes.len());
    if wrong > 0 {
        bail!("{wrong} are refused, or differ");
    }
    Ok(())
}

/// Runs a part, and prints how long it took.
fn timed(part: impl FnOnce() -> anyhow::Result<Vec<Outcome>>) -> anyhow::Result<Vec<Outcome>> {
    let start = Instant::now();
    let outcomes = part()?;
    println!("{:>68.1} s", start.elapsed().as_secs_f64());
    Ok(outcomes)
}

/// What is tried with.
struct Trial<'a> {
    cluster: &'a kit::Cluster,
    chartwright: PathBuf,
    filter: Option<String>,
}

impl Trial<'_> {
    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|f| name.contains(f.as_str()))
    }
}

fn shown(outcome: Outcome) -> Outcome {
    println!("{:<44}{:>24}", outcome.name, outcome.result);
    for problem in &outcome.problems {
        println!("{problem}");
    }
    outcome
}
