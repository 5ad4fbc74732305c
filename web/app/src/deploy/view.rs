//! What the dialog looks like.

use chartwright_kit::Dialog;
use contract::{Problem, Severity};
use web_sys::{HtmlInputElement, MouseEvent};
use yew::prelude::*;

use super::state::{Event, GO, Plan, Stage, State};
use crate::manage::{Deploys, Difference, Drift, FileDrift, ObjectName, Preview, PreviewObject, Refusal, Step, Why};
use crate::route::{Route, View};
use crate::words::count;
use crate::{hunks, parts};

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let installed = state.plan.as_ref().is_some_and(|plan| plan.installed());
    let verb = match (state.can_deploy(), installed) {
        (false, _) => "Store",
        (true, true) => "Upgrade",
        (true, false) => "Install",
    };
    let plan = state.plan.as_deref();
    html! {
        <Dialog title={format!("{verb} {}", state.input.title)} on_close={send.reform(|()| Event::Close)}>
            <div class="deploy">
                if let Some(id) = &state.id { <p class="muted">{ where_to(state, &id.to_string()) }</p> }
                { match &state.stage {
                    Stage::Looking => parts::waiting("Finding out what would change"),
                    Stage::Asking => plan.map(|plan| asking(state, plan, verb, send)).unwrap_or_default(),
                    Stage::Working(steps) => working(state.stored || state.is_stored(), steps),
                    Stage::Done(release) => done(state, release.is_some(), send),
                    Stage::Refused(refusal) => refused(state, refusal, send),
                } }
            </div>
        </Dialog>
    }
}

fn where_to(state: &State, id: &str) -> String {
    if !state.can_deploy() {
        return format!("As {id}, in the server's store.");
    }
    match state.input.server.deploys {
        Deploys::Git => {
            format!("As {id}: stored on the server, and committed to the Git repository that Flux deploys from.")
        }
        _ => format!("As {id}: stored on the server, and deployed."),
    }
}

fn asking(state: &State, plan: &Plan, verb: &'static str, send: &Callback<Event>) -> Html {
    let errors = errors(plan);
    let press = |deploy: bool| send.reform(move |_: MouseEvent| Event::Confirm { deploy });
    let stored = state.is_stored();
    let waits = plan.waiting.as_ref().is_some_and(|drift| !drift.same);
    // Nothing new to store and nothing to deploy: there is nothing to be done.
    let idle = stored && (!state.can_deploy() || plan.installed() && !waits);
    html! {
        <>
            { problems(plan) }
            if let Some(preview) = &plan.preview { { new(preview) } }
            if let Some(drift) = plan.waiting.as_ref().filter(|drift| !drift.same) { { waiting(drift, state.side_by_side) } }
            if let Some(change) = &plan.difference { { changes(state, plan, change, send) } }
            if state.can_carry() {
                <label class="inline check"><input type="checkbox" checked={state.carry} onchange={send.reform(|event: web_sys::Event| Event::Carry(event.target_unchecked_into::<HtmlInputElement>().checked()))} />{" Keep the operator's values that are stored, below these"}</label>
            }
            if state.passwords > 0 && !stored {
                <p class="note">{ format!("The values have {} in clear text: the store keeps them as they are, and so does a release in Git.", count(state.passwords, "password")) }</p>
            }
            if idle { <p>{"This is what is stored and deployed: there is nothing to do."}</p> }
            <p class="row actions">
                if !idle && state.can_deploy() {
                    <button type="button" id={GO} class="primary" onclick={press(true)}>{ format!("{verb} {}", state.input.title) }</button>
                    if !stored { <button type="button" onclick={press(false)}>{"Store without deploying"}</button> }
                } else if !idle {
                    <button type="button" id={GO} class="primary" onclick={press(false)}>{ format!("Store {}", state.input.title) }</button>
                }
                <button type="button" id={idle.then_some(GO)} onclick={send.reform(|_: MouseEvent| Event::Close)}>{ if idle { "Close" } else { "Cancel" } }</button>
                if errors > 0 { <span class="muted">{"It deploys less than it should: see above."}</span> }
            </p>
        </>
    }
}

