//! How two programs' answers compare, in a word and in an excerpt.

use std::process::Output;

/// `ok`, or `FAILED` with the end of its output among the problems.
pub(super) fn succeeded(what: &str, output: &Output, problems: &mut Vec<String>) -> &'static str {
    if output.status.success() {
        return "ok";
    }
    let said = [&output.stdout[..], &output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = said.lines().collect();
    let end = lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n    ");
    problems.push(format!("  {what} failed:\n    {end}"));
    "FAILED"
}

/// `equal` where both succeed with the same bytes.
pub(super) fn same(what: &str, wanted: &Output, got: &Output, problems: &mut Vec<String>) -> &'static str {
    let ok = succeeded(what, wanted, problems) == "ok" && succeeded("chartwright", got, problems) == "ok";
    match ok {
        true => equal(what, &wanted.stdout, &got.stdout, problems),
        false => "FAILED",
    }
}

/// `equal` where both are the same bytes, `DIFFERENT` with the first different line otherwise.
pub(super) fn equal(what: &str, wanted: &[u8], got: &[u8], problems: &mut Vec<String>) -> &'static str {
    if wanted == got {
        return "equal";
    }
    let lines = |bytes: &[u8]| -> Vec<String> {
        bytes.split(|b| *b == b'\n').map(|l| String::from_utf8_lossy(l).into_owned()).collect()
    };
    let (wanted, got) = (lines(wanted), lines(got));
    let first = wanted.iter().zip(&got).take_while(|(w, g)| w == g).count();
    let excerpt = |lines: &[String], sign: &str| -> String {
        lines.iter().skip(first).take(4).map(|l| format!("    {sign} {l}\n")).collect()
    };
    let before: String =
        wanted.get(first.saturating_sub(3)..first).unwrap_or_default().iter().map(|l| format!("      {l}\n")).collect();
    problems.push(format!(
        "  {what}: line {} of {} (ours: {}) is the first that differs\n{before}{}{}",
        first + 1,
        wanted.len(),
        got.len(),
        excerpt(&wanted, "-"),
        excerpt(&got, "+")
    ));
    "DIFFERENT"
}
