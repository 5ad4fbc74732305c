//! The values that a person edits.