/// What the server says is wrong with what is new.
fn all_problems(plan: &Plan) -> impl Iterator<Item = &Problem> {
    let rendered = plan.preview.iter().flat_map(|preview| {
        preview.output.problems.iter().chain(preview.verdict.iter().flat_map(|verdict| &verdict.problems))
    });
    rendered.chain(plan.difference.iter().flat_map(|difference| &difference.to_problems))
}

fn errors(plan: &Plan) -> usize {
    all_problems(plan).filter(|problem| problem.severity == Severity::Error).count()
}

fn problems(plan: &Plan) -> Html {
    let all: Vec<&Problem> = all_problems(plan).collect();
    let refused = plan.preview.as_ref().and_then(|preview| preview.verdict.as_ref()).is_some_and(|said| !said.allowed);
    if all.is_empty() {
        return Html::default();
    }
    let items = all.iter().map(|problem| {
        let (word, class) =
            if problem.severity == Severity::Error { ("error", "chip bad") } else { ("warning", "chip warn") };
        html! { <li><span {class}>{ word }</span>{" "}{ parts::prose(&problem.message) }{" "}<small>{ problem.place.to_string() }</small></li> }
    });
    html! {
        <section class="fact" role="alert">
            <h3>{ if refused { "The policies of the server refuse it".to_owned() } else { count(all.len(), "problem") } }</h3>
            <ul>{ for items }</ul>
        </section>
    }
}

/// What something new deploys.
fn new(preview: &Preview) -> Html {
    let objects = &preview.output.objects;
    html! {
        <>
            <h3>{ format!("Deploys {}", count(objects.len(), "object")) }</h3>
            { objects_of(objects) }
        </>
    }
}

/// Objects in a table: the kind, the name, whose they are.
pub(crate) fn objects_of(objects: &[PreviewObject]) -> Html {
    let rows = objects.iter().map(|object| {
        html! {
            <tr>
                <td>{ &object.kind }</td><td class="break" data-label="Name">{ &object.name }</td>
                <td data-label="Component">{ object.component.as_deref().unwrap_or("–") }</td>
                <td data-label="Namespace">{ &object.namespace }</td>
            </tr>
        }
    });
    html! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="Objects"><table class="dense as-cards">
            <thead><tr><th>{"Kind"}</th><th>{"Name"}</th><th>{"Component"}</th><th>{"Namespace"}</th></tr></thead>
            <tbody>{ for rows }</tbody>
        </table></div>
    }
}

/// What is stored, and was not deployed yet.
fn waiting(drift: &Drift, side: bool) -> Html {
    html! {
        <>
            <h3>{"From what is deployed to what is stored"}</h3>
            <p class="muted">{"An earlier change was stored and not deployed, or the repository was changed by hand. Deploying brings it along."}</p>
            { files(drift, side) }
        </>
    }
}

/// The files of a drift: the release, and, folded, those of the module's chart, which are made from the descriptor.
pub(crate) fn files(drift: &Drift, side: bool) -> Html {
    let (chart, own): (Vec<_>, Vec<_>) = drift.files.iter().partition(|file| file.path.starts_with("charts/"));
    let articles = |files: Vec<&FileDrift>| -> Html {
        files.iter().map(|file| article("", &file.path, "changed", &file.diff, side)).collect()
    };
    let number = chart.len();
    html! {
        <>
            <div class="objects diff">{ articles(own) }</div>
            if number > 0 {
                <details class="layers">
                    <summary>{ format!("{} of the module's chart", count(number, "file")) }</summary>
                    <div class="objects diff">{ articles(chart) }</div>
                </details>
            }
        </>
    }
}

fn changes(state: &State, plan: &Plan, change: &Difference, send: &Callback<Event>) -> Html {
    let generation = plan.stored.as_ref().map(|stored| stored.metadata.generation).unwrap_or_default();
    let none = change.added.is_empty() && change.removed.is_empty() && change.changed.is_empty();
    let version = plan.stored.as_ref().map(|stored| stored.metadata.version.as_str()).unwrap_or_default();
    html! {
        <>
            <div class="tools">
                <h3>{ format!("From what is stored ({version}, change {generation}) to this one") }</h3>
                <span class="space" />
                { hunks::layout(state.side_by_side, &send.reform(Event::SideBySide)) }
            </div>
            if none && state.is_stored() {
                <p>{"The descriptor is the one that is stored."}</p>
            } else if none {
                <p>{ format!("The text differs, and what it deploys does not: {}.", count(change.same, "object")) }</p>
            } else {
                { difference(change, state.side_by_side) }
            }
        </>
    }
}

