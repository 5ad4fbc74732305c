//! The engine's calls as a plain export of a Wasm module, for hosts without any
//! glue: what a browser has.
//!
//! The host fills a buffer with the name of a call and its JSON
//! (`chartwright_exports`), calls [`call`], and reads the answer.
#![expect(unsafe_code, reason = "`#[unsafe(no_mangle)]` is an unsafe attribute")]

use std::cell::RefCell;

use chartwright::api::Engine;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::new(Engine::default());
}

/// Answers a call, whose name is the first so many bytes of the buffer; the length of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn call(name: usize) -> usize {
    chartwright_exports::answer(|buffer| {
        let (name, json) = buffer.split_at_checked(name).unwrap_or_default();
        ENGINE.with_borrow_mut(|engine| engine.call(&String::from_utf8_lossy(name), json))
    })
}
