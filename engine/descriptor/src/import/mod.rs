//! Descriptors from what other tools describe applications with.

pub mod compose;
