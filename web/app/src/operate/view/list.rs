//! The list of modules.

use web_sys::{HtmlInputElement, HtmlSelectElement, InputEvent, MouseEvent};
use yew::prelude::*;

use super::super::rows::{Row, Standing, namespaces, shown};
use super::super::state::{Event, State};
use super::{chip, moment};
use crate::load::Load;
use crate::parts;
use crate::route::{Route, View};
use crate::words::count;

/// Most modules that are drawn.
const MOST: usize = 500;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let Some(rows) = state.rows.shown() else {
        return match &state.rows {
            Load::Failed(..) => {
                html! { <p><button type="button" onclick={send.reform(|_: MouseEvent| Event::Refresh)}>{"Try again"}</button></p> }
            }
            _ => parts::waiting("Fetching modules"),
        };
    };
    if rows.is_empty() {
        return nothing(state);
    }
    let fitting = shown(rows, &state.route);
    let drawn = fitting.get(..MOST).unwrap_or(&fitting);
    html! {
        <>
            { tools(state, rows, send) }
            if fitting.is_empty() {
                { parts::empty("No module fits", html! { <p><a href="operate">{"Show all"}</a></p> }) }
            } else {
                <div class="scroll-x" tabindex="0" role="region" aria-label="Modules"><table class="dense as-cards">
                    <thead><tr><th>{"Module"}</th><th>{"State"}</th><th>{"Stored"}</th><th>{"Deployed"}</th><th>{"Drift"}</th><th>{"Last change"}</th><th>{"Namespace"}</th></tr></thead>
                    <tbody>{ for drawn.iter().map(|module| row(state, module)) }</tbody>
                </table></div>
                if fitting.len() > drawn.len() { <p class="muted">{ format!("{} more: search for them.", count(fitting.len() - drawn.len(), "module")) }</p> }
            }
        </>
    }
}

fn nothing(state: &State) -> Html {
    let stores = state.server().is_some_and(|server| server.stores());
    let way = if stores {
        html! { <p><a href="./">{"Open a module of the catalog"}</a>{" and choose Install, or "}<a href="develop">{"write a descriptor"}</a>{" and choose Store."}</p> }
    } else {
        html! { <p>{"Whoever may write here has stored none yet."}</p> }
    };
    parts::empty("No module is stored yet", way)
}

fn tools(state: &State, rows: &[Row], send: &Callback<Event>) -> Html {
    let chosen = state.route.get("state");
    let button = |standing: Option<Standing>| {
        let number = rows.iter().filter(|row| standing.is_none_or(|standing| row.standing() == standing)).count();
        let pressed = if chosen == standing.map(Standing::word) { "true" } else { "false" };
        html! {
            <button type="button" aria-pressed={pressed} onclick={send.reform(move |_: MouseEvent| Event::Standing(standing))}>
                { standing.map_or("All", Standing::label) }<span class="number">{ number }</span>
            </button>
        }
    };
    let there = Standing::ALL.into_iter().filter(|standing| rows.iter().any(|row| row.standing() == *standing));
    let namespace = state.route.get("namespace").unwrap_or_default();
    let onchange = send
        .reform(|event: web_sys::Event| Event::Namespace(event.target_unchecked_into::<HtmlSelectElement>().value()));
    let oninput =
        send.reform(|event: InputEvent| Event::Search(event.target_unchecked_into::<HtmlInputElement>().value()));
    html! {
        <div class="tools">
            <input
                type="search" aria-label="Find a module" placeholder="Find a module" autocomplete="off"
                value={state.route.get("q").unwrap_or_default().to_owned()} {oninput}
            />
            <div class="segmented wraps" role="group" aria-label="State">
                { button(None) }{ for there.map(|standing| button(Some(standing))) }
            </div>
            <label class="inline">{"Namespace "}
                <select {onchange}>
                    <option value="" selected={namespace.is_empty()}>{"all"}</option>
                    { for namespaces(rows).into_iter().map(|name| html! { <option value={name.to_owned()} selected={name == namespace}>{ name }</option> }) }
                </select>
            </label>
        </div>
    }
}

fn row(state: &State, row: &Row) -> Html {
    let route = Route::to(View::Operated { namespace: row.id.namespace.clone(), name: row.id.name.clone() });
    let about = row.head.as_ref().map(|head| head.description.as_str()).unwrap_or_default();
    let drift = match (row.deployed(), &row.head, state.drifts.get(&row.id)) {
        ("–", ..) | (_, None, _) => "–".to_owned(),
        (_, _, Some(0)) => "none".to_owned(),
        (_, _, Some(files)) => count(*files, "file"),
        (_, _, None) => "not known".to_owned(),
    };
    let suspended = row.release.as_ref().is_some_and(|release| release.suspended && release.installed);
    let also = suspended && row.standing() != Standing::Suspended;
    html! {
        <tr key={row.id.to_string()}>
            <td><a href={route.write()}>{ &row.id.name }</a><span class="reason about">{ about }</span></td>
            <td>{ chip(row.standing()) }if also { {" "}<span class="chip warn">{"Suspended"}</span> }<span class="reason">{ row.reason() }</span></td>
            <td data-label="Stored">{ row.stored() }</td>
            <td data-label="Deployed">{ row.deployed() }</td>
            <td data-label="Drift">{ drift }</td>
            <td data-label="Last change">{ row.changed().map_or_else(|| html! { {"–"} }, |at| moment(state.now, at)) }</td>
            <td data-label="Namespace">{ &row.id.namespace }</td>
        </tr>
    }
}
