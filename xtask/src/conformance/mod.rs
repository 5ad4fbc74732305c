//! Byte-for-byte comparison with Helm over the conformance kit.

mod answers;
mod charts;
mod manifests;
pub(crate) mod mask;
mod mutate;
mod random;
mod report;
mod snippets;
mod trees;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::{package, paths, run};
use report::Report;

/// Which parts of the kit to compare, and how to show differences.
#[derive(Args)]
pub(crate) struct Options {
    /// Parts to compare [default: all].
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Compare only the cases whose id contains this.
    #[arg(long, short)]
    filter: Option<String>,
    /// Show at most this many differences for each part.
    #[arg(long, default_value_t = 5)]
    show: usize,
    /// List the ids of all cases that differ.
    #[arg(long)]
    list: bool,
    /// Use this `chartwright` binary instead of building one.
    #[arg(long)]
    bin: Option<PathBuf>,
    /// Engine that renders charts and command lines.
    #[arg(long, value_enum, default_value = "native")]
    engine: Engine,
    /// Compare new snippets, answered by real Helm under this seed (needs Go), instead of those of the kit. With
    /// `--mutate`: the seed of the inputs.
    #[arg(long)]
    seed: Option<i64>,
    /// Generate this many random inputs of each kind, and compare with the answers of real Helm (needs Go).
    #[arg(long, value_name = "N")]
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
    /// With `--mutate`: random JSON Schemas and values.
    Schemas,
    /// With `--mutate`: random templates.
    Templates,
    /// With `--mutate`: random YAML, JSON and TOML.
    Yaml,
    /// With `--mutate`: random trees of charts.
    Trees,
    /// With `--mutate`: random manifests, by Helm and behind Flux's post-renderers.
    Manifests,
}

/// Compares, prints a table, and fails if anything differs.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let Some(kit) = paths::conformance() else {
        println!(
            "SKIPPED: no conformance kit here (../shared/conformance or $CHARTWRIGHT_CONFORMANCE): nothing was compared with Helm"
        );
        return Ok(());
    };
    let bin = match &options.bin {
        Some(bin) => bin.canonicalize()?,
        None => run::binary()?,
    };
    if let Some(count) = options.mutate {
        let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
        let seed = options.seed.unwrap_or(1);
        let mut reports = mutate::run(&kit, &bin, count, options)?;
        if wanted(Part::Trees) {
            reports.extend(trees::run(count, seed)?);
        }
        if wanted(Part::Manifests) {
            reports.extend(manifests::run(count, seed)?);
            reports.extend(manifests::run_flux(count, seed)?);
        }
        return finish(options, &reports);
    }
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
    // New snippets are measured: a difference is no failure.
    if differing > 0 && (options.seed.is_none() || options.mutate.is_some()) {
        bail!("{differing} differ from Helm");
    }
    Ok(())
}

impl Options {
    /// Everything, with a few differences shown for each part.
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
