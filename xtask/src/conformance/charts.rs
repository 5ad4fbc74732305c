//! Whole charts and command lines through `chartwright template`.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use serde::Deserialize;

use super::report::{Difference, Report};
use super::{Engine, Options, mask, report};
use crate::kit::Case;
use crate::paths;

/// A command line with Helm's answer.
#[derive(Deserialize)]
struct CommandLine {
    id: String,
    args: Vec<String>,
    golden: Option<String>,
    error: Option<String>,
}

/// Compares the public charts.
pub(super) fn cases(kit: &Path, bin: &Path, options: &Options) -> anyhow::Result<Report> {
    let lines = Case::all(kit)?
        .into_iter()
        .map(|c| CommandLine { args: c.args(), id: c.id, golden: c.golden, error: c.error })
        .collect();
    compare("cases", kit, lines, bin, options)
}

/// Compares the command lines.
pub(super) fn command_lines(kit: &Path, bin: &Path, options: &Options) -> anyhow::Result<Report> {
    let kit = kit.join("cli");
    let lines = serde_json::from_slice(&fs::read(kit.join("cases.json"))?)?;
    compare("cli", &kit, lines, bin, options)
}

fn compare(
    part: &'static str,
    folder: &Path,
    mut lines: Vec<CommandLine>,
    bin: &Path,
    options: &Options,
) -> anyhow::Result<Report> {
    lines.retain(|l| options.selects(&l.id));
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Option<Difference>)>> = Mutex::new(Vec::new());
    let progress = std::io::stderr().is_terminal();
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let workers: Vec<_> = (0..std::thread::available_parallelism().map_or(1, Into::into))
            .map(|_| {
                scope.spawn(|| -> anyhow::Result<()> {
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        let Some(line) = lines.get(i) else { return Ok(()) };
                        let difference = one(folder, line, bin, options.engine).with_context(|| line.id.clone())?;
                        if progress && i.is_multiple_of(20) {
                            eprint!("\r{part}: {i} of {} ", lines.len());
                        }
                        if let Ok(mut found) = found.lock() {
                            found.push((i, difference));
                        }
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??;
        }
        Ok(())
    })?;
    if progress {
        eprint!("\r{:40}\r", "");
    }
    let mut found = found.into_inner().unwrap_or_default();
    found.sort_by_key(|(i, _)| *i);
    let mut report = report(part);
    for (_, difference) in found {
        match difference {
            None => report.equal += 1,
            Some(d) => report.differences.push(d),
        }
    }
    Ok(report)
}

fn one(folder: &Path, line: &CommandLine, bin: &Path, engine: Engine) -> anyhow::Result<Option<Difference>> {
    let mut command = Command::new(bin);
    command.arg("template").current_dir(folder).stdin(Stdio::null());
    if engine == Engine::Wasm {
        let plugin = paths::target().join("package").join("chartwright.wasm");
        command.args(["--engine", "wasm", "--plugin"]).arg(plugin);
    }
    let out = command.args(&line.args).output()?;
    let (wanted, got) = match (&line.golden, &line.error) {
        (Some(golden), _) if out.status.success() => (fs::read(folder.join(golden))?, out.stdout),
        (Some(_), _) => (b"(success)".to_vec(), out.stderr),
        (None, Some(error)) => (trimmed(error.as_bytes()), failure(out.status.code(), &out.stderr)),
        (None, None) => anyhow::bail!("the case has neither golden nor error"),
    };
    if mask::matches(&wanted, &got) {
        return Ok(None);
    }
    Ok(Some(Difference { id: line.id.clone(), input: line.args.join(" "), wanted, got }))
}

/// What stands after `Error: ` on stderr; log lines before it are no part of it.
fn failure(code: Option<i32>, stderr: &[u8]) -> Vec<u8> {
    if code != Some(1) {
        return format!("(exit code {code:?}) {}", String::from_utf8_lossy(stderr)).into_bytes();
    }
    let start = (0..stderr.len())
        .find(|i| stderr[*i..].starts_with(b"Error: ") && (*i == 0 || stderr[*i - 1] == b'\n'))
        .unwrap_or(0);
    trimmed(&stderr[start..])
}

fn trimmed(error: &[u8]) -> Vec<u8> {
    let error = error.trim_ascii_end();
    error.strip_prefix(b"Error: ").unwrap_or(error).to_vec()
}
