//! What may be asked of a value: `is defined` and the like.

use serde_json::Value;

use crate::error::Error;
use crate::parser::Operator;
use crate::render::{Arguments, Result};
use crate::value::{Item, binary, text};

/// Whether a test holds for a value.
pub(crate) fn holds(name: &str, item: &Item<'_>, mut arguments: Arguments<'_>) -> Result<bool> {
    let there = !matches!(item, Item::Missing(_));
    match name {
        "defined" => return arguments.end().map(|()| there),
        "undefined" => return arguments.end().map(|()| !there),
        _ => {}
    }
    let value = item.get()?;
    let operator = match name {
        "eq" | "equalto" => Operator::Equal,
        "ne" => Operator::NotEqual,
        "lt" | "lessthan" => Operator::Less,
        "le" => Operator::LessOrEqual,
        "gt" | "greaterthan" => Operator::Greater,
        "ge" => Operator::GreaterOrEqual,
        "in" => Operator::In,
        "startingwith" | "endingwith" => {
            let part = arguments.need("part")?;
            arguments.end()?;
            let (whole, part) = (text(value), text(part.get()?));
            return Ok(if name == "endingwith" { whole.ends_with(&*part) } else { whole.starts_with(&*part) });
        }
        _ => {
            arguments.end()?;
            return kinds(name, value);
        }
    };
    let other = arguments.need("other")?;
    arguments.end()?;
    Ok(binary(operator, value, other.get()?)? == Value::Bool(true))
}

fn kinds(name: &str, value: &Value) -> Result<bool> {
    Ok(match name {
        "none" => value.is_null(),
        "boolean" => value.is_boolean(),
        "true" => *value == Value::Bool(true),
        "false" => *value == Value::Bool(false),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "sequence" => value.is_array(),
        "mapping" => value.is_object(),
        "iterable" => value.is_array() || value.is_object() || value.is_string(),
        _ => return Err(Error::operation(format!("there is no test {name}"))),
    })
}
