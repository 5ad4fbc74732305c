//! Search as people type, with facets.
//!
//! Everything that is compared is put in lower case once, so that a search is one pass over short texts.

mod facets;
mod rank;

pub use facets::{Count, Deploys, Facets};

use std::cmp::Reverse;

use crate::types::Catalog;
use rank::Texts;

/// What people look for. Empty: everything but examples of errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words, all of which must be found.
    pub query: String,
    /// Categories, of which a module has one.
    pub categories: Vec<String>,
    /// Keywords, all of which a module must have.
    pub keywords: Vec<String>,
    /// What must be true of what a module deploys.
    pub deploys: Vec<Deploys>,
    /// Examples of errors, in place of everything else.
    pub examples: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Places in [`Catalog::modules`]: with a query, the best first; without, by title.
    pub modules: Vec<usize>,
    /// What the search can be narrowed by.
    pub facets: Facets,
    /// Where nothing was found: what to leave out, and how many modules there are then.
    pub clear: Vec<(Clear, usize)>,
}

/// A part of a filter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clear {
    /// [`Filter::query`]
    Query,
    /// All of [`Filter::categories`]
    Categories,
    /// One of [`Filter::keywords`]
    Keyword(String),
    /// One of [`Filter::deploys`]
    Deploys(Deploys),
}

impl Filter {
    /// The same without one of its parts.
    #[must_use]
    pub fn without(&self, part: &Clear) -> Filter {
        let mut rest = self.clone();
        match part {
            Clear::Query => rest.query.clear(),
            Clear::Categories => rest.categories.clear(),
            Clear::Keyword(keyword) => rest.keywords.retain(|k| k != keyword),
            Clear::Deploys(deploys) => rest.deploys.retain(|d| d != deploys),
        }
        rest
    }

    /// The parts that can be left out.
    fn parts(&self) -> Vec<Clear> {
        let mut parts = Vec::new();
        if !self.query.trim().is_empty() {
            parts.push(Clear::Query);
        }
        if !self.categories.is_empty() {
            parts.push(Clear::Categories);
        }
        parts.extend(self.keywords.iter().cloned().map(Clear::Keyword));
        parts.extend(self.deploys.iter().copied().map(Clear::Deploys));
        parts
    }
}

/// A catalog made ready for searches.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    modules: Vec<Entry>,
}

/// A module as searches see it.
#[derive(Clone, Debug)]
struct Entry {
    texts: Texts,
    category: String,
    keywords: Vec<String>,
    deploys: Vec<Deploys>,
    example: bool,
}

impl Finder {
    /// Reads the texts of a catalog. Facts are those of each module's [`crate::Module::newest`] version.
    pub fn new(catalog: &Catalog) -> Finder {
        let entry = |module: &crate::Module| Entry {
            texts: Texts::of(module),
            category: module.category.clone(),
            keywords: module.keywords.clone(),
            deploys: Deploys::of(module),
            example: module.example,
        };
        Finder { modules: catalog.modules.iter().map(entry).collect() }
    }

    /// What a filter leaves, in an order that people expect. Linear in the texts of the catalog.
    pub fn find(&self, filter: &Filter) -> Found {
        let words = rank::words(&filter.query);
        let mut found: Vec<(Reverse<u32>, usize)> = Vec::new();
        let mut facets = facets::Counter::new(filter);
        for (at, entry) in self.modules.iter().enumerate() {
            if entry.example != filter.examples {
                continue;
            }
            let Some(score) = entry.texts.score(&words) else { continue };
            if entry.fits_narrow(filter) {
                facets.add_category(&entry.category);
                if entry.fits_category(filter) {
                    facets.add(&entry.keywords, &entry.deploys);
                    found.push((Reverse(score), at));
                }
            }
        }
        found.sort_unstable();
        let modules: Vec<usize> = found.into_iter().map(|(_, at)| at).collect();
        let clear = if modules.is_empty() { self.clear(filter) } else { Vec::new() };
        Found { modules, facets: facets.done(), clear }
    }

    /// How many modules a filter leaves.
    fn count(&self, filter: &Filter) -> usize {
        let words = rank::words(&filter.query);
        let fits = |entry: &&Entry| {
            entry.example == filter.examples
                && entry.fits_narrow(filter)
                && entry.fits_category(filter)
                && entry.texts.score(&words).is_some()
        };
        self.modules.iter().filter(fits).count()
    }

    /// The parts of a filter without which something is found.
    fn clear(&self, filter: &Filter) -> Vec<(Clear, usize)> {
        let counted = filter.parts().into_iter().map(|part| {
            let count = self.count(&filter.without(&part));
            (part, count)
        });
        counted.filter(|(_, count)| *count > 0).collect()
    }
}

