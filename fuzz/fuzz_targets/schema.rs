//! JSON schemas: the first line is the schema, the rest is the values in YAML.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|b| *b == b'\n').unwrap_or(data.len());
    let (schema, values) = data.split_at(cut);
    let Ok(schema) = gojsonschema::Schema::compile(schema) else { return };
    let Ok(values) = goyaml::yaml::from_yaml(values) else { return };
    if let Err(error) = schema.validate(&values) {
        assert!(!error.to_string().is_empty());
    }
});
