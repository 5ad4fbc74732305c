//! What a search can be narrowed by, and how much is left then.

use std::collections::BTreeMap;

use crate::find::Filter;
use crate::types::{Kind, Module, Reach};

/// How many modules have something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count<T> {
    /// What they have.
    pub value: T,
    /// How many there are if this is chosen, too.
    pub count: usize,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What a search can be narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Categories, by name. Of several that are chosen, a module has one.
    pub categories: Vec<Count<String>>,
    /// Keywords, the most frequent first; of equal ones by name.
    pub keywords: Vec<Count<String>>,
    /// What is true of what is deployed, in the order of [`Deploys`].
    pub deploys: Vec<Count<Deploys>>,
}

/// What people want to be true of what a module deploys. A module whose facts are not known has none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deploys {
    /// It creates no roles.
    NoRights,
    /// It creates nothing outside of namespaces, and no permissions of the whole cluster.
    NamespaceOnly,
    /// It claims no volumes.
    NoStorage,
    /// It can be reached from outside.
    Address,
    /// It is a descriptor with components.
    Components,
}

impl Deploys {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Deploys; 5] =
        [Deploys::NoRights, Deploys::NamespaceOnly, Deploys::NoStorage, Deploys::Address, Deploys::Components];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Deploys::NoRights => "no permissions",
            Deploys::NamespaceOnly => "one namespace only",
            Deploys::NoStorage => "no storage",
            Deploys::Address => "a web address",
            Deploys::Components => "several components",
        }
    }

    /// The word that addresses have.
    pub fn word(self) -> &'static str {
        match self {
            Deploys::NoRights => "no-rights",
            Deploys::NamespaceOnly => "namespace-only",
            Deploys::NoStorage => "no-storage",
            Deploys::Address => "address",
            Deploys::Components => "components",
        }
    }

    /// What a word in an address means.
    pub fn from_word(word: &str) -> Option<Deploys> {
        Deploys::ALL.into_iter().find(|deploys| deploys.word() == word)
    }

    /// What is true of a module.
    pub(super) fn of(module: &Module) -> Vec<Deploys> {
        let Some((version, facts)) = module.newest().and_then(|version| Some((version, version.facts.as_ref()?)))
        else {
            return Vec::new();
        };
        // What does not render has nothing, and nobody knows what it would have.
        let renders = facts.problems == 0;
        let holds = |deploys: &Deploys| match deploys {
            Deploys::NoRights => renders && facts.permissions == Reach::None,
            Deploys::NamespaceOnly => {
                renders && facts.permissions != Reach::Cluster && facts.cluster_scoped == 0 && facts.crds == 0
            }
            Deploys::NoStorage => renders && facts.storage == 0,
            Deploys::Address => facts.urls > 0,
            Deploys::Components => version.kind == Kind::Descriptor && facts.components > 1,
        };
        Deploys::ALL.into_iter().filter(holds).collect()
    }
}

/// Counts while a search goes over the modules.
pub(super) struct Counter<'a> {
    filter: &'a Filter,
    categories: BTreeMap<&'a str, usize>,
    keywords: BTreeMap<&'a str, usize>,
    deploys: [usize; Deploys::ALL.len()],
}

impl<'a> Counter<'a> {
    pub(super) fn new(filter: &'a Filter) -> Counter<'a> {
        // What is chosen stays to be seen, so that it can be taken back.
        Counter {
            filter,
            categories: filter.categories.iter().map(|name| (name.as_str(), 0)).collect(),
            keywords: filter.keywords.iter().map(|word| (word.as_str(), 0)).collect(),
            deploys: [0; Deploys::ALL.len()],
        }
    }

    /// Counts a module that fits but for its category.
    pub(super) fn add_category(&mut self, category: &'a str) {
        if !category.is_empty() {
            *self.categories.entry(category).or_default() += 1;
        }
    }

    /// Counts a module that fits.
    pub(super) fn add(&mut self, keywords: &'a [String], deploys: &[Deploys]) {
        for keyword in keywords {
            *self.keywords.entry(keyword).or_default() += 1;
        }
        for (all, count) in Deploys::ALL.iter().zip(&mut self.deploys) {
            *count += usize::from(deploys.contains(all));
        }
    }

    pub(super) fn done(self) -> Facets {
        let counted = |counts: BTreeMap<&str, usize>, chosen: &[String]| -> Vec<Count<String>> {
            let count = |(value, count): (&str, usize)| Count {
                value: value.to_owned(),
                count,
                chosen: chosen.iter().any(|c| c == value),
            };
            counts.into_iter().map(count).collect()
        };
        let mut keywords = counted(self.keywords, &self.filter.keywords);
        // Stable: equal ones stay by name.
        keywords.sort_by_key(|keyword| std::cmp::Reverse(keyword.count));
        let deploys = Deploys::ALL.into_iter().zip(self.deploys).map(|(value, count)| {
            let chosen = self.filter.deploys.contains(&value);
            Count { value, count, chosen }
        });
        Facets {
            categories: counted(self.categories, &self.filter.categories),
            keywords,
            deploys: deploys.filter(|deploys| deploys.count > 0 || deploys.chosen).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Facts, Version};

    #[test]
    fn what_does_not_render_is_not_said_to_lack_anything() {
        let module = |problems: u32| {
            let facts = Facts { problems, ..Facts::default() };
            Module { versions: vec![Version { facts: Some(facts), ..Version::default() }], ..Module::default() }
        };
        assert_eq!(Deploys::of(&module(0)), [Deploys::NoRights, Deploys::NamespaceOnly, Deploys::NoStorage]);
        assert!(Deploys::of(&module(1)).is_empty());
    }
}
