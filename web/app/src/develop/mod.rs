//! The developer's view: a descriptor as text, and at once what is wrong with it and what comes of it.

mod effects;
mod state;
mod view;

use yew::prelude::*;

use crate::program::Program;
use crate::services::Services;

pub use state::{Effect, Event, Made, State, update};

/// The developer's page.
pub struct DevelopPage;

impl Program for DevelopPage {
    type Input = Option<String>;
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start(open: Option<String>) -> (State, Vec<Effect>) {
        state::start(open)
    }

    fn turned(open: Option<String>) -> Option<Event> {
        open.map(Event::Open)
    }

    fn update(state: State, event: Event) -> (State, Vec<Effect>) {
        update(state, event)
    }

    fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
        effects::run(effect, services, send);
    }

    fn view(state: &State, send: &Callback<Event>) -> Html {
        view::view(state, send)
    }
}
