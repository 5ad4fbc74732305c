//! Plugins under limits: what is good comes back, and what is hostile ends in its own way.
#![allow(clippy::disallowed_methods, reason = "a test takes the time")]

use std::time::{Duration, Instant};

use chartwright_plugin_host::{CancelToken, ModuleCache, PluginError, PluginHost, PluginLimits, PluginOptions};

const ZOO: &str = include_str!("zoo.wat");

fn options() -> PluginOptions {
    let limits = PluginLimits {
        timeout: Duration::from_millis(300),
        memory_pages: 160,
        output: 1 << 20,
        stack: 1 << 20,
        ..PluginLimits::default()
    };
    let config = [("key".to_owned(), "value".to_owned())].into();
    PluginOptions { limits, instances: 2, config, ..PluginOptions::default() }
}

fn load(wat: &str, options: PluginOptions) -> Result<PluginHost, PluginError> {
    PluginHost::new(&wat::parse_str(wat).expect("WAT"), options)
}

fn zoo() -> PluginHost {
    load(ZOO, options()).expect("it loads")
}

#[test]
fn input_goes_in_and_output_comes_back() {
    let host = zoo();
    for size in [0, 1, 7, 8, 9, 64, 1000, 100_000, 1_000_000] {
        let input: Vec<u8> = (0..size).map(|i| (i * 7 % 251) as u8).collect();
        assert!(host.call("echo", &input).expect("an answer") == input, "{size} bytes");
    }
    assert_eq!(host.call("config", b"").expect("an answer"), b"value");
    assert_eq!(host.call("frees", b"").expect("an answer"), b"");
}

#[test]
fn instances_are_used_again_until_they_break() {
    let host = zoo();
    for expected in [b"1", b"2", b"3"] {
        assert_eq!(host.call("count", b"").expect("an answer"), expected);
    }
    assert_eq!(host.call("refuse", b""), Err(PluginError::Refused("not today".into())));
    assert_eq!(host.call("count", b"").expect("an answer"), b"4");
    assert_eq!(host.idle(), 1);
    assert!(host.call("trap", b"").is_err());
    assert_eq!(host.idle(), 0);
    assert_eq!(host.call("count", b"").expect("an answer"), b"1");
    let host = load(ZOO, PluginOptions { keep_pages: 0, ..options() }).expect("it loads");
    for _ in 0..2 {
        assert_eq!(host.call("count", b"").expect("an answer"), b"1", "an instance that grew is not kept");
    }
}

#[test]
fn every_way_to_end_has_its_own_error() {
    let host = zoo();
    let memory = 160 << 16;
    let trap = |text: &str| PluginError::Trap(text.to_owned());
    let cases = [
        ("endless", PluginError::Timeout(Duration::from_millis(300))),
        ("grow", PluginError::MemoryLimit { limit: memory }),
        ("grow_table", PluginError::MemoryLimit { limit: memory }),
        ("blocks", PluginError::MemoryLimit { limit: memory }),
        ("variables", PluginError::MemoryLimit { limit: 1 << 20 }),
        ("large", PluginError::OutputLimit { limit: 1 << 20 }),
        ("outside", trap("its output is outside its memory")),
        ("reads_outside", trap("out of bounds memory access")),
        ("trap", trap("wasm `unreachable` instruction executed")),
        ("deep", trap("call stack exhausted")),
        ("panic", PluginError::Panic("panicked at src/lib.rs:1:1:\noh no".into())),
        ("refuse", PluginError::Refused("not today".into())),
        ("code", PluginError::Refused("it ended with code 7".into())),
        ("network", trap("it called http_request; plugins have no network")),
        ("nothing", PluginError::MissingExport("nothing".into())),
        ("with_parameters", PluginError::MissingExport("with_parameters".into())),
        ("memory", PluginError::MissingExport("memory".into())),
    ];
    for (export, expected) in cases {
        let start = Instant::now();
        assert_eq!(host.call(export, b"{}"), Err(expected), "{export}");
        assert!(start.elapsed() < Duration::from_secs(5), "{export} took {:?}", start.elapsed());
        assert_eq!(host.call("echo", b"still there").expect("an answer"), b"still there", "after {export}");
    }
    let large = vec![0; 11 << 20];
    assert_eq!(host.call("echo", &large), Err(PluginError::InputLimit { limit: memory }));
}

