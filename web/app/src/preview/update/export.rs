//! What leaves the page: links, texts and command lines that are copied, and files.

use std::collections::BTreeSet;

use chartwright_values::{Map, Value, to_text};

use super::super::effects::platform_text;
use super::super::input::release_name;
use super::super::open::{Opened, Source};
use super::super::outcome::Outcome;
use super::super::share;
use super::super::state::{Copied, Downloaded, Effect, State};
use super::super::values::Values;
use crate::route::Route;
use crate::words::{argument, count};

/// What stands in manifests in place of what must not be seen.
const HIDDEN: &str = "REDACTED";

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
            let left_out = values.secret_paths();
            if !left_out.is_empty() {
                effects.push(Effect::Tell(format!("The link is without {}", count(left_out.len(), "password"))));
            }
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
        Copied::Manifests => match result {
            Some(result) => {
                effects.push(Effect::Copy(result.printed().to_owned(), "Copied all manifests"));
                effects.extend(caveat(state, result));
            }
            None => effects.push(nothing()),
        },
        Copied::Render => effects.push(Effect::Copy(render_command(state, opened), "Copied the command")),
        Copied::Helm => effects.push(Effect::Copy(helm_command(state, opened), "Copied the command")),
    }
}

/// There is nothing to take along.
fn nothing() -> Effect {
    Effect::Tell("There are no manifests yet: Problems says why".to_owned())
}

/// What must be known of manifests that leave the page.
fn caveat(state: &State, result: &Outcome) -> Option<Effect> {
    if state.result.is_stale() {
        return Some(Effect::Tell("These manifests are from before the last change, which does not render".to_owned()));
    }
    let hidden = result.printed().contains(HIDDEN);
    hidden.then(|| Effect::Tell(format!("The platform's account and token are hidden in them: {HIDDEN}")))
}

/// The release's name and its namespace: of a chart, what the platform's form says; of a descriptor, its own.
fn release(state: &State, opened: &Opened) -> (String, String) {
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
            let mut command =
                format!("chartwright template {} {} --include-crds", argument(&name), argument(&chart_file(opened)));
            if !state.platform.namespace.trim().is_empty() {
                command.push_str(&format!(" --namespace {}", argument(&namespace)));
            }
            if state.result.shown().is_some_and(|result| !result.asked.lookups.is_empty()) {
                notes.push("it looks objects up: give them with --objects".to_owned());
            }
            command
        }
        Source::Descriptor { charts, .. } => {
            let mut command = format!("chartwright render {}", argument(&opened.file));
            let sources: BTreeSet<(&str, &str, &str)> = charts
                .iter()
                .map(|(wanted, ..)| &wanted.source)
                .map(|source| (source.namespace.as_str(), source.name.as_str(), source.kind.as_str()))
                .collect();
            for (namespace, name, kind) in sources {
                notes.push(format!("{name}: the folder, archive or URL of the {kind} {namespace}/{name}"));
                command.push_str(&format!(" --source {}", argument(&format!("{namespace}/{name}={name}"))));
            }
            if state.platform.facts().is_some() {
                notes.push("platform.yaml: Deploy offers it".to_owned());
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
    let has_own = state.values.as_ref().is_some_and(|values| !values.text().trim().is_empty());
    if has_own { " --values values.yaml" } else { "" }
}

/// The chart as it is downloaded; a folder is there already.
fn chart_file(opened: &Opened) -> String {
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

/// Offers something as a file.
pub(super) fn download(state: &State, what: Downloaded, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values)) = (state.opened.shown(), &state.values) else { return };
    let yaml = "application/yaml";
    let name = safe(&opened.chart.name);
    let result = state.result.shown();
    match what {
        Downloaded::Values => {
            effects.push(Effect::Download("values.yaml".into(), yaml, values.text().as_bytes().to_vec()));
        }
        Downloaded::Manifests | Downloaded::Zip => {
            let Some(result) = result else { return effects.push(nothing()) };
            effects.push(match what {
                Downloaded::Zip => Effect::Zip(format!("{name}.zip"), files(opened, values, result)),
                _ => {
                    let text = result.printed().as_bytes().to_vec();
                    Effect::Download(format!("{name}-manifests.yaml"), yaml, text)
                }
            });
            effects.extend(caveat(state, result));
        }
        Downloaded::Chart if !opened.archive.is_empty() => {
            effects.push(Effect::Download(chart_file(opened), "application/gzip", opened.archive.to_vec()));
        }
        Downloaded::Chart => {}
        Downloaded::HelmRelease => {
            let text = helm_release(state, opened);
            if values.broken().is_some() {
                let says = "Your YAML cannot be read: the HelmRelease has the values from before";
                effects.push(Effect::Tell(says.to_owned()));
            }
            effects.push(Effect::Download(format!("{name}-helmrelease.yaml"), yaml, text.into_bytes()));
        }
        Downloaded::Descriptor => {
            if let Source::Descriptor { text, .. } = &opened.source {
                effects.push(Effect::Download(opened.file.clone(), yaml, text.as_bytes().to_vec()));
            }
        }
        Downloaded::Platform => {
            effects.push(Effect::Download("platform.yaml".into(), yaml, platform(state).into_bytes()));
        }
    }
}

