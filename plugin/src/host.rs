//! What goes to the host and comes from it.
//!
//! Extism's macros would do it too. They carry errors as `anyhow::Error`, and
//! with those what prints backtraces: 30 kB for errors that there are not.

use extism_pdk::memory::internal::{memory_alloc, store};
use extism_pdk::{Memory, extism};

/// The input of the call.
pub(crate) fn input() -> Vec<u8> {
    extism_pdk::input_bytes()
}

/// Answers the call.
pub(crate) fn output(answer: &[u8]) {
    block(answer).set_output();
}

/// From now on the text of a panic is Extism's error. The instance traps after it.
pub(crate) fn tell_panics() {
    std::panic::set_hook(Box::new(|info| {
        let text = block(format!("panic: {info}").as_bytes());
        // SAFETY: the offset is that of a block of Extism's memory that is never freed.
        unsafe { extism::error_set(text.offset()) }
    }));
}

/// A block of Extism's memory with these bytes.
fn block(bytes: &[u8]) -> Memory {
    let handle = memory_alloc(bytes.len() as u64);
    store(handle, bytes);
    Memory(handle)
}
