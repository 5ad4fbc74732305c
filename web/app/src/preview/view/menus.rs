//! The bar above the panes: the module, its version, and what can be done with it.

use chartwright_kit::{Icon, Menu, icon};
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::open::Source;
use super::super::state::{Copied, Downloaded, Event, SaveName, State};
use super::super::update::{PLATFORM_BUTTON, installs};
use crate::load::Load;
use crate::route::View;

pub(super) fn bar(state: &State, title: &str, send: &Callback<Event>) -> Html {
    let opened = state.opened.shown();
    html! {
        <div class="module-bar">
            if state.host.is_none() {
                <a class="quiet" href="./" aria-label="Back to the catalog" title="Back to the catalog">{ icon(Icon::Left) }</a>
            }
            // The page around an element has a heading of its own.
            <h1 id="title" tabindex="-1" title={title.to_owned()} aria-level={state.host.as_ref().map(|_| "2")}>{ title }</h1>
            { version(state, send) }
            if let Some(chips) = opened.map(|opened| chips(opened)) { { chips } }
            <span class="space" />
            // Nothing can be done with what could not be opened.
            if !matches!(state.opened, Load::Failed(_, None)) {
                { platform(state, send) }
                <Menu label={html! { <>{"Saved sets"}{ icon(Icon::Down) }</> }}>{ values_menu(state, send) }</Menu>
                <Menu label={html! { <>{"Share"}{ icon(Icon::Down) }</> }}>{ share_menu(state, send) }</Menu>
                <Menu label={html! { <>{"Deploy"}{ icon(Icon::Down) }</> }}>{ deploy_menu(state, send) }</Menu>
            }
            if installs(state) || opened.is_some() && state.host.as_ref().is_some_and(|host| host.installs) {
                <button type="button" class="primary" onclick={send.reform(|_: MouseEvent| Event::Install)}>{"Install"}</button>
            }
        </div>
    }
}

fn version(state: &State, send: &Callback<Event>) -> Html {
    // A version that cannot be opened has others beside it.
    let shown = match (state.opened.shown(), &state.route.view) {
        (Some(opened), _) => opened.version.as_str(),
        (None, View::Module { version, .. }) => version,
        _ => "",
    };
    let versions = state.module.as_ref().map(|module| module.versions.as_slice()).unwrap_or_default();
    if versions.len() < 2 {
        return html! { if !shown.is_empty() { <span class="version">{ shown }</span> } };
    }
    let onchange =
        send.reform(|event: web_sys::Event| Event::Version(event.target_unchecked_into::<HtmlSelectElement>().value()));
    let options = versions.iter().map(|version| {
        let selected = version.version == shown;
        html! { <option value={version.version.clone()} {selected}>{ &version.version }</option> }
    });
    html! { <select class="version" aria-label="Version" {onchange}>{ for options }</select> }
}

fn chips(opened: &super::super::Opened) -> Html {
    html! {
        <>
            if opened.chart.deprecated { <span class="chip warn">{"deprecated"}</span> }
            if opened.module.is_none() {
                <span class="chip">{ if opened.is_made { "from Develop" } else { "from a file" } }</span>
            }
        </>
    }
}

fn platform(state: &State, send: &Callback<Event>) -> Html {
    let open = state.look.platform_open;
    let label = super::platform::label(state);
    html! {
        <button
            type="button" id={PLATFORM_BUTTON} class="platform-button" aria-expanded={if open { "true" } else { "false" }}
            onclick={send.reform(move |_: MouseEvent| Event::PlatformOpen(!open))}
        >
            <span>{"Platform"}<span class="where">{": "}<span class="cut">{ label }</span></span></span>
        </button>
    }
}

/// An item of a menu.
fn item(label: &str, detail: &str, event: impl Fn() -> Event + 'static, send: &Callback<Event>) -> Html {
    let onclick = send.reform(move |_: MouseEvent| event());
    html! {
        <button type="button" {onclick}><span>{ label }</span><small>{ detail }</small></button>
    }
}

fn values_menu(state: &State, send: &Callback<Event>) -> Html {
    let sets = state.saved.iter().map(|(name, _)| {
        let (used, gone) = (name.clone(), name.clone());
        html! {
            <div class="pair" key={name.clone()}>
                { item(name, "use these values", move || Event::UseSet(used.clone()), send) }
                <button
                    type="button" class="quiet" aria-label={format!("Delete {name}")}
                    onclick={send.reform(move |_: MouseEvent| Event::ForgetSet(gone.clone()))}
                >{ icon(Icon::Close) }</button>
            </div>
        }
    });
    html! {
        <>
            { item("Save as a set", "to come back to, and to compare with", || Event::Dialog(Some(SaveName::default())), send) }
            { for sets }
            <hr />
            { item("Reset all", "as the module has them", || Event::Edit(crate::form::Edit::Reset), send) }
        </>
    }
}

fn share_menu(state: &State, send: &Callback<Event>) -> Html {
    let of_file = state.opened.shown().is_some_and(|opened| opened.module.is_none());
    let link = if of_file {
        "for those who have the file: values and platform, without account and passwords"
    } else {
        "with values and platform, without account and passwords"
    };
    let has_passwords = state.values.as_ref().is_some_and(|values| values.has_secrets());
    let values = if has_passwords { "what you changed, with your passwords" } else { "what you changed" };
    html! {
        <>
            if state.host.is_none() { { item("Copy a link", link, || Event::Copy(Copied::Link), send) } }
            { item("Copy all manifests", "as text", || Event::Copy(Copied::Manifests), send) }
            <hr />
            { item("Download values.yaml", values, || Event::Download(Downloaded::Values), send) }
            { item("Download manifests", "one YAML file", || Event::Download(Downloaded::Manifests), send) }
            { item("Download a zip", "a file for each object", || Event::Download(Downloaded::Zip), send) }
        </>
    }
}

fn deploy_menu(state: &State, send: &Callback<Event>) -> Html {
    let descriptor = state.opened.shown().is_some_and(|opened| matches!(opened.source, Source::Descriptor { .. }));
    let archive = state.opened.shown().is_some_and(|opened| !opened.archive.is_empty());
    let render = if descriptor { "Copy chartwright render" } else { "Copy chartwright template" };
    html! {
        <>
            { item("Download a HelmRelease", "for Flux, with your values", || Event::Download(Downloaded::HelmRelease), send) }
            if archive { { item("Download the chart", "an archive for helm install", || Event::Download(Downloaded::Chart), send) } }
            if descriptor {
                { item("Download the descriptor", "what the module is made from", || Event::Download(Downloaded::Descriptor), send) }
                { item("Download platform.yaml", "the facts that it was rendered with", || Event::Download(Downloaded::Platform), send) }
                { item("Download the inputs", "everything that renders it, with base charts and command", || Event::Download(Downloaded::Inputs), send) }
                { item("Open in Develop", "to change the module itself", || Event::Develop, send) }
            }
            <hr />
            { item("Copy helm install", "the command line", || Event::Copy(Copied::Helm), send) }
            { item(render, "the same result in a terminal", || Event::Copy(Copied::Render), send) }
        </>
    }
}
