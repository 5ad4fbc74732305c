//! Reading types from JSON.
//!
//! Types say which fields they have with [`object!`](crate::object), [`names!`](crate::names) lists the words of an
//! enum. What serde derives would do the same with code for each field of each type: a fortieth of the plugin.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::nearest;

/// A type that is read from a JSON value.
///
/// ```
/// use contract::{FromJson, Layers};
/// let layers = Layers::from_json(serde_json::json!({"set": ["a=1"]})).unwrap();
/// assert_eq!(layers.set, ["a=1"]);
/// let error = Layers::from_json(serde_json::json!({"files": ["a.yaml", 7]})).unwrap_err();
/// assert_eq!(error.to_string(), "files[1]: a number, where text belongs");
/// ```
pub trait FromJson: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// It is of another type, or something in it is.
    fn from_json(value: Value) -> Result<Self, Unfit>;
}

/// What does not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit(Box<Found>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    /// Where it is, such as `world.objects[0].name`.
    path: String,
    message: String,
    hint: Option<String>,
}

impl Unfit {
    /// Something that does not fit here.
    pub fn new(message: impl Into<String>) -> Unfit {
        Unfit(Box::new(Found { path: String::new(), message: message.into(), hint: None }))
    }

    /// A value of one type where another is wanted.
    pub fn type_of(value: &Value, wanted: &str) -> Unfit {
        let found = match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        Unfit::new(format!("{found}, where {wanted} belongs"))
    }

    /// A name that is not known here.
    pub fn unknown(what: &str, name: &str, known: &[&str]) -> Unfit {
        let mut unfit = Unfit::new(format!("unknown {what} `{name}` (known: `{}`)", known.join("`, `")));
        unfit.0.hint = nearest(name, known).map(|near| format!("did you mean {near:?}?"));
        unfit
    }

    /// What may help.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The same, seen from what has it: in a field of this name, or in an item such as `[0]`.
    #[must_use]
    pub fn below(mut self, part: &str) -> Unfit {
        let path = &mut self.0.path;
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        *path = format!("{part}{dot}{path}");
        self
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found { path, message, .. } = &*self.0;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(message)
    }
}

impl std::error::Error for Unfit {}

/// The fields of an object, each read by its name; what goes wrong shows at the end.
#[derive(Debug)]
pub struct Fields {
    given: Map<String, Value>,
    known: Vec<&'static str>,
    unfit: Option<Unfit>,
}

impl Fields {
    /// The fields of an object.
    ///
    /// # Errors
    /// It is none.
    pub fn of(value: Value) -> Result<Fields, Unfit> {
        match value {
            Value::Object(given) => Ok(Fields { given, known: Vec::new(), unfit: None }),
            other => Err(Unfit::type_of(&other, "an object")),
        }
    }

    /// Reads a field, where it is given.
    pub fn take<T: FromJson>(&mut self, name: &'static str, into: &mut T) {
        if let Some(value) = self.value(name) {
            match T::from_json(value) {
                Ok(value) => *into = value,
                Err(unfit) => self.fail(name, unfit),
            }
        }
    }

    /// Reads a field that must be there.
    pub fn need<T: FromJson>(&mut self, name: &'static str, into: &mut T) {
        if !self.given.contains_key(name) && self.unfit.is_none() {
            self.unfit = Some(Unfit::new(format!("missing field `{name}`")));
        }
        self.take(name, into);
    }

    fn value(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.given.remove(name)
    }

    fn fail(&mut self, name: &str, unfit: Unfit) {
        self.unfit.get_or_insert_with(|| unfit.below(name));
    }

    /// All fields are read.
    ///
    /// # Errors
    /// The first that did not fit or was missing, or one that nobody asked for.
    pub fn end(self) -> Result<(), Unfit> {
        // A misspelt field is missing too: its name is what went wrong.
        if let Some(name) = self.given.keys().next() {
            return Err(Unfit::unknown("field", name, &self.known));
        }
        self.unfit.map_or(Ok(()), Err)
    }
}

