//! `helm chartwright`: the engine in Wasm, run by Helm.

use std::fs;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::home::{Home, with_input};
use super::{Checks, failed, same, succeeded};
use crate::examples::sources::Sources;
use crate::examples::{Example, platform};

/// A time, as `chartwright render` takes it and in seconds.
const NOW: (&str, &str) = ("2026-01-02T15:04:05Z", "1767366245");

/// A descriptor with a field that nobody knows and a dependency on nothing.
const WRONG: &str = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop, namespace: shops}
spec:
  module: {version: 1.0.0}
  template:
    chart: modulebase
    sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}
  components:
    - name: frontend
      vlaues: {app: {port: 80}}
      dependsOn: [nothing]
";

pub(super) fn check(checks: &mut Checks<'_>, home: &Home, examples: &[Example], sources: &Sources) {
    checks.check("helm chartwright: Helm shows it", || {
        let help = succeeded(home.helm().arg("help").output()?)?;
        ensure!(String::from_utf8_lossy(&help).contains("describe, check and render modules"), "it is not in the list");
        let help = succeeded(home.helm().args(["help", "chartwright"]).output()?)?;
        ensure!(String::from_utf8_lossy(&help).contains("All of the input is on standard input"), "no long help");
        Ok(())
    });
    checks.check("helm chartwright: its own help", || {
        for (args, words) in [
            (&["--help"][..], "Standard input: YAML documents"),
            (&["render", "--help"], "Usage: helm chartwright render"),
            (&["--version"], "helm chartwright 0."),
        ] {
            let help = succeeded(home.helm().arg("chartwright").args(args).output()?)?;
            let help = String::from_utf8_lossy(&help).into_owned();
            ensure!(help.contains(words), "{args:?} says\n{help}");
        }
        Ok(())
    });
    checks.check("helm chartwright: subcommands and flags are completed", || {
        for (words, wanted) in [(&[""][..], "render"), (&["render", "--set-"], "--set-string")] {
            let found = succeeded(home.helm().args(["__complete", "chartwright"]).args(words).output()?)?;
            let found = String::from_utf8_lossy(&found).into_owned();
            ensure!(found.lines().any(|line| line.split('\t').next() == Some(wanted)), "{words:?} gives\n{found}");
        }
        Ok(())
    });
    for example in examples {
        if let Some(missing) = example.sources().into_iter().find(|s| !sources.has(s)) {
            println!("SKIPPED: {}: there is no {missing}", example.name);
            continue;
        }
        let input = || input(example, sources);
        checks.check(&format!("helm chartwright render: {}", example.name), || {
            let mut ours = example.command(&home.chartwright, "render", sources);
            let ours = succeeded(ours.args(["--seed", "1", "--now", NOW.0]).output()?).context("chartwright")?;
            let args = ["chartwright", "render", "--show-secrets", "--seed", "1", "--now", NOW.1];
            same(&ours, &succeeded(with_input(home.helm().args(args), &input()?)?)?)
        });
        checks.check(&format!("helm chartwright expand: {}", example.name), || {
            same(
                &home.expanded(example, sources)?,
                &succeeded(with_input(home.helm().args(["chartwright", "expand"]), &input()?)?)?,
            )
        });
        checks.check(&format!("helm chartwright check: {}", example.name), || {
            succeeded(with_input(home.helm().args(["chartwright", "check"]), &input()?)?).map(drop)
        });
    }
    checks.check("helm chartwright render: credentials are hidden", || {
        let Some(example) = examples.iter().find(|e| e.name == "welcome") else { return Ok(()) };
        let shown = with_input(home.helm().args(["chartwright", "render", "-o", "json"]), &input(example, sources)?)?;
        let shown = String::from_utf8(succeeded(shown)?)?;
        ensure!(!shown.contains("not-a-real-token"), "the token is in the output");
        Ok(())
    });
    checks.check("helm chartwright plan: what is missing", || {
        let Some(example) = examples.iter().find(|e| e.name == "ticketing") else { return Ok(()) };
        let plan = with_input(home.helm().args(["chartwright", "plan"]), &fs::read(&example.file)?)?;
        let plan = String::from_utf8(succeeded(plan)?)?;
        ensure!(plan.contains("available  ") && plan.contains("missing    "), "it says\n{plan}");
        Ok(())
    });
    wrong(checks, home);
}

/// What is wrong ends with Helm's code, and is said.
fn wrong(checks: &mut Checks<'_>, home: &Home) {
    checks.check("helm chartwright check: everything wrong at once", || {
        let output = with_input(home.helm().args(["chartwright", "check"]), WRONG.as_bytes())?;
        let said = failed(&output)?;
        let text = String::from_utf8_lossy(&output.stdout);
        for words in ["stdin:11:7", "did you mean values?", "stdin:12:19", "nothing"] {
            ensure!(text.contains(words), "{words:?} is not in\n{text}\n{said}");
        }
        ensure!(said.contains("2 errors"), "Helm says {said}");
        Ok(())
    });
    checks.check("helm chartwright render: failures have code 1", || {
        for (args, input, words) in [
            (&["render"][..], WRONG, "did you mean values?"),
            (&["render"], "", "standard input has no HelmChartDescriptor and no HelmRelease"),
            (&["render"], "a: [", "this document is not YAML"),
            (&["render", "--values", "v.yaml"], WRONG, "Helm's plugins in Wasm see no files"),
            (&["rendr"], "", "some similar subcommands exist: 'expand', 'render'"),
            (&["expand"], WRONG, "did you mean values?"),
        ] {
            let said = failed(&with_input(home.helm().arg("chartwright").args(args), input.as_bytes())?)?;
            ensure!(said.contains(words), "{args:?}: {words:?} is not in\n{said}");
        }
        Ok(())
    });
}

/// A descriptor with its platform and, in a ConfigMap, the charts of others.
fn input(example: &Example, sources: &Sources) -> anyhow::Result<Vec<u8>> {
    let mut input = fs::read(&example.file)?;
    input.extend_from_slice(b"\n---\n");
    input.extend(fs::read(platform::file())?);
    if example.sources().iter().any(|s| *s != "basecharts") {
        let mut data = serde_json::Map::new();
        for archive in sources.archives() {
            let name = archive.file_name().unwrap_or_default().to_string_lossy().into_owned();
            data.insert(name, STANDARD.encode(fs::read(archive)?).into());
        }
        let charts = serde_json::json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "charts"}, "binaryData": data,
        });
        input.extend_from_slice(format!("\n---\n{charts}\n").as_bytes());
    }
    Ok(input)
}
