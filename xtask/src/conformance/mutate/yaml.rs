//! Random YAML (and JSON, and TOML): read by each of Helm's functions for it, and written again.

use std::fmt::Write;
use std::fs;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::json;

use super::{Run, ask};
use crate::conformance::random::Random;
use crate::conformance::report::Report;

const SCALARS: &[&str] = &[
    "a",
    "b",
    "1",
    "0",
    "-1",
    "1.5",
    "0x1F",
    "0o17",
    "017",
    "08",
    "1_000",
    "1e3",
    "1e400",
    ".inf",
    "-.inf",
    ".nan",
    "~",
    "null",
    "true",
    "yes",
    "on",
    "off",
    "No",
    "y",
    "n",
    "\"a\"",
    "'a'",
    "\"\\x41\\u00e9\\n\"",
    "'it''s'",
    "\"\"",
    "''",
    "2001-01-01",
    "2001-01-01T10:00:00Z",
    "12:30:45",
    "=",
    "<<",
    "-",
    "?",
    ":",
    "!!str 1",
    "!!int \"1\"",
    "!!float 1",
    "!!binary aGk=",
    "!!binary gIGC",
    "!!null x",
    "!!bool yes",
    "!x y",
    "!!set {a, b}",
    "&a x",
    "*a",
    "&b [1]",
    "*b",
    "é☺",
    "a: b",
    "a #b",
    "a#b",
    "18446744073709551615",
    "9223372036854775808",
    "-9223372036854775809",
    "0b101",
    "+1",
    "1.",
    ".5",
    "0.0",
    "-0.0",
    "1e-7",
    "@a",
    "`a`",
    "%a",
    "!",
    "!!",
    "&",
    "*",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a,b",
    "\"a\nb\"",
    "a\n  b",
    "[a, b]",
    "{a: 1}",
    "[1, [2, {c: d}]]",
    "{a, b: , \"c\":1}",
    "[a: b]",
    "{? a : b}",
    "\u{85}",
    "\u{feff}",
    "\u{2028}",
    "\t",
    "long long long long long long long long long long long long long long long long long long long long text",
    "|",
    ">",
    "|-\n  x\n  y",
    ">+\n  a\n  b\n\n",
    "|2\n   x",
    "12e03",
    "0.1e1",
    "1:30",
    "190:20:30",
    "0x",
    "0b",
    "_1",
    "1__0",
    "NULL",
    "Null",
    "TRUE",
    "True",
];

const LINES: &[&str] = &[
    "---",
    "...",
    "%YAML 1.1",
    "# c",
    "",
    "  ",
    "\t",
    "- a",
    "a: b",
    "? a",
    ": b",
    "<<: *a",
    "a: &a",
    "!!map",
    "--- a",
    "- - b",
    "x: |",
    "  y",
    "'",
    "\"",
];

/// Makes texts and compares what Helm and we read in them.
pub(super) fn compare(run: &Run<'_>) -> anyhow::Result<Report> {
    let mut random = run.random("yaml");
    let seeds = seeds(run)?;
    ask::compare("yaml", run, &json!({}), || {
        let text = text(&mut random, &seeds);
        template(&mut random, &text)
    })
}

/// A template that reads a text in several ways and writes what it read.
fn template(random: &mut Random, text: &[u8]) -> String {
    let mut quoted = String::from("\"");
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                '\n' => quoted.push_str("\\n"),
                c if c < ' ' => write!(quoted, "\\x{:02x}", u32::from(c)).expect("a string takes text"),
                c => quoted.push(c),
            }
        }
        for b in chunk.invalid() {
            write!(quoted, "\\x{b:02x}").expect("a string takes text");
        }
    }
    quoted.push('"');
    let rest = match random.below(8) {
        0 => "{{ fromToml $t | toJson }}\n{{ fromToml $t | toToml }}",
        1 => "{{ fromJson $t | toJson }}\n{{ fromJsonArray $t | toJson }}\n{{ fromJson $t | toPrettyJson }}",
        2 => "{{ mustFromJson $t | toYaml }}",
        3 => "{{ fromYaml $t | toYamlPretty }}\n{{ fromYaml $t | toToml }}",
        _ => {
            "{{ fromYaml $t | toJson }}\n{{ fromYamlArray $t | toJson }}\n{{ fromYaml $t | toYaml }}\n{{ fromYamlArray $t }}"
        }
    };
    format!("{{{{ $t := {quoted} }}}}{rest}")
}

/// Values of public charts.
fn seeds(run: &Run<'_>) -> anyhow::Result<Vec<Vec<String>>> {
    let mut files: Vec<_> =
        fs::read_dir(run.kit.join("charts"))?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(file)?));
        for entry in archive.entries()? {
            let mut entry = entry?;
            if !entry.path()?.ends_with("values.yaml") {
                continue;
            }
            let mut text = String::new();
            if entry.read_to_string(&mut text).is_ok() {
                found.push(text.lines().map(str::to_owned).collect());
            }
        }
    }
    Ok(found)
}

