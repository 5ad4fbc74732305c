//! The files of a folder that Flux's Kustomization would apply.

use govalue::sort::sort_by;
use govalue::{Index, Value};
use goyaml::yaml::from_yaml;

use crate::fields::Severity;

/// Something in a `kustomization.yaml` that is not followed, or cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderProblem {
    /// An error where Flux would apply nothing, a warning where it would do more than we do.
    pub severity: Severity,
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
/// among them; without one, all YAML files, sorted by path, and for folders
/// among them that have one, what that names.
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
    let mut walk = Walk { files, found: Vec::new(), seen: Index::default(), problems: Vec::new() };
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        folders.extend(walk.folder(&folder).into_iter().rev());
    }
    (walk.found, walk.problems)
}

struct Walk<'a, 'f> {
    files: &'a [(&'f str, &'a [u8])],
    found: Vec<&'f str>,
    seen: Index<()>,
    problems: Vec<FolderProblem>,
}

impl Walk<'_, '_> {
    /// Takes the files of a folder; gives the folders that it names.
    fn folder(&mut self, folder: &str) -> Vec<String> {
        if self.seen.insert(folder, ()).is_some() {
            return Vec::new();
        }
        let own = |path: &str| path.strip_prefix(folder).is_some_and(|name| NAMES.contains(&name));
        let Some((path, text)) = self.files.iter().find(|(path, _)| own(path)) else {
            return self.all(folder);
        };
        let (path, text) = (*path, *text);
        let mut problem = |message: String| {
            self.problems.push(FolderProblem { severity: Severity::Error, file: path.to_owned(), message });
        };
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
                let message = format!("{key} is not applied");
                self.problems.push(FolderProblem { severity: Severity::Warning, file: path.to_owned(), message });
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
                self.problems.push(FolderProblem { severity: Severity::Error, file: path.to_owned(), message });
            }
        }
        folders
    }

    /// Takes the YAML files of a folder without a kustomization; gives the topmost folders in it that have one.
    fn all(&mut self, folder: &str) -> Vec<String> {
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for (path, _) in self.files {
            let Some(below) = path.strip_prefix(folder) else { continue };
            let (inner, name) = below.rsplit_once('/').unwrap_or(("", below));
            if NAMES.contains(&name) && !inner.is_empty() {
                folders.push(format!("{folder}{inner}/"));
            } else if [".yaml", ".yml"].iter().any(|end| name.ends_with(end)) {
                files.push(*path);
            }
        }
        sort_by(&mut folders, Ord::cmp);
        folders.dedup_by(|inner, outer| inner.starts_with(outer.as_str()));
        files.retain(|path| !folders.iter().any(|f| path.starts_with(f)));
        sort_by(&mut files, Ord::cmp);
        self.found.extend(files);
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

    #[test]
    fn folders_below_one_without_a_kustomization_may_have_theirs() {
        let files: [(&str, &[u8]); 7] = [
            ("z.yaml", b""),
            ("sub/kustomization.yaml", b"resources: [b.yaml]"),
            ("sub/a.yaml", b""),
            ("sub/b.yaml", b""),
            ("sub/deep/kustomization.yaml", b"resources: [no.yaml]"),
            ("sub/deep/c.yaml", b""),
            ("other/d.yaml", b""),
        ];
        let (found, problems) = applied_files(&files);
        assert_eq!((found, problems), (vec!["other/d.yaml", "z.yaml", "sub/b.yaml"], Vec::new()));
    }
}
