//! Dialogs, by the browser's own `<dialog>`: focus starts in the first field and stays inside, Escape closes, the rest of
//! the page is inert.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement, MouseEvent};
use yew::prelude::*;

use crate::dom;

/// What a [`Dialog`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct DialogProps {
    /// Its heading.
    pub title: AttrValue,
    /// It closed, or wants to.
    pub on_close: Callback<()>,
    /// What is in it.
    pub children: Html,
}

/// A modal dialog: open for as long as it is part of the page.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog
                && !dialog.open()
            {
                let _ = dialog.show_modal();
                // The browser would choose the button that closes it, the first in the order of Tab.
                if let Ok(Some(body)) = dialog.query_selector(".dialog-body") {
                    let _ = dom::first_stop(&body).unwrap_or(body).unchecked_into::<HtmlElement>().focus();
                }
            }
            // One that is taken out of the page while it is open would keep the focus to itself.
            move || dialog.as_ref().filter(|dialog| dialog.open()).map_or((), HtmlDialogElement::close)
        });
    }
    let onclose = props.on_close.reform(|_: Event| ());
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} aria-labelledby="dialog-title" {onclose}>
            <header>
                <h2 id="dialog-title">{ &props.title }</h2>
                <button type="button" class="quiet" onclick={close} aria-label="Close">{ crate::icon(crate::Icon::Close) }</button>
            </header>
            <div class="dialog-body" tabindex="-1">{ props.children.clone() }</div>
        </dialog>
    }
}
