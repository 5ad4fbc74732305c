//! Calls of functions and of templates, and what happens when one fails.

use std::mem;
use std::sync::Arc;

use govalue::{Args, Index, Limit, Type, Value};

use super::fault::Fault;
use super::machine::{Frame, Machine, Marks, Variable, Waiting};
use super::value::{ADDRESSABLE, INTERFACE, Operand};
use crate::builtins::{self, Builtin};
use crate::code::Code;
use crate::error::{ErrorKind, ExecError, Site};
use crate::file::File;
use crate::funcs::{Callee, Reply, Target};
use crate::node::NodeId;
use crate::set::TemplateRef;

/// Where the machine is.
pub(super) struct Place {
    pub(super) file: Arc<File>,
    pub(super) code: Arc<Code>,
    pub(super) pc: usize,
}

impl Place {
    /// The beginning of a template.
    pub(super) fn begin(at: &TemplateRef) -> Place {
        Place { file: Arc::clone(&at.file), code: Arc::clone(at.file.code(at.index)), pc: 0 }
    }
}

impl Machine<'_> {
    #[inline(always)]
    pub(super) fn push(&mut self, operand: Operand) {
        self.stack.push(operand.value);
        self.flags = operand.flags;
    }

    pub(super) fn pop(&mut self) -> Value {
        self.stack.pop().expect("code pops no more than it has pushed")
    }

    /// Calls a function with the top `argc` values, and before them, if `last`, the one below.
    /// Gives what has to run first, if it is a function that runs a template.
    pub(super) fn call(
        &mut self,
        file: &File,
        callee: &Callee,
        argc: usize,
        last: bool,
        node: NodeId,
    ) -> Result<Option<Box<Waiting>>, Fault> {
        let count = argc + usize::from(last);
        let start = self.stack.len().checked_sub(count).expect("the arguments of a call were pushed");
        if last {
            self.flags = 0;
            if let Some(args) = self.stack.get_mut(start..)
                && argc > 0
            {
                args.rotate_left(1);
            }
        }
        let (value, flags) = match callee {
            Callee::Func(f) => {
                let args = self.stack.get_mut(start..).unwrap_or_default();
                let env: &mut dyn govalue::Env = self.host;
                let value = (f.call)(env, &mut Args::new(args)).map_err(|e| {
                    self.node = node;
                    Fault::call(f.name, e)
                })?;
                (value, f.sig.result())
            }
            Callee::Builtin(b) => {
                let call = builtins::Call {
                    args: self.stack.get(start..).unwrap_or_default(),
                    nil_interface: self.flags & INTERFACE != 0,
                    callee: &|| callee_name(file, node, last, self.stack.last()),
                };
                let value = b.call(call).map_err(|e| {
                    self.node = node;
                    Fault::call(b.name(), e)
                })?;
                if let Value::Struct(_) = value
                    && *b == Builtin::Index
                    && let Some([outer @ .., _]) = self.stack.get(start..)
                    && builtins::is_element(outer)
                {
                    self.stack.truncate(start);
                    self.push(Operand { value, flags: ADDRESSABLE });
                    return Ok(None);
                }
                (value, Type::Bool)
            }
            Callee::Machine(name, sig, f) => {
                // The function has the stack to itself: its arguments leave it first.
                let mut few: [Value; 4] = Default::default();
                let mut many = Vec::new();
                let args = if let Some(few) = few.get_mut(..count) {
                    few.iter_mut().zip(self.stack.drain(start..)).for_each(|(place, arg)| *place = arg);
                    few
                } else {
                    many.extend(self.stack.drain(start..));
                    many.as_mut_slice()
                };
                let reply = f(self, &mut Args::new(args)).map_err(|e| {
                    self.node = node;
                    Fault::call(name, e)
                })?;
                match reply {
                    Reply::Value(v) => (v, sig.result()),
                    Reply::Run(nested) => {
                        let flags = if matches!(sig.result(), Type::Any) { INTERFACE } else { 0 };
                        let waiting = Waiting { nested, function: name, flags, node, set: None };
                        return Ok(Some(Box::new(waiting)));
                    }
                }
            }
        };
        if let Value::Str(s) = &value {
            self.burn(s.len() / 64)?;
        }
        self.stack.truncate(start);
        self.stack.push(value);
        self.flags = if matches!(flags, Type::Any) { INTERFACE } else { 0 };
        Ok(None)
    }

    fn marks(&self) -> Marks {
        Marks {
            stack: self.stack.len(),
            dots: self.dots.len(),
            loops: self.loops.len(),
            methods: self.methods.len(),
            found: self.found.len(),
            out: self.out.len(),
        }
    }

    /// Starts a template; the current one waits.
    pub(super) fn enter(
        &mut self,
        place: &mut Place,
        to: &TemplateRef,
        dot: Operand,
        nested: Option<Box<Waiting>>,
    ) -> Result<(), Fault> {
        if self.frames.len() >= self.limits.depth {
            return Err(Fault::limit(
                Limit::Depth,
                format!("exceeded maximum depth of nested templates ({})", self.limits.depth),
            ));
        }
        let depth = if nested.is_some() { 0 } else { self.depth + 1 };
        self.frames.push(Frame {
            place: mem::replace(place, Place::begin(to)),
            template: mem::replace(&mut self.template, to.index),
            node: self.node,
            base: mem::replace(&mut self.base, self.variables.len()),
            depth: mem::replace(&mut self.depth, depth),
            marks: self.marks(),
            dot: mem::replace(&mut self.dot, dot),
            nested,
        });
        self.declare_dollar();
        Ok(())
    }

    pub(super) fn declare_dollar(&mut self) {
        self.variables.push(Variable { value: self.dot.value.clone(), flags: self.dot.flags, name: NodeId::NONE });
    }

    pub(super) fn enter_nested(&mut self, place: &mut Place, mut waiting: Box<Waiting>) -> Result<(), Fault> {
        if let Some(set) = waiting.nested.set.take() {
            self.newest += 1;
            let before = (mem::replace(&mut self.set, set), mem::replace(&mut self.generation, self.newest));
            waiting.set = Some(before);
        }
        let found = match &waiting.nested.target {
            Target::Name(name) => self.template_named(name),
            Target::File(file) => Some(TemplateRef { index: file.main(), file: Arc::clone(file) }),
        };
        self.node = waiting.node;
        let Some(found) = found else {
            let message = match &waiting.nested.target {
                Target::Name(name) => self.no_template(name),
                Target::File(_) => String::new(),
            };
            let state = mem::take(&mut waiting.nested.state);
            let prefix = (waiting.nested.failed)(self, state);
            self.restore_set(&mut waiting);
            return Err(Fault::call(waiting.function, govalue::FuncError::new(prefix + &message)));
        };
        let dot = Operand { value: mem::take(&mut waiting.nested.data), flags: 0 };
        self.enter(place, &found, dot, Some(waiting))
    }

    fn restore_set(&mut self, waiting: &mut Waiting) {
        if let Some(before) = waiting.set.take() {
            (self.set, self.generation) = before;
        }
    }

    /// Goes back to the template that waits; false if there is none.
    pub(super) fn leave(&mut self, place: &mut Place) -> Result<bool, Fault> {
        let Some(frame) = self.frames.pop() else { return Ok(false) };
        let (marks, nested) = self.resume(place, frame);
        let Some(mut waiting) = nested else { return Ok(true) };
        self.restore_set(&mut waiting);
        let state = mem::take(&mut waiting.nested.state);
        let mut out = mem::take(&mut self.out);
        let result = (waiting.nested.done)(self, state, out.get(marks.out..).unwrap_or_default());
        out.truncate(marks.out);
        self.out = out;
        match result {
            Ok(value) => {
                self.push(Operand { value, flags: waiting.flags });
                Ok(true)
            }
            Err(error) => {
                self.node = waiting.node;
                Err(Fault::call(waiting.function, error))
            }
        }
    }

    fn resume(&mut self, place: &mut Place, frame: Frame) -> (Marks, Option<Box<Waiting>>) {
        self.variables.truncate(self.base);
        *place = frame.place;
        self.template = frame.template;
        self.node = frame.node;
        self.base = frame.base;
        self.depth = frame.depth;
        self.dot = frame.dot;
        (frame.marks, frame.nested)
    }

    /// Makes an error of a failure, leaving all templates.
    pub(super) fn unwind(&mut self, mut place: Place, fault: Fault) -> ExecError {
        let parts = fault.into_parts();
        let mut sites = Sites::default();
        sites.add(self, &place.file, String::new());
        while let Some(frame) = self.frames.pop() {
            let (marks, nested) = self.resume(&mut place, frame);
            self.stack.truncate(marks.stack);
            self.dots.truncate(marks.dots);
            self.loops.truncate(marks.loops);
            self.methods.truncate(marks.methods);
            self.found.truncate(marks.found);
            self.out.truncate(marks.out);
            let Some(mut waiting) = nested else { continue };
            let state = mem::take(&mut waiting.nested.state);
            let prefix = (waiting.nested.failed)(self, state);
            self.restore_set(&mut waiting);
            self.node = waiting.node;
            sites.add(self, &place.file, format!("error calling {}: {prefix}", waiting.function));
        }
        let mut sites = sites.list;
        sites.reverse();
        let kind = match parts.kind {
            ErrorKind::Call if parts.cause.is_none() => ErrorKind::Plain,
            kind => kind,
        };
        ExecError { sites, message: parts.message, kind, cause: parts.cause }
    }
}

