//! What is kept on this machine: the override, and sets of values under their names.

use super::super::open::Opened;
use super::super::state::{Effect, Keeping, State};
use super::{compare, edited, linked};
use crate::form::Edit;

/// The name of the set in which one's own values are saved when those of a link take their place.
const BEFORE: &str = "Before the link";

/// The module of all its versions, or an opened file.
fn module_of(opened: &Opened) -> &str {
    let module = opened.draft.split_once('@').map_or(opened.draft.as_str(), |(module, _)| module);
    module.trim_start_matches("draft:")
}

/// The name under which a set of values of a module is kept.
pub(in crate::preview) fn set_name(opened: &Opened, name: &str) -> String {
    format!("set:{}:{name}", module_of(opened))
}

/// The name under which it is kept where a module is deployed.
pub(in crate::preview) fn place_name(opened: &Opened) -> String {
    format!("place:{}", module_of(opened))
}

/// The name under which it is kept that a draft is without its passwords.
pub(in crate::preview) fn left_out_name(draft: &str) -> String {
    format!("left-out:{draft}")
}

/// Keeps the override.
pub(super) fn keep(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values)) = (state.opened.shown().cloned(), &state.values) else { return };
    let (text, left_out, whole) = (values.kept_text(), values.has_secrets(), values.text());
    // Too much of it may be a password. What was kept before is better than nothing.
    if values.broken().is_some() && text.trim().is_empty() && !whole.trim().is_empty() {
        state.keeping = Keeping::Waits;
        return;
    }
    let whole = (text != *whole).then(|| whole.to_string());
    if let Some(own) = state.displaced.take()
        && own.trim() != text.trim()
    {
        save_displaced(state, own, effects);
    }
    state.elsewhere = None;
    // An empty one is kept as well: else, what was typed for another version would come along again.
    effects.push(Effect::Keep { name: opened.draft.clone(), text, whole });
    if left_out != state.left_out {
        effects.push(Effect::LeftOut(opened, left_out));
        state.left_out = left_out;
    }
    linked::kept(state, effects);
}

/// Saves one's own values, in place of which others are kept from now on.
fn save_displaced(state: &mut State, own: String, effects: &mut Vec<Effect>) {
    let Some(opened) = state.opened.shown().cloned() else { return };
    if state.saved.iter().any(|(_, text)| *text == own) {
        return;
    }
    let is_free = |name: &String| !state.saved.iter().any(|(saved, _)| saved == name);
    let numbered = (2..).map(|number| format!("{BEFORE} {number}"));
    let Some(name) = std::iter::once(BEFORE.to_owned()).chain(numbered).find(is_free) else { return };
    effects.push(Effect::KeepSet(opened, (name, own)));
}

/// Values were kept, or could not be.
pub(super) fn saved(state: &mut State, done: bool) {
    state.keeping = if done { Keeping::Kept } else { Keeping::NoRoom };
}

/// Another tab kept other values, or forgot them.
pub(super) fn elsewhere(state: &mut State, text: Option<String>) {
    let Some(values) = &state.values else { return };
    let text = text.unwrap_or_default();
    state.elsewhere = (text.trim() != values.kept_text().trim()).then_some(text);
}

/// Which of two values count: those of the other tab, or the own ones.
pub(super) fn settle(state: &mut State, other: bool, effects: &mut Vec<Effect>) {
    let Some(text) = state.elsewhere.take() else { return };
    if other {
        edited(state, Edit::Replace(text), effects);
    } else {
        keep(state, effects);
    }
}

/// Saves the values under the name of the dialog.
pub(super) fn save_set(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values), Some(dialog)) = (state.opened.shown(), &state.values, &state.look.dialog) else {
        return;
    };
    let name = dialog.name.trim().to_owned();
    if !name.is_empty() {
        effects.push(Effect::KeepSet(opened.clone(), (name, values.kept_text())));
    }
}

/// A set was saved, or there was no room for it.
pub(super) fn set_saved(state: &mut State, (name, text): (String, String), done: bool, effects: &mut Vec<Effect>) {
    let of_dialog = state.look.dialog.as_ref().is_some_and(|dialog| dialog.name.trim() == name);
    if !done {
        match state.look.dialog.as_mut().filter(|_| of_dialog) {
            Some(dialog) => dialog.no_room = true,
            None => effects.push(Effect::Tell(format!("This browser has no room for the set {name}"))),
        }
        return;
    }
    if of_dialog {
        effects.push(Effect::Tell(format!("Saved as {name}")));
        state.look.dialog = None;
    } else {
        effects.push(Effect::Tell(format!("Your own values are now in the set {name}")));
    }
    state.saved.retain(|(saved, _)| *saved != name);
    state.saved.push((name.clone(), text));
    state.saved.sort();
    compare::set_changed(state, &name);
    compare::compare(state, effects);
}

/// Forgets a set.
pub(super) fn forget_set(state: &mut State, name: &str, effects: &mut Vec<Effect>) {
    state.saved.retain(|(saved, _)| saved != name);
    if let Some(opened) = state.opened.shown() {
        effects.push(Effect::ForgetSet(opened.clone(), name.to_owned()));
    }
    compare::set_changed(state, name);
    compare::compare(state, effects);
}
