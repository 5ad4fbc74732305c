//! What the preview looks like.

mod carried;
mod changes;
mod chart;
mod form;
mod manifests;
mod menus;
mod notes;
mod object;
mod platform;
mod problems;
mod releases;
mod status;
mod summary;
mod values;

use chartwright_kit::{Dialog, Panel, Split, Tab, Tabs};
use chartwright_values::Path;
use contract::Severity;
use web_sys::{HtmlInputElement, InputEvent, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::findings::Finding;
use super::state::{Event, SaveName, State};
use super::update::{changed_count, problem_count};
use crate::deploy;
use crate::load::Load;
use crate::manage::Id;
use crate::parts;
use crate::route::View;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let title = match state.opened.shown() {
        Some(opened) => opened.title.clone(),
        None => match (&state.module, &state.route.view) {
            (Some(module), _) => module.title.clone(),
            (None, View::Module { id, .. }) => id.clone(),
            _ => "Opened file".to_owned(),
        },
    };
    let body = match &state.opened {
        Load::Failed(trouble, None) => html! {
            <div class="page narrow">
                { parts::trouble(trouble) }
                <p class="row">
                    // A file stays as it is.
                    if !matches!(state.route.view, View::Opened { .. }) {
                        <button type="button" onclick={send.reform(|_: MouseEvent| Event::Retry)}>{"Try again"}</button>
                    }
                    if state.host.is_none() { <a class="button" href="./">{"Open the catalog"}</a> }
                </p>
            </div>
        },
        _ => panes(state, send),
    };
    html! {
        <div class="preview">
            { menus::bar(state, &title, send) }
            { body }
            { status::bar(state) }
            if let Some(dialog) = &state.look.dialog { { save_dialog(dialog, send) } }
            { installation(state, title.as_str(), send) }
        </div>
    }
}

/// The dialog of an installation.
fn installation(state: &State, title: &str, send: &Callback<Event>) -> Html {
    let (Some(text), Some(server)) = (&state.installing, &state.server) else { return Html::default() };
    let on_close = send.reform(|_: Option<Id>| Event::Installed);
    let (text, title, server) = (text.clone(), title.to_owned(), server.clone());
    let input = deploy::Input {
        text,
        title,
        server,
        stores_only: false,
        carries: state.opened.shown().is_some_and(|opened| opened.module.is_some()),
        on_close,
    };
    html! { <deploy::Deploy {input} /> }
}

fn panes(state: &State, send: &Callback<Event>) -> Html {
    let narrow = |result: bool, label: Html| {
        let pressed = if state.look.result_shown == result { "true" } else { "false" };
        html! { <button type="button" aria-pressed={pressed} onclick={send.reform(move |_: MouseEvent| Event::Narrow(result))}>{ label }</button> }
    };
    // What is wrong must be seen beside the values that cause it, too.
    let failing = state.result.trouble().is_some();
    let result_label = html! { <>{"Result"}if failing { <span class="badge alarm">{"does not render"}</span> }</> };
    html! {
        <>
            <div class="narrow-switch" role="group" aria-label="Pane">{ narrow(false, html! { {"Values"} }) }{ narrow(true, result_label) }</div>
            <Split
                label="Width of the values" share={state.look.share} on_share={send.reform(Event::Share)}
                first={values::pane(state, send)} second={result(state, send)} narrow_second={state.look.result_shown}
            />
        </>
    }
}

