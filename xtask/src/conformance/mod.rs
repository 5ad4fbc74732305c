//! Byte-for-byte comparison with Helm over the conformance kit.

mod answers;
mod charts;
mod manifests;
pub(crate) mod mask;
mod random;
mod report;
mod snippets;
mod trees;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::{package, paths, run};
use report::Report;

/// Which parts of the kit to compare, and how to show what differs.
#[derive(Args)]
pub(crate) struct Options {
    /// The parts to compare; all if none is named.
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Compare only the cases whose id contains this.
    #[arg(long, short)]
    filter: Option<String>,
    /// Show at most this many differences a part.
    #[arg(long, default_value_t = 5)]
    show: usize,
    /// List the ids of all that differ.
    #[arg(long)]
    list: bool,
    /// Use this `chartwright` instead of building one.
    #[arg(long)]
    bin: Option<PathBuf>,
    /// Let the plugin render: of charts and command lines.
    #[arg(long, value_enum, default_value = "native")]
    engine: Engine,
    /// Compare with fresh snippets of the reference program under this seed
    /// (needs Go), in place of the kit's own.
    #[arg(long)]
    seed: Option<i64>,
    /// Compare with Helm's answers to so many random inputs a part (trees, manifests), drawn under the seed (needs Go).
    #[arg(long, value_name = "COUNT")]
    mutate: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// The engine in the program.
    Native,
    /// The plugin.
    Wasm,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Snippets of the template language.
    Language,
    /// Functions, verbs, YAML scalars and random programs.
    Functions,
    /// Public charts.
    Cases,
    /// Command lines.
    Cli,
    /// With `--mutate`: random trees of charts.
    Trees,
    /// With `--mutate`: random manifests, by Helm and behind Flux's post-renderers.
    Manifests,
}

/// Compares, prints a table, and fails if anything differs.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if let Some(count) = options.mutate {
        let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
        let mut reports = Vec::new();
        let seed = options.seed.unwrap_or(1);
        if wanted(Part::Trees) {
            reports.extend(trees::run(count, seed)?);
        }
        if wanted(Part::Manifests) {
            reports.extend(manifests::run(count, seed)?);
            reports.extend(manifests::run_flux(count, seed)?);
        }
        return finish(options, &reports);
    }
    let Some(kit) = paths::conformance() else {
        println!(
            "SKIPPED: no conformance kit here (../shared/conformance or $CHARTWRIGHT_CONFORMANCE): nothing was compared with Helm"
        );
        return Ok(());
    };
    let bin = match &options.bin {
        Some(bin) => bin.canonicalize()?,
        None => run::release_binary()?,
    };
    if options.engine == Engine::Wasm {
        // Snippets have no chart, so they never go through the plugin.
        package::plugin()?;
        return finish(options, &[charts::cases(&kit, &bin, options)?, charts::command_lines(&kit, &bin, options)?]);
    }
    let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
    let mut reports = Vec::new();
    if let Some(seed) = options.seed {
        reports.extend(snippets::fresh(&bin, seed, options)?);
    } else {
        if wanted(Part::Language) {
            reports.push(snippets::compare("language", &kit.join("language.jsonl"), &bin, options)?);
        }
        if wanted(Part::Functions) {
            reports.push(snippets::compare("functions", &kit.join("functions.jsonl"), &bin, options)?);
        }
        if wanted(Part::Cases) {
            reports.push(charts::cases(&kit, &bin, options)?);
        }
        if wanted(Part::Cli) {
            reports.push(charts::command_lines(&kit, &bin, options)?);
        }
    }
    finish(options, &reports)
}

/// Prints the reports, and fails if anything differs.
fn finish(options: &Options, reports: &[Report]) -> anyhow::Result<()> {
    for report in reports {
        report.print(options.show, options.list);
    }
    println!("\n{:<12} {:>7} {:>7} {:>9}", "part", "equal", "of", "");
    for report in reports {
        println!("{:<12} {:>7} {:>7} {:>8.2}%", report.part, report.equal, report.total(), report.percent());
    }
    let differing: usize = reports.iter().map(|r| r.differences.len()).sum();
    // with a seed the unseen is measured, not gated
    if differing > 0 && (options.seed.is_none() || options.mutate.is_some()) {
        bail!("{differing} differ from Helm");
    }
    Ok(())
}

impl Options {
    /// Everything, a few differences a part shown.
    pub(crate) fn all() -> Options {
        Options {
            parts: Vec::new(),
            filter: None,
            show: 5,
            list: false,
            bin: None,
            engine: Engine::Native,
            seed: None,
            mutate: None,
        }
    }

    fn selects(&self, id: &str) -> bool {
        self.filter.as_ref().is_none_or(|f| id.contains(f.as_str()))
    }
}

/// An empty report for a part.
fn report(part: &'static str) -> Report {
    Report { part, equal: 0, differences: Vec::new() }
}
