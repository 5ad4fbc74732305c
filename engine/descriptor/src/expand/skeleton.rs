//! Skeletons: the templates that a chart's files are made from.

use std::sync::OnceLock;

use contract::{Code, Place, Problem, Severity, nearest};
use govalue::sort::sort_by;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::filters;
use crate::types::Layout;

/// Steps that one skeleton may take, and bytes that it may make: more than a module of a thousand components needs.
const FUEL: u64 = 20_000_000;

/// How deep skeletons may nest: each that is included counts ten, each macro four. The native stack carries them, and
/// that of a plugin is small.
const MOST_NESTED: usize = 200;

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

/// The placeholder for a component's name in the path of a skeleton.
pub(super) const COMPONENT: &str = "{component}";

/// A template that a file of the chart is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skeleton {
    /// Its layout and the path in the chart: `releases/templates/NOTES.txt`. With `{component}` in the path, a file
    /// is made for each component. One outside of the layouts' folders makes no file: others include or extend it.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The file that it comes from, for messages.
    pub file: String,
}

/// The folder of a layout's skeletons.
pub(super) fn folder(layout: Layout) -> &'static str {
    match layout {
        Layout::Releases => "releases/",
        Layout::Umbrella => "umbrella/",
    }
}

/// Parsed skeletons.
enum Parsed {
    /// Those that come with this crate: parsed once.
    BuiltIn(&'static Environment<'static>),
    /// With others among them.
    Own(Box<Environment<'static>>),
}

/// The skeletons of one layout, ready to be rendered.
pub(super) struct Skeletons<'s> {
    parsed: Parsed,
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
        let all = || built_in.clone().chain(own.iter().map(|s| (s.path.as_str(), s.text.as_str())));
        let mut paths: Vec<&str> = all().filter_map(|(path, _)| path.strip_prefix(prefix)).collect();
        sort_by(&mut paths, |a, b| a.cmp(b));
        paths.dedup();
        let texts: Vec<(String, String)> = all().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        let mut env = environment();
        // Names what is undefined.
        env.set_debug(true);
        // Those of other folders are parsed when one of this layout asks for them.
        env.set_loader(move |path| Ok(texts.iter().rev().find(|(p, _)| p == path).map(|(_, text)| text.clone())));
        let skeletons = Skeletons { parsed: Parsed::Own(Box::new(env)), paths, prefix, own };
        for path in &skeletons.paths {
            if let Err(error) = skeletons.env().get_template(&skeletons.name(path)) {
                problems.push(skeletons.problem(&error, &skeletons.name(path), &Value::UNDEFINED));
            }
        }
        if problems.is_empty() { Ok(skeletons) } else { Err(problems) }
    }

    /// The paths of the files, sorted.
    pub(super) fn paths(&self) -> &[&'s str] {
        &self.paths
    }

    /// Renders the skeleton of a path.
    ///
    /// # Errors
    /// If it fails, with file and line.
    pub(super) fn render(&self, path: &str, context: &Value) -> Result<String, Box<Problem>> {
        let name = self.name(path);
        let made = self.env().get_template(&name).and_then(|t| t.render(context.clone()));
        made.map_err(|error| Box::new(self.problem(&error, &name, context)))
    }

    fn env(&self) -> &Environment<'static> {
        match &self.parsed {
            Parsed::BuiltIn(env) => env,
            Parsed::Own(env) => env,
        }
    }

    fn name(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// An error in the file that it comes from: the one that was included last, or that `name`.
    fn problem(&self, error: &Error, name: &str, context: &Value) -> Problem {
        let error = innermost(error);
        let mut message = match error.kind() {
            ErrorKind::OutOfFuel => "it needs too many steps".to_owned(),
            kind => error.detail().map_or_else(|| kind.to_string(), str::to_owned),
        };
        let mut cause = std::error::Error::source(error);
        while let Some(e) = cause {
            message = format!("{message}: {e}");
            cause = e.source();
        }
        let path = error.name().unwrap_or(name);
        let file = self.own.iter().find(|s| s.path == path).map_or(path, |s| s.file.as_str());
        let line = error.line().unwrap_or_default() as u32;
        let place = Place { file: file.to_owned(), line, column: 0 };
        let problem = Problem::new(Severity::Error, Code::Skeleton, format!("the skeleton fails: {message}"), place);
        match self.hint(error, &message, context) {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }

    /// What may help against an error.
    fn hint(&self, error: &Error, message: &str, context: &Value) -> Option<String> {
        const DOCS: &str = "the page Expansion of the documentation lists what a skeleton can use";
        Some(match error.kind() {
            ErrorKind::UndefinedError => {
                let name = message.split('`').nth(1).and_then(|path| path.rsplit('.').next());
                match name.and_then(|name| nearest(name, names(context))) {
                    Some(near) => format!("did you mean {near}? {DOCS}"),
                    None => DOCS.to_owned(),
                }
            }
            ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction => DOCS.to_owned(),
            ErrorKind::UnknownMethod => DOCS.to_owned(),
            ErrorKind::SyntaxError => "blocks are <% … %>, values << … >>, comments <# … #>".to_owned(),
            ErrorKind::TemplateNotFound => {
                "the name of a skeleton is its path below the folder of skeletons, such as releases/Chart.yaml"
                    .to_owned()
            }
            _ => return None,
        })
    }
}

/// The error that the others on the way out speak of.
fn innermost(error: &Error) -> &Error {
    let mut at = error;
    while matches!(at.kind(), ErrorKind::BadInclude | ErrorKind::EvalBlock) {
        match std::error::Error::source(at).and_then(|e| e.downcast_ref()) {
            Some(cause) => at = cause,
            None => break,
        }
    }
    at
}

/// All names in a value, those of a list's first item among them.
fn names(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![value.clone()];
    while let Some(value) = open.pop() {
        match value.kind() {
            minijinja::value::ValueKind::Map => {
                for key in value.try_iter().into_iter().flatten() {
                    open.extend(value.get_item(&key));
                    found.extend(key.as_str().map(str::to_owned));
                }
            }
            minijinja::value::ValueKind::Seq => open.extend(value.get_item_by_index(0)),
            _ => {}
        }
    }
    found
}

/// The environment of the built-in skeletons alone.
fn built_in() -> &'static Environment<'static> {
    static PARSED: OnceLock<Environment<'static>> = OnceLock::new();
    PARSED.get_or_init(|| {
        let mut env = environment();
        for (path, text) in BUILT_IN {
            env.add_template(path, text).expect("built-in skeletons parse: a test renders all of them");
        }
        env
    })
}

/// Whether a path stays in the folder that it starts from.
fn stays(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn outside(skeleton: &Skeleton) -> Problem {
    let place = Place { file: skeleton.file.clone(), ..Place::default() };
    let message = format!("the path {:?} of a skeleton leads out of the chart", skeleton.path);
    Problem::new(Severity::Error, Code::SkeletonPath, message, place)
}

/// minijinja with its own filters, tests and functions, our delimiters and filters, and bounds.
fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    let syntax = SyntaxConfig::builder()
        .block_delimiters("<%", "%>")
        .variable_delimiters("<<", ">>")
        .comment_delimiters("<#", "#>")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    env.set_syntax(syntax.expect("these delimiters are distinct and not empty, which is all that is asked of them"));
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(MOST_NESTED);
    filters::add(&mut env);
    env
}
