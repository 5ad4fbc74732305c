//! The controller as a process.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::Context;

/// The program, with what it needs. The process ends when this value is dropped.
pub(super) struct Controller {
    program: PathBuf,
    plugin: PathBuf,
    work: PathBuf,
    kubeconfig: PathBuf,
    process: Option<Child>,
    /// The port of archives: after a restart it is the same.
    archives: u16,
    pub(super) metrics: u16,
}

impl Controller {
    pub(super) fn new(
        program: PathBuf,
        plugin: PathBuf,
        work: PathBuf,
        kubeconfig: PathBuf,
    ) -> anyhow::Result<Controller> {
        let (archives, metrics) = (free_port()?, free_port()?);
        Ok(Controller { program, plugin, work, kubeconfig, process: None, archives, metrics })
    }

    /// Starts it.
    pub(super) fn start(&mut self, flags: &[&str]) -> anyhow::Result<()> {
        self.kill()?;
        let log = File::options().create(true).append(true).open(self.log())?;
        let (archives, health) = (self.archives, free_port()?);
        let mut command = Command::new(&self.program);
        command
            .env("KUBECONFIG", &self.kubeconfig)
            .arg("--storage-path")
            .arg(self.work.join("storage"))
            .arg(format!("--storage-addr=127.0.0.1:{archives}"))
            .arg(format!("--storage-adv-addr=127.0.0.1:{archives}"))
            .arg(format!("--health-addr=127.0.0.1:{health}"))
            .arg(format!("--metrics-addr=127.0.0.1:{}", self.metrics))
            .arg("--plugin")
            .arg(&self.plugin)
            .arg("--plugin-cache")
            .arg(self.work.parent().unwrap_or(&self.work).join("cluster-modules"))
            .args(["--requeue-dependency=1s", "--log-encoding=console", "--log-level=info"])
            .args(flags)
            .stdout(log.try_clone()?)
            .stderr(log);
        self.process = Some(command.spawn().with_context(|| self.program.display().to_string())?);
        Ok(())
    }

    /// Ends it at once, in the middle of whatever it does.
    pub(super) fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Another instance, with a folder of its own.
    pub(super) fn second(&self) -> anyhow::Result<Controller> {
        let work = self.work.with_file_name("cluster-controller-2");
        fs::create_dir_all(&work)?;
        Controller::new(self.program.clone(), self.plugin.clone(), work, self.kubeconfig.clone())
    }

    /// A file for the controller to read.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.work.join(name)
    }

    /// The folder of published archives.
    pub(super) fn storage(&self) -> PathBuf {
        self.work.join("storage/externalartifact")
    }

    /// The end of its log.
    pub(super) fn last_words(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn log(&self) -> PathBuf {
        self.work.join("log")
    }
}

impl Drop for Controller {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("the controller did not end: {error:#}");
        }
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
