//! A recording: what a cluster looks like where there is none.

use std::collections::BTreeSet;

use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::data::{Health, Module, Operations};
use super::super::state::{Event, State};
use crate::parts;
use crate::route::{Route, View};
use crate::words::{ago, count};

/// What a recording has: the list, or one module.
pub(super) fn view(state: &State, operations: &Operations, send: &Callback<Event>) -> Html {
    let body = match &state.route.view {
        View::Operated { .. } => match found(state, operations) {
            Some(module) => one(module, operations),
            None => parts::empty(
                "This module is not in the cluster",
                html! { <p><a href="operate">{"All modules"}</a></p> },
            ),
        },
        _ => list(state, operations, send),
    };
    html! {
        <>
            if operations.recorded {
                <p class="note">{"This is recorded data. The page is not connected to a cluster; actions are not offered."}</p>
            }
            { body }
        </>
    }
}

/// The module of the address.
pub(super) fn found<'o>(state: &State, operations: &'o Operations) -> Option<&'o Module> {
    let View::Operated { namespace, name } = &state.route.view else { return None };
    operations.modules.iter().find(|module| module.namespace == *namespace && module.name == *name)
}

pub(super) fn status(health: Health) -> Html {
    let class = match health {
        Health::Ready => "chip ok",
        Health::Failed => "chip bad",
        Health::Progressing => "chip info",
        Health::Suspended => "chip warn",
        Health::Unknown => "chip",
    };
    html! { <span {class}>{ health.label() }</span> }
}

/// The modules that the filter leaves, the worst first.
fn shown<'o>(operations: &'o Operations, route: &Route) -> Vec<&'o Module> {
    let fits = |module: &&Module| {
        route.get("state").is_none_or(|state| module.health.word() == state)
            && route.get("namespace").is_none_or(|namespace| module.namespace == namespace)
    };
    let mut modules: Vec<&Module> = operations.modules.iter().filter(fits).collect();
    modules
        .sort_by_key(|module| (Health::ALL.iter().position(|health| *health == module.health), module.name.as_str()));
    modules
}

fn list(state: &State, operations: &Operations, send: &Callback<Event>) -> Html {
    let modules = shown(operations, &state.route);
    let chosen = state.route.get("state");
    let button = |health: Option<Health>, label: &str| {
        let number =
            operations.modules.iter().filter(|module| health.is_none_or(|health| module.health == health)).count();
        let pressed = chosen == health.map(Health::word);
        html! {
            <button type="button" aria-pressed={if pressed { "true" } else { "false" }} onclick={send.reform(move |_: MouseEvent| Event::Health(health))}>
                { label.to_owned() }<span class="number">{ number }</span>
            </button>
        }
    };
    let namespaces: BTreeSet<&str> = operations.modules.iter().map(|module| module.namespace.as_str()).collect();
    let namespace = state.route.get("namespace").unwrap_or_default();
    let onchange = send
        .reform(|event: web_sys::Event| Event::Namespace(event.target_unchecked_into::<HtmlSelectElement>().value()));
    let rows = modules.iter().map(|module| row(module, operations));
    html! {
        <>
            <div class="tools">
                <div class="segmented" role="group" aria-label="State">
                    { button(None, "All") }
                    { for Health::ALL.into_iter().filter(|health| operations.modules.iter().any(|module| module.health == *health)).map(|health| button(Some(health), health.label())) }
                </div>
                <label class="inline">{"Namespace "}
                    <select {onchange}>
                        <option value="" selected={namespace.is_empty()}>{"all"}</option>
                        { for namespaces.into_iter().map(|name| html! { <option value={name.to_owned()} selected={name == namespace}>{ name }</option> }) }
                    </select>
                </label>
            </div>
            if modules.is_empty() {
                { parts::empty("No module fits", html! { <p><a href="operate">{"Show all"}</a></p> }) }
            } else {
                <div class="scroll-x" tabindex="0" role="region" aria-label="Modules"><table class="dense as-cards">
                    <thead><tr><th>{"Module"}</th><th>{"Version"}</th><th>{"State"}</th><th class="number">{"Releases"}</th><th>{"Drift"}</th><th>{"Last change"}</th><th>{"Namespace"}</th></tr></thead>
                    <tbody>{ for rows }</tbody>
                </table></div>
            }
        </>
    }
}

