//! A home of Helm, with plugins in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, bail};

use super::{Found, succeeded};
use crate::examples::Example;
use crate::examples::sources::Sources;
use crate::package::{HelmPlugin, VERSION};
use crate::paths;

/// Helm with a home of its own.
pub(super) struct Home {
    pub(super) helm: PathBuf,
    pub(super) chartwright: PathBuf,
    /// The home.
    pub(super) folder: PathBuf,
    /// Where checks write.
    pub(super) work: PathBuf,
}

impl Home {
    /// Helm in this home, at the root of the repository.
    pub(super) fn helm(&self) -> Command {
        self.helm_in(&self.folder)
    }

    fn helm_in(&self, home: &Path) -> Command {
        let mut helm = Command::new(&self.helm);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("HELM_") {
                helm.env_remove(name);
            }
        }
        for (name, folder) in [("HELM_CONFIG_HOME", "config"), ("HELM_DATA_HOME", "data"), ("HELM_CACHE_HOME", "cache")]
        {
            helm.env(name, home.join(folder));
        }
        helm.env("CHARTWRIGHT_BIN", &self.chartwright).current_dir(paths::root()).stdin(Stdio::null());
        helm
    }

    /// `chartwright`, at the root of the repository.
    pub(super) fn chartwright(&self) -> Command {
        let mut chartwright = Command::new(&self.chartwright);
        chartwright.current_dir(paths::root()).stdin(Stdio::null());
        chartwright
    }

    /// The archive that `chartwright` expands an example to.
    pub(super) fn expanded(&self, example: &Example, sources: &Sources) -> anyhow::Result<Vec<u8>> {
        let mut expand = example.command(&self.chartwright, "expand", sources);
        succeeded(expand.args(["--archive", "-"]).output()?).context("chartwright expand")
    }

    /// Installs a plugin's folder.
    pub(super) fn install(&self, plugin: &Path) -> Found {
        std::fs::create_dir_all(self.folder.join("data/plugins"))?;
        let installed = self.helm().args(["plugin", "install"]).arg(plugin).output()?;
        succeeded(installed).with_context(|| format!("helm plugin install {}", plugin.display())).map(drop)
    }

    /// That Helm knows all plugins by name and version.
    pub(super) fn lists(&self, plugins: &[HelmPlugin]) -> Found {
        self.lists_in(&self.folder, plugins)
    }

    fn lists_in(&self, home: &Path, plugins: &[HelmPlugin]) -> Found {
        let list = succeeded(self.helm_in(home).args(["plugin", "list"]).output()?)?;
        let list = String::from_utf8_lossy(&list).into_owned();
        for plugin in plugins {
            let found = list.lines().any(|line| {
                let mut words = line.split_whitespace();
                words.next() == Some(plugin.name) && words.next() == Some(VERSION)
            });
            if !found {
                bail!("{} {VERSION} is not listed:\n{list}", plugin.name);
            }
        }
        Ok(())
    }

    /// That Helm installs the archives, in another home.
    pub(super) fn takes_archives(&self, plugins: &[HelmPlugin]) -> Found {
        let home = self.folder.with_file_name("home-of-archives");
        for plugin in plugins {
            let install = ["plugin", "install", "--verify=false"];
            succeeded(self.helm_in(&home).args(install).arg(&plugin.archive).output()?)?;
        }
        self.lists_in(&home, plugins)
    }
}

/// Runs a program with a text on standard input.
pub(super) fn with_input(command: &mut Command, input: &[u8]) -> anyhow::Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("a pipe was asked for")?;
    std::thread::scope(|scope| {
        // A program that does not read all of its input closes the pipe.
        scope.spawn(move || drop(stdin.write_all(input)));
        Ok(child.wait_with_output()?)
    })
}
