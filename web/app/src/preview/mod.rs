//! The preview of a module: its values beside everything that they make.

mod chart_files;
mod effects;
mod fields;
mod findings;
mod host;
mod input;
mod layers;
mod names;
mod open;
mod outcome;
mod places;
mod share;
mod state;
mod update;
mod values;
mod view;

use yew::prelude::*;

use crate::program::Program;
use crate::services::Services;

pub use chart_files::{Reference, references};
pub use findings::Finding;
pub use input::{PlatformForm, render_input};
pub use layers::Below;
pub(crate) use layers::wanted;
pub use open::{Opened, Source};
pub(crate) use open::{call, fits, known_charts};
pub use outcome::{Group, Object, Outcome, changed_objects, groups};
pub use share::{pack, unpack};
pub use state::{
    Base, Carried, Copied, Downloaded, Effect, Event, FileAt, Host, Input, Kept, Level, Look, Pane, Platformed,
    SaveName, SavedSet, State, Told,
};
pub use update::{start, update};
pub use values::Values;

/// The preview's page.
pub struct PreviewPage;

impl Program for PreviewPage {
    type Input = Input;
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start(input: Input) -> (State, Vec<Effect>) {
        update::start(input)
    }

    fn turned(input: Input) -> Option<Event> {
        Some(Event::Turned(input))
    }

    fn update(state: State, event: Event) -> (State, Vec<Effect>) {
        update::update(state, event)
    }

    fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
        effects::run(effect, services, send);
    }

    fn view(state: &State, send: &Callback<Event>) -> Html {
        view::view(state, send)
    }
}
