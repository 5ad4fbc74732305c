//! The hosts: programs that answer a call a line.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::packages::extism_sdk;
use crate::{paths, run, wasm};

/// A kind of host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// This machine.
    Native,
    /// A plain Wasm module in JavaScript, as in a browser.
    Node,
    /// An Extism plugin, run by Extism's SDK for JavaScript.
    Extism,
}

/// A host that runs.
pub(super) struct Host {
    /// Its name.
    pub(super) name: &'static str,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Host {
    /// Builds and starts a host; `None`, said loudly, where what it needs is missing.
    pub(super) fn start(kind: Kind) -> anyhow::Result<Option<Host>> {
        let scripts = paths::root().join("tests/parity");
        let (name, mut command) = match kind {
            Kind::Native => {
                let package = ["build", "--release", "--quiet", "--package", "chartwright-parity", "--bins"];
                run::check(run::cargo().args(package))?;
                ("native", Command::new(paths::target().join("release/chartwright-parity-native")))
            }
            Kind::Node => {
                if !has_node() {
                    return Ok(skipped("node", "there is no Node.js"));
                }
                let module = module("chartwright-parity", "chartwright_parity.wasm")?;
                let mut node = Command::new("node");
                node.arg(scripts.join("module.mjs")).arg(module);
                ("node", node)
            }
            Kind::Extism => {
                let Some(packages) = extism_sdk()? else { return Ok(None) };
                let plugin = module("chartwright-plugin", "chartwright_plugin.wasm")?;
                let mut node = Command::new("node");
                node.arg(scripts.join("extism.mjs")).arg(plugin).arg(packages);
                ("extism", node)
            }
        };
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().context("a pipe was asked for")?);
        Ok(Some(Host { name, child, stdin, stdout: BufReader::new(stdout) }))
    }

    /// Sends a call. The host reads all of it before it answers.
    pub(super) fn send(&mut self, call: &str, json: &str) -> anyhow::Result<()> {
        let stdin = self.stdin.as_mut().context("the host was told to end")?;
        let sent = writeln!(stdin, "{call} {json}").and_then(|()| stdin.flush());
        sent.with_context(|| format!("{} takes no more calls", self.name))
    }

    /// The answer to the call that was sent.
    pub(super) fn receive(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut answer = Vec::new();
        self.stdout.read_until(b'\n', &mut answer)?;
        if answer.pop() != Some(b'\n') {
            bail!("{} ended in a call", self.name);
        }
        Ok(answer)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Without input it ends.
        self.stdin = None;
        let _ = self.child.wait();
    }
}

fn skipped(host: &str, why: &str) -> Option<Host> {
    println!("SKIPPED: the host {host}: {why}");
    None
}

/// Whether there is Node.js.
pub(super) fn has_node() -> bool {
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    node.is_ok_and(|status| status.success())
}

/// Builds a Wasm module without any system and says where it is.
fn module(package: &str, file: &str) -> anyhow::Result<PathBuf> {
    let module = paths::target().join("parity").join(file);
    std::fs::create_dir_all(paths::target().join("parity"))?;
    std::fs::write(&module, wasm::built(package, "wasm32-unknown-unknown", file)?)?;
    Ok(module)
}
