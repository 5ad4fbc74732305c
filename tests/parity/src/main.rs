//! The engine on this machine, for `cargo xtask parity`: a call a line on
//! standard input (its name, a space, its JSON), an answer a line on standard output.
#![allow(clippy::print_stdout, reason = "a program prints")]

use std::io::{self, BufRead, Write};

use chartwright::api::Engine;

/// Room for deep charts: the main thread's stack depends on the system.
const STACK: usize = 256 << 20;

fn main() -> io::Result<()> {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(answer)?;
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the engine panicked")))
}

fn answer() -> io::Result<()> {
    let mut engine = Engine::default();
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
        let answer = engine.call(&String::from_utf8_lossy(name), json);
        stdout.write_all(&answer)?;
        stdout.write_all(b"\n")?;
        stdout.flush()?;
    }
}
