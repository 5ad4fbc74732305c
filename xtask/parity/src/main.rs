//! The engine for `cargo xtask parity`: a call a line on standard input (its
//! name, a space, its JSON), an answer a line on standard output. Without an
//! argument the engine is that of this program; with one it is the plugin in
//! that file, run by our host.
#![allow(clippy::print_stdout, reason = "a program prints")]

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::time::Duration;

use chartwright::api::Engine;
use chartwright_host::plugin::{ModuleCache, PluginHost, PluginLimits, PluginOptions};

/// Room for deep charts: the main thread's stack depends on the system.
const STACK: usize = 256 << 20;
/// Bytes are compared here, not times: charts that make many keys may share a processor with other hosts.
const LONG: Duration = Duration::from_secs(600);

fn main() -> io::Result<()> {
    let plugin = std::env::args_os().nth(1);
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || match plugin {
        None => {
            let mut engine = Engine::default();
            serve(|name, json| engine.call(name, json))
        }
        Some(file) => {
            let limits = PluginLimits { timeout: LONG, ..PluginLimits::default() };
            let file = Path::new(&file);
            let cache = Some(ModuleCache::new(file.with_file_name("modules")));
            let options = PluginOptions { limits, cache, instances: 1, ..PluginOptions::default() };
            let host = PluginHost::from_file(file, options).map_err(io::Error::other)?;
            serve(|name, json| host.call(name, json).unwrap_or_else(|e| format!("{}: {e}", e.kind()).into_bytes()))
        }
    })?;
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the engine panicked")))
}

fn serve(mut answer: impl FnMut(&str, &[u8]) -> Vec<u8>) -> io::Result<()> {
    let mut stdin = io::stdin().lock();
    let mut stdout = io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        if stdin.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_ascii_end();
        let space = line.iter().position(|&b| b == b' ').unwrap_or(line.len());
        let (name, json) = line.split_at(space);
        stdout.write_all(&answer(&String::from_utf8_lossy(name), json))?;
        stdout.write_all(b"\n")?;
        stdout.flush()?;
    }
}
