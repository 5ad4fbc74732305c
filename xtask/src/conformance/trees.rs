//! Random trees of charts: aliases, conditions, tags, imports, nulls, globals, libraries and charts that nobody lists,
//! in folders and archives, rendered by Helm and by us.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::answers::{self, Question};
use super::random::Random;
use super::report::{Difference, Report};
use crate::package::archive::{Entry, tgz};
use crate::paths;

/// How many trees are on the disk at a time.
const BATCH: usize = 250;

/// Compares so many trees under a seed; those that differ stay in `target/mutate/trees`.
pub(crate) fn run(count: usize, seed: i64) -> anyhow::Result<Option<Report>> {
    let Some(helm) = answers::helm()? else { return Ok(None) };
    let ours = answers::example("answer_charts")?;
    let home = paths::target().join("mutate/trees");
    let mut report = super::report("trees");
    for start in (0..count).step_by(BATCH) {
        let cases: Vec<usize> = (start..count.min(start + BATCH)).collect();
        let questions: Vec<Question> = cases
            .iter()
            .map(|case| write(&home.join(case.to_string()), &mut Random::of_case(seed, *case)))
            .collect::<Result<_, _>>()?;
        let wanted = answers::ask(&helm, &questions)?;
        let got = answers::ask(&ours, &questions)?;
        for (((case, question), wanted), got) in cases.iter().zip(&questions).zip(wanted).zip(got) {
            // Where Helm overflows its stack, an error is right.
            let both_fail = wanted.error == answers::CRASHED && !matches!(&*got.error, "" | answers::CRASHED);
            let (wanted, got) = (wanted.text(), got.text());
            if got == wanted || both_fail || answers_too(&helm, question, &got)? {
                report.equal += 1;
                fs::remove_dir_all(home.join(case.to_string()))?;
            } else {
                let input = format!("{} {}", question.chart.display(), question.set.join(" "));
                report.differences.push(Difference { id: case.to_string(), input, wanted, got });
            }
        }
        eprint!("\rtrees: {} of {count}, {} differ ", report.total(), report.differences.len());
    }
    eprintln!();
    Ok(Some(report))
}

/// Whether Helm gives this answer, too. It takes subcharts in the order of Go's maps, which is random: that shows where
/// several are wrong, and where two have the same name.
fn answers_too(helm: &Path, question: &Question, got: &[u8]) -> anyhow::Result<bool> {
    const TIMES: usize = 32;
    let answers = answers::ask(helm, &vec![question.clone(); TIMES])?;
    Ok(answers.into_iter().any(|answer| answer.text() == got))
}

/// A chart with its subcharts.
struct Chart {
    name: &'static str,
    files: Vec<(String, String)>,
    /// The name of the folder, the chart, and whether it is an archive.
    subcharts: Vec<(String, Chart, bool)>,
}

const NAMES: [&str; 6] = ["alpha", "beta", "gamma", "delta", "lib", "x-y"];
const ALIASES: [&str; 6] = ["one", "two", "alpha", "beta", "Big_1", "x"];
const TAGS: [&str; 3] = ["front", "back", "off"];
const PATHS: [&str; 8] = ["enabled", "on", "global.on", "alpha.enabled", "tags.front", "conf.on", "one.enabled", "a"];

/// Writes a tree into a folder, and says what is asked about it.
fn write(folder: &Path, random: &mut Random) -> anyhow::Result<Question> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let mut left = 2 + random.below(9);
    let root = chart("root", 0, &mut left, random);
    let path = if random.chance(20) {
        let path = folder.join("root-1.0.0.tgz");
        fs::write(&path, packed(&root)?)?;
        path
    } else {
        let path = folder.join("root");
        for (name, data) in files(&root)? {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap_or(&path))?;
            fs::write(file, data)?;
        }
        path
    };
    let mut question = Question { chart: path, ..Question::default() };
    for _ in 0..random.below(4) {
        question.set.push(setting(random));
    }
    if random.chance(40) {
        let file: PathBuf = folder.join("values.yaml");
        let names: Vec<&str> = root.subcharts.iter().map(|(_, chart, _)| chart.name).collect();
        fs::write(&file, values(&names, random))?;
        question.values.push(file);
    }
    Ok(question)
}

/// `--set` of something that trees have.
fn setting(random: &mut Random) -> String {
    let mut path = String::new();
    for _ in 0..random.below(3) {
        let _ = write!(path, "{}.", if random.chance(60) { random.pick(&NAMES) } else { random.pick(&ALIASES) });
    }
    let key = random.pick(&[
        "enabled",
        "on",
        "a",
        "conf.on",
        "conf",
        "global.on",
        "tags.front",
        "tags.back",
        "exports.data.k",
    ]);
    let value = random.pick(&["true", "false", "null", "text", "5", "{a,b}", ""]);
    format!("{path}{key}={value}")
}

