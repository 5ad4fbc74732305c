//! `chartwright eval`: renders template snippets, as JSON lines.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufWriter, Write};
use std::process::ExitCode;
use std::rc::Rc;

use chartwright::{Objects, Snippet};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use chartwright_host::MachineWorld;

/// Renders template snippets, each a JSON object on a line of stdin, as templates of a chart `demo`.
///
/// Fields: `id`, `template` or `templates` (by name), `files`, `values` or `valuesYaml`, `objects` (what `lookup`
/// finds), `strict`. The same object comes back with `output`, `outputs` or `error`.
#[derive(Args)]
pub(crate) struct Options {
    /// Seed for random functions: the same seed gives the same bytes
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Time that templates see, in RFC 3339
    #[arg(long, value_name = "TIME", value_parser = crate::clock::parse)]
    now: Option<(i64, u32)>,
}

/// One line.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Case<'a> {
    #[serde(default)]
    id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    template: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    templates: Option<BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, String>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    values: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    values_yaml: String,
    #[serde(default, borrow, skip_serializing_if = "Vec::is_empty")]
    objects: Vec<&'a RawValue>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    strict: bool,
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    outputs: Option<BTreeMap<String, String>>,
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    match eval(options, io::stdin().lock(), BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn eval(options: &Options, input: impl BufRead, mut output: impl Write) -> anyhow::Result<()> {
    for line in input.split(b'\n') {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let mut case: Case<'_> = serde_json::from_slice(&line)?;
        match render(options, &case) {
            Ok(outputs) if case.templates.is_some() => case.outputs = Some(outputs),
            Ok(mut outputs) => case.output = Some(outputs.remove("demo/templates/t.yaml").unwrap_or_default()),
            Err(error) => case.error = Some(error),
        }
        serde_json::to_writer(&mut output, &case)?;
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}

fn render(options: &Options, case: &Case<'_>) -> Result<BTreeMap<String, String>, String> {
    let mut objects = Objects::default();
    for object in &case.objects {
        objects.add_yaml(object.get().as_bytes()).map_err(|e| e.to_string())?;
    }
    let world = MachineWorld::new(objects, options.now, options.seed);
    let snippet = match &case.templates {
        Some(templates) => Snippet::new(pairs(templates)),
        None => Snippet::new([("t.yaml", case.template.as_str())]),
    };
    let values = match (case.values_yaml.as_str(), case.values) {
        ("", Some(values)) => values.get(),
        (yaml, _) => yaml,
    };
    let rendered = snippet.files(pairs(&case.files)).strict(case.strict).render(values.as_bytes(), Rc::new(world))?;
    // As JSON of Go has them: one U+FFFD for each byte that is not UTF-8.
    let text = |bytes: &[u8]| govalue::utf8::lossy(bytes).into_owned();
    Ok(rendered.files.iter().map(|(name, content)| (text(name), text(content))).collect())
}

fn pairs(map: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    map.iter().map(|(k, v)| (k.as_str(), v.as_str()))
}
