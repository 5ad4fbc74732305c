//! Questions about the example descriptors: every call on every one of them.

use std::fs;
use std::path::Path;

use anyhow::bail;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::What;
use super::hosts::Host;
use super::kit::{API_VERSION, NOW};
use crate::examples::Example;
use crate::examples::{platform, sources};
use crate::package::{Entry, tgz};
use crate::{paths, yaml};

/// How often a render may ask for more charts.
const ROUNDS: usize = 8;

/// The questions. A host is asked which charts the renders want.
pub(super) fn questions(host: &mut Host) -> anyhow::Result<Vec<(String, What)>> {
    let sources = sources::prepare(&paths::target().join("parity"))?;
    let platform = yaml::read(&fs::read(platform::file())?)?;
    let mut questions = vec![("engine".to_owned(), What::Input { call: "describe", input: "null".to_owned() })];
    for example in Example::all()? {
        if let Some(missing) = example.sources().into_iter().find(|s| !sources.has(s)) {
            println!("SKIPPED: {}: there is no {missing}", example.name);
            continue;
        }
        let file = json!({"name": "descriptor.yaml", "text": fs::read_to_string(&example.file)?});
        let mut render = json!({
            "apiVersion": API_VERSION,
            "subject": {"descriptor": file},
            "charts": [],
            "world": {"platform": platform, "now": NOW, "seed": 1},
        });
        let charts = charts(host, &sources, &mut render)?;
        let plan = json!({"apiVersion": API_VERSION, "subject": {"descriptor": file}});
        let expand = json!({"apiVersion": API_VERSION, "descriptor": file, "charts": charts});
        let check = json!({"apiVersion": API_VERSION, "descriptors": [file], "charts": charts});
        let mut as_helm = render.clone();
        as_helm["mode"] = "helm".into();
        as_helm["showSecrets"] = true.into();
        let calls = [("render", render), ("render", as_helm), ("plan", plan), ("expand", expand), ("check", check)];
        questions
            .extend(calls.map(|(call, input)| (example.name.clone(), What::Input { call, input: input.to_string() })));
    }
    Ok(questions)
}

/// Adds the charts that a render wants to its input, and returns them.
fn charts(host: &mut Host, sources: &sources::Sources, render: &mut Value) -> anyhow::Result<Value> {
    for _ in 0..ROUNDS {
        host.send("render", &render.to_string())?;
        let answer: Value = serde_json::from_slice(&host.receive()?)?;
        let wanted = answer.pointer("/result/wanted").and_then(Value::as_array).cloned().unwrap_or_default();
        if wanted.is_empty() {
            return Ok(render["charts"].clone());
        }
        let Some(charts) = render["charts"].as_array_mut() else { break };
        for wanted in wanted {
            let text = |pointer: &str| wanted.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let Some(folder) = sources.chart(text("/source/name"), text("/chart")) else {
                bail!("there is no chart for {wanted}");
            };
            charts.push(json!({"wanted": wanted, "archive": {"data": STANDARD.encode(archive(&folder)?)}}));
        }
    }
    bail!("a render wants ever more charts")
}

/// A chart's folder as an archive.
fn archive(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut entries = Vec::new();
    collect(folder, &folder.file_name().unwrap_or_default().to_string_lossy(), &mut entries)?;
    tgz(&entries)
}

fn collect(folder: &Path, name: &str, entries: &mut Vec<Entry>) -> anyhow::Result<()> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let name = format!("{name}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &name, entries)?;
        } else {
            entries.push(Entry { name, data: fs::read(path)?, executable: false });
        }
    }
    Ok(())
}
