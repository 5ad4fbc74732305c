//! What the API server asks of a HelmRelease: the schema of its CRD, and the
//! rules between fields that accompany it.

use std::sync::OnceLock;

use contract::{Hint, nearest};
use goregex::Regex;
use govalue::{Map, Value};

use crate::fields::{FieldProblem, Severity, kind};

/// Written by `tables/helm_release.go`.
const TABLE: &str = include_str!("helm_release.txt");

/// A field and what may be in it.
#[derive(Debug, Default)]
struct Field {
    name: &'static str,
    required: bool,
    /// Whether the API server fills it in, also where it is null.
    has_default: bool,
    /// `string`, `boolean`, `integer`, `array`, `object`, or `any`.
    kind: &'static str,
    /// The words that it may be, with commas between them.
    one_of: Option<&'static str>,
    min: usize,
    max: Option<usize>,
    like: Option<&'static str>,
    /// The fields of an object; `[]` the items of a list; `{}` the values of a map.
    below: Vec<Field>,
}

/// Checks the `spec` of a HelmRelease, and notes what is wrong where nothing is
/// noted yet. Unknown fields, which the API server drops, are warnings.
pub(crate) fn check(spec: &Value, problems: &mut Vec<FieldProblem>) {
    static SPEC: OnceLock<Field> = OnceLock::new();
    let mut check = Check { problems };
    check.value(spec, SPEC.get_or_init(table), "spec");
    if let Value::Map(spec) = spec {
        check.rules(spec);
    }
}

/// The table as a tree.
fn table() -> Field {
    let mut lines = TABLE.lines().peekable();
    let first = lines.next().expect("the table has a first line");
    field(first, 0, &mut lines)
}

fn field(line: &'static str, depth: usize, lines: &mut std::iter::Peekable<std::str::Lines<'static>>) -> Field {
    let mut words = line.trim_start().split(' ');
    let mut word = || words.next().expect("a line of the table has a name and a type");
    let (name, kind) = (word(), word());
    let bare = name.trim_end_matches(['!', '=']);
    let marks = &name[bare.len()..];
    let mut found =
        Field { name: bare, required: marks.contains('!'), has_default: marks.contains('='), kind, ..Field::default() };
    for word in words {
        let number = |text: &str| text.parse().expect("lengths in the table are numbers");
        match word.split_once('=').expect("what follows the type is key=value") {
            ("in", words) => found.one_of = Some(words),
            ("min", text) => found.min = number(text),
            ("max", text) => found.max = Some(number(text)),
            ("like", pattern) => found.like = Some(pattern),
            (other, _) => unreachable!("{other} is not a key of the table"),
        }
    }
    while let Some(line) = lines.next_if(|line| line.len() - line.trim_start().len() == depth + 1) {
        found.below.push(field(line, depth + 1, lines));
    }
    found
}

struct Check<'p> {
    problems: &'p mut Vec<FieldProblem>,
}

