//! Bounds the memory of the module: what wants more fails in the worker, and not in the whole browser.

/// One gibibyte, in bytes. The engine's own limit is half of that, counted while templates run.
const MEMORY: u32 = 1 << 30;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|family| family == "wasm") {
        println!("cargo:rustc-cdylib-link-arg=--max-memory={MEMORY}");
    }
}
