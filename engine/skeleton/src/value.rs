//! Values: those that templates are given, and those that they make.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use crate::error::{Error, ErrorKind};
use crate::parser::Operator;

/// A value at hand.
#[derive(Clone, Debug)]
pub(crate) enum Item<'a> {
    /// What this name would be is not there.
    Missing(&'a str),
    /// A part of what was given.
    Given(&'a Value),
    /// Something new.
    Made(Value),
}

type Result<T> = std::result::Result<T, Box<Error>>;

impl<'a> Item<'a> {
    /// The value, which must be there.
    pub(crate) fn get(&self) -> Result<&Value> {
        match self {
            Item::Missing(name) => Err(missing(name)),
            Item::Given(value) => Ok(value),
            Item::Made(value) => Ok(value),
        }
    }

    /// The value for keeps.
    pub(crate) fn into_value(self) -> Result<Value> {
        match self {
            Item::Missing(name) => Err(missing(name)),
            Item::Given(value) => Ok(value.clone()),
            Item::Made(value) => Ok(value),
        }
    }

    fn key(self, key: &str) -> Option<Item<'a>> {
        match self {
            Item::Given(value) => value.get(key).map(Item::Given),
            Item::Made(Value::Object(mut map)) => map.swap_remove(key).map(Item::Made),
            _ => None,
        }
    }

    /// What a field of it is.
    pub(crate) fn field(self, name: &'a str) -> Result<Item<'a>> {
        self.get()?;
        Ok(self.key(name).unwrap_or(Item::Missing(name)))
    }

    /// What stands at an index or a key of it.
    pub(crate) fn index(self, index: &Value) -> Result<Item<'a>> {
        let place = match (self.get()?, index) {
            (Value::Array(list), Value::Number(n)) => n.as_i64().and_then(|i| place(i, list.len())),
            (Value::String(text), Value::Number(n)) => {
                let place = n.as_i64().and_then(|i| place(i, text.chars().count()));
                let character = place.and_then(|i| text.chars().nth(i)).map(|c| Item::Made(c.to_string().into()));
                return Ok(character.unwrap_or(Item::Missing("the element")));
            }
            _ => None,
        };
        let found = match (self, place, index) {
            (Item::Given(value), Some(place), _) => value.get(place).map(Item::Given),
            (Item::Made(Value::Array(mut list)), Some(place), _) if place < list.len() => {
                Some(Item::Made(list.swap_remove(place)))
            }
            (item, _, Value::String(key)) => item.key(key),
            _ => None,
        };
        Ok(found.unwrap_or(Item::Missing("the element")))
    }

    /// Its elements, its keys, or its characters.
    pub(crate) fn elements(self) -> Result<Vec<Item<'a>>> {
        let made = |value: Value| Item::Made(value);
        Ok(match self {
            Item::Missing(name) => return Err(missing(name)),
            Item::Given(Value::Array(list)) => list.iter().map(Item::Given).collect(),
            Item::Made(Value::Array(list)) => list.into_iter().map(made).collect(),
            other => match other.get()? {
                Value::Object(map) => map.keys().map(|key| made(key.as_str().into())).collect(),
                Value::String(text) => text.chars().map(|c| made(c.to_string().into())).collect(),
                value => return Err(Error::operation(format!("{} has no elements", kind(value)))),
            },
        })
    }
}

fn missing(name: &str) -> Box<Error> {
    Error::new(ErrorKind::Undefined, format!("{name} is not defined"))
}

/// The place that an index means: from the end if it is negative.
fn place(index: i64, length: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add_unsigned(length as u64)? } else { index };
    usize::try_from(index).ok()
}

/// The elements or characters of a value from one index to another.
pub(crate) fn slice(value: Item<'_>, from: Option<i64>, to: Option<i64>) -> Result<Value> {
    let text = value.get()?.is_string();
    if !text && !value.get()?.is_array() {
        return Err(Error::operation(format!("{} has no parts", kind(value.get()?))));
    }
    let elements = value.elements()?;
    let bound = |index: Option<i64>, default: usize| {
        index.map_or(default, |i| place(i, elements.len()).unwrap_or(0).min(elements.len()))
    };
    let (from, to) = (bound(from, 0), bound(to, elements.len()));
    let part = elements.get(from..to).unwrap_or_default().iter().cloned().map(Item::into_value);
    let part = part.collect::<Result<Vec<Value>>>()?;
    Ok(if text { part.iter().filter_map(Value::as_str).collect::<String>().into() } else { part.into() })
}

