//! The server of the page, where it stores descriptors.

use super::super::state::{Dialog, Effect, Event, State};
use crate::load::Load;

pub(super) fn apply(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Server(server) => state.server = server,
        Event::Store => state.look.dialog = Some(Dialog::Store(state.draft.text())),
        Event::StoredOnes => {
            state.look.dialog = Some(Dialog::Stored(Load::Loading(None)));
            effects.push(Effect::Stored);
        }
        Event::Stored(result) => {
            if let Some(Dialog::Stored(load)) = &mut state.look.dialog {
                *load = std::mem::take(load).came(result);
            }
        }
        Event::OpenStored(id) => {
            state.look.dialog = None;
            effects.push(Effect::OpenStored(id));
        }
        _ => {}
    }
}
