//! The documentation is complete: every field, fact, command and flag is in it, and its links lead somewhere.
#![allow(clippy::disallowed_methods, reason = "the pages are files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the crate is two folders below the root")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The paths of all fields of a JSON Schema, with `[]` for the items of a list.
fn fields(schema: &Value, prefix: &str, found: &mut BTreeSet<String>) {
    let Some(properties) = schema["properties"].as_object() else { return };
    for (name, field) in properties {
        let path = format!("{prefix}{name}");
        fields(field, &format!("{path}."), found);
        fields(&field["items"], &format!("{path}[]."), found);
        found.insert(path);
    }
}

#[test]
fn every_field_is_in_the_reference() {
    let page = read("docs/src/descriptor.md");
    let (descriptor, source) = page.split_once("\n# DescriptorSource\n").expect("a part for each kind");
    for (kind, text) in [("helmchartdescriptor", descriptor), ("descriptorsource", source)] {
        let schema = read(format!("engine/descriptor/schema/{kind}.schema.json"));
        let mut wanted = BTreeSet::new();
        fields(&serde_json::from_str(&schema).expect("JSON"), "", &mut wanted);
        if kind == "descriptorsource" {
            // It is the descriptor's, and the page says so.
            wanted.retain(|path| path != "status" && !path.starts_with("status."));
        }
        let listed = |line: &str| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned());
        let listed: BTreeSet<String> = text.lines().filter_map(listed).collect();
        assert_eq!(listed, wanted, "{kind}");
    }
}

#[test]
fn every_platform_fact_is_in_the_reference() {
    let fact = || Some("x".to_owned());
    let all = contract::Platform {
        registry: fact(),
        repository: fact(),
        domain: fact(),
        username: fact(),
        token: fact(),
        namespace: fact(),
    };
    let page = read("docs/src/platform.md");
    for name in serde_json::to_value(all).expect("JSON").as_object().expect("an object").keys() {
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
}

fn help(command: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_chartwright")).args(command).arg("--help").output();
    String::from_utf8(output.expect("the program runs").stdout).expect("UTF-8")
}

/// The commands below one, from its help.
fn below(help: &str) -> Vec<&str> {
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let names = list.lines().take_while(|line| line.starts_with("  ")).filter_map(|l| l.split_whitespace().next());
    names.filter(|name| *name != "help").collect()
}

#[test]
fn every_command_and_flag_is_in_the_reference() {
    let page = read("docs/src/command-line.md");
    let sections: Vec<&str> = page.split("\n## ").collect();
    let common =
        |title: &str| sections.iter().find(|s| s.starts_with(title)).copied().expect("a section for common flags");
    let common = [common("Flags for sources"), common("Flags for the engine")].concat();
    let all = help(&[]);
    for command in below(&all) {
        let own = help(&[command]);
        let mut helps = vec![own.clone()];
        helps.extend(below(&own).into_iter().map(|name| help(&[command, name])));
        let named = |s: &&&str| s.split([' ', '\n']).next() == Some(command);
        let section = sections.iter().find(named).unwrap_or_else(|| panic!("{command} has no section"));
        let text = format!("{section}{common}");
        let flags = helps.iter().flat_map(|help| help.lines()).map(str::trim_start).filter(|l| l.starts_with('-'));
        for line in flags {
            let flag = line.split([' ', '[', '=']).find(|word| word.starts_with("--"));
            let Some(flag) = flag.filter(|f| !matches!(*f, "--help" | "--version")) else { continue };
            let found = text
                .match_indices(flag)
                .any(|(at, _)| !text[at + flag.len()..].starts_with(|c: char| c == '-' || c.is_alphanumeric()));
            assert!(found, "{command} {flag}");
        }
    }
}

/// The Markdown pages of the repository.
fn pages() -> Vec<PathBuf> {
    let pages = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "templates/charts/chartwright/README.md",
        "templates/examples/README.md",
        "templates/fleet/README.md",
    ];
    let mut pages: Vec<PathBuf> = pages.iter().map(PathBuf::from).collect();
    let folder = fs::read_dir(root().join("docs/src")).expect("the book");
    let files = folder.map(|entry| Path::new("docs/src").join(entry.expect("an entry").file_name()));
    pages.extend(files.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    pages.sort();
    pages
}

/// The text without blocks of code.
fn prose(text: &str) -> String {
    let parts = text.split("```").enumerate().filter(|(i, _)| i % 2 == 0);
    parts.map(|(_, part)| part).collect()
}

/// The name of a heading in links, as GitHub and mdBook make it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = prose(&read(&page));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https://") || link.starts_with("http://") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.with_file_name("").join(path) };
            let exists = root().join(&target).exists();
            let known = |name: &str| {
                let headings = read(&target);
                let prose = prose(&headings);
                prose.lines().filter_map(|l| l.strip_prefix('#')).any(|l| anchor(l.trim_start_matches('#')) == name)
            };
            if !exists || !heading.is_empty() && !known(heading) {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_summary_lists_every_page() {
    let summary = read("docs/src/SUMMARY.md");
    for page in pages().iter().filter(|p| p.starts_with("docs/src")) {
        let name = page.file_name().and_then(|n| n.to_str()).expect("a name");
        assert!(name == "SUMMARY.md" || summary.contains(&format!("]({name})")), "{name}");
    }
}
