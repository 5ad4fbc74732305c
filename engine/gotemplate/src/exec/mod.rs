//! The machine that executes templates (`text/template`: exec.go).

mod call;
mod check;
mod fault;
mod field;
mod machine;
mod run;
mod value;

pub use machine::{Host, Limits, Machine, MissingKey};
pub(crate) use value::printable;
