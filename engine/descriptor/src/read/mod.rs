//! Files to descriptors, and all that is wrong with their form at once.

mod form;
mod split;
mod tree;

use std::sync::OnceLock;

use contract::{Code, Place, Problem, Severity, nearest};
use serde::Deserialize;
use serde_json::Value;

use crate::places::{Places, Span};
use crate::types::{API_VERSION, DescriptorSource, GROUP, HelmChartDescriptor, KIND, SOURCE_KIND};

use form::Form;
use tree::Tree;
pub use tree::{yaml_line, yaml_message};

/// A descriptor and where its fields are.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The file, as the host names it.
    pub file: String,
    /// The whole text of the file: what the offsets of [`Places`] point into.
    pub text: String,
    /// The descriptor.
    pub descriptor: HelmChartDescriptor,
    /// The document as it was read, in the order of the text, and mended: without unknown fields and nulls of known
    /// ones, with the `holes` filled.
    pub value: Value,
    /// Where the fields are.
    pub places: Places,
    /// Paths of fields that were missing or of the wrong type, and of which the descriptor has the least value that
    /// fits. Each of them was reported as an error: where there is one, the descriptor is good for finding out more
    /// about it, and for nothing else.
    pub holes: Vec<String>,
}

/// A [`DescriptorSource`] and where its fields are.
#[derive(Clone, Debug)]
pub struct ParsedSource {
    /// The file, as the host names it.
    pub file: String,
    /// The whole text of the file.
    pub text: String,
    /// The source.
    pub source: DescriptorSource,
    /// Where the fields are.
    pub places: Places,
    /// As [`Parsed::holes`].
    pub holes: Vec<String>,
}

/// What a file has in it.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// Its descriptors, in the order of the text.
    pub descriptors: Vec<Parsed>,
    /// Its sources of descriptors.
    pub sources: Vec<ParsedSource>,
    /// What is wrong, and what was left out.
    pub problems: Vec<Problem>,
}

