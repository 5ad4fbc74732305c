//! What the server of the page stores: the dialogs of *Store* and *Open*.

use std::rc::Rc;

use chartwright_kit::Dialog;
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::state::{Event, State};
use crate::load::Load;
use crate::manage::{Head, Id};
use crate::{deploy, parts};

/// The descriptor is stored, once it was seen what that changes.
pub(super) fn store(state: &State, text: &Rc<str>, send: &Callback<Event>) -> Html {
    let Some(server) = &state.server else { return Html::default() };
    let title = crate::manage::id_of(text).map_or_else(|| "the descriptor".to_owned(), |id| id.name);
    let on_close = send.reform(|_: Option<Id>| Event::Dialog(None));
    let input = deploy::Input {
        text: text.clone(),
        title,
        server: server.clone(),
        stores_only: true,
        carries: false,
        on_close,
    };
    html! { <deploy::Deploy {input} /> }
}

/// Lists what is stored.
pub(super) fn list(stored: &Load<Vec<Head>>, send: &Callback<Event>) -> Html {
    let body = match (stored, stored.shown()) {
        (Load::Failed(trouble, _), _) => parts::trouble(trouble),
        (_, Some(heads)) if heads.is_empty() => html! { <p>{"No descriptor is stored yet."}</p> },
        (_, Some(heads)) => {
            let items = heads.iter().map(|head| {
                let id = Id::new(&head.namespace, &head.name);
                let label = id.to_string();
                html! {
                    <li>
                        <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::OpenStored(id.clone()))}>{ label }</button>
                        <span class="muted">{ format!(" {} {}", head.version, head.description) }</span>
                    </li>
                }
            });
            html! { <ul class="stored">{ for items }</ul> }
        }
        _ => parts::waiting("Fetching descriptors"),
    };
    html! { <Dialog title="Open a stored descriptor" on_close={send.reform(|()| Event::Dialog(None))}>{ body }</Dialog> }
}
