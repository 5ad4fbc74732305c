//! Values: files, `--set` and its kin, and how charts' values are put together.

mod coalesce;

pub use coalesce::coalesce;
