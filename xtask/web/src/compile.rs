//! From crates to modules.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::paths;

const TARGET: &str = "wasm32-unknown-unknown";

/// How modules are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// In a few minutes, from nothing.
    Quick,
    /// As small as they can be.
    Small,
}

impl Profile {
    /// Its name in `Cargo.toml`.
    fn name(self) -> &'static str {
        match self {
            Profile::Quick => "web-quick",
            Profile::Small => "wasm",
        }
    }
}

/// A module of the page.
pub(crate) struct Part {
    /// How it is called in what is served.
    pub(crate) name: &'static str,
    package: &'static str,
    /// What Cargo calls it.
    file: &'static str,
    flags: &'static [&'static str],
    /// What its script ends with: a file below the root, which may be missing.
    pub(crate) boot: &'static str,
    /// Whether it is cut in two where it says so.
    pub(crate) is_split: bool,
}

/// All modules: the page comes last, for it names the engines.
pub(crate) const PARTS: [Part; 3] = [
    Part {
        name: "charts",
        package: "chartwright-worker",
        file: "chartwright_worker.wasm",
        flags: &["--lib", "--no-default-features"],
        boot: "web/worker/boot.js",
        is_split: false,
    },
    Part {
        name: "modules",
        package: "chartwright-worker",
        file: "chartwright_worker.wasm",
        flags: &["--lib"],
        boot: "web/worker/boot.js",
        is_split: false,
    },
    Part {
        name: "app",
        package: "chartwright-app",
        file: "chartwright_app.wasm",
        flags: &["--lib"],
        boot: "web/app/boot.js",
        is_split: true,
    },
];

/// A page that is only a bridge to the engines, for tests.
pub(crate) const PROBE: Part = Part {
    name: "probe",
    package: "chartwright-bridge",
    file: "examples/probe.wasm",
    flags: &["--example", "probe"],
    boot: "web/bridge/examples/boot.js",
    is_split: false,
};

/// The preview as an element of other pages. It has one module: who embeds it wants to see it.
pub(crate) const EMBED: Part = Part {
    name: "embed",
    package: "chartwright-embed",
    file: "chartwright_embed.wasm",
    flags: &["--lib"],
    boot: "web/embed/boot.js",
    is_split: false,
};

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// Compiles a module; the path of it stays right until the next one is compiled.
pub(crate) fn compile(part: &Part, profile: Profile) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    command.args(["rustc", "--quiet", "--locked", "--target", TARGET, "--profile", profile.name()]);
    // A library that is for Rust, too, would be linked without what optimises it as a whole.
    command.args(["--package", part.package, "--crate-type", "cdylib"]).args(part.flags);
    if let (Profile::Small, Some(home)) = (profile, paths::cargo_home()) {
        // The bytes, and so the names, do not depend on where the sources of dependencies are.
        let remap = format!("--remap-path-prefix={}=registry", home.join("registry").join("src").display());
        let flags = serde_json::to_string(&[remap])?;
        command.args(["--config", &format!("target.{TARGET}.rustflags={flags}")]);
    }
    if part.is_split {
        // Says which function uses which.
        command.args(["--", "-C", "link-arg=--emit-relocs"]);
    }
    let status = command.status().context("cannot run cargo")?;
    if !status.success() {
        bail!("{} could not be compiled", part.package);
    }
    Ok(paths::target().join(TARGET).join(profile.name()).join(part.file))
}
