//! The engine as an Extism plugin: `plan`, `expand`, `render`, `check`,
//! `describe`, JSON in and out as the `contract` crate has it.
//!
//! The module imports nothing but Extism's own functions: no WASI, no files,
//! no clock. What a call needs is in its input. Charts that were loaded stay
//! with the instance, by the digest of their archives, so that later calls can
//! name them without sending them again.
//!
//! A call answers with an error in its JSON; only a bug or the end of the
//! memory that the host allows makes it trap, with the text of the panic as
//! Extism's error.
#![expect(unsafe_code, reason = "`#[unsafe(no_mangle)]` is an unsafe attribute")]

mod compare;
mod host;
mod meter;

use std::cell::RefCell;
use std::rc::Rc;

use chartwright::api::Engine;

use meter::InstanceMemory;

thread_local! {
    static INSTANCE: RefCell<Option<Instance>> = const { RefCell::new(None) };
}

/// What stays from call to call.
struct Instance {
    engine: Engine,
    memory: Rc<InstanceMemory>,
}

impl Instance {
    fn new() -> Instance {
        host::tell_panics();
        let memory = Rc::new(InstanceMemory::default());
        Instance { engine: Engine::new(Rc::clone(&memory) as _), memory }
    }
}

/// Answers a call. Extism takes 0 for success, and there is no other: what goes
/// wrong is in the answer.
fn call(export: &str) -> i32 {
    let input = host::input();
    let answer = INSTANCE.with_borrow_mut(|instance| {
        let Instance { engine, memory } = instance.get_or_insert_with(Instance::new);
        memory.begin();
        engine.call(export, &input)
    });
    host::output(&answer);
    0
}

/// Says which charts a descriptor or HelmReleases need.
#[unsafe(no_mangle)]
pub extern "C" fn plan() -> i32 {
    call("plan")
}

/// Expands a descriptor into a Helm chart.
#[unsafe(no_mangle)]
pub extern "C" fn expand() -> i32 {
    call("expand")
}

/// Renders a chart, or all levels of a descriptor or of HelmReleases.
#[unsafe(no_mangle)]
pub extern "C" fn render() -> i32 {
    call("render")
}

/// Finds everything that is wrong with descriptors.
#[unsafe(no_mangle)]
pub extern "C" fn check() -> i32 {
    call("check")
}

/// Says what the engine is and can. It takes no input.
#[unsafe(no_mangle)]
pub extern "C" fn describe() -> i32 {
    call("describe")
}
