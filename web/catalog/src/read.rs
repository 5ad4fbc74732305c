//! `catalog.json`, from bytes.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::CatalogError;
use crate::order;
use crate::types::{API_VERSION, Catalog, Module};

/// The most bytes of a catalog.
const MOST_BYTES: usize = 64 << 20;

/// The most letters of a text that is shown whole.
const MOST_OF_TEXT: usize = 2000;

/// The most letters of a title, a category, a keyword.
const MOST_OF_NAME: usize = 200;

/// The most keywords of a module.
const MOST_KEYWORDS: usize = 50;

/// What tells a catalog from everything else.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Head {
    api_version: String,
}

/// A catalog whose modules are not read yet.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Unread<'j> {
    api_version: String,
    name: String,
    #[serde(borrow)]
    modules: Vec<&'j RawValue>,
}

impl Catalog {
    /// Reads a catalog. Fields that are not known are passed over, and a module that cannot be shown (without an
    /// identifier or a version, a second one of the same identifier, with fields of other types) is left out, so that
    /// one does not hide the rest. Texts that are longer than anybody reads are cut.
    ///
    /// # Errors
    /// If it is not JSON, not a catalog, of another version, or too large.
    pub fn read(json: &[u8]) -> Result<Catalog, CatalogError> {
        if json.iter().all(u8::is_ascii_whitespace) {
            return Err(CatalogError::Empty);
        }
        if json.len() > MOST_BYTES {
            return Err(CatalogError::TooLarge { bytes: json.len(), most: MOST_BYTES });
        }
        let not_json = |error: serde_json::Error| CatalogError::Json(error.to_string());
        let head: Head = serde_json::from_slice(json).map_err(not_json)?;
        if head.api_version != API_VERSION {
            return Err(CatalogError::ApiVersion { found: head.api_version });
        }
        let Unread { api_version, name, modules } = serde_json::from_slice(json).map_err(not_json)?;
        let all = modules.len();
        let modules: Vec<Module> =
            modules.into_iter().filter_map(|module| serde_json::from_str(module.get()).ok()).collect();
        let left_out = all - modules.len();
        Ok(Catalog { api_version, name, modules, left_out }.tidy())
    }

    /// The module of that identifier.
    pub fn module(&self, id: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.id == id)
    }

    /// The files that it names beside itself: icons, charts, descriptors, relative to its own address. Whole addresses
    /// are left out.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.modules.iter().flat_map(Module::files).filter(|url| is_relative(url))
    }

    /// The same with modules by title and versions by age, without what cannot be shown.
    #[must_use]
    pub fn tidy(mut self) -> Catalog {
        let all = self.modules.len();
        cut(&mut self.name, MOST_OF_NAME);
        self.modules.retain_mut(|module| {
            module.versions.retain(|version| !version.version.is_empty() && !version.url.is_empty());
            order::sort(&mut module.versions);
            if module.title.is_empty() {
                module.title.clone_from(&module.id);
            }
            for name in [&mut module.title, &mut module.category].into_iter().chain(&mut module.keywords) {
                cut(name, MOST_OF_NAME);
            }
            cut(&mut module.description, MOST_OF_TEXT);
            module.keywords.truncate(MOST_KEYWORDS);
            is_id(&module.id) && !module.versions.is_empty()
        });
        self.modules.sort_by_cached_key(|module| (module.title.to_lowercase(), module.id.clone()));
        let mut known = std::collections::BTreeSet::new();
        self.modules.retain(|module| known.insert(module.id.clone()));
        self.left_out += all - self.modules.len();
        self
    }
}

impl Module {
    /// All addresses that it names.
    fn files(&self) -> impl Iterator<Item = &str> {
        let versions = self.versions.iter().flat_map(|version| {
            std::iter::once(version.url.as_str()).chain(version.charts.iter().map(|chart| chart.url.as_str()))
        });
        std::iter::once(self.icon.as_str()).chain(versions)
    }
}

/// Cuts what is longer.
fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
}

/// Whether an address is that of a file beside the catalog: it has no scheme, and does not start at a server's root.
pub fn is_relative(url: &str) -> bool {
    let scheme = url.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    !url.is_empty() && !url.starts_with('/') && !scheme
}

/// Whether an address can have it as one part of its path as it stands.
fn is_id(id: &str) -> bool {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'_' | b'.');
    !id.is_empty() && id.len() <= 128 && id.bytes().all(fits) && !id.starts_with('.')
}

