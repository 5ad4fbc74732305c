//! What the page looks like.

use chartwright_kit::Dialog;
use web_sys::{HtmlInputElement, HtmlSelectElement, InputEvent, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::state::{ADD, Edited, Event, Field, State};
use crate::load::Load;
use crate::manage::{Place, Source, SourceKind, Why};
use crate::parts;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let writes = matches!(state.place.shown(), Some(Place::Here(server)) if server.can("replaceSource"));
    let body = match state.place.shown() {
        Some(Place::Here(_)) => list(state, writes, send),
        Some(Place::Locked { .. }) => {
            html! { <p>{"This server wants a token: "}<a href="operate">{"enter it on Operate"}</a>{"."}</p> }
        }
        Some(_) => parts::empty(
            "This page has no server that stores sources",
            html! { <p><a href="operate">{"Operate"}</a></p> },
        ),
        None => parts::waiting("Looking for the server's sources"),
    };
    html! {
        <section class="page operate">
            <div class="heading">
                <h1 id="title" tabindex="-1">{"Sources"}</h1>
                <p class="muted">{"Where base charts come from, as descriptors name them"}</p>
                if writes {
                    <span class="open"><button type="button" id={ADD} class="primary" onclick={send.reform(|_: MouseEvent| Event::Edit(None))}>{"Add a source"}</button></span>
                }
            </div>
            <p><a href="operate">{"All modules"}</a></p>
            { body }
            if let Some(edited) = &state.edited { { form(edited, send) } }
            if let Some(source) = &state.deleted { { question(source, send) } }
        </section>
    }
}

fn list(state: &State, writes: bool, send: &Callback<Event>) -> Html {
    let trouble = state.sources.trouble().map(parts::trouble).unwrap_or_default();
    let Some(sources) = state.sources.shown() else {
        return match &state.sources {
            Load::Failed(..) => {
                html! { <>{ trouble }<p><button type="button" onclick={send.reform(|_: MouseEvent| Event::Retry)}>{"Try again"}</button></p></> }
            }
            _ => parts::waiting("Fetching sources"),
        };
    };
    if sources.is_empty() {
        return parts::empty(
            "No source is stored",
            html! { <p>{"Base charts come from the catalog, and from what the server was started with."}</p> },
        );
    }
    let rows = sources.iter().map(|source| {
        let (edit, delete) = (source.clone(), source.clone());
        html! {
            <tr key={format!("{}/{}", source.namespace, source.name)}>
                <td>{ &source.name }</td>
                <td data-label="Kind">{ source.kind.word() }</td>
                <td class="break" data-label="URL">{ &source.url }</td>
                <td data-label="Reference">{ said(source) }</td>
                <td data-label="Credentials">{ if source.credentials.is_empty() { "none".to_owned() } else { source.credentials.join(", ") } }</td>
                <td data-label="Namespace">{ &source.namespace }</td>
                if writes {
                    <td class="row">
                        <button type="button" class="link" aria-label={format!("Change {}", source.name)} onclick={send.reform(move |_: MouseEvent| Event::Edit(Some(edit.clone())))}>{"Change"}</button>
                        <button type="button" class="link" aria-label={format!("Delete {}", source.name)} onclick={send.reform(move |_: MouseEvent| Event::Delete(delete.clone()))}>{"Delete"}</button>
                    </td>
                }
            </tr>
        }
    });
    html! {
        <>
            { trouble }
            <div class="scroll-x" tabindex="0" role="region" aria-label="Sources"><table class="dense as-cards">
                <thead><tr><th>{"Name"}</th><th>{"Kind"}</th><th>{"URL"}</th><th>{"Reference"}</th><th>{"Credentials"}</th><th>{"Namespace"}</th>if writes { <th><span class="hidden">{"Actions"}</span></th> }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table></div>
        </>
    }
}

