//! Everything that is wrong, each with a way to it.

use chartwright_protocol::RefusedField;
use chartwright_values::Path;
use contract::{Problem, Severity};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::findings::Finding;
use super::super::outcome::Outcome;
use super::super::places::{self, Part};
use super::super::state::{Event, FileAt, Pane, State};
use super::super::values::{Values, WrongField};
use crate::load::Trouble;
use crate::parts;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let own = state.opened.shown().map(|opened| opened.problems.as_slice()).unwrap_or_default();
    // What is wrong with an old result says nothing of these values.
    let result = state.result.shown().filter(|_| !state.result.is_stale());
    let warnings = result.map(|result| result.warnings.as_slice()).unwrap_or_default();
    let refused = result.map(|result| result.refused_values()).unwrap_or_default();
    // Problems of single releases are shown as such, also where one of them is why there is no new result.
    let trouble = state.result.trouble().filter(|_| state.problems.is_empty());
    let wrong = state.values.as_ref().map(Values::wrong_fields).unwrap_or_default();
    let repeated = state.values.as_ref().map(Values::repeated).unwrap_or_default();
    if wrong.is_empty()
        && repeated.is_empty()
        && own.is_empty()
        && state.problems.is_empty()
        && warnings.is_empty()
        && refused.is_empty()
        && trouble.is_none()
    {
        return parts::empty("Nothing is wrong", html! { <p>{ looked_at(state) }</p> });
    }
    let problems = own.iter().chain(&state.problems).map(|problem| of_problem(problem, state, send));
    let refused = refused.iter().map(|fields| of_objects(fields, result, state, send));
    let warnings = warnings.iter().map(|warning| {
        html! { <li class="problem warning"><p class="what"><span class="chip warn">{"warning"}</span>{ warning }</p></li> }
    });
    let repeated = repeated.iter().map(|(line, says)| {
        html! {
            <li class="problem warning">
                <p class="what"><span class="chip warn">{"warning"}</span>{ parts::prose(says) }</p>
                <p>{ jump("Go to the line", (*line, 1), send) }</p>
            </li>
        }
    });
    html! {
        <div class="problems">
            if let Some(trouble) = trouble { { of_trouble(trouble, state, send) } }
            <ul>{ for wrong.iter().map(|field| of_field(field, send)) }{ for problems }{ for refused }{ for repeated }{ for warnings }</ul>
        </div>
    }
}

/// What was looked at when nothing is wrong. What only a cluster knows, such as its admission rules, is not.
fn looked_at(state: &State) -> &'static str {
    let has_schema =
        state.opened.shown().is_some_and(|opened| opened.chart.schema.is_some() || !opened.bases.is_empty());
    if has_schema {
        "The values fit the schema, every template renders, and the objects keep the rules of Kubernetes that can be checked without a cluster: names, labels, hosts, ports, containers, resources and selectors."
    } else {
        "Every template renders, and the objects keep the rules of Kubernetes that can be checked without a cluster: names, labels, hosts, ports, containers, resources and selectors. This chart has no schema to check values by."
    }
}

/// Why there is no new result: value by value where a schema refused some.
fn of_trouble(trouble: &Trouble, state: &State, send: &Callback<Event>) -> Html {
    let Some(values) = &state.values else { return parts::trouble(trouble) };
    let refused = values.refused_values(&trouble.what, &Path::default());
    if refused.is_empty() {
        let place = values.place_of_break();
        let from = Origin::default();
        return html! {
            <div class="trouble" role="alert">
                <p class="what">{ with_places(&parts::capital(&trouble.what), &from, state, send) }</p>
                if !trouble.place.is_empty() && !trouble.what.contains(&trouble.place) { <p>{"It stopped at "}{ with_places(&trouble.place, &from, state, send) }</p> }
                if !trouble.way_out.is_empty() { <p>{ parts::prose(&parts::sentence(&trouble.way_out)) }</p> }
                if let Some(place) = place {
                    <p>{ jump("Go to the value", place, send) }</p>
                } else {
                    { named(&format!("{}\n{}", trouble.what, trouble.place), &from, state, send) }
                }
                if !trouble.detail.is_empty() {
                    <details><summary>{"Details"}</summary><pre>{ with_places(&trouble.detail, &from, state, send) }</pre></details>
                }
            </div>
        };
    }
    let of_values =
        refused.iter().map(|finding| html! { <li class="problem error">{ one("error", finding, state, send) }</li> });
    html! { <ul>{ for of_values }</ul> }
}

