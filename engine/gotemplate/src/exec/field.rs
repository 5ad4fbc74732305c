//! Fields, map entries and methods (`text/template`: exec.go, evalField).

use govalue::{Args, FuncError, Method, Shape, Type, Value, strconv};

use super::fault::Fault;
use super::machine::NEAR;
use super::value::{ADDRESSABLE, INTERFACE, Operand, flags_of};
use super::{Machine, MissingKey};
use crate::builtins::zero;
use crate::file::File;
use crate::funcs::arity;
use crate::node::{Names, NodeId};

/// What a name means on a receiver.
pub(super) enum Found {
    /// A field or map entry.
    Value(Operand),
    /// A method, and the receiver to call it on.
    Method(&'static Method, Value),
}

impl Machine<'_> {
    /// `.a.b.c` of a receiver.
    pub(super) fn chain(
        &mut self,
        file: &File,
        mut receiver: Operand,
        names: Names,
        node: NodeId,
    ) -> Result<Operand, Fault> {
        for name in file.program.ast.names(names) {
            receiver = self.field(receiver, name.of(&file.program.source), node)?;
        }
        Ok(receiver)
    }

    /// `.a.b.c` of dot, or of the variable in a slot.
    pub(super) fn chain_of(
        &mut self,
        file: &File,
        variable: Option<usize>,
        names: Names,
        node: NodeId,
    ) -> Result<Operand, Fault> {
        let (value, flags) = match variable.and_then(|at| self.variables.get(at)) {
            Some(variable) => (&variable.value, variable.flags),
            None => (&self.dot.value, self.dot.flags),
        };
        // Most often it is a map, which need not be cloned to look into.
        let first = file.program.ast.names(names).first().map_or(&[][..], |name| name.of(&file.program.source));
        let near = near(&mut self.near, first);
        let receiver = match entry(value, first, near) {
            Some((Some(value), elem)) => Operand { value, flags: flags_of(elem, false) },
            Some((None, elem)) => self.missing(elem, first)?,
            None => {
                let receiver = Operand { value: value.clone(), flags };
                return self.chain(file, receiver, names, node);
            }
        };
        self.chain(file, receiver, names.from(1), node)
    }

    /// `.name` of a receiver, without arguments.
    fn field(&mut self, receiver: Operand, name: &[u8], node: NodeId) -> Result<Operand, Fault> {
        match entry(&receiver.value, name, near(&mut self.near, name)) {
            Some((Some(value), elem)) => return Ok(Operand { value, flags: flags_of(elem, false) }),
            Some((None, elem)) => return self.missing(elem, name),
            None => {}
        }
        match self.find(receiver, name, false)? {
            Found::Value(v) => Ok(v),
            Found::Method(method, receiver) => self.call_method(method, &receiver, &mut [], node),
        }
    }

    fn missing(&self, elem: Type, name: &[u8]) -> Result<Operand, Fault> {
        match self.missing_key {
            MissingKey::Invalid => Ok(Operand::default()),
            MissingKey::Zero => Ok(Operand { value: zero(elem), flags: flags_of(elem, false) }),
            MissingKey::Error => Err(Fault::new(format!("map has no entry for key {}", strconv::quote(name)))),
        }
    }

