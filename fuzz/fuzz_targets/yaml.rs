//! YAML from anywhere: reading never panics, and what is read survives being
//! written and read again.
#![no_main]

use goyaml::yaml::{from_yaml, from_yaml_map, from_yaml_typed, to_yaml, to_yaml_pretty};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = from_yaml_typed(text);
    let _ = from_yaml_map(text);
    let Ok(value) = from_yaml(text) else { return };
    let _ = to_yaml_pretty(&value);
    let Ok(written) = to_yaml(&value) else { return };
    // go-yaml writes these line breaks in plain and quoted text as they are, and
    // folds them or makes others of them as it reads. It writes the key `<<`
    // plain, too, and reads it as a merge; of -0 it makes 0.
    let text = format!("{value:?}");
    if ["Float(-0.0)", "\"<<\"", "\\u{85}", "\\u{2028}", "\\u{2029}"].iter().any(|b| text.contains(b)) {
        return;
    }
    let again = from_yaml(&written).expect("what was written can be read");
    assert_eq!(format!("{again:?}"), text, "{}", String::from_utf8_lossy(&written));
});
