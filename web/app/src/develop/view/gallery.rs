//! The base charts to choose a component from.

use chartwright_kit::{Dialog, markdown};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::bases::Base;
use super::super::state::{Event, State};
use crate::load::Load;
use crate::words::count;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let close = send.reform(|()| Event::Dialog(None));
    let bases = state.bases.shown().map(|bases| bases.0.as_slice()).unwrap_or_default();
    let cards = bases.iter().enumerate().map(|(place, base)| card(place, base, send));
    html! {
        <Dialog title="Add a component" on_close={close}>
            <div class="gallery">
                if bases.is_empty() {
                    <p class="muted">{"This catalog has no base charts. Add a component without one, and name its chart as YAML."}</p>
                }
                <ul>{ for cards }</ul>
                <p class="row end">
                    <button type="button" onclick={send.reform(|_: MouseEvent| Event::Add(None))}>{"Add one with the module's base chart"}</button>
                </p>
            </div>
        </Dialog>
    }
}

fn card(place: usize, base: &Base, send: &Callback<Event>) -> Html {
    let source = &base.chart.wanted.source;
    let add = send.reform(move |_: MouseEvent| Event::Add(Some(place)));
    let about = match &base.read {
        Load::Failed(trouble, None) => html! { <p class="problem-line">{ &trouble.what }</p> },
        read => match read.shown() {
            None => html! { <p class="muted">{"Reading the chart"}</p> },
            Some(read) => {
                let values = read.model.defaults().leaves(true).len();
                let readme = read.info.readme.as_deref().map(markdown);
                html! {
                    <>
                        <p>{ &read.info.description }</p>
                        <p class="muted">{ format!("{}{}", count(values, "value"), if read.source.schema.is_some() { ", with a schema" } else { "" }) }</p>
                        if let Some(readme) = readme { <details><summary>{"README"}</summary>{ readme }</details> }
                    </>
                }
            }
        },
    };
    let version = base.read.shown().map(|read| read.info.version.clone()).unwrap_or_default();
    html! {
        <li class="gallery-card" key={place}>
            <header>
                <h3>{ base.name() }{" "}<span class="muted">{ version }</span></h3>
                <button type="button" class="primary" onclick={add} aria-label={format!("Add a component with {}", base.name())}>{"Add"}</button>
            </header>
            { about }
            <p class="place">{ format!("{} {}/{}", source.kind, source.namespace, source.name) }</p>
        </li>
    }
}