fn text(random: &mut Random, seeds: &[Vec<String>]) -> Vec<u8> {
    let mut text = match random.below(6) {
        0 | 1 if !seeds.is_empty() => {
            let lines = random.item(seeds);
            let start = random.below(lines.len());
            let end = (start + 1 + random.below(30)).min(lines.len());
            let mut lines = lines[start.min(end)..end].to_vec();
            for _ in 0..random.below(4) {
                let at = random.below(lines.len() + 1);
                match random.below(3) {
                    0 => lines.insert(at, random.pick(LINES).to_owned()),
                    1 if at < lines.len() => drop(lines.remove(at)),
                    _ if at < lines.len() => {
                        lines[at].insert_str(0, random.pick(&[" ", "  ", "- ", "#", "\t", "? ", ": "]));
                    }
                    _ => {}
                }
            }
            lines.join("\n")
        }
        2 => json_like(random, 0),
        3 => toml_like(random),
        _ => {
            let mut out = String::new();
            if random.one_in(8) {
                out.push_str(random.pick(&["---\n", "%YAML 1.1\n---\n", "\u{feff}", "# c\n", "--- "]));
            }
            block(random, 0, 0, &mut out);
            if random.one_in(8) {
                out.push_str(random.pick(&["...\n", "---\nx: y\n", "\n\n", "#", "  "]));
            }
            out
        }
    };
    for _ in 0..random.below(4) {
        let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let at = *random.item(&places);
        match random.below(4) {
            0 if at < text.len() => drop(text.remove(at)),
            1 => text.insert_str(at, random.pick(SCALARS)),
            2 => text.insert_str(
                at,
                random.pick(&[
                    "\n", " ", ":", "-", "#", "'", "\"", "\t", "\r", "\r\n", "&a ", "*a", "!", ",", "|", ">", "%", "?",
                ]),
            ),
            _ => {
                let end = *random.item(&places);
                if at < end && end - at < 60 {
                    let piece = text[at..end].to_owned();
                    text.insert_str(at, &piece);
                }
            }
        }
    }
    let mut bytes = text.into_bytes();
    if random.one_in(40) && !bytes.is_empty() {
        let at = random.below(bytes.len());
        bytes[at] = *random.item(&[0xff, 0x80, 0xe2, 0, 0x1b, 0x7f, 0xc0]);
    }
    bytes
}

/// A block of YAML that is indented so far.
fn block(random: &mut Random, indent: usize, depth: usize, out: &mut String) {
    let sequence = random.one_in(3);
    for _ in 0..1 + random.below(4) {
        out.extend(std::iter::repeat_n(' ', indent));
        if sequence {
            out.push_str("- ");
        } else {
            if random.one_in(12) {
                out.push_str("? ");
            }
            let keys: &[&str] = if random.one_in(3) { SCALARS } else { &["a", "b", "c", "d", "x y"] };
            out.push_str(random.pick(keys));
            out.push(':');
            out.push_str(random.pick(&[" ", " ", " ", " ", "", "  ", "\t"]));
        }
        if random.one_in(10) {
            out.push_str(random.pick(&["&a ", "&b ", "!!str ", "!!map ", "!!seq ", "!x ", "!!int "]));
        }
        if depth < 3 && random.one_in(3) {
            out.push('\n');
            let deeper = indent + random.below(4);
            block(random, deeper, depth + 1, out);
        } else {
            out.push_str(random.pick(SCALARS));
            if random.one_in(10) {
                out.push_str(" # c");
            }
            out.push('\n');
        }
    }
}

fn json_like(random: &mut Random, depth: usize) -> String {
    const JSON: &[&str] = &[
        "1",
        "1.0",
        "-0",
        "1e3",
        "1e400",
        "01",
        "true",
        "null",
        "nul",
        "\"a\"",
        "\"\\u00e9\\ud83d\\ude00\"",
        "\"\\ud800\"",
        "\"\\x\"",
        "\"<&>\u{2028}\"",
        "'a'",
        "+1",
        ".5",
        "1.",
        "12345678901234567890",
        "\"\"",
    ];
    let inner = |random: &mut Random| json_like(random, depth + 1);
    match random.below(if depth > 3 { 4 } else { 8 }) {
        0..=3 if depth > 0 => random.pick(JSON).to_owned(),
        4 | 5 => format!("[{}]", (0..random.below(4)).map(|_| inner(random)).collect::<Vec<_>>().join(", ")),
        _ => {
            let entry = |random: &mut Random| {
                format!("{}: {}", random.pick(&["\"a\"", "\"b\"", "\"é\"", "a", "\"\""]), json_like(random, depth + 1))
            };
            format!("{{{}}}", (0..random.below(4)).map(|_| entry(random)).collect::<Vec<_>>().join(","))
        }
    }
}

fn toml_like(random: &mut Random) -> String {
    const VALUES: &[&str] = &[
        "1",
        "1.0",
        "+1",
        "-0",
        "0x1f",
        "0o17",
        "0b1",
        "1_000",
        "1e3",
        "inf",
        "-nan",
        "true",
        "false",
        "\"a\"",
        "'a'",
        "\"\\u00e9\\n\"",
        "\"\"\"\na\nb\"\"\"",
        "'''a'''",
        "[1, 2]",
        "[\"a\", 1,]",
        "{a = 1, b = {c = 2}}",
        "{}",
        "[]",
        "1979-05-27T07:32:00Z",
        "1979-05-27",
        "07:32:00",
        "1979-05-27 07:32:00",
        "01",
        "1.",
        ".5",
        "Ⅲ",
        "é",
        "nope",
        "",
        "[[1], [2]]",
        "[{a = 1}]",
        "9223372036854775808",
    ];
    let mut out = String::new();
    for _ in 0..1 + random.below(5) {
        match random.below(6) {
            0 => writeln!(out, "[{}]", random.pick(&["a", "a.b", "b", "\"x y\"", "a.\"b\"", "", "a."]))
                .expect("a string takes text"),
            1 => writeln!(out, "[[{}]]", random.pick(&["t", "a", "t.u"])).expect("a string takes text"),
            _ => {
                let key = random.pick(&["a", "b", "c", "a.b", "\"k\"", "'k'", "1", "a b", "é", "", "a.b.c"]);
                write!(
                    out,
                    "{key} = {}{}",
                    random.pick(VALUES),
                    random.pick(&["\n", "\n", "\n", " # c\n", " x\n", ""])
                )
                .expect("a string takes text");
            }
        }
    }
    out
}
