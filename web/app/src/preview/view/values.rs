//! The values: form, text, or both.

use chartwright_kit::{CodeBlock, Editor, Highlight, Icon, Slice, Tab, Tabs};
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent, MouseEvent};
use yew::prelude::*;

use super::super::open::Source;
use super::super::state::{Event, Pane, State};
use super::super::values::Values;
use super::{carried, form, platform};
use crate::form::Edit;
use crate::{elsewhere, parts};

pub(super) fn pane(state: &State, send: &Callback<Event>) -> Html {
    let tabs =
        vec![Tab::new("form", "Form").key("f"), Tab::new("yaml", "YAML").key("y"), Tab::new("both", "Both").key("b")];
    let pane = state.look.pane;
    let (undo, redo) = state.values.as_ref().map(Values::history).unwrap_or_default();
    let edit = |edit: Edit| send.reform(move |_: MouseEvent| Event::Edit(edit.clone()));
    html! {
        <section class="values" aria-label="Values">
            <div class="values-head">
                <Tabs label="Values as" name="values" {tabs} selected={pane.word()} on_select={send.reform(Event::Pane)} />
                <span class="space" />
                { parts::step("Undo", Icon::Undo, undo, edit(Edit::Undo)) }
                { parts::step("Redo", Icon::Redo, redo, edit(Edit::Redo)) }
            </div>
            if state.look.platform_open {
                <div class="platform-place" onkeydown={close_platform(send)}>{ platform::view(state, send) }</div>
            }
            if state.elsewhere.is_some() {
                { elsewhere::changed("these values", &send.reform(|other| Event::Settle { other })) }
            }
            if let (Some(carried), Some(values)) = (&state.carried, &state.values) { { carried::view(carried, values, send) } }
            <div class={format!("values-body as-{}", pane.word())} role="tabpanel" id="values-panel" aria-labelledby={format!("values-tab-{}", pane.word())}>
                { match &state.values {
                    None => parts::waiting(&state.progress),
                    Some(values) => html! {
                        <>
                            if pane != Pane::Yaml { <div class="form-pane">{ tools(state, send) }{ form::view(values, state, send) }</div> }
                            if pane != Pane::Form { <div class="yaml-pane">{ editor(values, state, send) }</div> }
                        </>
                    },
                } }
            </div>
        </section>
    }
}

/// Escape closes the platform's form.
fn close_platform(send: &Callback<Event>) -> Callback<KeyboardEvent> {
    let send = send.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            send.emit(Event::PlatformOpen(false));
        }
    })
}

fn tools(state: &State, send: &Callback<Event>) -> Html {
    let oninput =
        send.reform(|event: InputEvent| Event::Search(event.target_unchecked_into::<HtmlInputElement>().value()));
    let only = state.look.changed_only;
    html! {
        <div class="tools form-tools">
            <input type="search" aria-label="Find a setting" placeholder="Find a setting" value={state.look.search.clone()} {oninput} autocomplete="off" aria-keyshortcuts="e" />
            <label class="inline"><input type="checkbox" checked={only} onchange={send.reform(move |_: web_sys::Event| Event::ChangedOnly(!only))} />{"changed only"}</label>
        </div>
    }
}

fn editor(values: &Values, state: &State, send: &Callback<Event>) -> Html {
    let merged = state.look.merged;
    let is_descriptor = state.opened.shown().is_some_and(|opened| matches!(opened.source, Source::Descriptor { .. }));
    let says = match (merged, is_descriptor) {
        (false, _) => values.help().unwrap_or("What you change, as Helm takes it"),
        (true, true) => "All values in effect: the base charts', the developer's and yours",
        (true, false) => "All values in effect: the chart's and yours",
    };
    let choice = |value: bool, label: &'static str| {
        let pressed = if merged == value { "true" } else { "false" };
        html! { <button type="button" aria-pressed={pressed} onclick={send.reform(move |_: MouseEvent| Event::Merged(value))}>{ label }</button> }
    };
    html! {
        <>
            <div class="tools yaml-tools">
                <div class="segmented" role="group" aria-label="Which values">{ choice(false, "Yours") }{ choice(true, "All") }</div>
                <span class="muted cut-line" aria-live="off" title={says.to_owned()}>{ says }</span>
            </div>
            if merged {
                <CodeBlock text={Slice::from(values.merged())} highlight={Highlight(crate::paint::yaml)} />
            } else {
                <Editor
                    id="editor" label="Your values, as YAML" text={values.text()} highlight={Highlight(crate::paint::yaml)}
                    on_input={send.reform(|text: String| Event::Edit(Edit::Text(text)))} goto={state.look.goto} marks={values.marks()}
                    suggestions={values.suggestions()} on_caret={send.reform(|(line, column): (u32, u32)| Event::Caret(line, column))}
                />
            }
        </>
    }
}
