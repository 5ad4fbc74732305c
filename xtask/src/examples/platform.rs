//! The platform facts of the examples, as `lookup` finds them in a cluster.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::{paths, yaml};

/// The facts as `--platform` takes them.
pub(crate) fn file() -> PathBuf {
    paths::root().join("templates/examples/platform.yaml")
}

/// The facts as the ConfigMap and the Secret that base charts look up, in a file under `work`.
pub(crate) fn objects(work: &Path) -> anyhow::Result<PathBuf> {
    let facts = yaml::read(&fs::read(file())?)?;
    let text = |key: &str| facts.get(key).and_then(Value::as_str).unwrap_or_default();
    let metadata = |name: &str| json!({"name": name, "namespace": "icekube"});
    let config = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("idtconfigmap"),
        "data": {"registryUrl": text("registry"), "registryRepository": text("repository"), "domain": text("domain")},
    });
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": metadata("idtsecret"),
        "data": {"username": STANDARD.encode(text("username")), "token": STANDARD.encode(text("token"))},
    });
    let path = work.join("platform-objects.yaml");
    fs::create_dir_all(work)?;
    fs::write(&path, format!("{config}\n---\n{secret}\n"))?;
    Ok(path)
}
