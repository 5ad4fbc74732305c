//! What values are read from: serde's deserializers.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};

use crate::target::{Kind, Scalar, Target, Unfit};
use crate::types::Empty;

/// Reads a value of a type that is read by tables.
///
/// # Errors
/// What comes does not fit.
pub fn deserialize<'de, T: Target + Empty, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::empty();
    Seed(&mut value).deserialize(deserializer)?;
    Ok(value)
}

/// The items of a list.
pub trait Items {
    /// Reads the next one; `false` if there is none.
    ///
    /// # Errors
    /// It does not fit.
    fn next(&mut self, item: &mut dyn Target) -> Result<bool, Unfit>;
}

/// The fields of an object.
pub trait Fields {
    /// The name of the next one. With `closed`, it is one of those that are known.
    ///
    /// # Errors
    /// It is not, or the source is broken.
    fn next(&mut self, known: &'static [&'static str], closed: bool) -> Result<Option<Name>, Unfit>;

    /// Reads the value of the field whose name came last.
    ///
    /// # Errors
    /// It does not fit.
    fn value(&mut self, value: &mut dyn Target) -> Result<(), Unfit>;
}

/// The name of a field.
#[derive(Debug, PartialEq, Eq)]
pub enum Name {
    /// Its index among those that are known.
    Known(usize),
    /// Another.
    Unknown(String),
}

/// Reads into a target.
struct Seed<'t>(&'t mut dyn Target);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0.kind() {
            Kind::Any => deserializer.deserialize_any(self),
            Kind::Bool => deserializer.deserialize_bool(self),
            // Formats that say what their values are read all numbers alike.
            Kind::Number => deserializer.deserialize_i64(self),
            Kind::Str => deserializer.deserialize_str(self),
            Kind::String => deserializer.deserialize_string(self),
            Kind::List => deserializer.deserialize_seq(self),
            Kind::Object => deserializer.deserialize_map(self),
            Kind::Option => deserializer.deserialize_option(self),
            Kind::Nothing => deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ()),
        }
    }
}

impl Seed<'_> {
    fn scalar<E: Error>(self, scalar: Scalar<'_>, found: Unexpected<'_>) -> Result<(), E> {
        self.0.scalar(scalar).map_err(|unfit| error(unfit, found, &self))
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expected(f)
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<(), E> {
        self.scalar(Scalar::Bool(bool), Unexpected::Bool(bool))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.scalar(Scalar::Unsigned(number), Unexpected::Unsigned(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.scalar(Scalar::Signed(number), Unexpected::Signed(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.scalar(Scalar::Float(number), Unexpected::Float(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.scalar(Scalar::Str(text), Unexpected::Str(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<(), E> {
        if self.0.kind() == Kind::String {
            return self.scalar(Scalar::String(text), Unexpected::Str(""));
        }
        self.visit_str(&text)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(Scalar::Null, Unexpected::Unit)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0.some() {
            Some(value) => Seed(value).deserialize(deserializer),
            None => Err(D::Error::invalid_type(Unexpected::Option, &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        let mut items = Inner { source: items, error: None };
        let read = self.0.items(&mut items);
        items.result(read, Unexpected::Seq, &self)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<(), A::Error> {
        let mut fields = Inner { source: fields, error: None };
        let read = self.0.fields(&mut fields);
        fields.result(read, Unexpected::Map, &self)
    }
}

/// Why a value does not fit, as an error of its source.
#[cold]
fn error<E: Error>(unfit: Unfit, found: Unexpected<'_>, expected: &dyn Expected) -> E {
    match unfit {
        Unfit::Type => E::invalid_type(found, expected),
        Unfit::Value => E::invalid_value(found, expected),
        Unfit::Message(message) => E::custom(message),
        Unfit::Word(word, words) => E::unknown_variant(&word, words),
        Unfit::Twice(name) => E::duplicate_field(name),
        Unfit::Missing(name) => E::missing_field(name),
        Unfit::Inside => E::custom("a value in it does not fit"),
    }
}

/// The inside of a list or an object, with the error that ended it.
struct Inner<A, E> {
    source: A,
    error: Option<E>,
}

impl<A, E: Error> Inner<A, E> {
    /// Keeps an error.
    fn keep<T>(&mut self, result: Result<T, E>) -> Result<T, Unfit> {
        result.map_err(|error| {
            self.error = Some(error);
            Unfit::Inside
        })
    }

    fn result(self, read: Result<(), Unfit>, found: Unexpected<'_>, expected: &dyn Expected) -> Result<(), E> {
        read.map_err(|unfit| self.error.unwrap_or_else(|| error(unfit, found, expected)))
    }
}

impl<'de, A: SeqAccess<'de>> Items for Inner<A, A::Error> {
    fn next(&mut self, item: &mut dyn Target) -> Result<bool, Unfit> {
        let read = self.source.next_element_seed(Seed(item));
        Ok(self.keep(read)?.is_some())
    }
}

impl<'de, A: MapAccess<'de>> Fields for Inner<A, A::Error> {
    fn next(&mut self, known: &'static [&'static str], closed: bool) -> Result<Option<Name>, Unfit> {
        let read = self.source.next_key_seed(NameOf { known, closed });
        self.keep(read)
    }

    fn value(&mut self, value: &mut dyn Target) -> Result<(), Unfit> {
        let read = self.source.next_value_seed(Seed(value));
        self.keep(read)
    }
}

/// Looks a name up.
struct NameOf {
    known: &'static [&'static str],
    closed: bool,
}

impl<'de> DeserializeSeed<'de> for NameOf {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameOf {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        match self.known.iter().position(|known| *known == name) {
            Some(index) => Ok(Name::Known(index)),
            None if self.closed => Err(E::unknown_field(name, self.known)),
            None => Ok(Name::Unknown(name.to_owned())),
        }
    }
}
