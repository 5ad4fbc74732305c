//! What leaves the page: links, texts and command lines that are copied, and files.

use std::collections::BTreeSet;

use super::super::effects::platform_text;
use super::super::open::{Opened, Source};
use super::super::outcome::Outcome;
use super::super::share;
use super::super::state::{Copied, Downloaded, Effect, State};
use super::super::values::Values;
use crate::route::Route;

/// Copies something.
pub(super) fn copy(state: &State, what: Copied, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values)) = (state.opened.shown(), &state.values) else { return };
    let result = state.result.shown();
    match what {
        Copied::Link => {
            let text = values.kept_text();
            // What others see as well needs not be said: the facts that the page starts with.
            let platform = super::PlatformForm { username: String::new(), ..state.platform.clone() };
            let usual = super::PlatformForm::preset("demo").is_some_and(|demo| demo == state.platform);
            let platform = if usual { String::new() } else { platform_text(&platform) };
            let fragment = share::pack_with(&text, &platform);
            effects.push(Effect::CopyLink(Route { fragment, ..state.route.clone() }));
        }
        Copied::ObjectLink(key) => {
            let route = Route { fragment: String::new(), ..state.route.clone() };
            effects.push(Effect::CopyLink(route.with("tab", "").with("line", "").with("object", key)));
        }
        Copied::Object(key) => {
            if let Some(object) = result.and_then(|result| result.object(&key)) {
                effects.push(Effect::Copy(object.text.as_str().to_owned(), "Copied the object"));
            }
        }
        Copied::Manifests => {
            effects.push(match result {
                Some(result) => Effect::Copy(result.printed().to_owned(), "Copied all manifests"),
                None => nothing(),
            });
        }
        Copied::Render => effects.push(Effect::Copy(render_command(state, opened), "Copied the command")),
        Copied::Helm => effects.push(Effect::Copy(helm_command(state, opened), "Copied the command")),
    }
}

/// There is no result to copy or to download.
fn nothing() -> Effect {
    Effect::Tell("There are no manifests: it does not render yet".to_owned())
}

/// The command that renders the same on a command line: a chart as Helm's, a descriptor on all levels.
pub(super) fn render_command(state: &State, opened: &Opened) -> String {
    let form = &state.platform;
    let mut command = match &opened.source {
        Source::Chart => {
            let namespace = form.namespace.trim();
            let mut command =
                format!("chartwright template {} {} --include-crds", release(state, opened), chart_file(opened));
            if !namespace.is_empty() {
                command.push_str(&format!(" --namespace {namespace}"));
            }
            command
        }
        Source::Descriptor { .. } => {
            let tool = if state.look.helm { " --as helm" } else { "" };
            format!("chartwright render {} --platform platform.yaml{tool}", opened.file)
        }
    };
    if !form.kube_version.trim().is_empty() {
        command.push_str(&format!(" --kube-version {}", form.kube_version.trim()));
    }
    if state.values.as_ref().is_some_and(|values| !values.text().trim().is_empty()) {
        command.push_str(" --values values.yaml");
    }
    command
}

/// The release's name.
fn release<'s>(state: &'s State, opened: &'s Opened) -> &'s str {
    match state.platform.release.trim() {
        "" => &opened.chart.name,
        name => name,
    }
}

/// The chart as it is downloaded; a folder is there already.
fn chart_file(opened: &Opened) -> String {
    match opened.archive.is_empty() {
        true => opened.file.clone(),
        false => format!("{}-{}.tgz", opened.chart.name, opened.chart.version),
    }
}

/// The command that installs it.
pub(super) fn helm_command(state: &State, opened: &Opened) -> String {
    let mut command = format!("helm install {} {}", release(state, opened), chart_file(opened));
    if !state.platform.namespace.trim().is_empty() {
        command.push_str(&format!(" --namespace {} --create-namespace", state.platform.namespace.trim()));
    }
    if state.values.as_ref().is_some_and(|values| !values.text().trim().is_empty()) {
        command.push_str(" --values values.yaml");
    }
    command
}

/// Offers something as a file.
pub(super) fn download(state: &State, what: Downloaded, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values)) = (state.opened.shown(), &state.values) else { return };
    let yaml = "application/yaml";
    match what {
        Downloaded::Values => {
            effects.push(Effect::Download("values.yaml".into(), yaml, values.text().as_bytes().to_vec()));
        }
        Downloaded::Manifests => {
            if let Some(result) = state.result.shown() {
                let name = format!("{}-manifests.yaml", opened.chart.name);
                effects.push(Effect::Download(name, yaml, result.printed().as_bytes().to_vec()));
            } else {
                effects.push(nothing());
            }
        }
        Downloaded::Zip => {
            if let Some(result) = state.result.shown() {
                effects.push(Effect::Zip(format!("{}.zip", opened.chart.name), files(opened, values, result)));
            } else {
                effects.push(nothing());
            }
        }
        Downloaded::Chart if !opened.archive.is_empty() => {
            effects.push(Effect::Download(chart_file(opened), "application/gzip", opened.archive.to_vec()));
        }
        Downloaded::Chart => {}
        Downloaded::HelmRelease => {
            let text = helm_release(state, opened);
            effects.push(Effect::Download(format!("{}-helmrelease.yaml", opened.chart.name), yaml, text.into_bytes()));
        }
        Downloaded::Descriptor => {
            if let Source::Descriptor { text, .. } = &opened.source {
                effects.push(Effect::Download(opened.file.clone(), yaml, text.as_bytes().to_vec()));
            }
        }
    }
}

/// A file for each object, the override and the notes.
fn files(opened: &Opened, values: &Values, result: &Outcome) -> Vec<(String, Vec<u8>)> {
    let root = &opened.chart.name;
    let mut files = Vec::new();
    let mut taken = BTreeSet::new();
    for object in &result.objects {
        let safe = |text: &str| -> String {
            text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' }).collect()
        };
        let group = safe(object.head.component.as_deref().unwrap_or("manifests"));
        let mut path =
            format!("{root}/{group}/{}-{}.yaml", safe(&object.head.kind).to_lowercase(), safe(&object.head.name));
        while !taken.insert(path.clone()) {
            path.insert_str(path.len() - ".yaml".len(), "-2");
        }
        files.push((path, object.text.as_str().as_bytes().to_vec()));
    }
    files.push((format!("{root}/values.yaml"), values.text().as_bytes().to_vec()));
    if !result.notes.is_empty() {
        files.push((format!("{root}/NOTES.txt"), result.notes.as_bytes().to_vec()));
    }
    files
}

/// A HelmRelease that installs this chart with these values. Where the chart comes from is for the reader to say.
pub(super) fn helm_release(state: &State, opened: &Opened) -> String {
    let name = release(state, opened);
    let namespace = match state.platform.namespace.trim() {
        "" => "default",
        namespace => namespace,
    };
    let mut text = format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: {name}\n  namespace: {namespace}\nspec:\n  \
         interval: 10m\n  chart:\n    spec:\n      chart: {}\n      version: \"{}\"\n      sourceRef:\n        \
         kind: HelmRepository\n        name: charts # the repository that has the chart\n",
        opened.chart.name, opened.chart.version
    );
    let values = state.values.as_ref().map(|values| values.kept_text()).unwrap_or_default();
    if !values.trim().is_empty() {
        text.push_str("  values:\n");
        for line in values.lines() {
            if !line.is_empty() {
                text.push_str("    ");
            }
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}
