//! Base charts and descriptors for tests.
#![allow(unreachable_pub, dead_code, reason = "each test takes what it needs")]

use std::fmt::Write;
use std::sync::Arc;

use descriptor::Parsed;
use descriptor::expand::{Expanded, Options, expand};
use descriptor::types::Template;
use helm::chart::{Chart, File, Limits, load_folder};

/// A file of a chart.
pub fn file(name: &str, text: &str) -> File {
    File { name: name.into(), data: text.as_bytes().into() }
}

/// A chart of these files.
pub fn chart(files: &[(&str, &str)]) -> Arc<Chart> {
    let files = files.iter().map(|(name, text)| file(name, text)).collect();
    load_folder("chart", files, Limits::default(), &mut Default::default()).unwrap()
}

/// A base chart for web components, with a schema.
pub fn modulebase(version: &str) -> Arc<Chart> {
    chart(&[
        ("Chart.yaml", &format!("apiVersion: v2\nname: modulebase\nversion: {version}\n")),
        (
            "values.yaml",
            "app:\n  # -- The name, and the first part of the host\n  name: modulebase\n  port: 8080 # where it listens\n\
             image:\n  name: nginx\n  tag: \"1.0.0\"\nreplicas: 1\nconfig: {}\ningress:\n  # Whether it is reached from \
             outside\n  enabled: true\nresources:\n  limits:\n    cpu: 100m\n",
        ),
        ("values.schema.json", include_str!("modulebase.schema.json")),
        (
            "templates/all.yaml",
            "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: {{ .Values.app.name }}\ndata:\n  values: {{ .Values | \
             toJson | quote }}\n",
        ),
    ])
}

/// A base chart for databases, without a schema.
pub fn database() -> Arc<Chart> {
    chart(&[
        ("Chart.yaml", "apiVersion: v2\nname: postgresql\nversion: 16.2.0\n"),
        ("values.yaml", "## @param auth.database The name of the database\nauth:\n  database: postgres\n  # user: x\n"),
        (
            "templates/all.yaml",
            "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: {{ .Release.Name }}-db\ndata:\n  values: {{ .Values | \
             toJson | quote }}\n",
        ),
    ])
}

/// The base charts by name.
pub fn bases(template: &Template) -> Option<Arc<Chart>> {
    match template.chart.as_str() {
        "modulebase" => Some(modulebase(template.version.as_deref().unwrap_or("1.2.0"))),
        "postgresql" => Some(database()),
        _ => None,
    }
}

/// Reads a descriptor that is right.
pub fn parse(text: &str) -> Parsed {
    let (parsed, problems) = descriptor::read::parse("module.yaml", text);
    assert!(problems.is_empty(), "{problems:?}");
    parsed.unwrap()
}

/// Expands a descriptor that is right.
pub fn expanded(text: &str) -> Expanded {
    expand(&parse(text), &bases, &Options::default()).unwrap_or_else(|e| panic!("{}", lines(&e)))
}

/// Problems, a line each.
pub fn lines<T: std::fmt::Display>(list: &[T]) -> String {
    list.iter().map(|p| format!("{p}\n")).collect()
}

/// All files of a chart as one text, and the warnings.
pub fn whole(expanded: &Expanded) -> String {
    let mut out = String::new();
    for file in expanded.files.iter().filter(|f| !f.name.starts_with(b"charts/")) {
        let _ = write!(out, "=== {}\n{}", file.name, String::from_utf8_lossy(&file.data));
    }
    if !expanded.warnings.is_empty() {
        let _ = write!(out, "=== warnings\n{}", lines(&expanded.warnings));
    }
    out
}
