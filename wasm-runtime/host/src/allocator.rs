//! An allocator that counts, so that a limit of memory ends a render and not the program.
#![expect(unsafe_code, reason = "to implement an allocator is unsafe")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// Another allocator, and for each thread how much it has taken from it and not given back.
///
/// A counter for all threads would need an atomic instruction for each allocation: a twentieth of the time of a render.
#[derive(Debug)]
pub struct Counted<A>(pub A);

/// How many bytes this thread has allocated and not freed, where [`Counted`] is the program's allocator. What goes
/// from thread to thread counts for the one that allocated it, and against the one that frees it.
pub fn held() -> usize {
    usize::try_from(HELD.get()).unwrap_or(0)
}

/// What this thread has taken since this was made: on threads that live long, what others freed for them, and they for
/// others, is of the past.
#[derive(Clone, Copy, Debug)]
pub struct Since(isize);

impl Since {
    /// From now on.
    pub fn now() -> Since {
        Since(HELD.get())
    }

    /// How many bytes were allocated and not freed since.
    pub fn held(self) -> usize {
        usize::try_from(HELD.get().wrapping_sub(self.0)).unwrap_or(0)
    }
}

/// Neither allocates nor panics: the cell is there from the start of a thread, and nothing destroys it.
#[inline]
fn count(bytes: isize) {
    HELD.set(HELD.get().wrapping_add(bytes));
}

// SAFETY: each method hands its arguments to the same method of the allocator inside, and gives back what that gives;
// counting in between touches no memory but the thread's counter.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Counted<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: what the caller promises holds for the allocator inside.
        unsafe { self.0.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as above.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above; the place came from the allocator inside.
        unsafe { self.0.dealloc(place, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as above; the place came from the allocator inside.
        unsafe { self.0.realloc(place, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::System;

    use super::*;

    #[test]
    fn the_past_of_a_thread_does_not_count() {
        let (allocator, layout) = (Counted(System), Layout::from_size_align(5000, 8).unwrap());
        // SAFETY: the layout is not empty; what is freed was allocated, with the same layout.
        unsafe {
            let theirs = allocator.alloc(layout);
            let since = Since::now();
            assert_eq!(since.held(), 0);
            let ours = allocator.alloc(layout);
            assert_eq!(since.held(), 5000);
            allocator.dealloc(theirs, layout);
            allocator.dealloc(ours, layout);
            assert_eq!(since.held(), 0);
            let (since, ours) = (Since::now(), allocator.alloc(layout));
            assert_eq!(since.held(), 5000);
            allocator.dealloc(ours, layout);
        }
    }

    #[test]
    fn what_is_taken_and_given_back_is_counted() {
        let allocator = Counted(System);
        let [small, large] = [100, 5000].map(|n| Layout::from_size_align(n, 8).unwrap());
        let before = held();
        // SAFETY: the layouts are not empty; what is freed was allocated, with the layout that it has by then.
        unsafe {
            let place = allocator.alloc(small);
            assert_eq!(held(), before + 100);
            let place = allocator.realloc(place, small, 5000);
            let zeroed = allocator.alloc_zeroed(small);
            assert_eq!((held(), *zeroed), (before + 5100, 0));
            allocator.dealloc(place, large);
            allocator.dealloc(zeroed, small);
        }
        assert_eq!(held(), before);
        assert_eq!(std::thread::spawn(held).join().unwrap(), 0);
    }
}