fn of_problem(problem: &Problem, state: &State, send: &Callback<Event>) -> Html {
    let (class, word) = match problem.severity {
        Severity::Error => ("problem error", "error"),
        Severity::Warning => ("problem warning", "warning"),
    };
    let Some(values) = &state.values else { return Html::default() };
    let findings = values.findings(problem);
    let from = Origin { chart: problem.chart.as_deref(), component: problem.component.as_deref() };
    // Where a value of one's own is at fault, the place in the module's file only misleads.
    let is_own =
        findings.iter().any(|finding| finding.path.as_ref().is_some_and(|path| values.place_of(path).is_some()));
    // Who knows the value needs no names of releases and charts.
    let leads = findings.iter().any(|finding| finding.path.is_some());
    let place = problem.place.to_string();
    // Helm's messages begin with their place.
    let told = place.is_empty() || findings.iter().any(|finding| finding.what.contains(&place));
    html! {
        <li {class}>
            { for findings.iter().map(|finding| match &finding.path {
                Some(_) => one(word, finding, state, send),
                None => html! { <>{ said(word, finding, &from, state, send) }{ named(&finding.what, &from, state, send) }</> },
            }) }
            if !is_own && !told { <p class="place">{ with_places(&place, &from, state, send) }</p> }
            if let Some(concerns) = problem.concerns().filter(|_| !leads) { <p class="muted">{ concerns }</p> }
        </li>
    }
}

/// A value that the API server refuses in some fields: the way to the value, and to the line of each.
fn of_objects(
    fields: &[&RefusedField],
    result: Option<&std::rc::Rc<Outcome>>,
    state: &State,
    send: &Callback<Event>,
) -> Html {
    let (Some(values), Some(first)) = (&state.values, fields.first()) else { return Html::default() };
    let places = fields.iter().map(|field| {
        let object = result.and_then(|result| result.object(&field.object));
        let name = object.map(|object| format!("{} {}", object.head.kind, object.head.name)).unwrap_or_default();
        let line = field.line.checked_sub(1);
        let label = if line.is_some() { format!("{name}, line {}", field.line) } else { name };
        let key = field.object.clone();
        let onclick = send.reform(move |_: MouseEvent| Event::Select(key.clone(), line));
        html! { <p><button type="button" class="link" {onclick}>{ label }</button>{": "}<code class="break">{ field.path.clone() }</code></p> }
    });
    html! {
        <li class="problem error">
            { one("error", &values.finding_of(first), state, send) }
            { for places }
        </li>
    }
}

/// A finding, with the way to the value that it is about.
fn one(word: &str, finding: &Finding, state: &State, send: &Callback<Event>) -> Html {
    let label = if finding.is_of_key { "Go to the key" } else { "Go to the value" };
    let way = finding.path.as_ref().and_then(|path| go_to(path, finding.is_of_key, state, send));
    html! {
        <>
            { said(word, finding, &Origin::default(), state, send) }
            if let Some(onclick) = way { <p><button type="button" class="link" {onclick}>{ label }</button></p> }
        </>
    }
}

fn said(word: &str, finding: &Finding, from: &Origin<'_>, state: &State, send: &Callback<Event>) -> Html {
    let chip = if word == "error" { "chip bad" } else { "chip warn" };
    html! {
        <>
            <p class="what"><span class={chip}>{ word.to_owned() }</span>{ with_places(&parts::capital(&finding.what), from, state, send) }</p>
            if !finding.hint.is_empty() { <p>{ parts::prose(&parts::sentence(&finding.hint)) }</p> }
        </>
    }
}

