//! YAML, JSON and TOML as Go's libraries read and write them.

pub mod json;
pub mod toml;
pub mod yaml;
