//! An index in JSON, which some servers give.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::error::CatalogError;
use crate::index::Modules;
use crate::index::entry::Entry;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Index {
    #[serde(deserialize_with = "text")]
    api_version: String,
    entries: BTreeMap<String, Vec<Option<Fields>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Fields {
    #[serde(deserialize_with = "text")]
    version: String,
    #[serde(deserialize_with = "text")]
    app_version: String,
    #[serde(deserialize_with = "text")]
    created: String,
    #[serde(deserialize_with = "text")]
    digest: String,
    #[serde(deserialize_with = "text")]
    description: String,
    #[serde(deserialize_with = "text")]
    icon: String,
    #[serde(deserialize_with = "text")]
    home: String,
    #[serde(rename = "type", deserialize_with = "text")]
    chart_type: String,
    #[serde(deserialize_with = "text")]
    deprecated: String,
    urls: Option<Vec<String>>,
    keywords: Option<Vec<String>>,
    annotations: Option<BTreeMap<String, serde_json::Value>>,
}

/// A scalar as it is written; nothing for everything else.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => text,
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::Bool(flag) => flag.to_string(),
        _ => String::new(),
    })
}

pub(super) fn read(text: &str, modules: &mut Modules) -> Result<(), CatalogError> {
    let index: Index = serde_json::from_str(text).map_err(|error| CatalogError::Json(error.to_string()))?;
    if index.api_version.is_empty() {
        return Err(CatalogError::Index { line: 1, what: "it names no apiVersion" });
    }
    for (chart, versions) in index.entries {
        for fields in versions.into_iter().flatten() {
            modules.add(&chart, fields.entry());
        }
    }
    Ok(())
}

impl Fields {
    fn entry(self) -> Entry {
        let mut entry = Entry {
            version: self.version,
            app_version: self.app_version,
            created: self.created,
            digest: self.digest,
            description: self.description,
            icon: self.icon,
            home: self.home,
            chart_type: self.chart_type,
            deprecated: self.deprecated == "true",
            urls: self.urls.unwrap_or_default(),
            keywords: self.keywords.unwrap_or_default(),
            category: String::new(),
        };
        for (key, value) in self.annotations.unwrap_or_default() {
            if let serde_json::Value::String(text) = value {
                entry.annotate(&key, text);
            }
        }
        entry
    }
}