impl Check<'_> {
    fn error(&mut self, path: &str, message: impl Into<String>, hint: Option<Hint>) {
        self.note(Severity::Error, path, message.into(), hint);
    }

    /// Notes a problem, unless there is one at this field or around it.
    fn note(&mut self, severity: Severity, path: &str, message: String, hint: Option<Hint>) {
        let known = |p: &FieldProblem| {
            let around = path.strip_prefix(p.path.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']));
            p.path == path || (around && p.path != "spec" && p.severity == Severity::Error)
        };
        if !self.problems.iter().any(known) {
            self.problems.push(FieldProblem { severity, path: path.to_owned(), message, hint });
        }
    }

    fn value(&mut self, value: &Value, field: &Field, path: &str) {
        match (field.kind, value) {
            ("any", _) => {}
            (_, Value::Nil) if field.has_default => {}
            ("string", Value::Str(text)) => self.text(&text.to_str_lossy(), field, path),
            ("boolean", Value::Bool(_)) | ("integer", Value::Int(_)) => {}
            ("integer", Value::Float(number)) if number.fract() == 0.0 => {}
            ("array", Value::List(items)) => {
                let item = field.below.first().expect("a list of the table has items");
                for (i, value) in items.iter().enumerate() {
                    self.value(value, item, &format!("{path}[{i}]"));
                }
            }
            ("object", Value::Map(map)) => self.object(map, field, path),
            (wanted, found) => {
                let wanted = match wanted {
                    "string" => "a string",
                    "boolean" => "true or false",
                    "integer" => "an integer",
                    "array" => "a list",
                    _ => "a map",
                };
                self.error(path, format!("expected {wanted}, found {}", kind(found)), None);
            }
        }
    }

    fn object(&mut self, map: &Map, field: &Field, path: &str) {
        if let [values] = field.below.as_slice()
            && values.name == "{}"
        {
            for (key, value) in map.entries() {
                self.value(&value, values, &format!("{path}.{key}"));
            }
            return;
        }
        for below in &field.below {
            let path = format!("{path}.{}", below.name);
            match map.get(below.name) {
                Some(value) => self.value(&value, below, &path),
                None if below.required && !below.has_default => self.error(&path, "is missing", None),
                None => {}
            }
        }
        for key in map.keys() {
            let key = key.to_str_lossy();
            if field.below.iter().all(|below| below.name != key) {
                let near =
                    nearest(&key, field.below.iter().map(|f| &f.name)).map(|n| Hint::DidYouMean((*n).to_owned()));
                self.note(Severity::Warning, &format!("{path}.{key}"), "unknown field".into(), near);
            }
        }
    }

    fn text(&mut self, text: &str, field: &Field, path: &str) {
        let length = text.chars().count();
        if let Some(words) = field.one_of
            && !words.split(',').any(|word| word == text)
        {
            let hint = Hint::Text(format!("one of {}", words.replace(',', ", ")));
            self.error(path, format!("unknown value {text:?}"), Some(hint));
        }
        if length < field.min {
            self.error(path, "is empty", None);
        }
        if let Some(max) = field.max
            && length > max
        {
            self.error(path, format!("has {length} characters, which are more than {max}"), None);
        }
        if let Some(pattern) = field.like {
            let regex = Regex::cached(pattern.as_bytes()).expect("patterns of the table are Go's");
            if !regex.is_match(text.as_bytes()) {
                let hint = pattern.contains("ms|s|m|h").then(|| Hint::text("a duration such as 10m"));
                self.error(path, format!("{text:?} does not match {pattern}"), hint);
            }
        }
    }

    /// The rules between fields (`x-kubernetes-validations`) that are not about the chart.
    fn rules(&mut self, spec: &Map) {
        let at = |map: &Map, key: &str| match map.get(key) {
            Some(Value::Map(map)) => Some(map),
            _ => None,
        };
        for (action, only) in [("install", "RetryOnFailure"), ("upgrade", "RetryOnFailure")] {
            if let Some(strategy) = at(spec, action).and_then(|action| at(&action, "strategy"))
                && strategy.contains_key("retryInterval")
                && !matches!(strategy.get("name"), Some(Value::Str(name)) if name == only)
            {
                let message = format!("is only valid with the strategy {only}");
                self.error(&format!("spec.{action}.strategy.retryInterval"), message, None);
            }
        }
        if let Some(config) = at(spec, "kubeConfig")
            && config.contains_key("configMapRef") == config.contains_key("secretRef")
        {
            self.error("spec.kubeConfig", "exactly one of configMapRef and secretRef must be set", None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(spec: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let spec = goyaml::yaml::from_yaml(spec.as_bytes()).unwrap();
        check(&spec, &mut problems);
        problems.iter().map(|p| format!("{:?} {p}", p.severity)).collect()
    }

    #[test]
    fn the_table_has_the_whole_crd() {
        let spec = table();
        assert_eq!((spec.name, spec.kind, spec.below.len()), ("spec", "object", 26));
        fn count(field: &Field) -> usize {
            1 + field.below.iter().map(count).sum::<usize>()
        }
        assert_eq!(count(&spec), TABLE.lines().count());
    }

    #[test]
    fn what_the_schema_refuses_is_named() {
        let long = "x".repeat(54);
        for (spec, want) in [
            ("{interval: 5m}", ""),
            (
                "{interval: '5'}",
                r#"Error spec.interval: "5" does not match ^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$ (a duration such as 10m)"#,
            ),
            ("{}", "Error spec.interval: is missing"),
            ("{interval: 1h30m, releaseName: ''}", "Error spec.releaseName: is empty"),
            (
                &format!("{{interval: 1s, releaseName: {long}}}"),
                "Error spec.releaseName: has 54 characters, which are more than 53",
            ),
            ("{interval: 1s, suspend: null}", "Error spec.suspend: expected true or false, found null"),
            ("{interval: 1s, chart: {spec: {chart: c, version: null, sourceRef: {kind: Bucket, name: b}}}}", ""),
            ("{interval: 1s, maxHistory: 1.5}", "Error spec.maxHistory: expected an integer, found a number"),
            (
                "{interval: 1s, driftDetection: {mode: on}}",
                "Error spec.driftDetection.mode: expected a string, found a boolean",
            ),
            (
                "{interval: 1s, test: {filters: [{name: a, exlude: true}]}}",
                "Warning spec.test.filters[0].exlude: unknown field (did you mean exclude?)",
            ),
            (
                "{interval: 1s, valuesFrom: [{kind: Secret, name: s, targetPath: 'a b'}]}",
                r#"Error spec.valuesFrom[0].targetPath: "a b" does not match ^([a-zA-Z0-9_\-.\\\/]|\[[0-9]{1,5}\])+$"#,
            ),
            (
                "{interval: 1s, commonMetadata: {labels: {a: 1}}}",
                "Error spec.commonMetadata.labels.a: expected a string, found a number",
            ),
            (
                "{interval: 1s, install: {strategy: {name: RemediateOnFailure, retryInterval: 1m}}}",
                "Error spec.install.strategy.retryInterval: is only valid with the strategy RetryOnFailure",
            ),
            (
                "{interval: 1s, kubeConfig: {}}",
                "Error spec.kubeConfig: exactly one of configMapRef and secretRef must be set",
            ),
        ] {
            assert_eq!(problems(spec).join("\n"), want, "{spec}");
        }
    }
}
