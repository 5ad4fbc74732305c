//! The functions of `text/template` itself (funcs.go).

mod compare;
mod escape;
mod index;

use govalue::{FuncError, List, Type, Value, fmt};

use crate::code::Param;

/// A function of `text/template` itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    And,
    Call,
    Eq,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    Or,
    Print,
    Printf,
    Println,
    Slice,
    UrlQuery,
}

/// All of them, with their names and how many parameters they have before a
/// variadic one, if they have such a one.
const TABLE: [(&str, Builtin, usize, bool); 19] = [
    ("and", Builtin::And, 1, true),
    ("call", Builtin::Call, 1, true),
    ("eq", Builtin::Eq, 1, true),
    ("ge", Builtin::Ge, 2, false),
    ("gt", Builtin::Gt, 2, false),
    ("html", Builtin::Html, 0, true),
    ("index", Builtin::Index, 1, true),
    ("js", Builtin::Js, 0, true),
    ("le", Builtin::Le, 2, false),
    ("len", Builtin::Len, 1, false),
    ("lt", Builtin::Lt, 2, false),
    ("ne", Builtin::Ne, 2, false),
    ("not", Builtin::Not, 1, false),
    ("or", Builtin::Or, 1, true),
    ("print", Builtin::Print, 0, true),
    ("printf", Builtin::Printf, 1, true),
    ("println", Builtin::Println, 0, true),
    ("slice", Builtin::Slice, 1, true),
    ("urlquery", Builtin::UrlQuery, 0, true),
];

/// How a call of a builtin sees its arguments.
pub(crate) struct Call<'a> {
    /// The arguments.
    pub(crate) args: &'a [Value],
    /// Whether the last of them is a nil interface rather than no value.
    pub(crate) nil_interface: bool,
    /// How `call` names what it calls.
    pub(crate) callee: &'a dyn Fn() -> String,
}

impl Builtin {
    pub(crate) fn all() -> impl Iterator<Item = Builtin> {
        TABLE.iter().map(|(_, b, ..)| *b)
    }

    fn row(self) -> &'static (&'static str, Builtin, usize, bool) {
        &TABLE[self as usize]
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    pub(crate) fn arity(self) -> (usize, bool) {
        (self.row().2, self.row().3)
    }

    pub(crate) fn param(self, i: usize) -> Param {
        match self {
            Builtin::Printf if i == 0 => Param::Type(Type::String),
            Builtin::Html | Builtin::Js | Builtin::Print | Builtin::Printf | Builtin::Println | Builtin::UrlQuery => {
                Param::Type(Type::Any)
            }
            _ => Param::Reflect,
        }
    }

    /// Calls it with as many arguments as it needs.
    pub(crate) fn call(self, call: Call<'_>) -> Result<Value, FuncError> {
        let args = call.args;
        let arg = |i: usize| args.get(i).unwrap_or(&Value::Nil);
        let rest = args.get(1..).unwrap_or_default();
        match self {
            // The compiler makes jumps of these two.
            Builtin::And | Builtin::Or => Ok(args.last().cloned().unwrap_or_default()),
            Builtin::Not => Ok(Value::Bool(!arg(0).is_true())),
            Builtin::Eq => compare::eq(arg(0), rest).map(Value::Bool),
            Builtin::Ne => compare::eq(arg(0), rest).map(|b| Value::Bool(!b)),
            Builtin::Lt => compare::lt(arg(0), arg(1)).map(Value::Bool),
            Builtin::Le => compare::le(arg(0), arg(1)).map(Value::Bool),
            Builtin::Gt => compare::le(arg(0), arg(1)).map(|b| Value::Bool(!b)),
            Builtin::Ge => compare::lt(arg(0), arg(1)).map(|b| Value::Bool(!b)),
            Builtin::Len => length(arg(0), call.nil_interface),
            Builtin::Index => index::index(arg(0), rest),
            Builtin::Slice => index::slice(arg(0), rest),
            Builtin::Call => Err(not_callable(arg(0), &(call.callee)())),
            Builtin::Print => Ok(Value::from(fmt::sprint(args)?)),
            Builtin::Println => Ok(Value::from(fmt::sprintln(args)?)),
            Builtin::Printf => match arg(0) {
                Value::Str(format) => Ok(Value::from(fmt::sprintf(format, rest)?)),
                _ => Ok(Value::from("")),
            },
            Builtin::Html => escape::text(args).map(|s| escape::html(&s)).map(Value::from),
            Builtin::Js => escape::text(args).map(|s| escape::js(&s)).map(Value::from),
            Builtin::UrlQuery => escape::text(args).map(|s| escape::url_query(&s)).map(Value::from),
        }
    }
}

/// Whether `index` with these and one more argument gives a slice's element,
/// which Go can address.
pub(crate) fn is_element(args: &[Value]) -> bool {
    matches!(args.split_first().map(|(item, rest)| index::index(item, rest)), Some(Ok(Value::List(_))))
}

/// Values are never functions, so `call` always fails.
fn not_callable(value: &Value, name: &str) -> FuncError {
    match value.ty() {
        None => FuncError::from("call of nil"),
        Some(ty) => FuncError::new(format!("non-function {name} of type {ty}")),
    }
}

fn length(item: &Value, nil_interface: bool) -> Result<Value, FuncError> {
    let len = match item {
        Value::Str(s) | Value::Bytes(s) => s.len(),
        Value::List(l) => l.len(),
        Value::Map(m) => m.len(),
        Value::NilPointer(_) => return Err("len of nil pointer".into()),
        Value::Nil if nil_interface => return Err("len of nil pointer".into()),
        Value::Nil => return Err("reflect: call of reflect.Value.Type on zero Value".into()),
        Value::Pointer(o) => return Err(FuncError::new(format!("len of type {}", Type::Named(o.named())))),
        other => return Err(FuncError::new(format!("len of type {}", type_of(other)))),
    };
    Ok(Value::Int(len as i64))
}

/// The dynamic type of a value that has one.
fn type_of(v: &Value) -> Type {
    v.ty().unwrap_or(Type::Any)
}

/// The zero value of a type (`reflect.Zero`); nil for interfaces.
pub(crate) fn zero(ty: Type) -> Value {
    match ty.underlying() {
        Type::Any | Type::Error | Type::Func(_) => Value::Nil,
        Type::Bool => Value::Bool(false),
        Type::String => Value::from(""),
        Type::Complex64 | Type::Complex128 => Value::Complex([0.0; 2].into()),
        Type::Int if ty == Type::Int => Value::Int(0),
        Type::Float64 if ty == Type::Float64 => Value::Float(0.0),
        Type::Float32 => Value::Num(govalue::Num::float32(0.0)),
        Type::Slice(Type::Uint8) if ty == Type::BYTES => Value::Bytes(govalue::Str::EMPTY),
        Type::Slice(_) => Value::List(List::nil(ty)),
        Type::Map(_) => Value::Map(govalue::Map::nil(ty)),
        Type::Pointer(n) => Value::NilPointer(n),
        Type::Named(n) => Value::Struct(govalue::Object::new(n, n.fields().iter().map(|f| zero(f.ty)).collect())),
        _ if ty.kind().is_uint() => Value::Num(govalue::Num::uint(ty, 0)),
        _ => Value::Num(govalue::Num::int(ty, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        for (i, (name, builtin, ..)) in TABLE.iter().enumerate() {
            assert_eq!(*builtin as usize, i, "{name}");
        }
    }
}
