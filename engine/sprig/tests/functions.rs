//! What the functions answer, compared with Helm's answers in `cases/`, and
//! that none of them outruns its budget.

use std::any::Any;

use gotemplate::{FuncMap, Host, Limits, Machine, TemplateSet, parse};
use govalue::{Env, FuncError, Limit, Value};

/// A host with a budget.
struct Budget(u64);

impl Env for Budget {
    fn now(&mut self) -> (i64, u32) {
        (0, 0)
    }

    fn random(&mut self, buf: &mut [u8]) -> Result<(), FuncError> {
        buf.fill(0x5a);
        Ok(())
    }

    fn charge(&mut self, units: u64) -> Result<(), FuncError> {
        self.0 = self.0.checked_sub(units).ok_or_else(|| FuncError::limit(Limit::Steps, "out of budget"))?;
        Ok(())
    }
}

impl Host for Budget {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A template's output without what Helm takes out, or `error: ` and the message of the function that failed.
fn render(template: &str, budget: u64) -> String {
    let mut funcs = FuncMap::new();
    for group in sprig::FUNCTIONS {
        funcs.add(group);
    }
    let file = match parse("t", template, &funcs) {
        Ok(file) => file,
        Err(e) => return format!("error: {e}"),
    };
    let mut set = TemplateSet::new("root");
    set.add(&file);
    let mut host = Budget(budget);
    let mut machine = Machine::new(&mut host, &funcs, set).limits(Limits { output: 1 << 20, ..Limits::default() });
    match machine.execute(b"t", Value::Nil) {
        Ok(out) => String::from_utf8_lossy(&out).replace("<no value>", ""),
        Err(e) => {
            let text = e.to_string();
            let message = text.split_once("error calling ").and_then(|(_, rest)| rest.split_once(": "));
            format!("error: {}", message.map_or(&*text, |(_, message)| message))
        }
    }
}

/// Compares each line `template => answer`; `\n` and `\\` are escapes in answers.
fn compare(cases: &str) {
    let mut wrong = String::new();
    let mut count = 0;
    for case in cases.lines().filter(|line| line.starts_with("{{")) {
        let (template, answer) = case.split_once(" =>").expect("a line is `template => answer`");
        let want = answer.strip_prefix(' ').unwrap_or(answer);
        let got = render(template, 1 << 20).replace('\\', "\\\\").replace('\n', "\\n");
        count += 1;
        if got != want {
            wrong.push_str(&format!("{template}\n  Helm: {want}\n  here: {got}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(count > 10, "the file has its cases");
}

#[test]
fn strings() {
    compare(include_str!("cases/strings.txt"));
}

#[test]
fn lists() {
    compare(include_str!("cases/lists.txt"));
}

#[test]
fn dicts() {
    compare(include_str!("cases/dicts.txt"));
}

#[test]
fn numbers() {
    compare(include_str!("cases/numbers.txt"));
}

#[test]
fn codecs() {
    compare(include_str!("cases/codecs.txt"));
}

#[test]
fn types() {
    compare(include_str!("cases/types.txt"));
}

#[test]
fn paths_urls_and_patterns() {
    compare(include_str!("cases/text.txt"));
}

#[test]
fn every_function_has_one_name_of_its_own() {
    let mut names: Vec<&str> = sprig::FUNCTIONS.iter().flat_map(|group| group.iter()).map(|f| f.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn hostile_arguments_run_out_of_budget() {
    for template in [
        r#"{{ repeat 1000000000000 "a" }}"#,
        r#"{{ indent 1000000000000 "a" }}"#,
        r#"{{ nindent 1000000000 (repeat 1000 "\n") }}"#,
        "{{ until 1000000000000 }}",
        "{{ untilStep 0 9223372036854775807 4611686018427387904 | len }}{{ until 9223372036854775807 }}",
        "{{ seq 1000000000000 }}",
        "{{ seq -1000000000000 }}",
        r#"{{ replace "" (repeat 100000 "x") (repeat 1000 "y") }}"#,
        r#"{{ join (repeat 100000 "x") (until 1000) }}"#,
        r#"{{ $s := "x" }}{{ range until 64 }}{{ $s = cat $s $s }}{{ end }}"#,
        "{{ $l := list 1 }}{{ range until 64 }}{{ $l = concat $l $l }}{{ end }}",
        "{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ deepCopy $l }}",
        r#"{{ $a := dict }}{{ $_ := set $a "a" $a }}{{ deepCopy $a }}"#,
        r#"{{ $a := dict }}{{ $_ := set $a "a" $a }}{{ $b := dict }}{{ $_ := set $b "a" $b }}{{ merge $a $b }}"#,
        "{{ chunk 1 (until 1000000) | len }}{{ until 1000000 }}",
        r#"{{ wrapWith 1 (repeat 100000 "x") (repeat 1000 "y") }}"#,
    ] {
        let answer = render(template, 1 << 20);
        assert!(answer.contains("out of budget") || answer.contains("nested too deep"), "{template}: {answer:.200}");
    }
}
