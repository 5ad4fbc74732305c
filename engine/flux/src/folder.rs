//! The files of a folder that Flux's Kustomization would apply.

use std::collections::BTreeSet;

use govalue::Value;
use goyaml::yaml::from_yaml;

/// A `kustomization.yaml` that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderProblem {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub message: String,
}

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The fields of a kustomization that change nothing here.
const PLAIN: [&str; 4] = ["apiVersion", "kind", "metadata", "resources"];

/// The files of a folder whose objects are applied, in order: those that
/// `kustomization.yaml` names under `resources`, folders with one of their own
/// among them; without one, all YAML files, sorted by path.
///
/// `files` are paths below the folder, with `/`, and contents. What a
/// kustomization says beyond `resources` is not done, and noted.
///
/// ```
/// let files = [("kustomization.yaml", &b"resources: [b.yaml, sub]"[..]), ("a.yaml", b""), ("b.yaml", b""), ("sub/c.yaml", b"")];
/// let (found, problems) = flux::applied_files(&files);
/// assert_eq!((found, problems.len()), (vec!["b.yaml", "sub/c.yaml"], 0));
/// ```
pub fn applied_files<'f>(files: &[(&'f str, &[u8])]) -> (Vec<&'f str>, Vec<FolderProblem>) {
    let mut walk = Walk { files, found: Vec::new(), seen: BTreeSet::new(), problems: Vec::new() };
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        folders.extend(walk.folder(&folder).into_iter().rev());
    }
    (walk.found, walk.problems)
}

struct Walk<'a, 'f> {
    files: &'a [(&'f str, &'a [u8])],
    found: Vec<&'f str>,
    seen: BTreeSet<String>,
    problems: Vec<FolderProblem>,
}

impl Walk<'_, '_> {
    /// Takes the files of a folder; gives the folders that it names.
    fn folder(&mut self, folder: &str) -> Vec<String> {
        if !self.seen.insert(folder.to_owned()) {
            return Vec::new();
        }
        let own = |path: &str| path.strip_prefix(folder).is_some_and(|name| NAMES.contains(&name));
        let Some((path, text)) = self.files.iter().find(|(path, _)| own(path)) else {
            let mut all: Vec<&str> = self.files.iter().map(|(path, _)| *path).collect();
            all.retain(|path| path.starts_with(folder) && [".yaml", ".yml"].iter().any(|end| path.ends_with(end)));
            all.sort_unstable();
            self.found.extend(all);
            return Vec::new();
        };
        let (path, text) = (*path, *text);
        let mut problem = |message: String| self.problems.push(FolderProblem { file: path.to_owned(), message });
        let map = match from_yaml(text) {
            Ok(Value::Map(map)) => map,
            Ok(_) => {
                problem("expected a kustomization".into());
                return Vec::new();
            }
            Err(error) => {
                problem(error.message().to_owned());
                return Vec::new();
            }
        };
        for key in map.keys() {
            if !PLAIN.iter().any(|plain| key == *plain) {
                problem(format!("{key} is not applied"));
            }
        }
        let Some(Value::List(resources)) = map.get("resources") else { return Vec::new() };
        let mut folders = Vec::new();
        for resource in resources.iter() {
            let Value::Str(name) = resource else { continue };
            let target = joined(folder, &name.to_str_lossy());
            if let Some((file, _)) = self.files.iter().find(|(path, _)| *path == target) {
                self.found.push(file);
            } else if self.files.iter().any(|(path, _)| path.starts_with(&format!("{target}/"))) {
                folders.push(format!("{target}/"));
            } else {
                let message = format!("{name} is not in the folder");
                self.problems.push(FolderProblem { file: path.to_owned(), message });
            }
        }
        folders
    }
}

/// A path below a folder, without `.` and `..`.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kustomizations_are_followed_and_what_they_do_more_is_noted() {
        let files: [(&str, &[u8]); 6] = [
            ("kustomization.yaml", b"{resources: [../x/a.yaml, sub, none.yaml], namePrefix: p}"),
            ("x/a.yaml", b""),
            ("sub/kustomization.yml", b"resources: [c.yaml, .]"),
            ("sub/c.yaml", b""),
            ("sub/d.yaml", b""),
            ("readme.md", b""),
        ];
        let (found, problems) = applied_files(&files);
        assert_eq!(found, ["x/a.yaml", "sub/c.yaml"]);
        let problems: Vec<_> = problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(problems, ["namePrefix is not applied", "none.yaml is not in the folder"]);
        assert_eq!(applied_files(&[("b.yml", b""), ("a.yaml", b""), ("c.txt", b"")]).0, ["a.yaml", "b.yml"]);
    }
}
