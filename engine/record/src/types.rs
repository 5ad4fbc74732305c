//! How the types of fields are read.

use std::fmt;

use serde_json::{Map, Number, Value};

use crate::source::{Fields, Items, Name};
use crate::target::{Kind, Scalar, Target, Unfit};

/// What stands in a place until its value is read.
pub trait Empty: Sized {
    /// It is seen by nobody: a field without a value of its own that is not read is an error.
    fn empty() -> Self;
}

macro_rules! empty_by_default {
    ($($type:ty),*) => {
        $(impl Empty for $type {
            fn empty() -> $type {
                <$type>::default()
            }
        })*
    };
}

empty_by_default!(bool, i64, u32, u64, usize, String, Value, Map<String, Value>);

impl<T> Empty for Option<T> {
    fn empty() -> Option<T> {
        None
    }
}

impl<T> Empty for Vec<T> {
    fn empty() -> Vec<T> {
        Vec::new()
    }
}

impl Target for bool {
    fn kind(&self) -> Kind {
        Kind::Bool
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean")
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Unfit> {
        let Scalar::Bool(bool) = scalar else { return Err(Unfit::Type) };
        *self = bool;
        Ok(())
    }
}

macro_rules! integers {
    ($($type:ident),*) => {
        $(impl Target for $type {
            fn kind(&self) -> Kind {
                Kind::Number
            }

            fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($type))
            }

            fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Unfit> {
                let number = match scalar {
                    Scalar::Unsigned(number) => $type::try_from(number).ok(),
                    Scalar::Signed(number) => $type::try_from(number).ok(),
                    _ => return Err(Unfit::Type),
                };
                *self = number.ok_or(Unfit::Value)?;
                Ok(())
            }
        })*
    };
}

integers!(i64, u32, u64, usize);

impl Target for String {
    fn kind(&self) -> Kind {
        Kind::String
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Unfit> {
        *self = match scalar {
            Scalar::Str(text) => text.to_owned(),
            Scalar::String(text) => text,
            _ => return Err(Unfit::Type),
        };
        Ok(())
    }
}

impl<T: Target + Empty> Target for Option<T> {
    fn kind(&self) -> Kind {
        Kind::Option
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Unfit> {
        let Scalar::Null = scalar else { return Err(Unfit::Type) };
        *self = None;
        Ok(())
    }

    fn some(&mut self) -> Option<&mut dyn Target> {
        Some(self.insert(T::empty()))
    }
}

impl<T: Target + Empty> Target for Vec<T> {
    fn kind(&self) -> Kind {
        Kind::List
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn items(&mut self, items: &mut dyn Items) -> Result<(), Unfit> {
        // The default goes when something is given.
        self.clear();
        loop {
            let mut item = T::empty();
            if !items.next(&mut item)? {
                return Ok(());
            }
            self.push(item);
        }
    }
}

impl Target for Map<String, Value> {
    fn kind(&self) -> Kind {
        Kind::Object
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn fields(&mut self, fields: &mut dyn Fields) -> Result<(), Unfit> {
        self.clear();
        while let Some(name) = fields.next(&[], false)? {
            if let Name::Unknown(name) = name {
                // Of two with the same name, the last counts, as in any JSON value.
                fields.value(self.entry(name).or_insert(Value::Null))?;
            }
        }
        Ok(())
    }
}

impl Target for Value {
    fn kind(&self) -> Kind {
        Kind::Any
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Unfit> {
        *self = match scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(bool) => Value::Bool(bool),
            Scalar::Unsigned(number) => Value::Number(number.into()),
            Scalar::Signed(number) => Value::Number(number.into()),
            Scalar::Float(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
            Scalar::Str(text) => Value::String(text.to_owned()),
            Scalar::String(text) => Value::String(text),
        };
        Ok(())
    }

    fn items(&mut self, items: &mut dyn Items) -> Result<(), Unfit> {
        let mut list: Vec<Value> = Vec::new();
        list.items(items)?;
        *self = Value::Array(list);
        Ok(())
    }

    fn fields(&mut self, fields: &mut dyn Fields) -> Result<(), Unfit> {
        let mut map = Map::new();
        map.fields(fields)?;
        *self = Value::Object(map);
        Ok(())
    }
}
