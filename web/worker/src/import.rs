//! Compose files as descriptors.

use std::collections::BTreeMap;

use ::compose::{Folder, Options, Source};
use chartwright_protocol::Reply;
use contract::{Failure, FailureKind};

use crate::desk::{Answer, pairs};

/// Files by path.
struct Files(BTreeMap<String, Vec<u8>>);

impl Folder for Files {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(&normal(path)).cloned()
    }

    fn list(&self, path: &str) -> Vec<String> {
        let folder = normal(path);
        let prefix = if folder.is_empty() { folder } else { folder + "/" };
        let below = self.0.keys().filter_map(|path| path.strip_prefix(prefix.as_str()));
        below.filter(|name| !name.contains('/')).map(str::to_owned).collect()
    }
}

/// A path without `.` and `..`; what leaves the folder stays as it is, and names no file.
fn normal(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    names.join("/")
}

/// Imports a compose file; the files beside it are what it may refer to.
pub(crate) fn compose(files: Vec<String>, parts: Vec<Vec<u8>>) -> Answer {
    let Some(file) = files.first().cloned() else {
        return Err(Failure::new(FailureKind::Input, "there is no compose file"));
    };
    let files = Files(pairs(files, parts)?.map(|(path, data)| (normal(&path), data)).collect());
    let text = files.read(&file).map(|data| String::from_utf8_lossy(&data).into_owned()).unwrap_or_default();
    let folder = file.rsplit_once('/').map(|(folder, _)| folder);
    let environment = folder.map_or_else(|| ".env".to_owned(), |folder| format!("{folder}/.env"));
    let environment = files.read(&environment).map(|data| String::from_utf8_lossy(&data).into_owned());
    let variables = environment.map(|text| ::compose::variables(&text, &BTreeMap::new())).unwrap_or_default();
    let options = Options {
        default_name: folder.and_then(|folder| folder.rsplit('/').next()).map(str::to_owned),
        variables: variables.into_iter().collect(),
        ..Options::default()
    };
    let imported = ::compose::import(&[Source { file: &file, text: &text }], &options, &files);
    let mut parts = vec![imported.descriptor.unwrap_or_default().into_bytes()];
    let mut beside = Vec::new();
    if !imported.secrets.is_empty() {
        beside.push("secrets.yaml".to_owned());
        parts.push(imported.secrets.into_bytes());
    }
    Ok((Reply::Imported { problems: imported.problems, files: beside }, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_any_way_to_them() {
        let file = |path: &str| (path.to_owned(), path.as_bytes().to_vec());
        let files = Files([file("shop/.env"), file("shop/conf/a.conf"), file("shop/conf/d/b.conf")].into());
        for path in ["shop/.env", "./shop/.env", "shop/conf/../.env"] {
            assert!(files.read(path).is_some(), "{path}");
        }
        assert_eq!(files.read("../shop/.env"), None);
        assert_eq!(files.list("shop/./conf"), ["a.conf"]);
        assert!(files.list("").is_empty());
    }
}
