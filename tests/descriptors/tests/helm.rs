//! Expanded charts in real Helm: it lints them, and renders the same bytes.

use chartwright_descriptors::real::{Folder, helm};
use chartwright_descriptors::{expanded, loaded, render};

/// Descriptors to expand, by name: unusual layouts, names and values.
const DESCRIPTORS: [(&str, &str); 4] = [
    ("one", include_str!("descriptors/one.yaml")),
    ("guide", include_str!("descriptors/guide.yaml")),
    ("odd", include_str!("descriptors/odd.yaml")),
    ("six", include_str!("descriptors/six.yaml")),
];

/// The operators' values.
const VALUES: [&str; 4] = [
    "{}",
    "web: {config: {WELCOME: Hi, NEW: \"1\"}, replicas: 0, image: {tag: \"\"}, ingress: {enabled: false}}",
    "web: {app: null, nested: {a: {b: null, c: []}}, config: {WELCOME: null}}\nglobal: {x: 1}",
    "web: null",
];

#[test]
#[ignore = "needs Helm"]
fn needs_helm_helm_lints_and_renders_them_as_we_do() {
    let helm = &helm().unwrap();
    for (name, text) in DESCRIPTORS {
        for layout in ["releases", "umbrella"] {
            let chart = expanded(&text.replace("layout: releases", &format!("layout: {layout}"))).unwrap();
            let folder = Folder::new(&chart, &format!("helm-{name}-{layout}")).unwrap();
            folder.lint(helm).unwrap_or_else(|e| panic!("{name} {layout}: {e}"));
            let ours = loaded(&chart).unwrap();
            for values in VALUES {
                let theirs = folder.template(helm, values).unwrap_or_else(|e| panic!("{name} {layout} {values}: {e}"));
                assert_eq!(render(&ours, values).unwrap(), theirs, "{name} {layout} {values}");
            }
        }
    }
}

#[test]
fn the_schema_refuses_what_nobody_knows() {
    for (values, want) in [
        ("wep: {}", "additional properties 'wep' not allowed"),
        ("web: {config: {WELCOME: 5}}", "at '/web/config/WELCOME': got number, want null or string"),
        ("web: text", "at '/web': got string, want null or object"),
    ] {
        let chart = expanded(DESCRIPTORS[0].1).unwrap();
        let error = render(&loaded(&chart).unwrap(), values).unwrap_err().to_string();
        assert!(error.contains(want), "{values}: {error}");
    }
}
