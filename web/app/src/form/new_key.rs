//! A new key of a map. Nothing is set before it has a name.

use chartwright_kit::{Icon, dom, icon};
use chartwright_values::{Kind, Path, Value};
use web_sys::{HtmlInputElement, KeyboardEvent, MouseEvent};
use yew::prelude::*;

use super::Edit;

/// What a [`NewKey`] needs.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct NewKeyProps {
    /// Starts the ids of its elements.
    pub(super) id: String,
    /// The map.
    pub(super) map: Path,
    /// The keys that it has.
    pub(super) keys: Vec<String>,
    /// What the key is set to.
    pub(super) new: Value,
    /// What it may be set to instead.
    pub(super) others: Vec<Value>,
    /// Whether nothing can be changed now.
    pub(super) off: bool,
    /// Where edits go.
    pub(super) send: Callback<Edit>,
}

/// The button that adds a key, and the field for its name while there is none.
#[component]
pub(super) fn NewKey(props: &NewKeyProps) -> Html {
    // What was typed for the name; none while no key is being added.
    let name = use_state(|| None::<String>);
    let (row, button) = (format!("{}-new", props.id), format!("{}-add", props.id));
    let add = {
        let (name, row) = (name.clone(), row.clone());
        Callback::from(move |_: MouseEvent| {
            dom::focus_first_soon(&row);
            name.set(Some(String::new()));
        })
    };
    let Some(typed) = (*name).clone() else {
        return html! { <button type="button" id={button} disabled={props.off} onclick={add}>{ icon(Icon::Add) }{"Add"}</button> };
    };
    let close = {
        let name = name.clone();
        Callback::from(move |()| {
            dom::focus_soon(&button);
            name.set(None);
        })
    };
    let taken = props.keys.contains(&typed);
    let onchange = {
        let (name, props) = (name.clone(), props.clone());
        Callback::from(move |event: web_sys::Event| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            if typed.trim().is_empty() || props.keys.contains(&typed) {
                return;
            }
            // What comes next is the value.
            dom::focus_first_soon(format!("{}-value-{typed}", props.id));
            name.set(None);
            let start = Kind::start(&typed, &props.new, &props.others).clone();
            props.send.emit(Edit::AddKey(props.map.clone(), typed, start));
        })
    };
    let oninput = Callback::from(move |event: InputEvent| {
        name.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
    });
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let problem = format!("{row}-problem");
    html! {
        <div class="new-key" id={row}>
            <input
                class="map-key" value={typed} disabled={props.off} {oninput} {onchange} {onkeydown} aria-label="Name of the new key" placeholder="Name"
                aria-invalid={if taken { "true" } else { "false" }} aria-describedby={problem.clone()} autocomplete="off" spellcheck="false"
            />
            <button type="button" class="quiet" aria-label="Do not add a key" title="Do not add it" onclick={close.reform(|_: MouseEvent| ())}>{ icon(Icon::Close) }</button>
            if taken { <p class="problem-line" id={problem}>{"There is such a key already"}</p> }
        </div>
    }
}
