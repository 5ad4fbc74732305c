//! The functions that templates may call.

use std::sync::Arc;

use govalue::sort::sort_by;
use govalue::{Args, Func, FuncError, Signature, Str, Value};
use rustc_hash::FxHashMap;

use crate::builtins::Builtin;
use crate::code::Param;
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
    Builtin(Builtin),
}

impl Callee {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Callee::Func(f) => f.name,
            Callee::Machine(name, ..) => name,
            Callee::Builtin(b) => b.name(),
        }
    }

    /// How many parameters it has before a variadic one, and whether it has such a one.
    pub(crate) fn arity(&self) -> (usize, bool) {
        match self {
            Callee::Func(Func { sig, .. }) | Callee::Machine(_, sig, _) => arity(sig),
            Callee::Builtin(b) => b.arity(),
        }
    }

    /// What it wants as its argument at `i`.
    pub(crate) fn param(&self, i: usize) -> Param {
        match self {
            Callee::Func(Func { sig, .. }) | Callee::Machine(_, sig, _) => Param::Type(param(sig, i)),
            Callee::Builtin(b) => b.param(i),
        }
    }
}

/// How many parameters a signature has before a variadic one, and whether it has such a one.
pub(crate) fn arity(sig: &Signature) -> (usize, bool) {
    (sig.params.len() - usize::from(sig.variadic && !sig.params.is_empty()), sig.variadic)
}

/// The type of a signature's parameter at `i`, the last one's if it is variadic.
pub(crate) fn param(sig: &Signature, i: usize) -> govalue::Type {
    sig.params.get(i).or(sig.params.last()).copied().unwrap_or(govalue::Type::Any)
}

/// The functions that templates may call, `text/template`'s own included.
///
/// ```
/// use gotemplate::{FuncMap, parse};
/// let funcs = FuncMap::new();
/// assert!(parse("a", "{{len .}}", &funcs).is_ok());
/// let error = parse("a", "{{nope .}}", &funcs).err().unwrap();
/// assert_eq!(error.to_string(), "template: a:1: function \"nope\" not defined");
/// ```
#[derive(Clone)]
pub struct FuncMap {
    /// An index into the callees.
    names: FxHashMap<&'static [u8], u16>,
    /// Shared with the files that were parsed with them.
    callees: Arc<Vec<Callee>>,
}

impl Default for FuncMap {
    fn default() -> FuncMap {
        let mut funcs = FuncMap { names: FxHashMap::default(), callees: Arc::default() };
        Builtin::all().for_each(|b| funcs.insert(Callee::Builtin(b)));
        funcs
    }
}

impl FuncMap {
    /// The functions of `text/template` itself.
    pub fn new() -> FuncMap {
        FuncMap::default()
    }

    /// Adds functions; they replace others of their name.
    pub fn add(&mut self, funcs: &[Func]) -> &mut FuncMap {
        funcs.iter().for_each(|f| self.insert(Callee::Func(*f)));
        self
    }

    /// Adds a function that needs the machine; it replaces another of its name.
    pub fn add_machine(&mut self, name: &'static str, sig: Signature, call: MachineFn) -> &mut FuncMap {
        self.insert(Callee::Machine(name, sig, call));
        self
    }

    fn insert(&mut self, callee: Callee) {
        let callees = Arc::make_mut(&mut self.callees);
        // No program has as many functions.
        let Ok(index) = u16::try_from(callees.len()) else { return };
        self.names.insert(callee.name().as_bytes(), index);
        callees.push(callee);
    }

    /// The names, sorted, without those of `text/template` itself.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let named = self.names.values().filter_map(|i| self.callees.get(usize::from(*i)));
        let mut names: Vec<_> = named.filter(|c| !matches!(c, Callee::Builtin(_))).map(Callee::name).collect();
        sort_by(&mut names, Ord::cmp);
        names.into_iter()
    }

    /// The index of a function among the callees.
    pub(crate) fn find(&self, name: &[u8]) -> Option<u16> {
        self.names.get(name).copied()
    }

    /// A function's name and its index among the callees.
    pub(crate) fn entry(&self, name: &[u8]) -> Option<(&'static [u8], u16)> {
        self.names.get_key_value(name).map(|(name, index)| (*name, *index))
    }

    pub(crate) fn callees(&self) -> Arc<Vec<Callee>> {
        Arc::clone(&self.callees)
    }
}