/// A random chart; `left` is how many the tree may still have.
fn chart(name: &'static str, depth: usize, left: &mut usize, random: &mut Random) -> Chart {
    let mut subcharts: Vec<(String, Chart, bool)> = Vec::new();
    if depth < 4 {
        for _ in 0..random.below(if depth == 0 { 4 } else { 3 }) {
            if *left == 0 {
                break;
            }
            *left -= 1;
            let name = random.pick(&NAMES);
            let sub = chart(name, depth + 1, left, random);
            let archive = random.chance(25);
            let folder = match random.below(20) {
                0 => format!("_{name}"),
                1 => format!("other-{name}"),
                _ => name.to_owned(),
            };
            let folder = if archive { format!("{folder}-1.0.0.tgz") } else { folder };
            if subcharts.iter().all(|(other, ..)| *other != folder) {
                subcharts.push((folder, sub, archive));
            }
        }
    }
    let mut files = Vec::new();
    let requirements = requirements(&subcharts, random);
    let old = random.chance(15);
    let version = random.pick(&["1.0.0", "1.2.3", "2.0.0-beta.1"]);
    let mut metadata = format!("apiVersion: {}\nname: {name}\nversion: {version}\n", if old { "v1" } else { "v2" });
    let library = depth > 0 && random.chance(12);
    if library {
        metadata.push_str("type: library\n");
    }
    match (old, requirements.is_empty()) {
        (_, true) => {}
        (true, false) => files.push(("requirements.yaml".to_owned(), requirements)),
        (false, false) => metadata.push_str(&requirements),
    }
    files.push(("Chart.yaml".to_owned(), metadata));
    let names: Vec<&str> = subcharts.iter().map(|(_, chart, _)| chart.name).collect();
    if random.chance(75) {
        files.push(("values.yaml".to_owned(), values(&names, random)));
    }
    files.push(("templates/z.yaml".to_owned(), TEMPLATE.to_owned()));
    if random.chance(40) {
        let which = random.pick(&["shared", "own"]);
        files
            .push(("templates/_all.tpl".to_owned(), format!("{{{{ define \"{which}\" }}}}{name}{depth}{{{{ end }}}}")));
    }
    if random.chance(15) {
        files.push(("crds/c.yaml".to_owned(), format!("kind: CustomResourceDefinition\nmetadata: {{name: {name}}}\n")));
    }
    if random.chance(10) {
        files.push(("templates/NOTES.txt".to_owned(), "{{ .Values.a }}".to_owned()));
    }
    if random.chance(8) {
        files.push(("values.schema.json".to_owned(), SCHEMA.to_owned()));
    }
    if depth == 0 && random.chance(5) {
        files.push((
            ".helmignore".to_owned(),
            random.pick(&["crds/", "*.tgz", "charts/alpha", "/values.yaml"]).to_owned(),
        ));
    }
    Chart { name, files, subcharts }
}

const SCHEMA: &str = r#"{"properties": {"a": {"type": ["integer", "object", "null"]}}}"#;

/// A template that shows what a chart sees.
const TEMPLATE: &str = r#"at: {{ .Template.Name }} {{ .Template.BasePath }}
chart: {{ .Chart.Name }} {{ .Chart.IsRoot }} {{ .Chart.Type }} {{ len .Chart.Dependencies }}
# needs: {{ range .Chart.Dependencies }}[{{ .Name }} {{ .Alias }} {{ .Enabled }} {{ .ImportValues }}]{{ end }}
values: {{ toJson .Values | quote }}
below: {{ range $k, $v := .Subcharts }}{{ $k }}={{ toJson $v.Values | quote }} {{ end }}
shared: {{ if .Chart.IsRoot }}{{ include "all" . }}{{ end }}{{ define "all" }}{{ .Chart.Name }}{{ end }}
"#;

