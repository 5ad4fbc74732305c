//! The `index.yaml` of a Helm repository, as a catalog.
//!
//! # Design
//! Indexes of public repositories are dozens of megabytes, of which a catalog wants a tenth. A tree of a whole one takes
//! many times its size, in a worker as well; so it is read line by line ([`lines`]), what is not wanted is skipped by its
//! indentation, and nothing but the wanted texts is kept. Tests compare what is read with `goyaml`.

mod entry;
mod flow;
mod json;
mod lines;
mod scalar;

use std::collections::BTreeMap;

use crate::error::CatalogError;
use crate::order;
use crate::read::id_of;
use crate::types::{API_VERSION, Catalog, Kind, Module, Version};
use entry::Entry;
use lines::{Lines, Node};

/// The most bytes of an index, as for hosts.
pub const MOST_BYTES_OF_INDEX: usize = 256 << 20;
/// The most versions of a chart that are kept: the newest.
const MOST_VERSIONS: usize = 500;

impl Catalog {
    /// Reads the index of a Helm repository: YAML, or JSON. The addresses of versions are relative to that of the
    /// index. Library charts, which cannot be rendered alone, and versions without an address are left out.
    ///
    /// # Errors
    /// If it is not UTF-8, not an index, or too large.
    pub fn from_index(index: &[u8], name: &str) -> Result<Catalog, CatalogError> {
        if index.iter().all(u8::is_ascii_whitespace) {
            return Err(CatalogError::Empty);
        }
        if index.len() > MOST_BYTES_OF_INDEX {
            return Err(CatalogError::TooLarge { bytes: index.len(), most: MOST_BYTES_OF_INDEX });
        }
        let text = std::str::from_utf8(index).map_err(|error| {
            let before = index.get(..error.valid_up_to()).unwrap_or_default();
            CatalogError::Index { line: line_of(before), what: "not UTF-8" }
        })?;
        let text = text.trim_start_matches('\u{feff}');
        let mut modules = Modules::default();
        if text.trim_start().starts_with('{') {
            json::read(text, &mut modules)?;
        } else {
            read(text, &mut modules)?;
        }
        Ok(modules.catalog(name))
    }
}

/// The line that comes after some bytes, from 1.
fn line_of(before: &[u8]) -> usize {
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Reads an index in YAML.
fn read(text: &str, modules: &mut Modules) -> Result<(), CatalogError> {
    let mut lines = Lines::new(text);
    let mut is_index = false;
    let root = lines.root();
    while let Some(key) = lines.key(root)? {
        match (key.as_ref(), lines.node(root)?) {
            ("apiVersion", Node::Scalar(version)) => is_index = !version.is_empty(),
            ("entries", Node::Map(indent)) => entries(&mut lines, indent, modules)?,
            ("entries", Node::Flow(flow)) => {
                for (chart, versions) in flow.entries() {
                    for version in versions.items() {
                        modules.add(chart, Entry::of_flow(version));
                    }
                }
            }
            _ => {}
        }
    }
    if is_index { Ok(()) } else { Err(CatalogError::Index { line: 1, what: "it names no apiVersion" }) }
}

fn entries(lines: &mut Lines<'_>, indent: usize, modules: &mut Modules) -> Result<(), CatalogError> {
    while let Some(chart) = lines.key(indent)? {
        match lines.node(indent)? {
            Node::List(items) => {
                while lines.item(items)? {
                    match lines.item_node(items)? {
                        Node::Map(indent) => modules.add(&chart, Entry::read(lines, indent)?),
                        Node::Flow(flow) => modules.add(&chart, Entry::of_flow(&flow)),
                        _ => {}
                    }
                }
            }
            Node::Flow(flow) => flow.items().iter().for_each(|version| modules.add(&chart, Entry::of_flow(version))),
            _ => {}
        }
    }
    Ok(())
}

/// The charts of an index, as they are found.
#[derive(Default)]
struct Modules {
    found: BTreeMap<String, Found>,
}

/// A chart, with what the version says of it that a page shows first.
struct Found {
    module: Module,
    shown: Version,
}

impl Modules {
    /// Adds a version of a chart.
    fn add(&mut self, chart: &str, entry: Entry) {
        let Some(url) = entry.urls.into_iter().find(|url| !url.is_empty()) else { return };
        if entry.version.is_empty() || entry.chart_type == "library" {
            return;
        }
        let digest = entry.digest;
        let version = Version {
            version: entry.version,
            app_version: entry.app_version,
            created: entry.created,
            deprecated: entry.deprecated,
            kind: Kind::Chart,
            url,
            digest: if digest.is_empty() || digest.contains(':') { digest } else { format!("sha256:{digest}") },
            ..Version::default()
        };
        let found = self.found.entry(chart.to_owned()).or_insert_with(|| Found {
            module: Module { id: id_of(chart), title: chart.to_owned(), ..Module::default() },
            shown: Version::default(),
        });
        let module = &mut found.module;
        if module.versions.is_empty() || version.is_preferred_to(&found.shown) {
            found.shown = version.clone();
            module.description = entry.description;
            module.category = entry.category;
            module.keywords = entry.keywords;
            module.icon = entry.icon;
            module.home = entry.home;
        }
        module.versions.push(version);
    }

    fn catalog(self, name: &str) -> Catalog {
        let modules = self.found.into_values().map(|mut found| {
            order::sort(&mut found.module.versions);
            found.module.versions.truncate(MOST_VERSIONS);
            found.module
        });
        let modules = modules.collect();
        Catalog { api_version: API_VERSION.to_owned(), name: name.to_owned(), modules, left_out: 0 }.tidy()
    }
}

#[cfg(test)]
mod tests;