/// Of which chart and component a message is.
#[derive(Default)]
struct Origin<'p> {
    chart: Option<&'p str>,
    component: Option<&'p str>,
}

/// A message in which places of templates are links to them.
fn with_places(text: &str, from: &Origin<'_>, state: &State, send: &Callback<Event>) -> Html {
    let Some(opened) = state.opened.shown() else { return parts::prose(text) };
    let pieces = places::parts(text, opened, from.chart).into_iter().map(|part| match part {
        Part::Text(text) => parts::prose(text),
        Part::Place(text, at) => {
            let onclick = to_file(at, send);
            html! { <button type="button" class="link" {onclick}>{ text.to_owned() }</button> }
        }
    });
    html! { <>{ for pieces }</> }
}

fn to_file(at: FileAt, send: &Callback<Event>) -> Callback<MouseEvent> {
    let send = send.clone();
    Callback::from(move |_: MouseEvent| {
        send.emit(Event::Tab("chart".into()));
        send.emit(Event::File(at.clone()));
    })
}

/// The ways to the values that a message is about.
fn named(text: &str, from: &Origin<'_>, state: &State, send: &Callback<Event>) -> Html {
    let Some(opened) = state.opened.shown() else { return Html::default() };
    let paths = places::values(text, opened, from.chart, from.component);
    let ways: Vec<Html> = paths
        .iter()
        .filter_map(|path| to_value(path, format!("Go to the value {path}"), state, send))
        .map(|way| html! { <>{ way }{" "}</> })
        .collect();
    if ways.is_empty() {
        Html::default()
    } else {
        html! { <p class="ways">{ ways }</p> }
    }
}

/// The way to a value: to its line where it is set, else to its field. None where the form does not have it.
pub(super) fn to_value(path: &Path, label: String, state: &State, send: &Callback<Event>) -> Option<Html> {
    let onclick = go_to_value(path, state, send)?;
    Some(html! { <button type="button" class="link" {onclick}>{ label }</button> })
}

pub(super) fn go_to_value(path: &Path, state: &State, send: &Callback<Event>) -> Option<Callback<MouseEvent>> {
    go_to(path, false, state, send)
}

/// The way to a value, or to the name of its key.
fn go_to(path: &Path, is_key: bool, state: &State, send: &Callback<Event>) -> Option<Callback<MouseEvent>> {
    let values = state.values.as_ref()?;
    let path = values.resolve(path);
    // In the form, what is set is found as well as what is not.
    if let Some((line, column)) = values.place_of(&path).filter(|_| state.look.pane != Pane::Form) {
        return Some(send.reform(move |_: MouseEvent| Event::Goto(line, column)));
    }
    if values.has_field(&path) {
        return Some(show_field(path, is_key, send));
    }
    let (line, column) = values.place_of(&path)?;
    Some(send.reform(move |_: MouseEvent| Event::Goto(line, column)))
}

/// The way to the field of a value.
fn show_field(path: Path, is_key: bool, send: &Callback<Event>) -> Callback<MouseEvent> {
    send.reform(move |_: MouseEvent| Event::Field { path: path.clone(), is_key })
}

/// A field of the form with something wrong.
fn of_field(field: &WrongField, send: &Callback<Event>) -> Html {
    let show = show_field(field.path.clone(), false, send);
    html! {
        <li class="problem error">
            <p class="what"><span class="chip bad">{"error"}</span>{ parts::prose(&field.says()) }</p>
            if let Some(applies) = &field.applies { <p>{ format!("Until you correct it, {applies}.") }</p> }
            <p><button type="button" class="link" onclick={show}>{"Show the field"}</button></p>
        </li>
    }
}

fn jump(label: &'static str, (line, column): (u32, u32), send: &Callback<Event>) -> Html {
    html! { <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::Goto(line, column))}>{ label }</button> }
}
