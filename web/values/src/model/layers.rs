//! Who set a value.

use std::rc::Rc;

use super::Model;
use crate::path::{Path, Step};
use crate::value::Value;

/// Who set a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: there is no such value.
    #[default]
    Unset,
    /// The chart.
    Default,
    /// A layer, by its name.
    Layer(Rc<str>),
    /// The person.
    Override,
}

impl Origin {
    /// In words for the page: `default`, the layer's name, `yours`.
    pub fn name(&self) -> &str {
        match self {
            Origin::Unset => "unset",
            Origin::Default => "default",
            Origin::Layer(name) => name,
            Origin::Override => "yours",
        }
    }
}

/// A value that another one hides.
#[derive(Clone, Debug, PartialEq)]
pub struct Loser {
    /// Who set it.
    pub origin: Origin,
    /// What they set.
    pub value: Value,
}

/// A value as the chart gets it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effective {
    /// The value; none if nobody set one, or if a null took it away.
    pub value: Option<Value>,
    /// Who set it; of a map, the topmost of those who set something in it. Where the value is missing and this is not
    /// [`Origin::Unset`], that one took it away.
    pub origin: Origin,
    /// Those who set it, too, and do not count: the topmost first. Of maps, those whose keys are merged in.
    pub losers: Vec<Loser>,
}

/// What one layer says about a path.
enum Said<'v> {
    /// Nothing: those below count.
    Nothing,
    /// This.
    Value(&'v Value),
    /// It sets something else at a parent, so that nothing below counts.
    Hidden,
}

fn said<'v>(values: &'v Value, path: &Path) -> Said<'v> {
    let mut value = values;
    for step in path.steps() {
        value = match (value, step) {
            (Value::Map(map), Step::Key(key)) => match map.get(key) {
                Some(value) => value,
                None => return Said::Nothing,
            },
            (Value::List(list), Step::Index(index)) => match list.get(*index) {
                Some(value) => value,
                None => return Said::Hidden,
            },
            _ => return Said::Hidden,
        };
    }
    // Below a list, all is of the one who set the list.
    Said::Value(value)
}

impl Model {
    /// The values of all, the topmost first.
    fn all(&self) -> impl Iterator<Item = (Origin, &Value)> {
        let layers = self.layers.iter().rev().map(|layer| (Origin::Layer(layer.name.clone()), &layer.values));
        std::iter::once((Origin::Override, &self.values)).chain(layers).chain([(Origin::Default, &self.defaults)])
    }

    /// Who set the value at a path, without the rest of [`Model::effective`].
    pub fn origin(&self, path: &Path) -> Origin {
        for (origin, values) in self.all() {
            match said(values, path) {
                Said::Nothing => {}
                Said::Value(Value::Null) if origin == Origin::Default => return Origin::Unset,
                Said::Value(_) | Said::Hidden => return origin,
            }
            // Items of a list are of the one who set the list.
            if let Some(at) = path.steps().iter().position(|s| matches!(s, Step::Index(_)))
                && matches!(values.get(&path.prefix(at)), Some(Value::List(_)))
            {
                return origin;
            }
        }
        Origin::Unset
    }

    /// The value at a path, who set it, and who lost.
    pub fn effective(&self, path: &Path) -> Effective {
        let mut out = Effective { value: self.effective.get(path).cloned(), ..Effective::default() };
        out.origin = self.origin(path);
        let mut above = true;
        for (origin, values) in self.all() {
            if above {
                above = origin != out.origin;
                continue;
            }
            match said(values, path) {
                Said::Nothing => {}
                Said::Value(value) => out.losers.push(Loser { origin, value: value.clone() }),
                Said::Hidden => break,
            }
        }
        out
    }

    /// The paths that the override sets, in its order; lists count as a whole.
    pub fn set_paths(&self) -> Vec<Path> {
        match &self.values {
            Value::Map(map) if map.is_empty() => Vec::new(),
            values => values.leaves(true),
        }
    }

    /// Whether the override sets something at a path or below it.
    pub fn is_set(&self, path: &Path) -> bool {
        match said(&self.values, path) {
            Said::Value(_) => true,
            Said::Nothing => false,
            // A null or a scalar above: it is set, to nothing.
            Said::Hidden => true,
        }
    }
}
