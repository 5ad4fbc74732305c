//! What several shapes say together about one value.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Bound, More, Schema, Shape, ShapeId, Types};
use crate::path::{Path, Step};
use crate::pattern::Pattern;
use crate::value::Value;

/// How many shapes one value may have: more would be a loop of a hostile schema.
const MOST: usize = 64;

/// All shapes that hold for a value: `allOf` and `$ref` are taken together here, so nothing has to be merged.
#[derive(Clone)]
pub(crate) struct View<'s> {
    schema: &'s Schema,
    ids: Vec<ShapeId>,
}

impl<'s> View<'s> {
    pub(super) fn of(schema: &'s Schema, id: ShapeId) -> View<'s> {
        let mut view = View { schema, ids: Vec::new() };
        view.add(id);
        view
    }

    /// Nothing is said.
    pub(crate) fn any(schema: &'s Schema) -> View<'s> {
        View { schema, ids: Vec::new() }
    }

    fn add(&mut self, id: ShapeId) {
        if self.ids.len() >= MOST || self.ids.contains(&id) {
            return;
        }
        self.ids.push(id);
        for below in &self.schema.shape(id).all {
            self.add(*below);
        }
    }

    /// With another shape.
    pub(crate) fn and(&self, id: ShapeId) -> View<'s> {
        let mut view = self.clone();
        view.add(id);
        view
    }

    pub(crate) fn shapes(&self) -> impl Iterator<Item = &'s Shape> + '_ {
        self.ids.iter().map(|id| self.schema.shape(*id))
    }

    pub(crate) fn ids(&self) -> &[ShapeId] {
        &self.ids
    }

    pub(crate) fn schema(&self) -> &'s Schema {
        self.schema
    }

    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// With what `if` and its kind add for a value.
    pub(crate) fn resolved(&self, value: Option<&Value>) -> View<'s> {
        if self.shapes().all(|shape| shape.conditions.is_empty()) {
            return self.clone();
        }
        let empty = Value::empty_map();
        let value = value.unwrap_or(&empty);
        let mut view = self.clone();
        let mut at = 0;
        while let Some(id) = view.ids.get(at).copied() {
            for condition in &self.schema.shape(id).conditions {
                let holds = View::of(self.schema, condition.when).matches(value);
                if let Some(id) = if holds { condition.then } else { condition.otherwise } {
                    view.add(id);
                }
            }
            at += 1;
        }
        view
    }

    /// What is said about a key of a map.
    pub(crate) fn property(&self, key: &str) -> View<'s> {
        let mut view = View::any(self.schema);
        for shape in self.shapes() {
            let mut known = false;
            if let Some((_, id)) = shape.properties.iter().find(|(name, _)| **name == *key) {
                view.add(*id);
                known = true;
            }
            for (pattern, id) in &shape.patterns {
                if pattern.matches(key) == Some(true) {
                    view.add(*id);
                    known = true;
                }
            }
            if let (false, More::Of(id)) = (known, shape.more) {
                view.add(id);
            }
        }
        view
    }

    /// What is said about keys that have no names in the schema; none if nothing is.
    pub(crate) fn any_property(&self) -> Option<View<'s>> {
        let mut view = View::any(self.schema);
        for shape in self.shapes() {
            match shape.more {
                More::Of(id) => view.add(id),
                _ => shape.patterns.iter().take(1).for_each(|(_, id)| view.add(*id)),
            }
        }
        (!view.is_empty()).then_some(view)
    }

    /// What is said about an item of a list.
    pub(crate) fn item(&self, index: usize) -> View<'s> {
        let mut view = View::any(self.schema);
        for shape in self.shapes() {
            match (shape.first_items.get(index).copied(), shape.items) {
                (Some(id), _) | (None, More::Of(id)) => view.add(id),
                _ => {}
            }
        }
        view
    }

    /// What is said about the value at a path.
    pub(crate) fn at(&self, path: &Path, values: &Value) -> View<'s> {
        let mut view = self.clone();
        let mut value = Some(values);
        for step in path.steps() {
            view = view.chosen(value);
            view = match step {
                Step::Key(key) => view.property(key),
                Step::Index(index) => view.item(*index),
            };
            value = value.and_then(|value| value.child(step));
        }
        view
    }

    /// With what `if` adds, and the branches of `oneOf` and `anyOf` that a value matches.
    pub(crate) fn chosen(&self, value: Option<&Value>) -> View<'s> {
        let mut view = self.resolved(value);
        for branches in view.shapes().flat_map(|shape| shape.choices_of.clone()).collect::<Vec<_>>() {
            let Some(value) = value else { continue };
            if let Some(at) = view.matching(&branches, value) {
                branches.get(at).into_iter().for_each(|id| view.add(*id));
            }
        }
        view
    }

    /// Which of some branches a value matches; if none does, the one that comes nearest, if one stands out.
    pub(crate) fn matching(&self, branches: &[ShapeId], value: &Value) -> Option<usize> {
        let views: Vec<_> = branches.iter().map(|id| View::of(self.schema, *id)).collect();
        if let Some(at) = views.iter().position(|view| view.matches(value)) {
            return Some(at);
        }
        let fits: Vec<_> = views.iter().map(|view| view.fit(value)).collect();
        let best = *fits.iter().max()?;
        let mut with_best = fits.iter().enumerate().filter(|(_, fit)| **fit == best);
        match (with_best.next(), with_best.next()) {
            (Some((at, _)), None) if best > 0 => Some(at),
            _ => None,
        }
    }

    /// How well a value that does not match fits: constants count most, then keys, then its type.
    fn fit(&self, value: &Value) -> usize {
        if !self.types().has(value.kind()) {
            return 0;
        }
        let mut fit = 1;
        for (key, value) in value.as_map().into_iter().flatten() {
            let view = self.property(key);
            match view.choices() {
                Some(choices) if choices.contains(value) => fit += 10,
                Some(_) => return 0,
                None if !view.is_empty() && view.matches(value) => fit += 1,
                None => {}
            }
        }
        fit
    }

    /// The types that are left.
    pub(crate) fn types(&self) -> Types {
        self.shapes().filter_map(|shape| shape.types).fold(Types::ANY, Types::and)
    }

    /// The first text that is there.
    fn first_text(&self, get: impl Fn(&Shape) -> &Option<Rc<str>>) -> Option<Rc<str>> {
        self.shapes().find_map(|shape| get(shape).clone()).filter(|text| !text.is_empty())
    }

    pub(crate) fn title(&self) -> Option<Rc<str>> {
        self.first_text(|shape| &shape.title)
    }

    pub(crate) fn help(&self) -> Option<Rc<str>> {
        self.first_text(|shape| &shape.help)
    }

    pub(crate) fn format(&self) -> Option<Rc<str>> {
        self.first_text(|shape| &shape.format)
    }

    pub(crate) fn default(&self) -> Option<&'s Value> {
        self.shapes().find_map(|shape| shape.default.as_ref())
    }

    pub(crate) fn examples(&self) -> Vec<Value> {
        self.shapes().flat_map(|shape| shape.examples.iter().cloned()).collect()
    }

    /// The values of `enum` and `const` that all shapes allow.
    pub(crate) fn choices(&self) -> Option<Vec<Value>> {
        let mut sets = self.shapes().filter_map(|shape| shape.choices.as_ref());
        let mut out = sets.next()?.clone();
        for set in sets {
            out.retain(|value| set.contains(value));
        }
        Some(out)
    }

    /// The values to choose from: those of `enum` and `const`, or the constants of all branches.
    pub(crate) fn all_choices(&self) -> Option<Vec<Value>> {
        self.choices().or_else(|| {
            let branches = self.branches();
            let sets = branches.first()?.iter().map(|id| View::of(self.schema, *id).choices());
            Some(sets.collect::<Option<Vec<_>>>()?.concat())
        })
    }

    pub(crate) fn patterns(&self) -> impl Iterator<Item = &'s Pattern> + '_ {
        self.shapes().filter_map(|shape| shape.pattern.as_ref())
    }

    /// The largest of the lower bounds.
    pub(crate) fn minimum(&self) -> Bound {
        self.shapes().filter_map(|shape| shape.minimum.clone()).fold(None, |best: Bound, new| match best {
            Some(old) if old.0.value() > new.0.value() || (old.0 == new.0 && old.1) => Some(old),
            _ => Some(new),
        })
    }

    /// The smallest of the upper bounds.
    pub(crate) fn maximum(&self) -> Bound {
        self.shapes().filter_map(|shape| shape.maximum.clone()).fold(None, |best: Bound, new| match best {
            Some(old) if old.0.value() < new.0.value() || (old.0 == new.0 && old.1) => Some(old),
            _ => Some(new),
        })
    }

    pub(crate) fn any_shape(&self, is: impl Fn(&Shape) -> bool) -> bool {
        self.shapes().any(is)
    }

    /// Whether the schema names more keys than so many, some of them maybe twice.
    pub(crate) fn has_more_keys(&self, most: usize) -> bool {
        self.shapes().map(|shape| shape.properties.len()).sum::<usize>() > most
    }

    /// The keys that the schema names, in its order.
    pub(crate) fn keys(&self) -> Vec<Rc<str>> {
        let mut known = BTreeSet::new();
        let keys = self.shapes().flat_map(|shape| &shape.properties).map(|(key, _)| key);
        keys.filter(|key| known.insert(Rc::clone(key))).cloned().collect()
    }

    pub(crate) fn is_required(&self, key: &str) -> bool {
        self.shapes().any(|shape| shape.required.iter().any(|name| **name == *key))
    }

    pub(crate) fn required(&self) -> impl Iterator<Item = &'s Rc<str>> + '_ {
        self.shapes().flat_map(|shape| &shape.required)
    }

    /// The sets of branches of which one holds each.
    pub(crate) fn branches(&self) -> Vec<&'s [ShapeId]> {
        self.shapes().flat_map(|shape| shape.choices_of.iter().map(Vec::as_slice)).collect()
    }
}
