//! From a descriptor to a full Helm chart: the module's chart.

mod base;
mod context;
mod definition;
mod documented;
mod filters;
mod merge;
mod module;
mod schema;
mod skeleton;
mod umbrella;
mod values;

use std::sync::Arc;

use contract::{Code, Problem, Severity};
use govalue::sort::sort_by;
use helm::chart::{Chart, File, Limits, pack};
use minijinja::Value;

use crate::read::Parsed;
use crate::types::{Layout, Template};

use module::Module;
use skeleton::{COMPONENT, Skeletons};

pub use base::Known;
pub(crate) use module::INTERVAL;
pub use skeleton::{BUILT_IN, Skeleton};
pub(crate) use values::Written;

/// How a descriptor is expanded.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Skeletons that replace built-in ones of the same path, or come on top of them.
    pub skeletons: Vec<Skeleton>,
    /// What is known about base charts from expansions before this one.
    pub known: Known,
}

/// A descriptor as a chart.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// The chart's name: that of the module.
    pub name: String,
    /// The chart's version.
    pub version: String,
    /// The chart's files: `Chart.yaml` first, the rest by name.
    pub files: Vec<File>,
    /// The chart, loaded.
    pub chart: Arc<Chart>,
    /// What is not as it should be, yet no obstacle.
    pub warnings: Vec<Problem>,
}

impl Expanded {
    /// The chart as an archive that Helm and Flux load: the same bytes for the same files, on every platform.
    pub fn archive(&self) -> Vec<u8> {
        pack(&self.name, &self.files)
    }
}

/// Expands a descriptor into the module's chart.
///
/// `base` gives the available base charts. Layout `releases` does not need them: values are then checked
/// less. In layout `umbrella` it cannot.
///
/// # Errors
/// Everything that prevents the expansion: names that cannot be used, missing base charts, skeletons that fail or make
/// no chart.
pub fn expand(
    parsed: &Parsed,
    base: &dyn Fn(&Template) -> Option<Arc<Chart>>,
    options: &Options,
) -> Result<Expanded, Vec<Problem>> {
    let mut problems = Vec::new();
    let skeletons = Skeletons::new(parsed.descriptor.spec.layout, &options.skeletons);
    let module = Module::new(parsed, base, &options.known, &mut problems);
    let (skeletons, module) = match (skeletons, module) {
        (Ok(skeletons), Ok(module)) => (skeletons, module),
        (skeletons, _) => {
            problems.extend(skeletons.err().unwrap_or_default());
            return Err(problems);
        }
    };
    let mut files = write(&skeletons, &module, &mut problems);
    let schema = schema::compose(parsed, &module, &mut problems);
    if !files.iter().any(|f| f.name == SCHEMA) {
        files.push(file(SCHEMA.to_owned(), schema));
    }
    if module.layout == Layout::Umbrella {
        umbrella::vendor(&module, &mut files, &mut problems);
    }
    // As `helm package` has it: what a reader wants first comes first.
    sort(&mut files, "Chart.yaml");
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(problems);
    }
    let Some(chart) = loaded(parsed, &files, &mut problems) else { return Err(problems) };
    let version = parsed.descriptor.spec.module.version.clone();
    Ok(Expanded { name: module.name.to_owned(), version, files, chart, warnings: problems })
}

const SCHEMA: &str = "values.schema.json";

/// Renders all skeletons.
fn write(skeletons: &Skeletons<'_>, module: &Module<'_>, problems: &mut Vec<Problem>) -> Vec<File> {
    let components = module.component_contexts();
    let fields = module.context(&components);
    let whole = context::object(fields.clone());
    let mut files = Vec::new();
    let mut render = |path: &str, name: String, context: &Value| match skeletons.render(path, context) {
        Ok(text) => files.push(file(name, text)),
        Err(problem) => problems.push(*problem),
    };
    for path in skeletons.paths() {
        if !path.contains(COMPONENT) {
            render(path, (*path).to_owned(), &whole);
            continue;
        }
        for (component, value) in module.components.iter().zip(&components) {
            let with = [("component", value.clone())].into_iter().chain(fields.iter().cloned());
            render(path, path.replace(COMPONENT, component.name), &context::object(with.collect()));
        }
    }
    // One mistake in a skeleton shows once for each component.
    problems.dedup();
    files
}

/// Sorts files by name, the one of the name `first` before the others.
pub(crate) fn sort(files: &mut [File], first: &str) {
    sort_by(files, |a, b| (a.name != first, &a.name).cmp(&(b.name != first, &b.name)));
}

fn file(name: String, text: String) -> File {
    File { name: name.into(), data: text.into_bytes().into() }
}

/// Loads the chart as Helm would: a chart that does not load is not one.
fn loaded(parsed: &Parsed, files: &[File], problems: &mut Vec<Problem>) -> Option<Arc<Chart>> {
    let mut warnings = helm::Warnings::default();
    let name = &parsed.descriptor.metadata.name;
    match helm::chart::load_folder(name, files.to_vec(), Limits::default(), &mut warnings) {
        Ok(chart) => Some(chart),
        Err(error) => {
            let message = format!("Helm does not accept the expanded chart: {error}");
            problems.push(parsed.problem(Severity::Error, Code::Chart, "spec.module", message));
            None
        }
    }
}
