//! Regular expressions, globs and path patterns: the first line is the pattern,
//! the rest is the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|b| *b == b'\n').unwrap_or(data.len());
    let (pattern, text) = data.split_at(cut);
    let text = text.get(1..).unwrap_or_default();
    let _ = goglob::path_match(pattern, text);
    if let Ok(glob) = goglob::Glob::new(pattern) {
        let _ = glob.matches(text);
    }
    let Ok(regex) = goregex::Regex::new(pattern) else { return };
    let mut steps = 0;
    let mut charge = |n: u64| {
        steps += n;
        if steps > 5_000_000 { Err(()) } else { Ok(()) }
    };
    let found = regex.metered(&mut charge).find(text);
    if let Ok(found) = &found {
        let matches = regex.metered(&mut charge).is_match(text);
        assert!(matches.is_err() || matches == Ok(found.is_some()));
        if let Ok(Some(captures)) = regex.metered(&mut charge).captures(text) {
            assert_eq!(captures.get(0), Some(found));
        }
    }
    let _ = regex.metered(&mut charge).find_all(text, -1);
    let _ = regex.metered(&mut charge).replace_all(text, b"<$1${x}>");
    let _ = regex.metered(&mut charge).split(text, -1);
});
