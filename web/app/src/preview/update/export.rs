//! What leaves the page: links, texts and command lines that are copied, and files.

use std::collections::BTreeSet;

use chartwright_values::{Map, Value, to_text};

use super::super::effects::platform_text;
use super::super::open::{Opened, Source};
use super::super::outcome::Outcome;
use super::super::share;
use super::super::state::{Copied, Downloaded, Effect, State};
use super::super::values::Values;
use super::inputs::{self, chart_file, helm_command, platform, release, render_command, safe};
use crate::route::Route;
use crate::words::count;

/// What stands in manifests in place of what must not be seen: as it is, and inside of base64, where three bytes begin at
/// any of them.
const HIDDEN: [&str; 4] = ["REDACTED", "UkVEQUNURU", "JFREFDVEVE", "SRURBQ1RFR"];

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
            let route = Route { fragment, ..state.route.clone() };
            // Nobody else has the file: the link says at least which one it is.
            let of_file = opened.module.is_none();
            effects.push(Effect::CopyLink(if of_file { route.with("file", opened.file.clone()) } else { route }));
            let left_out = values.secret_paths().len();
            let mut says = Vec::new();
            if left_out > 0 {
                says.push(format!("The link is without {}", count(left_out, "password")));
            }
            if of_file {
                says.push(format!("Whoever opens the link needs the file {}, too", opened.file));
            }
            if !says.is_empty() {
                effects.push(Effect::Tell(says.join(". ")));
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

/// Passwords that leave the page are said to do so: what is kept and linked is without them.
fn passwords(values: &Values, has: &str) -> Option<Effect> {
    let number = values.secret_paths().len();
    (number > 0).then(|| Effect::Tell(format!("{has} {} in clear text", count(number, "password"))))
}

/// What must be known of manifests that leave the page.
fn caveat(state: &State, result: &Outcome) -> Option<Effect> {
    if state.result.is_stale() {
        return Some(Effect::Tell("These manifests are from before the last change, which does not render".to_owned()));
    }
    hides(result).then(|| Effect::Tell("The platform's token is hidden in them, and reads REDACTED".to_owned()))
}

/// Whether something is hidden in what is printed.
fn hides(result: &Outcome) -> bool {
    HIDDEN.iter().any(|hidden| result.printed().contains(hidden))
}

/// What whoever applies manifests must know, a sentence a line.
fn advice(result: &Outcome) -> Vec<&'static str> {
    let levels = result.objects.iter().any(|object| object.head.level > 1).then_some(
        "There are two levels here: the module's HelmReleases, and what Flux deploys for them. Apply one, not both.",
    );
    let hidden = hides(result).then_some(
        "The platform's token is hidden: it reads REDACTED, also inside of base64. Put yours in before you apply this.",
    );
    levels.into_iter().chain(hidden).collect()
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
            effects.extend(passwords(values, "The file has"));
        }
        Downloaded::Manifests | Downloaded::Zip => {
            let Some(result) = result else { return effects.push(nothing()) };
            effects.push(match what {
                Downloaded::Zip => {
                    Effect::Zip { name: format!("{name}.zip"), files: files(opened, values, result), kept: Vec::new() }
                }
                _ => {
                    let advice: String = advice(result).iter().map(|line| format!("# {line}\n")).collect();
                    let text = advice + result.printed();
                    Effect::Download(format!("{name}-manifests.yaml"), yaml, text.into_bytes())
                }
            });
            effects.extend(caveat(state, result));
            if what == Downloaded::Zip {
                effects.extend(passwords(values, "The zip has"));
            }
        }
        Downloaded::Inputs => {
            if let Source::Descriptor { text, charts } = &opened.source {
                effects.push(inputs::zip(state, opened, text, charts));
                effects.extend(passwords(values, "The zip has"));
            }
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

/// A file for each object, the override and the notes.
fn files(opened: &Opened, values: &Values, result: &Outcome) -> Vec<(String, Vec<u8>)> {
    let root = safe(&opened.chart.name);
    let mut files = Vec::new();
    let mut taken = BTreeSet::new();
    let levels = result.objects.iter().any(|object| object.head.level > 1);
    for object in &result.objects {
        let level = if levels { format!("level-{}/", object.head.level) } else { String::new() };
        let group = safe(object.head.component.as_deref().unwrap_or("manifests"));
        let (kind, name) = (safe(&object.head.kind).to_lowercase(), safe(&object.head.name));
        let mut path = format!("{root}/{level}{group}/{kind}-{name}.yaml");
        while !taken.insert(path.clone()) {
            path.insert_str(path.len() - ".yaml".len(), "-2");
        }
        files.push((path, object.text.as_str().as_bytes().to_vec()));
    }
    files.push((format!("{root}/values.yaml"), values.text().as_bytes().to_vec()));
    let advice = advice(result);
    if !advice.is_empty() {
        files.push((format!("{root}/README.txt"), (advice.join("\n") + "\n").into_bytes()));
    }
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
    let mut out = String::from("# Replace the HelmRepository `charts` with the one that has the chart.\n");
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
    // Nothing can be applied into a namespace that is not there.
    if namespace != "default" {
        let metadata = map([("name", text(&namespace))]);
        out += &to_text(&map([("apiVersion", text("v1")), ("kind", text("Namespace")), ("metadata", metadata)]));
        out.push_str("---\n");
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
