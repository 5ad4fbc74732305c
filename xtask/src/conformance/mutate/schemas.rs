//! Random JSON Schemas and values: many subcharts of one chart, so that one question is about all of them.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

use super::ask::limited;
use super::json::Json;
use super::{Run, chance};
use crate::conformance::random::Random;
use crate::conformance::report::{Difference, Report};
use crate::paths;

/// How many schemas are in one chart.
const BATCH: usize = 250;

/// What the names of the subcharts begin with; nothing else has it.
const MARK: &str = "mutated-";

/// Larger schemas of public charts are left out.
const MAX_SEED: usize = 40_000;

const KEYWORDS: &[&str] = &[
    "$ref",
    "$id",
    "id",
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$recursiveRef",
    "$recursiveAnchor",
    "$defs",
    "definitions",
    "type",
    "enum",
    "const",
    "multipleOf",
    "maximum",
    "minimum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "format",
    "items",
    "prefixItems",
    "additionalItems",
    "maxItems",
    "minItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "maxProperties",
    "minProperties",
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "if",
    "then",
    "else",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "default",
    "title",
    "a",
    "b",
    "c",
];

const NAMES: &[&str] = &["a", "b", "c", "d", "8080", "", "a/b", "~", "é", "a b"];

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "ab",
    "abc",
    "8080",
    "1",
    "1.0",
    "1/2",
    "0x10",
    "1e2",
    "1_000",
    "-1",
    "a b",
    "é☺",
    "x'y\"z\\",
    "a\nb",
    "2021-02-29",
    "2024-02-29T10:00:00Z",
    "10:00:60Z",
    "1.2.3.4",
    "::1",
    "a@b.c",
    "http://h/p?q#f",
    "/a/~0",
    "P1Y2M",
    "550e8400-e29b-41d4-a716-446655440000",
    "1.2.3-rc.1",
    "%zz",
    "urn:x:y",
    "NaN",
    "true",
    "null",
    "{a}",
    "\u{0}",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "0.5",
    "1.5",
    "1.0",
    "1e2",
    "-0.0",
    "8080",
    "16",
    "0.1",
    "0.3",
    "1000",
    "1234567.5",
    "1e6",
    "1e21",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "18446744073709551617",
    "1e300",
    "1e-7",
    "1e400",
    "1e-400",
    "1e9999999",
    "0.0001",
    "123456.789",
];

const PATTERNS: &[&str] =
    &["^a", "b$", "^[a-z]+$", ".", "^$", "(", "[", "a{2}", "\\d+", "(?i)A", "^\\p{L}*$", "x*", "\\Z", "8"];

const FORMATS: &[&str] = &[
    "date",
    "date-time",
    "time",
    "ipv4",
    "ipv6",
    "hostname",
    "email",
    "uri",
    "uri-reference",
    "uuid",
    "duration",
    "period",
    "regex",
    "json-pointer",
    "relative-json-pointer",
    "uri-template",
    "semver",
    "iri",
    "unknown",
];

const DRAFTS: &[&str] = &[
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/schema",
];

const REFS: &[&str] = &[
    "#",
    "#/$defs/a",
    "#/$defs/b",
    "#/definitions/a",
    "#/definitions/b",
    "#/properties/a",
    "#/properties/b/items",
    "#/none",
    "#x",
    "#y",
    "b.json",
    "b.json#/$defs/a",
    "b.json#x",
    "urn:x:y",
    "#/allOf/0",
    "#/a%20b",
    "#/%zz",
    "#/properties/a~1b",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2020-12/meta/core",
    "#/required",
    "#/const",
];

const TYPES: &[&str] = &["null", "boolean", "number", "integer", "string", "array", "object"];

/// A schema and values for it.
struct Case {
    schema: String,
    values: String,
}

/// Makes schemas and values, and compares what Helm and we say of them.
pub(super) fn compare(run: &Run<'_>) -> anyhow::Result<Report> {
    let mut random = run.random("schemas");
    let seeds = seeds(run.kit)?;
    let mut report = Report { part: "schemas", equal: 0, differences: Vec::new() };
    let mut made = 0;
    while made < run.count {
        let count = BATCH.min(run.count - made);
        let cases: Vec<Case> = (0..count).map(|_| case(&mut random, &seeds)).collect();
        let (wanted, got) = (answers(run, run.oracle, &cases)?, answers(run, run.bin, &cases)?);
        let differ: Vec<usize> = (0..count).filter(|i| wanted.get(i) != got.get(i)).collect();
        let mut excused = Vec::new();
        if !differ.is_empty() {
            let again: Vec<Case> = differ.iter().map(|i| Case { ..cases[*i].copy() }).collect();
            for _ in 0..chance::ASKED {
                let told = answers(run, run.oracle, &again)?;
                excused.extend(differ.iter().enumerate().filter(|(n, i)| told.get(n) == got.get(i)).map(|(_, i)| *i));
            }
        }
        for i in differ.into_iter().filter(|i| !excused.contains(i)) {
            let shown = |text: Option<&String>| text.cloned().unwrap_or_else(|| "(valid)\n".to_owned()).into_bytes();
            report.differences.push(Difference {
                id: format!("schemas-{}-{}", run.seed, made + i),
                input: format!("{}\n   {}", cases[i].schema, cases[i].values),
                wanted: shown(wanted.get(&i)),
                got: shown(got.get(&i)),
            });
        }
        made += count;
    }
    report.equal = made - report.differences.len();
    Ok(report)
}

