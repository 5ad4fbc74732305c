//! What a result is compared with, and the differences.

use std::rc::Rc;

use super::super::input::render_input;
use super::super::open::Opened;
use super::super::outcome::{Outcome, changed_objects};
use super::super::state::{Base, Effect, RenderResult, State};
use crate::load::{Load, Trouble};

/// Another base is chosen.
pub(super) fn chosen(state: &mut State, base: Base, effects: &mut Vec<Effect>) {
    if base != state.base {
        state.base = base;
        state.changes = Load::Idle;
        forget(state);
    }
    compare(state, effects);
}

/// Nothing of what is compared with counts any more: platform or rules are others.
pub(super) fn forget(state: &mut State) {
    state.base_result = Load::Idle;
    state.base_stale = false;
    // An answer that is on its way is one to an older question.
    state.base_asked += 1;
}

/// The override changed: another version is rendered with it too.
pub(super) fn edited(state: &mut State) {
    if let Base::Version(_) = state.base {
        state.base_stale = true;
        state.base_asked += 1;
    }
}

/// A set of values was saved, or forgotten.
pub(super) fn set_changed(state: &mut State, name: &str) {
    if state.base == Base::Saved(name.to_owned()) {
        if !state.saved.iter().any(|(saved, _)| saved == name) {
            state.base = Base::Defaults;
        }
        state.changes = Load::Idle;
        forget(state);
    }
}

/// Another version of the module is open.
pub(super) fn other_opened(
    state: &mut State,
    version: String,
    other: Result<Rc<Opened>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    if state.base != Base::Version(version.clone()) {
        return;
    }
    match other {
        Ok(other) => {
            state.other = Some((version, other));
            state.base_stale = true;
            compare(state, effects);
        }
        Err(trouble) => state.base_result = std::mem::take(&mut state.base_result).came(Err(trouble)),
    }
}

/// What is compared with is rendered.
pub(super) fn rendered(state: &mut State, number: u32, result: RenderResult, effects: &mut Vec<Effect>) {
    if number != state.base_asked {
        return;
    }
    let shown = state.result.shown().cloned();
    let outcome = result.map(|made| Rc::new(Outcome::new(made.0, made.1, shown.as_deref())));
    state.base_result = std::mem::take(&mut state.base_result).came(outcome);
    compare(state, effects);
}

/// Brings what is compared, and the differences, up to date: the first as soon as there is a result, since the tab
/// counts them; the second when the tab is open.
pub(super) fn compare(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(result) = state.result.shown().cloned() else { return };
    let open = state.look.tab == "changes";
    // Another version is rendered after each edit only while somebody looks.
    if matches!(state.base_result, Load::Idle) || (state.base_stale && open) {
        ask(state, effects);
    }
    if let (true, Some(base)) = (open, state.base_result.shown()) {
        let known = state
            .changes
            .shown()
            .is_some_and(|changes| changes.before == base.digest && changes.after == result.digest);
        if !known {
            effects.push(Effect::Changes(base.digest.clone(), result.digest.clone()));
            state.changes = std::mem::take(&mut state.changes).again();
        }
    }
}

/// Asks for what is compared with.
fn ask(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(mut opened) = state.opened.shown().cloned() else { return };
    let override_text = || state.values.as_ref().map(|values| values.text().to_string()).unwrap_or_default();
    let text = match &state.base {
        Base::Last => {
            state.base_result = state.last.clone().map_or(Load::Idle, Load::Ready);
            return;
        }
        Base::Defaults if override_text().trim().is_empty() => match &state.result {
            // Without values of one's own, the result is that of the defaults.
            Load::Ready(result) => {
                state.base_result = Load::Ready(result.clone());
                return;
            }
            // It is on its way, and comes back here.
            Load::Loading(_) | Load::Again(..) => return,
            Load::Idle | Load::Failed(..) => String::new(),
        },
        Base::Defaults => String::new(),
        Base::Saved(name) => {
            state.saved.iter().find(|(saved, _)| saved == name).map(|(_, text)| text.clone()).unwrap_or_default()
        }
        Base::Version(version) => match &state.other {
            Some((open, other)) if open == version => {
                opened = other.clone();
                override_text()
            }
            _ => {
                effects.push(Effect::OpenOther(opened, version.clone()));
                state.base_result = std::mem::take(&mut state.base_result).again();
                state.base_stale = false;
                return;
            }
        },
    };
    let input = render_input(&opened, &text, &state.platform, state.look.helm, state.moment);
    state.base_asked += 1;
    state.base_stale = false;
    effects.push(Effect::RenderBase(state.base_asked, Box::new(input)));
    state.base_result = std::mem::take(&mut state.base_result).again();
}

/// How many objects differ from what is compared with; 0 where that is not known.
pub(in crate::preview) fn changed_count(state: &State) -> usize {
    match (state.base_result.shown(), state.result.shown()) {
        (Some(base), Some(result)) if !state.base_stale => changed_objects(base, result),
        _ => 0,
    }
}
