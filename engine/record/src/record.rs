//! Structs as tables.

use std::fmt;

use crate::source::{Fields, Name};
use crate::target::{Kind, Target, Unfit};
use crate::types::Empty;

/// A struct whose fields are read by their index.
pub trait Record: Empty {
    /// Its name and those of its fields.
    const SHAPE: &'static Shape;

    /// The place of a field.
    fn field(&mut self, index: usize) -> &mut dyn Target;

    /// Where the fields go that it does not know, if it keeps them.
    fn others(&mut self) -> Option<&mut serde_json::Map<String, serde_json::Value>> {
        None
    }
}

/// What is known of a struct.
#[derive(Debug)]
pub struct Shape {
    /// Its name, for messages.
    pub name: &'static str,
    /// The names of its fields.
    pub fields: &'static [&'static str],
    /// A bit for each field that must be there.
    pub required: u64,
    /// Whether fields that it does not know are refused.
    pub closed: bool,
}

impl<T: Record> Target for T {
    fn kind(&self) -> Kind {
        Kind::Object
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::SHAPE.name)
    }

    fn fields(&mut self, fields: &mut dyn Fields) -> Result<(), Unfit> {
        // The default of the field goes when something is given.
        *self = T::empty();
        read(T::SHAPE, self, fields)
    }
}

/// The fields of a struct of any type.
trait Places {
    fn place(&mut self, index: usize) -> &mut dyn Target;
    fn other(&mut self, name: String) -> Option<&mut dyn Target>;
}

impl<T: Record> Places for T {
    fn place(&mut self, index: usize) -> &mut dyn Target {
        self.field(index)
    }

    fn other(&mut self, name: String) -> Option<&mut dyn Target> {
        Some(self.others()?.entry(name).or_insert(serde_json::Value::Null))
    }
}

/// Reads the fields of a struct.
fn read(shape: &'static Shape, places: &mut dyn Places, fields: &mut dyn Fields) -> Result<(), Unfit> {
    let mut missing = shape.required;
    let mut seen = 0_u64;
    while let Some(name) = fields.next(shape.fields, shape.closed)? {
        match name {
            Name::Known(index) => {
                let bit = 1 << index;
                if seen & bit != 0 {
                    return Err(Unfit::Twice(shape.fields[index]));
                }
                seen |= bit;
                missing &= !bit;
                fields.value(places.place(index))?;
            }
            Name::Unknown(name) => match places.other(name) {
                Some(place) => fields.value(place)?,
                None => fields.value(&mut Nothing)?,
            },
        }
    }
    match shape.fields.get(missing.trailing_zeros() as usize) {
        Some(name) => Err(Unfit::Missing(name)),
        None => Ok(()),
    }
}

/// Takes what is passed over.
struct Nothing;

impl Target for Nothing {
    fn kind(&self) -> Kind {
        Kind::Nothing
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything at all")
    }
}
