//! Whether cost stays linear: charts that are generated larger and larger.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::table::{ratio, time};
use super::{Programs, measure};
use crate::paths;

/// Prints a row a size, and how much a unit costs at the largest beside the smallest.
pub(super) fn print(programs: &Programs) -> anyhow::Result<()> {
    let dir = paths::target().join("bench");
    println!("\nGrowth: time per unit (subchart, call) as the chart grows");
    println!(
        "{:<10} {:>8} {:>12} {:>12} {:>12} {:>12} {:>8}",
        "chart", "units", "Helm", "per unit", "Chartwright", "per unit", "ratio"
    );
    let mut umbrella = Vec::new();
    for subcharts in [10, 20, 40, 80, 120] {
        umbrella.push(row(programs, "umbrella", subcharts, &write_umbrella(&dir, subcharts)?, &[], 7)?);
    }
    print_growth("umbrella", &umbrella);
    for function in ["include", "tpl", "tplsame"] {
        let chart = write_calls(&dir, function)?;
        let mut rows = Vec::new();
        for calls in [100, 1_000, 10_000, 100_000] {
            let runs = if calls > 10_000 { 3 } else { 7 };
            let set = ["--set".to_owned(), format!("calls={calls}")];
            rows.push(row(programs, function, calls, &chart, &set, runs)?);
        }
        print_growth(function, &rows);
    }
    Ok(())
}

/// Time per unit: Helm's and ours.
type Row = (Option<f64>, f64);

fn row(
    programs: &Programs,
    name: &str,
    units: usize,
    chart: &Path,
    set: &[String],
    runs: usize,
) -> anyhow::Result<Row> {
    let helm = match &programs.oracle {
        Some(oracle) => Some(measure(oracle, "bench", runs, chart, set)?.median_ns),
        None => None,
    };
    let ours = measure(&programs.bench, "render", runs, chart, set)?.median_ns;
    let per_unit = |ns: f64| ns / units as f64;
    println!(
        "{name:<10} {units:>8} {:>12} {:>12} {:>12} {:>12} {:>8}",
        helm.map_or_else(|| "-".into(), time),
        helm.map_or_else(|| "-".into(), |h| time(per_unit(h))),
        time(ours),
        time(per_unit(ours)),
        ratio(helm.map(|h| h / ours))
    );
    Ok((helm.map(per_unit), per_unit(ours)))
}

fn print_growth(name: &str, rows: &[Row]) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let helm = last.0.zip(first.0).map(|(l, f)| l / f);
    println!(
        "{name:<10} {:>8} {:>12} {:>12} {:>12} {:>12}   largest beside smallest, per unit",
        "",
        "",
        helm.map_or_else(|| "-".into(), |g| format!("{g:.2} x")),
        "",
        format!("{:.2} x", last.1 / first.1)
    );
}

/// A chart whose dependencies are `subcharts` small services, with globals,
/// conditions and a library of names.
fn write_umbrella(dir: &Path, subcharts: usize) -> anyhow::Result<PathBuf> {
    let chart = dir.join(format!("umbrella-{subcharts}"));
    let mut meta = String::from("apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies:\n");
    let mut values = String::from(
        "global:\n  domain: example.org\n  registry: registry.example.org\n  labels: {team: platform, stage: test}\n",
    );
    for i in 0..subcharts {
        writeln!(meta, "  - {{name: service{i}, version: 1.x, condition: service{i}.enabled}}")?;
        writeln!(values, "service{i}:\n  enabled: true\n  replicas: {}\n  env: {{A: \"{i}\", B: two}}", i % 5)?;
        let sub = chart.join("charts").join(format!("service{i}"));
        write(
            &sub.join("Chart.yaml"),
            &format!("apiVersion: v2\nname: service{i}\nversion: 1.2.{i}\nappVersion: \"{i}\"\n"),
        )?;
        write(&sub.join("values.yaml"), SERVICE_VALUES)?;
        write(&sub.join("templates").join("_helpers.tpl"), &SERVICE_HELPERS.replace("NAME", &format!("service{i}")))?;
        write(&sub.join("templates").join("all.yaml"), &SERVICE_TEMPLATE.replace("NAME", &format!("service{i}")))?;
    }
    write(&chart.join("Chart.yaml"), &meta)?;
    write(&chart.join("values.yaml"), &values)?;
    write(
        &chart.join("templates").join("cm.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {domain: {{ .Values.global.domain }}}\n",
    )?;
    Ok(chart)
}

const SERVICE_VALUES: &str = "enabled: false\nreplicas: 1\nimage: {name: app, tag: \"\"}\nenv: {}\nports:\n  - {name: http, port: 80}\n  - {name: metrics, port: 9090}\nresources: {limits: {cpu: 100m, memory: 64Mi}}\n";

const SERVICE_HELPERS: &str = "{{- define \"NAME.fullname\" -}}{{ printf \"%s-%s\" .Release.Name .Chart.Name | trunc 63 | trimSuffix \"-\" }}{{- end -}}
{{- define \"NAME.labels\" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{ toYaml .Values.global.labels }}
{{- end -}}
";

const SERVICE_TEMPLATE: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include \"NAME.fullname\" . }}
  labels: {{- include \"NAME.labels\" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: main
          image: {{ .Values.global.registry }}/{{ .Values.image.name }}:{{ .Values.image.tag | default .Chart.AppVersion }}
          env:
            {{- range $k, $v := .Values.env }}
            - {name: {{ $k }}, value: {{ $v | quote }}}
            {{- end }}
          resources: {{- toYaml .Values.resources | nindent 12 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include \"NAME.fullname\" . }}
  labels: {{- include \"NAME.labels\" . | nindent 4 }}
spec:
  ports: {{- toYaml .Values.ports | nindent 4 }}
";

/// A chart that calls one function `.Values.calls` times: `include`, `tpl` of
/// ever different strings, or `tpl` of the same string.
fn write_calls(dir: &Path, function: &str) -> anyhow::Result<PathBuf> {
    let chart = dir.join(format!("calls-{function}"));
    let call = match function {
        "include" => "include \"calls.line\" (dict \"i\" $i \"root\" $)",
        "tpl" => "tpl (printf \"name-%d: {{ .Values.word | upper }}\" $i) $",
        _ => "tpl $.Values.line $",
    };
    write(&chart.join("Chart.yaml"), "apiVersion: v2\nname: calls\nversion: 1.0.0\n")?;
    write(&chart.join("values.yaml"), "calls: 1\nword: hello\nline: \"name: {{ .Values.word | upper }}\"\n")?;
    write(
        &chart.join("templates").join("cm.yaml"),
        &format!(
            "{{{{- define \"calls.line\" }}}}name-{{{{ .i }}}}: {{{{ .root.Values.word | upper }}}}{{{{ end -}}}}
apiVersion: v1
kind: ConfigMap
metadata: {{name: calls}}
data:
  lines: |
    {{{{- range $i, $_ := until (int .Values.calls) }}}}
    {{{{ {call} }}}}
    {{{{- end }}}}
"
        ),
    )?;
    Ok(chart)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, text)?)
}
