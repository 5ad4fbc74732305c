//! Go structs and pointers to them.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use crate::types::{Named, Type};
use crate::value::Value;

/// A Go struct: its fields as values, and what its methods need beside them.
#[derive(Clone)]
pub struct Object(Rc<Inner>);

struct Inner {
    ty: &'static Named,
    fields: Vec<Value>,
    payload: Option<Box<dyn Any>>,
}

impl Object {
    /// A struct with a value for each field of `ty`, in order.
    pub fn new(ty: &'static Named, fields: Vec<Value>) -> Object {
        debug_assert_eq!(ty.fields().len(), fields.len(), "a value for each field of {}", ty.name);
        Object(Rc::new(Inner { ty, fields, payload: None }))
    }

    /// A struct without visible fields whose methods work on a Rust value.
    pub fn opaque(ty: &'static Named, payload: impl Any) -> Object {
        Object(Rc::new(Inner { ty, fields: Vec::new(), payload: Some(Box::new(payload)) }))
    }

    /// Its type.
    pub fn named(&self) -> &'static Named {
        self.0.ty
    }

    /// The Rust value behind it, if it is of that type.
    pub fn payload<T: 'static>(&self) -> Option<&T> {
        self.0.payload.as_ref()?.downcast_ref()
    }

    /// The values of its fields, in order of declaration.
    pub fn fields(&self) -> &[Value] {
        &self.0.fields
    }

    /// A field by name: its static type and value, embedded structs' included.
    pub fn field(&self, name: &str) -> Option<(Type, Value)> {
        let declared = self.0.ty.fields().iter().zip(&self.0.fields);
        for (field, value) in declared.clone() {
            if field.name == name {
                return Some((field.ty, value.clone()));
            }
        }
        for (field, value) in declared {
            if let (true, Value::Struct(o) | Value::Pointer(o)) = (field.embedded, value)
                && let Some(found) = o.field(name)
            {
                return Some(found);
            }
        }
        None
    }

    /// Where it is in memory: its identity.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// Whether its state is a Rust value.
    pub(crate) fn is_opaque(&self) -> bool {
        self.0.payload.is_some()
    }

    /// Whether both are the same object in memory.
    pub fn ptr_eq(&self, other: &Object) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.0.ty.name, self.0.fields)
    }
}
