//! What a person types, as a value.

use super::{Choice, Field, Kind};
use crate::schema::{Problem, is_quantity};
use crate::value::{Number, Value};
use crate::yaml;

impl Field {
    /// The value that a text typed into this field stands for. Lists, maps and variants are edited by what is in them;
    /// typed as a text, they are YAML.
    ///
    /// # Errors
    /// If the text is no value of the field's kind. The page keeps the text then, and shows what is wrong.
    pub fn read(&self, typed: &str) -> Result<Value, Problem> {
        Ok(match &self.kind {
            Kind::Text { is_loose: false, .. } | Kind::Multiline | Kind::Password => Value::from(typed),
            Kind::Text { is_loose: true, .. } => loose(typed),
            Kind::Number { is_integer, .. } => {
                let number = Number::new(typed.trim()).ok_or(Problem::NotANumber)?;
                if *is_integer && !number.is_integer() {
                    return Err(Problem::NotWhole);
                }
                Value::Number(number)
            }
            Kind::Boolean { is_text } => match typed {
                "true" | "false" if *is_text => Value::from(typed),
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => return Err(Problem::NotAChoice),
            },
            Kind::Choice { options } => {
                let find = |is: &dyn Fn(&Choice) -> bool| options.iter().find(|option| is(option));
                let found = find(&|o| o.id() == typed)
                    .or_else(|| find(&|o| o.value.shown() == typed))
                    .or_else(|| find(&|o| *o.label == *typed));
                found.ok_or(Problem::NotAChoice)?.value.clone()
            }
            Kind::Quantity { is_text } => {
                let typed = typed.trim();
                if !typed.is_empty() && !is_quantity(typed) {
                    return Err(Problem::Quantity);
                }
                match Number::new(typed) {
                    Some(number) if !is_text && !matches!(self.value, Some(Value::Text(_))) => Value::Number(number),
                    _ => Value::from(typed),
                }
            }
            Kind::List { .. } | Kind::Map { .. } | Kind::Variants { .. } | Kind::Yaml => {
                yaml::parse(typed).map_err(|e| Problem::Engine(e.to_string().into()))?
            }
        })
    }

    /// What a text that is typed into this field sets; `None` if it takes away what is set: an emptied field sets nothing
    /// where nothing was, or an empty text.
    ///
    /// # Errors
    /// As [`Field::read`].
    pub fn enter(&self, typed: &str) -> Result<Option<Value>, Problem> {
        let is_default =
            self.default.as_ref().is_some_and(|value| matches!(value, Value::Text(text) if text.is_empty()));
        if typed.is_empty() && is_default && !matches!(self.kind, Kind::Choice { .. } | Kind::Boolean { .. }) {
            return Ok(None);
        }
        let empties = match &self.kind {
            Kind::Yaml => typed.trim().is_empty(),
            Kind::Text { .. } | Kind::Multiline | Kind::Password | Kind::Number { .. } | Kind::Quantity { .. } => {
                typed.is_empty() && self.default.is_none()
            }
            _ => false,
        };
        if empties && self.stays { Ok(None) } else { self.read(typed).map(Some) }
    }

    /// What stands in the field: the counterpart of [`Field::read`].
    pub fn shown(&self) -> String {
        if let Some(typed) = &self.typed {
            return typed.to_string();
        }
        match (&self.value, &self.kind) {
            (None, _) => String::new(),
            (Some(value), Kind::Yaml | Kind::List { .. } | Kind::Map { .. } | Kind::Variants { .. }) => {
                yaml::to_text(value)
            }
            (Some(value), Kind::Choice { options }) => {
                let other = || if *value == Value::Null { String::new() } else { value.shown() };
                options.iter().find(|o| o.value == *value).map_or_else(other, Choice::id)
            }
            (Some(Value::Null), _) => String::new(),
            (Some(value), _) => value.shown(),
        }
    }
}

/// A number, a boolean or a text, whatever it looks like.
fn loose(typed: &str) -> Value {
    match typed {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        typed => Number::new(typed).map_or_else(|| Value::from(typed), Value::Number),
    }
}
