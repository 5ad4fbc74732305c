//! Values that another tab has changed meanwhile: which ones count.

use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::state::Event;

pub(super) fn view(send: &Callback<Event>) -> Html {
    let settle = |other: bool| send.reform(move |_: MouseEvent| Event::Settle { other });
    html! {
        <section class="carried" role="alert" aria-label="Values of another tab">
            <p><strong>{"Another tab has changed these values. "}</strong>{"That tab's are kept on this machine, not the ones shown here."}</p>
            <p class="row">
                <button type="button" class="primary" onclick={settle(true)}>{"Use the other tab's"}</button>
                <button type="button" onclick={settle(false)}>{"Keep the ones shown here"}</button>
            </p>
        </section>
    }
}
