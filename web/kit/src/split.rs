//! Two panes with a bar between them that mouse, touch and arrow keys move.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::dom::set_property;

/// The smallest and the largest share of the first pane, in percent.
const LIMITS: (f64, f64) = (20.0, 80.0);

/// How far an arrow key moves, in percent.
const STEP: f64 = 2.0;

/// What a [`Split`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct SplitProps {
    /// What the bar does, for screen readers.
    pub label: AttrValue,
    /// The first pane's share in percent.
    pub share: f64,
    /// The share after a move has ended.
    pub on_share: Callback<f64>,
    /// The first pane.
    pub first: Html,
    /// The second pane.
    pub second: Html,
    /// Which pane a narrow screen shows: the second, or the first.
    #[prop_or_default]
    pub narrow_second: bool,
}

/// Two panes side by side.
#[component]
pub fn Split(props: &SplitProps) -> Html {
    let root = use_node_ref();
    {
        let root = root.clone();
        use_effect_with(props.share, move |share| apply(&root, *share));
    }
    let dragged = use_mut_ref(|| None::<f64>);
    let onpointerdown = Callback::from(|event: PointerEvent| {
        event.prevent_default();
        let bar: HtmlElement = event.target_unchecked_into();
        // Later moves come here even when the pointer leaves the bar.
        let capture = js_sys::Reflect::get(&bar, &"setPointerCapture".into());
        if let Some(capture) = capture.ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok()) {
            let _ = capture.call1(&bar, &event.pointer_id().into());
        }
        let _ = bar.focus();
    });
    let onpointermove = {
        let (root, dragged) = (root.clone(), dragged.clone());
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 0 {
                return;
            }
            let Some(element) = root.cast::<HtmlElement>() else { return };
            let all = element.get_bounding_client_rect();
            if all.width() > 0.0 {
                let share = clamp((f64::from(event.client_x()) - all.left()) / all.width() * 100.0);
                *dragged.borrow_mut() = Some(share);
                apply(&root, share);
            }
        })
    };
    let onpointerup = {
        let on_share = props.on_share.clone();
        Callback::from(move |_: PointerEvent| {
            if let Some(share) = dragged.borrow_mut().take() {
                on_share.emit(share);
            }
        })
    };
    let onkeydown = {
        let (share, on_share) = (props.share, props.on_share.clone());
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => share - STEP,
                "ArrowRight" => share + STEP,
                "Home" => LIMITS.0,
                "End" => LIMITS.1,
                _ => return,
            };
            event.prevent_default();
            on_share.emit(clamp(to));
        })
    };
    let now = format!("{:.0}", props.share);
    html! {
        <div class={if props.narrow_second { "split second-shown" } else { "split first-shown" }} ref={root}>
            <div class="pane first">{ props.first.clone() }</div>
            <div
                class="bar" role="separator" tabindex="0" aria-orientation="vertical" aria-label={&props.label}
                aria-valuenow={now} aria-valuemin="20" aria-valuemax="80"
                {onpointerdown} {onpointermove} {onpointerup} {onkeydown}
            />
            <div class="pane second">{ props.second.clone() }</div>
        </div>
    }
}

fn clamp(share: f64) -> f64 {
    share.clamp(LIMITS.0, LIMITS.1)
}

fn apply(root: &NodeRef, share: f64) {
    if let Some(element) = root.cast::<HtmlElement>() {
        set_property(&element, "--share", &format!("{share:.2}%"));
    }
}
