//! The small languages: JSON, TOML, versions, durations. What JSON was read
//! survives being written and read again.
#![no_main]

use gosemver::{Constraints, Version};
use goyaml::{json, toml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(value) = json::from_json(text) {
        let written = json::to_json(&value, true).expect("what was read can be written");
        let again = json::from_json(&written).expect("what was written can be read");
        assert_eq!(format!("{again:?}"), format!("{value:?}"));
        let _ = json::to_json_indent(&value, "", "  ");
        let _ = toml::to_toml(&value);
    }
    if let Ok(map) = toml::from_toml(text) {
        let value = map.into();
        let _ = toml::to_toml(&value);
        let _ = json::to_json(&value, false);
    }
    let _ = gotime::Duration::parse(text);
    let cut = text.iter().position(|b| *b == b'\n').unwrap_or(text.len());
    let (first, second) = text.split_at(cut);
    let second = second.get(1..).unwrap_or_default();
    let constraints = Constraints::parse(first);
    if let (Ok(a), Ok(b)) = (Version::parse(first), Version::parse(second)) {
        assert_eq!(a.compare(&b), b.compare(&a).reverse());
    }
    if let (Ok(constraints), Ok(version)) = (constraints, Version::parse(second)) {
        assert_eq!(constraints.check(&version), constraints.validate(&version).is_ok());
    }
});
