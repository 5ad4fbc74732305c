//! The platform: facts that are one's own for all modules, or come with a link for one; a release and a namespace for each
//! module.

use super::super::input::PlatformForm;
use super::super::share;
use super::super::state::{Effect, Placement, Platformed, State};
use super::{compare, render};
use crate::route::Route;

/// A person changes it.
pub(super) fn changed(state: &mut State, change: Platformed, effects: &mut Vec<Effect>) {
    let place = match change {
        Platformed::Field(name, text) => {
            if let Some(field) = state.platform.field(name) {
                *field = text;
            }
            matches!(name, "release" | "namespace")
        }
        Platformed::Preset(name) => {
            if let Some(preset) = PlatformForm::preset(&name) {
                state.platform = of_module(preset, &state.platform);
            }
            false
        }
        Platformed::Own => {
            state.platform_of_link = false;
            state.platform = of_module(state.own_platform.clone(), &state.platform);
            true
        }
    };
    if place || state.platform_of_link {
        keep_place(state, effects);
    } else {
        state.own_platform = of_module(state.platform.clone(), &PlatformForm::default());
        effects.push(Effect::KeepPlatform(Box::new(without_token(&state.own_platform))));
    }
    // What is kept now must not come again with a reload.
    let fragment = share::without_platform(&state.route.fragment);
    if fragment != state.route.fragment {
        effects.push(Effect::Taken(Route { fragment, ..state.route.clone() }));
    }
    compare::forget(state);
    render(state, effects);
}

/// What was kept: one's own for all modules, and what is of this one.
pub(super) fn kept(state: &mut State, own: Option<PlatformForm>, place: Option<Placement>) {
    let own = own.unwrap_or_else(|| state.own_platform.clone());
    state.own_platform = of_module(own, &PlatformForm::default());
    let (release, namespace, facts) = match place {
        Some(Placement::Release { release, namespace }) => (release, namespace, None),
        Some(Placement::Link(form)) => (form.release.clone(), form.namespace.clone(), Some(*form)),
        None => (String::new(), String::new(), None),
    };
    state.platform_of_link = facts.is_some();
    state.platform = PlatformForm { release, namespace, ..facts.unwrap_or_else(|| state.own_platform.clone()) };
}

/// A link brings one, for this module: an account and its token are not among what it has.
pub(super) fn linked(state: &mut State, linked: PlatformForm) {
    let own = std::mem::take(&mut state.platform);
    state.platform = PlatformForm { username: own.username, token: own.token, ..linked };
    state.platform_of_link = true;
}

/// Keeps what is of this module alone.
pub(super) fn keep_place(state: &State, effects: &mut Vec<Effect>) {
    let Some(opened) = state.opened.shown().cloned() else { return };
    let form = without_token(&state.platform);
    let place = match state.platform_of_link {
        true => Placement::Link(Box::new(form)),
        false => Placement::Release { release: form.release, namespace: form.namespace },
    };
    effects.push(Effect::KeepPlace(opened, place));
}

fn without_token(form: &PlatformForm) -> PlatformForm {
    PlatformForm { token: String::new(), ..form.clone() }
}

/// A form with the release and the namespace of another.
fn of_module(form: PlatformForm, other: &PlatformForm) -> PlatformForm {
    PlatformForm { release: other.release.clone(), namespace: other.namespace.clone(), ..form }
}
