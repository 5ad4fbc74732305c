//! The names behind a field or variable: `.a.b`.

use std::sync::atomic::{AtomicU32, Ordering};

use govalue::{Map, Value};

use crate::node::Span;

/// A way through maps: names as they stand in the source.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    source: &'p [u8],
    names: &'p [Span],
    near: &'p [AtomicU32],
}

/// A name of a path.
#[derive(Clone, Copy)]
pub(crate) struct Key<'p> {
    pub(crate) name: &'p [u8],
    near: &'p AtomicU32,
}

impl<'p> Path<'p> {
    /// `near` has where each name was found last among the keys of a map: no more
    /// than a hint, which threads may overwrite for each other.
    pub(crate) fn new(source: &'p [u8], names: &'p [Span], near: &'p [AtomicU32]) -> Path<'p> {
        Path { source, names, near }
    }

    pub(crate) fn split_first(self) -> Option<(Key<'p>, Path<'p>)> {
        let ((name, names), (place, near)) = (self.names.split_first()?, self.near.split_first()?);
        Some((Key { name: name.of(self.source), near: place }, Path { names, near, ..self }))
    }
}

impl Key<'_> {
    /// Looks at what a map has there.
    #[inline]
    pub(crate) fn look<T>(self, map: &Map, look: impl FnOnce(Option<&Value>) -> T) -> T {
        let old = self.near.load(Ordering::Relaxed);
        let mut near = old;
        let found = map.look_near(self.name, &mut near, look);
        if near != old {
            self.near.store(near, Ordering::Relaxed);
        }
        found
    }
}
