//! The repositories that people added to Helm.

use std::path::{Path, PathBuf};

use govalue::{Map, Value};

use crate::access::{Access, Pem};
use crate::folder;
use crate::go_words::go_words;

/// A repository that was added with `helm repo add`.
#[derive(Clone, Debug)]
pub struct HelmRepository {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Who we are to it.
    pub access: Access,
}

/// The repositories in Helm's `repositories.yaml`; none where the file is missing.
///
/// # Errors
/// Where the file is there and cannot be read, in Helm's words.
pub fn repositories(file: &Path) -> Result<Vec<HelmRepository>, String> {
    let text = match folder::read(file, 16 << 20) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => {
            let file = file.display();
            return Err(format!("couldn't load repositories file ({file}): open {file}: {}", go_words(&e)));
        }
    };
    let map = goyaml::yaml::from_yaml_map(&text).map_err(|e| e.to_string())?;
    let Some(Value::List(list)) = map.get("repositories") else { return Ok(Vec::new()) };
    let entry = |value: &Value| match value {
        Value::Map(entry) => Some(repository(entry)),
        _ => None,
    };
    Ok(list.iter().filter_map(entry).collect())
}

fn repository(entry: &Map) -> HelmRepository {
    let text = |key: &str| match entry.get(key) {
        Some(Value::Str(text)) => Some(text.to_string()).filter(|t| !t.is_empty()),
        _ => None,
    };
    let on = |key: &str| matches!(entry.get(key), Some(Value::Bool(true)));
    let file = |key: &str| text(key).map(|path| Pem::File(PathBuf::from(path)));
    HelmRepository {
        name: text("name").unwrap_or_default(),
        url: text("url").unwrap_or_default(),
        access: Access {
            username: text("username"),
            password: text("password"),
            ca: file("caFile"),
            certificate: file("certFile"),
            key: file("keyFile"),
            insecure: on("insecure_skip_tls_verify"),
            pass_credentials: on("pass_credentials_all"),
            ..Access::default()
        },
    }
}