    /// What `.name` is; `arguments`: it must be a method.
    pub(super) fn find(&mut self, receiver: Operand, name: &[u8], arguments: bool) -> Result<Found, Fault> {
        let shown = || String::from_utf8_lossy(name).into_owned();
        let Operand { value, flags } = &receiver;
        if let Value::Nil = value {
            if flags & INTERFACE != 0 {
                return Err(Fault::new(format!("nil pointer evaluating interface {{}}.{}", shown())));
            }
            if self.missing_key == MissingKey::Error {
                return Err(Fault::new(format!("nil data; no entry for key {}", strconv::quote(name))));
            }
            return Ok(Found::Value(Operand::default()));
        }
        // A struct in an interface cannot be addressed, one behind a pointer can.
        let pointer = matches!(value, Value::Pointer(_) | Value::NilPointer(_));
        let addressable = pointer || flags & (ADDRESSABLE | INTERFACE) == ADDRESSABLE;
        if let Some(found) = method(value, name, addressable) {
            return Ok(found);
        }
        match value {
            Value::Struct(o) | Value::Pointer(o) => {
                if let Ok(name) = std::str::from_utf8(name)
                    && let Some((ty, value)) = o.field(name)
                {
                    if !name.starts_with(char::is_uppercase) {
                        return Err(Fault::new(format!(
                            "{name} is an unexported field of struct type {}",
                            receiver.type_name()
                        )));
                    }
                    if arguments {
                        return Err(Fault::new(format!("{name} has arguments but cannot be invoked as function")));
                    }
                    return Ok(Found::Value(Operand { value, flags: flags_of(ty, addressable) }));
                }
            }
            Value::Map(_) => return Err(Fault::new(format!("{} is not a method but has arguments", shown()))),
            Value::NilPointer(named) => {
                let known = std::str::from_utf8(name).is_ok_and(|name| has_field(named.fields(), name));
                if known || !matches!(named.shape, Shape::Struct(_)) {
                    return Err(Fault::new(format!("nil pointer evaluating {}.{}", receiver.type_name(), shown())));
                }
            }
            _ => {}
        }
        Err(Fault::new(format!("can't evaluate field {} in type {}", shown(), receiver.type_name())))
    }

    /// Calls a method whose arguments have been checked.
    pub(super) fn call_method(
        &mut self,
        method: &'static Method,
        receiver: &Value,
        args: &mut [Value],
        node: NodeId,
    ) -> Result<Operand, Fault> {
        let (fixed, variadic) = arity(&method.sig);
        if args.len() < fixed || args.len() > fixed && !variadic {
            return Err(wrong_arity(method.name, &method.sig, args.len(), args.len()));
        }
        let result = match receiver {
            Value::NilPointer(named) if !method.pointer => Err(FuncError::new(format!(
                "value method {}.{} called using nil *{} pointer",
                named.name,
                method.name,
                named.name.rsplit('.').next().unwrap_or_default()
            ))),
            receiver => (method.call)(receiver, &mut Args::new(args)),
        };
        let value = result.map_err(|e| {
            self.node = node;
            Fault::call(method.name, e)
        })?;
        Ok(Operand { flags: flags_of(method.sig.result(), false), value })
    }
}

/// Where a name was found last. Some names share a place, which is no more than a hint.
fn near<'m>(places: &'m mut [u32; NEAR], name: &[u8]) -> &'m mut u32 {
    let end = |b: Option<&u8>| b.copied().map_or(0, usize::from);
    &mut places[(end(name.first()) * 5 + end(name.last()) * 11 + name.len()) % NEAR]
}

/// What a map has at a key that is none of its methods, and the type of its elements.
fn entry(value: &Value, name: &[u8], near: &mut u32) -> Option<(Option<Value>, Type)> {
    let Value::Map(m) = value else { return None };
    let elem = match m.ty() {
        Type::Map(elem) => *elem,
        Type::Named(named) if named.methods.iter().any(|m| m.name.as_bytes() == name) => return None,
        other => other.elem()?,
    };
    Some((m.get_near(name, near), elem))
}

/// The complaint about the number of arguments: `given` in all, `written` of them behind the name.
pub(super) fn wrong_arity(name: &str, sig: &govalue::Signature, given: usize, written: usize) -> Fault {
    let (fixed, variadic) = arity(sig);
    Fault::new(if variadic {
        format!("wrong number of args for {name}: want at least {fixed} got {written}")
    } else {
        format!("wrong number of args for {name}: want {fixed} got {given}")
    })
}

fn method(value: &Value, name: &[u8], addressable: bool) -> Option<Found> {
    let named = value.ty()?.named()?;
    let method = named.method(std::str::from_utf8(name).ok()?)?;
    if method.pointer && !addressable {
        return None;
    }
    let receiver = match value {
        Value::Struct(o) if method.pointer => Value::Pointer(o.clone()),
        Value::Pointer(o) if !method.pointer => Value::Struct(o.clone()),
        other => other.clone(),
    };
    Some(Found::Method(method, receiver))
}

fn has_field(fields: &[govalue::Field], name: &str) -> bool {
    fields.iter().any(|f| f.name == name || f.embedded && f.ty.named().is_some_and(|n| has_field(n.fields(), name)))
}
