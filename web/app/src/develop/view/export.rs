//! How a repository is laid out, before it is downloaded.

use chartwright_kit::Dialog;
use contract::Problem;
use web_sys::{HtmlInputElement, InputEvent, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::super::export::{Field, What};
use super::super::state::{self, Event, State};
use crate::load::Trouble;
use crate::parts;
use crate::words;

pub(super) fn view(
    state: &State,
    what: What,
    busy: bool,
    problems: &[Problem],
    trouble: Option<&Trouble>,
    send: &Callback<Event>,
) -> Html {
    let title = match what {
        _ if !problems.is_empty() => "Downloaded",
        What::Argocd => "Argo CD files",
        What::Flux => "Flux files",
        _ => "Everything as a zip",
    };
    let onsubmit = send.reform(move |event: SubmitEvent| {
        event.prevent_default();
        Event::Download(what)
    });
    let missing = state.options.missing(what);
    html! {
        <Dialog {title} on_close={send.reform(|()| Event::Dialog(None))}>
            if !problems.is_empty() { { done(what, problems, send) } }
            <form class="export" {onsubmit} hidden={!problems.is_empty()}>
                if matches!(what, What::Flux | What::All) { { flux(state, send) } }
                if matches!(what, What::Argocd | What::All) { { argocd(state, what == What::Argocd, send) } }
                if let Some(trouble) = trouble { { parts::trouble(trouble) } }
                if let Some(missing) = missing { <p class="muted">{ missing }</p> }
                <p class="row end"><button type="submit" class="primary" disabled={busy || missing.is_some()}>{ if busy { "Making the files" } else { "Download" } }</button></p>
            </form>
        </Dialog>
    }
}

/// What to know about files that were downloaded.
fn done(what: What, problems: &[Problem], send: &Callback<Event>) -> Html {
    html! {
        <div class="export">
            <div class="export-problems" role="status">
                <p>{"What to know about the files:"}</p>
                <ul>{ for problems.iter().map(|problem| html! {
                    <li>
                        { parts::sentence(&problem.message) }
                        if let Some(hint) = &problem.hint { {" "}{ parts::sentence(&words::hint(hint)) } }
                    </li>
                }) }</ul>
            </div>
            <p class="row end">
                <button type="button" onclick={send.reform(move |_: MouseEvent| {
                    Event::Dialog(Some(state::Dialog::Export { what, busy: false, problems: Vec::new(), trouble: None }))
                })}>{"Back"}</button>
                <button type="button" id="export-done" class="primary" onclick={send.reform(|_: MouseEvent| Event::Dialog(None))}>{"Done"}</button>
            </p>
        </div>
    }
}

fn input(state: &State, field: Field, label: &str, help: &str, sample: &str, send: &Callback<Event>) -> Html {
    let value = state.options.get(&field).to_owned();
    let id = format!("export-{}", label.to_lowercase().replace([' ', '/'], "-"));
    let oninput = send.reform(move |event: InputEvent| {
        Event::Option(field.clone(), event.target_unchecked_into::<HtmlInputElement>().value())
    });
    html! {
        <div class="field">
            <label class="label" for={id.clone()}>{ label }</label>
            <input {id} {value} {oninput} placeholder={sample.to_owned()} autocomplete="off" spellcheck="false" />
            if !help.is_empty() { <small>{ help }</small> }
        </div>
    }
}

fn flux(state: &State, send: &Callback<Event>) -> Html {
    let sources = state.draft.sources();
    let none = sources.is_empty();
    let urls = sources.into_iter().map(|name| {
        let label = format!("URL of {name}");
        input(
            state,
            Field::Url(name),
            &label,
            "Writes a manifest of this source. Leave empty if the cluster has it",
            "https://git.example.org/basecharts.git",
            send,
        )
    });
    html! {
        <fieldset>
            <legend>{"Flux"}</legend>
            { input(state, Field::Repository, "GitRepository of your fleet", "NAMESPACE/NAME of the GitRepository through which Flux gets these files", "flux-system/flux-system", send) }
            { for urls }
            if !none { { input(state, Field::Branch, "Branch", "Of the Git repositories whose URL is given", "main", send) } }
        </fieldset>
    }
}

fn argocd(state: &State, required: bool, send: &Callback<Event>) -> Html {
    let help = if required {
        "The Git repository that the files go into"
    } else {
        "The Git repository that the files go into. Leave empty to leave out Argo CD"
    };
    html! {
        <fieldset>
            <legend>{"Argo CD"}</legend>
            { input(state, Field::RepoUrl, "URL of the repository", help, "https://git.example.org/gitops.git", send) }
            { input(state, Field::Revision, "Revision", "Branch, tag or commit that is deployed", "HEAD", send) }
            <details>
                <summary>{"Folders, project, chart repository"}</summary>
                { input(state, Field::Applications, "Folder of Applications", "", "applications", send) }
                { input(state, Field::Charts, "Folder of wrapper charts", "Leave empty for the top of the repository", "", send) }
                { input(state, Field::Project, "Project", "In Argo CD", "default", send) }
                { input(state, Field::ChartRepository, "Chart repository", "Has the module's chart. Leave empty to put it into the wrapper chart", "oci://registry.example.org/charts", send) }
            </details>
        </fieldset>
    }
}
