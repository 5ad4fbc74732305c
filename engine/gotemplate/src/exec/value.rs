//! What `reflect.Value` knows beyond the value: whether it was found in an
//! interface, and whether it can be addressed.

use govalue::{Named, Num, Shape, Type, Value};

/// Facts about the value on top of the stack, of dot, of a variable.
pub(super) type Flags = u8;

/// Its static type is an interface, as that of `map[string]interface {}`'s
/// elements. A nil value with it is a nil interface, one without is no value.
pub(super) const INTERFACE: Flags = 1;
/// It can be addressed, as a slice's elements can, so that it has the methods of
/// its pointer.
pub(super) const ADDRESSABLE: Flags = 2;
/// A variable that was not declared, for the branch was not taken.
pub(super) const NONE: Flags = 4;

/// The flags of a value that was found as a field or element of that static type.
pub(super) fn flags_of(ty: Type, addressable: bool) -> Flags {
    match ty {
        Type::Any | Type::Error => INTERFACE,
        _ if addressable => ADDRESSABLE,
        _ => 0,
    }
}

/// A value and its flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Operand {
    pub(super) value: Value,
    pub(super) flags: Flags,
}

impl Operand {
    /// The value taken out of its interface (`indirectInterface`).
    pub(super) fn unwrapped(value: Value, flags: Flags) -> Operand {
        Operand { value, flags: flags & !INTERFACE }
    }

    /// Its static type as `reflect.Type` prints it.
    pub(super) fn type_name(&self) -> String {
        if self.flags & INTERFACE != 0 {
            return Type::Any.to_string();
        }
        self.value.ty().map_or_else(String::new, |t| t.to_string())
    }
}

/// An interface as such. `slice` is the one function of `text/template` that does
/// not look into the interfaces among its arguments.
pub(super) fn opaque() -> Value {
    static INTERFACE_TYPE: Named =
        Named { name: "interface {}", shape: Shape::Of(Type::Any), methods: &[], json: None };
    Value::Num(Num::int(Type::Named(&INTERFACE_TYPE), 0))
}

/// Whether `fmt` finds a method on a type that makes text of it.
fn has_text(v: &Value, pointer: bool) -> bool {
    let Some(named) = v.ty().and_then(Type::named) else { return false };
    ["Error", "String"].iter().any(|name| named.method(name).is_some_and(|m| pointer || !m.pointer))
}

/// What to print in place of a value, if not the value itself
/// (`printableValue`): a struct in place of its pointer, unless `fmt` finds a
/// method on it.
pub(crate) fn printable(v: &Value, addressable: bool) -> Option<Value> {
    match v {
        Value::Pointer(o) if !has_text(v, true) => Some(Value::Struct(o.clone())),
        Value::Struct(o) if addressable && !has_text(v, false) && has_text(v, true) => Some(Value::Pointer(o.clone())),
        _ => None,
    }
}
