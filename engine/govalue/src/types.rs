//! Go's types, as far as template values have them, and how Go prints them.

use std::fmt;

use crate::func::{Args, FuncError, Signature};
use crate::value::Value;

/// A Go type. `Display` prints it as `reflect.Type.String` does.
///
/// ```
/// use govalue::Type;
/// assert_eq!(Type::ANY_MAP.to_string(), "map[string]interface {}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants carry Go's own names")]
pub enum Type {
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    /// `interface {}`
    Any,
    /// `error`
    Error,
    /// `[]T`
    Slice(&'static Type),
    /// `map[string]T`: templates see no other keys.
    Map(&'static Type),
    /// `*T` of a named type.
    Pointer(&'static Named),
    /// `func(…) …`
    Func(&'static Signature),
    /// A type with a name and maybe methods, such as `time.Time`.
    Named(&'static Named),
}

impl Type {
    /// `[]interface {}`
    pub const ANY_SLICE: Type = Type::Slice(&Type::Any);
    /// `map[string]interface {}`
    pub const ANY_MAP: Type = Type::Map(&Type::Any);
    /// `[]string`
    pub const STRING_SLICE: Type = Type::Slice(&Type::String);
    /// `map[string]string`
    pub const STRING_MAP: Type = Type::Map(&Type::String);
    /// `[]int`
    pub const INT_SLICE: Type = Type::Slice(&Type::Int);
    /// `[]uint8`
    pub const BYTES: Type = Type::Slice(&Type::Uint8);

    /// The type under a name: `int` for `time.Month`. Structs have none: they stay as they are.
    pub fn underlying(self) -> Type {
        match self {
            Type::Named(Named { shape: Shape::Of(t), .. }) => *t,
            t => t,
        }
    }

    /// What kind of type it is (`reflect.Type.Kind`).
    pub fn kind(self) -> Kind {
        match self.underlying() {
            Type::Bool => Kind::Bool,
            Type::Int => Kind::Int,
            Type::Int8 => Kind::Int8,
            Type::Int16 => Kind::Int16,
            Type::Int32 => Kind::Int32,
            Type::Int64 => Kind::Int64,
            Type::Uint => Kind::Uint,
            Type::Uint8 => Kind::Uint8,
            Type::Uint16 => Kind::Uint16,
            Type::Uint32 => Kind::Uint32,
            Type::Uint64 => Kind::Uint64,
            Type::Uintptr => Kind::Uintptr,
            Type::Float32 => Kind::Float32,
            Type::Float64 => Kind::Float64,
            Type::Complex64 => Kind::Complex64,
            Type::Complex128 => Kind::Complex128,
            Type::String => Kind::String,
            Type::Any | Type::Error => Kind::Interface,
            Type::Slice(_) => Kind::Slice,
            Type::Map(_) => Kind::Map,
            Type::Pointer(_) => Kind::Ptr,
            Type::Func(_) => Kind::Func,
            Type::Named(_) => Kind::Struct,
        }
    }

    /// The element type of slices, maps and pointers.
    pub fn elem(self) -> Option<Type> {
        match self.underlying() {
            Type::Slice(t) | Type::Map(t) => Some(*t),
            Type::Pointer(n) => Some(Type::Named(n)),
            _ => None,
        }
    }

    /// The named type that this is or points to.
    pub fn named(self) -> Option<&'static Named> {
        match self {
            Type::Named(n) | Type::Pointer(n) => Some(n),
            _ => None,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("interface {}"),
            Type::Error => f.write_str("error"),
            Type::Slice(t) => write!(f, "[]{t}"),
            Type::Map(t) => write!(f, "map[string]{t}"),
            Type::Pointer(n) => write!(f, "*{}", n.name),
            Type::Func(s) => write!(f, "{s}"),
            Type::Named(n) => f.write_str(n.name),
            basic => f.write_str(basic.kind().name()),
        }
    }
}

/// What gives the value to encode in place of one that has `MarshalJSON`.
pub type MarshalJson = fn(&Value) -> Result<Value, FuncError>;

/// A named Go type.
pub struct Named {
    /// As `%T` prints it: `chart.Metadata`.
    pub name: &'static str,
    /// What it is made of.
    pub shape: Shape,
    /// Its exported methods, sorted by name.
    pub methods: &'static [Method],
    /// `MarshalJSON`, where it has one: the value to encode in its place.
    pub json: Option<MarshalJson>,
}

/// What a named type is made of.
pub enum Shape {
    /// Another type: `type Month int`.
    Of(Type),
    /// A struct with these fields, in order of declaration.
    Struct(&'static [Field]),
}

impl Named {
    /// The fields, if it is a struct.
    pub fn fields(&self) -> &'static [Field] {
        match self.shape {
            Shape::Struct(f) => f,
            Shape::Of(_) => &[],
        }
    }

    /// The method of that name, whatever its receiver.
    pub fn method(&self, name: &str) -> Option<&'static Method> {
        self.methods.iter().find(|m| m.name == name)
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Named) -> bool {
        self.name == other.name
    }
}

impl Eq for Named {}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A field of a struct type.
pub struct Field {
    /// Its name; a small first letter means that templates cannot see it.
    pub name: &'static str,
    /// Its static type.
    pub ty: Type,
    /// Whether its own fields and methods are promoted.
    pub embedded: bool,
    /// Its key in JSON; empty: the field's name; `-`: left out.
    pub json: &'static str,
    /// Whether JSON leaves it out when empty.
    pub omitempty: bool,
}

impl Field {
    /// A plain field whose JSON key is `json`.
    pub const fn new(name: &'static str, ty: Type, json: &'static str) -> Field {
        Field { name, ty, embedded: false, json, omitempty: false }
    }

    /// The same, left out of JSON when empty.
    pub const fn omitempty(mut self) -> Field {
        self.omitempty = true;
        self
    }

    /// The same, embedded.
    pub const fn embedded(mut self) -> Field {
        self.embedded = true;
        self
    }

    /// Whether templates can see it.
    pub fn exported(&self) -> bool {
        self.name.starts_with(|c: char| c.is_ascii_uppercase())
    }
}

/// A method of a named type.
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// Its parameters (without the receiver) and results.
    pub sig: Signature,
    /// Whether its receiver is a pointer: then a struct value that cannot be
    /// addressed does not have it.
    pub pointer: bool,
    /// Calls it on the receiver.
    pub call: fn(&Value, &mut Args<'_>) -> Result<Value, FuncError>,
}

/// What kind of type or value something is (`reflect.Kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants carry Go's own names")]
pub enum Kind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    Func,
    Interface,
    Map,
    Ptr,
    Slice,
    String,
    Struct,
}

impl Kind {
    /// Its name, as `reflect.Kind.String` and `kindOf` print it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Invalid => "invalid",
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Int8 => "int8",
            Kind::Int16 => "int16",
            Kind::Int32 => "int32",
            Kind::Int64 => "int64",
            Kind::Uint => "uint",
            Kind::Uint8 => "uint8",
            Kind::Uint16 => "uint16",
            Kind::Uint32 => "uint32",
            Kind::Uint64 => "uint64",
            Kind::Uintptr => "uintptr",
            Kind::Float32 => "float32",
            Kind::Float64 => "float64",
            Kind::Complex64 => "complex64",
            Kind::Complex128 => "complex128",
            Kind::Func => "func",
            Kind::Interface => "interface",
            Kind::Map => "map",
            Kind::Ptr => "ptr",
            Kind::Slice => "slice",
            Kind::String => "string",
            Kind::Struct => "struct",
        }
    }

    /// Whether it is a signed integer.
    pub fn is_int(self) -> bool {
        matches!(self, Kind::Int | Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64)
    }

    /// Whether it is an unsigned integer.
    pub fn is_uint(self) -> bool {
        matches!(self, Kind::Uint | Kind::Uint8 | Kind::Uint16 | Kind::Uint32 | Kind::Uint64 | Kind::Uintptr)
    }

    /// Whether it is a floating-point number.
    pub fn is_float(self) -> bool {
        matches!(self, Kind::Float32 | Kind::Float64)
    }

    /// Whether it is a complex number.
    pub fn is_complex(self) -> bool {
        matches!(self, Kind::Complex64 | Kind::Complex128)
    }
}
