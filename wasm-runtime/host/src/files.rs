//! Files of this machine and of web servers, each read once.
//!
//! Standard input can be read only once, and a file may change between two readings: so whoever needs a file that an
//! input names gets it from here, and all get the same bytes.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

use chartwright_sources::go_words::go_words;
use chartwright_sources::{file_at, safe_text};
use contract::{Base64, FileGiven, Layers, TextFile};

/// What a file has, or why it cannot be read, in Go's words.
type Content = Result<Vec<u8>, String>;

/// The files that were read so far.
#[derive(Debug, Default)]
pub struct Files {
    offline: bool,
    read: Mutex<BTreeMap<String, Content>>,
}

impl Files {
    /// Nothing was read yet. Without a network, files of web servers cannot be read.
    pub fn new(offline: bool) -> Files {
        Files { offline, read: Mutex::default() }
    }

    /// The content of a file, of a URL (`https`, `http`), or of standard input (`-`).
    ///
    /// # Errors
    /// Why it cannot be read, in Go's words, as Helm prints them.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(path) {
            return known.clone();
        }
        let content = match path.split_once("://") {
            Some(("http" | "https", _)) => file_at(path, self.offline).map_err(|e| e.to_string()),
            Some(("oci", _)) => Err(format!("{}: a registry has charts, not files of values", safe_text(path))),
            _ => local(path),
        };
        read.insert(path.to_owned(), content.clone());
        content
    }

    /// A file that must be text; standard input is called `stdin` in messages.
    ///
    /// # Errors
    /// As [`Files::read`], and where it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<TextFile, String> {
        let text = String::from_utf8(self.read(path)?).map_err(|_| format!("{path} is not UTF-8"))?;
        let name = if path == "-" { "stdin" } else { path };
        Ok(TextFile { name: name.to_owned(), text })
    }

    /// The files that layers of values name. One that cannot be read says so where the engine comes to it, so that
    /// errors come in Helm's order.
    pub fn of_values(&self, values: &Layers) -> Vec<FileGiven> {
        let mut paths = values.files.clone();
        for path in chartwright::api::set_files(values) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let given = |path: String| match self.read(&path) {
            Ok(data) => FileGiven { path, data: Base64(data), failed: None },
            Err(why) => FileGiven { path, data: Base64::default(), failed: Some(why) },
        };
        paths.into_iter().map(given).collect()
    }
}

/// A file of this machine, or standard input.
fn local(path: &str) -> Content {
    if path.trim() == "-" {
        let mut text = Vec::new();
        return match std::io::stdin().lock().read_to_end(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(go_words(&error)),
        };
    }
    match std::fs::read(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => Err(format!("read {path}: is a directory")),
        Err(error) => Err(format!("open {path}: {}", go_words(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once() {
        let folder = std::env::temp_dir().join(format!("chartwright-files-{}", std::process::id()));
        let path = folder.display().to_string();
        std::fs::write(&folder, "a: 1").expect("written");
        let files = Files::default();
        assert_eq!(files.text(&path).expect("text").text, "a: 1");
        std::fs::remove_file(&folder).expect("removed");
        let values =
            Layers { files: vec![path.clone()], set_file: vec![format!("a={path},b=/none")], ..Layers::default() };
        let given = files.of_values(&values);
        assert_eq!(given.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), [path.as_str(), "/none"]);
        assert_eq!(given[0].data.0, b"a: 1");
        assert_eq!(given[1].failed.as_deref(), Some("open /none: no such file or directory"));
    }
}
