//! Random inputs from a seed, answered by real Helm and by the engine.
//!
//! `cargo xtask conformance --mutate N --seed S` makes N inputs of each kind: what the conformance kit has (snippets,
//! the schemas and values of public charts) with random changes, and what a grammar of our own makes. Helm's answers
//! come from the reference program (needs Go). What Go itself leaves to chance is excused in [`chance`] and nowhere
//! else.

mod ask;
mod chance;
mod json;
mod schemas;
mod templates;
mod yaml;

use std::path::Path;

use super::random::Random;
use super::report::Report;
use super::{Options, Part};
use crate::reference;

/// What a generator gets.
struct Run<'a> {
    /// The conformance kit.
    kit: &'a Path,
    /// The reference program.
    oracle: &'a Path,
    /// Our command line.
    bin: &'a Path,
    /// How many inputs to make.
    count: usize,
    /// The run's seed.
    seed: i64,
}

/// Makes inputs of a kind and compares the answers.
type Compare = fn(&Run<'_>) -> anyhow::Result<Report>;

/// The generators. A new kind of input (random dependency trees, manifests) is one more line here, and a part.
const GENERATORS: &[(Part, Compare)] =
    &[(Part::Schemas, schemas::compare), (Part::Templates, templates::compare), (Part::Yaml, yaml::compare)];

/// Makes `count` inputs of each kind that was asked for, and compares Helm's answers with ours.
pub(super) fn run(kit: &Path, bin: &Path, count: usize, options: &Options) -> anyhow::Result<Vec<Report>> {
    let Some(oracle) = reference::oracle()? else { return Ok(Vec::new()) };
    let seed = options.seed.unwrap_or(1);
    let run = Run { kit, oracle: &oracle, bin, count, seed };
    let wanted = |part: &Part| options.parts.is_empty() || options.parts.contains(part);
    GENERATORS.iter().filter(|(part, _)| wanted(part)).map(|(_, compare)| compare(&run)).collect()
}

impl Run<'_> {
    fn random(&self, part: &str) -> Random {
        Random::of_part(self.seed, part)
    }
}
