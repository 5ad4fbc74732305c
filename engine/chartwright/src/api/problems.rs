//! What went wrong with HelmReleases, for people and programs.

use contract::{Code, Hint, Place, Problem, Severity};
use flux::{ChartSource, FetchError, Outcome, ReleaseNode, RenderError, TreeProblem};
use helm::engine::LookupQuery;
use helm::release::ReleaseError;

use super::facts::Watched;
use super::module::Module;

/// The platform's facts: the key in their object, and the field of a platform file.
const FACTS: [(&str, &str); 5] = [
    ("registryUrl", "registry"),
    ("registryRepository", "repository"),
    ("domain", "domain"),
    ("username", "username"),
    ("token", "token"),
];

/// What is wrong with a release; `module` is the one that it belongs to.
pub(super) fn of_release(node: &ReleaseNode, module: Option<&Module>, watched: &Watched<'_>) -> Vec<Problem> {
    let id = node.release.id().to_string();
    let mut problems: Vec<Problem> = node
        .warnings
        .iter()
        .map(|field| {
            let place = Place { file: node.source.to_string(), ..Place::default() };
            let problem = Problem::new(Severity::Warning, Code::HelmRelease, field.message.clone(), place);
            Problem { path: field.path.clone(), hint: field.hint.clone(), ..problem }
        })
        .collect();
    if let Outcome::Failed(error) = &node.outcome {
        problems.push(failed(node, error, watched));
    }
    for problem in &mut problems {
        problem.helm_release = Some(id.clone());
        problem.chart = Some(chart_name(node));
        if let Some(module) = module {
            of_component(problem, module, &node.release.name);
        }
    }
    problems
}

/// Says which component a problem belongs to, and where that is in the descriptor: the best place for what has
/// no line of its own.
fn of_component(problem: &mut Problem, module: &Module, helm_release: &str) {
    let (file, places) = (&module.parsed().file, &module.parsed().places);
    let (path, name) = match module.component_at(helm_release) {
        Some((path, name)) => (path, Some(name.to_owned())),
        None => ("spec.release".to_owned(), None),
    };
    problem.component = name;
    let span = places.nearest(&path);
    let place = Place { file: file.clone(), line: span.line, column: span.column };
    if problem.place.line > 0 {
        problem.descriptor = Some(place);
    } else {
        problem.place = place;
        if problem.path.is_empty() {
            problem.path = path;
        }
    }
}

fn failed(node: &ReleaseNode, error: &RenderError, watched: &Watched<'_>) -> Problem {
    let place = Place {
        file: error.template().map_or_else(|| node.source.to_string(), ToString::to_string),
        line: error.line().map_or(0, |line| u32::try_from(line).unwrap_or(u32::MAX)),
        column: column(error).map_or(0, |column| u32::try_from(column).unwrap_or(u32::MAX)),
    };
    let (mut message, mut hint) = (error.to_string(), error.hint());
    let code = match error {
        RenderError::Fetch(FetchError::Unknown) => {
            let ChartSource { kind, namespace, name } = &node.chart.source;
            message = format!("the place of {kind} {namespace}/{name} is not given");
            hint = Some(Hint::Source { kind: kind.clone(), name: name.clone() });
            FetchError::Unknown.code()
        }
        RenderError::Fetch(error) => error.code(),
        RenderError::Values(_) | RenderError::ValuesFiles(_) => Code::Values,
        RenderError::Version(_) => Code::Version,
        RenderError::PostRender(_) => Code::PostRender,
        _ => Code::Render,
    };
    if let RenderError::Release(_) = error
        && let Some(fact) = missing_fact(&message, &watched.missed(&node.chart))
    {
        hint = Some(fact);
    }
    let problem = Problem::new(Severity::Error, code, message, place);
    Problem { hint, ..problem }
}

fn column(error: &RenderError) -> Option<usize> {
    match error {
        RenderError::Release(error) => match &**error {
            ReleaseError::Render(error) => error.column(),
            _ => None,
        },
        _ => None,
    }
}

/// Which fact a chart looked up in vain, and how to give it.
fn missing_fact(message: &str, missed: &[LookupQuery]) -> Option<Hint> {
    let query = missed.first()?;
    let object = format!("{} {}/{}", query.kind, query.namespace, query.name);
    let fact = FACTS.iter().find(|(key, _)| message.contains(&format!(".{key}")));
    Some(match fact {
        Some((key, field)) if query.name.ends_with(b"idtconfigmap") || query.name.ends_with(b"idtsecret") => {
            Hint::PlatformFact { field: (*field).to_owned(), key: (*key).to_owned(), object }
        }
        _ => Hint::Object { object },
    })
}

fn chart_name(node: &ReleaseNode) -> String {
    let wanted = &node.chart;
    match (wanted.chart.as_str(), wanted.version.as_str()) {
        ("", _) => wanted.source.to_string(),
        (chart, "") => chart.to_owned(),
        (chart, version) => format!("{chart} {version}"),
    }
}

/// What is wrong with the releases together.
pub(super) fn of_tree(problem: &TreeProblem, module: Option<&Module>) -> Problem {
    let severity = if problem.is_warning() { Severity::Warning } else { Severity::Error };
    let (code, release) = match problem {
        TreeProblem::Invalid { parent, .. } => (Code::HelmRelease, Some(parent)),
        TreeProblem::Cycle(names) => (Code::ReleaseCycle, names.first()),
        TreeProblem::TooDeep(names) => (Code::TooDeep, names.first()),
        TreeProblem::TooMany(_) => (Code::TooMany, None),
        TreeProblem::Duplicate { release, .. } => (Code::DuplicateRelease, Some(release)),
        TreeProblem::UnknownDependency { release, .. } => (Code::UnknownDependency, Some(release)),
        TreeProblem::DependencyCycle(names) => (Code::DependencyCycle, names.first()),
        _ => (Code::Release, None),
    };
    let file = match problem {
        TreeProblem::Invalid { source, .. } => source.to_string(),
        _ => module.map_or_else(String::new, |m| m.parsed().file.clone()),
    };
    let component = release.and_then(|id| module?.component(&id.name)).map(str::to_owned);
    let place = Place { file, ..Place::default() };
    let found = Problem::new(severity, code, problem.to_string(), place);
    Problem { helm_release: release.map(ToString::to_string), component, ..found }
}
