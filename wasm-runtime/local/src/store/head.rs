//! What is known of a descriptor by its text.

use std::collections::BTreeMap;

use chartwright_api::types::{DescriptorHead, Id};
use contract::{Code, Problem, Severity};
use sha2::{Digest, Sha256};

use super::error::StoreError;

/// The namespace of descriptors that name none.
const DEFAULT: &str = "default";

/// What a text says of itself.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) id: Id,
    version: String,
    description: String,
    labels: BTreeMap<String, String>,
    size: u64,
}

/// Reads a descriptor.
pub(super) fn content(text: &str) -> Result<Content, StoreError> {
    let refused = |message: &str, problems| StoreError::Descriptor { message: message.to_owned(), problems };
    let (parsed, problems) = descriptor::read::parse("descriptor", text);
    // Of several, all but the first would be lost unseen.
    let hinders = |problem: &Problem| {
        problem.severity == Severity::Error || matches!(problem.code, Code::SeveralDescriptors | Code::OtherKind)
    };
    let (Some(parsed), false) = (parsed, problems.iter().any(hinders)) else {
        return Err(refused("the text is not one whole HelmChartDescriptor", problems));
    };
    let descriptor = parsed.descriptor;
    let metadata = descriptor.metadata;
    let namespace = metadata.namespace.unwrap_or_else(|| DEFAULT.to_owned());
    let id = Id::new(namespace, metadata.name).map_err(|what| {
        refused(&format!("metadata.{what} must be a DNS-1123 label of at most 63 characters"), Vec::new())
    })?;
    let labels = metadata.other.get("labels").and_then(|labels| labels.as_object());
    let labels =
        labels.into_iter().flatten().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    let module = descriptor.spec.module;
    Ok(Content {
        id,
        version: module.version,
        description: module.description.unwrap_or_default(),
        labels: labels.collect(),
        size: text.len() as u64,
    })
}

impl Content {
    pub(super) fn head(self, digest: String, generation: u64, changed: i64) -> DescriptorHead {
        DescriptorHead {
            namespace: self.id.namespace().to_owned(),
            name: self.id.name().to_owned(),
            version: self.version,
            description: self.description,
            labels: self.labels,
            generation,
            digest,
            changed,
            size: self.size,
        }
    }
}

/// `sha256:` and the digest of a text.
pub(super) fn digest(text: &[u8]) -> String {
    let bytes = Sha256::digest(text);
    let mut hex = String::with_capacity(7 + 64);
    hex.push_str("sha256:");
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    hex
}
