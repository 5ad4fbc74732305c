//! Whether a value can be an argument (`text/template`: exec.go, validateType).

use govalue::{Kind, Type, Value};

use super::fault::Fault;
use super::value::{ADDRESSABLE, Flags, INTERFACE, Operand};
use crate::builtins::zero;
use crate::compile::can_be_nil;

/// The value as an argument of a type.
pub(super) fn check(value: &mut Value, flags: Flags, ty: Type) -> Result<(), Fault> {
    // The two common cases first.
    match (&*value, ty) {
        (Value::Str(_), Type::String) => return Ok(()),
        (Value::Map(m), Type::Map(&Type::Any)) if m.ty() == ty => return Ok(()),
        _ => {}
    }
    let Some(own) = value.ty() else {
        if flags & INTERFACE == 0 {
            if can_be_nil(ty) {
                *value = zero(ty);
                return Ok(());
            }
            return Err(Fault::new(format!("invalid value; expected {ty}")));
        }
        return if matches!(ty, Type::Any) { Ok(()) } else { Err(wrong(value, flags, ty)) };
    };
    if assignable(own, ty) {
        convert(value, ty);
        return Ok(());
    }
    match value {
        Value::Pointer(o) if assignable(Type::Named(o.named()), ty) => {
            *value = Value::Struct(o.clone());
            Ok(())
        }
        Value::NilPointer(n) if assignable(Type::Named(n), ty) => {
            Err(Fault::new(format!("dereference of nil pointer of type {ty}")))
        }
        Value::Struct(o) if flags & ADDRESSABLE != 0 && assignable(Type::Pointer(o.named()), ty) => {
            *value = Value::Pointer(o.clone());
            Ok(())
        }
        _ => Err(wrong(value, flags & !INTERFACE, ty)),
    }
}

fn wrong(value: &Value, flags: Flags, ty: Type) -> Fault {
    let got = Operand { value: value.clone(), flags }.type_name();
    Fault::new(format!("wrong type for value; expected {ty}; got {got}"))
}

/// Whether a value of one type can be assigned to a variable of another
/// (`reflect.Type.AssignableTo`).
fn assignable(from: Type, to: Type) -> bool {
    if from == to {
        return true;
    }
    match to.kind() {
        Kind::Interface if to == Type::Error => from.named().is_some_and(|n| n.method("Error").is_some()),
        Kind::Interface => true,
        // Types without a name mix with named ones that are made of the same.
        Kind::Slice | Kind::Map | Kind::Func => {
            from.underlying() == to.underlying() && (from.named().is_none() || to.named().is_none())
        }
        _ => false,
    }
}

/// Gives an assignable value its parameter's type.
fn convert(value: &mut Value, ty: Type) {
    if let (Value::Map(m), Kind::Map) = (&*value, ty.kind())
        && m.ty() != ty
    {
        *value = Value::Map(match ty {
            Type::Named(named) => m.as_named(named),
            _ => m.unnamed(),
        });
    }
}
