//! What renders or installs the same elsewhere: command lines, and the files that they name.

use std::collections::BTreeSet;

use chartwright_values::{Value, to_text};
use contract::{ChartSource, ChartWanted, Role};

use super::super::input::release_name;
use super::super::open::{Opened, Source};
use super::super::state::{Effect, State};
use crate::words::argument;

/// The command's file among the inputs.
const SCRIPT: &str = "render.sh";

/// The release's name and its namespace: of a chart, what the platform's form says; of a descriptor, its own.
pub(super) fn release(state: &State, opened: &Opened) -> (String, String) {
    let or = |text: &str, other: &str| if text.trim().is_empty() { other.to_owned() } else { text.trim().to_owned() };
    let own = match &opened.source {
        Source::Chart => None,
        Source::Descriptor { .. } => {
            state.result.shown().and_then(|result| result.releases.iter().min_by_key(|release| release.level))
        }
    };
    match (&opened.source, own) {
        (Source::Chart, _) => {
            (or(&state.platform.release, &release_name(&opened.chart.name)), or(&state.platform.namespace, "default"))
        }
        (Source::Descriptor { .. }, Some(release)) => (release.name.clone(), release.namespace.clone()),
        (Source::Descriptor { .. }, None) => (opened.chart.name.clone(), "default".to_owned()),
    }
}

/// The command that renders the same on a command line: a chart as Helm's, a descriptor on all levels.
pub(super) fn render_command(state: &State, opened: &Opened) -> String {
    let mut notes = Vec::new();
    let mut command = match &opened.source {
        Source::Chart => {
            let (name, namespace) = release(state, opened);
            let mut command = format!("chartwright template {} {}", argument(&name), argument(&chart_file(opened)));
            let result = state.result.shown();
            if result.is_none_or(|result| result.objects.iter().any(|object| object.head.role == Role::Crd)) {
                command.push_str(" --include-crds");
            }
            if !state.platform.namespace.trim().is_empty() {
                command.push_str(&format!(" --namespace {}", argument(&namespace)));
            }
            for lookup in result.iter().flat_map(|result| &result.asked.lookups) {
                let names = [&lookup.namespace, &lookup.name].map(|name| if name.is_empty() { "*" } else { name });
                notes.push(format!("it looks up {} {}: give it with --objects", lookup.kind, names.join("/")));
            }
            command
        }
        Source::Descriptor { charts, .. } => {
            let mut command = format!("chartwright render {}", argument(&descriptor_file(opened)));
            let sources: BTreeSet<String> =
                charts.iter().map(|(wanted, digest, _)| source(opened, wanted, digest)).collect();
            if !sources.is_empty() {
                notes.push("its files: Deploy, Download the inputs".to_owned());
            }
            for source in sources {
                command.push_str(&format!(" --source {}", argument(&source)));
            }
            if state.platform.facts().is_some() {
                command.push_str(" --platform platform.yaml");
            }
            if state.look.helm {
                command.push_str(" --as helm");
            }
            command
        }
    };
    if !state.platform.kube_version.trim().is_empty() {
        command.push_str(&format!(" --kube-version {}", argument(state.platform.kube_version.trim())));
    }
    command.push_str(values_flag(state));
    notes.iter().map(|note| format!("# {}\n", note.replace(char::is_control, " "))).collect::<String>() + &command
}

fn values_flag(state: &State) -> &'static str {
    if has_values(state) { " --values values.yaml" } else { "" }
}

fn has_values(state: &State) -> bool {
    state.values.as_ref().is_some_and(|values| !values.text().trim().is_empty())
}

/// A source, and its place among the inputs: a folder of charts, or the chart that it is.
fn source(opened: &Opened, wanted: &ChartWanted, digest: &str) -> String {
    let ChartSource { kind, namespace, name } = &wanted.source;
    let place = if wanted.chart.is_empty() { base_file(opened, wanted, digest) } else { folder(&wanted.source) };
    format!("{kind}/{namespace}/{name}={place}")
}

fn folder(source: &ChartSource) -> String {
    ["sources", &safe(&source.kind), &safe(&source.namespace), &safe(&source.name)].join("/")
}