impl Entry {
    fn fits_category(&self, filter: &Filter) -> bool {
        filter.categories.is_empty() || filter.categories.contains(&self.category)
    }

    fn fits_narrow(&self, filter: &Filter) -> bool {
        filter.keywords.iter().all(|keyword| self.keywords.contains(keyword))
            && filter.deploys.iter().all(|deploys| self.deploys.contains(deploys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Facts, Module, Reach, Version};

    fn catalog() -> Catalog {
        let module =
            |id: &str, title: &str, description: &str, category: &str, keywords: &str, facts: Option<Facts>| Module {
                id: id.into(),
                title: title.into(),
                description: description.into(),
                category: category.into(),
                keywords: keywords.split_whitespace().map(str::to_owned).collect(),
                example: category == "Errors",
                versions: vec![Version { version: "1.0.0".into(), url: "u".into(), facts, ..Version::default() }],
                ..Module::default()
            };
        let facts = |storage, permissions| Some(Facts { storage, permissions, urls: 1, ..Facts::default() });
        Catalog {
            modules: vec![
                module(
                    "identity",
                    "Identity",
                    "Accounts for the shop",
                    "Security",
                    "login sso",
                    facts(0, Reach::Namespace),
                ),
                module("ledger", "Ledger", "Books of a webshop", "Shop", "books", None),
                module("shop-db", "Shop database", "PostgreSQL", "Data", "sql", facts(8, Reach::None)),
                module("webshop", "Webshop", "Sells things", "Shop", "shop sso", facts(0, Reach::None)),
                module("broken", "Broken shop", "Fails", "Errors", "", facts(0, Reach::None)),
            ],
            ..Catalog::default()
        }
    }

    fn ids(filter: &Filter) -> String {
        let catalog = catalog();
        let found = Finder::new(&catalog).find(filter);
        found.modules.iter().map(|at| catalog.modules[*at].id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_best_comes_first() {
        for (query, want) in [
            ("", "identity ledger shop-db webshop"),
            ("  ", "identity ledger shop-db webshop"),
            ("shop", "shop-db webshop ledger identity"),
            ("SHOP data", "shop-db"),
            ("webshop", "webshop ledger"),
            ("sso", "identity webshop"),
            ("postgre", "shop-db"),
            ("ident", "identity"),
            ("nothing", ""),
        ] {
            assert_eq!(ids(&Filter { query: query.into(), ..Filter::default() }), want, "{query:?}");
        }
    }

    #[test]
    fn facets_narrow() {
        let categories = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        for (filter, want) in [
            (Filter { categories: categories(&["Shop"]), ..Filter::default() }, "ledger webshop"),
            (Filter { categories: categories(&["Shop", "Data"]), ..Filter::default() }, "ledger shop-db webshop"),
            (Filter { keywords: categories(&["sso"]), ..Filter::default() }, "identity webshop"),
            (Filter { keywords: categories(&["sso", "login"]), ..Filter::default() }, "identity"),
            (Filter { deploys: vec![Deploys::NoRights], ..Filter::default() }, "shop-db webshop"),
            (Filter { deploys: vec![Deploys::NoRights, Deploys::NoStorage], ..Filter::default() }, "webshop"),
            (Filter { examples: true, ..Filter::default() }, "broken"),
        ] {
            assert_eq!(ids(&filter), want, "{filter:?}");
        }
    }

    #[test]
    fn facets_are_counted_as_if_chosen() {
        let filter = Filter { query: "shop".into(), categories: vec!["Shop".into()], ..Filter::default() };
        let found = Finder::new(&catalog()).find(&filter);
        insta::assert_debug_snapshot!(found.facets);
    }

    #[test]
    fn where_nothing_is_found_it_is_said_what_to_clear() {
        let filter = Filter {
            query: "identity".into(),
            categories: vec!["Data".into()],
            keywords: vec!["sql".into()],
            ..Filter::default()
        };
        let finder = Finder::new(&catalog());
        assert_eq!(finder.find(&filter).clear, [(Clear::Query, 1)]);
        let filter = Filter { query: "zzz".into(), deploys: vec![Deploys::NoStorage], ..Filter::default() };
        assert_eq!(finder.find(&filter).clear, [(Clear::Query, 2)]);
        let filter = Filter { query: "postgresql".into(), deploys: vec![Deploys::NoStorage], ..Filter::default() };
        assert_eq!(finder.find(&filter).clear, [(Clear::Query, 2), (Clear::Deploys(Deploys::NoStorage), 1)]);
    }
}
