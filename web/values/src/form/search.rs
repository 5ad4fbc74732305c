//! Finding fields.

use std::rc::Rc;

use super::{Form, Group, Item, Kind, counts};
use crate::order::in_order;
use crate::path::Path;

/// A field that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The key of the field.
    pub key: Rc<str>,
    /// Its path.
    pub path: Path,
    /// How well it fits: the larger, the better.
    pub rank: u32,
}

impl Form {
    /// The fields that have all words of a query in their label, path, help or value; the best first.
    /// Capitals are not told apart from small letters where they are ASCII.
    pub fn search(&self, query: &str) -> Vec<Hit> {
        let words = words(query);
        if words.is_empty() {
            return Vec::new();
        }
        let mut hits: Vec<Hit> = Vec::new();
        for field in self.fields() {
            let rank = rank(&Item::Field(Box::new(field.clone_shallow())), &words);
            if rank > 0 {
                hits.push(Hit { key: field.key.clone(), path: field.path.clone(), rank });
            }
        }
        let ranks: Vec<u32> = hits.iter().map(|hit| u32::MAX - hit.rank).collect();
        in_order(&ranks).into_iter().filter_map(|i| hits.get(i).cloned()).collect()
    }

    /// The form with only the fields that fit a query, and that are changed if `changed_only` says so. Groups whose name
    /// fits keep all of their fields.
    #[must_use]
    pub fn filtered(&self, query: &str, changed_only: bool) -> Form {
        let words = words(query);
        if words.is_empty() && !changed_only {
            return self.clone();
        }
        Form { items: self.items.iter().filter_map(|item| kept(item, &words, changed_only)).collect(), ..self.clone() }
    }
}

fn words(query: &str) -> Vec<String> {
    query.split_whitespace().map(str::to_ascii_lowercase).collect()
}

fn kept(item: &Item, words: &[String], changed_only: bool) -> Option<Item> {
    let is_fit = words.is_empty() || rank(item, words) > 0;
    match item {
        Item::Group(group) => {
            // The name of a group stands for all that is in it.
            let words = if is_fit { &[] } else { words };
            let items: Vec<_> = group.items.iter().filter_map(|item| kept(item, words, changed_only)).collect();
            let (changed, problems) = counts(&items);
            (!items.is_empty()).then(|| Item::Group(Group { items, changed, problems, ..group.clone() }))
        }
        Item::Field(field) => {
            let inner = || field.kind.items().iter().any(|item| kept(item, words, changed_only).is_some());
            let is_changed = !changed_only || field.is_changed;
            ((is_fit && is_changed) || inner()).then(|| item.clone())
        }
    }
}

/// How well an item fits all words; 0 if it does not.
fn rank(item: &Item, words: &[String]) -> u32 {
    let (label, help, value) = match item {
        Item::Group(group) => (&group.label, &group.help, None),
        Item::Field(field) if field.is_secret => (&field.label, &field.help, None),
        Item::Field(field) => (&field.label, &field.help, field.value.as_ref().filter(|v| v.is_scalar())),
    };
    let label = label.to_ascii_lowercase();
    let path = item.path().map(|path| path.to_string().to_ascii_lowercase()).unwrap_or_default();
    let mut help_text = None;
    let mut value_text = None;
    let mut sum = 0;
    for word in words {
        let word = word.as_str();
        let last = path.rsplit('.').next().unwrap_or_default();
        sum += if label == word || last == word {
            100
        } else if label.starts_with(word) || last.starts_with(word) {
            60
        } else if label.contains(word) {
            40
        } else if path.contains(word) {
            30
        } else if value_text
            .get_or_insert_with(|| value.map(|v| v.shown().to_ascii_lowercase()).unwrap_or_default())
            .contains(word)
        {
            20
        } else if help_text.get_or_insert_with(|| help.to_ascii_lowercase()).contains(word) {
            10
        } else {
            return 0;
        };
    }
    sum
}

impl super::Field {
    /// The field without what is in it.
    fn clone_shallow(&self) -> super::Field {
        super::Field {
            key: self.key.clone(),
            path: self.path.clone(),
            label: self.label.clone(),
            help: self.help.clone(),
            value: self.value.clone(),
            is_secret: self.is_secret,
            kind: Kind::Yaml,
            ..super::Field::default()
        }
    }
}