/// A part of a path that stays one.
fn safe(text: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-._+".contains(c) { c } else { '_' };
    let name: String = text.chars().map(letter).collect();
    if name.trim_matches('.').is_empty() { format!("_{name}") } else { name }
}

/// The platform's facts as `--platform` reads them, without the token, which stays on the page.
fn platform(state: &State) -> String {
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

/// A file for each object, the override and the notes.
fn files(opened: &Opened, values: &Values, result: &Outcome) -> Vec<(String, Vec<u8>)> {
    let root = safe(&opened.chart.name);
    let mut files = Vec::new();
    let mut taken = BTreeSet::new();
    for object in &result.objects {
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

/// A HelmRelease that installs this chart with these values. Where the chart comes from is for the reader to say. The
/// values are written anew: their text may begin or end a document, and lines of it may be none where it is set in.
pub(super) fn helm_release(state: &State, opened: &Opened) -> String {
    let (name, namespace) = release(state, opened);
    let text = |text: &str| Value::from(text);
    let repository = map([("kind", text("HelmRepository")), ("name", text("charts"))]);
    let chart =
        map([("chart", text(&opened.chart.name)), ("version", text(&opened.version)), ("sourceRef", repository)]);
    let mut spec = vec![("interval", text("10m")), ("chart", map([("spec", chart)]))];
    let mut out = String::from("# The HelmRepository `charts` stands for the one that has the chart.\n");
    if let Some(values) = &state.values {
        let left_out = values.left_out();
        if !left_out.is_empty() {
            out.push_str(
                "#\n# Passwords are left out of this file. Put them into a Secret with a key values.yaml, and name it below spec:\n\
                 #   valuesFrom:\n#     - kind: Secret\n#       name: passwords\n# These are left out:\n",
            );
            left_out.iter().for_each(|path| out.push_str(&format!("#   {}\n", printable(path))));
        }
        let values = values.kept_values();
        if !values.is_empty_collection() {
            spec.push(("values", values));
        }
    }
    out += &to_text(&map([
        ("apiVersion", text("helm.toolkit.fluxcd.io/v2")),
        ("kind", text("HelmRelease")),
        ("metadata", map([("name", text(&name)), ("namespace", text(&namespace))])),
        ("spec", map(spec)),
    ]));
    out
}

fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::from(entries.into_iter().map(|(key, value)| (key.into(), value)).collect::<Map>())
}

/// A text on one line, whatever a reader takes for the end of one, and with nothing that cannot be seen.
fn printable(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let shown = text.chars().map(|c| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() });
    shown.collect()
}
