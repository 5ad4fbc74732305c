//! Short messages at the edge of the page, and one line for screen readers.

use yew::prelude::*;

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// What events name it by.
    pub id: u32,
    /// What happened.
    pub text: AttrValue,
    /// Whether something went wrong.
    pub alarm: bool,
    /// A button: what it does.
    pub action: Option<AttrValue>,
}

/// What [`Toasts`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ToastsProps {
    /// The messages, the oldest first.
    pub toasts: Vec<Toast>,
    /// One was put away.
    pub on_close: Callback<u32>,
    /// The button of one was pressed.
    pub on_action: Callback<u32>,
}

/// The messages of the page. They are announced politely.
#[component]
pub fn Toasts(props: &ToastsProps) -> Html {
    let toasts = props.toasts.iter().map(|toast| {
        let id = toast.id;
        let close = props.on_close.reform(move |_: MouseEvent| id);
        let act = props.on_action.reform(move |_: MouseEvent| id);
        html! {
            <div key={id} class={if toast.alarm { "toast alarm" } else { "toast" }}>
                <span>{ &toast.text }</span>
                if let Some(action) = &toast.action {
                    <button type="button" onclick={act}>{ action }</button>
                }
                <button type="button" class="quiet" onclick={close} aria-label="Dismiss">
                    { crate::icon(crate::Icon::Close) }
                </button>
            </div>
        }
    });
    html! { <div class="toasts" role="status" aria-live="polite">{ for toasts }</div> }
}
