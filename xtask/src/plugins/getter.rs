//! `chartwright://…`: Helm's commands on the module chart of a descriptor.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use super::home::Home;
use super::{Checks, failed, same, succeeded};
use crate::examples::Example;
use crate::examples::sources::Sources;
use crate::paths;

pub(super) fn check(checks: &mut Checks<'_>, home: &Home, examples: &[Example], sources: &Sources) {
    for example in examples {
        if example.sources().into_iter().any(|s| !sources.has(s)) {
            continue;
        }
        checks.check(&format!("helm template chartwright://…: {}", example.name), || {
            let folder = home.work.join("expanded").join(&example.name);
            let mut expand = example.command(&home.chartwright, "expand", sources);
            succeeded(expand.arg("-d").arg(&folder).output()?).context("chartwright expand")?;
            let template =
                |chart: &str| succeeded(home.helm().args(["template", "demo", chart, "--namespace", "demo"]).output()?);
            let wanted = template(&folder.join(example.module()).to_string_lossy())?;
            same(&wanted, &template(&address(&example.file, sources, "")?)?)
        });
    }
    let Some(example) = examples.iter().find(|e| e.name == "welcome") else { return };
    checks.check("helm pull chartwright://…/NAME.tgz", || {
        let folder = home.work.join("pulled");
        fs::create_dir_all(&folder)?;
        let url = address(&example.file, sources, "/welcome-1.0.0.tgz")?;
        succeeded(home.helm().args(["pull", &url, "--destination"]).arg(&folder).output()?)?;
        same(
            &home.expanded(example, sources)?,
            &fs::read(folder.join("welcome-1.0.0.tgz")).context("the pulled chart")?,
        )
    });
    checks.check("helm show, helm install --dry-run: chartwright://…", || {
        let relative = example.file.strip_prefix(paths::root())?.display().to_string();
        let url = format!("chartwright://./{relative}?no-lock&source=basecharts=./templates");
        let shown = String::from_utf8(succeeded(home.helm().args(["show", "chart", &url]).output()?)?)?;
        ensure!(shown.contains("name: welcome\n"), "it shows\n{shown}");
        let install = ["install", "demo", &url, "--dry-run=client", "--namespace", "demo"];
        let shown = String::from_utf8(succeeded(home.helm().args(install).output()?)?)?;
        ensure!(shown.contains("kind: HelmRelease"), "it shows\n{shown}");
        Ok(())
    });
    checks.check("helm template chartwright://…: failures are said", || {
        for (url, words) in [
            ("chartwright://./nowhere.yaml", "nowhere.yaml: no such file or directory"),
            ("chartwright://./templates/examples/platform.yaml", "apiVersion"),
            ("chartwright://./x.yaml?sauce=a", "sauce=a is not known"),
        ] {
            let said = failed(&home.helm().args(["template", "demo", url]).output()?)?;
            ensure!(said.contains(words), "{url}: {words:?} is not in\n{said}");
        }
        Ok(())
    });
}

/// A descriptor's address, with the places of its sources.
fn address(file: &Path, sources: &Sources, name: &str) -> anyhow::Result<String> {
    let mut url = format!("chartwright://localhost{}{name}?no-lock&offline", file.canonicalize()?.display());
    for flag in &sources.flags {
        url.push_str("&source=");
        url.push_str(flag);
    }
    Ok(url)
}
