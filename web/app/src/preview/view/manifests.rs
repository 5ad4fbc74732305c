//! The objects, by component.

use std::collections::BTreeMap;
use std::rc::Rc;

use chartwright_kit::{Icon, Listed, Menu, icon};
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::outcome::{Group, Object, Outcome, groups};
use super::super::state::{Event, Level, State};
use super::super::update::{DRAWN, next_moved, shown_objects};
use super::object::{ObjectView, role};
use crate::parts;
use crate::program::Same;
use crate::words::count;

pub(super) fn view(result: &Outcome, state: &State, send: &Callback<Event>) -> Html {
    let all = shown_objects(state);
    // Browsers are slow with many elements: the rest is drawn when somebody wants it.
    let shown = all.get(..state.look.drawn).unwrap_or(&all);
    let more = all.len() - shown.len();
    let index: BTreeMap<&str, usize> =
        result.objects.iter().enumerate().map(|(index, object)| (object.head.key.as_str(), index)).collect();
    let groups = groups(shown);
    let opened = state.opened.shown();
    let sections = groups.iter().map(|group| {
        let objects = group.objects.iter().map(|object| {
            let key = object.head.key.as_str();
            let chosen = state.look.object.as_deref() == Some(key);
            html! {
                <ObjectView
                    key={key} object={Same(object.clone())} index={index.get(key).copied().unwrap_or_default()}
                    folded={state.look.folded.contains(key)} {chosen} moved={state.look.moved.contains(key)}
                    template={opened.is_some_and(|opened| opened.template(&object.head).is_some())} line={if chosen { state.look.line } else { None }}
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
            { tools(result, &groups, &all, state, send) }
            if shown.is_empty() {
                { nothing(result, state) }
            } else {
                <div class="manifests">
                    { jumps(&groups, state, send) }
                    <div class="objects">{ for sections }{ rest(more, send) }</div>
                </div>
            }
        </>
    }
}

/// That there are more objects, and the way to them.
pub(super) fn rest(more: usize, send: &Callback<Event>) -> Html {
    if more == 0 {
        return Html::default();
    }
    html! {
        <p class="rest" role="note">
            { count(more, "object") }{" more: copies and downloads have all of them. "}
            <button type="button" onclick={send.reform(|_: MouseEvent| Event::More)}>{ format!("Show {} more", more.min(DRAWN)) }</button>
        </p>
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

/// What stands above the objects. Where there is no room for the list beside them, a list to choose from and a menu take
/// its place and that of the rest.
fn tools(result: &Outcome, groups: &[Group], shown: &[Rc<Object>], state: &State, send: &Callback<Event>) -> Html {
    let deep = result.objects.iter().any(|object| object.head.level > 1);
    html! {
        <div class="tools">
            if deep {
                <div class="segmented roomy" role="group" aria-label="Objects">{ levels(state, send) }</div>
                <span class="roomy">{ printed_as(state, send) }</span>
            }
            <span class="slim"><Menu label={html! { <>{"View"}{ icon(Icon::Down) }</> }}>
                if deep { { levels(state, send) }<hr />{ printed_as(state, send) }<hr /> }
                { fold(send, "") }
            </Menu></span>
            { pick(groups, state, send) }
            { changed(shown, state, send) }
            <span class="space" />
            <button type="button" class="quiet" aria-keyshortcuts="[" title="Previous object ([)" aria-label="Previous object" onclick={send.reform(|_: MouseEvent| Event::Step(-1))}>{ icon(Icon::Left) }</button>
            <button type="button" class="quiet" aria-keyshortcuts="]" title="Next object (])" aria-label="Next object" onclick={send.reform(|_: MouseEvent| Event::Step(1))}>{ icon(Icon::Right) }</button>
            <span class="roomy row">{ fold(send, "link") }</span>
        </div>
    }
}

fn levels(state: &State, send: &Callback<Event>) -> Html {
    let level = |level: Level, label: &'static str| {
        let pressed = if state.look.level == level { "true" } else { "false" };
        html! { <button type="button" aria-pressed={pressed} onclick={send.reform(move |_: MouseEvent| Event::Level(level))}>{ label }</button> }
    };
    html! { <>{ level(Level::Workloads, "Workloads") }{ level(Level::Releases, "HelmReleases") }{ level(Level::All, "All") }</> }
}

fn printed_as(state: &State, send: &Callback<Event>) -> Html {
    let helm = send.reform(|event: web_sys::Event| {
        Event::Helm(event.target_unchecked_into::<HtmlSelectElement>().value() == "helm")
    });
    html! {
        <label class="inline">{"As "}
            <select onchange={helm} aria-label="As whom objects are rendered">
                <option value="flux" selected={!state.look.helm}>{"Flux applies"}</option>
                <option value="helm" selected={state.look.helm}>{"Helm prints"}</option>
            </select>
        </label>
    }
}

fn fold(send: &Callback<Event>, class: &'static str) -> Html {
    let all = |fold: bool, label: &'static str| html! { <button type="button" {class} onclick={send.reform(move |_: MouseEvent| Event::FoldAll(fold))}>{ label }</button> };
    html! { <>{ all(true, "Fold all") }{ all(false, "Open all") }</> }
}

/// The objects to choose from, where the list beside them has no room.
fn pick(groups: &[Group], state: &State, send: &Callback<Event>) -> Html {
    let onchange = send.reform(|event: web_sys::Event| {
        Event::Select(event.target_unchecked_into::<HtmlSelectElement>().value(), None)
    });
    let chosen = state.look.object.as_deref();
    let any = groups.iter().flat_map(|group| &group.objects).any(|object| Some(object.head.key.as_str()) == chosen);
    let groups = groups.iter().map(|group| {
        let options = group.objects.iter().map(|object| {
            let key = &object.head.key;
            let moved = if state.look.moved.contains(key) { ", changed" } else { "" };
            html! { <option key={key.clone()} value={key.clone()} selected={Some(key.as_str()) == chosen}>{ format!("{} {}{moved}", object.head.kind, object.head.name) }</option> }
        });
        html! { <optgroup key={group.name.clone()} label={group.name.clone()}>{ for options }</optgroup> }
    });
    html! {
        <select class="pick slim" aria-label="Go to an object" {onchange}>
            <option value="" selected={!any} disabled=true>{"Go to an object"}</option>
            { for groups }
        </select>
    }
}

/// How many objects the last change of the result changed, and the way from one to the next.
fn changed(shown: &[Rc<Object>], state: &State, send: &Callback<Event>) -> Html {
    let number = shown.iter().filter(|object| state.look.moved.contains(&object.head.key)).count();
    let Some(next) = next_moved(&state.look, shown) else { return Html::default() };
    let title = format!("Show {} {}", next.head.kind, next.head.name);
    html! {
        <button type="button" class="moved" {title} onclick={send.reform(|_: MouseEvent| Event::Moved)}><span>{ format!("{number} changed") }<span class="roomy">{": show"}</span></span></button>
    }
}

/// The list of objects beside them.
fn jumps(groups: &[Group], state: &State, send: &Callback<Event>) -> Html {
    let groups = groups.iter().map(|group| {
        let items = group.objects.iter().map(|object| {
            let key = object.head.key.clone();
            let chosen = state.look.object.as_ref() == Some(&key);
            let moved = state.look.moved.contains(&key);
            let onclick = send.reform({
                let key = key.clone();
                move |_: MouseEvent| Event::Select(key.clone(), None)
            });
            let title = format!("{} {}", object.head.kind, object.head.name);
            html! {
                <li key={key}>
                    <button type="button" {onclick} {title} aria-current={chosen.then_some("true")}>
                        <span class="name">{ &object.head.name }</span>
                        <span class="kind">{ &object.head.kind }if let Some((word, _)) = role(&object.head) { { format!(", {word}") } }if moved { <span class="moved">{" changed"}</span> }</span>
                    </button>
                </li>
            }
        });
        html! { <><p title={group.name.clone()}>{ &group.name }</p><ul>{ for items }</ul></> }
    });
    html! { <Listed class="jumps" label="Objects" current={state.look.object.clone().map(AttrValue::from)}>{ for groups }</Listed> }
}
