//! Our custom resource definitions: whether an API server accepts them, and accepts and refuses the right objects.

use crate::paths;

use super::kit::Cluster;
use super::{Outcome, Trial, shown};

const DEFINITIONS: [&str; 2] = ["helmchartdescriptor", "descriptorsource"];

/// A descriptor that all rules allow.
const GOOD: &str = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop, namespace: default}
spec:
  module: {version: 1.4.0, maintainers: [{name: A, url: https://example.org}]}
  template: {chart: modulebase, sourceRef: {kind: GitRepository, name: charts}}
  components:
    - {name: web, values: {any: {thing: [1]}}, config: {TEXT: x, NUMBER: 1, FLAG: true}, dependsOn: [db]}
    - {name: db, template: {chart: pg, version: 16.x, sourceRef: {kind: HelmRepository, name: bitnami}}}
  release: {interval: 10m, values: {web: {x: null}}, valuesFrom: [{kind: Secret, name: a, targetPath: 'a.b[0]'}]}
";

const SOURCE: &str = "\
apiVersion: chartwright.dev/v1alpha1
kind: DescriptorSource
metadata: {name: modules, namespace: default}
spec: {sourceRef: {kind: GitRepository, name: modules}, path: ./modules, interval: 1m}
";

/// The cases: a name, a text in [`GOOD`] or [`SOURCE`] with its replacement, and the server's message; empty if the
/// server accepts the object.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("a good descriptor", "", "", ""),
    ("a component twice", "name: db,", "name: web,", "Duplicate value"),
    ("an unknown dependency", "[db]", "[dbx]", "dependsOn names a component that does not exist"),
    ("a dependency on itself", "[db]", "[web]", "a component cannot depend on itself"),
    ("no base chart", "  template: {chart: modulebase", "  layout: releases #", "spec.template, which is missing"),
    ("a reserved name", "name: db,", "name: global,", "Helm reserves the name global"),
    ("a long release name", "name: shop,", "name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,", "51"),
    (
        "two names too long together",
        "name: shop,",
        "name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,",
        "53 characters",
    ),
    ("no name", "name: db,", "name: D_B,", "should match"),
    ("no version", "1.4.0", "one", "should match"),
    ("an unknown field", "dependsOn", "dependOn", "unknown field"),
    ("no interval", "10m", "ten", "should match"),
    ("an empty chart", "chart: pg", "chart: \"\"", "at least 1 chars"),
    ("a kind that is none", "kind: HelmRepository", "kind: HelmRepo", "Unsupported value"),
    ("no path", "a.b[0]", "a[x]", "should match"),
    ("a good source", "./modules", "./modules", ""),
    (
        "a source without files",
        "kind: GitRepository, name: modules",
        "kind: HelmRepository, name: modules",
        "Unsupported value",
    ),
];

/// Applies the definitions.
pub(super) fn define(cluster: &Cluster) -> anyhow::Result<()> {
    for name in DEFINITIONS {
        let file = paths::root().join(format!("engine/descriptor/schema/{name}.crd.yaml"));
        cluster.run(&["apply", "--server-side", "--force-conflicts", "-f", &file.to_string_lossy()])?;
        let definition = format!("crd/{name}s.chartwright.dev");
        cluster.run(&["wait", "--for=condition=established", "--timeout=30s", &definition])?;
    }
    Ok(())
}

/// Applies the definitions, and tries.
pub(super) fn kinds(trial: &Trial<'_>) -> anyhow::Result<Vec<Outcome>> {
    println!("\n{:<36}{:>24}", "custom resources", "answer");
    define(trial.cluster)?;
    let mut outcomes = Vec::new();
    for (name, old, new, answer) in CASES.iter().filter(|case| trial.wants(case.0)) {
        let text = if GOOD.contains(old) { GOOD } else { SOURCE }.replacen(old, new, 1);
        let create = ["create", "--dry-run=server", "--validate=strict", "-f", "-"];
        let output = trial.cluster.output_on(&create, text.as_bytes())?;
        let said = String::from_utf8_lossy(&output.stderr);
        let right = if answer.is_empty() { output.status.success() } else { said.contains(answer) };
        let result = if output.status.success() { "taken" } else { "refused" };
        let problems =
            if right { Vec::new() } else { vec![format!("  wanted {answer:?}, the server said: {}", said.trim())] };
        outcomes.push(shown(Outcome { name: (*name).to_owned(), result: result.to_owned(), problems }));
    }
    Ok(outcomes)
}
