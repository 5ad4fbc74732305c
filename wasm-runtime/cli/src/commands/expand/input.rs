//! Descriptors, skeletons and base charts, from files.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chartwright::{File, LoadedChart};
use chartwright_host::{Files, Host};
use chartwright_sources::go_words::go_words;
use contract::{
    API_VERSION, Budget, Code, Engine, ExpandInput, ExpandOutput, ExpandWant, FileGiven, Place, Problem, Severity,
    TextFile,
};
use descriptor::Parsed;
use descriptor::expand::Expanded;

use crate::commands::problems::{self, ErrorFormat};
use crate::engine::native;
use crate::source_args::SourceArgs;

/// Limit on the size of a descriptor or skeleton.
const MOST_BYTES: u64 = 5 << 20;
/// Limit on nested folders of skeletons.
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
    /// Prints the reason, and returns the exit code.
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

/// Reads the descriptor of a file; standard input for `-`.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn read(path: &str) -> Result<TextFile, Stop> {
    let (name, text) = match path {
        "-" => ("stdin", limited(std::io::stdin().lock()).map_err(|e| Stop::file("stdin".as_ref(), &e))?),
        path => (path, text(path.as_ref())?),
    };
    Ok(TextFile { name: name.to_owned(), text })
}

/// Parses a descriptor, for commands that need its fields.
///
/// # Errors
/// If the descriptor is wrong.
pub(crate) fn parse(file: &TextFile) -> Result<Parsed, Stop> {
    match descriptor::read::parse(&file.name, &file.text) {
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

/// Skeletons of a folder.
#[derive(Default)]
pub(crate) struct Skeletons {
    files: Vec<TextFile>,
    folder: Option<String>,
}

/// Reads a folder of skeletons.
///
/// # Errors
/// If it cannot be read, or has none.
pub(crate) fn skeletons(folder: &Path) -> Result<Skeletons, Stop> {
    let mut found = Vec::new();
    walk(folder, "", MOST_FOLDERS, &mut found)?;
    if !found.iter().any(|s| s.name.starts_with("releases/") || s.name.starts_with("umbrella/")) {
        let folder = folder.display();
        return Err(Stop::Usage(format!("{folder} has no skeletons: put them into its folders releases and umbrella")));
    }
    Ok(Skeletons { files: found, folder: Some(folder.display().to_string()) })
}

fn walk(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<TextFile>) -> Result<(), Stop> {
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
            found.push(TextFile { name: path, text: text(&file)? });
        }
    }
    Ok(())
}

/// Expands a descriptor with the base charts of the sources; `file` is where it was read.
///
/// # Errors
/// If a flag or the descriptor is wrong, or a source cannot be reached.
pub(crate) fn expand(
    engine: &dyn Engine,
    descriptor: &TextFile,
    sources: &SourceArgs,
    skeletons: Skeletons,
    want: ExpandWant,
) -> Result<ExpandOutput, Stop> {
    let path = (descriptor.name != "stdin").then(|| Path::new(&descriptor.name));
    let files = Files::new(sources.offline);
    let sources = sources.open(path, &files).map_err(|e| Stop::Usage(e.to_string()))?;
    let host = Host { engine, charts: &sources, budget: &Budget::default(), progress: &() };
    let input = ExpandInput {
        api_version: API_VERSION.to_owned(),
        descriptor: descriptor.clone(),
        charts: Vec::new(),
        skeletons: skeletons.files,
        skeleton_folder: skeletons.folder,
        want,
    };
    let output = host.expand(input);
    problems::print_warnings(sources.take_warnings());
    let output = output.map_err(|failure| {
        let place = Place { file: descriptor.name.clone(), ..Place::default() };
        Stop::Problems(vec![Problem::new(Severity::Error, failure.kind.into(), failure.message, place)])
    })?;
    if output.problems.iter().any(|p| p.code == Code::SourceUnreachable) {
        return Err(Stop::Unreachable(output.problems));
    }
    if output.problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(Stop::Problems(output.problems));
    }
    sources.save_lock().map_err(|e| Stop::Usage(e.to_string()))?;
    Ok(output)
}

/// Expands a descriptor and loads the chart, for exports.
///
/// # Errors
/// As [`expand`].
pub(crate) fn expanded(descriptor: &TextFile, sources: &SourceArgs, skeletons: Skeletons) -> Result<Expanded, Stop> {
    let want = ExpandWant { archive: false, files: true };
    let output = expand(&*native(), descriptor, sources, skeletons, want)?;
    let files: Vec<File> = files(output.chart_files);
    let chart = LoadedChart::from_folder(&output.name, files.clone()).map_err(|e| Stop::File(e.to_string()))?;
    let chart = Arc::clone(chart.chart());
    Ok(Expanded { name: output.name, version: output.version, files, chart, warnings: output.problems })
}

/// Converts files of the contract into files of a chart.
pub(crate) fn files(given: Vec<FileGiven>) -> Vec<File> {
    given.into_iter().map(|f| File { name: f.path.as_str().into(), data: f.data.0.into() }).collect()
}