/// The places of an error, from the innermost template out.
struct Sites {
    list: Vec<Site>,
    /// Lines and columns that are known: those of a recursion are few.
    positions: Index<(usize, usize)>,
    /// How much text they may still have.
    room: usize,
}

/// All texts of an error together have no more bytes than this; beyond it they
/// are left out.
const MAX_ERROR: usize = 16 << 20;

impl Default for Sites {
    fn default() -> Sites {
        Sites { list: Vec::new(), positions: Index::default(), room: MAX_ERROR }
    }
}

impl Sites {
    /// Adds the machine's current place.
    fn add(&mut self, machine: &Machine<'_>, file: &Arc<File>, via: String) {
        let offset = file.program.ast.node(machine.node).map_or(0, |n| n.pos as usize);
        let key = [(Arc::as_ptr(file) as usize).to_be_bytes(), offset.to_be_bytes()];
        let (line, column) = *self.positions.or_insert_with(key.as_flattened(), || file.position(offset));
        let context =
            if self.room > 0 { govalue::utf8::lossy(&file.show(machine.node)).into_owned() } else { String::new() };
        let (context, via) = (self.fit(context), self.fit(via));
        self.list.push(Site {
            template: file.template_name(machine.template).clone(),
            source: file.name.clone(),
            offset,
            line,
            column,
            context,
            via,
        });
    }

    fn fit(&mut self, text: String) -> String {
        match self.room.checked_sub(text.len()) {
            Some(room) => {
                self.room = room;
                text
            }
            None => {
                self.room = 0;
                "…".to_owned()
            }
        }
    }
}

/// How `call` names what it calls: as written, or as the value that came down the pipeline.
fn callee_name(file: &File, node: NodeId, last: bool, value: Option<&Value>) -> String {
    let written = file.program.ast.command(node).get(1).filter(|_| !last || file.program.ast.command(node).len() > 1);
    match (written, value) {
        (Some(node), _) => govalue::utf8::lossy(&file.show(*node)).into_owned(),
        (None, Some(Value::Str(s))) => s.to_string(),
        (None, Some(v)) => v.ty().map_or_else(|| "<invalid Value>".to_owned(), |t| format!("<{t} Value>")),
        (None, None) => String::new(),
    }
}
