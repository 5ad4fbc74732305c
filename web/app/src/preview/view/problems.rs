//! Everything that is wrong, each with a way to it.

use contract::{Problem, Severity};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::state::{Event, Pane, State};
use crate::parts;
use crate::words;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let own = state.opened.shown().map(|opened| opened.problems.as_slice()).unwrap_or_default();
    let result = state.result.shown();
    let made = result.map(|result| result.problems.as_slice()).unwrap_or_default();
    let warnings = result.map(|result| result.warnings.as_slice()).unwrap_or_default();
    let trouble = state.result.trouble();
    let held = state.values.as_ref().map(super::super::values::Values::held).unwrap_or_default();
    if held.is_empty() && own.is_empty() && made.is_empty() && warnings.is_empty() && trouble.is_none() {
        return parts::empty(
            "Nothing is wrong",
            html! { <p>{"Values fit the schema, and every template renders."}</p> },
        );
    }
    let problems = own.iter().chain(made).map(|problem| one(problem, state, send));
    let warnings = warnings.iter().map(|warning| {
        html! { <li class="problem warning"><p class="what"><span class="chip warn">{"warning"}</span>{ warning }</p></li> }
    });
    html! {
        <div class="problems">
            if let Some(trouble) = trouble {
                { parts::trouble(trouble) }
                if let Some(place) = state.values.as_ref().and_then(|values| values.place_of_trouble(trouble)) {
                    <p>{ jump("Go to the value", place, send) }</p>
                }
            }
            <ul>{ for held.iter().map(|(path, problem)| unread(path, problem, state, send)) }{ for problems }{ for warnings }</ul>
        </div>
    }
}

fn one(problem: &Problem, state: &State, send: &Callback<Event>) -> Html {
    let (class, word, chip) = match problem.severity {
        Severity::Error => ("problem error", "error", "chip bad"),
        Severity::Warning => ("problem warning", "warning", "chip warn"),
    };
    let place = state.values.as_ref().and_then(|values| values.place_of(&problem.path));
    html! {
        <li {class}>
            <p class="what"><span class={chip}>{ word }</span>{ &problem.message }</p>
            if !problem.place.file.is_empty() { <p class="place">{ problem.place.to_string() }</p> }
            if let Some(concerns) = problem.concerns() { <p class="muted">{ concerns }</p> }
            if let Some(hint) = &problem.hint { <p>{ parts::sentence(&words::hint(hint)) }</p> }
            if let Some(place) = place { <p>{ jump("Go to the value", place, send) }</p> }
        </li>
    }
}

/// A text in the form that is no value of its field.
fn unread(path: &str, problem: &str, state: &State, send: &Callback<Event>) -> Html {
    let pane = if state.look.pane == Pane::Yaml { Pane::Form } else { state.look.pane };
    let show = {
        let (send, path) = (send.clone(), path.to_owned());
        Callback::from(move |_: MouseEvent| {
            send.emit(Event::Pane(pane.word()));
            send.emit(Event::Search(path.clone()));
        })
    };
    html! {
        <li class="problem error">
            <p class="what"><span class="chip bad">{"error"}</span>{ format!("{path}: {}", parts::sentence(problem)) }</p>
            <p>{"Until it is mended in the form, the value before it counts."}</p>
            <p><button type="button" class="link" onclick={show}>{"Show the field"}</button></p>
        </li>
    }
}

fn jump(label: &'static str, (line, column): (u32, u32), send: &Callback<Event>) -> Html {
    html! { <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::Goto(line, column))}>{ label }</button> }
}