#[test]
fn modules_are_checked_before_they_run() {
    let bytes = wat::parse_str(ZOO).expect("WAT");
    let digest = zoo().digest().to_owned();
    let pinned = |digest: &str| PluginHost::new(&bytes, PluginOptions { digest: Some(digest.into()), ..options() });
    assert!(pinned(&digest).is_ok());
    assert!(pinned(&digest.to_uppercase()).is_ok());
    let other = format!("sha256:{}", "0".repeat(64));
    assert_eq!(pinned(&other).err(), Some(PluginError::Digest { expected: other, found: digest }));

    let loads = |wat: &str| load(wat, options()).err().map(|e| e.to_string()).unwrap_or_default();
    for (wat, expected) in [
        (r#"(module (import "wasi" "fd_read" (func)))"#, "wasi fd_read from its host"),
        (r#"(module (import "extism:host/env" "memory" (memory 1)))"#, "which is not a function"),
        (r#"(module (import "extism:host/env" "exec" (func)))"#, "extism:host/env exec from its host"),
        (r"(module (memory i64 1))", "cannot be loaded"),
    ] {
        assert!(loads(wat).contains(expected), "{wat}: {}", loads(wat));
    }
    let no_module = PluginHost::new(b"MZ\x90", options()).err();
    assert_eq!(no_module, Some(PluginError::Load("it is not a Wasm module".into())));
    let small = PluginOptions { limits: PluginLimits { module: 100, ..PluginLimits::default() }, ..options() };
    assert!(matches!(load(ZOO, small), Err(PluginError::Load(_))));
    // An import of a known name with another signature.
    let host = load(r#"(module (import "extism:host/env" "alloc" (func)) (func (export "a")))"#, options());
    assert!(matches!(host.map(|h| h.call("a", b"")), Err(_) | Ok(Err(PluginError::Trap(_)))));
}

#[test]
fn what_runs_before_a_call_is_limited_too() {
    let call = |wat: &str| load(wat, options()).expect("it loads").call("f", b"");
    let timeout = Err(PluginError::Timeout(Duration::from_millis(300)));
    assert_eq!(call(r#"(module (func $s (loop (br 0))) (start $s) (func (export "f")))"#), timeout);
    assert_eq!(call(r#"(module (func (export "_initialize") (loop (br 0))) (func (export "f")))"#), timeout);
    let memory = Err(PluginError::MemoryLimit { limit: 160 << 16 });
    assert_eq!(call(r#"(module (memory 60000) (func (export "f")))"#), memory);
    assert_eq!(call(r#"(module (table 2000000 funcref) (func (export "f")))"#), memory);
    let start = r#"(module (func $s (unreachable)) (start $s) (func (export "f")))"#;
    assert!(matches!(call(start), Err(PluginError::Trap(_))));
}

#[test]
fn a_call_can_be_cancelled_and_others_do_not_notice() {
    let limits = PluginLimits { timeout: Duration::from_secs(60), ..options().limits };
    let host = load(ZOO, PluginOptions { limits, instances: 3, ..options() }).expect("it loads");
    let (first, second) = (CancelToken::default(), CancelToken::default());
    std::thread::scope(|scope| {
        let endless = |token: CancelToken| {
            let host = &host;
            scope.spawn(move || host.call_cancellable("endless", b"", &token))
        };
        let (one, two) = (endless(first.clone()), endless(second.clone()));
        for i in 0..50 {
            let input = vec![i; 200_000];
            assert!(host.call("echo", &input).expect("an answer") == input);
        }
        first.cancel();
        assert_eq!(one.join().expect("no panic"), Err(PluginError::Cancelled));
        assert!(!two.is_finished(), "the other call goes on");
        second.cancel();
        assert_eq!(two.join().expect("no panic"), Err(PluginError::Cancelled));
    });
    assert_eq!(host.call_cancellable("echo", b"", &first), Err(PluginError::Cancelled), "cancelled before it began");
    assert!(host.call("echo", b"").is_ok());
}

#[test]
fn one_calls_timeout_is_no_other_calls() {
    let host = zoo();
    std::thread::scope(|scope| {
        let endless = scope.spawn(|| host.call("endless", b""));
        let mut calls = 0;
        while !endless.is_finished() {
            assert_eq!(host.call("echo", b"x"), Ok(b"x".to_vec()));
            calls += 1;
        }
        assert_eq!(endless.join().expect("no panic"), Err(PluginError::Timeout(Duration::from_millis(300))));
        assert!(calls > 3, "only {calls} calls beside it");
    });
}

#[test]
fn a_call_that_finds_no_free_instance_ends_in_time() {
    let host = load(ZOO, PluginOptions { instances: 1, ..options() }).expect("it loads");
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..3).map(|_| scope.spawn(|| host.call("endless", b""))).collect();
        for call in calls {
            assert_eq!(call.join().expect("no panic"), Err(PluginError::Timeout(Duration::from_millis(300))));
        }
    });
}

#[test]
fn machine_code_is_kept_for_the_user_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cache/modules");
    let host = || {
        let cache = Some(ModuleCache::new(&path));
        load(ZOO, PluginOptions { cache, ..options() }).expect("it loads")
    };
    let files = || -> Vec<_> {
        let entries = std::fs::read_dir(&path).expect("a folder").map(|e| e.expect("a file").path());
        entries.filter(|p| std::fs::metadata(p).expect("a file").len() > 20_000).collect()
    };
    assert!(!host().was_cached());
    let host_again = host();
    assert!(host_again.was_cached());
    assert_eq!(host_again.call("echo", b"from the cache"), Ok(b"from the cache".to_vec()));
    let [file] = files().try_into().expect("one file");

    // A file that is damaged or cut off is compiled again.
    let whole = std::fs::read(&file).expect("bytes");
    for broken in [&whole[..whole.len() / 2], &[&whole[..100], &[whole[100] ^ 1], &whole[101..]].concat(), b""] {
        std::fs::write(&file, broken).expect("written");
        assert!(!host().was_cached());
        assert!(host().was_cached());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&file)), (0o700, 0o600));
        // What others can write, or what is only linked to, is not run.
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o622)).expect("changed");
        assert!(!host().was_cached());
        assert!(host().was_cached());
        let elsewhere = folder.path().join("elsewhere");
        std::fs::rename(&file, &elsewhere).expect("moved");
        std::os::unix::fs::symlink(&elsewhere, &file).expect("linked");
        assert!(!host().was_cached());
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).expect("changed");
        assert!(!host().was_cached());
    }
}
