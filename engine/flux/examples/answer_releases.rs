//! Answers questions about HelmReleases, a JSON line each: for comparisons with
//! Flux's own code.

use std::io::{BufRead, Write};

#[path = "../tests/support/mod.rs"]
mod support;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?) {
            Ok(question) => support::answer(&question),
            Err(error) => support::Answer { error: error.to_string(), ..support::Answer::default() },
        };
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
