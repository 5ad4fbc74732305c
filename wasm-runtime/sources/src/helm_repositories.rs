//! The repositories that people added to Helm.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use goyaml::yaml::YamlError;
use serde::Deserialize;

use crate::access::{Access, Pem};
use crate::folder;
use crate::go_words::go_words;

/// A repository that was added with `helm repo add`.
#[derive(Clone, Debug)]
pub struct HelmRepository {
    /// Its name.
    pub name: String,
    /// Where it is. It may have credentials: not for messages.
    pub url: String,
    /// Who we are to it.
    pub access: Access,
}

/// Why Helm's `repositories.yaml` cannot be read, with Helm's message.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoriesError {
    /// The file cannot be opened.
    #[error("couldn't load repositories file ({file}): open {file}: {}", go_words(.cause), file = .file.display())]
    File {
        /// Its path.
        file: PathBuf,
        /// What the system says.
        #[source]
        cause: Arc<std::io::Error>,
    },
    /// It is not YAML.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// It is YAML of another form.
    #[error("{file}: {why}", file = .file.display())]
    Form {
        /// Its path.
        file: PathBuf,
        /// What is wrong with it. Values are not quoted: there are passwords among them.
        why: String,
    },
}

/// `repositories.yaml`, as far as charts are fetched with it.
#[derive(Deserialize)]
struct RepositoriesFile {
    #[serde(default)]
    repositories: Option<Vec<Option<Entry>>>,
}

/// `repo.Entry`
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    name: Option<String>,
    url: Option<String>,
    username: Option<String>,
    password: Option<String>,
    #[serde(rename = "certFile")]
    cert_file: Option<PathBuf>,
    #[serde(rename = "keyFile")]
    key_file: Option<PathBuf>,
    #[serde(rename = "caFile")]
    ca_file: Option<PathBuf>,
    insecure_skip_tls_verify: Option<bool>,
    pass_credentials_all: Option<bool>,
}

impl From<Entry> for HelmRepository {
    fn from(entry: Entry) -> HelmRepository {
        let text = |text: Option<String>| text.filter(|t| !t.is_empty());
        let file = |path: Option<PathBuf>| path.filter(|p| !p.as_os_str().is_empty()).map(Pem::File);
        HelmRepository {
            name: entry.name.unwrap_or_default(),
            url: entry.url.unwrap_or_default(),
            access: Access {
                username: text(entry.username),
                password: text(entry.password),
                ca: file(entry.ca_file),
                certificate: file(entry.cert_file),
                key: file(entry.key_file),
                insecure: entry.insecure_skip_tls_verify.unwrap_or(false),
                pass_credentials: entry.pass_credentials_all.unwrap_or(false),
                ..Access::default()
            },
        }
    }
}

/// The repositories in Helm's `repositories.yaml`; none where the file is missing.
///
/// # Errors
/// If the file exists and cannot be read, with Helm's message.
pub fn repositories(file: &Path) -> Result<Vec<HelmRepository>, RepositoriesError> {
    let text = match folder::read(file, 16 << 20) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(RepositoriesError::File { file: file.to_path_buf(), cause: Arc::new(cause) }),
    };
    let parsed: RepositoriesFile = serde_yaml::from_slice(&text).map_err(|e| wrong(file, &text, &e))?;
    Ok(parsed.repositories.into_iter().flatten().flatten().map(HelmRepository::from).collect())
}

/// What is wrong with the file: Helm's message if its own parser also refuses it.
fn wrong(file: &Path, text: &[u8], error: &serde_yaml::Error) -> RepositoriesError {
    if let Err(helms) = goyaml::yaml::from_yaml_map(text) {
        return RepositoriesError::Yaml(helms);
    }
    let place = error.location().map(|l| format!(" at line {} column {}", l.line(), l.column())).unwrap_or_default();
    RepositoriesError::Form { file: file.to_path_buf(), why: format!("it is not a list of repositories{place}") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "a test writes files")]

    use super::*;

    fn read(text: &str) -> Result<Vec<HelmRepository>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("repositories.yaml");
        std::fs::write(&file, text).expect("written");
        repositories(&file).map_err(|e| e.to_string().replace(&file.display().to_string(), "FILE"))
    }

    #[test]
    fn what_helm_writes_is_read() {
        let text = "apiVersion: \"\"\ngenerated: \"0001-01-01T00:00:00Z\"\nrepositories:\n\
            - caFile: /ca\n  certFile: \"\"\n  insecure_skip_tls_verify: false\n  keyFile: \"\"\n  name: a\n\
            \x20 pass_credentials_all: true\n  password: s3cret\n  url: https://h/charts\n  username: me\n- null\n\
            - {name: b, url: https://g}\n";
        let list = read(text).expect("a list");
        assert_eq!(
            list.iter().map(|r| (r.name.as_str(), r.url.as_str())).collect::<Vec<_>>(),
            [("a", "https://h/charts"), ("b", "https://g")]
        );
        assert_eq!(list[0].access.user(), Some(("me", "s3cret")));
        assert!(list[0].access.pass_credentials && list[0].access.certificate.is_none());
        for empty in ["", "{}", "repositories:", "repositories: []"] {
            assert_eq!(read(empty).map(|l| l.len()), Ok(0), "{empty}");
        }
    }

    #[test]
    fn errors_have_helms_words_and_no_secret() {
        let error = read("repositories: [").expect_err("an error");
        assert!(error.starts_with("error converting YAML to JSON: yaml: line 1"), "{error}");
        let error = read("repositories:\n- {name: a, password: [s3cret]}\n").expect_err("an error");
        assert!(error.starts_with("FILE: it is not a list of repositories at line 2"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}
