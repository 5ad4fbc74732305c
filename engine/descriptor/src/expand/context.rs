//! The objects that skeletons see.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object};

/// A name and its value.
pub(super) type Field = (&'static str, Value);

/// An object of a few fields, in their order.
#[derive(Debug)]
struct Fields(Vec<Field>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(*name)).collect())
    }
}

/// The fields as an object.
pub(super) fn object(fields: Vec<Field>) -> Value {
    Value::from_object(Fields(fields))
}

/// A text.
#[inline(never)]
pub(super) fn text(text: &str) -> Value {
    text.into()
}

/// A text, or `none`.
pub(super) fn optional(given: &Option<String>) -> Value {
    given.as_deref().map(text).into()
}

/// A list of texts.
pub(super) fn list(texts: &[String]) -> Value {
    texts.iter().map(|t| text(t)).collect::<Vec<Value>>().into()
}