/// A difference of what two descriptors deploy.
fn difference(change: &Difference, side: bool) -> Html {
    let names = |objects: &[ObjectName], word: &'static str, class: &'static str| {
        objects
            .iter()
            .map(|object| {
                html! { <li><span {class}>{ word }</span>{" "}<span class="kind">{ &object.kind }</span>{" "}{ &object.name }</li> }
            })
            .collect::<Html>()
    };
    let articles = change
        .changed
        .iter()
        .map(|changed| article(&changed.object.kind, &changed.object.name, "changed", &changed.diff, side));
    html! {
        <>
            <p class="muted">{ format!("{} added, {} removed, {} changed, {} the same.", change.added.len(), change.removed.len(), change.changed.len(), change.same) }</p>
            <ul class="plain">
                { names(&change.added, "added", "chip ok") }
                { names(&change.removed, "removed", "chip bad") }
            </ul>
            <div class="objects diff">{ for articles }</div>
        </>
    }
}

fn article(kind: &str, name: &str, word: &'static str, diff: &str, side: bool) -> Html {
    let read = hunks::read(diff);
    let (added, removed) = hunks::count(&read);
    html! {
        <article class="object" key={format!("{kind} {name}")}>
            <header>
                <h3><span class="kind">{ kind.to_owned() }</span>{" "}<span class="name">{ name.to_owned() }</span></h3>
                <span class="chip">{ word }</span>
                <span class="space" />
                <span class="plus">{ format!("+{added}") }</span>
                <span class="minus">{ format!("−{removed}") }</span>
            </header>
            { hunks::view(&read, side) }
        </article>
    }
}

fn working(stored: bool, steps: &[Step]) -> Html {
    let last = steps.last().map_or_else(|| if stored { "Deploying" } else { "Storing" }.to_owned(), Step::words);
    let before = steps.len().saturating_sub(1);
    html! {
        <>
            <ol class="steps">
                if stored { <li>{"Stored"}</li> }
                { for steps.iter().take(before).map(|step| html! { <li>{ step.words() }</li> }) }
            </ol>
            { parts::waiting(&last) }
        </>
    }
}

fn done(state: &State, deployed: bool, send: &Callback<Event>) -> Html {
    let says = match (deployed, state.input.server.deploys) {
        (true, Deploys::Git) => "The release is committed. Flux deploys it when it sees the commit.",
        (true, _) => "It is deployed.",
        (false, _) => "The descriptor is stored. Nothing was deployed.",
    };
    let href = state
        .id
        .as_ref()
        .map(|id| Route::to(View::Operated { namespace: id.namespace.clone(), name: id.name.clone() }).write());
    html! {
        <>
            <p role="status">{ says }</p>
            <p class="row actions">
                <button type="button" id={GO} class="primary" onclick={send.reform(|_: MouseEvent| Event::Close)}>{"Close"}</button>
                <a class="button" {href} onclick={send.reform(|_: MouseEvent| Event::Close)}>{"Show it in Operate"}</a>
            </p>
        </>
    }
}

fn refused(state: &State, refusal: &Refusal, send: &Callback<Event>) -> Html {
    let retry = match refusal.why {
        Why::Changed => "Compare with what is there now",
        _ => "Try again",
    };
    let next = match refusal.why {
        Why::Changed => "Somebody else was faster. Nothing of yours is lost, and nothing of theirs was replaced.",
        Why::Token => "Enter a token that may do this on the page Operate.",
        Why::Forbidden => "Ask for a token that may do this.",
        _ if state.stored => "The descriptor is stored; it was not deployed.",
        _ => "Nothing was changed.",
    };
    html! {
        <>
            { parts::trouble(&refusal.trouble) }
            <p>{ next }</p>
            <p class="row actions">
                <button type="button" id={GO} class="primary" onclick={send.reform(|_: MouseEvent| Event::Again)}>{ retry }</button>
                <button type="button" onclick={send.reform(|_: MouseEvent| Event::Close)}>{"Close"}</button>
            </p>
        </>
    }
}
