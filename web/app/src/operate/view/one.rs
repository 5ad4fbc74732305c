//! One module: how it stands, what it deploys, its values, what differs, and what was before.

use chartwright_kit::{Editor, Highlight};
use chartwright_values::{Secrets, Value, to_text};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::rows::{Row, Standing};
use super::super::state::{Action, Event, State};
use super::{chip, moment};
use crate::deploy;
use crate::load::Load;
use crate::manage::{Capabilities, Deploys, Operation, own_values};
use crate::words::count;
use crate::{hunks, parts};

/// What stands beside the heading: version, state, and what can be done.
pub(super) fn head(state: &State, send: &Callback<Event>) -> Html {
    let (Some(server), Some(row)) = (state.server(), state.one.row.shown()) else { return Html::default() };
    html! {
        <>
            if row.deployed() != "–" { <span class="muted">{ row.deployed() }</span> }
            { chip(row.standing()) }
            <span class="open actions">{ actions(state, server, row, send) }</span>
        </>
    }
}

fn actions(state: &State, server: &Capabilities, row: &Row, send: &Callback<Event>) -> Html {
    let button = |label: &'static str, class: Option<&'static str>, event: Event| {
        html! { <button type="button" {class} onclick={send.reform(move |_: MouseEvent| event.clone())}>{ label }</button> }
    };
    let installed = row.deployed() != "–";
    let suspended = row.release.as_ref().is_some_and(|release| release.suspended);
    let differs = state.one.drift.shown().is_some_and(|drift| !drift.same);
    let ask = |operation| Event::Ask(Action::Operate(operation));
    html! {
        <>
            if server.operates() && row.head.is_some() {
                if !installed {
                    { button("Deploy", Some("primary"), Event::Deploy) }
                } else if differs {
                    { button("Upgrade", Some("primary"), Event::Deploy) }
                }
            }
            if row.head.is_some() { { button("Open in the preview", None, Event::Open) } }
            if server.operates() && installed {
                if suspended {
                    { button("Resume", None, ask(Operation::Resume)) }
                } else {
                    { button("Suspend", None, ask(Operation::Suspend)) }
                }
                if server.deploys == Deploys::Cluster { { button("Reconcile", None, ask(Operation::Reconcile)) } }
                { button("Uninstall", None, ask(Operation::Uninstall)) }
            }
            if server.can("deleteDescriptor") && row.head.is_some() && !installed {
                { button("Delete", None, Event::Ask(Action::Delete)) }
            }
        </>
    }
}

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let back = html! { <p><a href="operate">{"All modules"}</a></p> };
    let (Some(server), Some(row)) = (state.server(), state.one.row.shown()) else {
        return match &state.one.row {
            Load::Failed(..) => {
                html! { <>{ back }<p><button type="button" onclick={send.reform(|_: MouseEvent| Event::Refresh)}>{"Try again"}</button></p></> }
            }
            _ => parts::waiting("Fetching the module"),
        };
    };
    if row.head.is_none() && row.deployed() == "–" {
        let was = !state.one.versions.is_empty();
        let what = if was { "This module was deleted" } else { "This module is not stored here" };
        return html! { <>{ parts::empty(what, html! { { back } }) }if was { { history(state, server, send) } }</> };
    }
    html! {
        <>
            { back }
            { standing(state, server, row) }
            if let Some(stored) = &state.one.stored {
                { drift(state, send) }
                { values(state, server, &stored.text, send) }
                { objects(state) }
            }
            { history(state, server, send) }
        </>
    }
}

