//! What comes by the address: the values and the platform of a link, the values of a file that was dropped.

use super::super::effects::read_platform;
use super::super::input::PlatformForm;
use super::super::share;
use super::super::state::{Effect, State};
use super::{edited, render};
use crate::form::Edit;
use crate::load::Load;
use crate::route::Route;

/// Takes what the address brings.
pub(super) fn took(state: &mut State, effects: &mut Vec<Effect>) {
    let (values, platform) = (share::unpack(&state.route.fragment), share::unpack_platform(&state.route.fragment));
    if let Some(platform) = platform.and_then(|text| read_platform(&text)) {
        self::platform(state, platform);
        state.base_result = Load::Idle;
        render(state, effects);
    }
    if let Some(values) = values {
        // A step of its own for undo.
        edited(state, Edit::Checkpoint, effects);
        edited(state, Edit::Text(values), effects);
    }
}

/// The values are kept on this machine: the address leaves out what it brought, so that a reload does not bring it
/// again over what was typed since.
pub(super) fn kept(state: &State, effects: &mut Vec<Effect>) {
    if !state.route.fragment.is_empty() {
        effects.push(Effect::Taken(Route { fragment: String::new(), ..state.route.clone() }));
    }
}

/// The platform of a link: an account and its token are not among what it has.
pub(super) fn platform(state: &mut State, linked: PlatformForm) {
    let own = std::mem::take(&mut state.platform);
    state.platform = PlatformForm { username: own.username, token: own.token, ..linked };
}
