//! Random templates: the kit's snippets with changes.

use std::fs;

use serde_json::Value;

use super::{Run, ask};
use crate::conformance::random::Random;
use crate::conformance::report::Report;

/// Functions whose results differ from call to call, or that ask the machine: nothing that calls one is compared.
const BY_CHANCE: &[&str] = &[
    "now",
    "ago",
    "date",
    "dateInZone",
    "date_in_zone",
    "htmlDate",
    "htmlDateInZone",
    "rand",
    "uuidv4",
    "shuffle",
    "gen",
    "htpasswd",
    "bcrypt",
    "encryptAES",
    "derivePassword",
    "buildCustomCert",
    "getHostByName",
    "keys",
    "values",
    "lookup",
    "%p",
    "unixEpoch",
    "duration",
];

/// Functions that make as much as a number says.
const BY_NUMBER: &[&str] = &[
    "until", "seq", "repeat", "indent", "range", "wrap", "join", "replace", "mul", "pow", "printf", "abbrev", "trunc",
    "substr",
];

const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "len",
    "index",
    "slice",
    "print",
    "printf",
    "html",
    "js",
    "urlquery",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "call",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "nil",
    "true",
    "false",
    "include",
    "tpl",
    "required",
    "fail",
    "default",
    "quote",
    "toYaml",
    "toJson",
    "fromYaml",
    "fromJson",
    "dict",
    "list",
    "get",
    "set",
    "hasKey",
    "kindOf",
    "typeOf",
    "toString",
    "int",
    "float64",
    "add",
    "trim",
    "upper",
    "first",
    "last",
    "ternary",
    "coalesce",
    "empty",
    "nindent",
    "mustRegexMatch",
    "regexFind",
    ".Values.nil",
    ".Values.list",
    ".Values.map",
    ".Values.map.a.b",
    ".Values.s",
    "$.Values.n",
    ".Values.uni",
    ".Values.é.x",
    ".Values.x.y.zé",
    ".Capabilities.KubeVersion",
    ".Chart.Name",
    ".Release",
    ".Files",
    ".Template.Name",
    ".Capabilities.APIVersions.Has",
    "$",
    ".",
    "$x",
    "$é",
    ":=",
    "=",
    "|",
    "(",
    ")",
    ",",
    "{{",
    "}}",
    "{{-",
    "-}}",
    "/*",
    "*/",
    "\"",
    "`",
    "'",
    "\\",
    " ",
    "\n",
    "Ⅲ",
    "²",
    "\u{301}",
    "中",
    "٣",
    "\u{0}",
    "-",
    "+",
    "0",
    "1",
    "-1",
    "1.5",
    "0x1f",
    "1e3",
    "1_0",
    "'a'",
    "'\\xff'",
    "\"\\xff\\xe2\\x82\"",
    "\"é\\n\"",
    "`raw\\`",
    "1i",
    "1+2i",
    "0b1",
    "017",
    "9223372036854775808",
    "\"a\"",
    "\"%v %d %q %x %5.2f %T %-5s| %+d %#v\"",
    "\"(\"",
    "\"\\xff(\"",
    "\"{{ .x }}\"",
    "\"{{\"",
    "#",
    "@",
    ";",
    "&",
    "!",
];

/// Makes templates and compares what Helm and we make of them.
pub(super) fn compare(run: &Run<'_>) -> anyhow::Result<Report> {
    let mut random = run.random("templates");
    let mut values = Value::Null;
    let mut seeds: Vec<Vec<String>> = Vec::new();
    for file in ["functions.jsonl", "language.jsonl"] {
        for line in fs::read_to_string(run.kit.join(file))?.lines() {
            let case: Value = serde_json::from_str(line)?;
            if case["id"] == "values" && file == "functions.jsonl" {
                values = case["values"].clone();
            }
            if let Some(template) = case["template"].as_str().filter(|t| t.len() < 2000) {
                seeds.push(tokens(template));
            }
        }
    }
    anyhow::ensure!(values.is_object() && !seeds.is_empty(), "the kit has snippets and values for them");
    let make = || {
        loop {
            let template = template(&mut random, &seeds);
            if comparable(&template) {
                return template;
            }
        }
    };
    ask::compare("templates", run, &values, make)
}

/// Words, numbers, strings and signs.
fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$');
        let len = if word(c) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else if c == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |at| at + 2);
            end.min(rest.len())
        } else if rest.starts_with("{{-") || rest.starts_with("-}}") {
            3
        } else if rest.starts_with("{{") || rest.starts_with("}}") || rest.starts_with(":=") {
            2
        } else {
            c.len_utf8()
        };
        let (token, behind) = rest.split_at(len);
        out.push(token.to_owned());
        rest = behind;
    }
    out
}

fn template(random: &mut Random, seeds: &[Vec<String>]) -> String {
    let mut tokens = random.item(seeds).clone();
    for _ in 0..1 + random.below(4) {
        let at = random.below(tokens.len() + 1);
        let inside = at.min(tokens.len().saturating_sub(1));
        match random.below(9) {
            0 if !tokens.is_empty() => drop(tokens.remove(inside)),
            1 => tokens.insert(at, random.pick(WORDS).to_owned()),
            2 => {
                let other = random.item(seeds);
                if !other.is_empty() {
                    tokens.insert(at, random.item(other).clone());
                }
            }
            3 if !tokens.is_empty() => tokens[inside] = random.pick(WORDS).to_owned(),
            4 if !tokens.is_empty() => {
                let other = random.item(seeds);
                if !other.is_empty() {
                    tokens[inside] = random.item(other).clone();
                }
            }
            5 if tokens.len() > 1 => {
                let other = random.below(tokens.len());
                tokens.swap(inside, other);
            }
            6 => {
                // A piece of another snippet.
                let other = random.item(seeds);
                let start = random.below(other.len());
                let end = (start + 1 + random.below(8)).min(other.len());
                let piece: Vec<String> = other[start.min(end)..end].to_vec();
                tokens.splice(at..at, piece);
            }
            7 if tokens.get(inside).is_some_and(|token| !token.is_empty()) => {
                // One character of a token.
                let token = &mut tokens[inside];
                let places: Vec<usize> = token.char_indices().map(|(i, _)| i).collect();
                let place = *random.item(&places);
                if random.one_in(2) {
                    let _ = token.remove(place);
                } else {
                    token.insert_str(place, random.pick(WORDS));
                }
            }
            _ if !tokens.is_empty() => {
                let token = tokens[inside].clone();
                tokens.insert(at, token);
            }
            _ => {}
        }
    }
    tokens.concat()
}

/// Whether both programs must give the same, and soon.
fn comparable(template: &str) -> bool {
    if BY_CHANCE.iter().any(|word| template.contains(word)) {
        return false;
    }
    let longest = template.split(|c: char| !c.is_ascii_hexdigit() && c != '_').map(str::len).max().unwrap_or(0);
    let large = longest > 4 || [".big", ".exp", "e3", "1e"].iter().any(|name| template.contains(name));
    !(large && BY_NUMBER.iter().any(|word| template.contains(word)))
}
