//! The developer's view: a descriptor as a form and as text, and at once what is wrong with it and what comes of it.

mod bases;
mod draft;
mod effects;
mod export;
mod order;
mod state;
mod update;
mod view;

use yew::prelude::*;

use crate::program::Program;
use crate::services::Services;

pub use bases::{Base, Bases, Read};
pub use draft::{Component, Draft, Values};
pub use export::{Field, Options, What};
pub use state::{Dialog, Effect, Event, Kept, Known, Look, Made, State, Subject};
pub use update::update;

/// The developer's page.
pub struct DevelopPage;

impl Program for DevelopPage {
    type Input = Option<String>;
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start(open: Option<String>) -> (State, Vec<Effect>) {
        update::start(open)
    }

    fn turned(open: Option<String>) -> Option<Event> {
        Some(Event::Open(open))
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
