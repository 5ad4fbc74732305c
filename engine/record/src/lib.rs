//! Structs that are read field by field, by tables.
//!
//! serde's own derive makes code that reads each type, for each format and each type of its fields: a kilobyte of
//! WebAssembly for a small struct. Here a type is a table of its fields, and one reader goes by it. In between are
//! trait objects: [`Target`] is what a value is read into, [`Items`] and [`Fields`] are what it is read from. To serde
//! the type is a `Deserialize` as any other, with the same messages and the same attributes.
//!
//! ```
//! #[derive(Debug, PartialEq, record::Deserialize)]
//! #[serde(rename_all = "camelCase", deny_unknown_fields)]
//! struct Release {
//!     name: String,
//!     #[serde(default)]
//!     values_files: Vec<String>,
//! }
//! let release: Release = serde_json::from_str(r#"{"name": "shop"}"#).unwrap();
//! assert_eq!(release, Release { name: "shop".into(), values_files: vec![] });
//! let error = serde_json::from_str::<Release>(r#"{"nmae": "shop"}"#).unwrap_err();
//! assert!(error.to_string().starts_with("unknown field `nmae`, expected `name` or `valuesFiles`"));
//! ```

mod record;
mod source;
mod target;
mod types;
mod words;

pub use record::{Record, Shape};
/// Derives [`Record`] for a struct with named fields, or reads an enum of words; and serde's `Deserialize` by it.
///
/// Of serde's attributes it knows `default` (of a struct, of a field, with the path of a function), `rename`,
/// `rename_all`, `deny_unknown_fields`, `flatten` of a map of values, and `try_from`. Those for writing are left to
/// serde's derive. Objects are read from objects alone, never from lists.
pub use record_derive::Deserialize;
pub use source::{Fields, Items, Name, deserialize};
pub use target::{Kind, Scalar, Target, Unfit};
pub use types::Empty;
pub use words::word;

#[doc(hidden)]
pub use serde;
