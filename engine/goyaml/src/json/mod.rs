//! JSON as Go's `encoding/json` reads and writes it.

mod decode;
mod encode;
mod indent;
mod text;

#[cfg(test)]
mod tests;

pub use decode::{JsonError, from_json, from_json_list, from_json_map, from_json_prefix};
pub use encode::to_json;
pub use indent::{indent, to_json_indent};
