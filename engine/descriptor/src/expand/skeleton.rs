//! Skeletons: the templates that a chart's files are made from.

use std::sync::OnceLock;

use contract::{Code, Place, Problem, Severity};
use govalue::sort::sort_by;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use serde_json::Value as Json;

use super::Skeleton;
use super::include::{IncludeError, Whole};
use super::jinja::{self, Args, Named, known};
use crate::types::Layout;
use crate::yaml_text;

/// Steps that one skeleton may take: more than a module of a thousand components needs.
const FUEL: u64 = 20_000_000;

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
    /// Where the lines of those with others in them are from.
    wholes: Vec<(&'s str, Whole<'s>)>,
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
            return Ok(Skeletons { parsed: Parsed::BuiltIn(built_in()), paths, prefix, own, wholes: Vec::new() });
        }
        let mut problems: Vec<Problem> = own.iter().filter(|s| !stays(&s.path)).map(outside).collect();
        let built_in = BUILT_IN.iter().copied().filter(|(path, _)| !own.iter().any(|s| s.path == *path));
        let all: Vec<(&str, &str)> = built_in.chain(own.iter().map(|s| (s.path.as_str(), s.text.as_str()))).collect();
        // Other layouts' skeletons may be included.
        let find = |name: &str| all.iter().find(|(path, _)| *path == name).copied();
        let (mut env, mut paths, mut wholes) = (environment(), Vec::new(), Vec::new());
        for (path, text) in all.iter().copied().filter(|(path, _)| path.starts_with(prefix)) {
            let whole = match Whole::new(path, text, &find) {
                Ok(whole) => whole,
                Err(IncludeError { path, line, message }) => {
                    problems.push(at(own, path, line, &message));
                    continue;
                }
            };
            match env.add_template_owned(path, whole.text.clone()) {
                Ok(()) => paths.extend(path.strip_prefix(prefix)),
                Err(e) => problems.push(problem(own, &e, path, Some(&whole))),
            }
            wholes.push((path, whole));
        }
        sort_by(&mut paths, |a, b| a.cmp(b));
        let skeletons = Skeletons { parsed: Parsed::Own(Box::new(env)), paths, prefix, own, wholes };
        if problems.is_empty() { Ok(skeletons) } else { Err(problems) }
    }

    /// The paths of the files, sorted.
    pub(super) fn paths(&self) -> &[&'s str] {
        &self.paths
    }

    /// Renders the skeleton of a path.
    ///
    /// # Errors
    /// Where it fails, with file and line.
    pub(super) fn render(&self, path: &str, context: &Value) -> Result<String, Box<Problem>> {
        let name = format!("{}{path}", self.prefix);
        let template = match &self.parsed {
            Parsed::BuiltIn(env) => env.get_template(&name),
            Parsed::Own(env) => env.get_template(&name),
        };
        template.and_then(|t| t.render(context.clone())).map_err(|e| {
            let whole = self.wholes.iter().find(|(path, _)| *path == name).map(|(_, whole)| whole);
            Box::new(problem(self.own, &e, &name, whole))
        })
    }
}

/// The environment of the built-in skeletons alone.
fn built_in() -> &'static Environment<'static> {
    static PARSED: OnceLock<Environment<'static>> = OnceLock::new();
    PARSED.get_or_init(|| {
        let mut env = environment();
        let find = |name: &str| BUILT_IN.iter().find(|(path, _)| *path == name).copied();
        for (path, text) in BUILT_IN {
            // A test renders all of them.
            let whole = Whole::new(path, text, &find).unwrap_or_default();
            let _ = env.add_template_owned(*path, whole.text);
        }
        env
    })
}

/// An error as a problem in the file of the skeleton.
fn problem(own: &[Skeleton], error: &Error, path: &str, whole: Option<&Whole<'_>>) -> Problem {
    let line = error.line().unwrap_or(0);
    let (path, line) = whole.and_then(|whole| whole.origin(line)).unwrap_or((path, line));
    let mut message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    if error.kind() == ErrorKind::OutOfFuel {
        message = "it takes too many steps".to_owned();
    }
    let mut cause = std::error::Error::source(error);
    while let Some(e) = cause {
        message = format!("{message}: {e}");
        cause = e.source();
    }
    let problem = at(own, path, line, &message);
    match error.kind() {
        ErrorKind::UndefinedError => problem.hint("docs/src/expansion.md lists what a skeleton can use"),
        ErrorKind::SyntaxError => problem.hint("blocks are <% … %>, values << … >>, comments <# … #>"),
        _ => problem,
    }
}

