//! The worker in a browser.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use chartwright::api::Meter;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Clock, Desk};

#[wasm_bindgen]
extern "C" {
    /// Takes the text of a panic; `boot.js` has it.
    #[wasm_bindgen(js_name = chartwrightPanicked)]
    fn panicked(text: &str);

    /// Milliseconds since the worker started.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(desk());
}

fn desk() -> Desk {
    std::panic::set_hook(Box::new(|info| panicked(&info.to_string())));
    Desk::new(Rc::new(Here::default()))
}

/// The worker's clock and memory. As in the plugin, only the growth of memory counts: what earlier requests left
/// behind is free to be used again.
#[derive(Default)]
struct Here {
    start: Cell<f64>,
    before: Cell<usize>,
}

impl Clock for Here {
    fn begin(&self) {
        self.start.set(now());
        self.before.set(memory());
    }
}

impl Meter for Here {
    fn elapsed(&self) -> Duration {
        Duration::from_micros(((now() - self.start.get()) * 1000.0) as u64)
    }

    fn memory(&self) -> usize {
        memory().saturating_sub(self.before.get())
    }
}

fn memory() -> usize {
    const PAGE: usize = 1 << 16;
    std::arch::wasm32::memory_size(0) * PAGE
}

/// Answers a request: the head of the reply, and its parts behind it.
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
#[wasm_bindgen]
pub fn answer(head: &str, parts: &Array, time: u32) -> Array {
    let parts = parts.iter().filter_map(|part| part.dyn_into::<Uint8Array>().ok()).map(|part| part.to_vec()).collect();
    let time = Duration::from_millis(u64::from(time));
    let (reply, parts) = DESK.with_borrow_mut(|desk| desk.answer(head, parts, time));
    let head = serde_json::to_string(&reply).expect("replies have only text for keys, and numbers that JSON has");
    let answer = Array::of1(&head.into());
    for part in parts {
        answer.push(&Uint8Array::from(part.as_slice()));
    }
    answer
}