impl Case {
    fn copy(&self) -> Case {
        Case { schema: self.schema.clone(), values: self.values.clone() }
    }
}

/// What a program says of each case that is not valid, in order.
fn answers(run: &Run<'_>, program: &Path, cases: &[Case]) -> anyhow::Result<HashMap<usize, String>> {
    let folder = paths::target().join("mutate");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let chart = |name: &str| format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    for (i, case) in cases.iter().enumerate() {
        let sub = folder.join("charts").join(format!("{MARK}{i:05}"));
        fs::create_dir_all(&sub)?;
        fs::write(sub.join("Chart.yaml"), chart(&format!("{MARK}{i:05}")))?;
        fs::write(sub.join("values.schema.json"), &case.schema)?;
        fs::write(sub.join("values.yaml"), &case.values)?;
    }
    fs::write(folder.join("Chart.yaml"), chart("parent"))?;
    let mut command = limited(program);
    if program == run.oracle {
        command.arg("render");
    } else {
        command.args(["template", "demo"]);
    }
    let out = command.arg(&folder).output()?;
    let text = String::from_utf8_lossy(&out.stderr).into_owned() + &String::from_utf8_lossy(&out.stdout);
    // What a chart's schema is told ends without a line end if it is about the schema itself.
    let mut found: HashMap<usize, String> = HashMap::new();
    for section in text.split(MARK).skip(1) {
        let Some((number, said)) = section.split_once(":\n") else { continue };
        if let Ok(number) = number.parse() {
            found.insert(number, said.to_owned());
        }
    }
    if found.is_empty() && !text.starts_with("---") && !text.trim().is_empty() {
        anyhow::bail!("{} could not be asked: {}", program.display(), text.lines().next().unwrap_or_default());
    }
    Ok(found.into_iter().map(|(i, text)| (i, chance::in_order(&text))).collect())
}

/// The schemas and values of public charts.
fn seeds(kit: &Path) -> anyhow::Result<Vec<(Json, Json)>> {
    let mut files: Vec<_> =
        fs::read_dir(kit.join("charts"))?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(file)?));
        let mut parts: HashMap<String, (Option<String>, Option<String>)> = HashMap::new();
        for entry in archive.entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            let Some((folder, name)) = path.rsplit_once('/') else { continue };
            if !matches!(name, "values.schema.json" | "values.yaml") || entry.size() > MAX_SEED as u64 {
                continue;
            }
            let mut text = String::new();
            if entry.read_to_string(&mut text).is_err() {
                continue;
            }
            let slot = parts.entry(folder.to_owned()).or_default();
            if name == "values.yaml" { slot.1 = Some(text) } else { slot.0 = Some(text) }
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort();
        for (_, (schema, values)) in parts {
            let Some(schema) = schema.filter(|s| !leads_away(s)) else { continue };
            let values = values.and_then(|v| goyaml::yaml::from_yaml(v.as_bytes()).ok());
            let values = values.and_then(|v| goyaml::json::to_json(&v, false).ok());
            let values = values.and_then(|v| serde_json::from_slice(&v).ok()).unwrap_or(serde_json::json!({}));
            if let Ok(schema) = serde_json::from_str::<serde_json::Value>(&schema) {
                found.push((Json::from(&schema), Json::from(&values)));
            }
        }
    }
    anyhow::ensure!(!found.is_empty(), "the kit's charts have schemas");
    Ok(found)
}

/// Whether a schema refers to documents elsewhere, which Helm would fetch.
fn leads_away(schema: &str) -> bool {
    let known = schema.replace("http://json-schema.org", "").replace("https://json-schema.org", "");
    known.contains("http:") || known.contains("https:")
}

fn case(random: &mut Random, seeds: &[(Json, Json)]) -> Case {
    let (mut schema, mut values);
    if random.one_in(4) {
        (schema, values) = random.item(seeds).clone();
        for _ in 0..random.below(4) {
            schema.mutate(random, KEYWORDS, &mut |random| self::schema(random, 2));
        }
        for _ in 0..random.below(3) {
            values.mutate(random, NAMES, &mut |random| value(random, 2));
        }
    } else {
        schema = self::schema(random, 0);
        if let Json::Map(entries) = &mut schema
            && random.one_in(2)
        {
            entries.insert(0, ("$schema".to_owned(), Json::text(random.pick(DRAFTS))));
        }
        if random.one_in(10) {
            schema.mutate(random, KEYWORDS, &mut |random| value(random, 1));
        }
        values = object(random, 0);
    }
    values.loadable();
    if !matches!(values, Json::Map(_)) {
        values = Json::Map(vec![("a".to_owned(), values)]);
    }
    let mut texts = [String::new(), String::new()];
    schema.write(&mut texts[0]);
    values.write(&mut texts[1]);
    let [schema, values] = texts;
    if leads_away(&schema) { case(random, seeds) } else { Case { schema, values } }
}

