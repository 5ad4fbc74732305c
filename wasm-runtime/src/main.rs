//! The chartwright command line.
fn main() {}
