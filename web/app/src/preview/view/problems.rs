//! Everything that is wrong, each with a way to it.

use chartwright_values::Path;
use contract::{Problem, Severity};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::findings::Finding;
use super::super::state::{Event, Pane, State};
use super::super::values::{Values, WrongField};
use crate::load::Trouble;
use crate::parts;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let own = state.opened.shown().map(|opened| opened.problems.as_slice()).unwrap_or_default();
    let warnings = state.result.shown().map(|result| result.warnings.as_slice()).unwrap_or_default();
    // Problems of single releases are shown as such, also where one of them is why there is no new result.
    let trouble = state.result.trouble().filter(|_| state.problems.is_empty());
    let wrong = state.values.as_ref().map(Values::wrong_fields).unwrap_or_default();
    let repeated = state.values.as_ref().map(Values::repeated).unwrap_or_default();
    if wrong.is_empty()
        && repeated.is_empty()
        && own.is_empty()
        && state.problems.is_empty()
        && warnings.is_empty()
        && trouble.is_none()
    {
        return parts::empty(
            "Nothing is wrong",
            html! { <p>{"Values fit the schema, and every template renders."}</p> },
        );
    }
    let problems = own.iter().chain(&state.problems).map(|problem| of_problem(problem, state, send));
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
            <ul>{ for wrong.iter().map(|field| of_field(field, state, send)) }{ for problems }{ for repeated }{ for warnings }</ul>
        </div>
    }
}

/// Why there is no new result: value by value where a schema refused some.
fn of_trouble(trouble: &Trouble, state: &State, send: &Callback<Event>) -> Html {
    let Some(values) = &state.values else { return parts::trouble(trouble) };
    let refused = values.refused_values(&trouble.what, &Path::default());
    if refused.is_empty() {
        let place = values.place_of_break();
        return html! {
            <>
                { parts::trouble(trouble) }
                if let Some(place) = place { <p>{ jump("Go to the value", place, send) }</p> }
            </>
        };
    }
    let of_values =
        refused.iter().map(|finding| html! { <li class="problem error">{ one("error", finding, values, send) }</li> });
    html! { <ul>{ for of_values }</ul> }
}

fn of_problem(problem: &Problem, state: &State, send: &Callback<Event>) -> Html {
    let (class, word) = match problem.severity {
        Severity::Error => ("problem error", "error"),
        Severity::Warning => ("problem warning", "warning"),
    };
    let Some(values) = &state.values else { return Html::default() };
    let findings = values.findings(problem);
    // Where a value of one's own is at fault, the place in the module's file only misleads.
    let is_own =
        findings.iter().any(|finding| finding.path.as_ref().is_some_and(|path| values.place_of(path).is_some()));
    html! {
        <li {class}>
            { for findings.iter().map(|finding| one(word, finding, values, send)) }
            if !is_own && !problem.place.file.is_empty() { <p class="place">{ problem.place.to_string() }</p> }
            if let Some(concerns) = problem.concerns() { <p class="muted">{ concerns }</p> }
        </li>
    }
}

fn one(word: &str, finding: &Finding, values: &Values, send: &Callback<Event>) -> Html {
    let chip = if word == "error" { "chip bad" } else { "chip warn" };
    let place = finding.path.as_ref().and_then(|path| values.place_of(path));
    html! {
        <>
            <p class="what"><span class={chip}>{ word }</span>{ parts::prose(&finding.what) }</p>
            if !finding.hint.is_empty() { <p>{ parts::prose(&parts::sentence(&finding.hint)) }</p> }
            if let Some(place) = place { <p>{ jump("Go to the value", place, send) }</p> }
        </>
    }
}

/// A field of the form with something wrong.
fn of_field(field: &WrongField, state: &State, send: &Callback<Event>) -> Html {
    let pane = if state.look.pane == Pane::Yaml { Pane::Form } else { state.look.pane };
    let show = {
        let (send, path) = (send.clone(), field.path.clone());
        Callback::from(move |_: MouseEvent| {
            send.emit(Event::Pane(pane.word()));
            send.emit(Event::Search(path.clone()));
        })
    };
    html! {
        <li class="problem error">
            <p class="what"><span class="chip bad">{"error"}</span>{ format!("{}: {}", field.path, parts::sentence(&field.what)) }</p>
            if let Some(applies) = &field.applies { <p>{ format!("Until you correct it, {applies}.") }</p> }
            <p><button type="button" class="link" onclick={show}>{"Show the field"}</button></p>
        </li>
    }
}

fn jump(label: &'static str, (line, column): (u32, u32), send: &Callback<Event>) -> Html {
    html! { <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::Goto(line, column))}>{ label }</button> }
}
