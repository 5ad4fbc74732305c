//! Bounds for what hostile templates can build: values that contain themselves
//! and values whose text is exponentially larger than they are.

/// How deep values may nest to be printed, encoded or compared.
pub const MAX_DEPTH: usize = 500;

/// How many bytes the text of one value may have.
pub const MAX_TEXT: usize = 64 << 20;
