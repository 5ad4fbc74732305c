//! What the developer's page looks like.

mod component;
mod export;
mod form;
mod gallery;
mod keys;
mod result;
mod server;

use chartwright_kit::{Editor, Highlight, Icon, Menu, Split, Tab, Tabs, icon};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::export::What;
use super::state::{Dialog, Event, State};
use super::update::{EMPTY, FIRST};
use crate::form::Edit;
use crate::load::Load;
use crate::preview::Pane;
use crate::route::{Route, View};
use crate::{elsewhere, parts};

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let narrow = |result: bool, label: &'static str| {
        let pressed = if state.look.result_shown == result { "true" } else { "false" };
        html! { <button type="button" aria-pressed={pressed} onclick={send.reform(move |_: MouseEvent| Event::Narrow(result))}>{ label }</button> }
    };
    let dialog = match &state.look.dialog {
        None => Html::default(),
        Some(Dialog::Gallery) => gallery::view(state, send),
        Some(Dialog::Store(text)) => server::store(state, text, send),
        Some(Dialog::Stored(stored)) => server::list(stored, send),
        Some(Dialog::Export { what, busy, problems, trouble }) => {
            export::view(state, *what, *busy, problems, trouble.as_ref(), send)
        }
    };
    html! {
        <div class="preview developer">
            { bar(state, send) }
            <div class="narrow-switch" role="group" aria-label="Pane">{ narrow(false, "Descriptor") }{ narrow(true, "Result") }</div>
            <Split
                label="Width of the descriptor" share={state.look.share} on_share={send.reform(Event::Share)}
                first={descriptor(state, send)} second={result::pane(state, send)} narrow_second={state.look.result_shown}
            />
            <keys::UndoKeys on_edit={send.reform(Event::Edit)} />
            { dialog }
        </div>
    }
}

fn bar(state: &State, send: &Callback<Event>) -> Html {
    let item = |label: &'static str, detail: &'static str, event: Event, off: bool| {
        let onclick = send.reform(move |_: MouseEvent| event.clone());
        html! { <button type="button" disabled={off} {onclick}><span>{ label }</span><small>{ detail }</small></button> }
    };
    let dialog =
        |what: What| Event::Dialog(Some(Dialog::Export { what, busy: false, problems: Vec::new(), trouble: None }));
    let made = matches!(&state.made, Load::Ready(made) if !made.archive.is_empty());
    html! {
        <div class="module-bar">
            <h1 id="title" tabindex="-1">{"Develop"}</h1>
            <span class="muted purpose">{"Describe a module; see at once what it becomes."}</span>
            <span class="space" />
            <Menu label={html! { <>{"New"}{ icon(Icon::Down) }</> }}>
                if state.digest.is_some() {
                    { item("Revert to the opened file", "without your changes", Event::Fresh, false) }
                    <a href={Route::to(View::Develop).write()}><span>{"Another module"}</span><small>{"this one stays as it is"}</small></a>
                } else {
                    { item("Empty module", "nothing but a name and a version", Event::New(EMPTY), false) }
                    { item("Example", "a shop with one component", Event::New(FIRST), false) }
                }
            </Menu>
            <Menu label={html! { <>{"Download"}{ icon(Icon::Down) }</> }}>
                { item("Descriptor", "YAML, as it is here", Event::Download(What::Descriptor), false) }
                { item("Chart archive", "for helm install", Event::Download(What::Chart), !made) }
                <hr />
                { item("Flux files", "namespace, HelmRelease, sources, chart", dialog(What::Flux), !made) }
                { item("Argo CD files", "Application and wrapper chart", dialog(What::Argocd), !made) }
                { item("Everything", "one zip archive", dialog(What::All), !made) }
            </Menu>
            if let Some(server) = &state.server {
                if server.can("readDescriptor") { <button type="button" onclick={send.reform(|_: MouseEvent| Event::StoredOnes)}>{"Open"}</button> }
                if server.stores() { <button type="button" onclick={send.reform(|_: MouseEvent| Event::Store)}>{"Store"}</button> }
            }
            <button type="button" class="primary" onclick={send.reform(|_: MouseEvent| Event::Preview)}>{"Open the preview"}</button>
        </div>
    }
}

fn descriptor(state: &State, send: &Callback<Event>) -> Html {
    let tabs = vec![Tab::new("form", "Form"), Tab::new("yaml", "YAML"), Tab::new("both", "Both")];
    let pane = state.look.pane;
    let (undo, redo) = state.draft.history();
    let edit = |edit: Edit| send.reform(move |_: MouseEvent| Event::Edit(edit.clone()));
    html! {
        <section class="values" aria-label="Descriptor">
            <div class="values-head">
                <Tabs label="Descriptor as" name="descriptor" {tabs} selected={pane.word()} on_select={send.reform(Event::Pane)} />
                <span class="space" />
                { parts::step("Undo", Icon::Undo, undo, edit(Edit::Undo)) }
                { parts::step("Redo", Icon::Redo, redo, edit(Edit::Redo)) }
            </div>
            if state.elsewhere.is_some() {
                { elsewhere::changed("this descriptor", &send.reform(|other| Event::Settle { other })) }
            }
            if state.no_room { { elsewhere::no_room("Download the descriptor before you close the page.") } }
            <div class={format!("values-body as-{}", pane.word())} role="tabpanel" id="descriptor-panel" aria-labelledby={format!("descriptor-tab-{}", pane.word())}>
                if !state.restored {
                    { parts::waiting("Opening the descriptor") }
                } else {
                    if pane != Pane::Yaml { { form::view(state, send) } }
                    if pane != Pane::Form {
                        <Editor
                            id="descriptor" label="Descriptor, as YAML" text={state.draft.text()} highlight={Highlight(crate::paint::yaml)} marks={state.draft.marks()}
                            on_input={send.reform(|text: String| Event::Edit(Edit::Text(text)))} goto={state.look.goto}
                            suggestions={state.draft.suggestions()} on_caret={send.reform(|(line, column): (u32, u32)| Event::Caret(line, column))}
                        />
                    }
                }
            </div>
        </section>
    }
}
