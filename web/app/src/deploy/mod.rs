//! The dialog that stores and deploys a descriptor: it shows first what that would do.
//!
//! What is deployed, what is stored and what is new stand beside each other. Nothing is written before a person has seen
//! the difference from exactly the version that it replaces.

mod effects;
mod state;
mod view;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::chunk::operating;
use crate::parts;
use crate::program::Program;
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

/// The dialog, with the services of the page that it is on. It comes with the operator's part of the page.
#[component]
pub fn Deploy(props: &DeployProps) -> Html {
    let part = use_state(|| None);
    {
        let part = part.setter();
        use_effect_with((), move |()| {
            spawn_local(async move { part.set(Some(operating().await)) });
        });
    }
    match (&*part, use_context::<Services>()) {
        (Some(Ok(part)), Some(services)) => (part.deploy)(&props.input, &services),
        (Some(Err(trouble)), _) => parts::trouble(trouble),
        _ => Html::default(),
    }
}
