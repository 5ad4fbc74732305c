//! What a visitor downloads, and how much that may be.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::paths;
use crate::site::{Site, gzip};

/// Growth over the recorded size that is allowed, in percent.
const GROWTH: u64 = 5;

/// What is loaded together: name, files by their old paths (their ends after `.`, their starts before `*`), most bytes
/// with gzip -9.
const GROUPS: [(&str, &[&str], Option<u64>); 8] = [
    ("element", &["embed.css", "embed.html", "embed.js", "embed.wasm", "embed-frame.css", "embed-frame.js"], None),
    (
        "shell",
        &["app.js", "app-parts.js", "theme.js", "app.wasm", "index.html", "manifest.webmanifest", ".css"],
        Some(170_000),
    ),
    ("catalog", &["split_catalog.wasm"], None),
    ("what catalog and views share", &["chunk_*"], None),
    ("operator's views", &["split_operate.wasm"], None),
    ("views", &["split_views.wasm"], None),
    ("engine", &["charts.js", "charts.wasm"], Some(650_000)),
    ("engine with modules", &["modules.js", "modules.wasm"], None),
];

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Size {
    raw: u64,
    gzip: u64,
}

/// Sizes by group.
pub(crate) struct Sizes(BTreeMap<String, Size>);

impl Sizes {
    /// Measures, and prints a table.
    pub(crate) fn of(site: &Site) -> anyhow::Result<Sizes> {
        let mut sizes = BTreeMap::<String, Size>::new();
        println!("{:<44} {:>10} {:>10}", "file", "raw", "gzip -9");
        for (old, name, content) in site.files().filter(|(old, ..)| !old.starts_with("catalog/")) {
            let size = Size { raw: content.len() as u64, gzip: gzip(content)?.len() as u64 };
            println!("{name:<44} {:>10} {:>10}", size.raw, size.gzip);
            let of = |wanted: &&str| match wanted.strip_suffix('*') {
                Some(start) => old.starts_with(start),
                None => old == *wanted || (wanted.starts_with('.') && old.ends_with(wanted)),
            };
            if let Some((group, ..)) = GROUPS.iter().find(|(_, files, _)| files.iter().any(&of)) {
                let sum = sizes.entry((*group).to_owned()).or_default();
                sum.raw += size.raw;
                sum.gzip += size.gzip;
            }
        }
        println!();
        for (group, _, most) in GROUPS {
            let Size { raw, gzip } = sizes.get(group).copied().unwrap_or_default();
            let most = most.map_or_else(String::new, |most| format!(" of at most {most}"));
            println!("{group:<44} {raw:>10} {gzip:>10}{most}");
        }
        Ok(Sizes(sizes))
    }

    /// Writes them down, for later checks.
    pub(crate) fn record(&self) -> anyhow::Result<()> {
        Ok(fs::write(file(), serde_json::to_string_pretty(&self.0)? + "\n")?)
    }

    /// Compares with the budgets, and with what was recorded.
    ///
    /// # Errors
    /// If something is too large.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let recorded: BTreeMap<String, Size> =
            serde_json::from_slice(&fs::read(file()).context("no recorded sizes: --record them")?)?;
        for (group, _, most) in GROUPS {
            let now = self.0.get(group).copied().unwrap_or_default().gzip;
            if let Some(most) = most.filter(|most| now > *most) {
                bail!("{group} is over its limit: {now} bytes gzip, at most {most}");
            }
            let then = recorded.get(group).copied().unwrap_or_default().gzip;
            if now * 100 > then * (100 + GROWTH) {
                bail!(
                    "{group} grew by more than {GROWTH} %: {now} bytes gzip, recorded {then}; if it must, --record it"
                );
            }
        }
        Ok(())
    }
}

fn file() -> std::path::PathBuf {
    paths::root().join("xtask").join("web-size.json")
}