/// The list of dependencies; empty if there are none.
fn requirements(subcharts: &[(String, Chart, bool)], random: &mut Random) -> String {
    let mut text = String::new();
    let mut listed: Vec<&str> = Vec::new();
    for (_, chart, _) in subcharts.iter().filter(|(folder, ..)| !folder.starts_with('_')) {
        if random.chance(25) {
            continue;
        }
        for _ in 0..1 + random.below(2) {
            listed.push(chart.name);
        }
    }
    if random.chance(2) {
        listed.push("missing");
    }
    for name in listed {
        let version = random.pick(&["*", "*", "1.x", "^1", ">0.0.0-0", "1.0.0", "^2", "~9"]);
        let _ = write!(text, "- name: {name}\n  version: '{version}'\n");
        if random.chance(45) {
            let _ = writeln!(text, "  alias: {}", random.pick(&ALIASES));
        }
        if random.chance(45) {
            let mut paths = Vec::new();
            for _ in 0..1 + random.below(3) {
                paths.push(match random.below(3) {
                    0 => format!("{name}.enabled"),
                    1 => format!("{}.enabled", random.pick(&ALIASES)),
                    _ => random.pick(&PATHS).to_owned(),
                });
            }
            let joined = paths.join(random.pick(&[",", ",", ", ", " ,", ",,"]));
            let _ = writeln!(text, "  condition: '{}{joined}'", random.pick(&["", "", " "]));
        }
        if random.chance(30) {
            let _ = writeln!(text, "  tags: [{}, {}]", random.pick(&TAGS), random.pick(&TAGS));
        }
        if random.chance(35) {
            let _ = writeln!(text, "  import-values:");
            for _ in 0..1 + random.below(3) {
                if random.chance(40) {
                    let _ = writeln!(text, "  - {}", random.pick(&["data", "more", "none"]));
                } else {
                    let child = random.pick(&["conf", "exports.data", "global", "a", "alpha", "one.conf", "none", "."]);
                    let parent = random.pick(&["conf", ".", "a", "a.b", "global", "alpha", "one", "exports.data"]);
                    let _ = writeln!(text, "  - {{child: {child}, parent: {parent}}}");
                }
            }
        }
    }
    if text.is_empty() {
        return if random.chance(10) { "dependencies: []\n".to_owned() } else { text };
    }
    format!("dependencies:\n{text}")
}

/// A values file that may speak to subcharts of these names.
fn values(subcharts: &[&str], random: &mut Random) -> String {
    let mut text = String::new();
    let mut seen = Vec::new();
    for _ in 0..random.below(7) {
        let key = match random.below(10) {
            0..=2 if !subcharts.is_empty() => random.pick(subcharts),
            3 => random.pick(&ALIASES),
            4 => "global",
            5 => "tags",
            6 => "exports",
            _ => random.pick(&["a", "b", "conf", "enabled", "on", "x"]),
        };
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let value = match key {
            "tags" => format!("{{front: {}, back: {}}}", scalar(random), scalar(random)),
            "exports" => format!("{{data: {}, more: {}}}", map(2, random), map(1, random)),
            "conf" | "global" => map(2, random),
            "enabled" | "on" => scalar(random),
            key if NAMES.contains(&key) || ALIASES.contains(&key) => match random.below(8) {
                0 => scalar(random),
                _ => map(3, random),
            },
            _ => any(2, random),
        };
        let _ = writeln!(text, "{key}: {value}");
    }
    text
}

fn any(depth: usize, random: &mut Random) -> String {
    match random.below(4) {
        0 | 1 if depth > 0 => map(depth, random),
        2 if depth > 0 => format!("[{}, {}]", scalar(random), any(depth - 1, random)),
        _ => scalar(random),
    }
}

fn map(depth: usize, random: &mut Random) -> String {
    let mut entries: Vec<String> = Vec::new();
    for key in ["a", "b", "on", "enabled", "conf", "global", "alpha", "beta", "one", "k"] {
        if random.chance(22) {
            let value =
                if depth == 0 || matches!(key, "on" | "enabled") { scalar(random) } else { any(depth - 1, random) };
            entries.push(format!("{key}: {value}"));
        }
    }
    format!("{{{}}}", entries.join(", "))
}

fn scalar(random: &mut Random) -> String {
    random.pick(&["null", "null", "true", "false", "true", "false", "1", "2.5", "text", "'5'", "~", "''"]).to_owned()
}

/// The files of a chart, those of subcharts included.
fn files(chart: &Chart) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut all: Vec<(String, Vec<u8>)> =
        chart.files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    for (folder, sub, archive) in &chart.subcharts {
        if *archive {
            all.push((format!("charts/{folder}"), packed(sub)?));
        } else {
            all.extend(files(sub)?.into_iter().map(|(name, data)| (format!("charts/{folder}/{name}"), data)));
        }
    }
    Ok(all)
}

fn packed(chart: &Chart) -> anyhow::Result<Vec<u8>> {
    let entry =
        |(name, data): (String, Vec<u8>)| Entry { name: format!("{}/{name}", chart.name), data, executable: false };
    tgz(&files(chart)?.into_iter().map(entry).collect::<Vec<_>>())
}
