//! The instructions of compiled templates.
//!
//! The machine has a stack of values, of which the top carries flags (see
//! `exec::value`); variables lie in slots that are known when compiling. Where
//! an instruction makes its node the current one, errors quote that node, as
//! with Go's `state.at`.

use govalue::{Num, Str, Type, Value};

use crate::node::{Names, NodeId};

/// The code of a template.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(crate) ins: Vec<Ins>,
    pub(crate) constants: Vec<Const>,
    pub(crate) types: Vec<Type>,
    pub(crate) messages: Vec<String>,
    pub(crate) members: Vec<Member>,
    pub(crate) loops: Vec<Loop>,
}

impl Code {
    /// Gives back room that was reserved.
    pub(crate) fn shrink(&mut self) {
        self.ins.shrink_to_fit();
        self.constants.shrink_to_fit();
    }

    /// The constant at an index.
    pub(crate) fn constant(&self, index: u32) -> &Const {
        self.constants.get(index as usize).expect("an instruction names a constant of its code")
    }

    /// The text at an index of the constants.
    pub(crate) fn text(&self, constant: u32) -> &[u8] {
        match self.constant(constant) {
            Const::Str(text) => text,
            other => unreachable!("the name of a template is a string, not {other:?}"),
        }
    }

    /// The type at an index.
    pub(crate) fn ty(&self, index: u32) -> Type {
        *self.types.get(index as usize).expect("an instruction names a type of its code")
    }

    /// The field or method at an index.
    pub(crate) fn member(&self, index: u32) -> Member {
        *self.members.get(index as usize).expect("an instruction names a member of its code")
    }

    /// The loop at an index.
    pub(crate) fn loop_at(&self, index: u32) -> Loop {
        *self.loops.get(index as usize).expect("an instruction names a loop of its code")
    }

    /// The message at an index.
    pub(crate) fn message(&self, index: u32) -> &str {
        self.messages.get(index as usize).expect("an instruction names a message of its code")
    }
}

/// An instruction and the node that it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ins {
    pub(crate) op: Op,
    pub(crate) node: NodeId,
}

/// A place in the code.
pub(crate) type Label = u32;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    /// Writes a piece of the source.
    Text(u32, u32),
    /// Pops and writes.
    Print,
    /// Makes the node current.
    At,
    /// Fails with a message: an index into the messages.
    Fail(u32),
    /// Fails where the current node stands, whichever that is.
    FailHere(u32),
    /// Pushes a constant.
    Const(u32),
    /// Pushes the zero value of a type, or no value at all.
    Zero(u32),
    /// Pushes dot.
    Dot,
    /// Pushes fields of dot.
    Field(Names),
    /// Pushes a variable.
    Variable(u32),
    /// Pushes fields of a variable: slot, and as in `Names`.
    VariableField {
        slot: u32,
        start: u32,
        len: u16,
    },
    /// Replaces the top by fields of it.
    Chain(Names),
    /// Takes the top out of its interface.
    Unwrap,
    /// If the top is in an interface, puts what is no index in its place.
    Opaque,
    /// Checks and converts an argument that has just been pushed: the type.
    Check(u32),
    /// The same for the value that came down the pipeline, which lies below `argc` others.
    CheckFinal {
        ty: u32,
        argc: u16,
    },
    /// Calls a function with `argc` arguments; `last`: and one below them, which
    /// is the last. The node is its name; errors of the call quote `command`.
    Call {
        callee: u16,
        argc: u16,
        last: bool,
        command: NodeId,
    },
    /// `and`, `or`: jumps if the top decides; else pops it.
    ShortCircuit {
        or: bool,
        target: Label,
    },
    /// Pushes the flags of the top, which is to be the top again.
    Flags,
    /// Pops the flags of the value below them.
    Flagged,
    /// Removes the two values below the top: one with its flags.
    Nip,
    /// A method call with arguments: finds the method on the top; an index into the members.
    Member(u32),
    /// Pushes a literal as the argument at this index of the method.
    MemberLiteral(u32),
    /// Checks an argument of the method: its index.
    MemberCheck(u32),
    /// Calls the method.
    MemberCall(u32),
    /// Declares a variable of the top's value, which stays.
    Declare,
    /// Declares a variable that a branch not taken would have declared.
    DeclareNone,
    /// Sets a variable to the top's value, which stays.
    Assign(u32),
    Pop,
    /// Forgets the variables from this slot on.
    Forget(u32),
    Jump(Label),
    /// Pops; jumps if that is false.
    JumpFalse(Label),
    /// Pops; makes it dot, or jumps if it is false.
    With(Label),
    /// Restores dot.
    EndWith,
    /// Pops what to iterate over; an index into the loops.
    Range(u32),
    /// The next iteration.
    Next(u32),
    /// Leaves the loop.
    Break(u32),
    /// Leaves what stands in place of a loop without iterations.
    BreakElse(u32),
    /// Finds a template, whose name is the constant of this index.
    Find(u32),
    /// Pops dot and runs the template that was found; without a value: no dot.
    Template {
        data: bool,
    },
    /// Ends the template.
    Return,
}

/// A loop.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Loop {
    /// Where the next iteration begins.
    pub(crate) next: Label,
    /// Where to go after no iteration.
    pub(crate) otherwise: Label,
    /// Where to go after the last.
    pub(crate) exit: Label,
    /// The slot that takes the index or key.
    pub(crate) index: Option<u32>,
    /// The slot that takes the element.
    pub(crate) element: Option<u32>,
}

/// A field or method with arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Its name, an index into the names.
    pub(crate) name: u32,
    /// The arguments written behind it.
    pub(crate) argc: u32,
    /// Whether another comes down the pipeline.
    pub(crate) last: bool,
    /// Where to go if there is nothing to call it on.
    pub(crate) end: Label,
}

/// A constant, which unlike a value can be shared by threads.
#[derive(Clone, Debug)]
pub(crate) enum Const {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Complex([f64; 2]),
    Str(Str),
    Num(Num),
}

impl Const {
    pub(crate) fn value(&self) -> Value {
        match self {
            Const::Nil => Value::Nil,
            Const::Bool(b) => Value::Bool(*b),
            Const::Int(n) => Value::Int(*n),
            Const::Float(f) => Value::Float(*f),
            Const::Complex(c) => Value::Complex((*c).into()),
            Const::Str(s) => Value::Str(s.clone()),
            Const::Num(n) => Value::Num(*n),
        }
    }
}

/// What a function wants as an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Param {
    /// A value of a type.
    Type(Type),
    /// Anything, as it is (`reflect.Value`).
    Reflect,
}
