//! What another tab has changed meanwhile, and where nothing is kept: said above what a person edits.

use web_sys::MouseEvent;
use yew::prelude::*;

/// Asks which of two texts counts: that of the other tab, or the one that is shown.
pub fn changed(what: &str, settle: &Callback<bool>) -> Html {
    let settle = |other: bool| settle.reform(move |_: MouseEvent| other);
    html! {
        <section class="carried" role="alert" aria-label="Changed in another tab">
            <p><strong>{ format!("Another tab has changed {what}. ") }</strong>{"What that tab has is kept on this machine, and not what is shown here."}</p>
            <p class="row">
                <button type="button" class="primary" onclick={settle(true)}>{"Use the other tab's"}</button>
                <button type="button" onclick={settle(false)}>{"Keep what is shown here"}</button>
            </p>
        </section>
    }
}

/// Says that there is no room.
pub fn no_room(way_out: &str) -> Html {
    html! {
        <section class="carried" role="status" aria-label="Not kept">
            <p><strong>{"This browser has no room to keep what you write. "}</strong>{ way_out.to_owned() }</p>
        </section>
    }
}
