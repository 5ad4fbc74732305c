//! The instructions.

use govalue::{Limit, Method, Num, Type, Value, fmt};

use super::call::Place;
use super::check::check;
use super::fault::Fault;
use super::field::{Found, wrong_arity};
use super::machine::{FUEL, Iteration, Machine, Over, Variable, Waiting};
use super::value::{self, ADDRESSABLE, INTERFACE, Operand, flags_of, printable};
use crate::builtins::zero;
use crate::code::{Code, Label, Op};
use crate::compile::{can_be_nil, literal};
use crate::error::ExecError;
use crate::file::{File, Program};
use crate::funcs::{arity, param};
use crate::node::{Names, NodeId, NodeKind};
use crate::set::TemplateRef;

/// What goes on when a stretch of a template ends.
enum Next {
    /// A template, with a dot of its own.
    Template(TemplateRef, Operand),
    /// A template that a function runs.
    Nested(Box<Waiting>),
    /// The template that waits for this one.
    Return,
}

impl Machine<'_> {
    /// Runs a template to its end.
    pub(super) fn run(&mut self, start: TemplateRef, data: Value) -> Result<(), ExecError> {
        self.template = start.index;
        self.node = NodeId::NONE;
        self.dot = Operand { value: data, flags: 0 };
        self.declare_dollar();
        let mut place = Place::begin(&start);
        match self.steps(&mut place) {
            Ok(()) => Ok(()),
            Err(fault) => Err(self.unwind(place, fault)),
        }
    }

    /// Counts work, and asks the host from time to time whether to go on.
    pub(super) fn burn(&mut self, units: usize) -> Result<(), Fault> {
        match u32::try_from(units).ok().and_then(|units| self.fuel.checked_sub(units)) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => self.refuel(units),
        }
    }

    #[cold]
    fn refuel(&mut self, units: usize) -> Result<(), Fault> {
        let used = u64::from(FUEL - self.fuel) + units as u64;
        self.fuel = FUEL;
        self.host.charge(used).map_err(Fault::host)
    }

    fn check_output(&mut self, start: usize) -> Result<(), Fault> {
        if self.out.len() > self.limits.output {
            return Err(Fault::limit(
                Limit::Output,
                format!("exceeded maximum size of output ({} bytes)", self.limits.output),
            ));
        }
        // Short pieces are paid for by their instruction.
        match (self.out.len() - start) / 64 {
            0 => Ok(()),
            units => self.burn(units),
        }
    }

    fn steps(&mut self, place: &mut Place) -> Result<(), Fault> {
        loop {
            let next;
            (next, place.pc) = self.stretch(place)?;
            match next {
                Next::Template(found, dot) => self.enter(place, &found, dot, None)?,
                Next::Nested(waiting) => self.enter_nested(place, waiting)?,
                Next::Return => {
                    if !self.leave(place)? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Runs a template until another goes on, and gives where it stands then.
    fn stretch(&mut self, place: &Place) -> Result<(Next, usize), Fault> {
        let Place { file, code, pc } = place;
        let mut pc = *pc;
        let program = &*file.program;
        let source: &[u8] = &program.source;
        let path = |names| program.path(source, names);
        let instructions = code.ins.as_slice();
        loop {
            let ins = *instructions.get(pc).expect("code ends with a return, and jumps stay in it");
            pc += 1;
            if self.fuel == 0 {
                self.refuel(0)?;
            }
            self.fuel -= 1;
            match ins.op {
                Op::Text(start, end) => {
                    let before = self.out.len();
                    self.out.extend_from_slice(source.get(start as usize..end as usize).unwrap_or_default());
                    self.check_output(before)?;
                }
                Op::Print => {
                    self.node = ins.node;
                    let before = self.out.len();
                    let value = self.pop();
                    self.print(&value)?;
                    self.check_output(before)?;
                }
                Op::At => self.node = ins.node,
                Op::Fail(message) => {
                    self.node = ins.node;
                    return Err(message_fault(code, message));
                }
                Op::FailHere(message) => return Err(message_fault(code, message)),
                Op::Const(i) => {
                    self.node = ins.node;
                    let value = code.constant(i).value();
                    self.push(Operand { value, flags: 0 });
                }
                Op::Zero(i) => {
                    self.node = ins.node;
                    let value = zero(code.ty(i));
                    self.push(Operand { value, flags: 0 });
                }
                Op::Dot => {
                    self.node = ins.node;
                    self.stack.push(self.dot.value.clone());
                    self.flags = self.dot.flags;
                }
                Op::Field(names) => {
                    self.node = ins.node;
                    let found = self.chain_of(None, path(names), ins.node)?;
                    self.push(found);
                }
                Op::Variable(slot) => {
                    self.node = ins.node;
                    let found = self.variable(file, slot, ins.node)?;
                    self.push(found);
                }
                Op::VariableField { slot, start, len } => {
                    self.node = ins.node;
                    let at = self.slot(file, slot, ins.node)?;
                    let names = Names { start, len: u32::from(len) };
                    let found = self.chain_of(Some(at), path(names), ins.node)?;
                    self.push(found);
                }
                Op::Chain(names) => {
                    let receiver = Operand { value: self.pop(), flags: self.flags };
                    let found = self.chain(&receiver, path(names), ins.node)?;
                    self.push(found);
                }
                Op::Unwrap => self.flags &= !INTERFACE,
                Op::Opaque => {
                    if self.flags & INTERFACE != 0 {
                        *self.top() = value::opaque();
                    }
                }
                Op::Check(i) => {
                    let flags = self.flags;
                    check(self.top(), flags, code.ty(i))?;
                }
                Op::CheckFinal { ty, argc } => {
                    let at = self.stack.len().wrapping_sub(usize::from(argc) + 1);
                    let value = self.stack.get_mut(at).expect("the value that came down the pipeline was pushed");
                    check(value, 0, code.ty(ty))?;
                }
                Op::Call { callee, argc, last, command } => {
                    if argc == 0 {
                        self.node = ins.node;
                    }
                    let callee = file.program.funcs.get(usize::from(callee)).expect("the parser found the function");
                    if let Some(waiting) = self.call(file, callee, usize::from(argc), last, command)? {
                        return Ok((Next::Nested(waiting), pc));
                    }
                }
                Op::ShortCircuit { or, target } => {
                    if self.top().is_true() == or {
                        pc = target as usize;
                    } else {
                        self.stack.pop();
                        self.flags = 0;
                    }
                }
                Op::Flags => self.stack.push(Value::Int(i64::from(self.flags & !INTERFACE))),
                Op::Flagged => match self.stack.pop() {
                    Some(Value::Int(flags)) => self.flags = flags as value::Flags,
                    _ => unreachable!("the code pops flags where it has pushed them"),
                },
                Op::Nip => {
                    let top = self.pop();
                    self.stack.truncate(self.stack.len() - 2);
                    self.stack.push(top);
                }
                Op::Member(i) => {
                    if let Some(target) = self.member(place, i)? {
                        pc = target as usize;
                    }
                }
                Op::MemberLiteral(i) => {
                    self.node = ins.node;
                    self.member_literal(file, i as usize, ins.node)?;
                }
                Op::MemberCheck(i) => {
                    let (ty, flags) = (param(&self.method().sig, i as usize), self.flags);
                    check(self.top(), flags, ty)?;
                }
                Op::MemberCall(i) => self.member_call(code, i, ins.node)?,
                Op::Declare => {
                    let value = self.top().clone();
                    self.variables.push(Variable { value, flags: self.flags & !INTERFACE, name: ins.node });
                }
                Op::DeclareNone => {
                    self.variables.push(Variable { value: Value::Nil, flags: value::NONE, name: NodeId::NONE });
                }
                Op::Assign(slot) => {
                    let value = self.top().clone();
                    let flags = self.flags & !INTERFACE;
                    self.assign(file, slot, ins.node, Operand { value, flags })?;
                }
                Op::Pop => {
                    self.stack.pop();
                }
                Op::Forget(slot) => self.variables.truncate(self.base + slot as usize),
                Op::Jump(target) => pc = target as usize,
                Op::JumpFalse(target) => {
                    if !self.pop().is_true() {
                        pc = target as usize;
                    }
                }
                Op::With(target) => {
                    let value = self.pop();
                    if value.is_true() {
                        let dot = Operand::unwrapped(value, self.flags);
                        self.dots.push(std::mem::replace(&mut self.dot, dot));
                    } else {
                        pc = target as usize;
                    }
                }
                Op::EndWith => self.dot = self.dots.pop().expect("a `with` that ends has begun"),
                Op::Range(i) => {
                    if let Some(target) = self.range(code, i)? {
                        pc = target as usize;
                    }
                }
                Op::Next(i) => {
                    if let Some(target) = self.next(code, i) {
                        pc = target as usize;
                    }
                }
                Op::Break(i) => pc = self.end_loop(code, i) as usize,
                Op::BreakElse(i) => {
                    pc = code.loop_at(i).exit as usize;
                }
                Op::Find(name) => {
                    self.node = ins.node;
                    let name = code.text(name);
                    let Some(found) = self.template_named(name) else {
                        return Err(Fault::new(format!("template {} not defined", govalue::strconv::quote(name))));
                    };
                    if self.depth >= self.limits.template_depth {
                        return Err(Fault::limit(
                            Limit::Depth,
                            format!("exceeded maximum template depth ({})", self.limits.template_depth),
                        ));
                    }
                    self.found.push(found);
                }
                Op::Template { data } => {
                    let dot = if data { Operand::unwrapped(self.pop(), self.flags) } else { Operand::default() };
                    let found = self.found.pop().expect("the template was found before its dot was computed");
                    return Ok((Next::Template(found, dot), pc));
                }
                Op::Return => return Ok((Next::Return, pc)),
            }
        }
    }

    /// The value on top of the stack.
    fn top(&mut self) -> &mut Value {
        self.stack.last_mut().expect("code looks at what it has pushed")
    }

    /// The method whose arguments are being computed.
    fn method(&self) -> &'static Method {
        self.methods.last().expect("the method was found before its arguments were computed")
    }

    fn print(&mut self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Str(s) => self.out.extend_from_slice(s),
            Value::Nil => self.out.extend_from_slice(b"<no value>"),
            v => {
                let instead = printable(v, self.flags & ADDRESSABLE != 0);
                fmt::append_value(&mut self.out, instead.as_ref().unwrap_or(v)).map_err(Fault::host)?;
            }
        }
        Ok(())
    }

    /// The slot of a variable, or of another of its name if that was never declared.
    fn slot(&mut self, file: &File, slot: u32, node: NodeId) -> Result<usize, Fault> {
        let at = self.base + slot as usize;
        if self.variables.get(at).is_some_and(|v| v.flags & value::NONE == 0) {
            return Ok(at);
        }
        self.burn(slot as usize)?;
        let name = variable_name(file, node);
        for at in (self.base..at).rev() {
            if let Some(v) = self.variables.get(at)
                && v.flags & value::NONE == 0
                && (variable_name(file, v.name) == name || at == self.base && name == b"$")
            {
                return Ok(at);
            }
        }
        Err(Fault::new(format!("undefined variable: {}", govalue::utf8::lossy(name))))
    }

    fn variable(&mut self, file: &File, slot: u32, node: NodeId) -> Result<Operand, Fault> {
        let at = self.slot(file, slot, node)?;
        Ok(self.variables.get(at).map(|v| Operand { value: v.value.clone(), flags: v.flags }).unwrap_or_default())
    }

    fn assign(&mut self, file: &File, slot: u32, node: NodeId, operand: Operand) -> Result<(), Fault> {
        let at = self.slot(file, slot, node)?;
        if let Some(variable) = self.variables.get_mut(at) {
            variable.value = operand.value;
            variable.flags = operand.flags;
        }
        Ok(())
    }

    /// Finds a method; gives where to go on if there is none to call.
    fn member(&mut self, place: &Place, i: u32) -> Result<Option<Label>, Fault> {
        let member = place.code.member(i);
        let name = place
            .file
            .program
            .ast
            .names
            .get(member.name as usize)
            .expect("a member has a name")
            .of(&place.file.program.source);
        let receiver = Operand { value: self.pop(), flags: self.flags };
        match self.find(receiver, name, true)? {
            Found::Value(nothing) => {
                // There is no receiver: Go evaluates no argument either.
                if member.last {
                    self.stack.pop();
                }
                self.push(nothing);
                Ok(Some(member.end))
            }
            Found::Method(method, receiver) => {
                let written = member.argc as usize;
                let given = written + usize::from(member.last);
                let (fixed, variadic) = arity(&method.sig);
                if given < fixed || given > fixed && !variadic {
                    return Err(wrong_arity(method.name, &method.sig, given, written));
                }
                self.stack.push(receiver);
                self.methods.push(method);
                Ok(None)
            }
        }
    }

    fn member_literal(&mut self, file: &File, i: usize, node: NodeId) -> Result<(), Fault> {
        let ty = param(&self.method().sig, i);
        let Program { source, ast, .. } = &*file.program;
        let value = match ast.kind(node) {
            NodeKind::Nil if can_be_nil(ty) => zero(ty),
            NodeKind::Nil => return Err(Fault::new(format!("cannot assign nil to {ty}"))),
            _ => literal(ast, source, node, ty).map_err(Fault::new)?.value(),
        };
        self.push(Operand { value, flags: 0 });
        Ok(())
    }

    /// The stack has the value that came down the pipeline, if any, the receiver and the arguments.
    fn member_call(&mut self, code: &Code, i: u32, node: NodeId) -> Result<(), Fault> {
        let member = code.member(i);
        let method = self.methods.pop().expect("the method was found before its arguments were computed");
        let below = self.stack.len().checked_sub(member.argc as usize).expect("the method's arguments were pushed");
        let mut args = self.stack.split_off(below);
        let receiver = self.pop();
        if member.last {
            let mut value = self.pop();
            check(&mut value, 0, param(&method.sig, args.len()))?;
            args.push(value);
        }
        let result = self.call_method(method, &receiver, &mut args, node)?;
        self.push(result);
        Ok(())
    }

    /// Begins a loop; gives where to go on if there is nothing to run over.
    fn range(&mut self, code: &Code, i: u32) -> Result<Option<Label>, Fault> {
        let value = self.pop();
        let flags;
        let over = match value {
            Value::List(l) => {
                flags = flags_of(l.ty().elem().unwrap_or(Type::Any), true);
                Over::List(l, 0)
            }
            Value::Map(m) => {
                flags = flags_of(m.ty().elem().unwrap_or(Type::Any), false);
                self.burn(m.len() / 8)?;
                Over::Map(m.entries().into_iter())
            }
            Value::Bytes(b) => {
                flags = ADDRESSABLE;
                self.burn(b.len() / 8)?;
                Over::List(b.iter().map(|b| Value::uint8(*b)).collect(), 0)
            }
            Value::Nil => {
                flags = 0;
                Over::Count(0, 0, Value::Nil)
            }
            Value::Int(_) | Value::Num(_) if !value.kind().is_float() => {
                let count = match &value {
                    Value::Int(n) => u64::try_from(*n).unwrap_or(0),
                    Value::Num(n) if n.ty().kind().is_uint() => n.as_u64(),
                    Value::Num(n) => u64::try_from(n.as_i64()).unwrap_or(0),
                    _ => 0,
                };
                if code.loop_at(i).index.is_some() {
                    let shown = shown(&value)?;
                    return Err(Fault::new(format!("can't use {shown} to iterate over more than one variable")));
                }
                flags = 0;
                Over::Count(0, count, value)
            }
            Value::Pointer(o) => {
                return Err(Fault::new(format!("range can't iterate over {}", shown(&Value::Struct(o))?)));
            }
            other => return Err(Fault::new(format!("range can't iterate over {}", shown(&other)?))),
        };
        let empty = match &over {
            Over::List(l, _) => l.is_empty(),
            Over::Map(m) => m.len() == 0,
            Over::Count(_, n, _) => *n == 0,
        };
        if empty {
            return Ok(Some(code.loop_at(i).otherwise));
        }
        self.loops.push(Iteration { over, dot: self.dot.clone(), dots: self.dots.len(), flags });
        Ok(None)
    }

    /// Begins an iteration; gives where to go on if there is none left.
    fn next(&mut self, code: &Code, i: u32) -> Option<Label> {
        let info = code.loop_at(i);
        let iteration = self.loops.last_mut().expect("a loop that goes on has begun");
        let item = match &mut iteration.over {
            Over::List(list, at) => {
                let index = *at;
                *at += 1;
                list.get(index).map(|v| (Value::Int(index as i64), v.clone()))
            }
            Over::Map(entries) => entries.next().map(|(k, v)| (Value::Str(k), v)),
            Over::Count(at, end, like) if *at < *end => {
                let n = *at;
                *at += 1;
                let value = match like {
                    Value::Num(like) if like.ty().kind().is_uint() => Value::Num(Num::uint(like.ty(), n)),
                    Value::Num(like) => Value::Num(Num::int(like.ty(), n as i64)),
                    _ => Value::Int(n as i64),
                };
                Some((Value::Nil, value))
            }
            Over::Count(..) => None,
        };
        let flags = iteration.flags;
        let dots = iteration.dots;
        let Some((index, element)) = item else {
            return Some(self.end_loop(code, i));
        };
        self.dots.truncate(dots);
        if let Some(slot) = info.index {
            self.set_slot(slot, Operand { value: index, flags: 0 });
        }
        if let Some(slot) = info.element {
            self.set_slot(slot, Operand { value: element.clone(), flags });
        }
        self.dot = Operand { value: element, flags };
        None
    }

    fn set_slot(&mut self, slot: u32, operand: Operand) {
        let variable = self.variables.get_mut(self.base + slot as usize).expect("a loop's variables were declared");
        variable.value = operand.value;
        variable.flags = operand.flags;
    }

    /// Ends a loop; gives where to go on.
    fn end_loop(&mut self, code: &Code, i: u32) -> Label {
        let iteration = self.loops.pop().expect("a loop that ends has begun");
        self.dots.truncate(iteration.dots);
        self.dot = iteration.dot;
        code.loop_at(i).exit
    }
}

#[cold]
fn message_fault(code: &Code, message: u32) -> Fault {
    Fault::new(code.message(message))
}

/// A value as `%v` shows it.
fn shown(v: &Value) -> Result<String, Fault> {
    let mut out = Vec::new();
    fmt::append_value(&mut out, v).map_err(Fault::host)?;
    Ok(govalue::utf8::lossy(&out).into_owned())
}

/// The `$name` of a variable node.
fn variable_name(file: &File, node: NodeId) -> &[u8] {
    match file.program.ast.kind(node) {
        NodeKind::Variable(names) => file.program.ast.names(names).first().map_or(&[], |n| n.of(&file.program.source)),
        _ => &[],
    }
}
