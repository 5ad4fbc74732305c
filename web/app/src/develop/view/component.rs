//! A component: its head, and when it is open, all that it has.

use chartwright_kit::{Icon, icon};
use chartwright_values::Item;
use web_sys::{HtmlInputElement, InputEvent, MouseEvent};
use yew::prelude::*;

use super::super::draft::{self, Component, Values};
use super::super::state::{Event, State};
use super::super::update::button;
use super::form;
use crate::form::{FEW, FieldView, Shared, count, items, unknown};
use crate::parts;

pub(super) fn view(state: &State, index: usize, component: &Component, send: &Callback<Event>) -> Html {
    let open = state.draft.open() == Some(index);
    let off = state.draft.form().disabled.is_some();
    let last = index + 1 == state.draft.components().len();
    let click = |event: Event| send.reform(move |_: MouseEvent| event.clone());
    let name = if component.name.is_empty() { "Without a name" } else { &component.name };
    let template = component.template.as_ref();
    let chart = template.and_then(|template| template.as_map()?.get("chart")?.as_text()).unwrap_or("no base chart");
    html! {
        <li class={if open { "component is-open" } else { "component" }} key={index}>
            <div class="component-head">
                <button type="button" class="group-head" aria-expanded={if open { "true" } else { "false" }} aria-controls={format!("component-{index}")} onclick={click(Event::Show(index))}>
                    { icon(if open { Icon::Down } else { Icon::Right }) }
                    <span class="label">{ name }</span>
                    <span class="muted title">{ format!("{chart} · {}", form::numbers(component)) }</span>
                </button>
                <button type="button" class="quiet" id={button(index, "up")} disabled={off || index == 0} aria-label={format!("Move {name} up")} title="Up" onclick={click(Event::Move(index, index.saturating_sub(1)))}>{"↑"}</button>
                <button type="button" class="quiet" id={button(index, "down")} disabled={off || last} aria-label={format!("Move {name} down")} title="Down" onclick={click(Event::Move(index, index + 1))}>{"↓"}</button>
                <button type="button" class="quiet" id={button(index, "remove")} disabled={off} aria-label={format!("Remove {name}")} title="Remove" onclick={click(Event::Remove(index))}>{ icon(Icon::Close) }</button>
            </div>
            <div class="component-body" id={format!("component-{index}")} hidden={!open}>
                if open { { body(state, index, component, off, send) } }
            </div>
        </li>
    }
}

