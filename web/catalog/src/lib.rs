//! The catalog of modules.