fn row(module: &Module, operations: &Operations) -> Html {
    let route = Route::to(View::Operated { namespace: module.namespace.clone(), name: module.name.clone() });
    let last =
        module.history.first().map(|revision| ago(operations.at - revision.at)).unwrap_or_else(|| "–".to_owned());
    let version = if module.running.is_empty() || module.running == module.version {
        html! { { &module.version } }
    } else {
        html! { <>{ &module.running }{" to "}{ &module.version }</> }
    };
    html! {
        <tr key={format!("{}/{}", module.namespace, module.name)}>
            <td><a href={route.write()}>{ &module.title }</a></td>
            <td data-label="Version">{ version }</td>
            <td>{ status(module.health) }<span class="reason">{ format!("{}, {}", module.reason, ago(operations.at - module.since)) }</span></td>
            <td class="number" data-label="Releases">{ format!("{} of {}", module.ready, module.releases) }</td>
            <td data-label="Drift">{ if module.drift.is_empty() { "none".to_owned() } else { count(module.drift.len(), "object") } }</td>
            <td data-label="Last change">{ last }</td>
            <td data-label="Namespace">{ &module.namespace }</td>
        </tr>
    }
}

fn one(module: &Module, operations: &Operations) -> Html {
    let conditions = module.conditions.iter().map(|condition| {
        let class = if condition.holds { "chip ok" } else { "chip bad" };
        let word = if condition.holds { "true" } else { "false" };
        html! { <li><span {class}>{ format!("{} is {word}", condition.kind) }</span><span>{ &condition.message }</span><small>{ ago(operations.at - condition.since) }</small></li> }
    });
    let objects = module.objects.iter().map(|object| {
        html! { <tr><td>{ &object.kind }</td><td class="break">{ &object.name }</td><td>{ status(object.health) }</td><td>{ &object.reason }</td></tr> }
    });
    let history = module.history.iter().map(|revision| {
        html! { <li><strong>{ &revision.version }</strong><span>{ &revision.summary }</span><small>{ ago(operations.at - revision.at) }</small></li> }
    });
    let drift = module.drift.iter().map(|name| html! { <li><code>{ name }</code></li> });
    html! {
        <>
            <p><a href="operate">{"All modules"}</a></p>
            <p>{ format!("{}, {}. {} of {} releases are ready.", module.reason, ago(operations.at - module.since), module.ready, module.releases) }</p>
            <div class="columns">
                <section class="fact"><h2>{"Conditions"}</h2><ul>{ for conditions }</ul></section>
                <section class="fact"><h2>{"History"}</h2><ul>{ for history }</ul></section>
                if !module.drift.is_empty() {
                    <section class="fact"><h2>{"Drift"}</h2><p class="muted">{"These objects differ from what was deployed."}</p><ul>{ for drift }</ul></section>
                }
            </div>
            <h2>{"Objects"}</h2>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Objects"><table class="dense">
                <thead><tr><th>{"Kind"}</th><th>{"Name"}</th><th>{"State"}</th><th>{"Reason"}</th></tr></thead>
                <tbody>{ for objects }</tbody>
            </table></div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first() {
        let module =
            |name: &str, health| Module { name: name.into(), health, namespace: name[..1].into(), ..Module::default() };
        let operations = Operations {
            modules: vec![module("a", Health::Ready), module("b", Health::Failed), module("c", Health::Ready)],
            ..Operations::default()
        };
        let names = |address: &str| -> String {
            shown(&operations, &Route::read(address)).iter().map(|module| module.name.as_str()).collect()
        };
        assert_eq!([names("operate"), names("operate?state=ready"), names("operate?namespace=c")], ["bac", "ac", "c"]);
    }
}
