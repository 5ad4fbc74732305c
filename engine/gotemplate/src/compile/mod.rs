//! Syntax trees to code.

mod expr;

pub(crate) use expr::{can_be_nil, literal};

use crate::code::{Code, Const, Ins, Label, Loop, Op};
use crate::file::Program;
use crate::funcs::Callee;
use crate::node::{Ast, Item, Node, NodeId, NodeKind, Pipe, plain, unquoted};
use crate::scope::Scope;

/// Compiles a template of a program.
pub(crate) fn compile(program: &Program, items: &[Item]) -> Code {
    let mut c = Compiler {
        source: &program.source,
        ast: &program.ast,
        funcs: &program.funcs,
        code: Code::default(),
        scope: Scope::default(),
        peak: 1,
        jumps: Vec::new(),
    };
    c.scope.push(b"$");
    c.code.ins.reserve(items.len() * 5);
    c.code.constants.reserve(items.len());
    c.body(items);
    c.code.shrink();
    c.code
}

struct Compiler<'a> {
    source: &'a [u8],
    ast: &'a Ast,
    funcs: &'a [Callee],
    code: Code,
    /// The names of the variables that the machine has at this point: `$` and others.
    /// What the parser takes for defined need not be: Go looks variables up by
    /// name while executing, and so a name may have no slot.
    scope: Scope<'a>,
    /// The most slots in use since the innermost structure began.
    peak: usize,
    /// The jumps out of each `and` and `or` that is being compiled, and how many slots there are at each.
    jumps: Vec<(usize, usize)>,
}

/// A control structure that has not ended.
struct Open {
    kind: Kind,
    /// Slots before it, and after its pipeline.
    outer: usize,
    inner: usize,
    /// The structure around it had used so many slots.
    peak: usize,
    /// The jump to its `else` or end.
    to_else: usize,
    /// The jump from its body over its `else`.
    to_end: Option<usize>,
}

#[derive(Clone, Copy)]
enum Kind {
    If,
    With,
    /// An index into the loops.
    Range(u32),
}

impl<'a> Compiler<'a> {
    fn label(&self) -> Label {
        self.code.ins.len() as Label
    }

    #[inline]
    fn emit(&mut self, op: Op, node: NodeId) -> usize {
        self.code.ins.push(Ins { op, node });
        self.code.ins.len() - 1
    }

    /// Lets the jump at `at` lead here.
    fn patch(&mut self, at: usize) {
        let here = self.label();
        match self.code.ins.get_mut(at).map(|ins| &mut ins.op) {
            Some(Op::Jump(to) | Op::JumpFalse(to) | Op::With(to) | Op::ShortCircuit { target: to, .. }) => *to = here,
            // The beginning of a loop jumps to what the loop's entry says.
            Some(Op::Range(_)) => {}
            _ => unreachable!("what is patched is a jump"),
        }
    }

    fn constant(&mut self, constant: Const) -> u32 {
        self.code.constants.push(constant);
        self.code.constants.len() as u32 - 1
    }

    fn message(&mut self, message: String) -> u32 {
        self.code.messages.push(message);
        self.code.messages.len() as u32 - 1
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, node: NodeId, message: String) {
        let message = self.message(message);
        self.emit(Op::Fail(message), node);
    }

    #[cold]
    #[inline(never)]
    fn fail_here(&mut self, message: String) {
        let message = self.message(message);
        self.emit(Op::FailHere(message), NodeId::NONE);
    }

    #[cold]
    #[inline(never)]
    fn show(&self, node: NodeId) -> String {
        let mut out = Vec::new();
        self.ast.print(self.source, node, &mut out);
        govalue::utf8::lossy(&out).into_owned()
    }

    /// A new slot.
    fn declare(&mut self, name: &'a [u8]) {
        self.scope.push(name);
        self.peak = self.peak.max(self.scope.len());
    }

    /// The slot of the newest variable of that name.
    fn slot(&self, name: &[u8]) -> Option<u32> {
        self.scope.find(name)
    }

    /// Forgets the slots from `from` on, if there were any.
    fn forget(&mut self, from: usize) {
        if self.peak > from {
            self.emit(Op::Forget(from as u32), NodeId::NONE);
        }
        self.scope.truncate(from);
    }

    fn body(&mut self, items: &[Item]) {
        let mut open: Vec<Open> = Vec::new();
        for item in items {
            match *item {
                Item::Text(text) => {
                    self.emit(Op::Text(text.start, text.end), NodeId::NONE);
                }
                Item::Action(node) => self.action(node),
                Item::Template(node) => self.template(node),
                Item::If(pipe) => self.open(&mut open, pipe, None),
                Item::With(pipe) => self.open(&mut open, pipe, Some(false)),
                Item::Range(pipe) => self.open(&mut open, pipe, Some(true)),
                Item::Else => self.else_(&mut open),
                Item::End => self.end(&mut open),
                Item::Break => self.break_(&open),
                Item::Continue => self.continue_(&open),
            }
        }
        self.emit(Op::Return, NodeId::NONE);
    }

    fn action(&mut self, node: NodeId) {
        let NodeKind::Action(pipe) = self.ast.kind(node) else { return };
        let Some(parts) = self.ast.pipe(pipe) else { return };
        let silent = !parts.decl.is_empty();
        if !silent && let Some(text) = self.literal_text(parts) {
            self.emit(Op::At, node);
            self.emit(text, NodeId::NONE);
            return;
        }
        self.pipe(pipe);
        self.emit(if silent { Op::Pop } else { Op::Print }, node);
    }

