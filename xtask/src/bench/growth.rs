//! Whether cost stays linear: charts that are generated larger and larger.

use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::table::{ratio, time};
use super::{Programs, measure};
use crate::paths;

/// Prints a row a size, and how much a unit costs at the largest beside the smallest.
pub(super) fn print(programs: &Programs) -> anyhow::Result<()> {
    let dir = paths::target().join("bench");
    println!("\nGrowth: least time per unit (subchart, call) as the chart grows");
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
        Some(oracle) => Some(least(oracle, "bench", runs, chart, set)?),
        None => None,
    };
    let ours = least(&programs.bench, "render", runs, chart, set)?;
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

/// The least time of some runs: how cost grows must not hang on what else the machine does.
fn least(program: &Path, command: &str, runs: usize, chart: &Path, set: &[String]) -> anyhow::Result<f64> {
    let measured = measure(program, command, runs, chart, set)?;
    Ok(measured.min_ns.unwrap_or(measured.median_ns))
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
    let mut chart = Archive::new("umbrella");
    let mut meta = String::from("apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies:\n");
    let mut values = String::from(
        "global:\n  domain: example.org\n  registry: registry.example.org\n  labels: {team: platform, stage: test}\n",
    );
    for i in 0..subcharts {
        writeln!(meta, "  - {{name: service{i}, version: 1.x, condition: service{i}.enabled}}")?;
        writeln!(values, "service{i}:\n  enabled: true\n  replicas: {}\n  env: {{A: \"{i}\", B: two}}", i % 5)?;
        let (sub, name) = (format!("charts/service{i}"), format!("service{i}"));
        let about = format!("apiVersion: v2\nname: service{i}\nversion: 1.2.{i}\nappVersion: \"{i}\"\n");
        chart.add(&format!("{sub}/Chart.yaml"), &about)?;
        chart.add(&format!("{sub}/values.yaml"), SERVICE_VALUES)?;
        chart.add(&format!("{sub}/templates/_helpers.tpl"), &SERVICE_HELPERS.replace("NAME", &name))?;
        chart.add(&format!("{sub}/templates/all.yaml"), &SERVICE_TEMPLATE.replace("NAME", &name))?;
    }
    chart.add("Chart.yaml", &meta)?;
    chart.add("values.yaml", &values)?;
    chart.add(
        "templates/cm.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {domain: {{ .Values.global.domain }}}\n",
    )?;
    chart.write(&dir.join(format!("umbrella-{subcharts}.tgz")))
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
    let mut chart = Archive::new("calls");
    let call = match function {
        "include" => "include \"calls.line\" (dict \"i\" $i \"root\" $)",
        "tpl" => "tpl (printf \"name-%d: {{ .Values.word | upper }}\" $i) $",
        _ => "tpl $.Values.line $",
    };
    chart.add("Chart.yaml", "apiVersion: v2\nname: calls\nversion: 1.0.0\n")?;
    chart.add("values.yaml", "calls: 1\nword: hello\nline: \"name: {{ .Values.word | upper }}\"\n")?;
    chart.add(
        "templates/cm.yaml",
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
    chart.write(&dir.join(format!("calls-{function}.tgz")))
}

/// A chart's archive that is being made.
struct Archive {
    name: &'static str,
    tar: tar::Builder<GzEncoder<Vec<u8>>>,
}

impl Archive {
    fn new(name: &'static str) -> Archive {
        Archive { name, tar: tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default())) }
    }

    fn add(&mut self, path: &str, text: &str) -> anyhow::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        Ok(self.tar.append_data(&mut header, format!("{}/{path}", self.name), text.as_bytes())?)
    }

    fn write(self, path: &Path) -> anyhow::Result<PathBuf> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let bytes = self.tar.into_inner()?.finish()?;
        std::io::Write::write_all(&mut File::create(path)?, &bytes)?;
        Ok(path.to_path_buf())
    }
}
