//! Building again when a source changes.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::compile::Profile;
use crate::{build, paths, serve};

/// What the page is made of.
const SOURCES: [&str; 6] = ["Cargo.lock", "Cargo.toml", "engine", "templates", "web", "www"];

/// How often the sources are looked at.
const PAUSE: Duration = Duration::from_millis(500);

/// Builds, serves, and builds again until it is stopped.
pub(crate) fn run(options: &serve::Options) -> anyhow::Result<()> {
    build::build(Profile::Quick, &[])?;
    let server = serve::Server::new(options)?;
    println!("{}", server.address());
    thread::spawn(move || server.run());
    let mut last = newest();
    loop {
        thread::sleep(PAUSE);
        let now = newest();
        if now == last {
            continue;
        }
        last = now;
        // What does not compile is said by the compiler; the page before it stays.
        if let Err(error) = build::build(Profile::Quick, &[]) {
            eprintln!("{error:#}");
        }
    }
}

/// How many files there are, and when one was changed last: both, for a file may go.
fn newest() -> (usize, Option<SystemTime>) {
    let mut found = (0, None);
    for source in SOURCES {
        look(&paths::root().join(source), &mut found);
    }
    found
}

fn look(path: &Path, found: &mut (usize, Option<SystemTime>)) {
    if let Ok(entries) = fs::read_dir(path) {
        entries.flatten().for_each(|entry| look(&entry.path(), found));
    } else if let Ok(changed) = fs::metadata(path).and_then(|metadata| metadata.modified()) {
        found.0 += 1;
        found.1 = found.1.max(Some(changed));
    }
}
