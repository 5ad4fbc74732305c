//! What runs: the operator's view.
//!
//! Where the page's server has a management API, modules are those that it stores and deploys. A page without one shows
//! a recording, and says so.

mod data;
mod effects;
mod layers;
mod rows;
mod state;
mod update;
mod view;

use yew::prelude::*;

use crate::program::Program;
use crate::route::Route;
use crate::services::Services;

pub use data::{Condition, Health, Module, Object, Operations, Revision};
pub use rows::{Row, Standing};
pub use state::{Action, Came, Dialog, Effect, Event, Live, One, Progress, State};
pub use update::update;

/// The operator's page.
pub struct OperatePage;

impl Program for OperatePage {
    type Input = Route;
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start(route: Route) -> (State, Vec<Effect>) {
        update::start(route)
    }

    fn turned(route: Route) -> Option<Event> {
        Some(Event::Turned(route))
    }

    fn update(state: State, event: Event) -> (State, Vec<Effect>) {
        update(state, event)
    }

    fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
        effects::run(effect, services, send);
    }

    fn leave(services: &Services) {
        services.manage.hush();
    }

    fn view(state: &State, send: &Callback<Event>) -> Html {
        view::view(state, send)
    }
}