/// Where a base chart is among the inputs: where it is looked for in its source. A repository of files has its folder,
/// which ends in `/` here; others have archives, which say their versions.
fn base_file(opened: &Opened, wanted: &ChartWanted, digest: &str) -> String {
    let folder = folder(&wanted.source);
    if wanted.chart.contains('/') || matches!(wanted.source.kind.as_str(), "GitRepository" | "Bucket") {
        let path = wanted.chart.split('/').filter(|part| !matches!(*part, "" | "." | "..")).map(safe);
        return format!("{folder}/{}/", path.collect::<Vec<_>>().join("/"));
    }
    let base = opened.bases.iter().find(|base| base.digest == digest);
    let (name, version) = base.map_or(("chart", "0"), |base| (base.name.as_str(), base.version.as_str()));
    format!("{folder}/{}-{}.tgz", safe(name), safe(version))
}

/// The descriptor as it is downloaded.
fn descriptor_file(opened: &Opened) -> String {
    safe(opened.file.rsplit('/').next().unwrap_or_default())
}

/// Everything that `chartwright render` needs for the same result, and its command.
pub(super) fn zip(
    state: &State,
    opened: &Opened,
    descriptor: &str,
    charts: &[(ChartWanted, String, Option<String>)],
) -> Effect {
    let root = safe(&opened.chart.name);
    let mut files = vec![(descriptor_file(opened), descriptor.to_owned())];
    if state.platform.facts().is_some() {
        files.push(("platform.yaml".to_owned(), platform(state)));
    }
    if let Some(values) = state.values.as_ref().filter(|_| has_values(state)) {
        files.push(("values.yaml".to_owned(), values.text().to_string()));
    }
    files.push((SCRIPT.to_owned(), format!("#!/bin/sh\n{}\n", render_command(state, opened))));
    let kept: BTreeSet<(String, String)> = charts
        .iter()
        .map(|(wanted, digest, _)| (format!("{root}/{}", base_file(opened, wanted, digest)), digest.clone()))
        .collect();
    Effect::Zip {
        name: format!("{root}-inputs.zip"),
        files: files.into_iter().map(|(path, text)| (format!("{root}/{path}"), text.into_bytes())).collect(),
        kept: kept.into_iter().collect(),
    }
}

/// The chart as it is downloaded; a folder is there already.
pub(super) fn chart_file(opened: &Opened) -> String {
    match opened.archive.is_empty() {
        true => opened.file.clone(),
        false => format!("{}-{}.tgz", safe(&opened.chart.name), safe(&opened.chart.version)),
    }
}

/// The command that installs it.
pub(super) fn helm_command(state: &State, opened: &Opened) -> String {
    let (name, namespace) = release(state, opened);
    let mut command = format!("helm install {} {}", argument(&name), argument(&chart_file(opened)));
    if namespace != "default" {
        command.push_str(&format!(" --namespace {} --create-namespace", argument(&namespace)));
    }
    command.push_str(values_flag(state));
    command
}

/// The platform's facts as `--platform` reads them, without the token, which stays on the page.
pub(super) fn platform(state: &State) -> String {
    let facts = state.platform.facts().unwrap_or_default();
    let mut text =
        String::from("# What base charts read of the platform. The token is not the real one: put yours here.\n");
    let given = [
        ("registry", facts.registry),
        ("repository", facts.repository),
        ("domain", facts.domain),
        ("username", facts.username),
        ("token", facts.token.map(|_| "not-a-real-token".to_owned())),
    ];
    for (key, fact) in given {
        if let Some(fact) = fact {
            text.push_str(&format!("{key}: {}\n", scalar(&fact)));
        }
    }
    text
}

/// A text as a scalar of YAML.
fn scalar(text: &str) -> String {
    to_text(&Value::from(text)).trim_end().to_owned()
}

/// A part of a path that stays one.
pub(super) fn safe(text: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-._+".contains(c) { c } else { '_' };
    let name: String = text.chars().map(letter).collect();
    if name.trim_matches('.').is_empty() { format!("_{name}") } else { name }
}
