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
#![allow(missing_docs, reason = "the macro of the exports drops theirs")]

mod meter;
mod panic;

use std::cell::RefCell;
use std::rc::Rc;

use chartwright::api::Engine;
use extism_pdk::{FnResult, plugin_fn};

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
        panic::tell_the_host();
        let memory = Rc::new(InstanceMemory::default());
        Instance { engine: Engine::new(Rc::clone(&memory) as _), memory }
    }
}

fn call(export: &str, input: &[u8]) -> Vec<u8> {
    INSTANCE.with_borrow_mut(|instance| {
        let Instance { engine, memory } = instance.get_or_insert_with(Instance::new);
        memory.begin();
        engine.call(export, input)
    })
}

/// Says which charts a descriptor or HelmReleases need.
#[plugin_fn]
pub fn plan(input: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(call("plan", &input))
}

/// Expands a descriptor into a Helm chart.
#[plugin_fn]
pub fn expand(input: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(call("expand", &input))
}

/// Renders a chart, or all levels of a descriptor or of HelmReleases.
#[plugin_fn]
pub fn render(input: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(call("render", &input))
}

/// Finds everything that is wrong with descriptors.
#[plugin_fn]
pub fn check(input: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(call("check", &input))
}

/// Says what the engine is and can. It takes no input.
#[plugin_fn]
pub fn describe(_input: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(call("describe", b""))
}
