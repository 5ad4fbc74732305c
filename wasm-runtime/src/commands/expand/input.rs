//! Descriptors, skeletons and base charts, from files.

use std::cell::RefCell;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use chartwright_host::plugin::PluginHost;
use contract::{Code, Place, Problem, Severity, TextFile};
use descriptor::Parsed;
use descriptor::expand::{Expanded, Options, Skeleton};
use descriptor::types::Template;
use flux::{Charts, FetchError};

use crate::commands::problems::{self, ErrorFormat};
use crate::engine::{EngineArgs, Most, calls};
use chartwright_host::go_words::go_words;
use chartwright_host::sources::SourceArgs;

/// How large a descriptor or skeleton may be.
const MOST_BYTES: u64 = 5 << 20;
/// How deep folders of skeletons may nest.
const MOST_FOLDERS: usize = 16;

/// Why a command stops.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The input is wrong.
    Problems(Vec<Problem>),
    /// The command line is wrong.
    Usage(String),
    /// A source could not be reached.
    Unreachable(Vec<Problem>),
    /// A file cannot be read or written.
    File(String),
}

impl Stop {
    /// Says why, and with which code the program ends.
    pub(crate) fn print(self, format: ErrorFormat) -> ExitCode {
        let alone = |code: Code, message: String| vec![Problem::new(Severity::Error, code, message, Place::default())];
        let (list, code) = match self {
            Stop::Problems(list) => (list, 1),
            Stop::File(message) => (alone(Code::File, message), 1),
            Stop::Usage(message) => (alone(Code::Usage, message), 2),
            Stop::Unreachable(list) => (list, 3),
        };
        problems::print(&list, format);
        ExitCode::from(code)
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Stop {
        Stop::File(format!("{}: {}", path.display(), go_words(error)))
    }
}

/// Reads the descriptor of a file.
///
/// # Errors
/// Where it cannot be read, or is wrong.
pub(crate) fn read(path: &str) -> Result<Parsed, Stop> {
    let (name, text) = match path {
        "-" => ("stdin", limited(std::io::stdin().lock()).map_err(|e| Stop::file("stdin".as_ref(), &e))?),
        path => (path, text(path.as_ref())?),
    };
    match descriptor::read::parse(name, &text) {
        (Some(parsed), list) if list.iter().all(|p| p.severity == Severity::Warning) => Ok(parsed),
        (_, list) => Err(Stop::Problems(list)),
    }
}

fn text(path: &Path) -> Result<String, Stop> {
    fs::File::open(path).and_then(limited).map_err(|e| Stop::file(path, &e))
}

fn limited(from: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    from.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_BYTES {
        let message = format!("more than {MOST_BYTES} bytes");
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, message));
    }
    Ok(text)
}

/// Reads a folder of skeletons.
///
/// # Errors
/// Where it cannot be read, or has none.
pub(crate) fn skeletons(folder: &Path) -> Result<Vec<Skeleton>, Stop> {
    let mut found = Vec::new();
    walk(folder, "", MOST_FOLDERS, &mut found)?;
    if !found.iter().any(|s| s.path.starts_with("releases/") || s.path.starts_with("umbrella/")) {
        let folder = folder.display();
        return Err(Stop::Usage(format!("{folder} has no skeletons: they are in its folders releases and umbrella")));
    }
    Ok(found)
}

fn walk(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<Skeleton>) -> Result<(), Stop> {
    if depth == 0 {
        return Err(Stop::File(format!("{}: folders are nested too deeply", folder.display())));
    }
    let entries = fs::read_dir(folder).map_err(|e| Stop::file(folder, &e))?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(|e| Stop::file(folder, &e))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let file = entry.path();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if file.is_dir() {
            walk(&file, &format!("{path}/"), depth - 1, found)?;
        } else {
            found.push(Skeleton { path, text: text(&file)?, file: file.display().to_string() });
        }
    }
    Ok(())
}

/// Expands a descriptor with the base charts of the sources; `file` is where it was read.
///
/// # Errors
/// Where a flag or the descriptor is wrong, or a source cannot be reached.
pub(crate) fn expand(
    parsed: &Parsed,
    file: &str,
    sources: &SourceArgs,
    skeletons: Vec<Skeleton>,
) -> Result<Expanded, Stop> {
    expand_with(None, parsed, file, sources, skeletons)
}

/// The same, with the engine that the flags name.
///
/// # Errors
/// As [`expand`], and where there is no such engine.
pub(crate) fn expand_in(
    engine: &EngineArgs,
    parsed: &Parsed,
    file: &str,
    sources: &SourceArgs,
    skeletons: Vec<Skeleton>,
) -> Result<Expanded, Stop> {
    let plugin = engine.open(Most::default()).map_err(|e| Stop::Usage(e.to_string()))?;
    expand_with(plugin.as_ref(), parsed, file, sources, skeletons)
}

fn expand_with(
    plugin: Option<&PluginHost>,
    parsed: &Parsed,
    file: &str,
    sources: &SourceArgs,
    skeletons: Vec<Skeleton>,
) -> Result<Expanded, Stop> {
    let path = (file != "-").then(|| Path::new(file));
    let sources = sources.open(path).map_err(|e| Stop::Usage(e.to_string()))?;
    let failed: RefCell<Vec<(Template, FetchError)>> = RefCell::default();
    let namespace = parsed.descriptor.target_namespace();
    let base = |template: &Template| match sources.chart(&template.wanted(namespace)) {
        Ok(fetched) => Some(fetched.chart),
        // That is for expansion to judge.
        Err(FetchError::Unknown) => None,
        Err(error) => {
            failed.borrow_mut().push((template.clone(), error));
            None
        }
    };
    let result = match plugin {
        None => descriptor::expand::expand(parsed, &base, &Options { skeletons, ..Options::default() }),
        Some(plugin) => {
            let file = TextFile { name: parsed.file.clone(), text: parsed.text.clone() };
            let spec = &parsed.descriptor.spec;
            let templates = spec.template.iter().chain(spec.components.iter().filter_map(|c| c.template.as_ref()));
            let templates: Vec<_> = templates.map(|t| (t.clone(), t.wanted(namespace))).collect();
            let mut fail = |template: &Template, error| failed.borrow_mut().push((template.clone(), error));
            calls::expand(plugin, file, &templates, &sources, skeletons, &mut fail)
        }
    };
    problems::print_warnings(sources.take_warnings());
    let failed = failed.into_inner();
    if failed.is_empty() {
        sources.save_lock().map_err(|e| Stop::Usage(e.to_string()))?;
        return result.map_err(Stop::Problems);
    }
    let list = failed.iter().map(|(template, error)| problem(parsed, template, error)).collect();
    let unreachable = failed.iter().any(|(_, e)| matches!(e, FetchError::Unreachable(_)));
    Err(if unreachable { Stop::Unreachable(list) } else { Stop::Problems(list) })
}

/// A chart that did not come, at the place of its template.
fn problem(parsed: &Parsed, template: &Template, error: &FetchError) -> Problem {
    let spec = &parsed.descriptor.spec;
    let own = spec.components.iter().position(|c| c.template.as_ref() == Some(template));
    let path = own.map_or("spec.template".to_owned(), |i| format!("spec.components[{i}].template"));
    let (chart, source) = (&template.chart, &template.source_ref);
    let message = format!("the base chart {chart} of {} {}: {error}", source.kind.name(), source.name);
    parsed.problem(Severity::Error, error.code(), &format!("{path}.chart"), message)
}
