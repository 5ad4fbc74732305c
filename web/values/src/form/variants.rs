//! One of several shapes: `oneOf` and `anyOf` as a choice.

use std::rc::Rc;

use super::draw::{Pen, choice_label, distinct, with_null};
use super::here::Here;
use super::infer::{blank, label};
use super::{Choice, Item, Kind};
use crate::path::Path;
use crate::schema::{ShapeId, View};
use crate::value::{Map, Type, Value};

impl<'m> Pen<'m> {
    /// The type of a new value of a shape.
    pub(super) fn kind_of_new(&self, view: &View<'_>) -> Type {
        let view = view.branches().first().and_then(|b| b.first()).map_or_else(|| view.clone(), |id| view.and(*id));
        match &*view.types().list() {
            [one] => *one,
            _ if !view.keys().is_empty() => Type::Map,
            _ => Type::Text,
        }
    }

    /// What a value starts as when a person picks one of several shapes: what tells the shape apart. What they have set
    /// already stays where the shape has a place for it, or none has.
    fn start(&self, here: &Here<'m>, picked: &View<'_>, all: &[&View<'_>]) -> Value {
        if let Some([only]) = picked.choices().as_deref() {
            return only.clone();
        }
        let constants = picked.keys().into_iter().filter_map(|key| match picked.property(&key).choices().as_deref() {
            Some([only]) => Some((key, only.clone())),
            _ => None,
        });
        let constants: Map = constants.collect();
        let kind = self.kind_of_new(picked);
        if constants.is_empty() && kind != Type::Map {
            return blank(kind);
        }
        let mut out = Map::default();
        for (key, value) in here.own.and_then(Value::as_map).into_iter().flatten() {
            let inner = picked.property(key);
            let has_place = match inner.is_empty() {
                true => all.iter().all(|view| view.property(key).is_empty()),
                false => inner.matches(value),
            };
            match constants.get(key) {
                Some(constant) => out.insert(key.clone(), constant.clone()),
                None if has_place => out.insert(key.clone(), value.clone()),
                None => {}
            }
        }
        constants.iter().for_each(|(key, value)| out.insert(key.clone(), value.clone()));
        Value::from(out)
    }

    /// A choice between shapes.
    pub(super) fn branches(
        &mut self,
        path: &Path,
        here: &Here<'m>,
        view: &View<'_>,
        branches: &[ShapeId],
        is_required: bool,
        decided: usize,
    ) -> Item {
        let views: Vec<View<'_>> = branches.iter().map(|id| view.and(*id)).collect();
        let alone: Vec<View<'_>> = branches.iter().map(|id| View::any(view.schema()).and(*id)).collect();
        let is_null = |view: &View<'_>| view.types().list().is_empty() && !view.is_empty();
        let says = |view: &View<'_>| !view.types().is_any() || !view.keys().is_empty() || view.choices().is_some();
        let real: Vec<usize> =
            (0..alone.len()).filter(|i| alone.get(*i).is_some_and(|view| !is_null(view) && says(view))).collect();
        let [first, _, ..] = &*real else {
            // One shape, maybe with null beside it; or conditions that draw nothing.
            let view = real.first().and_then(|i| views.get(*i)).unwrap_or(view);
            return self.item(path, here, view, is_required, decided + 1);
        };
        let parts = || real.iter().filter_map(|i| alone.get(*i));
        let constants: Vec<_> = parts().filter_map(|view| view.choices().map(|choices| (view, choices))).collect();
        if constants.len() == real.len() && constants.iter().all(|(_, c)| c.iter().all(Value::is_scalar)) {
            let options = constants.into_iter().flat_map(|(view, choices)| {
                let title = view.title().filter(|_| choices.len() == 1);
                choices
                    .into_iter()
                    .map(move |v| Choice { label: title.clone().unwrap_or_else(|| choice_label(&v)), value: v })
            });
            let kind = Kind::Choice { options: with_null(distinct(options.collect()), path, here) };
            return self.done(path, here, view, is_required, kind);
        }
        let is_simple = |view: &View<'_>| {
            view.choices().is_none()
                && view.types().list().iter().all(|t| !matches!(t, Type::List | Type::Map))
                && !view.types().is_any()
        };
        if parts().all(is_simple) {
            let kind = self.scalar(path, here, views.get(*first).unwrap_or(view), None);
            return self.done(path, here, view, is_required, kind);
        }
        let value = here.value.filter(|v| **v != Value::Null);
        let ids: Vec<ShapeId> = real.iter().filter_map(|i| branches.get(*i)).copied().collect();
        let picked = self.state.picked.iter().rfind(|(at, _)| at == path).map(|(_, i)| *i).filter(|i| *i < real.len());
        let chosen = picked.or_else(|| value.and_then(|value| view.matching(&ids, value)));
        let mut items = Vec::new();
        if let Some(view) = chosen.and_then(|i| ids.get(i)).map(|id| view.and(*id)) {
            match self.item(path, here, &view, is_required, decided + 1) {
                // The keys of a map stand right below the choice; one that can be nothing else is what was chosen.
                Item::Group(group) => items = group.items.into_iter().filter(|item| !is_constant(item)).collect(),
                Item::Field(mut field) => {
                    // The choice itself has the key of the path.
                    field.key = format!("{}#variant", field.key).into();
                    items.push(Item::Field(field));
                }
            }
        }
        let options = parts().enumerate().map(|(i, view)| variant_label(view, i)).collect();
        let all: Vec<_> = parts().collect();
        let starts = parts().map(|view| self.start(here, view, &all)).collect();
        self.done(path, here, view, is_required, Kind::Variants { options, starts, chosen, items })
    }
}

/// Whether an item is a field whose value is the only one that it may have.
fn is_constant(item: &Item) -> bool {
    let Item::Field(field) = item else { return false };
    matches!(&field.kind, Kind::Choice { options } if matches!(&**options, [only] if Some(&only.value) == field.value.as_ref()))
}

/// A branch by its title, by the constant that tells it apart, or by its type.
fn variant_label(view: &View<'_>, index: usize) -> Rc<str> {
    if let Some(title) = view.title() {
        return title;
    }
    for key in view.keys() {
        if let Some([only]) = view.property(&key).choices().as_deref() {
            return only.shown().into();
        }
    }
    if let Some(required) = view.required().next() {
        return label(required);
    }
    match &*view.types().list() {
        [one] => label(one.name()),
        _ => match view.keys().first() {
            Some(key) => label(key),
            None => format!("Option {}", index + 1).into(),
        },
    }
}
