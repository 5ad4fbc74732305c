//! Edits by path: what a form does.

use std::fmt;

use super::{Model, diff};
use crate::path::{Path, Step};
use crate::tree::nested;
use crate::value::Value;
use crate::yaml::{self, Edit, TextError};

/// Why an edit by path was not made. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The override's text is not YAML.
    InvalidText(TextError),
    /// What was typed for a field is not YAML.
    InvalidValue(TextError),
    /// There is no list at this path.
    NoList(Path),
    /// The list at this path has no such item.
    NoItem(Path, usize),
    /// There is no map at this path.
    NoMap(Path),
    /// There is no such key.
    NoKey(Path),
    /// There is such a key already.
    KeyExists(Path),
    /// A key must have a name.
    EmptyKey,
    /// The override's text has several documents.
    SeveralDocuments,
    /// The place is written in a way that cannot be changed without losing comments elsewhere, as with anchors.
    Entangled(Path),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::InvalidText(e) => write!(f, "the YAML has an error, so the form cannot change it: {e}"),
            Refused::InvalidValue(e) => write!(f, "this is not YAML: {e}"),
            Refused::NoList(path) => write!(f, "{path} is not a list"),
            Refused::NoItem(path, index) => write!(f, "{path} has no item {}", index + 1),
            Refused::NoMap(path) => write!(f, "{path} is not a map"),
            Refused::NoKey(path) => write!(f, "there is no {path}"),
            Refused::KeyExists(path) => write!(f, "there is a {path} already"),
            Refused::EmptyKey => f.write_str("a key needs a name"),
            Refused::SeveralDocuments => {
                f.write_str("the YAML has several documents, which Helm merges: only the YAML editor can change it")
            }
            Refused::Entangled(path) => {
                write!(f, "{path} is written in a way that only the YAML editor can change, as with anchors")
            }
        }
    }
}

impl std::error::Error for Refused {}

