//! Pipelines to code (`text/template`: exec.go, evalPipeline and below).

use govalue::{Kind, Num, Type};

use super::Compiler;
use crate::builtins::Builtin;
use crate::code::{Const, Member, Op, Param};
use crate::funcs::Callee;
use crate::node::{Ast, Names, NodeId, NodeKind, Number, unquoted};

/// Whether an untyped nil can be a value of the type (`canBeNil`).
pub(crate) fn can_be_nil(ty: Type) -> bool {
    matches!(ty.kind(), Kind::Func | Kind::Interface | Kind::Map | Kind::Ptr | Kind::Slice)
}

/// The literal that a node is as a value of a parameter's type (`evalArg`), or
/// Go's complaint.
pub(crate) fn literal(ast: &Ast, source: &[u8], id: NodeId, ty: Type) -> Result<Const, String> {
    let shown = || {
        let mut out = Vec::new();
        ast.print(source, id, &mut out);
        govalue::utf8::lossy(&out).into_owned()
    };
    let expected = |what: &str| format!("expected {what}; found {}", shown());
    let number = || ast.number(source, id);
    Ok(match (ty.kind(), ast.kind(id)) {
        (Kind::Bool, NodeKind::Bool(b)) => Const::Bool(b),
        (Kind::Bool, _) => return Err(expected("bool")),
        (Kind::Complex64 | Kind::Complex128, _) => {
            Const::Complex(number().and_then(|n| n.complex).ok_or_else(|| expected("complex"))?)
        }
        (k, _) if k.is_float() => {
            let f = number().and_then(|n| n.float).ok_or_else(|| expected("float"))?;
            if k == Kind::Float32 { Const::Num(Num::float32(f as f32)) } else { Const::Float(f) }
        }
        (k, _) if k.is_int() => {
            let n = number().and_then(|n| n.int).ok_or_else(|| expected("integer"))?;
            if matches!(ty, Type::Int) { Const::Int(n) } else { Const::Num(Num::int(ty, n)) }
        }
        (k, _) if k.is_uint() => {
            let n = number().and_then(|n| n.uint).ok_or_else(|| expected("unsigned integer"))?;
            Const::Num(Num::uint(ty, n))
        }
        (Kind::String, NodeKind::String(_)) => Const::Str(unquoted(ast.text(source, id))),
        (Kind::String, _) => return Err(expected("string")),
        (_, kind) if matches!(ty, Type::Any) => match kind {
            NodeKind::Bool(b) => Const::Bool(b),
            NodeKind::String(_) => Const::Str(unquoted(ast.text(source, id))),
            _ => number().map_or(Ok(Const::Nil), |n| ideal(&n, source))?,
        },
        _ => return Err(format!("can't handle {} for arg of type {ty}", shown())),
    })
}

/// A number where nothing says of which type it is to be (`idealConstant`).
fn ideal(n: &Number, source: &[u8]) -> Result<Const, String> {
    let text = n.text.of(source);
    if let Some(c) = n.complex {
        return Ok(Const::Complex(c));
    }
    let hex = text.len() > 2 && matches!(text, [b'0', b'x' | b'X', ..]) && !text.iter().any(|b| b"pP".contains(b));
    let character = text.first() == Some(&b'\'');
    if let Some(f) = n.float
        && !hex
        && !character
        && text.iter().any(|b| b".eEpP".contains(b))
    {
        return Ok(Const::Float(f));
    }
    match (n.int, n.uint) {
        (Some(i), _) => Ok(Const::Int(i)),
        (None, Some(_)) => Err(format!("{} overflows int", govalue::utf8::lossy(text))),
        (None, None) => Ok(Const::Nil),
    }
}

/// The complaint about the number of arguments: `given` in all, `written` of
/// them behind the name.
#[inline(never)]
fn wrong_arity(callee: &Callee, given: usize, written: usize) -> Option<String> {
    let ((fixed, variadic), name) = (callee.arity(), callee.name());
    match variadic {
        true if given < fixed => Some(format!("wrong number of args for {name}: want at least {fixed} got {written}")),
        false if given != fixed => Some(format!("wrong number of args for {name}: want {fixed} got {given}")),
        _ => None,
    }
}

impl<'a> Compiler<'a> {
    /// A pipeline: leaves its value on the stack.
    pub(super) fn pipe(&mut self, id: NodeId) {
        let ast = self.ast;
        let Some(pipe) = ast.pipe(id) else { return };
        for (i, command) in ast.children(pipe.commands.clone()).iter().enumerate() {
            self.command(*command, id, i > 0);
        }
        for variable in ast.children(pipe.decl.clone()) {
            let Some(name) = self.variable_name(*variable) else { continue };
            if !pipe.assign {
                self.declare(name);
                self.emit(Op::Declare, *variable);
            } else if let Some(slot) = self.slot(name) {
                self.emit(Op::Assign(slot), *variable);
            } else {
                self.fail_here(format!("undefined variable: {}", govalue::utf8::lossy(name)));
            }
        }
    }

