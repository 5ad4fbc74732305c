//! What hosts without any glue, such as a browser's JavaScript, need of a Wasm
//! module: buffers for input and output.
//!
//! The host asks [`input`] for a buffer, fills it, calls an export that is made
//! with [`answer`], and reads the answer at [`output`].
#![expect(unsafe_code, reason = "`#[unsafe(no_mangle)]` is an unsafe attribute")]

use std::cell::RefCell;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of that many bytes for the next call.
#[unsafe(no_mangle)]
pub extern "C" fn input(length: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|buffer| {
        buffer.clear();
        buffer.resize(length, 0);
        buffer.as_mut_ptr()
    })
}

/// Where the answer to the last call is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.with_borrow(|buffer| buffer.as_ptr())
}

/// Answers what is in the buffer; the length of the answer.
pub fn answer(answer: impl FnOnce(&[u8]) -> Vec<u8>) -> usize {
    let answer = INPUT.with_borrow(|buffer| answer(buffer));
    let length = answer.len();
    OUTPUT.set(answer);
    length
}
