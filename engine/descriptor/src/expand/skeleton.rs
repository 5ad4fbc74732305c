//! Skeletons: the templates that a chart's files are made from.

use std::sync::OnceLock;

use contract::{Place, Problem, Severity};
use govalue::sort::sort_by;
use serde_json::Value;
use skeleton::{Environment, Error, ErrorKind, Filter};

use super::Skeleton;
use crate::types::Layout;
use crate::yaml_text;

macro_rules! built_in {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../skeletons/", $path)))),*]
    };
}

/// The skeletons that come with this crate, by their path.
pub const BUILT_IN: &[(&str, &str)] = built_in![
    "releases/.helmignore",
    "releases/Chart.yaml",
    "releases/README.md",
    "releases/templates/NOTES.txt",
    "releases/templates/_helpers.tpl",
    "releases/templates/{component}.yaml",
    "releases/values.yaml",
    "umbrella/.helmignore",
    "umbrella/Chart.yaml",
    "umbrella/README.md",
    "umbrella/templates/NOTES.txt",
    "umbrella/templates/_helpers.tpl",
    "umbrella/values.yaml",
];

/// What stands for a component's name in the path of a skeleton.
pub(super) const COMPONENT: &str = "{component}";

/// The folder of a layout's skeletons.
pub(super) fn folder(layout: Layout) -> &'static str {
    match layout {
        Layout::Releases => "releases/",
        Layout::Umbrella => "umbrella/",
    }
}

/// Parsed skeletons.
enum Parsed<'s> {
    /// Those that come with this crate: parsed once.
    BuiltIn(&'static Environment<'static>),
    /// With others among them.
    Own(Box<Environment<'s>>),
}

/// The skeletons of one layout, ready to be rendered.
pub(super) struct Skeletons<'s> {
    parsed: Parsed<'s>,
    /// Paths in the chart, sorted.
    paths: Vec<&'s str>,
    prefix: &'static str,
    own: &'s [Skeleton],
}

impl<'s> Skeletons<'s> {
    /// Parses the skeletons of a layout: the built-in ones, and those that replace them or come on top.
    ///
    /// # Errors
    /// All that do not parse.
    pub(super) fn new(layout: Layout, own: &'s [Skeleton]) -> Result<Skeletons<'s>, Vec<Problem>> {
        let prefix = folder(layout);
        if own.is_empty() {
            let paths = BUILT_IN.iter().filter_map(|(path, _)| path.strip_prefix(prefix)).collect();
            return Ok(Skeletons { parsed: Parsed::BuiltIn(built_in()), paths, prefix, own });
        }
        let mut problems: Vec<Problem> = own.iter().filter(|s| !stays(&s.path)).map(outside).collect();
        let built_in = BUILT_IN.iter().copied().filter(|(path, _)| !own.iter().any(|s| s.path == *path));
        let (mut env, mut paths) = (Environment::new(FILTERS), Vec::new());
        for (path, text) in built_in.chain(own.iter().map(|s| (s.path.as_str(), s.text.as_str()))) {
            // Other layouts' skeletons may be included.
            match env.add(path, text) {
                Ok(()) => paths.extend(path.strip_prefix(prefix)),
                Err(e) if path.starts_with(prefix) => problems.push(problem(own, &e, path)),
                Err(_) => {}
            }
        }
        sort_by(&mut paths, |a, b| a.cmp(b));
        let skeletons = Skeletons { parsed: Parsed::Own(Box::new(env)), paths, prefix, own };
        if problems.is_empty() { Ok(skeletons) } else { Err(problems) }
    }

    /// The paths of the files, sorted.
    pub(super) fn paths(&self) -> &[&'s str] {
        &self.paths
    }

    /// Renders the skeleton of a path with these names.
    ///
    /// # Errors
    /// Where it fails, with file and line.
    pub(super) fn render(&self, path: &str, names: &[(&str, &Value)]) -> Result<String, Box<Problem>> {
        let name = format!("{}{path}", self.prefix);
        let rendered = match &self.parsed {
            Parsed::BuiltIn(env) => env.render(&name, names),
            Parsed::Own(env) => env.render(&name, names),
        };
        rendered.map_err(|e| Box::new(problem(self.own, &e, &name)))
    }
}

/// The environment of the built-in skeletons alone.
fn built_in() -> &'static Environment<'static> {
    static PARSED: OnceLock<Environment<'static>> = OnceLock::new();
    PARSED.get_or_init(|| {
        let mut env = Environment::new(FILTERS);
        for (path, text) in BUILT_IN {
            // A test renders all of them.
            let _ = env.add(path, text);
        }
        env
    })
}

/// An error as a problem in the file of the skeleton.
fn problem(own: &[Skeleton], error: &Error, path: &str) -> Problem {
    let name = if error.template.is_empty() { path } else { &error.template };
    let file = own.iter().find(|s| s.path == name).map_or(name, |s| s.file.as_str());
    let place = Place { file: file.to_owned(), line: error.line, column: 0 };
    let problem = Problem::new(Severity::Error, "skeleton", format!("the skeleton fails: {error}"), place);
    match error.kind {
        ErrorKind::Undefined | ErrorKind::Operation => problem.hint("docs/expansion.md lists what a skeleton can use"),
        ErrorKind::Syntax => problem.hint("blocks are <% … %>, values << … >>, comments <# … #>"),
        _ => problem,
    }
}

/// Whether a path stays in the folder that it starts from.
fn stays(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn outside(skeleton: &Skeleton) -> Problem {
    let place = Place { file: skeleton.file.clone(), ..Place::default() };
    let message = format!("the path {:?} of a skeleton leads out of the chart", skeleton.path);
    Problem::new(Severity::Error, "skeleton-path", message, place)
}

/// The filters that are made for charts.
const FILTERS: &[(&str, Filter)] = &[
    ("yaml", |value, _| Ok(yaml_text::scalar(value))),
    ("block", |value, _| Ok(yaml_text::block(value))),
    ("indent", |value, arguments| {
        let by = arguments.first().and_then(Value::as_u64).ok_or("indent wants a number of spaces")?;
        Ok(yaml_text::indent(text(value)?, by.min(100) as usize))
    }),
    ("verbatim", |value, _| Ok(text(value)?.replace("{{", "{{ \"{{\" }}"))),
    ("go", |value, _| Ok(go(text(value)?))),
    ("comment", |value, _| Ok(comment(text(value)?))),
    ("cell", |value, _| Ok(cell(text(value)?))),
];

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "the filter is for strings".to_owned())
}

/// `go`: a string of Go's templates.
fn go(text: &str) -> String {
    govalue::strconv::quote(text.as_bytes())
}

/// `comment`: a text as comment lines of YAML.
fn comment(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|l| format!("# {l}").trim_end().to_owned()).collect();
    lines.join("\n")
}

/// `cell`: a text in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