fn object(random: &mut Random, depth: usize) -> Json {
    Json::Map((0..random.below(5)).map(|_| (random.pick(NAMES).to_owned(), value(random, depth + 1))).collect())
}

/// A value to be validated, or to stand in a schema.
fn value(random: &mut Random, depth: usize) -> Json {
    match random.below(if depth > 3 { 8 } else { 12 }) {
        0 => Json::raw(random.pick(&["null", "true", "false"])),
        1..=3 => Json::raw(random.pick(NUMBERS)),
        4..=7 => Json::text(random.pick(TEXTS)),
        8 | 9 => object(random, depth),
        _ => {
            let long = random.one_in(12);
            let count = if long { 21 } else { random.below(4) };
            Json::List((0..count).map(|_| value(random, depth + 1)).collect())
        }
    }
}

fn schema(random: &mut Random, depth: usize) -> Json {
    if depth > 4 || depth > 0 && random.one_in(8) {
        return Json::raw(random.pick(&["true", "false", "{}"]));
    }
    let mut entries = Vec::new();
    if depth == 0 && random.one_in(2) {
        entries.push(keyword(random, "properties", depth));
    }
    if depth == 0 && random.one_in(3) {
        let name = random.pick(&["$defs", "definitions"]);
        entries.push(keyword(random, name, depth));
    }
    for _ in 0..1 + random.below(3) {
        let name = random.pick(KEYWORDS);
        entries.push(keyword(random, name, depth));
    }
    Json::Map(entries)
}

/// A keyword with what it wants, most of the time.
fn keyword(random: &mut Random, name: &str, depth: usize) -> (String, Json) {
    let below = depth + 1;
    let list = |random: &mut Random, make: &dyn Fn(&mut Random) -> Json| {
        Json::List((0..1 + random.below(3)).map(|_| make(random)).collect())
    };
    let table = |random: &mut Random, names: &[&str], make: &dyn Fn(&mut Random) -> Json| {
        Json::Map((0..1 + random.below(3)).map(|_| (random.pick(names).to_owned(), make(random))).collect())
    };
    let names = |random: &mut Random| list(random, &|random| Json::text(random.pick(NAMES)));
    let json = if random.one_in(25) {
        value(random, 2)
    } else {
        match name {
            "$ref" => Json::text(random.pick(REFS)),
            "$dynamicRef" => Json::text(random.pick(&["#x", "#y", "#", "#/$defs/a"])),
            "$recursiveRef" => Json::text("#"),
            "$recursiveAnchor" | "uniqueItems" => Json::raw(random.pick(&["true", "true", "false"])),
            "$anchor" | "$dynamicAnchor" => Json::text(random.pick(&["x", "y"])),
            "$id" | "id" => Json::text(random.pick(&["b.json", "#x", "urn:x:z", "b.json#y", "c/d.json", "%zz", ""])),
            "type" if random.one_in(3) => list(random, &|random| Json::text(random.pick(TYPES))),
            "type" => Json::text(random.pick(TYPES)),
            "enum" if random.one_in(10) => Json::List((0..22).map(|_| value(random, 3)).collect()),
            "enum" => list(random, &|random| value(random, 2)),
            "const" | "default" => value(random, 2),
            "multipleOf" | "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" => {
                Json::raw(random.pick(NUMBERS))
            }
            "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties" | "minContains"
            | "maxContains" => {
                let small = ["0", "1", "2", "3", "1.0", "2e0"];
                if random.one_in(4) { Json::raw(random.pick(NUMBERS)) } else { Json::raw(random.pick(&small)) }
            }
            "pattern" => Json::text(random.pick(PATTERNS)),
            "format" => Json::text(random.pick(FORMATS)),
            "required" => names(random),
            "title" => Json::text(random.pick(TEXTS)),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => list(random, &|random| schema(random, below)),
            "items" if random.one_in(3) => list(random, &|random| schema(random, below)),
            "properties" | "$defs" | "definitions" | "dependentSchemas" => {
                table(random, NAMES, &|random| schema(random, below))
            }
            "patternProperties" => table(random, PATTERNS, &|random| schema(random, below)),
            "dependentRequired" => table(random, NAMES, &|random| names(random)),
            "dependencies" => table(random, NAMES, &|random| {
                if random.one_in(2) { names(random) } else { schema(random, below) }
            }),
            _ => schema(random, below),
        }
    };
    (name.to_owned(), json)
}
