//! Folders with manifests.

use std::path::Path;

use chartwright_sources::go_words::go_words;
use contract::{Code, Place, Problem, Severity, TextFile};

use crate::files::Files;

/// The most files of a folder that are read.
const MAX_FILES: usize = 10_000;

/// The YAML files of a folder and those below it, by name.
///
/// # Errors
/// If one cannot be read, is not UTF-8, or there are too many.
pub fn yaml_files(folder: &Path, files: &Files) -> Result<Vec<TextFile>, String> {
    let mut found = Vec::new();
    add_folder(folder, files, &mut found)?;
    Ok(found)
}

fn add_folder(folder: &Path, files: &Files, found: &mut Vec<TextFile>) -> Result<(), String> {
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
            add_folder(&path, files, found)?;
        } else if kind.is_file() && is_yaml {
            if found.len() == MAX_FILES {
                return Err(format!("{}: more than {MAX_FILES} files", folder.display()));
            }
            found.push(files.text(&path.to_string_lossy())?);
        }
    }
    Ok(())
}

/// The files of a folder that Flux would apply: all YAML files, or those that its `kustomization.yaml` names; and what
/// that says and is not followed.
///
/// # Errors
/// As [`yaml_files`].
pub fn applied(folder: &Path, files: &Files) -> Result<(Vec<TextFile>, Vec<Problem>), String> {
    let files = yaml_files(folder, files)?;
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