/// Whether a value counts as true.
pub(crate) fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// What kind of value it is, in words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "none",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// A value as JSON on one line.
pub(crate) fn json(value: &Value) -> String {
    // A value with keys that are texts is always JSON.
    serde_json::to_string(value).unwrap_or_default()
}

/// A value as it is printed: as in Python.
pub(crate) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => {
            let mut text = String::new();
            print(other, &mut text);
            Cow::Owned(text)
        }
    }
}

fn print(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(_) => out.push_str(&json(value)),
        Value::String(text) => quote(text, out),
        Value::Array(list) => {
            let mut separator = "[";
            for item in list {
                out.push_str(separator);
                print(item, out);
                separator = ", ";
            }
            out.push_str(if list.is_empty() { "[]" } else { "]" });
        }
        Value::Object(map) => {
            let mut separator = "{";
            for (key, item) in map {
                out.push_str(separator);
                quote(key, out);
                out.push_str(": ");
                print(item, out);
                separator = ", ";
            }
            out.push_str(if map.is_empty() { "{}" } else { "}" });
        }
    }
}

/// A string in a list or a map.
fn quote(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == '\\' || c == quote => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push(quote);
}

/// Which of two values comes first. Values of different kinds have an order too.
pub(crate) fn compare(a: &Value, b: &Value) -> Ordering {
    let rank = |v: &Value| match v {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    };
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => float(a).total_cmp(&float(b)),
        },
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => {
            let different = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|o| o.is_ne());
            different.unwrap_or(a.len().cmp(&b.len()))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| compare(value, other).is_eq()));
            if same { Ordering::Equal } else { a.len().cmp(&b.len()).then(Ordering::Less) }
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// What comes out of an operator, but for `and` and `or`.
pub(crate) fn binary(operator: Operator, a: &Value, b: &Value) -> Result<Value> {
    let order = || compare(a, b);
    Ok(match operator {
        Operator::Equal => order().is_eq().into(),
        Operator::NotEqual => order().is_ne().into(),
        Operator::Less => order().is_lt().into(),
        Operator::LessOrEqual => order().is_le().into(),
        Operator::Greater => order().is_gt().into(),
        Operator::GreaterOrEqual => order().is_ge().into(),
        Operator::In => contains(b, a)?.into(),
        Operator::Join => [text(a), text(b)].concat().into(),
        _ => match (a, b) {
            (Value::String(a), Value::String(b)) if operator == Operator::Plus => {
                [a.as_str(), b.as_str()].concat().into()
            }
            (Value::Array(a), Value::Array(b)) if operator == Operator::Plus => {
                [a.as_slice(), b.as_slice()].concat().into()
            }
            (Value::Number(x), Value::Number(y)) => calculate(operator, x, y)
                .ok_or_else(|| Error::operation(format!("cannot calculate with {x} and {y} here")))?
                .into(),
            _ => return Err(Error::operation(format!("cannot calculate with {} and {}", kind(a), kind(b)))),
        },
    })
}

fn calculate(operator: Operator, a: &Number, b: &Number) -> Option<Number> {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64())
        && operator != Operator::Divide
    {
        let (quotient, remainder) = (a.checked_div(b), a.checked_rem(b));
        // As in Python, the remainder has the sign of what was divided by.
        let down = i64::from(remainder.is_some_and(|r| r != 0 && (r < 0) != (b < 0)));
        let number = match operator {
            Operator::Plus => a.checked_add(b),
            Operator::Minus => a.checked_sub(b),
            Operator::Times => a.checked_mul(b),
            Operator::DivideFloor => quotient.and_then(|q| q.checked_sub(down)),
            _ => remainder.and_then(|r| r.checked_add(b * down)),
        };
        return number.map(Number::from);
    }
    let (a, b) = (float(a), float(b));
    Number::from_f64(match operator {
        Operator::Plus => a + b,
        Operator::Minus => a - b,
        Operator::Times => a * b,
        Operator::Divide => a / b,
        Operator::DivideFloor => (a / b).floor(),
        _ => a - b * (a / b).floor(),
    })
}

/// Whether a list has an element, a map a key, a string a part.
pub(crate) fn contains(whole: &Value, part: &Value) -> Result<bool> {
    Ok(match (whole, part) {
        (Value::Array(list), _) => list.iter().any(|item| compare(item, part).is_eq()),
        (Value::Object(map), Value::String(key)) => map.contains_key(key),
        (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
        (Value::Object(_) | Value::String(_), _) => false,
        _ => return Err(Error::operation(format!("{} has no elements", kind(whole)))),
    })
}

/// A map of these entries.
pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}
