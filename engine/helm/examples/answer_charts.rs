//! Answers questions about charts on the disk, a JSON line each, as `helm template demo CHART --include-crds` does: for
//! comparisons with Helm's own code.
#![allow(clippy::disallowed_methods, reason = "a host reads files")]

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use govalue::Str;
use helm::Warnings;
use helm::chart::{Bytes, Chart, File, Limits, load_file, load_folder};
use helm::engine::World;
use helm::release::{Options, ReleaseOptions, check_installable, manifests_text, run};
use helm::values::ValueOptions;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Question {
    chart: PathBuf,
    #[serde(default)]
    set: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Default, Serialize)]
struct Answer {
    output: String,
    error: String,
}

struct Nowhere;

impl World for Nowhere {}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?).map_err(|e| e.to_string()).and_then(|q| answer(&q)) {
            Ok(output) => Answer { output, ..Answer::default() },
            Err(error) => Answer { error, ..Answer::default() },
        };
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn answer(question: &Question) -> Result<String, String> {
    let texts = |list: &[String]| list.iter().map(|text| Str::from(text.as_str())).collect();
    let options =
        ValueOptions { files: texts(&question.values), values: texts(&question.set), ..ValueOptions::default() };
    let mut read = |path: &[u8]| {
        let path = String::from_utf8_lossy(path).into_owned();
        std::fs::read(&path).map_err(|e| helm::values::ValuesError::new(e.to_string()))
    };
    let values = options.merge(&mut read).map_err(|e| e.to_string())?;
    let warnings = &mut Warnings::default();
    let chart = load(&question.chart, warnings)?;
    check_installable(&chart, warnings).map_err(|e| e.to_string())?;
    let options =
        Options { release: ReleaseOptions { name: "demo".into(), ..ReleaseOptions::default() }, ..Options::default() };
    let release =
        run(&chart, &values, &options, &Arc::default(), Rc::new(Nowhere), warnings).map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&manifests_text(&release, true, true, false)).into_owned())
}

fn load(path: &Path, warnings: &mut Warnings) -> Result<Arc<Chart>, String> {
    let shown = path.to_string_lossy();
    if path.is_dir() {
        let mut files = Vec::new();
        walk(path, "", &mut files).map_err(|e| e.to_string())?;
        load_folder(&shown, files, Limits::default(), warnings).map_err(|e| e.to_string())
    } else {
        let data = Bytes::from(std::fs::read(path).map_err(|e| e.to_string())?);
        load_file(&shown, &data, Limits::default(), warnings).map_err(|e| e.to_string())
    }
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(File { name: Str::from(name), data: Bytes::from(std::fs::read(entry.path())?) });
        }
    }
    Ok(())
}
