//! The files in `cases/`: templates and what Go's `text/template` makes of them.
//!
//! A case is `-- name`, the template, and the output (`=> `) or the error
//! (`!> `), a line each.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;

use gotemplate::parse;

struct Case<'a> {
    name: &'a str,
    template: String,
    expected: Result<String, String>,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for block in text.split("\n-- ").skip(1) {
        let (name, rest) = block.split_once('\n').expect("a case has a template");
        let (mut template, mut expected, mut failed) = (Vec::new(), Vec::new(), false);
        for line in rest.lines() {
            match line.split_at_checked(2) {
                Some(("=>", text)) => expected.push(text.strip_prefix(' ').unwrap_or(text)),
                Some(("!>", text)) => {
                    failed = true;
                    expected.push(text.strip_prefix(' ').unwrap_or(text));
                }
                _ if expected.is_empty() => template.push(line),
                _ => {}
            }
        }
        let expected = expected.join("\n");
        let expected = if failed { Err(expected) } else { Ok(expected) };
        cases.push(Case { name, template: template.join("\n"), expected });
    }
    cases
}

fn check(text: &str) {
    let (mut names, mut report) = (BTreeSet::new(), String::new());
    for case in cases(text) {
        assert!(names.insert(case.name), "the name {} is there twice", case.name);
        let got = support::run(case.template.as_str()).map(|out| String::from_utf8_lossy(&out).into_owned());
        if got != case.expected {
            writeln!(report, "-- {}\n{}\nexpected {:?}\ngot      {got:?}", case.name, case.template, case.expected)
                .expect("a string takes text");
        }
        // What a tree prints parses to the same tree.
        let funcs = support::funcs();
        if let Ok(file) = parse("t", case.template.as_str(), &funcs) {
            let printed = file.print("t").expect("the file has a body");
            let again = parse("t", printed.as_slice(), &funcs).expect("what is printed is a template");
            assert_eq!(again.print("t").as_ref(), Some(&printed), "{}", case.name);
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn lexer() {
    check(include_str!("cases/lex.txt"));
}

#[test]
fn parser() {
    check(include_str!("cases/parse.txt"));
}

#[test]
fn values() {
    check(include_str!("cases/values.txt"));
}

#[test]
fn control() {
    check(include_str!("cases/control.txt"));
}

#[test]
fn calls() {
    check(include_str!("cases/calls.txt"));
}

#[test]
fn builtins() {
    check(include_str!("cases/builtins.txt"));
}
