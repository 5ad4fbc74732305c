//! Values as a person wrote them.

use std::fmt;
use std::rc::Rc;

/// A value of YAML, with the spelling of its numbers. Clones are cheap: collections are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`: to Helm, the key is to go.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Rc<str>),
    /// A list.
    List(Rc<Vec<Value>>),
    /// A map.
    Map(Rc<Map>),
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `null`
    Null,
    /// A boolean.
    Bool,
    /// A number without a fraction.
    Integer,
    /// A number with a fraction.
    Number,
    /// A string.
    Text,
    /// A list.
    List,
    /// A map.
    Map,
}

impl Type {
    /// Its name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Type::Null => "null",
            Type::Bool => "boolean",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Text => "string",
            Type::List => "list",
            Type::Map => "map",
        }
    }
}

impl Value {
    /// An empty map.
    pub fn empty_map() -> Value {
        Value::Map(Rc::default())
    }

    /// A map of one entry.
    pub fn map_of(key: &str, value: Value) -> Value {
        Value::from(Map::from_iter([(Rc::from(key), value)]))
    }

    /// What it is.
    pub fn kind(&self) -> Type {
        match self {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Number(n) if n.is_integer() => Type::Integer,
            Value::Number(_) => Type::Number,
            Value::Text(_) => Type::Text,
            Value::List(_) => Type::List,
            Value::Map(_) => Type::Map,
        }
    }

    /// Whether it is a string, number, boolean or null.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, Value::List(_) | Value::Map(_))
    }

    /// Whether it is a list or map without entries.
    pub fn is_empty_collection(&self) -> bool {
        match self {
            Value::List(list) => list.is_empty(),
            Value::Map(map) => map.is_empty(),
            _ => false,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The number with its spelling, if it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Value::Number(n) => Some(n),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(n) => Some(n.value()),
            _ => None,
        }
    }

    /// A scalar as a person reads it, without quotes; of a collection, how large it is.
    pub fn shown(&self) -> String {
        match self {
            Value::Null => "null".to_owned(),
            Value::Bool(b) => b.to_string(),
            Value::Number(n) => n.text().to_owned(),
            Value::Text(text) => text.to_string(),
            Value::List(list) if list.is_empty() => "[]".to_owned(),
            Value::Map(map) if map.is_empty() => "{}".to_owned(),
            Value::List(list) => counted(list.len(), "item", "items"),
            Value::Map(map) => counted(map.len(), "key", "keys"),
        }
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Bool(b)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Number(Number { text: n.to_string().into(), num: Num::Int(i128::from(n)) })
    }
}

impl From<Vec<Value>> for Value {
    fn from(list: Vec<Value>) -> Value {
        Value::List(Rc::new(list))
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Map(Rc::new(map))
    }
}

/// A number with its spelling. Numbers are equal when their values are.
#[derive(Clone, Debug)]
pub struct Number {
    text: Rc<str>,
    num: Num,
}

#[derive(Clone, Copy, Debug)]
enum Num {
    Int(i128),
    Float(f64),
}

impl Number {
    /// A number that YAML reads in this text, such as `8080`, `0755`, `1e3` or `0x1f`.
    pub fn new(text: &str) -> Option<Number> {
        crate::yaml::number(text)
    }

    pub(crate) fn of_int(text: &str, n: i128) -> Number {
        Number { text: text.into(), num: Num::Int(n) }
    }

    pub(crate) fn of_float(text: &str, n: f64) -> Number {
        Number { text: text.into(), num: Num::Float(n) }
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its value, as Helm's templates see it.
    pub fn value(&self) -> f64 {
        match self.num {
            Num::Int(n) => n as f64,
            Num::Float(n) => n,
        }
    }

    /// What templates get instead, if it has more digits than they can see: Helm reads numbers as floating-point ones.
    pub fn rounded(&self) -> Option<String> {
        match self.num {
            Num::Int(n) if (n as f64) as i128 != n => Some(format!("{:.0}", n as f64)),
            _ => None,
        }
    }

    /// Its plain spelling, if it is written in another one, such as `0755`, `1e3` or `1.20`.
    pub fn respelled(&self) -> Option<String> {
        let plain = match self.num {
            Num::Int(n) => n.to_string(),
            Num::Float(n) => n.to_string(),
        };
        (plain != *self.text).then_some(plain)
    }

    /// Whether it has no fraction.
    pub fn is_integer(&self) -> bool {
        match self.num {
            Num::Int(_) => true,
            Num::Float(n) => n.fract() == 0.0,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        match (self.num, other.num) {
            (Num::Int(a), Num::Int(b)) => a == b,
            _ => self.value() == other.value(),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A map that keeps the order of its keys. The order does not matter to equality.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<(Rc<str>, Value)>,
    /// The places of the entries in the order of their keys; empty as long as there are few.
    sorted: Vec<u32>,
}

/// Up to so many keys are looked through one by one.
const FEW: usize = 24;

impl Map {
    /// Where a key is; else where its place would be put in among the sorted.
    fn find(&self, key: &str) -> Result<usize, usize> {
        if self.entries.len() <= FEW {
            return self.entries.iter().position(|(k, _)| **k == *key).ok_or(0);
        }
        let key_at = |at: &u32| self.entries.get(*at as usize).map_or("", |(k, _)| &**k);
        self.sorted.binary_search_by(|at| key_at(at).cmp(key)).map(|i| self.sorted[i] as usize)
    }

    /// Sorts the places anew.
    fn sort(&mut self) {
        self.sorted.clear();
        if self.entries.len() > FEW {
            for at in 0..self.entries.len() {
                let key = &*self.entries[at].0;
                let place = self.sorted.binary_search_by(|other| self.entries[*other as usize].0.as_ref().cmp(key));
                self.sorted.insert(place.unwrap_or_else(|place| place), at as u32);
            }
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let at = self.find(key).ok()?;
        self.entries.get(at).map(|(_, value)| value)
    }

    /// Sets a key, at its place if it is there, else at the end.
    pub fn insert(&mut self, key: Rc<str>, value: Value) {
        match self.find(&key) {
            Ok(at) => self.entries[at].1 = value,
            Err(place) => {
                let at = self.entries.len();
                self.entries.push((key, value));
                if at == FEW {
                    self.sort();
                } else if at > FEW {
                    self.sorted.insert(place, at as u32);
                }
            }
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.find(key).ok()?;
        let (_, value) = self.entries.remove(at);
        self.sort();
        Some(value)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (Rc<str>, Value)> {
        self.entries.iter()
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &Rc<str>> {
        self.entries.iter().map(|(k, _)| k)
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = &'m (Rc<str>, Value);
    type IntoIter = std::slice::Iter<'m, (Rc<str>, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl FromIterator<(Rc<str>, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Value)>>(entries: I) -> Map {
        let mut map = Map::default();
        entries.into_iter().for_each(|(k, v)| map.insert(k, v));
        map
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Map) -> bool {
        self.len() == other.len()
            && self.entries.iter().zip(&other.entries).all(|(a, b)| {
                // Most maps that are compared have their keys in the same order.
                if a.0 == b.0 { a.1 == b.1 } else { other.get(&a.0) == Some(&a.1) }
            })
    }
}
