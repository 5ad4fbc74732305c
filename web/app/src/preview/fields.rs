//! The way to a field of the form.

use chartwright_values::Path;

use super::state::{Effect, Pane, State};
use crate::form;

/// Brings a person to the field of a value: with the form in view, all of it, and its groups open.
pub(super) fn show(state: &mut State, path: &Path, is_key: bool, effects: &mut Vec<Effect>) {
    let Some(values) = &state.values else { return };
    let form = values.form();
    let Some(field) = form::nearest(&form, path) else { return };
    if state.look.pane == Pane::Yaml {
        state.look.pane = Pane::Form;
    }
    state.look.result_shown = false;
    state.look.search.clear();
    // A field without a change is not among the changed ones.
    state.look.changed_only &= field.is_changed;
    for key in form::closed_groups(&form, &field.key, &state.look.open_groups) {
        if !state.look.open_groups.remove(&key) {
            state.look.open_groups.insert(key);
        }
    }
    effects.push(Effect::Focus(if is_key { form::key_id(&form, field) } else { form::id(field, "") }));
}
