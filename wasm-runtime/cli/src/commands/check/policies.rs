//! `chartwright check --policy`: what descriptors deploy, against rules.

use std::path::PathBuf;
use std::time::Duration;

use chartwright_host::{Files, Host, machine_world};
use clap::Args;
use contract::{Budget, Failure, FailureKind, Problem, RenderInput, Severity, Subject, TextFile, WorldGiven};
use policy::Policies;

use crate::commands::render::platform;

/// How long the render of a descriptor may take, as in `chartwright render`.
const LONGEST: Duration = Duration::from_mins(5);

/// Flags for policies.
#[derive(Args, Debug)]
pub(super) struct PolicyArgs {
    /// File of policies (repeatable): what the descriptors deploy is rendered, and must keep their rules
    #[arg(long = "policy", value_name = "FILE", help_heading = "Policies")]
    policies: Vec<String>,
    /// Platform facts for the render, as in `chartwright render`
    #[arg(long, value_name = "FILE", requires = "policies", help_heading = "Policies")]
    platform: Option<PathBuf>,
}

impl PolicyArgs {
    /// The policies, if some were given.
    pub(super) fn read(&self, files: &Files) -> Result<Option<Policies>, String> {
        let mut all = None;
        for name in &self.policies {
            let file = files.text(name)?;
            let policies = Policies::read(&file.name, &file.text).map_err(|error| error.to_string())?;
            all.get_or_insert_with(Policies::default).extend(policies);
        }
        Ok(all)
    }

    /// Renders each descriptor and adds what breaks a rule, and what kept the render from being whole: what is not
    /// rendered is not judged. Descriptors with errors are not rendered.
    pub(super) fn judge(
        &self,
        files: &[TextFile],
        host: &Host<'_>,
        policies: &Policies,
        reader: &Files,
        problems: &mut Vec<Problem>,
    ) -> Result<(), Failure> {
        let platform = self.platform.as_deref().map(|path| platform(path, reader)).transpose()?;
        let world = machine_world(None, None).map_err(|e| Failure::new(FailureKind::Internal, e))?;
        // A chart of a stranger may not hold up a check.
        let budget = Budget { time: Some(LONGEST), ..Budget::default() };
        let host = Host { budget: &budget, ..*host };
        let mut found = Vec::new();
        for file in files.iter().flat_map(descriptors) {
            let broken = |problem: &Problem| problem.severity == Severity::Error && problem.place.file == file.name;
            if problems.iter().any(broken) {
                continue;
            }
            let name = file.name.clone();
            let input = RenderInput {
                world: WorldGiven { platform: platform.clone(), ..world.clone() },
                ..RenderInput::new(Subject::Descriptor(file))
            };
            let (output, refused) = host.judge(input, policies)?;
            found.extend(output.problems.into_iter().filter(|problem| problem.severity == Severity::Error));
            // What is about the module as a whole is about its descriptor.
            found.extend(refused.into_iter().map(|mut problem| {
                if problem.place.file.is_empty() {
                    problem.place.file.clone_from(&name);
                }
                problem
            }));
        }
        problems.extend(found);
        Ok(())
    }
}

/// The descriptors of a file, each as a file of its own in which lines keep their numbers.
fn descriptors(file: &TextFile) -> Vec<TextFile> {
    let mut documents: Vec<String> = vec![String::new()];
    for (at, line) in file.text.lines().enumerate() {
        if line.starts_with("---") {
            documents.push("\n".repeat(at + 1));
            continue;
        }
        let Some(last) = documents.last_mut() else { continue };
        last.push_str(line);
        last.push('\n');
    }
    documents.retain(|text| text.contains(descriptor::types::KIND));
    documents.into_iter().map(|text| TextFile { name: file.name.clone(), text }).collect()
}
