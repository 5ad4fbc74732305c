//! The functions that templates may call.

use std::collections::BTreeMap;
use std::sync::Arc;

use govalue::{Args, Func, FuncError, Signature, Str, Value};

use crate::exec::Machine;
use crate::file::File;
use crate::set::TemplateSet;

/// A function that needs the machine: `include`, `tpl`, `required` …
pub type MachineFn = fn(&mut Machine<'_>, &mut Args<'_>) -> Result<Reply, FuncError>;

/// What a [`MachineFn`] answers.
pub enum Reply {
    /// Its result.
    Value(Value),
    /// Run a template first; its output becomes the result.
    Run(Box<Nested>),
}

impl<T: Into<Value>> From<T> for Reply {
    fn from(v: T) -> Reply {
        Reply::Value(v.into())
    }
}

/// A template to run inside a function call. The machine runs it without
/// growing the native stack, however deep such calls nest.
pub struct Nested {
    /// What to run.
    pub target: Target,
    /// The template's dot.
    pub data: Value,
    /// The templates that it sees instead of the current ones.
    pub set: Option<TemplateSet>,
    /// What `done` and `failed` want to know.
    pub state: Value,
    /// Makes the function's result of the output.
    pub done: fn(&mut Machine<'_>, state: Value, output: &[u8]) -> Result<Value, FuncError>,
    /// Called when the run failed: what Go's function puts before the error's
    /// text (`error during tpl function execution for "…": `), often nothing.
    pub failed: fn(&mut Machine<'_>, state: Value) -> String,
}

/// What a [`Nested`] run executes.
pub enum Target {
    /// The template of that name (`ExecuteTemplate`).
    Name(Str),
    /// The body of a file, whatever the set has under its name (`Execute`).
    File(Arc<File>),
}

/// What a name in a template calls.
#[derive(Clone, Copy)]
pub(crate) enum Callee {
    Func(Func),
    Machine(&'static str, Signature, MachineFn),
}

/// The functions that templates may call, `text/template`'s own included.
#[derive(Clone, Default)]
pub struct FuncMap {
    funcs: BTreeMap<&'static str, Callee>,
}

impl FuncMap {
    /// The functions of `text/template` itself.
    pub fn new() -> FuncMap {
        FuncMap::default()
    }

    /// Adds functions; they replace others of their name.
    pub fn add(&mut self, funcs: &[Func]) -> &mut FuncMap {
        self.funcs.extend(funcs.iter().map(|f| (f.name, Callee::Func(*f))));
        self
    }

    /// Adds a function that needs the machine; it replaces another of its name.
    pub fn add_machine(&mut self, name: &'static str, sig: Signature, call: MachineFn) -> &mut FuncMap {
        self.funcs.insert(name, Callee::Machine(name, sig, call));
        self
    }

    /// The names, sorted, without those of `text/template` itself.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.funcs.keys().copied()
    }
}
