//! What runs: the operator's view.
//!
//! The page that a cluster serves gets its modules from that cluster. A page without one shows a recording, and says
//! so.

mod data;
mod state;
mod view;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::program::Program;
use crate::route::Route;
use crate::services::Services;
use crate::shell;

pub use data::{Condition, Health, Module, Object, Operations, Revision};
pub use state::{Effect, Event, State, update};

/// The operator's page.
pub struct OperatePage;

impl Program for OperatePage {
    type Input = Route;
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start(route: Route) -> (State, Vec<Effect>) {
        state::start(route)
    }

    fn turned(route: Route) -> Option<Event> {
        Some(Event::Turned(route))
    }

    fn update(state: State, event: Event) -> (State, Vec<Effect>) {
        update(state, event)
    }

    fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
        match effect {
            Effect::Fetch => {
                let (services, send) = (services.clone(), send.clone());
                spawn_local(async move { send.emit(Event::Came(services.api.operations().await)) });
            }
            Effect::Turn(pairs) => services.shell.emit(shell::Event::Turn(pairs)),
            Effect::Title(title) => services.shell.emit(shell::Event::Title(title)),
        }
    }

    fn view(state: &State, send: &Callback<Event>) -> Html {
        view::view(state, send)
    }
}
