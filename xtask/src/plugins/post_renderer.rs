//! `--post-renderer chartwright-post-renderer`: what Helm prints, beside what helm-controller would install.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::home::{Home, with_input};
use super::{Checks, failed, same, succeeded};

/// A HelmRelease with all that a post-renderer does.
const RELEASE: &str = "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: demo, namespace: shops}
spec:
  interval: 10m
  chart: {spec: {chart: shop, sourceRef: {kind: GitRepository, name: examples}}}
  commonMetadata: {labels: {team: red}, annotations: {example.org/by: chartwright}}
  postRenderers:
    - kustomize:
        patches:
          - target: {kind: Deployment}
            patch: |
              - {op: add, path: /spec/template/metadata/labels/patched, value: 'yes'}
        images:
          - {name: registry.example.org/shop/frontend, newName: mirror.example.org/frontend, newTag: 9.9.9}
";

const ARGS: [&str; 5] = ["template", "demo", "templates/examples/shop", "--namespace", "shops"];

pub(super) fn check(checks: &mut Checks<'_>, home: &Home) {
    checks.check("helm template --post-renderer: as Flux installs it", || {
        let release = release(home, RELEASE)?;
        let theirs = post_rendered(home, &release)?;
        // helm-controller's version of the chart has a suffix where the source has a revision: here it has none.
        let mut render = home.chartwright();
        render.arg("render").arg(&release).args(["--source", "examples=templates/examples", "--no-lock", "-o", "json"]);
        let rendered: Value = serde_json::from_slice(&succeeded(render.output()?)?)?;
        let objects = rendered.get("objects").and_then(Value::as_array).context("there are objects")?;
        ensure!(objects.len() > 3, "there are only {} objects", objects.len());
        let text = |object: &Value, key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let of = |is_hook: bool| {
            let objects = objects.iter().filter(|o| (text(o, "role") == "hook") == is_hook);
            objects.map(|o| format!("---\n# Source: {}\n{}\n", text(o, "source"), text(o, "text"))).collect::<String>()
        };
        let ours = format!("{}\n{}", of(false).trim_end(), of(true));
        let theirs = String::from_utf8(theirs)?;
        // Of a file's documents, Helm 4.2.2 in helm-controller takes the line breaks at the end; 4.2.4 leaves them.
        let closed = |text: &str| text.replace("\n\n---\n", "\n---\n");
        same(closed(&ours).as_bytes(), closed(&theirs).as_bytes())?;
        for words in ["team: red", "patched: \"yes\"", "mirror.example.org/frontend:9.9.9", "fluxcd.io/name: demo"] {
            ensure!(theirs.contains(words), "{words:?} is not in\n{theirs}");
        }
        ensure!(!theirs.contains("postrender-filename"), "Helm's own annotation is left in\n{theirs}");
        Ok(())
    });
    checks.check("chartwright post-render: behind helm template", || {
        let plain = succeeded(home.helm().args(ARGS).output()?)?;
        let release = release(home, RELEASE)?;
        let piped = with_input(home.chartwright().args(["post-render", "--release"]).arg(release), &plain)?;
        let piped = String::from_utf8(succeeded(piped)?)?;
        ensure!(piped.contains("mirror.example.org/frontend:9.9.9"), "the image is not replaced in\n{piped}");
        Ok(())
    });
    checks.check("helm template --post-renderer: failures are said", || {
        let release = release(home, &RELEASE.replace("op: add", "op: ad"))?;
        let flags = ["--post-renderer", "chartwright-post-renderer", "--post-renderer-args"];
        let args = format!("--release={}", release.display());
        let said = failed(&home.helm().args(ARGS).args(flags).arg(args).output()?)?;
        ensure!(said.contains("exited with error"), "Helm says\n{said}");
        // Where the system has no /proc, Helm drops it.
        ensure!(!cfg!(target_os = "linux") || said.contains("error: "), "the plugin's own words are not in\n{said}");
        Ok(())
    });
}

fn release(home: &Home, text: &str) -> anyhow::Result<PathBuf> {
    let file = home.work.join(format!("release-{}.yaml", text.len()));
    fs::write(&file, text)?;
    Ok(file)
}

fn post_rendered(home: &Home, release: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    let flags = ["--post-renderer", "chartwright-post-renderer", "--post-renderer-args"];
    succeeded(home.helm().args(ARGS).args(flags).arg(format!("--release={}", release.display())).output()?)
}
