//! Builds the page.

use std::collections::BTreeMap;
use std::time::Instant;

use clap::Args;

use crate::compile::{self, EMBED, PARTS, PROBE, Part, Profile};
use crate::glue::{collect, glue};
use crate::paths;
use crate::site::Site;
use crate::sizes::Sizes;

/// What the page's script begins with: where the engines are. The names become the final ones.
fn engines(profile: Profile) -> String {
    let charts = if has_small_engine(profile) { "charts" } else { "modules" };
    let pair = |name: &str| format!("[\"{name}.js\", \"{name}.wasm\"]");
    format!("import.meta.engine = {{ charts: {}, modules: {} }};\n", pair(charts), pair("modules"))
}

/// Whether there is an engine that only renders charts. It is there to be small, so a quick build goes without.
fn has_small_engine(profile: Profile) -> bool {
    profile == Profile::Small
}

fn has(parts: &[&Part], part: &Part) -> bool {
    parts.iter().any(|one| one.name == part.name)
}

/// What the page's script ends with, unless it has an end of its own.
const START: &str = "\n__wbg_init({ module_or_path: new URL(\"app.wasm\", import.meta.url) });\n";

/// The page for tests.
const PROBE_PAGE: &str =
    "<!doctype html><html lang=\"en\"><title>Probe</title><script type=\"module\" src=\"probe.js\"></script></html>\n";

/// How to build.
#[derive(Args)]
pub(crate) struct Options {
    /// As small as it can be, as it is shipped: takes much longer.
    #[arg(long)]
    small: bool,
    /// Fail if something is larger than its budget, or more than 5 % larger than recorded.
    #[arg(long, requires = "small")]
    check: bool,
    /// Record the sizes for later checks.
    #[arg(long, requires = "small")]
    record: bool,
    /// Add a page for tests of the engines in a browser: probe.html.
    #[arg(long)]
    probe: bool,
    /// Add the preview as an element of other pages: embed.js, embed.html. The small build always has it.
    #[arg(long)]
    embed: bool,
}

/// Builds, and says how large it is.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let profile = if options.small { Profile::Small } else { Profile::Quick };
    let parts = [(options.probe, &PROBE), (options.embed || options.small, &EMBED)];
    let more: Vec<&Part> = parts.into_iter().filter_map(|(wanted, part)| wanted.then_some(part)).collect();
    let site = build(profile, &more)?;
    if !options.small {
        return Ok(());
    }
    let sizes = Sizes::of(&site)?;
    if options.record {
        sizes.record()?;
    }
    if options.check {
        sizes.check()?;
    }
    Ok(())
}

/// Builds everything into the folder that is served, with parts that not every build has.
pub(crate) fn build(profile: Profile, more: &[&Part]) -> anyhow::Result<Site> {
    let start = Instant::now();
    let mut files = Vec::new();
    collect(&paths::root().join("www"), "", &mut files)?;
    let mut files: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
    if has(more, &PROBE) {
        files.insert("probe.html".into(), PROBE_PAGE.into());
    }
    if has(more, &EMBED) {
        let mut own = Vec::new();
        collect(&paths::root().join("web").join("embed").join("www"), "", &mut own)?;
        files.extend(own);
    }
    let parts = PARTS.iter().filter(|part| part.name != "charts" || has_small_engine(profile));
    for part in parts.chain(more.iter().copied()) {
        let glued = glue(part, &compile::compile(part, profile)?, profile)?;
        let mut script = glued.script;
        if matches!(part.name, "app" | "embed" | "probe") {
            script.insert_str(0, &engines(profile));
            if !paths::root().join(part.boot).exists() {
                script.push_str(START);
            }
        }
        files.insert(format!("{}.js", part.name), script.into_bytes());
        files.insert(format!("{}.wasm", part.name), glued.module);
        files.extend(glued.others);
        eprintln!("{} after {:.1} s", part.name, start.elapsed().as_secs_f32());
    }
    let site = Site::new(files)?;
    let folder = paths::dist();
    site.write(&folder)?;
    eprintln!("{} after {:.1} s", folder.display(), start.elapsed().as_secs_f32());
    Ok(site)
}
