//! Go's `strconv`: text to numbers and back, quoting and unquoting.

mod float;
mod number;
mod print;
mod quote;
mod unquote;

pub use float::{append_float, format_float};
pub use number::{
    NumError, NumErrorKind, append_int, append_uint, atoi, parse_bool, parse_float, parse_int, parse_uint,
};
pub use print::is_print;
pub use quote::{append_quote, append_quote_rune, append_quote_to_ascii, can_backquote, quote, quote_rune};
pub use unquote::{UnquoteError, unquote, unquote_char};
