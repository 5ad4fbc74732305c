//! Go's `text/template`: lexer, parser, compiled programs and the machine that
//! runs them, with Go's bytes and Go's error texts.
//!
//! ```
//! use std::any::Any;
//!
//! use gotemplate::{FuncMap, Host, Machine, TemplateSet, parse};
//! use govalue::{Env, FuncError, Map, Value};
//!
//! /// A host without limits, with a clock that stands still and no randomness.
//! struct Still;
//! impl Env for Still {
//!     fn now(&mut self) -> (i64, u32) {
//!         (0, 0)
//!     }
//!     fn random(&mut self, _: &mut [u8]) -> Result<(), FuncError> {
//!         Err(FuncError::new("no randomness"))
//!     }
//!     fn charge(&mut self, _: u64) -> Result<(), FuncError> {
//!         Ok(())
//!     }
//! }
//! impl Host for Still {
//!     fn as_any(&mut self) -> &mut dyn Any {
//!         self
//!     }
//! }
//!
//! let funcs = FuncMap::new();
//! let file = parse("a.yaml", "name: {{ printf \"%s-%d\" .name .count }}", &funcs)?;
//! let mut set = TemplateSet::new("root");
//! set.add(&file);
//! let data: Map = [("name", Value::from("web")), ("count", Value::int64(2))].into_iter().collect();
//! let mut host = Still;
//! let output = Machine::new(&mut host, &funcs, set).execute(b"a.yaml", Value::Map(data))?;
//! assert_eq!(output, b"name: web-2");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
