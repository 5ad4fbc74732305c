//! Snippets through `chartwright eval`.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;
use serde_json::value::RawValue;

use super::report::{Difference, Report};
use super::{Options, mask, report};
use crate::reference;

/// Compares the snippets of a file with what we answer.
pub(super) fn compare(part: &'static str, file: &Path, bin: &Path, options: &Options) -> anyhow::Result<Report> {
    compare_text(part, &fs::read_to_string(file)?, bin, options)
}

/// Compares with fresh snippets of the reference program.
pub(super) fn fresh(bin: &Path, seed: i64, options: &Options) -> anyhow::Result<Option<Report>> {
    let Some(oracle) = reference::oracle()? else { return Ok(None) };
    let out = Command::new(oracle).args(["vectors", "-seed", &seed.to_string()]).output()?;
    let text = String::from_utf8(out.stdout)?;
    // Some of what chance brings recurses until Go itself gives up: what was answered until then counts.
    let answered = text.rfind('\n').map_or("", |end| &text[..end]);
    if !out.status.success() {
        let errors = String::from_utf8_lossy(&out.stderr);
        let why = errors.lines().find(|line| line.starts_with("fatal error")).or(errors.lines().next());
        let why = why.unwrap_or("it says nothing").to_owned();
        if answered.is_empty() {
            bail!("the reference program failed: {why}");
        }
        eprintln!(
            "the reference program ended early ({why}): compared are its first {} answers",
            answered.lines().count()
        );
    }
    compare_text("fresh", answered, bin, options).map(Some)
}

fn compare_text(part: &'static str, text: &str, bin: &Path, options: &Options) -> anyhow::Result<Report> {
    // values go through as they are written: their escapes are part of the question
    let mut values = None;
    let mut asked = Vec::new();
    let mut input = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line)?;
        let mut question: BTreeMap<String, Box<RawValue>> = serde_json::from_str(line)?;
        if case["id"] == "values" {
            values = question.remove("values");
            continue;
        }
        if !options.selects(case["id"].as_str().unwrap_or_default()) {
            continue;
        }
        question.remove("output");
        question.remove("error");
        if let (false, Some(values)) = (question.contains_key("values"), &values) {
            question.insert("values".into(), values.clone());
        }
        serde_json::to_writer(&mut input, &question)?;
        input.push(b'\n');
        asked.push(case);
    }
    let answers = answers(bin, input)?;
    let mut report = report(part);
    for case in asked {
        let id = case["id"].as_str().unwrap_or_default().to_owned();
        let wanted = answer(&case);
        let got = answers.get(&id).map_or_else(|| b"(no answer)".to_vec(), answer);
        if mask::matches(&wanted, &got) {
            report.equal += 1;
        } else {
            let input = case["template"].as_str().unwrap_or_default().to_owned();
            report.differences.push(Difference { id, input, wanted, got });
        }
    }
    Ok(report)
}

fn answers(bin: &Path, input: Vec<u8>) -> anyhow::Result<HashMap<String, Value>> {
    let mut child = Command::new(bin).arg("eval").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("a pipe")?;
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let out = child.wait_with_output()?;
    // a child that died says more than the pipe that broke
    let written = writer.join();
    if !out.status.success() {
        eprintln!("chartwright eval ended early: {}", out.status);
    } else if let Ok(written) = written {
        written?;
    }
    let mut answers = HashMap::new();
    for line in String::from_utf8_lossy(&out.stdout).lines() {
        let Ok(answer) = serde_json::from_str::<Value>(line) else { continue };
        answers.insert(answer["id"].as_str().unwrap_or_default().to_owned(), answer);
    }
    Ok(answers)
}

fn answer(case: &Value) -> Vec<u8> {
    match (case["error"].as_str(), case["output"].as_str()) {
        (Some(error), _) if !error.is_empty() => format!("error: {error}").into_bytes(),
        (_, Some(output)) => format!("output: {output}").into_bytes(),
        _ => b"(nothing)".to_vec(),
    }
}
