//! Random rendered texts: parted, read and sorted by Helm and by us, and run through Flux's post-renderers.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde::Serialize;

use super::answers::{self, Answer, Question};
use super::random::Random;
use super::report::{Difference, Report};
use crate::paths;

/// How many charts are on the disk at a time.
const BATCH: usize = 250;

/// The files of a chart, by their path in it.
type Files = BTreeMap<String, String>;

/// Compares so many charts under a seed with Helm; those that differ stay in `target/mutate/manifests`.
pub(crate) fn run(count: usize, seed: i64) -> anyhow::Result<Option<Report>> {
    let Some(helm) = answers::helm()? else { return Ok(None) };
    let ours = answers::example("answer_charts")?;
    compare("manifests", count, seed, |questions, _| {
        let wanted = answers::ask(&helm, questions)?;
        let got = answers::ask(&ours, questions)?;
        Ok(wanted.into_iter().map(Answer::text).zip(got.into_iter().map(Answer::text)).collect())
    })
}

/// A question as the crate `flux` answers it.
#[derive(Serialize)]
struct FluxQuestion<'a> {
    op: &'static str,
    release: &'a str,
    files: Files,
}

/// Compares so many charts under a seed with what helm-controller's post-renderers make of them; of errors, only that
/// there is one.
pub(crate) fn run_flux(count: usize, seed: i64) -> anyhow::Result<Option<Report>> {
    let Some(flux) = answers::flux()? else { return Ok(None) };
    let example = answers::example("answer_releases")?;
    compare("flux", count, seed, |questions, files| {
        let wanted = answers::ask(&flux, questions)?;
        let ours: Vec<_> = (questions.iter().zip(files))
            .map(|(question, files)| FluxQuestion {
                op: "postrender",
                release: &question.release,
                files: files.iter().map(|(name, text)| (format!("c/{name}"), text.clone())).collect(),
            })
            .collect();
        let got = answers::ask(&example, &ours)?;
        let text = |answer: Answer| match answer.error.as_str() {
            "" => format!("{}=== hooks\n{}", answer.output, answer.hooks).into_bytes(),
            error => format!("an error\n{error}").into_bytes(),
        };
        let outcome = |(wanted, got): (Answer, Answer)| {
            let both_fail = !wanted.error.is_empty() && !got.error.is_empty();
            let wanted = text(wanted);
            (wanted.clone(), if both_fail { wanted } else { text(got) })
        };
        Ok(wanted.into_iter().zip(got).map(outcome).collect())
    })
}

/// Two answers to each question: what is wanted, and what we say.
type Answers = Vec<(Vec<u8>, Vec<u8>)>;

fn compare(
    part: &'static str,
    count: usize,
    seed: i64,
    ask: impl Fn(&[Question], &[Files]) -> anyhow::Result<Answers>,
) -> anyhow::Result<Option<Report>> {
    let home = paths::target().join("mutate").join(part);
    let mut report = super::report(part);
    for start in (0..count).step_by(BATCH) {
        let (mut questions, mut charts) = (Vec::new(), Vec::new());
        for case in start..count.min(start + BATCH) {
            let random = &mut Random::of_case(seed, case);
            let files = files(random);
            let release = if part == "flux" { release(random) } else { String::new() };
            let folder = home.join(case.to_string()).join("c");
            let _ = fs::remove_dir_all(&folder);
            for (name, text) in &files {
                let file = folder.join(name);
                fs::create_dir_all(file.parent().unwrap_or(&folder))?;
                fs::write(file, text)?;
            }
            fs::write(folder.join("Chart.yaml"), "{apiVersion: v2, name: c, version: 0.1.0}")?;
            fs::write(folder.with_file_name("release.yaml"), &release)?;
            questions.push(Question { chart: folder, release, ..Question::default() });
            charts.push(files);
        }
        let answers = ask(&questions, &charts)?;
        for (((wanted, got), files), question) in answers.into_iter().zip(&charts).zip(&questions) {
            let case = question.chart.parent().unwrap_or(&home);
            if wanted == got {
                report.equal += 1;
                fs::remove_dir_all(case)?;
            } else {
                let id = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let input = format!("{files:?} {}", question.release);
                report.differences.push(Difference { id, input, wanted, got });
            }
        }
        eprint!("\r{part}: {} of {count}, {} differ ", report.total(), report.differences.len());
    }
    eprintln!();
    Ok(Some(report))
}

