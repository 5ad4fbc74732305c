//! Enums that are a word each.

use crate::target::{Scalar, Unfit};

/// Which of these words it is: what `scalar` of an enum's [`crate::Target`] comes down to.
///
/// # Errors
/// It is none of them.
pub fn word(scalar: &Scalar<'_>, words: &'static [&'static str]) -> Result<usize, Unfit> {
    let word = match scalar {
        Scalar::Str(text) => text,
        Scalar::String(text) => text.as_str(),
        _ => return Err(Unfit::Type),
    };
    words.iter().position(|known| *known == word).ok_or_else(|| Unfit::Word(word.to_owned(), words))
}
