//! The dialogs of a module: what would change, and what goes.

use chartwright_kit::Dialog as Window;
use web_sys::{HtmlInputElement, MouseEvent};
use yew::prelude::*;

use super::super::state::{Action, Dialog, Event, Progress, State};
use super::super::update::GO;
use crate::deploy::{Deploy, Input};
use crate::manage::{Deploys, Id, Operation, PreviewObject, Step, Why};
use crate::parts;
use crate::words::count;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    match &state.dialog {
        None => Html::default(),
        Some(Dialog::Deploy(text)) => {
            let Some(server) = state.server() else { return Html::default() };
            let on_close = send.reform(|stored: Option<Id>| Event::Closed(stored.is_some()));
            let (title, server) = (state.one.id.name.clone(), server.clone());
            let input = Input { text: text.clone(), title, server, stores_only: false, carries: false, on_close };
            html! { <Deploy {input} /> }
        }
        Some(Dialog::Act { action, delete, progress }) => act(state, action, *delete, progress, send),
    }
}

fn act(state: &State, action: &Action, delete: bool, progress: &Progress, send: &Callback<Event>) -> Html {
    let name = state.one.id.name.as_str();
    let (verb, gentle) = match action {
        Action::Operate(Operation::Suspend) => ("Suspend", true),
        Action::Operate(Operation::Resume) => ("Resume", true),
        Action::Operate(Operation::Reconcile) => ("Reconcile", true),
        Action::Operate(Operation::Install) => ("Deploy", true),
        Action::Operate(Operation::Uninstall) => ("Uninstall", false),
        Action::RollBack { .. } => ("Roll back", true),
        Action::Delete => ("Delete", false),
    };
    let class = if gentle { "primary" } else { "danger" };
    let cancel = send.reform(|_: MouseEvent| Event::Cancel);
    let go = send.reform(|_: MouseEvent| Event::Confirm);
    let body = match progress {
        Progress::Asked => html! {
            <>
                { says(state, action, delete, send) }
                <p class="row actions">
                    <button type="button" id={GO} {class} onclick={go}>{ format!("{verb} {name}") }</button>
                    <button type="button" onclick={cancel}>{"Cancel"}</button>
                </p>
            </>
        },
        Progress::Working(step) => {
            parts::waiting(&step.as_ref().map_or_else(|| "Asking the server".to_owned(), Step::words))
        }
        Progress::Refused(refusal) => html! {
            <>
                { parts::trouble(&refusal.trouble) }
                <p>{ match refusal.why {
                    Why::Changed => "Somebody else was faster. Close this, look at what is there now, and try again.",
                    Why::Forbidden | Why::Token => "Ask for a token that may do this.",
                    _ => "Nothing was changed, or not everything: the page shows what is there.",
                } }</p>
                <p class="row actions">
                    // What somebody else made of it is looked at first.
                    if refusal.why != Why::Changed { <button type="button" onclick={go}>{"Try again"}</button> }
                    <button type="button" id={GO} onclick={cancel}>{"Close"}</button>
                </p>
            </>
        },
    };
    html! { <Window title={format!("{verb} {name}?")} on_close={send.reform(|()| Event::Cancel)}><div class="deploy">{ body }</div></Window> }
}

/// What an action does, and what goes.
fn says(state: &State, action: &Action, delete: bool, send: &Callback<Event>) -> Html {
    let git = state.server().is_some_and(|server| server.deploys == Deploys::Git);
    let preview = state.one.preview.shown();
    // The module's namespace stays: more may be in it than Flux knows.
    let stays = |object: &&PreviewObject| object.kind == "Namespace" && object.name == state.one.id.namespace;
    let objects: Vec<&PreviewObject> =
        preview.iter().flat_map(|preview| &preview.output.objects).filter(|object| !stays(object)).collect();
    match action {
        Action::Operate(Operation::Suspend) => html! {
            <p>{"What runs goes on running. Flux changes nothing of it until it is resumed: no upgrade, and no repair of what was changed by hand."}</p>
        },
        Action::Operate(Operation::Resume) => {
            html! { <p>{"Flux brings it to what is committed, and keeps it so."}</p> }
        }
        Action::Operate(Operation::Reconcile) => {
            html! { <p>{"Flux compares it with what it should be now, and not only at the next interval."}</p> }
        }
        Action::Operate(Operation::Install) => html! { <p>{"What is stored is deployed."}</p> },
        Action::RollBack { commit, version } => html! {
            <p>{"The release becomes what it was at "}<code>{ commit.get(..7).unwrap_or(commit) }</code>{ format!(", version {version}. What is stored stays: the list then says that it differs.") }</p>
        },
        Action::Delete => {
            html! { <p>{"The descriptor goes from the store. Its earlier versions stay on the server, and can be stored again from this address."}</p> }
        }
        Action::Operate(Operation::Uninstall) => html! {
            <>
                <p>{ if git { "The release and its chart are taken out of the repository. Flux then deletes what it deployed:" } else { "This is deleted:" } }</p>
                if objects.is_empty() {
                    <p class="muted">{"What that is cannot be said: the stored descriptor does not render here, or is gone."}</p>
                } else {
                    { going(&objects) }
                }
                if objects.iter().any(|object| object.kind == "PersistentVolumeClaim") {
                    <p class="note">{"Data is lost with the volumes, unless their storage class keeps them."}</p>
                }
                <p>{ format!("The namespace {} stays.", state.one.id.namespace) }</p>
                if state.one.stored.is_some() && state.server().is_some_and(|server| server.can("deleteDescriptor")) {
                    <label class="inline check"><input type="checkbox" checked={delete} onchange={send.reform(|event: web_sys::Event| Event::AlsoDelete(event.target_unchecked_into::<HtmlInputElement>().checked()))} />{" Delete the stored descriptor, too"}</label>
                }
            </>
        },
    }
}

/// What goes, by kind.
fn going(objects: &[&PreviewObject]) -> Html {
    let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
    for object in objects {
        match kinds.iter_mut().find(|(kind, _)| *kind == object.kind) {
            Some((_, names)) => names.push(&object.name),
            None => kinds.push((&object.kind, vec![&object.name])),
        }
    }
    let items = kinds.into_iter().map(|(kind, names)| {
        html! { <li><span class="kind">{ count(names.len(), kind) }</span>{": "}{ names.join(", ") }</li> }
    });
    html! { <ul class="going">{ for items }</ul> }
}
