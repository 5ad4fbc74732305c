//! Fields, map entries and methods (`text/template`: exec.go, evalField).

use govalue::{Args, FuncError, Method, Shape, Type, Value, strconv};

use super::fault::Fault;
use super::value::{ADDRESSABLE, Flags, INTERFACE, Operand, flags_of};
use super::{Machine, MissingKey};
use crate::builtins::zero;
use crate::funcs::arity;
use crate::node::NodeId;
use crate::path::{Key, Path};

/// What a name means on a receiver.
pub(super) enum Found {
    /// A field or map entry.
    Value(Operand),
    /// A method, and the receiver to call it on.
    Method(&'static Method, Value),
}

/// How far a way through maps leads.
enum Way<'k> {
    /// To its end.
    End(Operand),
    /// To a map, with elements of that type, that does not have the first of these keys.
    Missing(Type, Key<'k>, Path<'k>),
    /// To a map, but no further in one go.
    Far(Operand, Path<'k>),
    /// To what is no map, or to a method.
    Other(Operand, Key<'k>, Path<'k>),
}

/// So many maps are looked into inside each other.
const STRIDE: usize = 16;

/// Follows keys through maps, none of which needs to be cloned for it.
fn follow<'k>(value: &Value, flags: Flags, path: Path<'k>, stride: usize) -> Way<'k> {
    let Some((key, rest)) = path.split_first() else { return Way::End(Operand { value: value.clone(), flags }) };
    let other = || Way::Other(Operand { value: value.clone(), flags }, key, rest);
    let Value::Map(map) = value else { return other() };
    let elem = match map.ty() {
        _ if stride == 0 => return Way::Far(Operand { value: value.clone(), flags }, path),
        Type::Map(elem) => *elem,
        Type::Named(named) if named.methods.iter().any(|m| m.name.as_bytes() == key.name) => return other(),
        ty => match ty.elem() {
            Some(elem) => elem,
            None => return other(),
        },
    };
    key.look(map, |found| match found {
        Some(value) => follow(value, flags_of(elem, false), rest, stride - 1),
        None => Way::Missing(elem, key, rest),
    })
}

impl Machine<'_> {
    /// `.a.b.c` of a receiver.
    pub(super) fn chain(&mut self, receiver: &Operand, path: Path<'_>, node: NodeId) -> Result<Operand, Fault> {
        self.go(follow(&receiver.value, receiver.flags, path, STRIDE), node)
    }

    /// `.a.b.c` of dot, or of the variable in a slot.
    pub(super) fn chain_of(&mut self, variable: Option<usize>, path: Path<'_>, node: NodeId) -> Result<Operand, Fault> {
        let (value, flags) = match variable.and_then(|at| self.variables.get(at)) {
            Some(variable) => (&variable.value, variable.flags),
            None => (&self.dot.value, self.dot.flags),
        };
        match follow(value, flags, path, STRIDE) {
            Way::End(found) => Ok(found),
            way => self.go(way, node),
        }
    }

    /// Goes a way to its end.
    #[inline(never)]
    fn go(&mut self, mut way: Way<'_>, node: NodeId) -> Result<Operand, Fault> {
        loop {
            let (receiver, rest) = match way {
                Way::End(found) => return Ok(found),
                Way::Far(receiver, path) => (receiver, path),
                Way::Missing(elem, key, rest) => (self.missing(elem, key.name)?, rest),
                Way::Other(receiver, key, rest) => (self.field(receiver, key, node)?, rest),
            };
            way = follow(&receiver.value, receiver.flags, rest, STRIDE);
        }
    }

    /// `.name` of a receiver, without arguments.
    fn field(&mut self, receiver: Operand, key: Key<'_>, node: NodeId) -> Result<Operand, Fault> {
        match self.find(receiver, key.name, false)? {
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
        let shown = || govalue::utf8::lossy(name).into_owned();
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
