//! The values at a place of the form.

use std::rc::Rc;

use crate::model::Model;
use crate::path::{Path, Step};
use crate::value::{Map, Value};

/// The values at the path that is being drawn: looked up step by step, not each time from the top.
#[derive(Clone, Copy)]
pub(super) struct Here<'m> {
    /// As the chart gets it.
    pub(super) value: Option<&'m Value>,
    /// Without the override.
    pub(super) below: Option<&'m Value>,
    /// In the defaults, nulls among them.
    pub(super) raw: Option<&'m Value>,
    /// In the override.
    pub(super) own: Option<&'m Value>,
    /// What the chart has at the same place of another item of its list.
    pub(super) like: Option<&'m Value>,
    /// Whether the override sets it, or sets something else above it.
    pub(super) is_set: bool,
}

impl<'m> Here<'m> {
    pub(super) fn top(model: &'m Model) -> Here<'m> {
        let own = Some(model.values());
        let (value, below) = (Some(model.values_with_all()), Some(model.values_below()));
        Here { value, below, raw: Some(model.defaults()), own, like: None, is_set: true }
    }

    pub(super) fn at(model: &'m Model, path: &Path) -> Here<'m> {
        path.steps().iter().fold(Here::top(model), |here, step| here.child(step))
    }

    pub(super) fn child(&self, step: &Step) -> Here<'m> {
        let child = |value: Option<&'m Value>| value.and_then(|value| value.child(step));
        let own = child(self.own);
        let like = match step {
            Step::Key(_) => child(self.like),
            Step::Index(_) => [self.below, self.like]
                .into_iter()
                .flatten()
                .filter_map(Value::as_list)
                .find_map(|items| items.iter().find(|item| matches!(item, Value::Map(_)))),
        };
        let is_map = matches!((self.own, step), (Some(Value::Map(_)), Step::Key(_)));
        let is_set = self.is_set && (own.is_some() || !is_map);
        Here { value: child(self.value), below: child(self.below), raw: child(self.raw), own, like, is_set }
    }

    pub(super) fn key(&self, key: &Rc<str>) -> Here<'m> {
        self.child(&Step::Key(key.clone()))
    }

    /// The value that tells most about how a field looks: that of the chart, or else the present one, or
    /// else that of another item.
    pub(super) fn sample(&self) -> Option<&'m Value> {
        let some = |value: &&Value| **value != Value::Null;
        self.below.filter(some).or_else(|| self.value.filter(some)).or_else(|| self.like.filter(some))
    }

    /// The maps at this path.
    pub(super) fn maps(&self) -> impl Iterator<Item = &'m Map> + use<'m> {
        [self.below, self.value].into_iter().flatten().filter_map(Value::as_map)
    }
}
