//! What comes by the address: the values and the platform of a link.

use super::super::effects::read_platform;
use super::super::share;
use super::super::state::{Effect, Keeping, State};
use super::{advise, compare, host, platform, render};
use crate::form::Edit;
use crate::route::Route;

/// Takes what the address brings.
pub(super) fn took(state: &mut State, effects: &mut Vec<Effect>) {
    let (values, facts) = (share::unpack(&state.route.fragment), share::unpack_platform(&state.route.fragment));
    if let Some(facts) = facts.and_then(|text| read_platform(&text)) {
        platform::linked(state, facts);
        compare::forget(state);
        render(state, effects);
    }
    if let Some(linked) = values {
        values_of_link(state, linked, effects);
        host::edited(state, effects);
        render(state, effects);
    }
}

/// Shows the values of a link in place of one's own, which come back with undo. They are kept as soon as they are
/// edited; until then, the own ones are.
pub(super) fn values_of_link(state: &mut State, linked: String, effects: &mut Vec<Effect>) {
    let Some(values) = &mut state.values else { return };
    let own = values.kept_text();
    // A step of its own for undo.
    values.edit(Edit::Checkpoint);
    if !values.edit(Edit::Text(linked)) {
        return;
    }
    state.keeping = Keeping::OfLink;
    if !own.trim().is_empty() && own.trim() != values.kept_text().trim() && state.displaced.is_none() {
        state.displaced = Some(own);
        let text = "These are the values of the link. Yours come back with Undo; an edit saves them as a set.";
        effects.push(Effect::Tell(text.to_owned()));
    }
    compare::edited(state);
    advise(state);
}

/// The values are kept on this machine: the address leaves out what it brought, so that a reload does not bring it
/// again over what was typed since.
pub(super) fn kept(state: &State, effects: &mut Vec<Effect>) {
    if !state.route.fragment.is_empty() {
        if state.platform_of_link {
            platform::keep_place(state, effects);
        }
        effects.push(Effect::Taken(Route { fragment: String::new(), ..state.route.clone() }));
    }
}
