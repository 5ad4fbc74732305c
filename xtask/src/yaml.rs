//! YAML files that xtask reads, as JSON.

use serde_json::Value;

/// A YAML document; anchors and merge keys are resolved.
pub(crate) fn read(text: &[u8]) -> anyhow::Result<Value> {
    let value = goyaml::yaml::from_yaml(text)?;
    let json = goyaml::json::to_json(&value, false).map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(serde_json::from_slice(&json)?)
}
