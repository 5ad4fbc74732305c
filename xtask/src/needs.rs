//! What tests need beyond Rust, and whether it is installed.

use std::env;
use std::process::{Command, Stdio};

use anyhow::bail;

use crate::paths;

/// A requirement of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The program git.
    Git,
    /// The program openssl.
    Openssl,
    /// A Go toolchain, which builds Helm and the reference program.
    Go,
    /// Node.js, with npm.
    Node,
    /// Chromium.
    Chromium,
    /// The conformance kit.
    Kit,
}

/// All requirements, by their names in `$CHARTWRIGHT_REQUIRE`.
const NEEDS: [(Need, &str); 6] = [
    (Need::Git, "git"),
    (Need::Openssl, "openssl"),
    (Need::Go, "go"),
    (Need::Node, "node"),
    (Need::Chromium, "chromium"),
    (Need::Kit, "kit"),
];

/// Names of Chromium, as systems have them: those that `cargo xtask web test` looks for.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

impl Need {
    /// Whether the requirement is met.
    pub(crate) fn is_met(self) -> bool {
        match self {
            Need::Git => answers("git", "--version"),
            Need::Openssl => answers("openssl", "version"),
            Need::Go => answers("go", "version"),
            Need::Node => answers("node", "--version") && answers("npm", "--version"),
            Need::Chromium => {
                env::var_os("CHROMIUM").is_some() || CHROMIUM.iter().any(|name| answers(name, "--version"))
            }
            Need::Kit => paths::conformance().is_some_and(|kit| kit.join("cases.json").is_file()),
        }
    }
}

/// Whether a program is installed and runs.
fn answers(program: &str, argument: &str) -> bool {
    let quiet = || Stdio::null();
    Command::new(program).arg(argument).stdout(quiet()).stderr(quiet()).status().is_ok_and(|s| s.success())
}

/// Fails if something is missing that `$CHARTWRIGHT_REQUIRE` names (`git,go,…`, or `all`): a machine that should have
/// everything must not pass by skipping tests.
pub(crate) fn check_required() -> anyhow::Result<()> {
    let Ok(required) = env::var("CHARTWRIGHT_REQUIRE") else { return Ok(()) };
    let mut missing = Vec::new();
    for name in required.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let known: Vec<_> = NEEDS.iter().filter(|(_, n)| name == "all" || *n == name).collect();
        if known.is_empty() {
            let names = NEEDS.map(|(_, n)| n).join(", ");
            bail!("CHARTWRIGHT_REQUIRE names {name:?}, which is not known; known names: {names}, all");
        }
        missing.extend(known.into_iter().filter(|(need, _)| !need.is_met()).map(|(_, n)| *n));
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!("CHARTWRIGHT_REQUIRE names what is missing: {}", missing.join(", "))
}

/// The names of the given requirements that are not met.
pub(crate) fn missing(of: &[Need]) -> Vec<&'static str> {
    NEEDS.iter().filter(|(need, _)| of.contains(need) && !need.is_met()).map(|(_, name)| *name).collect()
}
