//! The hosts: programs that answer one call per line.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::Context;
use clap::ValueEnum;

use super::packages::extism_sdk;
use crate::{package, paths, run, wasm};

/// A kind of host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// This machine.
    Native,
    /// A plain Wasm module in JavaScript, as in a browser, under Node.js.
    Module,
    /// The Extism plugin, run by our host.
    Plugin,
    /// The Extism plugin, run by Extism's SDK for JavaScript.
    Extism,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Kind; 4] = [Kind::Native, Kind::Module, Kind::Plugin, Kind::Extism];

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Native => "native",
            Kind::Module => "module",
            Kind::Plugin => "plugin",
            Kind::Extism => "extism",
        }
    }
}

/// A host that is built and can be started.
pub(super) struct Program {
    kind: Kind,
    program: PathBuf,
    args: Vec<OsString>,
}

impl Program {
    /// Builds a host. If something that it needs is missing, prints that and returns `None`.
    pub(super) fn build(kind: Kind) -> anyhow::Result<Option<Program>> {
        let script = |name: &str| paths::root().join("xtask/parity").join(name).into_os_string();
        let (program, args) = match kind {
            Kind::Native => (ours()?, Vec::new()),
            Kind::Plugin => (ours()?, vec![package::plugin()?.file.clone().into_os_string()]),
            Kind::Module => {
                if !has_node() {
                    println!("SKIPPED: the host {}: there is no Node.js", kind.name());
                    return Ok(None);
                }
                ("node".into(), vec![script("module.mjs"), module()?.into_os_string()])
            }
            Kind::Extism => {
                let Some(packages) = extism_sdk()? else { return Ok(None) };
                let plugin = package::plugin()?.file.clone();
                ("node".into(), vec![script("extism.mjs"), plugin.into_os_string(), packages.into_os_string()])
            }
        };
        Ok(Some(Program { kind, program, args }))
    }
}

/// A host that runs.
pub(super) struct Host {
    pub(super) kind: Kind,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Host {
    /// Starts a host.
    pub(super) fn start(program: &Program) -> anyhow::Result<Host> {
        let mut command = Command::new(&program.program);
        command.args(&program.args).env("CHARTWRIGHT_CACHE", paths::target().join("parity/cache"));
        // Extism's SDK uses an experimental part of Node.js.
        command.env("NODE_NO_WARNINGS", "1");
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.with_context(|| run::line(&command))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().context("a pipe was asked for")?);
        Ok(Host { kind: program.kind, child, stdin, stdout: BufReader::new(stdout) })
    }

    /// Sends a call. The host reads all of it before it answers.
    pub(super) fn send(&mut self, call: &str, json: &str) -> anyhow::Result<()> {
        let stdin = self.stdin.as_mut().context("the host was told to end")?;
        let sent = writeln!(stdin, "{call} {json}").and_then(|()| stdin.flush());
        sent.with_context(|| format!("{} takes no more calls", self.kind.name()))
    }

    /// The answer to the call that was sent.
    pub(super) fn receive(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut answer = Vec::new();
        self.stdout.read_until(b'\n', &mut answer)?;
        if answer.pop() != Some(b'\n') {
            anyhow::bail!("{} ended in a call", self.kind.name());
        }
        Ok(answer)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // The host ends when its input ends.
        self.stdin = None;
        let _ = self.child.wait();
    }
}

/// Whether Node.js is installed.
pub(super) fn has_node() -> bool {
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    node.is_ok_and(|status| status.success())
}

/// Builds our own host, for the native engine and the plugin, in the profile of the tests, with which it shares most
/// crates.
fn ours() -> anyhow::Result<PathBuf> {
    run::of_tests(&["--bin", "chartwright-parity"])?;
    Ok(paths::target().join("debug/chartwright-parity"))
}

/// Builds the module for JavaScript.
fn module() -> anyhow::Result<PathBuf> {
    wasm::compiled("chartwright-parity", "wasm32-unknown-unknown", "chartwright_parity.wasm")
}