/// A problem at a line of a skeleton.
fn at(own: &[Skeleton], path: &str, line: usize, message: &str) -> Problem {
    let file = own.iter().find(|s| s.path == path).map_or(path, |s| s.file.as_str());
    let place = Place { file: file.to_owned(), line: line as u32, column: 0 };
    Problem::new(Severity::Error, Code::Skeleton, format!("the skeleton fails: {message}"), place)
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

/// An environment with what `docs/src/expansion.md` lists: all that minijinja has would make the engine a tenth larger.
fn environment<'s>() -> Environment<'s> {
    let mut env = Environment::empty();
    let syntax = SyntaxConfig::builder()
        .block_delimiters("<%", "%>")
        .variable_delimiters("<<", ">>")
        .comment_delimiters("<#", "#>")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    // These delimiters are distinct and not empty, which is all that is asked of them.
    if let Ok(syntax) = syntax {
        env.set_syntax(syntax);
    }
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_fuel(Some(FUEL));
    jinja::add(&mut env);
    env
}

/// The filters that `docs/src/expansion.md` calls ours.
pub(super) const FILTERS: &[Named] = &[
    Named::new("block", (1, 1), |args| Ok(yaml_text::block(&plain(args.subject())?).into())),
    Named::new("cell", (1, 1), |args| Ok(cell(&args.text(0)?).into())),
    Named::new("comment", (1, 1), |args| Ok(comment(&args.text(0)?).into())),
    Named::new("go", (1, 1), |args| Ok(go(&args.text(0)?).into())),
    Named::new("indent", (2, 2), indent),
    Named::new("verbatim", (1, 1), |args| Ok(args.text(0)?.replace("{{", "{{ \"{{\" }}").into())),
    Named::new("yaml", (1, 1), |args| Ok(yaml_text::scalar(&plain(args.subject())?).into())),
];

/// `indent`: all lines that are not empty, moved to the right.
fn indent(args: &Args<'_>) -> Result<Value, Error> {
    const MOST: usize = 100;
    let by = args.number(1)?.and_then(|n| usize::try_from(n).ok()).ok_or(ErrorKind::InvalidOperation)?;
    Ok(yaml_text::indent(&args.text(0)?, by.min(MOST)).into())
}

/// A value as YAML has it.
///
/// # Errors
/// It is undefined, or something that YAML has no form for.
fn plain(value: &Value) -> Result<Json, Error> {
    Ok(match known(value)?.kind() {
        ValueKind::None => Json::Null,
        ValueKind::Bool => value.is_true().into(),
        ValueKind::Number => match (i64::try_from(value.clone()), u64::try_from(value.clone())) {
            (Ok(n), _) if value.is_integer() => n.into(),
            (_, Ok(n)) if value.is_integer() => n.into(),
            _ => f64::try_from(value.clone())?.into(),
        },
        ValueKind::Seq | ValueKind::Iterable => {
            Json::Array(value.try_iter()?.map(|item| plain(&item)).collect::<Result<_, _>>()?)
        }
        ValueKind::Map => {
            let entries = value.try_iter()?.map(|key| Ok((key.to_string(), plain(&value.get_item(&key)?)?)));
            Json::Object(entries.collect::<Result<_, Error>>()?)
        }
        _ => Json::String(value.as_str().ok_or(ErrorKind::BadSerialization)?.to_owned()),
    })
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

#[cfg(test)]
mod listing {
    use super::*;

    /// The names between backticks that stand behind a heading in `docs/src/expansion.md`.
    fn listed(heading: &str) -> Vec<&'static str> {
        let docs = include_str!("../../../../docs/src/expansion.md");
        let list =
            docs.split_once(heading).map_or("", |(_, behind)| behind.split_once(". ").map_or("", |(list, _)| list));
        list.split('`').skip(1).step_by(2).collect()
    }

    #[test]
    fn what_the_docs_list_is_there() {
        let env = environment();
        let (filters, tests) = (listed("Filters of Jinja: "), listed("Tests: "));
        assert!(filters.len() > 20 && tests.len() > 16, "{filters:?} {tests:?}");
        let unknown = |text: String| {
            let rendered = env.render_str(&text, minijinja::context! { x => vec!["a"] });
            rendered.err().map(|e| e.kind()).filter(|k| matches!(k, ErrorKind::UnknownFilter | ErrorKind::UnknownTest))
        };
        for filter in filters {
            assert_eq!(unknown(format!("<< x | {filter} >>")), None, "{filter}");
        }
        for test in tests {
            assert_eq!(unknown(format!("<< x is {test} >>")), None, "{test}");
        }
        assert_eq!(unknown("<< x | nothing >>".into()), Some(ErrorKind::UnknownFilter));
    }
}
