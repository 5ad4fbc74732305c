//! Values that were written for another version: what the change means for them, and what to do.

use chartwright_values::{Advice, VersionNote};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::state::{Carried, Event};
use super::super::values::Values;
use crate::form::Edit;

pub(super) fn view(carried: &Carried, values: &Values, send: &Callback<Event>) -> Html {
    let notes = carried.notes.len();
    let what = match (&carried.old, notes) {
        (None, _) => "That version cannot be opened any more, so nothing is known about what changed.".to_owned(),
        (_, 0) => "None of your settings is affected.".to_owned(),
        (_, 1) => "1 of your settings is affected:".to_owned(),
        (_, notes) => format!("{notes} of your settings are affected:"),
    };
    let click = |event: Event| send.reform(move |_: MouseEvent| event.clone());
    html! {
        <section class="carried" aria-label="Values of another version">
            <p><strong>{ format!("Your values come from version {}. ", carried.version) }</strong>{ what }</p>
            if notes > 0 { <ul>{ for carried.notes.iter().map(|note| one(note, values, send)) }</ul> }
            <p class="row">
                <button type="button" class="primary" onclick={click(Event::KeepCarried)}>{"Keep them"}</button>
                <button type="button" onclick={click(Event::DropCarried)}>{"Start from the defaults"}</button>
            </p>
        </section>
    }
}

fn one(note: &VersionNote, values: &Values, send: &Callback<Event>) -> Html {
    let label = match &note.advice {
        Advice::Drop => Some("Take it out".to_owned()),
        Advice::Rename(to) => Some(format!("Move it to {to}")),
        _ => None,
    };
    let take = Event::Edit(Edit::Take(Box::new(note.clone())));
    html! {
        <li key={note.path.to_string()}>
            <span><code class="break">{ note.path.to_string() }</code>{" "}{ note.to_string() }{ format!("; yours: {}", values.in_words(&note.path, &note.yours)) }</span>
            if let Some(label) = label {
                <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| take.clone())}>{ label }</button>
            }
        </li>
    }
}