impl Model {
    /// Sets the value at a path in the override. Only what differs is written: comments, order and spelling elsewhere
    /// stay. A list that the override does not have yet is taken over whole, as Helm replaces lists.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn set(&mut self, path: &Path, value: Value) -> Result<(), Refused> {
        let is_replaced = self.values.get(path).is_some_and(|old| is_replaced(old, &value));
        let edits = self.edits_for(path, value)?;
        // What is put in place of a value at once is undone apart from it.
        if is_replaced {
            self.checkpoint();
        }
        self.run(Some(path), edits, path)
    }

    /// Sets the value at a path to what a text of YAML stands for.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn set_yaml(&mut self, path: &Path, text: &str) -> Result<(), Refused> {
        let value = yaml::parse(text).map_err(Refused::InvalidValue)?;
        self.set(path, value)
    }

    /// Takes the value at a path out of the override, so that what is below counts again: a reset. Parents that edits by
    /// path made, and that are empty now, go too. Within a list, which others do not merge into, it becomes what stands
    /// at its place below; the list goes when edits by path took it over and nothing in it differs any more.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn unset(&mut self, path: &Path) -> Result<(), Refused> {
        self.check_text()?;
        if path.is_empty() {
            let edits = match &self.values {
                Value::Map(map) => map.keys().map(|key| Edit::Remove(Path::root().key(key))).collect(),
                _ => Vec::new(),
            };
            return self.run(None, edits, path);
        }
        if self.values.get(path).is_none() {
            return self.unset_above(path);
        }
        if let Some(at) = first_index(path) {
            return self.unset_in_list(&path.prefix(at), path);
        }
        let mut gone = path.clone();
        while let Some((parent, step)) = gone.split_last() {
            let is_alone =
                matches!((self.values.get(&parent), step), (Some(Value::Map(map)), Step::Key(_)) if map.len() == 1);
            if !is_alone || !self.made.contains(&parent) {
                break;
            }
            gone = parent;
        }
        self.run(None, vec![Edit::Remove(gone)], path)
    }

    /// Takes out what stands where a path would go on, such as a null in place of a map: it hides what is below.
    fn unset_above(&mut self, path: &Path) -> Result<(), Refused> {
        let above = (1..path.len()).map(|len| path.prefix(len)).take_while(|above| self.values.get(above).is_some());
        let Some(above) = above.last() else { return Ok(()) };
        match (self.values.get(&above), path.steps().get(above.len())) {
            (Some(Value::Map(_)), Some(Step::Key(_))) => Ok(()),
            // A list with fewer items than there are below gets those up to this one.
            (Some(Value::List(own)), Some(Step::Index(index))) => {
                let below = self.below.get(&above).and_then(Value::as_list).unwrap_or_default();
                let missing = below.get(own.len()..=*index).unwrap_or_default();
                if self.made.contains(&above) && [own.as_slice(), missing].concat() == below {
                    return self.unset(&above);
                }
                let inserts = missing.iter().zip(own.len()..);
                let inserts =
                    inserts.map(|(item, at)| Edit::Insert { list: above.clone(), index: at, value: item.clone() });
                self.run(None, inserts.collect(), path)
            }
            _ => self.unset(&above),
        }
    }

    fn unset_in_list(&mut self, list: &Path, path: &Path) -> Result<(), Refused> {
        let old = self.below.get(path);
        let mut values = match old {
            Some(old) => self.values.with(path.steps(), old.clone()),
            None => self.values.without(path.steps()),
        };
        let mut gone = path.clone();
        while let Some((parent, _)) = gone.split_last()
            && self.made.contains(list)
            && matches!(parent.last(), Some(Step::Key(_)))
            && values.get(&parent).is_some_and(Value::is_empty_collection)
            && self.below.get(&parent).is_none()
        {
            values = values.without(parent.steps());
            gone = parent;
        }
        let below = self.below.get(list);
        let is_same = match (values.get(list), below) {
            (None, None) => true,
            (Some(Value::List(own)), None) => own.is_empty(),
            (own, below) => own == below,
        };
        if self.made.contains(list) && is_same {
            return self.unset(list);
        }
        let edits = match (old, self.values.get(path)) {
            (Some(old), Some(own)) => diff::edits(path, own, old),
            _ => vec![Edit::Remove(gone)],
        };
        self.run(None, edits, path)
    }

    /// Puts an item into a list, before the one with this index or behind the last.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn insert_item(&mut self, list: &Path, index: usize, value: Value) -> Result<(), Refused> {
        self.check_text()?;
        let mut items = match self.effective.get(list) {
            Some(Value::List(items)) => Vec::clone(items),
            None | Some(Value::Null) => Vec::new(),
            Some(_) => return Err(Refused::NoList(list.clone())),
        };
        if index > items.len() {
            return Err(Refused::NoItem(list.clone(), index));
        }
        if matches!(self.values.get(list), Some(Value::List(_))) {
            return self.run(None, vec![Edit::Insert { list: list.clone(), index, value }], list);
        }
        items.insert(index, value);
        let edits = self.edits_for(list, Value::from(items))?;
        self.run(None, edits, list)
    }

    /// Takes an item out of a list. The list stays, if need be as an empty one.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn remove_item(&mut self, list: &Path, index: usize) -> Result<(), Refused> {
        let mut items = self.items_with(list, &[index])?;
        if matches!(self.values.get(list), Some(Value::List(_))) {
            return self.run(None, vec![Edit::Remove(list.index(index))], list);
        }
        items.remove(index);
        let edits = self.edits_for(list, Value::from(items))?;
        self.run(None, edits, list)
    }

    /// Brings an item of a list to where another is.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn move_item(&mut self, list: &Path, from: usize, to: usize) -> Result<(), Refused> {
        let mut items = self.items_with(list, &[from, to])?;
        if from == to {
            return Ok(());
        }
        if matches!(self.values.get(list), Some(Value::List(_))) {
            return self.run(None, vec![Edit::Move { list: list.clone(), from, to }], list);
        }
        let item = items.remove(from);
        items.insert(to, item);
        let edits = self.edits_for(list, Value::from(items))?;
        self.run(None, edits, list)
    }

    /// The items of a list that has these.
    fn items_with(&self, list: &Path, indexes: &[usize]) -> Result<Vec<Value>, Refused> {
        self.check_text()?;
        let items = match self.effective.get(list) {
            Some(Value::List(items)) => Vec::clone(items),
            _ => return Err(Refused::NoList(list.clone())),
        };
        match indexes.iter().find(|i| **i >= items.len()) {
            Some(index) => Err(Refused::NoItem(list.clone(), *index)),
            None => Ok(items),
        }
    }

    /// Adds a key to a map.
    ///
    /// # Errors
    /// [`Refused`], also if there is such a key; nothing has changed then.
    pub fn add_key(&mut self, map: &Path, key: &str, value: Value) -> Result<(), Refused> {
        self.check_text()?;
        self.check_key(map, key)?;
        self.set(&map.key(key), value)
    }

    fn check_key(&self, map: &Path, key: &str) -> Result<(), Refused> {
        let path = map.key(key);
        match self.effective.get(map) {
            _ if key.is_empty() => Err(Refused::EmptyKey),
            Some(Value::Map(map)) if map.get(key).is_some() => Err(Refused::KeyExists(path)),
            Some(Value::Map(_) | Value::Null) | None => Ok(()),
            Some(_) => Err(Refused::NoMap(map.clone())),
        }
    }

    /// Gives a key of a map another name. A key that others set is taken away by a null.
    ///
    /// # Errors
    /// [`Refused`], also if there is such a key; nothing has changed then.
    pub fn rename_key(&mut self, path: &Path, name: &str) -> Result<(), Refused> {
        self.check_text()?;
        let Some((map, Step::Key(old))) = path.split_last() else { return Err(Refused::NoKey(path.clone())) };
        let Some(value) = self.effective.get(path).cloned() else { return Err(Refused::NoKey(path.clone())) };
        if **old == *name {
            return Ok(());
        }
        self.check_key(&map, name)?;
        let in_list = first_index(path).is_some();
        let is_below = !in_list && self.below.get(path).is_some();
        if self.values.get(path).is_some() && !is_below && self.values.get(&map.key(name)).is_none() {
            return self.run(None, vec![Edit::Rename(path.clone(), name.to_owned())], path);
        }
        let edits = if in_list {
            let renamed = Edit::Rename(path.clone(), name.to_owned()).tree(&self.effective);
            self.edits_for(&map, renamed.get(&map).cloned().unwrap_or_default())?
        } else {
            let renamed = self.values.with(map.key(name).steps(), value);
            let gone = if is_below { renamed.with(path.steps(), Value::Null) } else { renamed.without(path.steps()) };
            diff::edits(&Path::root(), &self.values, &gone)
        };
        self.run(None, edits, path)
    }

    /// Brings a value of the override to another path, where nothing is set yet. Parents that are empty then go.
    pub(crate) fn move_value(&mut self, from: &Path, to: &Path) -> Result<(), Refused> {
        let Some(value) = self.values.get(from).cloned() else { return Err(Refused::NoKey(from.clone())) };
        if self.values.get(to).is_some() {
            return Err(Refused::KeyExists(to.clone()));
        }
        // Beside it, the key alone changes, and comments stay.
        if let (Some((a, Step::Key(_))), Some((b, Step::Key(name)))) = (from.split_last(), to.split_last())
            && a == b
        {
            return self.run(None, vec![Edit::Rename(from.clone(), name.to_string())], from);
        }
        let mut gone = from.clone();
        while let Some((parent, _)) = gone.split_last()
            && !parent.is_empty()
            && !parent.contains(to)
            && self.values.get(&parent).and_then(Value::as_map).is_some_and(|map| map.len() == 1)
        {
            gone = parent;
        }
        let mut edits = self.edits_for(to, value)?;
        if !from.contains(to) {
            edits.push(Edit::Remove(gone));
        }
        self.run(None, edits, to)
    }

    /// Takes a key out of a map for good: if others set it, by a null.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn remove_key(&mut self, path: &Path) -> Result<(), Refused> {
        self.check_text()?;
        if self.effective.get(path).is_none() && self.values.get(path).is_none() {
            return Err(Refused::NoKey(path.clone()));
        }
        let in_list = first_index(path).is_some();
        if self.below.get(path).is_some() && !in_list { self.set(path, Value::Null) } else { self.remove_own(path) }
    }

    /// Takes a key of an item, or one that only the override has.
    fn remove_own(&mut self, path: &Path) -> Result<(), Refused> {
        self.check_text()?;
        if self.values.get(path).is_some() {
            return match first_index(path) {
                Some(_) => self.run(None, vec![Edit::Remove(path.clone())], path),
                None => self.unset(path),
            };
        }
        let Some((parent, _)) = path.split_last() else { return Ok(()) };
        let without = self.effective.without(path.steps());
        let edits = self.edits_for(&parent, without.get(&parent).cloned().unwrap_or_else(Value::empty_map))?;
        self.run(None, edits, path)
    }

    fn check_text(&self) -> Result<(), Refused> {
        match &self.error {
            Some(error) => Err(Refused::InvalidText(error.clone())),
            None if self.is_split() => Err(Refused::SeveralDocuments),
            None => Ok(()),
        }
    }

    /// The edits that set a path.
    fn edits_for(&self, path: &Path, value: Value) -> Result<Vec<Edit>, Refused> {
        self.check_text()?;
        if path.is_empty() {
            let value = yaml::as_values(value).map_err(Refused::InvalidValue)?;
            return Ok(diff::edits(path, &self.values, &value));
        }
        // Lists are replaced as a whole: those that the override has not are taken over.
        if let Some(at) = first_index(path) {
            let list = path.prefix(at);
            if !matches!(self.values.get(&list), Some(Value::List(_))) {
                let old = self.effective.get(&list).cloned().unwrap_or_default();
                let Value::List(items) = &old else { return Err(Refused::NoList(list)) };
                let rest = path.steps().get(at..).unwrap_or_default();
                if let Some(Step::Index(index)) = rest.first()
                    && *index > items.len()
                {
                    return Err(Refused::NoItem(list, *index));
                }
                return self.edits_for(&list, old.with(rest, value));
            }
        }
        // Down to the last that is there.
        let mut at = 0;
        let mut here = &self.values;
        while let Some(below) = path.steps().get(at).and_then(|step| here.child(step)) {
            (here, at) = (below, at + 1);
        }
        let place = path.prefix(at);
        let rest = path.steps().get(at..).unwrap_or_default();
        Ok(match (here, rest.split_first()) {
            (old, None) => diff::edits(path, old, &value),
            (Value::Map(_), Some((Step::Key(key), rest))) => {
                let after = self.keys_before(&place, key);
                vec![Edit::Add { map: place, key: key.to_string(), value: nested(rest, value), after }]
            }
            (Value::List(items), Some((Step::Index(index), rest))) if *index == items.len() => {
                vec![Edit::Insert { list: place, index: *index, value: nested(rest, value) }]
            }
            (Value::List(_), Some((Step::Index(index), _))) => return Err(Refused::NoItem(place, *index)),
            (_, Some((Step::Index(_), _))) => return Err(Refused::NoList(place)),
            (_, Some(_)) => vec![Edit::Replace(place, nested(rest, value))],
        })
    }

    /// The keys of a map that stand before another in the chart's values; `None` if that one is not there.
    fn keys_before(&self, map: &Path, key: &str) -> Option<Vec<String>> {
        let keys = self.below.get(map).and_then(Value::as_map)?;
        keys.get(key)?;
        let before: Vec<_> = keys.keys().take_while(|k| ***k != *key).collect();
        // Of a huge map, those nearby are enough.
        let near = before.get(before.len().saturating_sub(500)..).unwrap_or_default();
        Some(near.iter().map(ToString::to_string).collect())
    }

    /// Makes edits, all or none.
    fn run(&mut self, about: Option<&Path>, edits: Vec<Edit>, path: &Path) -> Result<(), Refused> {
        let mut text = self.text.clone();
        let mut values = self.values.clone();
        let mut changed = false;
        for edit in &edits {
            let (new_text, new_values) = yaml::apply(&text, edit).ok_or_else(|| Refused::Entangled(path.clone()))?;
            (text, values, changed) = (new_text.into(), new_values, true);
        }
        if !changed || *text == *self.text {
            return Ok(());
        }
        match about {
            Some(path) => self.remember(Some(path)),
            // A step of its own.
            None => {
                self.checkpoint();
                self.remember(Some(path));
                self.checkpoint();
            }
        }
        // Maps on the way that were not there are the form's, and so is a list that was taken over.
        for len in 1..=first_index(path).unwrap_or(path.len()) {
            let parent = path.prefix(len);
            let is_made = match values.get(&parent) {
                Some(Value::Map(_)) => len < path.len(),
                Some(Value::List(_)) => matches!(self.below.get(&parent), None | Some(Value::List(_))),
                _ => false,
            };
            if is_made && self.values.get(&parent).is_none() {
                self.made.push(parent);
            }
        }
        self.made.retain(|path| values.get(path).is_some());
        (self.text, self.values) = (text, values);
        self.refresh();
        Ok(())
    }
}

/// Whether a scalar takes the place of another, and does not come of it by typing on: by letters that are added or taken
/// out at one place.
fn is_replaced(old: &Value, new: &Value) -> bool {
    if !old.is_scalar() || !new.is_scalar() {
        return false;
    }
    let (old, new): (Vec<char>, Vec<char>) = (old.shown().chars().collect(), new.shown().chars().collect());
    let same = |pair: &(&char, &char)| pair.0 == pair.1;
    let before = old.iter().zip(&new).take_while(same).count();
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    before + behind < old.len().min(new.len())
}

/// Where a path goes into a list.
fn first_index(path: &Path) -> Option<usize> {
    path.steps().iter().position(|step| matches!(step, Step::Index(_)))
}