fn result(state: &State, send: &Callback<Event>) -> Html {
    let deep = state.result.shown().is_some_and(|result| result.releases.len() > 1);
    let (problems, alarm) = problem_count(state);
    let mut tabs = vec![
        Tab::new("manifests", "Manifests")
            .key("m")
            .count(state.result.shown().map_or(0, |result| result.objects.len())),
        Tab::new("summary", "Summary").key("s"),
        Tab::new("changes", "Changes").key("d").count(changed_count(state)),
        Tab::new("notes", "Notes").key("n"),
        Tab::new("chart", "Chart").key("c"),
        Tab { alarm, ..Tab::new("problems", "Problems").key("p").count(problems) },
    ];
    if deep {
        tabs.insert(2, Tab::new("releases", "Releases").key("r"));
    }
    let selected =
        if tabs.iter().any(|tab| tab.id == state.look.tab) { state.look.tab.clone() } else { "manifests".to_owned() };
    let body = match selected.as_str() {
        "summary" => with_result(state, summary::view),
        "releases" => with_result(state, |result| releases::view(result, state, send)),
        "changes" => with_result(state, |_| changes::view(state, send)),
        "notes" => with_result(state, notes::view),
        "chart" => chart::view(state, send),
        "problems" => problems::view(state, send),
        _ => with_result(state, |result| manifests::view(result, state, send)),
    };
    let stale = state.result.is_stale() && !matches!(selected.as_str(), "chart" | "problems");
    let note = note(state).filter(|_| !matches!(selected.as_str(), "chart" | "problems"));
    // Each tab keeps its place, and so does each file.
    let file = state.look.file.as_ref().filter(|_| selected == "chart");
    let place = file.map_or_else(|| selected.clone(), |file| format!("{selected} {} {}", file.chart, file.path));
    let aimed = match file {
        Some(file) => file.line > 0 || file.from.is_some(),
        None => state.look.aimed,
    };
    let tab_id = format!("result-tab-{selected}");
    html! {
        <section class="result" aria-label="Result">
            <Tabs label="Result" name="result" {tabs} selected={selected} on_select={send.reform(|id: &'static str| Event::Tab(id.to_owned()))} />
            if let Some((heading, text)) = note {
                <div class="stale-note" role="status">
                    <p><strong>{ heading }</strong>{ parts::prose(&parts::capital(&text)) }</p>
                    <button type="button" class="link" onclick={send.reform(|_: MouseEvent| Event::Tab("problems".into()))}>{"Show the problem"}</button>
                </div>
            }
            <Panel id="result-panel" class={if stale { "panel stale" } else { "panel" }} tab={tab_id} {place} {aimed}>{ body }</Panel>
        </section>
    }
}

/// What is said above a result that is old, or not whole.
fn note(state: &State) -> Option<(&'static str, String)> {
    let error = state.problems.iter().find(|problem| problem.severity == Severity::Error);
    let findings = |problem| state.values.as_ref().map(|values| values.findings(problem)).unwrap_or_default();
    if state.result.is_stale() {
        let trouble = state.result.trouble()?;
        let refused = match (error, &state.values) {
            (Some(problem), _) => findings(problem),
            (None, Some(values)) => values.refused_values(&trouble.what, &Path::default()),
            (None, None) => Vec::new(),
        };
        return Some(("Not up to date. ", reason(&refused, &trouble.what)));
    }
    let error = error.filter(|_| state.result.shown().is_some())?;
    Some(("Not complete. ", reason(&findings(error), &error.message)))
}

/// Why there is no new result: the first value that is refused, and how many more there are; else what the message says.
fn reason(findings: &[Finding], message: &str) -> String {
    match findings.iter().position(|finding| finding.path.is_some()) {
        Some(first) if findings.len() > 1 => format!("{}, and {} more", findings[first].what, findings.len() - 1),
        Some(first) => findings[first].what.clone(),
        None => gist(message),
    }
}

/// The line of a message that says most: Helm's begin with a place or a heading, and have the reason below.
fn gist(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next().unwrap_or_default();
    let is_place = !first.contains(' ') && first.ends_with(|last: char| last.is_ascii_digit());
    // What fails within says why; the line above it says only that something does.
    let says = |at: &&str| !at.starts_with("'':") && !at.ends_with("validation failed");
    let of_schema = || lines.clone().find_map(|line| line.strip_prefix("- at ").filter(says));
    let line = match of_schema() {
        Some(line) => line,
        None if is_place => lines.next_back().unwrap_or(first),
        None => first,
    };
    let short: String = line.chars().take(180).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}

fn with_result(state: &State, view: impl FnOnce(&super::Outcome) -> Html) -> Html {
    match (&state.result, state.result.shown()) {
        (_, Some(result)) => view(result),
        (Load::Failed(trouble, _), None) => parts::trouble(trouble),
        (Load::Loading(_) | Load::Again(..), None) => parts::waiting("Rendering"),
        _ => parts::waiting(&state.progress),
    }
}

fn save_dialog(dialog: &SaveName, send: &Callback<Event>) -> Html {
    let oninput = send.reform(|event: InputEvent| {
        let name = event.target_unchecked_into::<HtmlInputElement>().value();
        Event::Dialog(Some(SaveName { name, no_room: false }))
    });
    let onsubmit = send.reform(|event: SubmitEvent| {
        event.prevent_default();
        Event::SaveSet
    });
    html! {
        <Dialog title="Save these values" on_close={send.reform(|()| Event::Dialog(None))}>
            <form {onsubmit}>
                <label class="field"><span class="label">{"Name"}</span>
                    <input value={dialog.name.clone()} {oninput} placeholder="production" maxlength="60" required=true />
                </label>
                <p class="muted">{"The set stays on this machine. Passwords are left out."}</p>
                if dialog.no_room { <p class="error" role="alert">{"This browser has no room for it. Download values.yaml instead."}</p> }
                <p class="row end"><button type="submit" class="primary">{"Save values"}</button></p>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_gist_of_a_message_is_its_reason() {
        for (text, gist) in [
            ("name is needed", "name is needed"),
            (
                "a.yaml:1:46\n  executing \"a.yaml\" at <x>:\n    error calling x: too much\n",
                "error calling x: too much",
            ),
            ("a.yaml:1:46", "a.yaml:1:46"),
            (
                "values don't meet the schema:\nshop:\n- at '/port': got string, want integer\n",
                "'/port': got string, want integer",
            ),
            ("values don't meet the schema:\nshop:\n- at '': no\n- at '/a': b\n", "'/a': b"),
            (
                "no:\nshop:\n- at '/a': validation failed\n  - at '/a/b': got string, want integer\n",
                "'/a/b': got string, want integer",
            ),
            ("", ""),
        ] {
            assert_eq!(super::gist(text), gist);
        }
        let finding = |path: Option<&str>, what: &str| super::Finding {
            what: what.into(),
            says: None,
            is_of_key: false,
            path: path.and_then(|path| path.parse().ok()),
            hint: String::new(),
        };
        let two = [finding(None, "x"), finding(Some("a"), "`a`: no")];
        assert_eq!(super::reason(&two, "long"), "`a`: no, and 1 more");
        assert_eq!(super::reason(&two[1..], "long"), "`a`: no");
        assert_eq!(super::reason(&two[..1], "long"), "long");
        assert_eq!(super::gist(&"é".repeat(200)).chars().count(), 181);
    }
}
