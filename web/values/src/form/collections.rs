//! Lists, and maps whose keys a person names.

use std::rc::Rc;

use super::draw::{MAX_KEYS, Pen, add_keys};
use super::here::Here;
use super::infer::{blank, is_free_map, is_list_of_maps, is_resources, others};
use super::{Field, Group, Item, Kind};
use crate::path::{Path, Step};
use crate::schema::{More, View};
use crate::value::{Type, Value};
use crate::yaml;

/// Longer lists and larger maps are edited as YAML.
const MAX_ITEMS: usize = 300;

impl<'m> Pen<'m> {
    /// The keys of a map that its schema lets a person name, beside those that it names itself.
    pub(super) fn further<'k>(
        &mut self,
        path: &Path,
        here: &Here<'m>,
        view: &View<'_>,
        inner: &View<'_>,
        keys: impl Iterator<Item = &'k Rc<str>>,
    ) -> Item {
        let entries = self.entries(path, here, view, keys);
        let new = self.kind_of_new(inner);
        let kind = Kind::Map { entries, new: blank(new), others: others_of(inner, new) };
        let mut field = Field { path: path.clone(), label: "Further keys".into(), kind, ..Field::default() };
        field.key = format!("{path}#further").into();
        (field.help, field.is_visible) = (inner.help().unwrap_or_default(), true);
        Item::Field(Box::new(field))
    }

    /// The entries of a map whose keys a person names.
    fn entries<'k>(
        &mut self,
        path: &Path,
        here: &Here<'m>,
        view: &View<'_>,
        keys: impl Iterator<Item = &'k Rc<str>>,
    ) -> Vec<Item> {
        keys.map(|key| self.entry(&path.key(key), &here.key(key), &view.property(key), false)).collect()
    }

    pub(super) fn map(&mut self, path: &Path, here: &Here<'m>, view: &View<'_>, is_required: bool) -> Item {
        let key = path.last_key().unwrap_or_default();
        // Keys that the chart sets to null have names, too; so have those of a list's other items.
        let has_keys = [here.below, here.raw, here.like]
            .into_iter()
            .flatten()
            .filter_map(Value::as_map)
            .any(|map| !map.is_empty());
        let named = view.keys();
        let is_open = view.any_property().is_none() && !is_free_map(key);
        let is_known = !named.is_empty() || (is_open && has_keys);
        if named.is_empty() && is_open && view.any_shape(|shape| shape.more == More::Nothing) {
            // Nothing may be in it.
            return match here.value.is_none_or(Value::is_empty_collection) {
                true => Item::Group(Group::default()),
                false => self.yaml(path, here, view, is_required),
            };
        }
        if here.maps().any(|map| map.len() > MAX_KEYS) || view.has_more_keys(MAX_KEYS) {
            return self.yaml(path, here, view, is_required);
        }
        if is_resources(key) && named.is_empty() {
            return self.resources(path, here, view);
        }
        if is_known {
            let items = self.map_items(path, here, view);
            return Item::Group(self.group(path, here, view, items));
        }
        let value = here.value.and_then(Value::as_map);
        if value.is_some_and(|map| map.len() > MAX_ITEMS) {
            return self.yaml(path, here, view, is_required);
        }
        let inner = view.any_property();
        let sample = value.and_then(|map| map.iter().next()).map(|(_, v)| v.kind());
        let (new, others) = match &inner {
            Some(inner) => {
                let new = self.kind_of_new(inner);
                (new, others_of(inner, new))
            }
            // Kubernetes takes nothing but text there.
            None if is_free_map(key) => (sample.unwrap_or(Type::Text), Vec::new()),
            None => {
                let new = sample.unwrap_or(Type::Text);
                (new, others(new))
            }
        };
        let mut keys: Vec<Rc<str>> = Vec::new();
        // In the order of what others set, among which may be what the override takes out.
        let own = here.own.and_then(Value::as_map);
        let is_there = |key: &&Rc<str>| {
            value.is_some_and(|map| map.get(key).is_some()) || own.is_some_and(|map| map.get(key).is_some())
        };
        let below = here.below.and_then(Value::as_map).into_iter().flat_map(|map| map.keys());
        add_keys(&mut keys, below.filter(is_there));
        add_keys(&mut keys, value.into_iter().flat_map(|map| map.keys()));
        let entries = self.entries(path, here, view, keys.iter());
        self.done(path, here, view, is_required, Kind::Map { entries, new: blank(new), others })
    }

    /// A container's resources: what can be set is known, whatever the chart says.
    fn resources(&mut self, path: &Path, here: &Here<'m>, view: &View<'_>) -> Item {
        let mut items = Vec::new();
        for part in ["requests", "limits"] {
            let part: Rc<str> = part.into();
            let (path, here) = (path.key(&part), here.key(&part));
            let mut keys: Vec<Rc<str>> = vec!["cpu".into(), "memory".into()];
            here.maps().for_each(|map| add_keys(&mut keys, map.keys()));
            let view = view.property(&part);
            let mut items_below: Vec<_> = keys
                .iter()
                .map(|key| self.item(&path.key(key), &here.key(key), &view.property(key), false, 0))
                .collect();
            for item in &mut items_below {
                if let Item::Field(field) = item {
                    field.stays = matches!(field.path.last_key(), Some("cpu" | "memory"));
                }
            }
            items.push(Item::Group(self.group(&path, &here, &view, items_below)));
        }
        let mut more: Vec<Rc<str>> = Vec::new();
        here.maps().for_each(|map| add_keys(&mut more, map.keys()));
        more.retain(|key| !["requests", "limits"].contains(&&**key));
        for key in more {
            items.push(self.item(&path.key(&key), &here.key(&key), &view.property(&key), false, 0));
        }
        Item::Group(self.group(path, here, view, items))
    }

    /// The type of the items of an empty list: by the sample in its comment, or by its name; `None` if neither tells.
    fn kind_of_item(&self, path: &Path) -> Option<Type> {
        let key = path.last_key().unwrap_or_default();
        let sample = self.note(path).and_then(|note| yaml::parse(&note.example).ok());
        let items = sample.as_ref().and_then(|sample| match sample {
            Value::Map(map) => map.get(key)?.as_list(),
            sample => sample.as_list(),
        });
        match items.and_then(<[Value]>::first) {
            Some(item) => Some(item.kind()),
            None => is_list_of_maps(key).then_some(Type::Map),
        }
    }

    pub(super) fn list(&mut self, path: &Path, here: &Here<'m>, view: &View<'_>, is_required: bool) -> Item {
        let items = here.value.and_then(Value::as_list).unwrap_or_default();
        if items.len() > MAX_ITEMS {
            return self.yaml(path, here, view, is_required);
        }
        let inner = view.item(items.len());
        let sample = items.first().or_else(|| here.sample().and_then(Value::as_list).and_then(<[Value]>::first));
        let (new, others) = match sample {
            _ if !inner.is_empty() => {
                let new = self.kind_of_new(&inner);
                (new, others_of(&inner, new))
            }
            Some(sample) => (sample.kind(), Vec::new()),
            None => match self.kind_of_item(path) {
                Some(new) => (new, Vec::new()),
                None => (Type::Text, others(Type::Text)),
            },
        };
        let mut drawn: Vec<Item> = (0..items.len())
            .map(|i| self.item(&path.index(i), &here.child(&Step::Index(i)), &view.item(i), false, 0))
            .collect();
        let added = self.new_item(path, here, view, items.len());
        let adding = added.is_some();
        drawn.extend(added);
        let kind = Kind::List {
            items: drawn,
            adding,
            new: blank(new),
            others,
            min: view.shapes().filter_map(|s| s.min_items).max(),
            max: view.shapes().filter_map(|s| s.most_items()).min(),
        };
        self.done(path, here, view, is_required, kind)
    }
    /// The item that a person is adding to a list of so many.
    pub(super) fn new_item(&mut self, path: &Path, here: &Here<'m>, view: &View<'_>, count: usize) -> Option<Item> {
        let new = self.state.new_item(path, count)?;
        let mut here = here.child(&Step::Index(count));
        // It looks like the others.
        here.like = here.like.or(Some(new));
        let before = (self.adding, self.demanded);
        (self.adding, self.demanded) = (true, false);
        let item = self.item(&path.index(count), &here, &view.item(count), false, 0);
        (self.adding, self.demanded) = before;
        Some(item)
    }
}

/// What a new item or entry may start as instead of a type: all that its schema leaves, where that is not one thing.
fn others_of(view: &View<'_>, new: Type) -> Vec<Value> {
    let decided = !view.keys().is_empty() || !view.branches().is_empty() || view.choices().is_some();
    let kinds = view.types().list();
    let is_collection = |kind: &Type| matches!(kind, Type::List | Type::Map);
    if decided || kinds.len() < 2 || !kinds.iter().any(is_collection) {
        return Vec::new();
    }
    others(new).into_iter().filter(|value| view.types().has(value.kind())).collect()
}
