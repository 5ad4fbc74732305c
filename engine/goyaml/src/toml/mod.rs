//! TOML as `github.com/BurntSushi/toml` reads and writes it.

mod document;
mod encode;
mod key;
mod parse;
mod scan;
mod value;

#[cfg(test)]
mod tests;

pub use encode::to_toml;
pub use parse::{TomlError, from_toml};

/// The names of the zones that times without a zone get, by which the encoder
/// knows them again.
const LOCAL_DATETIME: &str = "datetime-local";
const LOCAL_DATE: &str = "date-local";
const LOCAL_TIME: &str = "time-local";
