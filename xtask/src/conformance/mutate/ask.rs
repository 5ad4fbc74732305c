//! Snippets through `eval` of both programs.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;
use serde_json::{Value, json};

use super::{Run, chance};
use crate::conformance::report::{Difference, Report};

/// The most memory that a program may take, in kB: some of what chance makes never ends otherwise.
const MEMORY: u64 = 6_000_000;

/// How many snippets one process is asked.
const CHUNK: usize = 2000;

/// Compares what both programs make of templates over the same values.
pub(super) fn compare(
    part: &'static str,
    run: &Run<'_>,
    values: &Value,
    mut next: impl FnMut() -> String,
) -> anyhow::Result<Report> {
    let mut report = Report { part, equal: 0, differences: Vec::new() };
    let mut made = 0;
    let mut died = 0;
    while made < run.count {
        let chunk: Vec<(String, String)> =
            (made..run.count.min(made + CHUNK)).map(|i| (format!("{part}-{}-{i}", run.seed), next())).collect();
        made += chunk.len();
        let wanted = answers(run.oracle, &chunk, values)?;
        let got = answers(run.bin, &chunk, values)?;
        for (id, template) in chunk {
            let Some(want) = wanted.get(&id) else {
                died += 1;
                continue;
            };
            let mut got = got.get(&id).cloned().unwrap_or_else(|| "(no answer)".to_owned());
            if got != *want && asked_again(run, &id, &template, values)?.contains(&got) {
                got.clone_from(want);
            }
            if got == *want {
                report.equal += 1;
            } else {
                let difference =
                    Difference { id, input: template, wanted: want.clone().into_bytes(), got: got.into_bytes() };
                report.differences.push(difference);
            }
        }
    }
    if died > 0 {
        eprintln!("{part}: the reference program ended at {died} inputs, which are not counted");
    }
    Ok(report)
}

/// All that Helm says of a template when it is asked often.
fn asked_again(run: &Run<'_>, id: &str, template: &str, values: &Value) -> anyhow::Result<Vec<String>> {
    let chunk: Vec<(String, String)> = (0..chance::ASKED).map(|n| (format!("{id}/{n}"), template.to_owned())).collect();
    Ok(answers(run.oracle, &chunk, values)?.into_values().collect())
}

/// A program's answers by id. An input at which it died has none; it was asked the rest again.
fn answers(program: &Path, chunk: &[(String, String)], values: &Value) -> anyhow::Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    let mut rest = chunk;
    while !rest.is_empty() {
        let lines = eval(program, rest, values)?;
        // Answers come in the order of the questions: the one behind the last was the end of the process.
        rest = rest.get(lines.len() + 1..).unwrap_or_default();
        for (id, answer) in lines {
            found.insert(id, answer);
        }
    }
    Ok(found)
}

fn eval(program: &Path, chunk: &[(String, String)], values: &Value) -> anyhow::Result<Vec<(String, String)>> {
    let mut input = Vec::new();
    for (id, template) in chunk {
        serde_json::to_writer(&mut input, &json!({"id": id, "template": template, "values": values}))?;
        input.push(b'\n');
    }
    let mut child =
        limited(program).arg("eval").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut stdin = child.stdin.take().context("a pipe")?;
    // A program that dies breaks the pipe: its answers until then count.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let out = child.wait_with_output()?;
    drop(writer.join());
    let mut found = Vec::new();
    for line in String::from_utf8_lossy(&out.stdout).lines() {
        let Ok(answer) = serde_json::from_str::<Value>(line) else { continue };
        let id = answer["id"].as_str().unwrap_or_default().to_owned();
        found.push((id, text(&answer)));
    }
    Ok(found)
}

/// A program that may not take all memory there is.
pub(super) fn limited(program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")]).arg(program);
    command
}

fn text(answer: &Value) -> String {
    match (answer["error"].as_str(), answer["output"].as_str()) {
        (Some(error), _) if !error.is_empty() => format!("error: {}", chance::without_addresses(error)),
        (_, Some(output)) => format!("output: {}", chance::without_addresses(output)),
        _ => "(nothing)".to_owned(),
    }
}