const KINDS: [&str; 12] = [
    "ConfigMap",
    "Secret",
    "Service",
    "Deployment",
    "Namespace",
    "Job",
    "Widget",
    "Ingress",
    "ClusterRole",
    "Role",
    "CustomResourceDefinition",
    "APIService",
];

fn files(random: &mut Random) -> Files {
    let mut files = Files::new();
    for _ in 0..1 + random.below(3) {
        let name = random.pick(&["a.yaml", "b.yml", "sub/c.yaml", "d.txt", "_e.yaml", "Z.yaml", "a-b.yaml"]);
        let mut text = String::new();
        if random.chance(30) {
            text.push_str(random.pick(&[
                "---\n",
                "\n",
                "  \n\n",
                "# head\n",
                "# head\n---\n",
                "\u{feff}",
                "---\n---\n",
            ]));
        }
        for document in 0..1 + random.below(4) {
            if document > 0 {
                text.push_str(random.pick(&[
                    "---\n",
                    "---\n",
                    "---\n",
                    "\n---\n",
                    "--- \n",
                    "---\t# c\n",
                    "--- # c\n",
                    "---",
                    "----\n",
                    "...\n",
                    "\n\n---\n\n",
                    " ---\n",
                    "--- |\n",
                    "---\n---\n",
                    "---\n# only a comment\n---\n",
                    "...\n---\n",
                ]));
            }
            text.push_str(&document_text(random));
        }
        if random.chance(8) {
            text = text.replace('\n', "\r\n");
        }
        if random.chance(15) {
            text = text.trim_end().to_owned();
        }
        files.insert(format!("templates/{name}"), text);
    }
    files
}

fn document_text(random: &mut Random) -> String {
    match random.below(24) {
        0 => String::new(),
        1 => random.pick(&["# nothing\n", "\n\n", "null\n", "~\n", "{}\n", "\u{a0}\n", "\t\n"]).to_owned(),
        2 => random.pick(&["- a\n- b\n", "text\n", "5\n", "[]\n", "\"---\"\n", "true\n"]).to_owned(),
        3 => random
            .pick(&[
                "a: b: c\n",
                "\ta: 1\n",
                "a: [\n",
                "a: *none\n",
                "a: &x 1\nb: *x\na: 2\n",
                "kind: 5\n",
                "a:\n- b\n c: 1\n",
            ])
            .to_owned(),
        4 => list(random),
        5 => random
            .pick(&[
                "kind: ConfigMap\nmetadata: {name: m, annotations: {x: 5}}\n",
                "kind: ConfigMap\nmetadata: []\n",
                "kind: ConfigMap\nmetadata: {name: 5}\n",
                "kind: ConfigMap\nmetadata: {name: n, annotations: null}\n",
                "metadata: {name: without}\n",
                "apiVersion: v1\nkind: Pod\n",
            ])
            .to_owned(),
        _ => object(random),
    }
}

fn list(random: &mut Random) -> String {
    let kind = random.pick(&["List", "List", "ConfigMapList", "ResourceList", "RoleList"]);
    let mut text = format!("apiVersion: v1\nkind: {kind}\n");
    if random.chance(20) {
        text.push_str("metadata: {annotations: {of: list}}\n");
    }
    match random.below(8) {
        0 => text.push_str("items: []\n"),
        1 => {}
        2 => text.push_str("items: null\n"),
        3 => text.push_str(
            "items:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: p}\n  data: &d {k: v}\n\
             - apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: q}\n  data: *d\n",
        ),
        _ => {
            text.push_str("items:\n");
            for _ in 0..1 + random.below(3) {
                let item = object(random);
                let mut lines = item.lines().filter(|l| !l.trim().is_empty());
                let _ = writeln!(text, "- {}", lines.next().unwrap_or("{}"));
                for line in lines {
                    let _ = writeln!(text, "  {line}");
                }
            }
        }
    }
    text
}