    pub(super) fn variable_name(&self, id: NodeId) -> Option<&'a [u8]> {
        match self.ast.kind(id) {
            NodeKind::Variable(names) => self.ast.names(names).first().map(|name| name.of(self.source)),
            _ => None,
        }
    }

    /// A command; `last`: the value that came down the pipeline is on the stack.
    fn command(&mut self, id: NodeId, pipe: NodeId, last: bool) {
        let ast = self.ast;
        let args = ast.command(id);
        let Some((&first, rest)) = args.split_first() else { return };
        let calls = last || !rest.is_empty();
        let not_a_function = |c: &Self| format!("can't give argument to non-function {}", c.show(first));
        match ast.kind(first) {
            NodeKind::Identifier(..) => self.call(first, id, rest, last),
            NodeKind::Field(names) => {
                if !calls {
                    self.fields(names, first);
                    return;
                }
                let (receiver, name) = names.split_last();
                if receiver.len == 0 {
                    self.emit(Op::Dot, first);
                } else {
                    self.fields(receiver, first);
                }
                self.member(first, name, rest, last);
            }
            NodeKind::Variable(names) => {
                if !calls {
                    self.variable(first, names);
                } else if names.len == 1 {
                    self.variable(first, names);
                    let message = not_a_function(self);
                    self.fail_here(message);
                } else {
                    let (receiver, name) = names.split_last();
                    self.variable(first, receiver);
                    self.member(first, name, rest, last);
                }
            }
            NodeKind::Chain(index) => {
                let (of, names) = ast.chain(index);
                if !calls {
                    self.chain(first, of, names);
                    return;
                }
                let (receiver, name) = names.split_last();
                self.chain(first, of, receiver);
                self.member(first, name, rest, last);
            }
            NodeKind::Pipe(_) => {
                if calls {
                    let message = not_a_function(self);
                    if last {
                        self.fail_here(message);
                    } else {
                        self.fail(pipe, message);
                    }
                } else {
                    self.pipe(first);
                    self.emit(Op::Unwrap, NodeId::NONE);
                }
            }
            _ if calls => {
                let message = not_a_function(self);
                self.fail(first, message);
            }
            NodeKind::Dot => {
                self.emit(Op::Dot, first);
            }
            NodeKind::Nil => self.fail(first, "nil is not a command".to_owned()),
            _ => self.literal(first, Type::Any),
        }
    }

    /// Fields of dot.
    fn fields(&mut self, names: Names, id: NodeId) {
        self.emit(Op::Field(names), id);
    }

    fn variable(&mut self, id: NodeId, names: Names) {
        let Some(name) = self.variable_name(id) else { return };
        let Some(slot) = self.slot(name) else {
            self.fail(id, format!("undefined variable: {}", govalue::utf8::lossy(name)));
            return;
        };
        match u16::try_from(names.len - 1) {
            Ok(0) => {
                self.emit(Op::Variable(slot), id);
            }
            Ok(len) => {
                let Names { start, .. } = names.from(1);
                self.emit(Op::VariableField { slot, start, len }, id);
            }
            Err(_) => {
                self.emit(Op::Variable(slot), id);
                self.emit(Op::Chain(names.from(1)), id);
            }
        }
    }

    fn chain(&mut self, id: NodeId, of: NodeId, names: Names) {
        if let NodeKind::Nil = self.ast.kind(of) {
            let message = format!("indirection through explicit nil in {}", self.show(id));
            self.fail(id, message);
            return;
        }
        match self.ast.kind(of) {
            NodeKind::Identifier(..) => self.call(of, of, &[], false),
            _ => {
                self.pipe(of);
                self.emit(Op::Unwrap, NodeId::NONE);
            }
        }
        if names.len > 0 {
            self.emit(Op::Chain(names), id);
        }
    }

    /// A method of the value on the stack, with arguments.
    #[inline(never)]
    fn member(&mut self, node: NodeId, name: u32, args: &[NodeId], last: bool) {
        let index = self.code.members.len() as u32;
        let argc = args.len() as u32;
        self.code.members.push(Member { name, argc, last, end: 0 });
        self.emit(Op::Member(index), NodeId::NONE);
        for (i, arg) in args.iter().enumerate() {
            let i = i as u32;
            match self.ast.kind(*arg) {
                NodeKind::Nil | NodeKind::Bool(_) | NodeKind::Number(..) | NodeKind::String(_) => {
                    self.emit(Op::MemberLiteral(i), *arg);
                }
                _ => {
                    self.operand(*arg);
                    self.emit(Op::MemberCheck(i), NodeId::NONE);
                }
            }
        }
        self.emit(Op::MemberCall(index), node);
        let end = self.label();
        self.code.members.get_mut(index as usize).expect("the member was just added").end = end;
    }

    /// An operand that is no literal.
    fn operand(&mut self, id: NodeId) {
        match self.ast.kind(id) {
            NodeKind::Dot => {
                self.emit(Op::Dot, id);
            }
            NodeKind::Field(names) => self.fields(names, id),
            NodeKind::Variable(names) => self.variable(id, names),
            NodeKind::Chain(index) => {
                let (of, names) = self.ast.chain(index);
                self.chain(id, of, names);
            }
            NodeKind::Identifier(..) => self.call(id, id, &[], false),
            _ => {
                self.pipe(id);
                self.emit(Op::Unwrap, NodeId::NONE);
            }
        }
    }

    /// A function call: `ident` is its name, `node` what errors of the call quote.
    fn call(&mut self, ident: NodeId, node: NodeId, args: &[NodeId], last: bool) {
        let NodeKind::Identifier(_, index) = self.ast.kind(ident) else { return };
        let funcs = self.funcs;
        let callee = funcs.get(usize::from(index)).expect("the parser found the function");
        let name = callee.name();
        let given = args.len() + usize::from(last);
        if let Some(message) = wrong_arity(callee, given, args.len()) {
            return self.fail(ident, message);
        }
        if let Callee::Builtin(Builtin::And | Builtin::Or) = callee {
            return self.short_circuit(ident, matches!(callee, Callee::Builtin(Builtin::Or)), args, last);
        }
        for (i, arg) in args.iter().enumerate() {
            self.argument(*arg, callee.param(i));
            if i > 0 && matches!(callee, Callee::Builtin(Builtin::Slice)) {
                self.emit(Op::Opaque, NodeId::NONE);
            }
        }
        let Ok(argc) = u16::try_from(args.len()) else {
            return self.fail(ident, format!("too many arguments for {name}"));
        };
        if last
            && let Param::Type(ty) = callee.param(given - 1)
            && !matches!(ty, Type::Any)
        {
            if args.is_empty() {
                self.emit(Op::At, ident);
            }
            let ty = self.ty(ty);
            self.emit(Op::CheckFinal { ty, argc }, NodeId::NONE);
        }
        self.emit(Op::Call { callee: index, argc, last, command: node }, ident);
    }

    #[inline(never)]
    fn ty(&mut self, ty: Type) -> u32 {
        match self.code.types.iter().position(|t| *t == ty) {
            Some(i) => i as u32,
            None => {
                self.code.types.push(ty);
                self.code.types.len() as u32 - 1
            }
        }
    }

    /// An argument of a function.
    fn argument(&mut self, arg: NodeId, param: Param) {
        let ty = match param {
            Param::Type(ty) => ty,
            Param::Reflect => Type::Any,
        };
        match self.ast.kind(arg) {
            NodeKind::Nil if can_be_nil(ty) => {
                let zero = self.ty(ty);
                self.emit(Op::Zero(zero), arg);
            }
            NodeKind::Nil => self.fail(arg, format!("cannot assign nil to {ty}")),
            NodeKind::Bool(_) | NodeKind::Number(..) | NodeKind::String(_) => self.literal(arg, ty),
            _ => {
                self.operand(arg);
                if !matches!(ty, Type::Any) {
                    let ty = self.ty(ty);
                    self.emit(Op::Check(ty), NodeId::NONE);
                }
            }
        }
    }

    #[inline(never)]
    fn literal(&mut self, id: NodeId, ty: Type) {
        match literal(self.ast, self.source, id, ty) {
            Ok(constant) => {
                let constant = self.constant(constant);
                self.emit(Op::Const(constant), id);
            }
            Err(message) => self.fail(id, message),
        }
    }

    /// `and`, `or`: they evaluate no more arguments than they need.
    #[inline(never)]
    fn short_circuit(&mut self, ident: NodeId, or: bool, args: &[NodeId], last: bool) {
        if args.is_empty() {
            // The only argument is on the stack.
            self.emit(Op::At, ident);
            return;
        }
        if last {
            // What came down the pipeline may be the result: then it is still a thing that can be addressed.
            self.emit(Op::Flags, NodeId::NONE);
        }
        let before = self.scope.len();
        let first = self.jumps.len();
        for (i, arg) in args.iter().enumerate() {
            self.argument(*arg, Param::Reflect);
            if last || i + 1 < args.len() {
                let jump = self.emit(Op::ShortCircuit { or, target: 0 }, NodeId::NONE);
                self.jumps.push((jump, self.scope.len()));
            }
        }
        let declared = self.scope.len();
        if !last && declared == before {
            while self.jumps.len() > first
                && let Some((jump, _)) = self.jumps.pop()
            {
                self.patch(jump);
            }
            return;
        }
        let mut jumps = self.jumps.split_off(first);
        if last {
            self.emit(Op::Flagged, NodeId::NONE);
        }
        // Each jump drops what the pipeline brought, and stands in for the
        // variables that the arguments it skips would have declared: its own
        // and those of the jumps behind it.
        let exit = self.emit(Op::Jump(0), NodeId::NONE);
        if last {
            for (jump, _) in &mut jumps {
                self.patch(*jump);
                self.emit(Op::Nip, NodeId::NONE);
                *jump = self.emit(Op::Jump(0), NodeId::NONE);
            }
        }
        let ends: Vec<usize> = jumps.iter().skip(1).map(|(_, slots)| *slots).chain([declared]).collect();
        for ((jump, slots), end) in jumps.into_iter().zip(ends) {
            self.patch(jump);
            for _ in slots..end {
                self.emit(Op::DeclareNone, NodeId::NONE);
            }
        }
        self.patch(exit);
    }
}
