//! The metaschemas of the drafts, without what only describes.

use std::sync::{Arc, OnceLock};

use crate::Schema;
use crate::compile::compile;
use crate::document::Documents;
use crate::draft::{Dialect, Draft};
use crate::json::{Json, Object};
use crate::location::UrlFragment;
use crate::node::Nodes;

/// A draft's metaschemas, each below its URL.
fn texts(draft: Draft) -> &'static str {
    match draft {
        Draft::V4 => include_str!("../metaschemas/draft4.json"),
        Draft::V6 => include_str!("../metaschemas/draft6.json"),
        Draft::V7 => include_str!("../metaschemas/draft7.json"),
        Draft::V2019 => include_str!("../metaschemas/draft2019.json"),
        Draft::V2020 => include_str!("../metaschemas/draft2020.json"),
    }
}

/// The URL of a draft's metaschema.
fn url(draft: Draft) -> &'static str {
    match draft {
        Draft::V4 => "http://json-schema.org/draft-04/schema",
        Draft::V6 => "http://json-schema.org/draft-06/schema",
        Draft::V7 => "http://json-schema.org/draft-07/schema",
        Draft::V2019 => "https://json-schema.org/draft/2019-09/schema",
        Draft::V2020 => "https://json-schema.org/draft/2020-12/schema",
    }
}

fn parse(draft: Draft) -> Object {
    match Json::parse(texts(draft).as_bytes()) {
        Ok(Json::Object(o)) => o,
        other => unreachable!("metaschemas are in an object: {other:?}"),
    }
}

/// The metaschema of that URL, or the part of it, and behind it all others of its
/// draft, which it refers to.
pub(crate) fn documents(url: &str) -> Option<Vec<(String, Json)>> {
    let path = url.strip_prefix("http://json-schema.org/").or_else(|| url.strip_prefix("https://json-schema.org/"))?;
    let (draft, base) = match path {
        "schema" => (Draft::V2020, "https://json-schema.org/draft/2020-12/"),
        _ if path.starts_with("draft/2020-12/") => (Draft::V2020, "https://json-schema.org/"),
        _ if path.starts_with("draft/2019-09/") => (Draft::V2019, "https://json-schema.org/"),
        _ if path.starts_with("draft-07/") => (Draft::V7, "http://json-schema.org/"),
        _ if path.starts_with("draft-06/") => (Draft::V6, "http://json-schema.org/"),
        _ if path.starts_with("draft-04/") => (Draft::V4, "http://json-schema.org/"),
        _ => return None,
    };
    let all = parse(draft);
    let wanted = all.get(format!("{base}{path}"))?.clone();
    let others = all.entries().iter().map(|(url, json)| (url.to_str_lossy().into_owned(), json.clone()));
    Some([(url.to_owned(), wanted)].into_iter().chain(others).collect())
}

/// Whether documents of that URL need no check against a metaschema.
pub(crate) fn is_trusted(url: &str) -> bool {
    ["http://json-schema.org/", "https://json-schema.org/", SYNTHETIC].iter().any(|base| url.starts_with(base))
}

/// The URL of metaschemas for a choice of vocabularies.
const SYNTHETIC: &str = "urn:mem:metaschema";

impl Dialect {
    /// A draft with its default vocabularies.
    pub(crate) fn new(draft: Draft) -> Dialect {
        Dialect { draft, vocabularies: None, metaschema: None }
    }

    /// A draft with a choice of vocabularies.
    pub(crate) fn with_vocabularies(draft: Draft, names: Vec<String>) -> Dialect {
        let metaschema = Some(Arc::new(synthesize(draft, &names)));
        Dialect { draft, vocabularies: Some(names), metaschema }
    }

    /// What its schemas must meet.
    pub(crate) fn metaschema(&self) -> &Schema {
        static COMPILED: [OnceLock<Schema>; 5] = [const { OnceLock::new() }; 5];
        if let Some(own) = &self.metaschema {
            return own;
        }
        let slot = match self.draft {
            Draft::V4 => &COMPILED[0],
            Draft::V6 => &COMPILED[1],
            Draft::V7 => &COMPILED[2],
            Draft::V2019 => &COMPILED[3],
            Draft::V2020 => &COMPILED[4],
        };
        slot.get_or_init(|| compile_trusted(url(self.draft), None))
    }
}

/// Compiles a metaschema, which cannot fail: a test does it for all of them.
fn compile_trusted(url: &str, json: Option<Json>) -> Schema {
    let mut loader = |url: &str| Err(format!("no metaschema {url}"));
    let mut documents = Documents::new(&mut loader);
    if let Some(json) = json {
        documents.add(url, json);
    }
    let at = UrlFragment { url: url.to_owned(), fragment: String::new() };
    Schema { nodes: Nodes::All(compile(documents, &at, true).expect("metaschemas are schemas")) }
}

/// A metaschema that asks what the metaschemas of the vocabularies ask.
fn synthesize(draft: Draft, names: &[String]) -> Schema {
    let base = url(draft).trim_end_matches("schema");
    let parts: Vec<String> = names.iter().map(|name| format!(r#"{{"$ref":"{base}meta/{name}"}}"#)).collect();
    let anchor = if draft >= Draft::V2020 { r#""$dynamicAnchor":"meta","# } else { "" };
    let text = format!(r#"{{"$schema":"{}",{anchor}"allOf":[{}]}}"#, url(draft), parts.join(","));
    compile_trusted(SYNTHETIC, Json::parse(text.as_bytes()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(schema: &Schema) -> usize {
        match &schema.nodes {
            Nodes::All(nodes) => nodes.len(),
            Nodes::Lazy(_) => 0,
        }
    }

    #[test]
    fn all_compile() {
        for draft in [Draft::V4, Draft::V6, Draft::V7, Draft::V2019, Draft::V2020] {
            let metaschema = Dialect::new(draft);
            assert!(size(metaschema.metaschema()) > 50, "{draft:?}");
            for url in parse(draft).entries().iter().map(|(url, _)| url.to_str_lossy().into_owned()) {
                assert!(documents(&url).is_some(), "{url}");
                assert!(size(&compile_trusted(&url, None)) > 1, "{url}");
            }
            let names: Vec<String> = draft.vocabularies().iter().map(|n| (*n).to_owned()).collect();
            if !names.is_empty() {
                assert!(size(Dialect::with_vocabularies(draft, names).metaschema()) > 50, "{draft:?}");
            }
        }
    }
}
