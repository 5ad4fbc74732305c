//! Files that commands read.

use std::path::Path;

use chartwright_host::go_words::go_words;
use contract::{Code, Place, Problem, Severity, TextFile};

use crate::world;

/// The most files of a folder that are read.
const MAX_FILES: usize = 10_000;

/// The YAML files of a folder and those below it, by name.
pub(crate) fn add_folder(folder: &Path, files: &mut Vec<TextFile>) -> Result<(), String> {
    let failure = |e: std::io::Error| format!("{}: {}", folder.display(), go_words(&e));
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failure)? {
        entries.push(entry.map_err(failure)?.path());
    }
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        // Links are not followed: they may lead out of the folder, or round in it.
        let Ok(kind) = std::fs::symlink_metadata(&path).map(|m| m.file_type()) else { continue };
        if hidden || kind.is_symlink() {
            continue;
        }
        let is_yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml") || path.ends_with("Kustomization");
        if kind.is_dir() {
            add_folder(&path, files)?;
        } else if kind.is_file() && is_yaml {
            if files.len() == MAX_FILES {
                return Err(format!("{}: more than {MAX_FILES} files", folder.display()));
            }
            files.push(text_file(&path.to_string_lossy())?);
        }
    }
    Ok(())
}

/// The files of a folder that Flux would apply: all YAML files, or those that its `kustomization.yaml` names; and what
/// that says and is not followed.
pub(crate) fn applied(folder: &Path) -> Result<(Vec<TextFile>, Vec<Problem>), String> {
    let mut files = Vec::new();
    add_folder(folder, &mut files)?;
    let paths: Vec<String> = files.iter().map(|file| below(folder, &file.name)).collect();
    let pairs: Vec<(&str, &[u8])> =
        paths.iter().zip(&files).map(|(path, file)| (path.as_str(), file.text.as_bytes())).collect();
    let (found, problems) = flux::applied_files(&pairs);
    let name = |path: &str| folder.join(path).to_string_lossy().into_owned();
    let problem = |problem: flux::FolderProblem| {
        let severity = match problem.severity {
            flux::Severity::Error => Severity::Error,
            flux::Severity::Warning => Severity::Warning,
        };
        let place = Place { file: name(&problem.file), ..Place::default() };
        Problem::new(severity, Code::Kustomization, problem.message, place)
    };
    let problems = problems.into_iter().map(problem).collect();
    let order: Vec<usize> = found.iter().filter_map(|path| paths.iter().position(|p| p == path)).collect();
    let applied = order.into_iter().filter_map(|at| files.get(at).cloned()).collect();
    Ok((applied, problems))
}

/// A path below a folder, with `/`.
fn below(folder: &Path, path: &str) -> String {
    let path = Path::new(path);
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Reads a file; `-` is standard input.
pub(crate) fn text_file(path: &str) -> Result<TextFile, String> {
    let bytes = world::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8"))?;
    let name = if path == "-" { "stdin" } else { path };
    Ok(TextFile { name: name.to_owned(), text })
}
