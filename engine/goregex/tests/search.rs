//! Searching, replacing and splitting, as Go does it.

use std::ops::Range;

use goregex::Regex;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern.as_bytes()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn groups() {
    for (pattern, text, want) in [
        ("a|ab", "ab", vec![Some(0..1)]),
        ("(a+)(b+)?", "xaac", vec![Some(1..3), Some(1..3), None]),
        ("(a|ab)(c|bcd)(d*)", "abcd", vec![Some(0..4), Some(0..1), Some(1..4), Some(4..4)]),
        ("(?:(a)|b)*", "ab", vec![Some(0..2), Some(0..1)]),
        ("(a*)*", "b", vec![Some(0..0), Some(0..0)]),
        ("(a*)+", "b", vec![Some(0..0), Some(0..0)]),
        ("(a??)(b)", "ab", vec![Some(0..2), Some(0..1), Some(1..2)]),
        ("(?U)a+", "aa", vec![Some(0..1)]),
        ("(a){0}b", "b", vec![Some(0..1), None]),
        (r"\bfoo\b", "a foo b", vec![Some(2..5)]),
        ("(?m)^b$", "a\nb\nc", vec![Some(2..3)]),
    ] {
        assert_eq!(regex(pattern).captures(text.as_bytes()), Some(want), "{pattern}");
    }
    assert_eq!(regex("^b").captures(b"ab"), None);
    assert_eq!(regex(".").find(b"\xff"), Some(0..1), "an invalid byte is a character");
    assert_eq!(regex("\u{fffd}").find(b"\xe2\x82x"), Some(0..1));
}

#[test]
fn all_matches() {
    let cases: [(&str, &str, i64, &[Range<usize>]); 6] = [
        ("a*", "baab", -1, &[0..0, 1..3, 4..4]),
        ("", "é!", -1, &[0..0, 2..2, 3..3]),
        ("a", "aaa", 2, &[0..1, 1..2]),
        ("a", "aaa", 0, &[]),
        ("^a", "aaa", -1, &[Range { start: 0, end: 1 }]),
        ("b?", "ab", -1, &[0..0, 1..2]),
    ];
    for (pattern, text, n, want) in cases {
        assert_eq!(regex(pattern).find_all(text.as_bytes(), n), want, "{pattern}");
    }
}

#[test]
fn replacements() {
    for (pattern, text, template, want) in [
        ("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"),
        ("a(x*)b", "-ab-axxb-", "$1W", "---"),
        ("a(?P<first>x*)b", "axb", "<$first>", "<x>"),
        ("(a)|(b)", "ab", "[$2$1]", "[a][b]"),
        ("a", "aba", "$$", "$b$"),
        ("a", "aba", "$", "$b$"),
        ("a", "a", "${", "${"),
        ("a", "a", "$9-$01-${x}", "--"),
        ("a*", "baac", "x", "xbxcx"),
        ("", "é", "-", "-é-"),
        ("[^a-z0-9]", "My_App", "-", "-y--pp"),
    ] {
        let got = regex(pattern).replace_all(text.as_bytes(), template.as_bytes());
        assert_eq!(String::from_utf8_lossy(&got), want, "{pattern} {template}");
    }
    assert_eq!(regex("a").replace_all_literal(b"aba", b"$0"), b"$0b$0");
}

#[test]
fn pieces() {
    for (pattern, text, n, want) in [
        ("a*", "abaabaccadaaae", 5, vec!["", "b", "b", "c", "cadaaae"]),
        (",", "a,b,c", -1, vec!["a", "b", "c"]),
        (",", "a,b,c", 2, vec!["a", "b,c"]),
        (",", "a,b,c", 0, vec![]),
        (",", "", -1, vec![""]),
        ("", "", -1, vec![]),
        ("", "ab", -1, vec!["a", "b"]),
        (",", "a,", -1, vec!["a", ""]),
    ] {
        let got: Vec<_> = regex(pattern).split(text.as_bytes(), n).into_iter().map(String::from_utf8_lossy).collect();
        assert_eq!(got, want, "{pattern} {text}");
    }
}

#[test]
fn short_and_long_searches_agree() {
    let patterns =
        ["(a|ab)(c|bcd)(d*)", "x*", "(?i)[k-s]+?z|(b)", r"\b\w+\b$", "a(.*)b", "^(?:a|b)*c", "(a?)*b", "ab|cd"];
    for pattern in patterns {
        let re = regex(pattern);
        for text in ["abcd", "xxaKſz b", "abcabc ccd", "", "aé\u{212a}z"] {
            // The pattern again, so often that the backtracker would need too much memory.
            let long = regex(&format!("(?:{pattern})(?:q{{1000}}){{0}}|(?:q{}){{100}}", "0123456789".repeat(200)));
            let short = re.captures(text.as_bytes());
            assert_eq!(long.captures(text.as_bytes()), short, "{pattern} {text}");
        }
    }
}

#[test]
fn hostile_searches_stop() {
    let mut left = 1_000_000_u64;
    let mut charge = |n: u64| left.checked_sub(n).map(|rest| left = rest).ok_or("too much");
    let re = regex(&"(x?)".repeat(2000));
    assert_eq!(re.metered(&mut charge).find_all(&[b'y'; 100_000], -1), Err("too much"));
    let re = regex("(.*)(.*)(.*)(.*)(.*)x");
    assert!(!re.is_match(&[b'y'; 5000]));
    // Threads times groups are bounded too.
    let many = regex(&"(a?)".repeat(5000));
    let found = many.metered(&mut |n| if n == u64::MAX { Err(()) } else { Ok(()) }).captures(&[b'b'; 100]);
    assert!(found.is_err());
}

#[test]
fn clones_and_threads_share() {
    let re = Regex::cached(b"b+").unwrap_or_else(|e| panic!("{e}"));
    let again = Regex::cached(b"b+").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(re.pattern(), again.pattern());
    let found = std::thread::spawn(move || re.find(b"abb")).join();
    assert_eq!(found.ok().flatten(), Some(1..3));
}
