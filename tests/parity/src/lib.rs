//! The engine's calls as plain exports of a Wasm module, for hosts without any
//! glue: what a browser has.
//!
//! The host asks [`input`] for a buffer, fills it with the name of a call and
//! its JSON, calls [`call`], and reads the answer at [`output`].
#![expect(unsafe_code, reason = "exported names are an unsafe attribute; nothing here is unsafe to call")]

use std::cell::RefCell;

use chartwright::api::Engine;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::new(Engine::default());
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

/// Answers a call, whose name is the first so many bytes of the buffer; the length of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn call(name: usize) -> usize {
    let answer = INPUT.with_borrow(|buffer| {
        let (name, json) = buffer.split_at_checked(name).unwrap_or_default();
        ENGINE.with_borrow_mut(|engine| engine.call(&String::from_utf8_lossy(name), json))
    });
    let length = answer.len();
    OUTPUT.set(answer);
    length
}

/// Where the answer to the last call is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.with_borrow(|buffer| buffer.as_ptr())
}
