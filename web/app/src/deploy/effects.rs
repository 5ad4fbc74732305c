//! What the dialog does outside.

use std::rc::Rc;

use chartwright_kit::dom;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::state::{Effect, Event, Plan};
use crate::manage::{self, Id, Operation, Refusal};
use crate::services::{Manage, Services};
use crate::shell;

pub(super) fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
    let (api, send) = (services.manage.clone(), send.clone());
    match effect {
        Effect::Look(id, text, deploys) => {
            spawn_local(async move { send.emit(Event::Looked(look(&*api, &id, &text, deploys).await.map(Rc::new))) });
        }
        Effect::Store(id, text, tag) => spawn_local(async move {
            let stored = match tag {
                Some(tag) => manage::replace(&*api, &id, &tag, &text).await,
                None => manage::create(&*api, &text).await,
            };
            send.emit(Event::Stored(stored));
        }),
        Effect::Deploy(id) => spawn_local(async move {
            let deployed = manage::act(&*api, &id, Operation::Install, send.reform(Event::Step)).await;
            send.emit(Event::Deployed(deployed));
        }),
        Effect::Close(on_close, stored) => on_close.emit(stored),
        Effect::Focus(id) => dom::focus_soon(id),
        Effect::Say(text) => services.shell.emit(shell::Event::Say(text)),
    }
}

/// What storing and deploying a text would do.
async fn look(api: &dyn Manage, id: &Id, text: &str, deploys: bool) -> Result<Plan, Refusal> {
    let (stored, release) = manage::module(api, id, deploys).await?;
    let mut plan = Plan { stored, release, ..Plan::default() };
    if plan.stored.is_none() {
        plan.preview = Some(manage::preview(api, id, Some(text)).await?);
        return Ok(plan);
    }
    plan.difference = Some(manage::compare(api, id, text).await?);
    if plan.installed() {
        plan.waiting = Some(manage::drift(api, id).await?);
    }
    Ok(plan)
}