fn standing(state: &State, server: &Capabilities, row: &Row) -> Html {
    let more = match (row.standing(), server.deploys) {
        (_, Deploys::Nothing) => "This server keeps descriptors, and deploys nothing.",
        (Standing::Waiting, _) => "Nothing of it is deployed.",
        (Standing::Behind, _) => "Upgrade shows what would change.",
        (Standing::Orphan, _) => "Uninstall takes it away; an earlier version below can be stored again.",
        (Standing::Suspended, _) => "Flux leaves it alone, whatever changes.",
        (Standing::Deployed, Deploys::Git) => "Whether it runs is only known in the cluster that Flux deploys to.",
        _ => "",
    };
    let commit = row.release.as_ref().filter(|release| release.installed).and_then(|release| release.commit.as_ref());
    let notes = row.release.iter().flat_map(|release| &release.notes);
    html! {
        <div class="standing">
            if let Some(head) = row.head.as_ref().filter(|head| !head.description.is_empty()) { <p>{ &head.description }</p> }
            <p>{ format!("{}. {more}", parts::capital(&row.reason())) }</p>
            if let Some(head) = &row.head {
                <p class="muted">{"Namespace "}{ &row.id.namespace }{". Stored "}{ moment(state.now, head.changed) }{ format!(", change {}.", head.generation) }
                    if let Some(commit) = commit {
                        <>{" Committed "}{ moment(state.now, commit.time) }{": "}<code>{ short(&commit.id) }</code>{" "}{ &commit.message }{"."}</>
                    }
                </p>
            }
            { for notes.map(|note| html! { <p class="note">{ parts::prose(note) }</p> }) }
        </div>
    }
}

fn short(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}

fn drift(state: &State, send: &Callback<Event>) -> Html {
    let body = match &state.one.drift {
        Load::Idle => return Html::default(),
        Load::Failed(trouble, _) | Load::Again(trouble, _) => parts::trouble(trouble),
        Load::Loading(None) => parts::waiting("Comparing what is deployed with what is stored"),
        Load::Ready(drift) | Load::Loading(Some(drift)) if drift.same => {
            html! { <p>{"What is deployed is what is stored, file by file."}</p> }
        }
        Load::Ready(drift) | Load::Loading(Some(drift)) => html! {
            <>
                <div class="tools">
                    <p>{ format!("{} differ from what is stored. Upgrade brings them along.", count(drift.files.len(), "file")) }</p>
                    <span class="space" />
                    { hunks::layout(state.one.side_by_side, &send.reform(Event::SideBySide)) }
                </div>
                { deploy::files(drift, state.one.side_by_side) }
            </>
        },
    };
    html! { <section aria-label="Drift"><h2>{"Drift"}</h2>{ body }</section> }
}

fn values(state: &State, server: &Capabilities, text: &str, send: &Callback<Event>) -> Html {
    let stored = own_values(text);
    let shown: std::rc::Rc<str> = state.one.values.clone().unwrap_or_else(|| stored.as_str().into());
    let changed = state.one.values.as_ref().is_some_and(|values| **values != *stored);
    let newer = changed && state.one.stored.as_ref().is_some_and(|stored| stored.metadata.generation != state.one.over);
    let writes = server.stores();
    html! {
        <section aria-label="Values">
            <h2>{"Values"}</h2>
            <p class="muted">{"The operator's values win over the developer's, and those over the base chart's."}</p>
            { layers(text) }
            <h3>{"The operator's values, as YAML"}</h3>
            if newer {
                <p class="note" role="status">{"The descriptor was changed meanwhile. What you wrote is still here; reviewing shows it against what is stored now."}</p>
            }
            <div class="values-editor">
                <Editor id="operator-values" label="The operator's values, as YAML" text={shown} readonly={!writes} highlight={Highlight(crate::paint::yaml)} on_input={send.reform(Event::Values)} />
            </div>
            if writes {
                <p class="row actions">
                    <button type="button" class={changed.then_some("primary")} disabled={!changed} onclick={send.reform(|_: MouseEvent| Event::Review)}>{"Review the change"}</button>
                    if state.one.values.is_some() {
                        <button type="button" onclick={send.reform(|_: MouseEvent| Event::Forget)}>{"As it is stored"}</button>
                    }
                </p>
            }
        </section>
    }
}

