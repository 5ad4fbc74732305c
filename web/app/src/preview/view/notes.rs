//! The notes of a release, as text.

use chartwright_kit::{CodeBlock, Slice};
use yew::prelude::*;

use super::super::outcome::Outcome;
use crate::parts;

pub(super) fn view(result: &Outcome) -> Html {
    if result.notes.trim().is_empty() {
        return parts::empty(
            "This module has no notes",
            html! { <p>{"A chart's NOTES.txt says what to do after it is installed."}</p> },
        );
    }
    html! { <div class="notes"><CodeBlock text={Slice::from(result.notes.clone())} /></div> }
}
