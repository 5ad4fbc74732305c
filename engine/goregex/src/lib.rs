//! Go's `regexp` on bytes: RE2 syntax with Go's error texts, leftmost-first matches in linear time.
//!
//! Patterns and texts are bytes. Text that is not UTF-8 is read as Go reads it: each invalid byte is one U+FFFD.
//! Hostile patterns are bounded by Go's own limits, hostile searches by [`Regex::metered`].
//!
//! ```
//! use goregex::Regex;
//!
//! let image = Regex::new(br"^(?P<name>[^:]+):(.+)$")?;
//! assert_eq!(image.replace_all(b"nginx:1.27", b"${name}@$2"), b"nginx@1.27");
//! assert_eq!(Regex::new(b"a(").unwrap_err().to_string(), "error parsing regexp: missing closing ): `a(`");
//! # Ok::<(), goregex::Error>(())
//! ```

mod ast;
mod backtrack;
mod class;
mod compile;
mod error;
mod matcher;
mod parse;
mod parse_class;
mod pike;
mod regex;
mod replace;
pub mod unicode;
mod utf8;

pub use error::{Error, ErrorCode};
pub use regex::{Captures, Metered, Regex};
pub use replace::quote_meta;
