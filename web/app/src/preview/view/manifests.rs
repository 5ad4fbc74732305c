//! The objects, by component.

use std::collections::BTreeMap;

use chartwright_kit::{Icon, icon};
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::outcome::{Outcome, groups};
use super::super::state::{Event, Level, State};
use super::super::update::shown_objects;
use super::object::ObjectView;
use crate::parts;
use crate::program::Same;
use crate::words::count;

pub(super) fn view(result: &Outcome, state: &State, send: &Callback<Event>) -> Html {
    let shown = shown_objects(state);
    let index: BTreeMap<&str, usize> =
        result.objects.iter().enumerate().map(|(index, object)| (object.head.key.as_str(), index)).collect();
    let groups = groups(&shown);
    let sections = groups.iter().map(|group| {
        let objects = group.objects.iter().map(|object| {
            let key = object.head.key.as_str();
            let chosen = state.look.object.as_deref() == Some(key);
            html! {
                <ObjectView
                    key={key} object={Same(object.clone())} index={index.get(key).copied().unwrap_or_default()}
                    folded={state.look.folded.contains(key)} {chosen} line={if chosen { state.look.line } else { None }}
                    linked={state.host.is_none()} send={send.clone()}
                />
            }
        });
        html! {
            <section class="group" key={group.name.clone()} aria-label={group.name.clone()}>
                <h2>{ &group.name }<span class="muted">{ format!(" {}", count(group.objects.len(), "object")) }</span></h2>
                { for objects }
            </section>
        }
    });
    html! {
        <>
            { tools(result, state, send) }
            if shown.is_empty() {
                { nothing(result, state) }
            } else {
                <div class="manifests">
                    { jumps(&groups, state, send) }
                    <div class="objects">{ for sections }</div>
                </div>
            }
        </>
    }
}

fn nothing(result: &Outcome, state: &State) -> Html {
    if !result.wanted.is_empty() {
        let missing =
            result.wanted.iter().map(|chart| html! { <li>{ format!("{} of {}", chart.chart, chart.source) }</li> });
        return parts::empty(
            "Base charts are missing",
            html! { <><p>{"Drop them here, or open the module from a catalog that has them."}</p><ul>{ for missing }</ul></> },
        );
    }
    let what = if state.look.level == Level::All { "These values deploy nothing" } else { "No objects on this level" };
    parts::empty(what, html! { <p>{"Change a value on the left, or look at the templates under Chart."}</p> })
}

fn tools(result: &Outcome, state: &State, send: &Callback<Event>) -> Html {
    let deep = result.objects.iter().any(|object| object.head.level > 1);
    let level = |level: Level, label: &'static str| {
        let pressed = if state.look.level == level { "true" } else { "false" };
        html! { <button type="button" aria-pressed={pressed} onclick={send.reform(move |_: MouseEvent| Event::Level(level))}>{ label }</button> }
    };
    let helm = send.reform(|event: web_sys::Event| {
        Event::Helm(event.target_unchecked_into::<HtmlSelectElement>().value() == "helm")
    });
    html! {
        <div class="tools">
            if deep {
                <div class="segmented" role="group" aria-label="Objects">
                    { level(Level::Workloads, "Workloads") }{ level(Level::Releases, "HelmReleases") }{ level(Level::All, "All") }
                </div>
                <label class="inline">{"As "}
                    <select onchange={helm} aria-label="As whom objects are rendered">
                        <option value="flux" selected={!state.look.helm}>{"Flux applies"}</option>
                        <option value="helm" selected={state.look.helm}>{"Helm prints"}</option>
                    </select>
                </label>
            }
            <span class="space" />
            <button type="button" class="quiet" aria-keyshortcuts="[" title="Previous object ([)" aria-label="Previous object" onclick={send.reform(|_: MouseEvent| Event::Step(-1))}>{ icon(Icon::Left) }</button>
            <button type="button" class="quiet" aria-keyshortcuts="]" title="Next object (])" aria-label="Next object" onclick={send.reform(|_: MouseEvent| Event::Step(1))}>{ icon(Icon::Right) }</button>
            <button type="button" class="link" onclick={send.reform(|_: MouseEvent| Event::FoldAll(true))}>{"Fold all"}</button>
            <button type="button" class="link" onclick={send.reform(|_: MouseEvent| Event::FoldAll(false))}>{"Open all"}</button>
        </div>
    }
}

/// The list of objects beside them.
fn jumps(groups: &[super::super::Group], state: &State, send: &Callback<Event>) -> Html {
    let groups = groups.iter().map(|group| {
        let items = group.objects.iter().map(|object| {
            let key = object.head.key.clone();
            let chosen = state.look.object.as_ref() == Some(&key);
            let onclick = send.reform({
                let key = key.clone();
                move |_: MouseEvent| Event::Select(key.clone(), None)
            });
            let title = format!("{} {}", object.head.kind, object.head.name);
            html! {
                <li key={key}>
                    <button type="button" {onclick} {title} aria-current={chosen.then_some("true")}>
                        <span class="kind">{ &object.head.kind }</span><span class="name">{ &object.head.name }</span>
                    </button>
                </li>
            }
        });
        html! { <><p>{ &group.name }</p><ul>{ for items }</ul></> }
    });
    html! { <nav class="jumps" aria-label="Objects">{ for groups }</nav> }
}
