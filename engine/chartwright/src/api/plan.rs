//! The calls `plan` and `check`: what is needed, and what is wrong.

use contract::{ChartWanted, CheckInput, CheckOutput, Failure, PlanInput, PlanOutput, Subject, TextFile};
use descriptor::{check, read};

use super::Engine;
use super::bases::Bases;
use super::hide::{Hide, hidden_in};
use super::manifests::Manifests;
use super::module::base_charts;

impl Engine {
    /// The charts that are needed to render something, as far as can be known
    /// without them: HelmReleases in a missing chart may need more.
    ///
    /// # Errors
    /// Kind `secrets` if a Secret among manifests cannot be read. What else is wrong is in [`PlanOutput::problems`].
    pub fn plan(&mut self, input: &PlanInput) -> Result<PlanOutput, Failure> {
        let mut output = PlanOutput::default();
        match &input.subject {
            Subject::Chart(_) => {}
            Subject::Descriptor(file) => {
                let (parsed, problems) = read::parse(&file.name, &file.text);
                output.problems = problems;
                output.charts = parsed.map(|p| p.descriptor.wanted()).unwrap_or_default();
            }
            Subject::Manifests(files) => {
                let redactor = hidden_in(files)?;
                let manifests = Manifests::read(files);
                output.problems = manifests.problems;
                output.problems.hide(&redactor);
                for release in &manifests.releases {
                    add(&mut output.charts, release.wanted());
                }
            }
        }
        Ok(output)
    }

    /// Everything that is wrong with descriptors.
    ///
    /// # Errors
    /// Kind `chart` if a given base chart is not one.
    pub fn check(&mut self, input: &CheckInput) -> Result<CheckOutput, Failure> {
        let charts = self.given(&input.charts)?;
        let mut output = CheckOutput::default();
        for file in &input.descriptors {
            check_file(file, &charts, &mut output);
        }
        Ok(output)
    }
}

/// Everything that is wrong with the descriptors of a file.
fn check_file(file: &TextFile, charts: &dyn flux::Charts, output: &mut CheckOutput) {
    let found = read::parse_all(&file.name, &file.text);
    let mut problems = found.problems;
    for parsed in &found.descriptors {
        problems.append(&mut check::check(parsed, &base_charts(&parsed.descriptor, charts)));
        let mut bases = Bases::of(parsed, charts);
        problems.append(&mut bases.problems);
        bases.missing.into_iter().for_each(|wanted| add(&mut output.missing, wanted));
        output.descriptors += 1;
    }
    govalue::sort::sort_by(&mut problems, |a, b| a.place.cmp(&b.place).then(b.severity.cmp(&a.severity)));
    output.problems.append(&mut problems);
}

fn add(charts: &mut Vec<ChartWanted>, wanted: ChartWanted) {
    if !charts.contains(&wanted) {
        charts.push(wanted);
    }
}
