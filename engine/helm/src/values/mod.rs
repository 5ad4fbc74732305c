//! Values: files, `--set` and its kin, and how charts' values are put together.

mod coalesce;
mod error;
mod json_value;
mod options;
mod path;
mod read;
mod strvals;
mod tables;
mod work;

pub use coalesce::coalesce;
pub(crate) use coalesce::{coalesce_frozen, merge};
pub use error::ValuesError;
pub use options::ValueOptions;
pub(crate) use path::{path_value, table};
pub use read::read_values;
pub use strvals::{ReadFile, Reader, parse_into, parse_json_into, parse_literal_into};
pub use tables::merge_maps;
pub(crate) use tables::{Nulls, Prefix, freeze, go_text, has_nulls, merge_tables};
pub(crate) use work::Work;
