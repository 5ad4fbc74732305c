//! Go slices. Nothing a template can call writes to an element in place, but
//! for `sortAlpha`, so they are immutable here.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use crate::growth;
use crate::sort::sort_by;
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
    /// The capacity in Go, less the length.
    spare: u32,
    items: Vec<Value>,
    /// The items as `sortAlpha` left them.
    sorted: OnceCell<Box<[Value]>>,
}

impl List {
    /// A `[]interface {}`.
    pub fn new(items: Vec<Value>) -> List {
        List::with_type(Type::ANY_SLICE, items)
    }

    /// A slice of another type, such as `[]string`; the items must fit it.
    pub fn with_type(ty: Type, items: Vec<Value>) -> List {
        List::build(ty, false, 0, items)
    }

    /// A slice that Go makes by appending one element after the other, so that
    /// its capacity is larger than its length.
    ///
    /// ```
    /// # use govalue::{List, Type, Value};
    /// let l = List::grown(Type::ANY_SLICE, vec![Value::Int(1); 5]);
    /// assert_eq!((l.len(), l.capacity()), (5, 8));
    /// ```
    pub fn grown(ty: Type, items: Vec<Value>) -> List {
        let capacity = growth::appended(0, items.len(), growth::element_size(ty));
        List::with_capacity(ty, capacity, items)
    }

    /// A slice to which Go appended `added` elements at once: its capacity is
    /// that of the slice before, if it was large enough.
    pub fn extended(ty: Type, capacity: usize, added: usize, items: Vec<Value>) -> List {
        let before = items.len().saturating_sub(added);
        let capacity = growth::extended(capacity.max(before), items.len(), growth::element_size(ty));
        List::with_capacity(ty, capacity, items)
    }

    /// A slice of some capacity.
    pub fn with_capacity(ty: Type, capacity: usize, items: Vec<Value>) -> List {
        let spare = capacity.saturating_sub(items.len());
        List::build(ty, false, u32::try_from(spare).unwrap_or(u32::MAX), items)
    }

    fn build(ty: Type, nil: bool, spare: u32, items: Vec<Value>) -> List {
        List(Rc::new(Inner { ty, nil, spare, items, sorted: OnceCell::new() }))
    }

    /// A `[]string`.
    pub fn strings<S: Into<crate::Str>>(items: impl IntoIterator<Item = S>) -> List {
        List::with_type(Type::STRING_SLICE, items.into_iter().map(|s| Value::Str(s.into())).collect())
    }

    /// A nil slice of the type: empty, and `null` in JSON.
    pub fn nil(ty: Type) -> List {
        List::build(ty, true, 0, Vec::new())
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

    /// How many elements it has room for in Go: only slicing beyond the length
    /// shows it.
    pub fn capacity(&self) -> usize {
        self.0.items.len() + self.0.spare as usize
    }

    /// Sorts it for all who share it, by an order that never changes.
    pub fn sort_in_place(&self, by: impl FnMut(&Value, &Value) -> Ordering) {
        self.0.sorted.get_or_init(|| {
            let mut items = self.0.items.clone();
            sort_by(&mut items, by);
            items.into_boxed_slice()
        });
    }

    /// Where it is in memory: its identity.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// Takes the items out, copying them only if the slice is shared.
    pub fn into_items(self) -> Vec<Value> {
        match Rc::try_unwrap(self.0) {
            Ok(mut inner) => inner.take(),
            Err(shared) => List(shared).to_vec(),
        }
    }

    /// Whether nobody else holds the slice.
    pub(crate) fn is_unique(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }

    /// Drops the items if nobody else holds the slice; containers among them go to the stack.
    pub(crate) fn shed(&mut self, stack: &mut Vec<Value>) {
        if let Some(inner) = Rc::get_mut(&mut self.0) {
            inner.shed(stack);
        }
    }
}

impl Deref for List {
    type Target = [Value];
    #[inline]
    fn deref(&self) -> &[Value] {
        match self.0.sorted.get() {
            None => &self.0.items,
            Some(sorted) => sorted,
        }
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

impl Inner {
    fn take(&mut self) -> Vec<Value> {
        let items = std::mem::take(&mut self.items);
        self.sorted.take().map_or(items, Vec::from)
    }

    fn shed(&mut self, stack: &mut Vec<Value>) {
        for item in std::mem::take(&mut self.items).into_iter().chain(self.sorted.take().into_iter().flatten()) {
            value::shed(item, stack);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut stack = Vec::new();
        self.shed(&mut stack);
        value::drop_deep(stack);
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