fn object(random: &mut Random) -> String {
    let kind = random.pick(&KINDS);
    let name = format!("{}{}", random.pick(&["a", "b", "c", "n"]), random.below(30));
    let mut text = String::new();
    if random.chance(10) {
        text.push_str("# about it\n");
    }
    let _ = write!(
        text,
        "apiVersion: {}\nkind: {kind}\nmetadata:\n  name: {name}\n",
        random.pick(&["v1", "apps/v1", "x.y/v1"])
    );
    if random.chance(25) {
        let _ = writeln!(text, "  namespace: {}", random.pick(&["one", "two", "\"\"", "default"]));
    }
    if random.chance(25) {
        text.push_str(random.pick(&[
            "  labels: {a: \"1\", b: \"on\"}\n",
            "  labels: {}\n",
            "  labels:\n    a: b # why\n",
            "  labels: &l {x: y}\n",
            "  labels: null\n",
        ]));
    }
    if random.chance(45) {
        text.push_str("  annotations:\n");
        if random.chance(70) {
            let event = random.pick(&[
                "pre-install",
                "post-install,pre-upgrade",
                "test",
                "test-success",
                "PRE-DELETE, post-delete",
                "crd-install",
                "unknown",
                "pre-install,unknown",
                "\"\"",
                "pre-rollback",
            ]);
            let _ = writeln!(text, "    helm.sh/hook: {event}");
            if random.chance(60) {
                let weight = random.pick(&[
                    "\"1\"",
                    "\"-5\"",
                    "\"0\"",
                    "\"x\"",
                    "\"+3\"",
                    "\"1.5\"",
                    "\" 2\"",
                    "\"9999999999999999999\"",
                ]);
                let _ = writeln!(text, "    helm.sh/hook-weight: {weight}");
            }
            if random.chance(30) {
                text.push_str("    helm.sh/hook-delete-policy: hook-succeeded, before-hook-creation\n");
            }
        } else {
            let _ = writeln!(
                text,
                "    note: {}",
                random.pick(&["x", "\"5\"", "'it''s'", ">-\n      two\n      lines", "|\n      a\n      ---\n"])
            );
        }
    }
    match random.below(9) {
        0 => text.push_str("data:\n  k: |\n    ---\n    line\n\n  l: |+\n    keep\n\n\n"),
        1 => text.push_str("data: {yes: on, n: 010, f: 1e3, s: \"on\", t: 2001-01-01, e: ''}\n"),
        2 => text.push_str("data:\n  a: &k value\n  b: *k\nmore: &m {x: 1}\nmerged: {<<: *m, y: 2}\n"),
        3 => text.push_str("spec:\n  template:\n    spec:\n      containers:\n      - name: c\n        image: nginx:1.25\n      - {name: d, image: \"reg.example/x@sha256:aa\"}\n"),
        4 => text.push_str("data:\n  long: >\n    folded text\n    goes on\n\n    here\n  u: \"\\u00e9\\t\"\n  z: é\n"),
        5 => text.push_str("list:\n- 1\n-\n  - 2\n  - {a: b}\n- []\n- null\n"),
        _ => {}
    }
    if random.chance(8) {
        text.push_str("\n\n");
    }
    text
}

/// A HelmRelease with post-renderers.
fn release(random: &mut Random) -> String {
    let mut text = String::from(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop}\n\
         spec:\n  interval: 1m\n  chartRef: {kind: OCIRepository, name: c}\n",
    );
    if random.chance(50) {
        let _ = writeln!(text, "  postRenderStrategy: {}", random.pick(&["combined", "separate", "nohooks"]));
    }
    if random.chance(40) {
        text.push_str("  commonMetadata: {labels: {team: ours, a: over}, annotations: {of: \"1\", note: common}}\n");
    }
    if random.chance(40) {
        text.push_str("  postRenderers:\n  - kustomize:\n");
        let patch = random.chance(60);
        if patch {
            text.push_str("      patches:\n");
            text.push_str(random.pick(&[
                "      - {patch: '[{op: add, path: /metadata/labels/new, value: x}]', target: {kind: ConfigMap, name: a.*}}\n",
                "      - {patch: '[{\"op\": \"add\", \"path\": \"/metadata/x\", \"value\": \"y\"}]', target: {kind: ConfigMap}}\n",
                "      - {patch: '- {op: replace, path: /metadata/name, value: new}', target: {kind: Secret, name: a.*}}\n",
                "      - {patch: '- {op: remove, path: /data/k}', target: {name: '.*1'}}\n",
                "      - {patch: '{apiVersion: v1, kind: Any, metadata: {name: any}, data: {k: patched, n: null}}', target: {kind: ConfigMap}}\n",
                "      - {patch: '{apiVersion: v1, kind: Any, metadata: {name: any, annotations: {p: q}}}', target: {labelSelector: 'a=1'}}\n",
            ]));
        }
        if !patch || random.chance(40) {
            text.push_str("      images:\n      - {name: nginx, newTag: \"2\"}\n      - {name: reg.example/x, newName: other/x}\n");
        }
    }
    text
}
