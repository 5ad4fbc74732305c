//! Short messages at the edge of the page, and one line for screen readers.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, MouseEvent};
use yew::prelude::*;

use crate::dom;

/// How long a message stays that only informs, in milliseconds.
const STAYS: u32 = 6_000;

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

impl Toast {
    /// Whether it only informs: it goes by itself.
    pub fn passes(&self) -> bool {
        !self.alarm && self.action.is_none()
    }
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

/// The messages of the page. They are announced politely. When one goes that has the focus, the focus goes back to
/// where it came from.
#[component]
pub fn Toasts(props: &ToastsProps) -> Html {
    let node = use_node_ref();
    let came_from = use_mut_ref(|| None::<Element>);
    let onfocusin = {
        let (node, came_from) = (node.clone(), came_from.clone());
        Callback::from(move |event: FocusEvent| {
            let from = event.related_target().and_then(|from| from.dyn_into::<Element>().ok());
            let inside = node.get().is_some_and(|toasts| toasts.contains(from.as_deref()));
            if !inside {
                came_from.replace(from);
            }
        })
    };
    // Before the button goes with its message.
    let back = {
        let node = node.clone();
        move || {
            let has_focus =
                node.cast::<Element>().is_some_and(|toasts| toasts.matches(":focus-within").unwrap_or(false));
            if has_focus {
                match came_from.borrow_mut().take().filter(|from| from.is_connected()) {
                    Some(from) => drop(from.unchecked_into::<HtmlElement>().focus()),
                    None => dom::focus("main"),
                }
            }
        }
    };
    let leaving = |to: &Callback<u32>| {
        let (to, back) = (to.clone(), back.clone());
        Callback::from(move |id: u32| {
            back();
            to.emit(id);
        })
    };
    let (on_close, on_action) = (leaving(&props.on_close), leaving(&props.on_action));
    let toasts = props.toasts.iter().map(|toast| {
        html! { <One key={toast.id} toast={toast.clone()} on_close={on_close.clone()} on_action={on_action.clone()} /> }
    });
    html! { <div class="toasts" role="status" aria-live="polite" ref={node} {onfocusin}>{ for toasts }</div> }
}

#[derive(Clone, PartialEq, Properties)]
struct OneProps {
    toast: Toast,
    on_close: Callback<u32>,
    on_action: Callback<u32>,
}

/// One message. The clock of one that passes stands still while somebody reads or uses it.
#[component]
fn One(props: &OneProps) -> Html {
    let OneProps { toast, on_close, on_action } = props;
    let id = toast.id;
    let clock = use_mut_ref(|| None::<Timeout>);
    let latest = use_mut_ref(|| on_close.clone());
    latest.replace(on_close.clone());
    let start = {
        let (clock, passes) = (clock.clone(), toast.passes());
        move || {
            if passes {
                let latest = latest.clone();
                let timeout = Timeout::new(STAYS, move || {
                    let close = latest.borrow().clone();
                    close.emit(id);
                });
                clock.replace(Some(timeout));
            }
        }
    };
    let stop = move || drop(clock.replace(None));
    {
        let (start, stop) = (start.clone(), stop.clone());
        use_effect_with(id, move |_| {
            start();
            stop
        });
    }
    let (over, focused) = (stop.clone(), stop);
    let (out, blurred) = (start.clone(), start);
    let class = match toast {
        toast if toast.alarm => "toast alarm",
        toast if toast.passes() => "toast passing",
        _ => "toast",
    };
    html! {
        <div
            {class} onmouseenter={Callback::from(move |_: MouseEvent| over())} onmouseleave={Callback::from(move |_: MouseEvent| out())}
            onfocusin={Callback::from(move |_: FocusEvent| focused())} onfocusout={Callback::from(move |_: FocusEvent| blurred())}
        >
            <span>{ &toast.text }</span>
            if let Some(action) = &toast.action {
                <button type="button" onclick={on_action.reform(move |_: MouseEvent| id)}>{ action }</button>
            }
            <button type="button" class="quiet" onclick={on_close.reform(move |_: MouseEvent| id)} aria-label="Dismiss">
                { crate::icon(crate::Icon::Close) }
            </button>
        </div>
    }
}
