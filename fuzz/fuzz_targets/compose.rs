//! Compose files: what is imported is a descriptor without errors of form.
#![no_main]

use contract::Severity;
use compose::{Empty, Options, Source, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let options = Options { profiles: vec!["*".to_owned()], default_name: Some("shop".to_owned()), ..Options::default() };
    let imported = import(&[Source { file: "compose.yml", text }], &options, &Empty);
    for problem in &imported.problems {
        assert!(!problem.message.is_empty(), "{problem:?}");
    }
    let failed = imported.problems.iter().any(|p| p.severity == Severity::Error);
    if let Some(descriptor) = imported.descriptor.filter(|_| !failed) {
        let (parsed, problems) = descriptor::read::parse("shop.yaml", &descriptor);
        let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
        assert!(parsed.is_some() && errors.is_empty(), "{errors:?}\n{descriptor}");
    }
    goyaml::yaml::from_yaml_map(imported.secrets.as_bytes()).ok();
});
