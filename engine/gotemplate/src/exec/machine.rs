//! The machine's state and its public face.

use std::any::Any;

use govalue::{Env, List, Method, Str, Value};

use super::call::Place;
use super::value::{Flags, Operand};
use crate::error::{ErrorKind, ExecError};
use crate::funcs::{FuncMap, Nested};
use crate::node::NodeId;
use crate::set::{TemplateRef, TemplateSet};

/// Who runs templates: what functions may ask for, and a place for state of
/// functions that need the machine.
pub trait Host: Env {
    /// The host as itself, for functions that know it.
    fn as_any(&mut self) -> &mut dyn Any;
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

/// How far an execution may go. Steps and time are the host's to count: the
/// machine tells it by `Env::charge` of every instruction and of all output, a
/// thousand at a time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Templates that run inside each other by `{{template}}`; Go's is 100000.
    pub template_depth: usize,
    /// Templates that run inside each other in any way.
    pub depth: usize,
    /// Bytes of output at any time, that of nested templates included.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { template_depth: 100_000, depth: 200_000, output: 1 << 30 }
    }
}

/// Executes templates.
///
/// ```
/// use gotemplate::{FuncMap, Host, Machine, TemplateSet, parse};
/// use govalue::{Env, FuncError, Map, Value};
///
/// struct Nobody;
/// impl Env for Nobody {
///     fn now(&mut self) -> (i64, u32) { (0, 0) }
///     fn random(&mut self, _: &mut [u8]) -> Result<(), FuncError> { Err("no randomness".into()) }
///     fn charge(&mut self, _: u64) -> Result<(), FuncError> { Ok(()) }
/// }
/// impl Host for Nobody {
///     fn as_any(&mut self) -> &mut dyn std::any::Any { self }
/// }
///
/// let funcs = FuncMap::new();
/// let mut set = TemplateSet::new("root");
/// set.add(&parse("hello", "Hello {{.name}}!", &funcs).unwrap());
/// let data: Map = [("name", Value::from("world"))].into_iter().collect();
/// let mut host = Nobody;
/// let mut machine = Machine::new(&mut host, &funcs, set);
/// assert_eq!(machine.execute(b"hello", data.into()).unwrap(), b"Hello world!");
/// let error = machine.execute(b"hello", Value::from("x")).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "template: hello:1:8: executing \"hello\" at <.name>: can't evaluate field name in type string",
/// );
/// ```
pub struct Machine<'a> {
    pub(super) host: &'a mut dyn Host,
    pub(super) funcs: &'a FuncMap,
    pub(super) set: TemplateSet,
    pub(super) missing_key: MissingKey,
    pub(super) limits: Limits,
    pub(super) out: Vec<u8>,
    /// Values that are being computed.
    pub(super) stack: Vec<Value>,
    /// The flags of the top of the stack.
    pub(super) flags: Flags,
    /// The variables of all templates that are running.
    pub(super) variables: Vec<Variable>,
    /// Where those of the current one begin.
    pub(super) base: usize,
    pub(super) dot: Operand,
    /// The dots around the current `with`s.
    pub(super) dots: Vec<Operand>,
    pub(super) loops: Vec<Iteration>,
    /// Methods whose arguments are being computed.
    pub(super) methods: Vec<&'static Method>,
    /// Templates whose dots are being computed.
    pub(super) found: Vec<TemplateRef>,
    /// The templates around the current one.
    pub(super) frames: Vec<Frame>,
    /// The index of the current template in its file.
    pub(super) template: usize,
    /// How deep it is in other templates by `{{template}}`.
    pub(super) depth: usize,
    /// The node that errors quote.
    pub(super) node: NodeId,
    /// How much may still be done before the host is asked.
    pub(super) fuel: u32,
    /// Templates that were found last, by their names.
    pub(super) recent: Vec<Option<Recent>>,
    /// Which set of templates the current one is; each has a number of its own.
    pub(super) generation: u64,
    /// The number of the newest set.
    pub(super) newest: u64,
}

/// A template that was found in a set.
pub(super) struct Recent {
    generation: u64,
    name: Str,
    found: TemplateRef,
}

/// How many templates that were found are kept.
const RECENT: usize = 64;

/// A variable: its value and, for lookups by name, its declaration.
pub(super) struct Variable {
    pub(super) value: Value,
    pub(super) flags: Flags,
    pub(super) name: NodeId,
}

/// A loop that is running.
pub(super) struct Iteration {
    pub(super) over: Over,
    /// The dot to go back to, and how many there were below it.
    pub(super) dot: Operand,
    pub(super) dots: usize,
    pub(super) flags: Flags,
}