    /// If a pipeline is nothing but a string as it stands in the source: what writes it.
    /// Charts quote in this way what is in another template language.
    fn literal_text(&self, pipe: &Pipe) -> Option<Op> {
        let [command] = self.ast.children(pipe.commands.clone()) else { return None };
        let [literal] = self.ast.command(*command) else { return None };
        let Node { pos, kind: NodeKind::String(end) } = self.ast.node(*literal)? else { return None };
        plain(self.ast.text(self.source, *literal)).map(|_| Op::Text(pos + 1, end - 1))
    }

    fn template(&mut self, node: NodeId) {
        let NodeKind::Template(_, pipe) = self.ast.kind(node) else { return };
        let name = self.constant(Const::Str(unquoted(self.ast.text(self.source, node))));
        self.emit(Op::Find(name), node);
        let data = pipe != NodeId::NONE;
        if data {
            self.pipe(pipe);
        }
        self.emit(Op::Template { data }, node);
    }

    /// Ends the innermost loop, from its `else` as well.
    fn break_(&mut self, open: &[Open]) {
        let ranges = open.iter().enumerate().rev();
        let (at, index, to_end) = ranges
            .filter_map(|(at, o)| if let Kind::Range(index) = o.kind { Some((at, index, o.to_end)) } else { None })
            .next()
            .expect("the parser takes `break` in loops only");
        let inside = &open[at + 1..];
        if to_end.is_none() {
            self.emit(Op::Break(index), NodeId::NONE);
            return;
        }
        for _ in inside.iter().filter(|o| matches!(o.kind, Kind::With) && o.to_end.is_none()) {
            self.emit(Op::EndWith, NodeId::NONE);
        }
        self.emit(Op::BreakElse(index), NodeId::NONE);
    }

    /// Goes on with the innermost loop that has an iteration.
    fn continue_(&mut self, open: &[Open]) {
        let innermost = open.iter().rev().find_map(|o| match o.kind {
            Kind::Range(index) if o.to_end.is_none() => Some((index, o.inner)),
            _ => None,
        });
        let (index, inner) = innermost.expect("the parser takes `continue` in loops only");
        if self.scope.len() > inner {
            self.emit(Op::Forget(inner as u32), NodeId::NONE);
        }
        let next = self.code.loop_at(index).next;
        self.emit(Op::Jump(next), NodeId::NONE);
    }

    /// `range`: whether it is a loop, or a `with`; else an `if`.
    fn open(&mut self, open: &mut Vec<Open>, pipe: NodeId, range: Option<bool>) {
        let outer = self.scope.len();
        let peak = std::mem::replace(&mut self.peak, outer);
        self.pipe(pipe);
        let inner = self.scope.len();
        let (kind, to_else) = match range {
            None => (Kind::If, self.emit(Op::JumpFalse(0), pipe)),
            Some(false) => (Kind::With, self.emit(Op::With(0), pipe)),
            Some(true) => {
                let index = self.code.loops.len() as u32;
                let (first, second) = self.loop_variables(pipe);
                let (index_slot, element) = if second.is_some() { (first, second) } else { (None, first) };
                let at = self.emit(Op::Range(index), NodeId::NONE);
                let next = self.label();
                self.emit(Op::Next(index), NodeId::NONE);
                self.code.loops.push(Loop { next, otherwise: 0, exit: 0, index: index_slot, element });
                (Kind::Range(index), at)
            }
        };
        open.push(Open { kind, outer, inner, peak, to_else, to_end: None });
    }

    /// The slots of the variables that a loop sets.
    fn loop_variables(&self, pipe: NodeId) -> (Option<u32>, Option<u32>) {
        let Some(pipe) = self.ast.pipe(pipe) else { return (None, None) };
        let top = self.scope.len() as u32;
        let decl = self.ast.children(pipe.decl.clone());
        let slot = |i: usize| {
            let variable = decl.get(i)?;
            if pipe.assign {
                self.variable_name(*variable).and_then(|name| self.slot(name))
            } else {
                Some(top - decl.len() as u32 + i as u32)
            }
        };
        (slot(0), slot(1))
    }

    fn loop_mut(&mut self, index: u32) -> &mut Loop {
        self.code.loops.get_mut(index as usize).expect("a loop that is open is in the code")
    }

    /// What ends the body of a structure: back to where it began.
    fn leave_body(&mut self, open: &Open) {
        match open.kind {
            Kind::If => {}
            Kind::With => {
                self.emit(Op::EndWith, NodeId::NONE);
            }
            Kind::Range(index) => {
                self.forget(open.inner);
                let next = self.code.loop_at(index).next;
                self.emit(Op::Jump(next), NodeId::NONE);
            }
        }
    }

    fn else_(&mut self, open: &mut [Open]) {
        let open = open.last_mut().expect("the parser takes `else` in structures only");
        self.leave_body(open);
        if let Kind::Range(index) = open.kind {
            self.loop_mut(index).otherwise = self.code.ins.len() as Label;
            open.to_end = Some(open.to_else);
        } else {
            open.to_end = Some(self.emit(Op::Jump(0), NodeId::NONE));
            self.patch(open.to_else);
        }
        self.scope.truncate(open.inner);
    }

    fn end(&mut self, open: &mut Vec<Open>) {
        let open = open.pop().expect("the parser takes `end` in structures only");
        match open.to_end {
            None => {
                self.leave_body(&open);
                self.patch(open.to_else);
            }
            Some(jump) => self.patch(jump),
        }
        let here = self.label();
        if let Kind::Range(index) = open.kind {
            let l = self.loop_mut(index);
            l.exit = here;
            if open.to_end.is_none() {
                l.otherwise = here;
            }
        }
        self.forget(open.outer);
        self.peak = self.peak.max(open.peak);
    }
}
