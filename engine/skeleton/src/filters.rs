//! The built-in filters.

use std::cmp::Ordering;

use govalue::sort::sort_by;
use serde_json::Value;

use crate::error::Error;
use crate::predicates::holds;
use crate::render::{Arguments, Result, Run, size};
use crate::value::{self, Item, kind, text, truth};

/// Puts a value through a filter.
pub(crate) fn apply<'a>(
    run: &mut Run<'a>,
    name: &str,
    item: Item<'a>,
    mut arguments: Arguments<'a>,
) -> Result<Item<'a>> {
    run.step(0)?;
    let own = run.environment.filters.iter().find(|(own, _)| *own == name);
    if let Some((_, own)) = own {
        let made = own(item.get()?, &arguments.values()?).map_err(Error::operation)?;
        run.step(made.len())?;
        return Ok(Item::Made(made.into()));
    }
    if let "default" | "d" = name {
        let other = arguments.take("default_value").unwrap_or(Item::Made("".into()));
        let also_false = flag(arguments.take("boolean"))?;
        arguments.end()?;
        let missing = match &item {
            Item::Missing(_) => true,
            there => also_false && !truth(there.get()?),
        };
        return Ok(if missing { other } else { item });
    }
    let made = match item.get()? {
        // These are about each element.
        _ if matches!(name, "map" | "select" | "reject" | "selectattr" | "rejectattr") => {
            each(run, name, item, arguments)?
        }
        Value::Array(_) if matches!(name, "sort" | "unique") => sorted(run, name, item, arguments)?,
        value => {
            let made = one(name, value, &mut arguments)?;
            arguments.end()?;
            match made {
                Some(made) => made,
                None => return lists(name, item),
            }
        }
    };
    run.step(size(&made))?;
    Ok(Item::Made(made))
}

fn flag(item: Option<Item<'_>>) -> Result<bool> {
    item.map_or(Ok(false), |item| Ok(truth(item.get()?)))
}

/// Filters that make something from one value.
fn one(name: &str, value: &Value, arguments: &mut Arguments<'_>) -> Result<Option<Value>> {
    let made: Value = match name {
        "length" | "count" => match value {
            Value::Array(list) => list.len().into(),
            Value::Object(map) => map.len().into(),
            Value::String(text) => text.chars().count().into(),
            _ => return Err(Error::operation(format!("{} has no length", kind(value)))),
        },
        "lower" => text(value).to_lowercase().into(),
        "upper" => text(value).to_uppercase().into(),
        "trim" => text(value).trim().into(),
        "capitalize" => {
            let text = text(value);
            let mut characters = text.chars();
            let first = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            (first + &characters.as_str().to_lowercase()).into()
        }
        "string" => text(value).into(),
        "int" => match value {
            Value::Number(n) => n.as_f64().map(|n| n as i64).unwrap_or_default().into(),
            Value::Bool(b) => i64::from(*b).into(),
            other => {
                let text = text(other);
                let number = text.trim().parse::<i64>();
                number.map_err(|_| Error::operation(format!("{text:?} is no integer")))?.into()
            }
        },
        "tojson" => value::json(value).into(),
        "replace" => {
            let (from, to) = (arguments.need("old")?, arguments.need("new")?);
            text(value).replace(&*text(from.get()?), &text(to.get()?)).into()
        }
        "split" => {
            let text_ = text(value);
            match arguments.take("pat") {
                None => text_.split_whitespace().collect(),
                Some(at) => text_.split(&*text(at.get()?)).collect(),
            }
        }
        "lines" => text(value).lines().collect(),
        "items" => match value {
            Value::Object(map) => map.iter().map(|(k, v)| Value::Array(vec![k.as_str().into(), v.clone()])).collect(),
            _ => return Err(Error::operation(format!("{} has no entries", kind(value)))),
        },
        "join" => {
            let separator = arguments.take("d").map(Item::into_value).transpose()?;
            let separator = separator.as_ref().map(text).unwrap_or_default();
            let mut joined = String::new();
            for (i, element) in Item::Given(value).elements()?.iter().enumerate() {
                if i > 0 {
                    joined.push_str(&separator);
                }
                joined.push_str(&text(element.get()?));
            }
            joined.into()
        }
        _ => return Ok(None),
    };
    Ok(Some(made))
}

