//! A version of a chart in an index: the fields that a catalog wants.

use crate::error::CatalogError;
use crate::index::flow::Flow;
use crate::index::lines::{Lines, Node};

/// The keys of annotations that name a category: Bitnami's and Artifact Hub's.
const CATEGORIES: [&str; 2] = ["category", "artifacthub.io/category"];

/// The wanted fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) version: String,
    pub(super) app_version: String,
    pub(super) created: String,
    pub(super) digest: String,
    pub(super) description: String,
    pub(super) icon: String,
    pub(super) home: String,
    /// `type`: `application` or `library`
    pub(super) chart_type: String,
    pub(super) deprecated: bool,
    pub(super) urls: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) category: String,
}

impl Entry {
    /// Reads the mapping at an indentation.
    pub(super) fn read(lines: &mut Lines<'_>, indent: usize) -> Result<Entry, CatalogError> {
        let mut entry = Entry::default();
        while let Some(key) = lines.key(indent)? {
            if !is_wanted(&key) {
                continue;
            }
            match lines.node(indent)? {
                Node::Scalar(text) => entry.set(&key, text),
                Node::Flow(flow) => entry.set_flow(&key, &flow),
                Node::List(items) => {
                    let mut texts = Vec::new();
                    while lines.item(items)? {
                        if let Node::Scalar(text) = lines.item_node(items)? {
                            texts.push(text);
                        }
                    }
                    entry.set_list(&key, texts);
                }
                Node::Map(indent) if key == "annotations" => {
                    while let Some(annotation) = lines.key(indent)? {
                        if let Node::Scalar(text) = lines.node(indent)? {
                            entry.annotate(&annotation, text);
                        }
                    }
                }
                Node::Map(_) | Node::Nothing => {}
            }
        }
        Ok(entry)
    }

    /// Reads a mapping in braces.
    pub(super) fn of_flow(flow: &Flow) -> Entry {
        let mut entry = Entry::default();
        for (key, value) in flow.entries() {
            match value {
                Flow::Scalar(text) => entry.set(key, text.clone()),
                value => entry.set_flow(key, value),
            }
        }
        entry
    }

    fn set_flow(&mut self, key: &str, flow: &Flow) {
        let text = |flow: &Flow| match flow {
            Flow::Scalar(text) => Some(text.clone()),
            _ => None,
        };
        self.set_list(key, flow.items().iter().filter_map(text).collect());
        if key == "annotations" {
            for (annotation, value) in flow.entries() {
                self.annotate(annotation, text(value).unwrap_or_default());
            }
        }
    }

    fn set(&mut self, key: &str, text: String) {
        match key {
            "version" => self.version = text,
            "appVersion" => self.app_version = text,
            "created" => self.created = text,
            "digest" => self.digest = text,
            "description" => self.description = text,
            "icon" => self.icon = text,
            "home" => self.home = text,
            "type" => self.chart_type = text,
            "deprecated" => self.deprecated = text == "true",
            _ => {}
        }
    }

    fn set_list(&mut self, key: &str, texts: Vec<String>) {
        match key {
            "urls" => self.urls = texts,
            "keywords" => self.keywords = texts,
            _ => {}
        }
    }

    pub(super) fn annotate(&mut self, key: &str, text: String) {
        if CATEGORIES.contains(&key) && self.category.is_empty() {
            self.category = text;
        }
    }
}

/// Whether a field is read at all: what is not costs no more than its lines' indentation.
fn is_wanted(key: &str) -> bool {
    matches!(
        key,
        "version"
            | "appVersion"
            | "created"
            | "digest"
            | "description"
            | "icon"
            | "home"
            | "type"
            | "deprecated"
            | "urls"
            | "keywords"
            | "annotations"
    )
}
