//! `chartwright plugin`: calls and inspects plugins.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chartwright_host::plugin::PluginError;
use chartwright_host::{EngineError, PluginEngine};
use clap::{Args, Subcommand, ValueEnum};
use contract::DescribeOutput;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::engine::{Most, PluginArgs};

/// Flags and arguments.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Call a function of the plugin, from stdin to stdout
    #[command(after_help = "\
Examples:
  chartwright plugin run describe
  chartwright plugin run render < input.json
  chartwright plugin run post_render --plugin mirror.wasm < manifests.yaml")]
    Run(Run),
    /// Print the plugin's digest, sizes, functions, imports and limits
    Info(Info),
}

#[derive(Args, Debug)]
struct Run {
    /// Name of the function
    #[arg(value_name = "EXPORT")]
    export: String,
    #[command(flatten)]
    plugin: PluginArgs,
    /// Limit on time, such as 10s or 1m30s
    #[arg(long, value_name = "DURATION", value_parser = crate::clock::duration, default_value = "1m")]
    timeout: Duration,
    /// Limit on memory, in bytes
    #[arg(long, value_name = "BYTES")]
    max_memory: Option<usize>,
    /// Limit on output, in bytes
    #[arg(long, value_name = "BYTES")]
    max_output: Option<usize>,
}

#[derive(Args, Debug)]
struct Info {
    #[command(flatten)]
    plugin: PluginArgs,
    /// Format of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    output: Format,
}

/// Format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    let done = match &options.command {
        Command::Run(options) => call(options),
        Command::Info(options) => info(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say!("error[{}]: {error}", error.kind());
            ExitCode::FAILURE
        }
    }
}

fn call(options: &Run) -> Result<(), EngineError> {
    let most = Most { time: Some(options.timeout), memory: options.max_memory, output: options.max_output };
    let host = options.plugin.open(most.limits())?;
    let mut input = Vec::new();
    let mut stdin = std::io::stdin().lock();
    if !stdin.is_terminal() {
        stdin.read_to_end(&mut input).map_err(|e| PluginError::Load(format!("stdin: {e}")))?;
    }
    print(&host.call(&options.export, &input)?)
}

/// What is known about a plugin.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct About {
    file: String,
    digest: String,
    bytes: usize,
    gzip_bytes: usize,
    exports: Vec<String>,
    imports: Vec<String>,
    /// The engine's own description; other plugins have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<DescribeOutput>,
}

fn info(options: &Info) -> Result<(), EngineError> {
    let (path, _) = options.plugin.find()?;
    let plugin = PluginEngine::new(options.plugin.open(Most::default().limits())?);
    let about = about(&path, &plugin)?;
    let text = match options.output {
        Format::Text => text(&about),
        Format::Json => serde_json::to_string_pretty(&about).map_err(|e| EngineError::Json(e.to_string()))? + "\n",
    };
    print(text.as_bytes())
}

fn about(path: &Path, plugin: &PluginEngine) -> Result<About, EngineError> {
    let engine = match plugin.describe() {
        Ok(engine) => Some(engine),
        Err(EngineError::Plugin(PluginError::MissingExport(_))) => None,
        Err(error) => return Err(error),
    };
    let host = plugin.host();
    Ok(About {
        file: path.display().to_string(),
        digest: host.digest().to_owned(),
        bytes: host.size(),
        gzip_bytes: gzip(path).map_err(|e| PluginError::Load(e.to_string()))?,
        exports: host.exports(),
        imports: host.imports(),
        engine,
    })
}

fn gzip(path: &Path) -> std::io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&std::fs::read(path)?)?;
    Ok(encoder.finish()?.len())
}

fn text(about: &About) -> String {
    let mut lines = vec![
        ("file", about.file.clone()),
        ("digest", about.digest.clone()),
        ("size", format!("{} bytes, {} as gzip -9", about.bytes, about.gzip_bytes)),
    ];
    let mut exports: Vec<String> = about.exports.clone();
    if let Some(engine) = &about.engine {
        lines.push(("engine", format!("{}, as Helm {}", engine.version, engine.helm)));
        lines.push(("contract", contract::API_VERSION.to_owned()));
        let limits = &engine.limits;
        let number = |n: Option<u64>| n.map_or("none".to_owned(), |n| n.to_string());
        let size = |n: Option<usize>| number(n.and_then(|n| u64::try_from(n).ok()));
        lines.push((
            "limits",
            format!(
                "{} steps, {} nested templates, {} bytes of output, {} bytes of memory",
                number(limits.steps),
                size(limits.depth),
                size(limits.output),
                size(limits.memory)
            ),
        ));
        for export in &mut exports {
            if let Some(known) = engine.exports.iter().find(|known| known.name.as_str() == export.as_str()) {
                *export = format!("{export:<10} {}", known.about);
            }
        }
    }
    let mut text: String = lines.iter().map(|(name, value)| format!("{name:<9} {value}\n")).collect();
    for (title, names) in [("exports", &exports), ("imports", &about.imports)] {
        text.push_str(title);
        text.push('\n');
        text.extend(names.iter().map(|name| format!("  {name}\n")));
    }
    text
}

fn print(bytes: &[u8]) -> Result<(), EngineError> {
    crate::stdout::put(bytes).map_err(|error| PluginError::Load(format!("stdout: {error}")).into())
}