/// Filters that give elements of a list as they are.
fn lists<'a>(name: &str, item: Item<'a>) -> Result<Item<'a>> {
    let values = |items: Vec<Item<'a>>| {
        let values = items.into_iter().map(Item::into_value).collect::<Result<Vec<Value>>>();
        Ok(Item::Made(values?.into()))
    };
    match name {
        "first" => Ok(item.elements()?.into_iter().next().unwrap_or(Item::Missing("the first element"))),
        "last" => Ok(item.elements()?.pop().unwrap_or(Item::Missing("the last element"))),
        "list" => values(item.elements()?),
        "reverse" => match item.get()? {
            Value::String(text) => Ok(Item::Made(text.chars().rev().collect::<String>().into())),
            _ => {
                let mut items = item.elements()?;
                items.reverse();
                values(items)
            }
        },
        _ => Err(Error::operation(format!("there is no filter {name}"))),
    }
}

/// Filters that look at each element.
fn each<'a>(run: &mut Run<'a>, name: &str, item: Item<'a>, mut arguments: Arguments<'a>) -> Result<Value> {
    let elements = item.elements()?;
    let mut made = Vec::new();
    if name == "map" {
        let attribute = arguments.named("attribute");
        let default = arguments.named("default");
        let filter = if attribute.is_none() { Some(arguments.need("filter")?.into_value()?) } else { None };
        for element in elements {
            made.push(match (&attribute, &filter) {
                (Some(path), _) => match (at(element, path)?, &default) {
                    (Item::Missing(_), Some(default)) => default.clone().into_value()?,
                    (found, _) => found.into_value()?,
                },
                (None, filter) => {
                    let filter = filter.as_ref().map(text).unwrap_or_default();
                    apply(run, &filter, element, arguments.clone())?.into_value()?
                }
            });
        }
        if attribute.is_some() {
            arguments.end()?;
        }
        return Ok(made.into());
    }
    let attribute = if name.ends_with("attr") { Some(arguments.need("attribute")?) } else { None };
    let test = arguments.take("test").map(Item::into_value).transpose()?;
    for element in elements {
        run.step(0)?;
        let of = match &attribute {
            Some(path) => at(element.clone(), path)?,
            None => element.clone(),
        };
        let fits = match &test {
            Some(test) => holds(&text(test), &of, arguments.clone())?,
            // What is not there is not true.
            None => !matches!(of, Item::Missing(_)) && truth(of.get()?),
        };
        if fits == name.starts_with("select") {
            made.push(element.into_value()?);
        }
    }
    Ok(made.into())
}

/// What a path of fields leads to.
fn at<'a>(item: Item<'a>, path: &Item<'a>) -> Result<Item<'a>> {
    let path = path.get()?;
    let mut found = item;
    for key in text(path).split('.') {
        if matches!(found, Item::Missing(_)) {
            break;
        }
        found = match key.parse::<u32>() {
            Ok(index) => found.index(&index.into())?,
            Err(_) => found.index(&key.into())?,
        };
    }
    Ok(found)
}

/// A list in order, or each element of it once. Whether letters are capital makes no difference.
fn sorted<'a>(run: &mut Run<'a>, name: &str, item: Item<'a>, mut arguments: Arguments<'a>) -> Result<Value> {
    let reverse = name == "sort" && flag(arguments.take("reverse"))?;
    let exact = flag(arguments.named("case_sensitive"))?;
    let attribute = arguments.named("attribute");
    arguments.end()?;
    let mut keyed: Vec<(Value, Item<'a>)> = Vec::new();
    for element in item.elements()? {
        run.step(0)?;
        let key = match &attribute {
            Some(path) => at(element.clone(), path)?.into_value()?,
            None => element.get()?.clone(),
        };
        let key = if let (Value::String(text), false) = (&key, exact) { text.to_lowercase().into() } else { key };
        keyed.push((key, element));
    }
    let order = |a: &(Value, Item<'a>), b: &(Value, Item<'a>)| value::compare(&a.0, &b.0);
    if name == "unique" {
        let mut once: Vec<(Value, Item<'a>)> = Vec::new();
        for new in keyed {
            run.step(once.len())?;
            if !once.iter().any(|known| order(known, &new) == Ordering::Equal) {
                once.push(new);
            }
        }
        keyed = once;
    } else if reverse {
        sort_by(&mut keyed, |a, b| order(b, a));
    } else {
        sort_by(&mut keyed, order);
    }
    keyed.into_iter().map(|(_, element)| element.into_value()).collect::<Result<Vec<Value>>>().map(Value::from)
}
