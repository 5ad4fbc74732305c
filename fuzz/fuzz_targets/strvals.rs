//! `--set` and its kin, one after the other into the same values.
#![no_main]

use govalue::Map;
use helm::values::{Reader, parse_into, parse_json_into, parse_literal_into};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let values = Map::new();
    for line in text.split(|b| *b == b'\n').take(8) {
        let _ = parse_into(line, &values, &mut Reader::Typed);
        let _ = parse_into(line, &values, &mut Reader::Text);
        let _ = parse_into(line, &values, &mut Reader::File(&mut |path| Ok(path.to_vec())));
        let _ = parse_json_into(line, &values);
        let _ = parse_literal_into(line, &values);
    }
    let _ = goyaml::yaml::to_yaml(&values.into());
});
