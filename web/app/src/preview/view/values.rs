//! The values: form, text, or both.

use chartwright_kit::{Editor, Highlight, Icon, Tab, Tabs, icon};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::state::{Event, Pane, State};
use super::super::values::Edit;
use super::platform;
use crate::parts;

pub(super) fn pane(state: &State, send: &Callback<Event>) -> Html {
    let tabs = vec![Tab::new("form", "Form"), Tab::new("yaml", "YAML"), Tab::new("both", "Both")];
    let pane = state.look.pane;
    html! {
        <section class="values" aria-label="Values">
            <div class="values-head">
                <Tabs label="Values as" name="values" {tabs} selected={pane.word()} on_select={send.reform(Event::Pane)} />
                <span class="space" />
                <button type="button" class="quiet" aria-label="Undo" title="Undo" onclick={send.reform(|_: MouseEvent| Event::Edit(Edit::Undo))}>{ icon(Icon::Undo) }</button>
                <button type="button" class="quiet" aria-label="Redo" title="Redo" onclick={send.reform(|_: MouseEvent| Event::Edit(Edit::Redo))}>{ icon(Icon::Redo) }</button>
            </div>
            if state.look.platform_open { { platform::view(state, send) } }
            <div class={classes!("values-body", pane.word())} role="tabpanel" id="values-panel" aria-labelledby={format!("values-tab-{}", pane.word())}>
                { match &state.values {
                    None => parts::waiting(&state.progress),
                    Some(values) => html! { if pane != Pane::Form { { editor(values, state, send) } } },
                } }
            </div>
        </section>
    }
}

fn editor(values: &super::super::Values, state: &State, send: &Callback<Event>) -> Html {
    html! {
        <Editor
            id="editor" label="Your values, as YAML" text={values.text()} highlight={Highlight(crate::paint::yaml)}
            on_input={send.reform(|text: String| Event::Edit(Edit::Text(text)))} goto={state.look.goto}
        />
    }
}
