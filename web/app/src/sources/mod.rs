//! The stored sources of base charts: listed, added, changed, deleted.

mod state;
mod view;

use chartwright_kit::dom;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::manage;
use crate::program::Program;
use crate::services::Services;
use crate::shell;

pub use state::{Edited, Effect, Event, Field, State, update};

/// The page.
pub struct SourcesPage;

impl Program for SourcesPage {
    type Input = ();
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start((): ()) -> (State, Vec<Effect>) {
        state::start()
    }

    fn turned((): ()) -> Option<Event> {
        None
    }

    fn update(state: State, event: Event) -> (State, Vec<Effect>) {
        update(state, event)
    }

    fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
        let (api, send) = (services.manage.clone(), send.clone());
        match effect {
            Effect::Place => spawn_local(async move { send.emit(Event::Placed(api.place().await)) }),
            Effect::List => spawn_local(async move { send.emit(Event::Came(manage::sources(&*api).await)) }),
            Effect::Put(id, digest, input) => spawn_local(async move {
                send.emit(Event::Stored(manage::put_source(&*api, &id, digest.as_deref(), &input).await.map(drop)));
            }),
            Effect::Delete(id, digest) => spawn_local(async move {
                send.emit(Event::Deleted(manage::delete_source(&*api, &id, &digest).await));
            }),
            Effect::Title => services.shell.emit(shell::Event::Title("Sources".to_owned())),
            Effect::Tell(text) => services.shell.emit(shell::Event::tell(text)),
            Effect::Focus(id) => dom::focus_soon(id),
        }
    }

    fn view(state: &State, send: &Callback<Event>) -> Html {
        view::view(state, send)
    }
}