/// An identifier for a name: what it may not have becomes `-`.
///
/// ```
/// assert_eq!(chartwright_catalog::id_of("My Shop/2"), "my-shop-2");
/// ```
pub fn id_of(name: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let id: String = name.chars().map(|c| if fits(c) { c.to_ascii_lowercase() } else { '-' }).take(128).collect();
    let id = id.trim_matches(['-', '.']);
    if id.is_empty() { "module".to_owned() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Catalog, CatalogError> {
        Catalog::read(json.as_bytes())
    }

    #[test]
    fn what_is_no_catalog_says_so() {
        for (json, words) in [
            ("", "the file is empty"),
            (" \n", "the file is empty"),
            ("<html>", "not a catalog: expected value at line 1 column 1"),
            ("[]", "the catalog's apiVersion is \"\"; this page reads chartwright.dev/catalog/v1alpha1"),
            ("{}", "the catalog's apiVersion is \"\"; this page reads chartwright.dev/catalog/v1alpha1"),
            (
                r#"{"apiVersion": "chartwright.dev/catalog/v9"}"#,
                "the catalog's apiVersion is \"chartwright.dev/catalog/v9\"; this page reads chartwright.dev/catalog/v1alpha1",
            ),
            (
                r#"{"apiVersion": "chartwright.dev/catalog/v1alpha1", "modules": 3}"#,
                "not a catalog: invalid type: integer `3`, expected a sequence at line 1 column 63",
            ),
        ] {
            assert_eq!(read(json).map_err(|e| e.to_string()), Err(words.to_owned()), "{json}");
        }
    }

    #[test]
    fn modules_that_cannot_be_shown_are_left_out() {
        let catalog = read(
            r#"{"apiVersion": "chartwright.dev/catalog/v1alpha1", "later": {}, "modules": [
            {"id": "b", "title": "Zebra", "versions": [{"version": "1.9.0", "url": "u"}, {"version": "1.10.0", "url": "u"}, {"version": "2"}]},
            {"id": "c", "title": "aardvark", "versions": [{"version": "1", "url": "u"}]},
            {"id": "b", "title": "Zebra again", "versions": [{"version": "1", "url": "u"}]},
            {"id": "d", "versions": []},
            {"id": "../e", "versions": [{"version": "1", "url": "u"}]},
            {"id": "f", "versions": [{"version": "1", "url": "u"}]},
            {"id": 5, "versions": [{"version": "1", "url": "u"}]}, 7,
            {"id": "g", "versions": [{"version": "1", "url": "u", "size": -1}]}
        ]}"#,
        )
        .expect("a catalog");
        let shown: Vec<String> =
            catalog.modules.iter().map(|m| format!("{} {}", m.title, m.versions[0].version)).collect();
        assert_eq!(shown, ["aardvark 1", "f 1", "Zebra 1.10.0"]);
        assert_eq!(catalog.module("b").map(|m| m.versions.len()), Some(2));
        assert_eq!(catalog.left_out, 6);
    }

    #[test]
    fn texts_are_cut() {
        let long = "ü".repeat(5000);
        let catalog = read(&format!(
            r#"{{"apiVersion": "chartwright.dev/catalog/v1alpha1", "modules": [{{"id": "a", "title": "{long}",
            "description": "{long}", "keywords": ["{long}"], "versions": [{{"version": "1", "url": "u"}}]}}]}}"#
        ))
        .expect("a catalog");
        let module = &catalog.modules[0];
        let lengths = [&module.title, &module.description, &module.keywords[0]].map(|text| text.chars().count());
        assert_eq!(lengths, [201, 2001, 201]);
    }

    #[test]
    fn identifiers_fit_addresses() {
        for (name, id) in [("webshop", "webshop"), ("Über Shop", "ber-shop"), ("..", "module"), ("a_b.c", "a_b.c")] {
            assert_eq!(id_of(name), id);
            assert!(is_id(&id_of(name)), "{name}");
        }
    }

    #[test]
    fn a_catalog_is_read_as_it_is_written() {
        let full = Catalog {
            api_version: API_VERSION.to_owned(),
            name: "n".into(),
            modules: vec![Module {
                id: "m".into(),
                title: "M".into(),
                description: "d".into(),
                category: "c".into(),
                keywords: vec!["k".into()],
                icon: "icons/m.svg".into(),
                home: "https://example.org".into(),
                example: true,
                versions: vec![crate::Version {
                    version: "1".into(),
                    app_version: "2".into(),
                    created: "2026-01-01T00:00:00Z".into(),
                    deprecated: true,
                    kind: crate::Kind::Descriptor,
                    url: "u".into(),
                    digest: "sha256:0".into(),
                    size: 3,
                    needs: vec![crate::Fact::Registry, crate::Fact::Credentials],
                    charts: vec![crate::BaseChart {
                        url: "c".into(),
                        digest: "sha256:1".into(),
                        size: 4,
                        revision: Some("r".into()),
                        ..crate::BaseChart::default()
                    }],
                    facts: Some(crate::Facts {
                        objects: 1,
                        images: 2,
                        urls: 3,
                        exposed: 9,
                        storage: 4,
                        components: 5,
                        crds: 6,
                        cluster_scoped: 7,
                        permissions: crate::Reach::Cluster,
                        problems: 8,
                        problem: "p".into(),
                    }),
                }],
            }],
            left_out: 0,
        };
        let json = serde_json::to_string_pretty(&full).expect("JSON");
        insta::assert_snapshot!(json);
        assert_eq!(read(&json), Ok(full));
    }
}
