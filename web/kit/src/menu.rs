//! Menus, by `<details>`: they open without script, close with Escape and with a click elsewhere.

use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlDetailsElement, HtmlElement, KeyboardEvent, MouseEvent, Node};
use yew::prelude::*;

/// What a [`Menu`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct MenuProps {
    /// The button's label.
    pub label: Html,
    /// What the button is called where the label is only a picture.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// What is in it: links and buttons. A choice closes it.
    pub children: Html,
}

/// A button that opens a list of actions.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let node = use_node_ref();
    let close = {
        let node = node.clone();
        move |back: bool| {
            let Some(details) = node.cast::<HtmlDetailsElement>() else { return };
            details.set_open(false);
            if back && let Ok(Some(summary)) = details.query_selector("summary") {
                let _ = summary.unchecked_into::<HtmlElement>().focus();
            }
        }
    };
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close(true);
            }
        })
    };
    let onfocusout = {
        let (node, close) = (node.clone(), close.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
            let inside = node.get().is_some_and(|menu| menu.contains(to.as_ref()));
            if !inside {
                close(false);
            }
        })
    };
    let onclick = Callback::from(move |event: MouseEvent| {
        let chosen = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if chosen.is_some_and(|element| element.closest("a,button").ok().flatten().is_some()) {
            close(true);
        }
    });
    html! {
        <details class="menu" ref={node} {onkeydown} {onfocusout}>
            <summary aria-label={props.name.clone()}>{ props.label.clone() }</summary>
            <div class="items" {onclick} tabindex="-1">{ props.children.clone() }</div>
        </details>
    }
}
