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
        let (node, close) = (node.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" => {
                event.stop_propagation();
                close(true);
            }
            key @ ("ArrowDown" | "ArrowUp" | "Home" | "End") => {
                if let Some(details) = node.cast::<HtmlDetailsElement>() {
                    event.prevent_default();
                    details.set_open(true);
                    step(&details, key);
                }
            }
            _ => {}
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

/// The focus goes to another item of a menu.
fn step(details: &HtmlDetailsElement, key: &str) {
    let Ok(items) = details.query_selector_all(".items a, .items button:not([disabled])") else { return };
    let items: Vec<HtmlElement> =
        (0..items.length()).filter_map(|at| items.get(at)?.dyn_into::<HtmlElement>().ok()).collect();
    let active = crate::dom::document().active_element();
    let at = items.iter().position(|item| Some(item.unchecked_ref::<web_sys::Element>()) == active.as_ref());
    if let Some(item) = next(at, items.len(), key).and_then(|at| items.get(at)) {
        let _ = item.focus();
    }
}

/// The item after, before, first or last; round the end.
fn next(at: Option<usize>, number: usize, key: &str) -> Option<usize> {
    let last = number.checked_sub(1)?;
    Some(match (key, at) {
        ("End", _) | ("ArrowUp", None | Some(0)) => last,
        ("ArrowUp", Some(at)) => at - 1,
        ("ArrowDown", Some(at)) if at < last => at + 1,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn arrows_go_round() {
        for (key, at, to) in [
            ("ArrowDown", None, 0),
            ("ArrowDown", Some(0), 1),
            ("ArrowDown", Some(2), 0),
            ("ArrowUp", None, 2),
            ("ArrowUp", Some(0), 2),
            ("ArrowUp", Some(2), 1),
            ("Home", Some(2), 0),
            ("End", Some(0), 2),
        ] {
            assert_eq!(next(at, 3, key), Some(to), "{key} {at:?}");
        }
        assert_eq!(next(None, 0, "ArrowDown"), None);
    }
}
