//! Undo and redo by keys, outside of fields: in them, the browser undoes what was typed.

use chartwright_kit::dom;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::form::Edit;

/// What [`UndoKeys`] does.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct UndoKeysProps {
    /// Where undo and redo go.
    pub(super) on_edit: Callback<Edit>,
}

/// What a key means: Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y, with Command on a Mac.
pub(super) fn meant(key: &str, control: bool, shift: bool) -> Option<Edit> {
    match key {
        "z" | "Z" if control => Some(if shift { Edit::Redo } else { Edit::Undo }),
        "y" if control && !shift => Some(Edit::Redo),
        _ => None,
    }
}

/// Listens for as long as it is part of the page. It shows nothing.
#[component]
pub(super) fn UndoKeys(props: &UndoKeysProps) -> Html {
    let latest = use_mut_ref(|| props.on_edit.clone());
    latest.replace(props.on_edit.clone());
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&dom::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let control = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
            let Some(edit) = meant(&event.key(), control, event.shift_key()) else { return };
            if !event.default_prevented() && !dom::rests_shortcuts(event.target()) {
                event.prevent_default();
                latest.borrow().emit(edit);
            }
        });
        move || drop(listener)
    });
    Html::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_undo_and_redo() {
        assert_eq!(meant("z", true, false), Some(Edit::Undo));
        assert_eq!(meant("Z", true, true), Some(Edit::Redo));
        assert_eq!(meant("y", true, false), Some(Edit::Redo));
        assert_eq!(meant("z", false, false), None);
    }
}
