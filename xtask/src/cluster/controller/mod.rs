//! Our controller beside the real helm-controller: from a descriptor to the objects that its module deploys.
//!
//! There is no source-controller: the test writes a source's status, and serves its archive.

mod chart;
mod process;
mod steps;

use std::path::Path;

use super::server::Server;
use super::{Outcome, Trial, kinds, shown};
use crate::{package, paths, run};
use process::Controller;
use steps::{STEPS, Stage};

/// Reconciles descriptors.
pub(super) fn reconcile(
    trial: &Trial<'_>,
    program: Option<&Path>,
    plugin: Option<&Path>,
) -> anyhow::Result<Vec<Outcome>> {
    println!("\n{:<44}{:>24}", "controller", "seconds");
    let plugin = match plugin {
        Some(plugin) => plugin.canonicalize()?,
        None => package::plugin()?.file.clone(),
    };
    let program = match program {
        Some(program) => program.canonicalize()?,
        None => {
            run::of_tests(&["--bin", "chartwright-controller"])?;
            paths::target().join("debug/chartwright-controller")
        }
    };
    let work = paths::target().join("cluster-controller");
    if work.join("storage").is_dir() {
        std::fs::remove_dir_all(work.join("storage"))?;
    }
    kinds::define(trial.cluster)?;
    let server = Server::start(&work.join("served"))?;
    let controller = Controller::new(program, plugin, work, trial.cluster.kubeconfig())?;
    let mut stage = Stage::new(trial.cluster, &server, controller)?;
    let mut outcomes = Vec::new();
    // Each step starts from what the one before left.
    for step in STEPS {
        let start = std::time::Instant::now();
        let result = (step.run)(&mut stage);
        let seconds = format!("{:.1}", start.elapsed().as_secs_f64());
        let (result, problems) = match result {
            Ok(()) => (seconds, Vec::new()),
            Err(error) => ("FAILED".to_owned(), vec![format!("  {error:#}"), stage.state()]),
        };
        let failed = !problems.is_empty();
        outcomes.push(shown(Outcome { name: step.name.to_owned(), result, problems }));
        if failed {
            break;
        }
    }
    Ok(outcomes)
}