fn form(edited: &Edited, send: &Callback<Event>) -> Html {
    let field = |field: Field, label: &'static str, hint: &'static str| {
        let oninput = send.reform(move |event: InputEvent| {
            Event::Typed(field, event.target_unchecked_into::<HtmlInputElement>().value())
        });
        let kind = if field == Field::Password { "password" } else { "text" };
        // What names it stays: another name is another source.
        let fixed = edited.old.is_some() && matches!(field, Field::Namespace | Field::Name);
        let value = edited.texts.get(&field).cloned().unwrap_or_default();
        html! {
            <label class="field"><span>{ label }</span>
                <input type={kind} autocomplete="off" spellcheck="false" readonly={fixed} {value} {oninput} />
                if !hint.is_empty() { <small class="muted">{ hint }</small> }
            </label>
        }
    };
    let onchange = send.reform(|event: web_sys::Event| {
        let word = event.target_unchecked_into::<HtmlSelectElement>().value();
        Event::Kind(SourceKind::ALL.into_iter().find(|kind| kind.word() == word).unwrap_or_default())
    });
    let onsubmit = send.reform(|event: SubmitEvent| {
        event.prevent_default();
        Event::Store
    });
    let stored = edited.old.as_ref().map(|old| old.credentials.join(", ")).filter(|names| !names.is_empty());
    let git = edited.kind == SourceKind::GitRepository;
    let title = edited.old.as_ref().map_or_else(|| "Add a source".to_owned(), |old| format!("Change {}", old.name));
    html! {
        <Dialog {title} on_close={send.reform(|()| Event::Cancel)}>
            <form class="deploy short" {onsubmit}>
                { field(Field::Namespace, "Namespace", "where descriptors look for it") }
                { field(Field::Name, "Name", "") }
                <label class="field"><span>{"Kind"}</span>
                    <select {onchange}>
                        { for SourceKind::ALL.into_iter().map(|kind| html! { <option value={kind.word()} selected={kind == edited.kind}>{ kind.word() }</option> }) }
                    </select>
                </label>
                { field(Field::Url, "URL", "without a user name and a password") }
                if git { { field(Field::Branch, "Branch", "") } }
                if edited.kind != SourceKind::HelmRepository {
                    <>{ field(Field::Tag, "Tag", "") }{ field(Field::Semver, "Range of versions", "over tags, such as >=1.2 <2") }</>
                }
                if git { { field(Field::Commit, "Commit", "") } }
                <h3>{"Credentials"}</h3>
                if let Some(names) = stored {
                    <p class="muted">{ format!("Stored: {names}. They are never shown, and stay unless you enter new ones.") }</p>
                    <label class="inline check"><input type="checkbox" checked={edited.forget} onchange={send.reform(|event: web_sys::Event| Event::Forget(event.target_unchecked_into::<HtmlInputElement>().checked()))} />{" Delete them"}</label>
                }
                if !edited.forget {
                    <>{ field(Field::Username, "User name", "") }{ field(Field::Password, "Password or token", "stored on the server, and never shown again") }</>
                }
                if let Some(refusal) = &edited.refused {
                    { parts::trouble(&refusal.trouble) }
                    if refusal.why == Why::Changed { <p>{ taken(edited) }</p> }
                }
                <p class="row actions">
                    <button type="submit" class="primary" disabled={!edited.is_whole() || edited.busy}>{ if edited.busy { "Storing" } else { "Store the source" } }</button>
                    <button type="button" onclick={send.reform(|_: MouseEvent| Event::Cancel)}>{"Cancel"}</button>
                </p>
            </form>
        </Dialog>
    }
}

/// The way out where somebody else was faster.
fn taken(edited: &Edited) -> String {
    match &edited.old {
        Some(old) => format!(
            "What you typed is still here. Stored now: {} {}, {}. Storing again replaces that.",
            old.kind.word(),
            old.url,
            said(old)
        ),
        None => "What you typed is still here. Take another name, or close this and change the one that is stored."
            .to_owned(),
    }
}

/// What of a repository is meant, in words.
fn said(source: &Source) -> String {
    let reference = &source.reference;
    let parts = [
        ("branch", &reference.branch),
        ("tag", &reference.tag),
        ("versions", &reference.semver),
        ("commit", &reference.commit),
    ];
    let said: Vec<String> =
        parts.into_iter().filter_map(|(word, text)| Some(format!("{word} {}", text.as_ref()?))).collect();
    if said.is_empty() { "no reference".to_owned() } else { said.join(", ") }
}

fn question(source: &Source, send: &Callback<Event>) -> Html {
    html! {
        <Dialog title={format!("Delete {}?", source.name)} on_close={send.reform(|()| Event::Cancel)}>
            <div class="deploy">
                <p>{ format!("Descriptors that name {} in {} find no charts there any more. What is deployed stays.", source.name, source.namespace) }</p>
                <p class="row actions">
                    <button type="button" class="danger" onclick={send.reform(|_: MouseEvent| Event::Confirm)}>{"Delete the source"}</button>
                    <button type="button" onclick={send.reform(|_: MouseEvent| Event::Cancel)}>{"Cancel"}</button>
                </p>
            </div>
        </Dialog>
    }
}