impl Parsed {
    /// Whether a field, or what is around it, was made up.
    pub fn is_hole(&self, path: &str) -> bool {
        self.holes.iter().any(|hole| {
            path.strip_prefix(hole.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    /// A problem at a path: at its key, else at the nearest field around that is there.
    pub fn problem(&self, severity: Severity, code: Code, path: &str, message: impl Into<String>) -> Problem {
        problem(&self.file, severity, code, path, message, self.places.nearest(path))
    }

    /// A problem at the value of a path.
    pub fn problem_at_value(&self, severity: Severity, code: Code, path: &str, message: impl Into<String>) -> Problem {
        let span = self.places.find(path).unwrap_or_else(|| self.places.nearest(path));
        problem(&self.file, severity, code, path, message, span)
    }
}

fn problem(file: &str, severity: Severity, code: Code, path: &str, message: impl Into<String>, span: Span) -> Problem {
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
    let Documents { descriptors, sources, mut problems } = parse_all(file, text);
    for other in sources {
        let message = format!("this is a {SOURCE_KIND}: it is left out");
        let span = other.places.nearest("kind");
        problems.push(problem(file, Severity::Warning, Code::OtherKind, "kind", message, span));
    }
    let mut descriptors = descriptors.into_iter();
    let first = descriptors.next();
    for other in descriptors {
        let message = format!("a second descriptor, {}: only the first is taken", other.descriptor.metadata.name);
        problems.push(other.problem(Severity::Warning, Code::SeveralDescriptors, "metadata.name", message));
    }
    (first, problems)
}

/// Reads all documents of a file: descriptors, their sources, and what was left out.
pub fn parse_all(file: &str, text: &str) -> Documents {
    let mut found = Documents::default();
    let parts = split::documents(text);
    for (part, origin) in parts {
        match tree::read(file, part, origin) {
            Ok(tree) if tree.value.is_null() => found.problems.extend(tree.problems),
            Ok(tree) => document(file, text, tree, &mut found),
            Err(problem) => found.problems.push(problem),
        }
    }
    govalue::sort::sort_by(&mut found.problems, |a, b| a.place.cmp(&b.place));
    let nothing = found.descriptors.is_empty() && found.sources.is_empty();
    if nothing && !found.problems.iter().any(|p| p.severity == Severity::Error) {
        let place = Place { file: file.to_owned(), line: 1, column: 1 };
        let problem = Problem::new(Severity::Error, Code::NoDescriptor, "the file has no HelmChartDescriptor", place);
        found.problems.push(problem.hint(format!("one starts with `apiVersion: {API_VERSION}`, `kind: {KIND}`")));
    }
    found
}

/// What kind of document it is.
enum Kind {
    Descriptor,
    Source,
    Other(String),
}

/// Goes by the kind; a misspelt one or none at all is taken for a descriptor if the rest looks like one.
fn kind_of(value: &Value) -> Kind {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let (kind, api_version) = (text("kind"), text("apiVersion"));
    let ours = api_version.split('/').next() == Some(GROUP) || value.get("apiVersion").is_none();
    match kind {
        KIND => Kind::Descriptor,
        SOURCE_KIND if ours => Kind::Source,
        "" if ours => Kind::Descriptor,
        _ if ours || nearest(kind, [KIND]).is_some() => Kind::Descriptor,
        "" => Kind::Other(api_version.to_owned()),
        _ => Kind::Other(kind.to_owned()),
    }
}

fn document(file: &str, text: &str, tree: Tree, found: &mut Documents) {
    let Tree { mut value, places, problems } = tree;
    found.problems.extend(problems);
    let root = places.nearest("");
    if !value.is_object() {
        let message = "a descriptor is a mapping of apiVersion, kind, metadata and spec";
        found.problems.push(problem(file, Severity::Error, Code::WrongType, "", message, root));
        return;
    }
    let kind = kind_of(&value);
    let schema = match &kind {
        Kind::Descriptor => descriptor_form(),
        Kind::Source => source_form(),
        Kind::Other(name) => {
            let message = format!("this is a {name}: it is left out");
            found.problems.push(problem(
                file,
                Severity::Warning,
                Code::OtherKind,
                "kind",
                message,
                places.nearest("kind"),
            ));
            return;
        }
    };
    let mut form = Form { file, text, places: &places, problems: Vec::new(), holes: Vec::new() };
    form.mend(&mut value, schema, "");
    let Form { problems, holes, .. } = form;
    found.problems.extend(problems);
    let (file, text) = (file.to_owned(), text.to_owned());
    let filled = match kind {
        Kind::Source => DescriptorSource::deserialize(&value)
            .map(|source| found.sources.push(ParsedSource { file: file.clone(), text, source, places, holes })),
        _ => HelmChartDescriptor::deserialize(&value).map(|descriptor| {
            found.descriptors.push(Parsed { file: file.clone(), text, descriptor, value, places, holes });
        }),
    };
    if let Err(unfit) = filled {
        found.problems.push(problem(&file, Severity::Error, Code::Form, "", unfit.to_string(), root));
    }
}

/// The JSON Schema of [`HelmChartDescriptor`], as a text: for editors and pages.
pub const DESCRIPTOR_SCHEMA: &str = include_str!("../../schema/helmchartdescriptor.schema.json");

/// The JSON Schema of [`DescriptorSource`], as a text.
pub const SOURCE_SCHEMA: &str = include_str!("../../schema/descriptorsource.schema.json");

/// What of the schemas reading goes by.
const DESCRIPTOR_FORM: &str = include_str!("../../schema/helmchartdescriptor.form.json");
const SOURCE_FORM: &str = include_str!("../../schema/descriptorsource.form.json");

fn descriptor_form() -> &'static Value {
    static FORM: OnceLock<Value> = OnceLock::new();
    FORM.get_or_init(|| form(DESCRIPTOR_FORM))
}

fn form(text: &str) -> Value {
    serde_json::from_slice(text.as_bytes()).expect("the generated forms are JSON")
}

fn source_form() -> &'static Value {
    static FORM: OnceLock<Value> = OnceLock::new();
    FORM.get_or_init(|| form(SOURCE_FORM))
}

#[cfg(test)]
mod tests;
