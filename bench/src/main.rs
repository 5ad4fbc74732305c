//! Measures the engine in process: prints one line of JSON, as `oracle bench` does.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that reads files, prints and takes the time"
)]

mod descriptor;
mod render;
mod wasm;

use chartwright_host::allocator::Counted;
use clap::Parser;
use mimalloc::MiMalloc;

/// The allocator that the command line has.
#[global_allocator]
static ALLOCATOR: Counted<MiMalloc> = Counted(MiMalloc);

/// Measures the engine in process.
#[derive(Parser)]
enum Command {
    /// Load archive + values + render + sort, again and again; then the same with the chart loaded.
    Render(render::Render),
    /// Expand a descriptor and render both levels repeatedly, then the same with the base charts loaded.
    Descriptor(descriptor::Descriptor),
    /// Render a loaded chart repeatedly, in this process and in the plugin.
    Wasm(wasm::Wasm),
}

fn main() -> anyhow::Result<()> {
    // rendering may nest deeply; the command line does the same
    let command = Command::parse();
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(move || match &command {
        Command::Render(args) => render::measure(args),
        Command::Descriptor(args) => descriptor::measure(args),
        Command::Wasm(args) => wasm::measure(args),
    })?;
    worker.join().map_err(|_| anyhow::anyhow!("the measurement panicked"))?
}

fn median(measured: &mut [f64]) -> f64 {
    measured.sort_by(f64::total_cmp);
    measured.get(measured.len() / 2).copied().unwrap_or_default()
}
