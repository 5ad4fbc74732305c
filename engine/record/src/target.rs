//! What a value is read into.

use std::fmt;

use crate::source::{Fields, Items};

/// The place of a value that is read.
///
/// Each method refuses what comes unless it is overridden.
pub trait Target {
    /// What is wanted.
    fn kind(&self) -> Kind;

    /// What is wanted, for messages: `a string`.
    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Takes a value that has no others in it.
    ///
    /// # Errors
    /// It does not fit.
    fn scalar(&mut self, _: Scalar<'_>) -> Result<(), Unfit> {
        Err(Unfit::Type)
    }

    /// Takes a list.
    ///
    /// # Errors
    /// It does not fit, or an item does not.
    fn items(&mut self, _: &mut dyn Items) -> Result<(), Unfit> {
        Err(Unfit::Type)
    }

    /// Takes an object.
    ///
    /// # Errors
    /// It does not fit, or a field does not.
    fn fields(&mut self, _: &mut dyn Fields) -> Result<(), Unfit> {
        Err(Unfit::Type)
    }

    /// Where a value goes that is not null, of [`Kind::Option`].
    fn some(&mut self) -> Option<&mut dyn Target> {
        None
    }
}

/// What kind of value is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What comes decides.
    Any,
    /// A boolean.
    Bool,
    /// A number.
    Number,
    /// Text, which is looked at and not kept.
    Str,
    /// Text, which is kept.
    String,
    /// A list.
    List,
    /// An object.
    Object,
    /// A value or null.
    Option,
    /// Whatever it is, it is passed over.
    Nothing,
}

/// A value that has no others in it.
#[derive(Debug)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Scalar<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Str(&'a str),
    String(String),
}

/// Why a value does not fit.
#[derive(Debug)]
pub enum Unfit {
    /// Its type is another.
    Type,
    /// Its type is right, and it is out of bounds.
    Value,
    /// For this reason.
    Message(String),
    /// It is none of these words.
    Word(String, &'static [&'static str]),
    /// The field is there twice.
    Twice(&'static str),
    /// The field is not there.
    Missing(&'static str),
    /// A value in it does not fit; the source has the reason.
    Inside,
}
