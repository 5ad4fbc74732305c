//! Files to descriptors, and all that is wrong with their form at once.

mod split;
mod tree;

use serde::Deserialize;
use serde_json::Value;

use crate::places::{Places, Span};
use crate::types::HelmChartDescriptor;
use contract::{Place, Problem, Severity};

use tree::Tree;
pub(crate) use tree::yaml_message;

/// A descriptor and where its fields stand.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The file, as the host names it.
    pub file: String,
    /// The whole text of the file: what the offsets of [`Places`] point into.
    pub text: String,
    /// The descriptor.
    pub descriptor: HelmChartDescriptor,
    /// The document as it was read, in the order of the text.
    pub value: Value,
    /// Where the fields stand.
    pub places: Places,
}

/// What a file has in it.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// Its descriptors, in the order of the text.
    pub descriptors: Vec<Parsed>,
    /// What is wrong, and what was left out.
    pub problems: Vec<Problem>,
}

impl Parsed {
    /// A problem at a path: at its key, else at the nearest field around that is there.
    pub fn problem(&self, severity: Severity, code: &str, path: &str, message: impl Into<String>) -> Problem {
        problem(&self.file, severity, code, path, message, self.places.nearest(path))
    }

    /// A problem at the value of a path.
    pub fn problem_at_value(&self, severity: Severity, code: &str, path: &str, message: impl Into<String>) -> Problem {
        let span = self.places.find(path).unwrap_or_else(|| self.places.nearest(path));
        problem(&self.file, severity, code, path, message, span)
    }
}

fn problem(file: &str, severity: Severity, code: &str, path: &str, message: impl Into<String>, span: Span) -> Problem {
    let place = Place { file: file.to_owned(), line: span.line, column: span.column };
    Problem { path: path.to_owned(), ..Problem::new(severity, code, message, place) }
}

/// Reads the descriptor of a file; of several the first.
///
/// There is one whenever the types could be filled, problems or not. `file` is for messages.
///
/// ```
/// let (parsed, problems) = descriptor::read::parse("shop.yaml", "\
/// apiVersion: chartwright.dev/v1alpha1
/// kind: HelmChartDescriptor
/// metadata: {name: shop}
/// spec:
///   module: {version: 1.0.0}
///   template: {chart: modulebase, sourceRef: {kind: GitRepository, name: charts}}
///   components:
///     - name: web
///       config: {WELCOME: Hello}
/// ");
/// assert!(problems.is_empty());
/// let parsed = parsed.unwrap();
/// assert_eq!(parsed.descriptor.spec.components[0].name, "web");
/// let place = parsed.places.find("spec.components[0].config.WELCOME").unwrap();
/// assert_eq!((place.line, place.column), (9, 25));
/// assert_eq!(&parsed.text[place.start..place.end], "Hello");
/// ```
pub fn parse(file: &str, text: &str) -> (Option<Parsed>, Vec<Problem>) {
    let Documents { descriptors, mut problems } = parse_all(file, text);
    let mut descriptors = descriptors.into_iter();
    let first = descriptors.next();
    for other in descriptors {
        let message = format!("a second descriptor, {}: only the first is taken", other.descriptor.metadata.name);
        problems.push(other.problem(Severity::Warning, "several-descriptors", "metadata.name", message));
    }
    (first, problems)
}

/// Reads all descriptors of a file.
pub fn parse_all(file: &str, text: &str) -> Documents {
    let mut found = Documents::default();
    for (part, origin) in split::documents(text) {
        match tree::read(file, part, origin) {
            Ok(tree) if tree.value.is_null() => found.problems.extend(tree.problems),
            Ok(tree) => document(file, text, tree, &mut found),
            Err(problem) => found.problems.push(problem),
        }
    }
    if found.descriptors.is_empty() && found.problems.is_empty() {
        let place = Place { file: file.to_owned(), line: 1, column: 1 };
        let problem = Problem::new(Severity::Error, "no-descriptor", "there is no HelmChartDescriptor in here", place);
        found.problems.push(problem);
    }
    found
}

fn document(file: &str, text: &str, tree: Tree, found: &mut Documents) {
    let Tree { value, places, problems } = tree;
    found.problems.extend(problems);
    match HelmChartDescriptor::deserialize(&value) {
        Ok(descriptor) => {
            found.descriptors.push(Parsed { file: file.to_owned(), text: text.to_owned(), descriptor, value, places });
        }
        Err(error) => {
            let span = places.nearest("");
            found.problems.push(problem(file, Severity::Error, "form", "", error.to_string(), span));
        }
    }
}
