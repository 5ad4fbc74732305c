//! The dialog that stores and deploys a descriptor: it shows first what that would do.
//!
//! What is deployed, what is stored and what is new stand beside each other. Nothing is written before a person has seen
//! the difference from exactly the version that it replaces.

mod effects;
mod state;
mod view;

use yew::prelude::*;

use crate::program::{Page, Program};
use crate::services::Services;

pub use state::{Effect, Event, Input, Plan, Stage, State, update};
pub(crate) use view::{files, objects_of};

/// The dialog.
pub struct DeployDialog;

impl Program for DeployDialog {
    type Input = Input;
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start(input: Input) -> (State, Vec<Effect>) {
        state::start(input)
    }

    fn turned(_: Input) -> Option<Event> {
        None
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

/// What [`Deploy`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct DeployProps {
    /// What is to be stored.
    pub input: Input,
}

/// The dialog, with the services of the page that it is on.
#[component]
pub fn Deploy(props: &DeployProps) -> Html {
    match use_context::<Services>() {
        Some(services) => html! { <Page<DeployDialog> input={props.input.clone()} {services} /> },
        None => Html::default(),
    }
}
