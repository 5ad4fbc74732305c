//! Go slices. Nothing a template can call writes to an element in place, so
//! they are immutable here.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use crate::types::Type;
use crate::value::{self, Value};

/// A Go slice with its type, immutable, with cheap clones.
///
/// ```
/// use govalue::{List, Value};
/// let l: List = [Value::Int(1), Value::from("x")].into_iter().collect();
/// assert_eq!(l.len(), 2);
/// assert_eq!(l.ty().to_string(), "[]interface {}");
/// ```
#[derive(Clone)]
pub struct List(Rc<Inner>);

struct Inner {
    ty: Type,
    nil: bool,
    items: Vec<Value>,
}

impl List {
    /// A `[]interface {}`.
    pub fn new(items: Vec<Value>) -> List {
        List::with_type(Type::ANY_SLICE, items)
    }

    /// A slice of another type, such as `[]string`; the items must fit it.
    pub fn with_type(ty: Type, items: Vec<Value>) -> List {
        List(Rc::new(Inner { ty, nil: false, items }))
    }

    /// A `[]string`.
    pub fn strings<S: Into<crate::Str>>(items: impl IntoIterator<Item = S>) -> List {
        List::with_type(Type::STRING_SLICE, items.into_iter().map(|s| Value::Str(s.into())).collect())
    }

    /// A nil slice of the type: empty, and `null` in JSON.
    pub fn nil(ty: Type) -> List {
        List(Rc::new(Inner { ty, nil: true, items: Vec::new() }))
    }

    /// Its type.
    pub fn ty(&self) -> Type {
        self.0.ty
    }

    /// Whether it is a nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// Whether both are the same slice.
    pub fn ptr_eq(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Takes the items out, copying them only if the slice is shared.
    pub fn into_items(self) -> Vec<Value> {
        match Rc::try_unwrap(self.0) {
            Ok(mut inner) => std::mem::take(&mut inner.items),
            Err(shared) => shared.items.clone(),
        }
    }

    /// Takes the items out if nobody else holds the slice.
    pub(crate) fn take_unique(&mut self) -> Option<Vec<Value>> {
        Rc::get_mut(&mut self.0).map(|inner| std::mem::take(&mut inner.items))
    }
}

impl Deref for List {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(iter: I) -> List {
        List::new(iter.into_iter().collect())
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> List {
        List::new(items)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        value::drop_deep(std::mem::take(&mut self.items));
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