/// Every value that the descriptor sets, with who sets it: the developer, as a value or as a setting for the operator,
/// and the operator.
fn layers(text: &str) -> Html {
    let all = super::super::layers::read(text);
    if all.is_empty() {
        return html! { <p>{"The descriptor sets no values: those of the base charts count."}</p> };
    }
    let secrets = Secrets::new(None, None);
    let cell = |layer: &super::super::layers::Set, value: &Option<Value>| match value {
        Some(_) if secrets.is_secret(&layer.path) => html! { <span class="chip">{"hidden"}</span> },
        Some(value) if value.is_scalar() => html! { <code>{ value.shown() }</code> },
        Some(value) => html! { <code>{ to_text(value) }</code> },
        None => html! { <span class="muted">{"–"}</span> },
    };
    let rows = all.iter().map(|layer| {
        html! {
            <tr>
                <td class="break">{ layer.path.to_string() }</td>
                <td data-label="Developer" class={layer.operator.is_some().then_some("loses")}>{ cell(layer, &layer.developer) }</td>
                <td data-label="Operator">{ cell(layer, &layer.operator) }</td>
            </tr>
        }
    });
    html! {
        <details class="layers">
            <summary>{ format!("{} set, by layer", count(all.len(), "value")) }</summary>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Values by layer"><table class="dense as-cards">
                <thead><tr><th>{"Value"}</th><th>{"Developer"}</th><th>{"Operator"}</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table></div>
        </details>
    }
}

fn objects(state: &State) -> Html {
    let body = match (&state.one.preview, state.one.preview.shown()) {
        (Load::Failed(trouble, _), _) => parts::trouble(trouble),
        (_, Some(preview)) => {
            let problems = preview.output.problems.iter().map(|problem| {
                html! { <li>{ parts::prose(&problem.message) }{" "}<small>{ problem.place.to_string() }</small></li> }
            });
            html! {
                <>
                    if !preview.output.problems.is_empty() {
                        <section class="fact" role="alert"><h3>{ count(preview.output.problems.len(), "problem") }</h3><ul>{ for problems }</ul></section>
                    }
                    <p class="muted">{ format!("{}, as the stored descriptor makes them on this server.", count(preview.output.objects.len(), "object")) }</p>
                    { deploy::objects_of(&preview.output.objects) }
                </>
            }
        }
        _ => parts::waiting("Rendering what is stored"),
    };
    html! { <section aria-label="What it deploys"><h2>{"Objects"}</h2>{ body }</section> }
}

fn history(state: &State, server: &Capabilities, send: &Callback<Event>) -> Html {
    let versions = state.one.versions.iter().map(|revision| {
        let generation = revision.generation;
        html! {
            <li>
                <strong>{ format!("Change {generation}") }</strong><span class="muted">{ moment(state.now, revision.changed) }</span>
                if revision.current && state.one.stored.is_some() {
                    <span class="chip">{"stored now"}</span>
                } else if server.stores() {
                    <button type="button" class="link" aria-label={format!("Store it again: change {generation}")} onclick={send.reform(move |_: MouseEvent| Event::Restore(generation))}>{"Store it again"}</button>
                }
            </li>
        }
    });
    let newest = state.one.row.shown().filter(|row| row.deployed() != "–").is_some();
    let commits = state.one.commits.iter().enumerate().map(|(at, revision)| {
        let commit = &revision.commit;
        let back = revision.version.clone().filter(|_| server.can("rollbackRelease") && !(at == 0 && newest));
        html! {
            <li>
                <strong>{ revision.version.clone().unwrap_or_else(|| "taken away".to_owned()) }</strong>
                <span class="muted">{ moment(state.now, commit.time) }</span><code>{ short(&commit.id) }</code>
                if at == 0 && newest { <span class="chip">{"deployed now"}</span> }
                if let Some(version) = back {
                    { roll_back(commit.id.clone(), version, send) }
                }
                <small>{ &commit.message }</small>
            </li>
        }
    });
    html! {
        <section aria-label="History">
            <h2>{"History"}</h2>
            <div class="columns">
                <section class="fact"><h3>{"What was stored"}</h3><ul>{ for versions }</ul></section>
                if !state.one.commits.is_empty() {
                    <section class="fact"><h3>{"What was deployed"}</h3><ul>{ for commits }</ul></section>
                }
            </div>
        </section>
    }
}

fn roll_back(commit: String, version: String, send: &Callback<Event>) -> Html {
    let label = format!("Roll back to {version} ({})", short(&commit));
    let onclick = send
        .reform(move |_: MouseEvent| Event::Ask(Action::RollBack { commit: commit.clone(), version: version.clone() }));
    html! { <button type="button" class="link" aria-label={label} {onclick}>{"Roll back"}</button> }
}
