//! What the operator's page looks like.

mod dialogs;
mod list;
mod one;
mod recorded;

use web_sys::{HtmlInputElement, InputEvent, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::rows::Standing;
use super::state::{Event, Live, State};
use crate::load::Load;
use crate::manage::{Deploys, Place};
use crate::parts;
use crate::route::View;
use crate::words::count;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let retry = html! { <p><button type="button" onclick={send.reform(|_: MouseEvent| Event::Refresh)}>{"Try again"}</button></p> };
    let body = match (&state.place, state.place.shown()) {
        (_, Some(Place::Here(_))) => html! {
            <>
                { lost(state) }
                { match &state.route.view {
                    View::Operated { .. } => one::view(state, send),
                    _ => list::view(state, send),
                } }
                { dialogs::view(state, send) }
            </>
        },
        (Load::Ready(_), Some(Place::Locked { wrong })) => locked(state, *wrong, send),
        (Load::Ready(_), Some(Place::Nowhere)) => match (&state.recorded, state.recorded.shown()) {
            (_, Some(operations)) => recorded::view(state, operations, send),
            (Load::Failed(trouble, _), None) => html! { <>{ parts::trouble(trouble) }{ retry }</> },
            _ => parts::waiting("Fetching modules"),
        },
        (Load::Failed(trouble, _), _) => html! { <>{ parts::trouble(trouble) }{ retry }</> },
        _ => parts::waiting("Looking for the server's modules"),
    };
    // The heading has the focus when the page opens: it is the same element before and after the data came.
    html! {
        <section class="page operate">
            { heading(state, send) }
            <div key="body">{ body }</div>
        </section>
    }
}

/// What is shown is old: the server does not tell any more.
fn lost(state: &State) -> Html {
    let trouble = match &state.route.view {
        View::Operated { .. } => state.one.row.trouble(),
        _ => state.rows.trouble(),
    };
    match (state.live, trouble) {
        (Live::Lost, _) => html! {
            <p class="note" role="status">{"The server cannot be reached. What is shown is from before; it is asked again by itself."}</p>
        },
        (_, Some(trouble)) => parts::trouble(trouble),
        _ => Html::default(),
    }
}

fn heading(state: &State, send: &Callback<Event>) -> Html {
    let recorded = state.recorded.shown().filter(|_| state.server().is_none());
    if let View::Operated { name, .. } = &state.route.view {
        let module = recorded.and_then(|operations| recorded::found(state, operations));
        let title = module.map_or(name.as_str(), |module| module.title.as_str()).to_owned();
        return html! {
            <div class="heading" key="heading">
                <h1 id="title" tabindex="-1">{ title }</h1>
                if let Some(module) = module {
                    <><span class="muted">{ &module.version }</span>{ recorded::status(module.health) }</>
                } else {
                    { one::head(state, send) }
                }
            </div>
        };
    }
    let says = match (state.server(), state.rows.shown(), recorded) {
        (Some(server), Some(rows), _) => {
            let place = match server.deploys {
                Deploys::Git => "stored here, and deployed from Git",
                Deploys::Cluster => "stored here, and deployed to a cluster",
                Deploys::Nothing => "stored here; this server deploys nothing",
            };
            format!("{}, {place}", count(rows.len(), "module"))
        }
        (None, _, Some(all)) => format!("{} in {}", count(all.modules.len(), "module"), all.cluster),
        _ => String::new(),
    };
    let server = state.server();
    html! {
        <div class="heading" key="heading">
            <h1 id="title" tabindex="-1">{"Operate"}</h1>
            if !says.is_empty() { <p class="muted">{ says }</p> }
            if let Some(server) = server {
                if server.read_only { <span class="chip">{"read only"}</span> }
                <span class="open">
                    if server.can("listSources") { <a class="button" href="operate/sources">{"Sources"}</a> }
                    <button type="button" onclick={send.reform(|_: MouseEvent| Event::Refresh)}>{"Refresh"}</button>
                </span>
            }
        </div>
    }
}

fn locked(state: &State, wrong: bool, send: &Callback<Event>) -> Html {
    html! { <TokenForm token={state.token.clone()} {wrong} on_type={send.reform(Event::Typed)} on_use={send.reform(|()| Event::Unlock)} /> }
}

/// What [`TokenForm`] shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct TokenProps {
    /// What was typed.
    pub(crate) token: String,
    /// Whether the last one was refused.
    pub(crate) wrong: bool,
    /// It is typed.
    pub(crate) on_type: Callback<String>,
    /// It is used.
    pub(crate) on_use: Callback<()>,
}

/// Asks for a token. It stays in memory: no storage of the browser ever has it.
#[component]
pub(crate) fn TokenForm(props: &TokenProps) -> Html {
    let oninput = props.on_type.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let onsubmit = props.on_use.reform(|event: SubmitEvent| event.prevent_default());
    html! {
        <form class="token" {onsubmit}>
            if props.wrong { <p class="trouble" role="alert">{"The server does not take this token."}</p> }
            <p>{"This server wants a token. Whoever runs it has given you one."}</p>
            <label class="field"><span>{"Token"}</span>
                <input id="token" type="password" autocomplete="off" spellcheck="false" value={props.token.clone()} {oninput} />
            </label>
            <p class="muted">{"It is forgotten when the page is closed or reloaded."}</p>
            <p><button type="submit" class="primary" disabled={props.token.trim().is_empty()}>{"Use the token"}</button></p>
        </form>
    }
}

/// The state of a module, in a word.
fn chip(standing: Standing) -> Html {
    let class = match standing {
        Standing::Ready | Standing::Deployed => "chip ok",
        Standing::Failed | Standing::Orphan => "chip bad",
        Standing::Behind => "chip info",
        Standing::Suspended => "chip warn",
        Standing::Waiting => "chip",
    };
    html! { <span {class}>{ standing.label() }</span> }
}

/// A moment: how long ago, and, on the pointer, when.
fn moment(now: i64, at: i64) -> Html {
    html! { <time datetime={crate::words::date(at)} title={crate::words::date(at)}>{ crate::words::ago(now - at) }</time> }
}
