//! What the operator's page does outside.

use std::rc::Rc;

use chartwright_kit::dom;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::rows::join;
use super::state::{Action, Came, Effect, Event};
use crate::manage::{self, Id, Refusal, Why};
use crate::route::{Route, View};
use crate::services::{Manage, Services};
use crate::shell;

/// Seconds since 1970.
fn now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

pub(super) fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
    let (services, send) = (services.clone(), send.clone());
    let api = services.manage.clone();
    match effect {
        Effect::Place => spawn_local(async move { send.emit(Event::Placed(api.place().await)) }),
        Effect::Recording => {
            spawn_local(async move { send.emit(Event::Recorded(services.api.operations().await)) });
        }
        Effect::Rows(deploys) => spawn_local(async move {
            let all = async {
                let heads = manage::descriptors(&*api).await?;
                let releases = if deploys { manage::releases(&*api).await? } else { Vec::new() };
                Ok(Rc::new(join(heads, releases)))
            };
            send.emit(Event::Rows(all.await, now()));
        }),
        Effect::CountDrift(id) => spawn_local(async move {
            let files = manage::drift(&*api, &id).await.ok().map(|drift| drift.files.len());
            send.emit(Event::Drifted(id, files));
        }),
        Effect::One(id, deploys) => spawn_local(async move {
            let one = one(&*api, &id, deploys).await;
            send.emit(Event::Came(id, one, now()));
        }),
        Effect::Preview(id) => spawn_local(async move {
            let preview = manage::preview(&*api, &id, None).await.map(Rc::new);
            send.emit(Event::Previewed(id, preview));
        }),
        Effect::Drift(id) => spawn_local(async move {
            let drift = manage::drift(&*api, &id).await.map(Rc::new);
            send.emit(Event::Drift(id, drift));
        }),
        Effect::Listen(wait) => api.listen(wait, send.reform(Event::Heard)),
        Effect::Token(token) => api.set_token(&token),
        Effect::Revision(id, generation) => spawn_local(async move {
            send.emit(Event::Restored(manage::revision(&*api, &id, generation).await.map(Rc::new)));
        }),
        Effect::Act(id, action, tag) => spawn_local(async move {
            let done = act(&*api, &id, action, tag, &send).await;
            send.emit(Event::Done(done));
        }),
        Effect::Open(id, text) => spawn_local(async move {
            let file = format!("{}.yaml", id.name);
            let digest = crate::opened::keep("descriptor", &file, text.as_bytes(), &services).await;
            services.shell.emit(shell::Event::Go(Route::to(View::Opened { digest }).with("file", file)));
        }),
        Effect::Turn(pairs) => services.shell.emit(shell::Event::Turn(pairs)),
        Effect::Go(route) => services.shell.emit(shell::Event::Go(route)),
        Effect::Title(title) => services.shell.emit(shell::Event::Title(title)),
        Effect::Tell(text) => services.shell.emit(shell::Event::tell(text)),
        Effect::Say(text) => services.shell.emit(shell::Event::Say(text)),
        Effect::Focus(id) => dom::focus_soon(id),
    }
}

async fn one(api: &dyn Manage, id: &Id, deploys: bool) -> Result<Came, Refusal> {
    let (stored, release) = manage::module(api, id, deploys).await?;
    let (versions, commits) = manage::history(api, id, deploys).await?;
    Ok((stored.map(Rc::new), release, versions, commits))
}

/// Carries an action out; with a tag, the descriptor goes after it.
async fn act(
    api: &dyn Manage,
    id: &Id,
    action: Action,
    tag: Option<String>,
    send: &Callback<Event>,
) -> Result<(), Refusal> {
    let step = send.reform(Event::Step);
    match action {
        Action::Operate(operation) => match manage::act(api, id, operation, step).await {
            // What is gone already may have been taken away before the descriptor was refused to go.
            Err(refusal) if refusal.why == Why::Missing && tag.is_some() => {}
            other => drop(other?),
        },
        Action::RollBack { commit, .. } => drop(manage::roll_back(api, id, &commit, step).await?),
        Action::Delete => {}
    }
    match tag {
        Some(tag) => manage::delete(api, id, &tag).await,
        None => Ok(()),
    }
}
