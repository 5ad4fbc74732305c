//! What may be done to a tree of values.

use std::rc::Rc;

use crate::path::{Path, Step};
use crate::value::{Map, Value};

impl Value {
    /// The value at a path.
    pub fn get(&self, path: &Path) -> Option<&Value> {
        path.steps().iter().try_fold(self, |value, step| value.child(step))
    }

    /// The value a step below.
    pub fn child(&self, step: &Step) -> Option<&Value> {
        match (self, step) {
            (Value::Map(map), Step::Key(key)) => map.get(key),
            (Value::List(list), Step::Index(index)) => list.get(*index),
            _ => None,
        }
    }

    /// The same values with another one at a path. Parents that are missing, or are something else, become maps; an
    /// index must be that of an item, or the one behind the last.
    #[must_use]
    pub fn with(&self, path: &[Step], value: Value) -> Value {
        let Some((step, rest)) = path.split_first() else { return value };
        match (self, step) {
            (Value::List(list), Step::Index(index)) if *index <= list.len() => {
                let mut list = Vec::clone(list);
                match list.get_mut(*index) {
                    Some(item) => *item = item.with(rest, value),
                    None => list.push(nested(rest, value)),
                }
                Value::from(list)
            }
            (Value::Map(map), Step::Key(key)) => {
                let mut map = Map::clone(map);
                let below =
                    map.get(key).map_or_else(|| nested(rest, value.clone()), |old| old.with(rest, value.clone()));
                map.insert(key.clone(), below);
                Value::from(map)
            }
            _ => nested(path, value),
        }
    }

    /// The same values without that at a path.
    #[must_use]
    pub fn without(&self, path: &[Step]) -> Value {
        match (self, path) {
            (Value::Map(map), [Step::Key(key), rest @ ..]) if map.get(key).is_some() => {
                let mut map = Map::clone(map);
                match (rest, map.get(key)) {
                    ([_, ..], Some(below)) => map.insert(key.clone(), below.without(rest)),
                    _ => {
                        map.remove(key);
                    }
                }
                Value::from(map)
            }
            (Value::List(list), [Step::Index(index), rest @ ..]) if *index < list.len() => {
                let mut list = Vec::clone(list);
                match list.get_mut(*index) {
                    Some(item) if !rest.is_empty() => *item = item.without(rest),
                    _ => {
                        list.remove(*index);
                    }
                }
                Value::from(list)
            }
            _ => self.clone(),
        }
    }

    /// The paths of all scalars and empty collections, in order. Lists are taken as a whole if `lists` says so.
    pub fn leaves(&self, lists: bool) -> Vec<Path> {
        let mut out = Vec::new();
        self.add_leaves(&Path::root(), lists, &mut out);
        out
    }

    fn add_leaves(&self, path: &Path, lists: bool, out: &mut Vec<Path>) {
        match self {
            Value::Map(map) if !map.is_empty() => {
                map.iter().for_each(|(key, value)| value.add_leaves(&path.key(key), lists, out));
            }
            Value::List(list) if !list.is_empty() && !lists => {
                list.iter().enumerate().for_each(|(i, value)| value.add_leaves(&path.index(i), lists, out));
            }
            _ => out.push(path.clone()),
        }
    }
}

/// A value below the steps of a path: each a map of one key, or a list of one item.
pub(crate) fn nested(path: &[Step], value: Value) -> Value {
    path.iter().rev().fold(value, |value, step| match step {
        Step::Key(key) => Value::map_of(key, value),
        Step::Index(_) => Value::from(vec![value]),
    })
}

/// Lays values over others, as Helm does with the files of a user: maps merge, all else is replaced, nulls stay.
pub fn merge(below: &Value, over: &Value) -> Value {
    let (Value::Map(base), Value::Map(top)) = (below, over) else { return over.clone() };
    if base.is_empty() {
        return over.clone();
    }
    if top.is_empty() {
        return below.clone();
    }
    let mut out = Map::clone(base);
    for (key, value) in top.iter() {
        let merged = base.get(key).map_or_else(|| value.clone(), |old| merge(old, value));
        out.insert(key.clone(), merged);
    }
    Value::from(out)
}

/// [`merge`] with the keys in the order of what is laid over: what a chart says of its subcharts is what it is about.
pub(crate) fn merge_in_order(below: &Value, over: &Value) -> Value {
    let (Value::Map(base), Value::Map(top)) = (below, over) else { return over.clone() };
    let merged = top.iter().map(|(key, value)| {
        (key.clone(), base.get(key).map_or_else(|| value.clone(), |old| merge_in_order(old, value)))
    });
    let rest = base.iter().filter(|(key, _)| top.get(key).is_none()).cloned();
    Value::from(merged.chain(rest).collect::<Map>())
}

/// Lays a user's values over those of a chart: maps merge, all else is replaced, a null takes the chart's value away
/// and stays where the chart has none. A chart's own nulls count as no values.
pub fn coalesce(defaults: &Value, values: &Value) -> Value {
    coalesce_at(defaults, values, true)
}

fn coalesce_at(defaults: &Value, values: &Value, is_top: bool) -> Value {
    let (Value::Map(base), Value::Map(top)) = (defaults, values) else { return values.clone() };
    let mut out = Map::default();
    for (key, default) in base.iter() {
        match (top.get(key), default) {
            (None, Value::Null) => {}
            (None, default) => out.insert(key.clone(), without_nulls(default)),
            // Below the top, a null that the chart has as well is no removal.
            (Some(Value::Null), Value::Null) if !is_top => out.insert(key.clone(), Value::Null),
            (Some(Value::Null), _) => {}
            (Some(value), default) => out.insert(key.clone(), coalesce_at(default, value, false)),
        }
    }
    for (key, value) in top.iter() {
        if base.get(key).is_none() {
            out.insert(key.clone(), value.clone());
        }
    }
    Value::from(out)
}

/// The same without nulls in maps of maps; lists stay as they are.
fn without_nulls(value: &Value) -> Value {
    fn has_nulls(map: &Map) -> bool {
        map.iter().any(|(_, v)| match v {
            Value::Null => true,
            Value::Map(m) => has_nulls(m),
            _ => false,
        })
    }
    match value {
        Value::Map(map) if has_nulls(map) => {
            let kept = map.iter().filter(|(_, v)| *v != Value::Null);
            Value::Map(Rc::new(kept.map(|(k, v)| (k.clone(), without_nulls(v))).collect()))
        }
        _ => value.clone(),
    }
}
