//! The base charts and the example descriptors beside real Helm, and the sample fleet: `cargo xtask examples`.

mod base;
mod descriptors;
mod differ;
mod facts;
mod fleet;
pub(crate) mod platform;
pub(crate) mod sources;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::{manifests, paths, reference, run};

pub(crate) use base::Case;
pub(crate) use descriptors::Example;

/// What to compare.
#[derive(Args)]
pub(crate) struct Options {
    /// Compare only those whose name contains this.
    #[arg(long, short)]
    filter: Option<String>,
    /// Use this `chartwright` binary instead of building one.
    #[arg(long)]
    bin: Option<PathBuf>,
}

/// The programs that are compared.
struct Programs {
    /// Ours.
    chartwright: PathBuf,
    /// Helm's command line.
    helm: PathBuf,
    /// Helm's engine with objects for `lookup`.
    oracle: PathBuf,
}

/// A line of the table: what was compared, with the result.
struct Outcome {
    name: String,
    /// For each step: its word in the table.
    steps: Vec<String>,
    /// What went wrong, for people.
    problems: Vec<String>,
}

/// Compares, prints a table, and fails if anything differs.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let chartwright = match &options.bin {
        Some(bin) => bin.canonicalize()?,
        None => run::binary()?,
    };
    // What needs no Helm comes first.
    manifests::bring(&chartwright, true)?;
    print_head(&["sample repository", "check", "controller", "modules"]);
    let fleet = shown(fleet::check(&chartwright)?);
    if !fleet.problems.is_empty() {
        bail!("the sample fleet repository has problems");
    }
    let (Some(oracle), Some(helm)) = (reference::oracle()?, reference::helm()?) else {
        println!("SKIPPED: base charts and examples were not compared with Helm");
        return Ok(());
    };
    let programs = Programs { chartwright, helm, oracle };
    let wanted = |name: &str| options.filter.as_ref().is_none_or(|f| name.contains(f.as_str()));
    let work = paths::target().join("examples");
    let mut outcomes = Vec::new();
    print_head(&["base chart, case", "lint", "template"]);
    for case in Case::all()?.iter().filter(|c| wanted(&c.name())) {
        outcomes.push(shown(base::compare(&programs, case)?));
    }
    print_head(&["descriptor", "check", "lint", "level 1", "level 2"]);
    let sources = sources::prepare(&work)?;
    for example in Example::all()?.iter().filter(|e| wanted(&e.name)) {
        outcomes.push(shown(descriptors::compare(&programs, example, &sources, &work)?));
    }
    let cases = facts::cases()?;
    let cases: Vec<_> = cases.iter().filter(|c| wanted(&c.id)).collect();
    if !cases.is_empty() {
        print_head(&["DS2's charts", "golden"]);
        outcomes.push(shown(facts::compare(&programs, &cases, &work)?));
    }
    let wrong = outcomes.iter().filter(|o| !o.problems.is_empty()).count();
    println!("\n{} of {} as Helm has them", outcomes.len() - wrong, outcomes.len());
    if wrong > 0 {
        bail!("{wrong} differ from Helm, or fail");
    }
    Ok(())
}

fn print_head(columns: &[&str]) {
    let (name, steps) = columns.split_first().unwrap_or((&"", &[]));
    println!("\n{name:<28}{}", steps.iter().map(|s| format!("{s:>14}")).collect::<String>());
}

fn shown(outcome: Outcome) -> Outcome {
    println!("{:<28}{}", outcome.name, outcome.steps.iter().map(|s| format!("{s:>14}")).collect::<String>());
    for problem in &outcome.problems {
        println!("{problem}");
    }
    outcome
}
