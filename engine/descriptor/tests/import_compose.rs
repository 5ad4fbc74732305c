//! Compose files as people write them: what they become, and what is said about them.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use descriptor::Severity;
use descriptor::import::compose::{Folder, Imported, Options, Source, import, variables};

/// The files beside the compose files.
struct Beside;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose")
}

impl Folder for Beside {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(folder().join(path)).ok()
    }

    fn list(&self, path: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(folder().join(path)) else { return Vec::new() };
        let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn run(name: &str, options: Options) -> Imported {
    let file = format!("{name}.yml");
    let text = std::fs::read_to_string(folder().join(&file)).expect("the fixture is there");
    import(&[Source { file: &file, text: &text }], &options, &Beside)
}

fn options(name: &str) -> Options {
    let file = std::fs::read_to_string(folder().join(".env")).expect("the variables are there");
    let variables = variables(&file, &BTreeMap::new());
    let profiles = if name == "model" { vec!["research".to_owned()] } else { Vec::new() };
    let name = Some(name.to_owned()).filter(|n| ["dome", "identity", "home"].contains(&n.as_str()));
    Options { name, variables, profiles, ..Options::default() }
}

/// What comes out, as one text.
fn shown(imported: &Imported) -> String {
    let mut text = imported.descriptor.clone().unwrap_or_default();
    if !imported.secrets.is_empty() {
        let _ = write!(text, "\n=== Secrets\n{}", imported.secrets);
    }
    if !imported.left_out.is_empty() {
        let _ = write!(text, "\n=== Left out: {}\n", imported.left_out.join(", "));
    }
    let _ = write!(text, "\n=== Report\n");
    for problem in &imported.problems {
        let _ = writeln!(text, "{problem} [{}]", problem.code);
    }
    text
}

const FILES: [&str; 10] =
    ["dome", "blog", "shop", "files", "identity", "monitoring", "events", "documents", "model", "home"];

#[test]
fn files_become_descriptors() {
    for name in FILES {
        let imported = run(name, options(name));
        insta::assert_snapshot!(name, shown(&imported));
    }
}

#[test]
fn descriptors_are_read_without_problems() {
    for name in FILES {
        let text = run(name, options(name)).descriptor.expect("a descriptor");
        let (parsed, problems) = descriptor::read::parse(name, &text);
        assert_eq!(problems, [], "{name}:\n{text}");
        let parsed = parsed.expect("a descriptor");
        let problems = descriptor::check::check(&parsed, &|_| None);
        let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}\n{text}");
    }
}
