//! A host that lives long among hostile plugins: its memory stays as it is.
//!
//! `cargo xtask hostile` runs it with 10,000 calls.
#![allow(clippy::print_stdout, reason = "it says what it measured")]
#![allow(clippy::disallowed_methods, reason = "a test reads its environment and takes the time")]

use std::time::{Duration, Instant};

use chartwright_host::plugin::{CancelToken, PluginError, PluginHost, PluginLimits, PluginOptions};
use chartwright_host::{EngineError, PluginEngine};
use contract::{Archive, Budget, CheckInput, Engine, FailureKind, RenderInput, Subject};

/// Long enough for what ends by itself on a busy machine.
const LIMIT: Duration = Duration::from_millis(250);

/// A hostile call, and whether it ended as it must.
type Hostile = fn(&PluginEngine) -> bool;

const HOSTILE: [(&str, Hostile); 10] = [
    ("endless loop", |engine| matches!(engine.host().call("endless", b""), Err(PluginError::Timeout(_)))),
    ("memory without end", |engine| matches!(engine.host().call("grow", b""), Err(PluginError::MemoryLimit { .. }))),
    ("tables without end", |engine| {
        matches!(engine.host().call("grow_table", b""), Err(PluginError::MemoryLimit { .. }))
    }),
    ("a gigabyte of output", |engine| matches!(engine.host().call("large", b""), Err(PluginError::OutputLimit { .. }))),
    ("trap", |engine| matches!(engine.host().call("trap", b""), Err(PluginError::Trap(_)))),
    ("panic", |engine| matches!(engine.host().call("panic", b""), Err(PluginError::Panic(_)))),
    ("no JSON", |engine| {
        let input = CheckInput { api_version: contract::API_VERSION.into(), descriptors: vec![], charts: vec![] };
        let failure = engine.check(&input, &Budget::default()).err();
        failure.is_some_and(|failure| failure.kind == FailureKind::PluginJson)
    }),
    ("wrong version", |engine| {
        let input = RenderInput::new(Subject::Chart(Archive::default()));
        matches!(engine.render(&input, &Budget::default()), Err(EngineError::Version(_)))
    }),
    ("missing function", |engine| matches!(engine.host().call("nothing", b""), Err(PluginError::MissingExport(_)))),
    ("cancelled", |engine| {
        let token = CancelToken::default();
        let of_thread = token.clone();
        std::thread::scope(|scope| {
            let call = scope.spawn(|| engine.host().call_cancellable("endless", b"", &token));
            of_thread.cancel();
            matches!(call.join(), Ok(Err(PluginError::Cancelled)))
        })
    }),
];

/// Bytes of this process that are in memory; `None` where nobody says.
fn resident() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split(' ').nth(1)?.parse::<usize>().ok().map(|pages| pages * 4096)
}

#[test]
fn memory_stays_flat_among_hostile_calls() {
    let calls: usize = std::env::var("CHARTWRIGHT_HOSTILE_CALLS").ok().and_then(|n| n.parse().ok()).unwrap_or(2000);
    let limits = PluginLimits { timeout: LIMIT, memory_pages: 512, output: 4 << 20, ..PluginLimits::default() };
    let options = PluginOptions { limits, instances: 4, ..PluginOptions::default() };
    let zoo = wat::parse_str(include_str!("../../plugin-host/tests/plugin/zoo.wat")).expect("WAT");
    let engine = PluginEngine::new(PluginHost::new(&zoo, options.clone()).expect("it loads"));
    let input = vec![b'x'; 100_000];
    let start = Instant::now();
    let (mut early, mut longest) = (None, Duration::ZERO);
    for i in 1..=calls {
        if i.is_multiple_of(10) {
            let (what, hostile) = HOSTILE[i / 10 % HOSTILE.len()];
            let call = Instant::now();
            assert!(hostile(&engine), "{what} did not end as it must");
            longest = longest.max(call.elapsed());
        } else {
            assert!(engine.host().call("echo", &input).as_deref() == Ok(&*input), "call {i}");
        }
        if i.is_multiple_of(100) {
            // A plugin that is not the pinned one is refused before anything of it runs.
            let pinned = PluginOptions { digest: Some(format!("sha256:{}", "0".repeat(64))), ..options.clone() };
            assert!(matches!(PluginHost::new(&zoo, pinned), Err(PluginError::Digest { .. })));
        }
        if i == calls / 10 {
            early = resident();
        }
    }
    let late = resident();
    println!("{calls} calls in {:?}, every tenth hostile; the longest hostile call took {longest:?}", start.elapsed());
    assert!(longest < LIMIT + Duration::from_secs(2), "a hostile call took {longest:?}");
    if let (Some(early), Some(late)) = (early, late) {
        println!("resident after {}: {early} bytes; after {calls}: {late} bytes", calls / 10);
        assert!(late < early + early / 10 + (4 << 20), "memory grew from {early} to {late} bytes");
    } else {
        println!("SKIPPED: nobody says here how much memory is taken");
    }
}