/// Reads a type with serde, through a JSON value.
///
/// # Errors
/// It does not fit.
pub fn deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_json(Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// How an object is read: the fields that it must have, those that it may have, and what it is without them.
///
/// ```
/// use contract::{FromJson, object};
/// #[derive(Debug, Default)]
/// struct Port { name: String, number: u32 }
/// object!(Port = Port { number: 80, ..Port::default() }; needs { name: "name" } takes { number: "portNumber" });
/// let port = Port::from_json(serde_json::json!({"name": "web"})).unwrap();
/// assert_eq!((port.name.as_str(), port.number), ("web", 80));
/// let error = Port::from_json(serde_json::json!({"portnumber": 1})).unwrap_err();
/// assert_eq!(error.hint(), Some("did you mean \"portNumber\"?"));
/// ```
#[macro_export]
macro_rules! object {
    ($type:ty; $($rest:tt)*) => {
        $crate::object!($type = <$type>::default(); $($rest)*);
    };
    ($type:ty = $start:expr; $(needs { $($needed:ident: $need:literal),* $(,)? })?
        $(takes { $($taken:ident: $take:literal),* $(,)? })?) => {
        impl $crate::FromJson for $type {
            fn from_json(value: $crate::export::Value) -> Result<$type, $crate::Unfit> {
                let mut fields = $crate::Fields::of(value)?;
                let mut read: $type = $start;
                $($(fields.need($need, &mut read.$needed);)*)?
                $($(fields.take($take, &mut read.$taken);)*)?
                fields.end().map(|()| read)
            }
        }

        $crate::deserialized!($type);
    };
}

/// How an enum is read: a word for each variant.
#[macro_export]
macro_rules! names {
    ($type:ty; $($word:literal => $variant:ident),* $(,)?) => {
        impl $crate::FromJson for $type {
            fn from_json(value: $crate::export::Value) -> Result<$type, $crate::Unfit> {
                const WORDS: &[&str] = &[$($word),*];
                const VARIANTS: &[$type] = &[$(<$type>::$variant),*];
                // Both have the same length.
                $crate::word(&value, WORDS).map(|at| VARIANTS[at])
            }
        }

        $crate::deserialized!($type);
    };
}

/// Has serde read a type as [`FromJson`] does.
#[macro_export]
#[doc(hidden)]
macro_rules! deserialized {
    ($type:ty) => {
        impl<'de> $crate::export::Deserialize<'de> for $type {
            fn deserialize<D: $crate::export::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                $crate::deserialize(deserializer)
            }
        }
    };
}

/// Which of the words a value is.
///
/// # Errors
/// It is none of them.
pub fn word(value: &Value, words: &[&str]) -> Result<usize, Unfit> {
    let found = value.as_str().ok_or_else(|| Unfit::type_of(value, "text"))?;
    words.iter().position(|w| *w == found).ok_or_else(|| Unfit::unknown("word", found, words))
}

impl FromJson for Value {
    fn from_json(value: Value) -> Result<Value, Unfit> {
        Ok(value)
    }
}

impl FromJson for Map<String, Value> {
    fn from_json(value: Value) -> Result<Map<String, Value>, Unfit> {
        match value {
            Value::Object(map) => Ok(map),
            other => Err(Unfit::type_of(&other, "an object")),
        }
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<String, Unfit> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(Unfit::type_of(&other, "text")),
        }
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<bool, Unfit> {
        value.as_bool().ok_or_else(|| Unfit::type_of(&value, "true or false"))
    }
}

impl FromJson for i64 {
    fn from_json(value: Value) -> Result<i64, Unfit> {
        value.as_i64().ok_or_else(|| unfit_number(&value))
    }
}

impl FromJson for u64 {
    fn from_json(value: Value) -> Result<u64, Unfit> {
        value.as_u64().ok_or_else(|| unfit_number(&value))
    }
}

impl FromJson for u32 {
    fn from_json(value: Value) -> Result<u32, Unfit> {
        value.as_u64().and_then(|n| n.try_into().ok()).ok_or_else(|| unfit_number(&value))
    }
}

impl FromJson for usize {
    fn from_json(value: Value) -> Result<usize, Unfit> {
        value.as_u64().and_then(|n| n.try_into().ok()).ok_or_else(|| unfit_number(&value))
    }
}

fn unfit_number(value: &Value) -> Unfit {
    match value {
        Value::Number(number) => Unfit::new(format!("{number} is out of range, or has a fraction")),
        other => Unfit::type_of(other, "a number"),
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Option<T>, Unfit> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Vec<T>, Unfit> {
        let Value::Array(items) = value else { return Err(Unfit::type_of(&value, "a list")) };
        let mut read = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            read.push(T::from_json(item).map_err(|unfit| unfit.below(&format!("[{i}]")))?);
        }
        Ok(read)
    }
}