/// What a loop runs over.
pub(super) enum Over {
    List(List, usize),
    Map(std::vec::IntoIter<(Str, Value)>),
    /// Whole numbers: the next, the end, and a value whose type they have.
    Count(u64, u64, Value),
}

/// What waits for a template to end.
pub(super) struct Frame {
    pub(super) place: Place,
    pub(super) template: usize,
    pub(super) node: NodeId,
    pub(super) base: usize,
    pub(super) depth: usize,
    pub(super) dot: Operand,
    /// Where its share of the machine's stacks ends.
    pub(super) marks: Marks,
    /// The function call that runs the template, if it is one.
    pub(super) nested: Option<Box<Waiting>>,
}

/// The heights of the machine's stacks.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks {
    pub(super) stack: usize,
    pub(super) dots: usize,
    pub(super) loops: usize,
    pub(super) methods: usize,
    pub(super) found: usize,
    pub(super) out: usize,
}

/// A function call that runs a template.
pub(super) struct Waiting {
    pub(super) nested: Box<Nested>,
    pub(super) function: &'static str,
    /// The flags of its result.
    pub(super) flags: Flags,
    /// The node of the call.
    pub(super) node: NodeId,
    /// The templates to go back to, and their number.
    pub(super) set: Option<(TemplateSet, u64)>,
}

/// How many instructions run between two questions to the host.
pub(super) const FUEL: u32 = 1024;

impl<'a> Machine<'a> {
    /// A machine for the templates of a set.
    pub fn new(host: &'a mut dyn Host, funcs: &'a FuncMap, set: TemplateSet) -> Machine<'a> {
        Machine {
            host,
            funcs,
            set,
            missing_key: MissingKey::default(),
            limits: Limits::default(),
            out: Vec::new(),
            stack: Vec::new(),
            flags: 0,
            variables: Vec::new(),
            base: 0,
            dot: Operand::default(),
            dots: Vec::new(),
            loops: Vec::new(),
            methods: Vec::new(),
            found: Vec::new(),
            frames: Vec::new(),
            template: 0,
            depth: 0,
            node: NodeId::NONE,
            fuel: FUEL,
            recent: Vec::new(),
            generation: 0,
            newest: 0,
        }
    }

    /// Sets what a missing key gives.
    #[must_use]
    pub fn missing_key(mut self, missing_key: MissingKey) -> Machine<'a> {
        self.missing_key = missing_key;
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Machine<'a> {
        self.limits = limits;
        self
    }

    /// Changes the limits, between two executions.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
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

    /// Executes the template of that name (`ExecuteTemplate`) and gives what it printed.
    ///
    /// # Errors
    /// If Go's fails, and where a limit is exceeded.
    pub fn execute(&mut self, name: &[u8], data: Value) -> Result<Vec<u8>, ExecError> {
        let Some(found) = self.set.find(name).cloned() else {
            return Err(ExecError {
                sites: Vec::new(),
                message: self.no_template(name),
                kind: ErrorKind::NoTemplate,
                cause: None,
            });
        };
        let result = self.run(found, data);
        // The buffer stays for the next execution.
        let out = result.map(|()| self.out.as_slice().to_vec());
        self.reset();
        out
    }

    /// The template of that name.
    pub(super) fn template_named(&mut self, name: &[u8]) -> Option<TemplateRef> {
        let [first, .., last] = name else { return self.set.find(name).cloned() };
        let middle = name.get(name.len() / 2).copied().map_or(0, usize::from);
        let place = (name.len() * 5 + usize::from(*first) * 3 + usize::from(*last) * 7 + middle * 11) % RECENT;
        if let Some(Some(recent)) = self.recent.get(place)
            && recent.generation == self.generation
            && recent.name.as_bytes() == name
        {
            return Some(recent.found.clone());
        }
        let found = self.set.find(name).cloned()?;
        if self.recent.is_empty() {
            self.recent.resize_with(RECENT, || None);
        }
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = Some(Recent { generation: self.generation, name: Str::from(name), found: found.clone() });
        }
        Some(found)
    }

    pub(super) fn no_template(&self, name: &[u8]) -> String {
        format!(
            "template: no template {} associated with template {}",
            govalue::strconv::quote(name),
            govalue::strconv::quote(self.set.root())
        )
    }

    /// Forgets what a failed execution left behind.
    fn reset(&mut self) {
        self.stack.clear();
        self.variables.clear();
        self.dots.clear();
        self.loops.clear();
        self.methods.clear();
        self.found.clear();
        self.frames.clear();
        self.out.clear();
        self.dot = Operand::default();
        (self.base, self.depth, self.flags) = (0, 0, 0);
    }
}
