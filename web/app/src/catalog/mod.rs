//! The catalog's page.

mod opened;
mod state;
mod view;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::chunk::views;
use crate::program::Program;
use crate::services::Services;
use crate::shell;

pub use opened::OpenedFile;
pub use state::{Effect, Event, Input, State, update};

/// The catalog's page.
pub struct CatalogPage;

impl Program for CatalogPage {
    type Input = Input;
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start(input: Input) -> (State, Vec<Effect>) {
        state::start(input)
    }

    fn turned(input: Input) -> Option<Event> {
        Some(Event::Turned(input))
    }

    fn update(state: State, event: Event) -> (State, Vec<Effect>) {
        update(state, event)
    }

    fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
        match effect {
            Effect::Fetch => {
                let (services, send) = (services.clone(), send.clone());
                services.shell.emit(shell::Event::Title(String::new()));
                send.emit(Event::Opened(opened::read(&*services.store)));
                spawn_local(async move {
                    let catalog = services.api.catalog().await;
                    let icon = |url: &str| services.api.icon(url);
                    let icons = match &catalog {
                        Ok(catalog) => catalog.modules.iter().map(|module| icon(&module.icon)).collect(),
                        Err(_) => Vec::new(),
                    };
                    send.emit(Event::Came(catalog, icons));
                    services.engine.warm(false);
                    if chartwright_kit::dom::page_is_kept().await {
                        send.emit(Event::Kept(services.store.digests().await));
                    }
                });
            }
            Effect::Turn(route) => services.shell.emit(shell::Event::Turned(route)),
            Effect::Say(text) => services.shell.emit(shell::Event::Say(text)),
            Effect::Focus(id) => chartwright_kit::dom::focus_soon(id),
            Effect::Forget(digest) => {
                let (store, send) = (services.store.clone(), send.clone());
                spawn_local(async move {
                    opened::forget(&digest, &*store).await;
                    send.emit(Event::Opened(opened::read(&*store)));
                });
            }
            Effect::Open(list) => {
                let services = services.clone();
                spawn_local(async move {
                    match views().await {
                        Ok(views) => (views.open_list)(list, services).await,
                        Err(trouble) => services.shell.emit(shell::Event::alarm(&trouble)),
                    }
                });
            }
        }
    }

    fn view(state: &State, send: &Callback<Event>) -> Html {
        view::view(state, send)
    }
}