fn body(state: &State, index: usize, component: &Component, off: bool, send: &Callback<Event>) -> Html {
    let (edits, groups) = (send.reform(Event::Edit), send.reform(Event::Group));
    let at = draft::component(index);
    let rename = send.reform(move |event: web_sys::Event| {
        Event::Rename(index, event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let shared = Shared::own(&edits, &groups, &state.look.turned, off, "component-");
    let template = state.draft.item(&at.key("template")).filter(|_| component.own_template);
    let problem = match state.draft.item(&at.key("name")) {
        Some(Item::Field(field)) => field.problem.as_ref().map(ToString::to_string),
        _ => None,
    };
    html! {
        <>
            <div class={if problem.is_some() { "setting has-problem" } else { "setting" }}>
                <label class="label" for="component-name">{"Name"}</label>
                <input id="component-name" value={component.name.clone()} disabled={off} onchange={rename} autocomplete="off" spellcheck="false" aria-describedby="component-name-help" />
                if let Some(problem) = problem { <p class="problem-line">{ problem }</p> }
                <p class="help" id="component-name-help">{"Part of host names, and of the release's name"}</p>
            </div>
            { form::base(state, Some(index), component.template.as_ref(), send) }
            if let Some(Item::Group(group)) = template {
                { items(&[Item::Group(chartwright_values::Group { label: "Where it comes from".into(), changed: 0, ..group.clone() })], 1, shared) }
            }
            { depends(state, index, component, off, send) }
            if let Some(Item::Field(config)) = state.draft.item(&at.key("config")) {
                <FieldView key={&*config.key} field={(**config).clone()} send={edits.clone()} disabled={off} scope="component-" plain=true />
            }
            { values(state, index, off, send) }
        </>
    }
}

fn depends(state: &State, index: usize, component: &Component, off: bool, send: &Callback<Event>) -> Html {
    let known = state.draft.components();
    let others = known.iter().enumerate().filter(|(other, one)| *other != index && !one.name.is_empty());
    let mut names: Vec<&String> = others.map(|(_, other)| &other.name).collect();
    let known = names.len();
    // What is named but not there can only be taken out.
    names.extend(component.depends_on.iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    if names.is_empty() {
        return Html::default();
    }
    let boxes = names.into_iter().enumerate().map(|(place, name)| {
        let on = component.depends_on.contains(name);
        let onchange = send.reform({
            let name = name.clone();
            move |_: web_sys::Event| Event::Depend(index, name.clone(), !on)
        });
        html! {
            <label class="inline" key={name.clone()}>
                <input type="checkbox" checked={on} disabled={off} {onchange} />{ name }
                if place >= known { <span class="chip warn">{"not there"}</span> }
            </label>
        }
    });
    html! {
        <fieldset class="setting depends">
            <legend class="label">{"Installed after"}</legend>
            <div class="row">{ for boxes }</div>
        </fieldset>
    }
}

fn values(state: &State, index: usize, off: bool, send: &Callback<Event>) -> Html {
    let edits = send.reform(Event::Values);
    let groups = send.reform(Event::Group);
    let head = |tools: Html| html! { <div class="values-title"><h3>{"Values"}</h3>{ tools }</div> };
    match state.draft.values() {
        Some(Values::Form(form)) => {
            let narrowed = !state.look.search.trim().is_empty() || state.look.changed_only;
            let shown =
                if narrowed { form.filtered(&state.look.search, state.look.changed_only) } else { (**form).clone() };
            let shared = Shared {
                send: &edits,
                on_group: &groups,
                turned: &state.look.turned,
                all: narrowed,
                open: count(&form.items) <= FEW,
                disabled: off,
                scope: "values-",
                plain: false,
            };
            let only = state.look.changed_only;
            let oninput = send
                .reform(|event: InputEvent| Event::Search(event.target_unchecked_into::<HtmlInputElement>().value()));
            let tools = html! {
                <>
                    <input type="search" aria-label="Find a value" placeholder="Find a value" value={state.look.search.clone()} {oninput} autocomplete="off" />
                    <label class="inline"><input type="checkbox" checked={only} onchange={send.reform(move |_: web_sys::Event| Event::ChangedOnly(!only))} />{"set here"}</label>
                </>
            };
            html! {
                <div class="component-values">
                    { head(tools) }
                    if shown.items.is_empty() {
                        <p class="muted">{ if narrowed { "No value fits." } else { "This base chart has no values." } }</p>
                    }
                    { items(&shown.items, 0, shared) }
                    if !narrowed { { unknown(html! { <h4>{"Set, but not known to the base chart"}</h4> }, &form.unknown) } }
                </div>
            }
        }
        Some(Values::Text(field)) => {
            let loading = state.draft.components().get(index).and_then(|one| one.template.as_ref());
            let base =
                state.bases.shown().zip(loading).and_then(|(bases, template)| bases.0.get(bases.find(template)?));
            let coming = state.bases.is_loading() || base.is_some_and(|base| base.read.is_loading());
            let trouble = base.and_then(|base| base.read.trouble());
            html! {
                <div class="component-values">
                    { head(Html::default()) }
                    if coming {
                        { parts::waiting("Reading the base chart") }
                    } else {
                        if let Some(trouble) = trouble { { parts::trouble(trouble) } }
                        <FieldView key={&*field.key} field={(**field).clone()} send={send.reform(Event::Edit)} disabled={off} scope="values-" plain=true />
                    }
                </div>
            }
        }
        None => Html::default(),
    }
}
