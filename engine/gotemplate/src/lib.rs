//! Go's `text/template`: lexer, parser, compiled programs and the machine that
//! runs them, with Go's bytes and Go's error texts.

mod builtins;
mod code;
mod compile;
mod error;
mod exec;
mod file;
mod funcs;
mod node;
mod parse;
mod path;
mod scope;
mod set;
mod source;
pub mod syntax;

pub use error::{ErrorKind, ExecError, ParseError, Site};
pub use exec::{Host, Limits, Machine, MissingKey};
pub use file::File;
pub use funcs::{FuncMap, MachineFn, Nested, Reply, Target};
pub use parse::{Buffers, parse};
pub use set::TemplateSet;
pub use source::Source;
