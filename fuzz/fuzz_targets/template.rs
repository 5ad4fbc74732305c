//! Templates from anywhere, with all functions: every failure is an error with
//! a place, and what a parsed template prints parses to the same again.
#![no_main]

use std::rc::Rc;
use std::sync::LazyLock;

use chartwright::{FixedWorld, Limits, Snippet};
use gotemplate::{FuncMap, parse};
use libfuzzer_sys::fuzz_target;

static FUNCS: LazyLock<FuncMap> = LazyLock::new(|| {
    let mut funcs = FuncMap::new();
    for group in sprig::FUNCTIONS {
        funcs.add(group);
    }
    funcs
});

const VALUES: &[u8] = b"s: text\nn: 3\nf: 2.5\nb: true\nl: [a, b, 1]\nm: {k: v, n: {z: [1, 2]}}\nnothing: ~\n";

fuzz_target!(|text: &str| {
    if let Ok(file) = parse("t", text, &FUNCS) {
        let printed = file.print("t").expect("the file has a body");
        if let Ok(again) = parse("t", printed.as_slice(), &FUNCS) {
            assert_eq!(again.print("t").as_ref(), Some(&printed));
        }
    }
    let limits = Limits { steps: 500_000, depth: 500, output: 1 << 20, ..Limits::default() };
    let snippet = Snippet::new([("t.yaml", text)]).files([("a.txt", "one\ntwo\n")]).limits(limits);
    if let Err(error) = snippet.render(VALUES, Rc::new(FixedWorld::seeded(1))) {
        assert!(!error.is_empty());
    }
});
