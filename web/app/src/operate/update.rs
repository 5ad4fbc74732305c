//! What changes the operator's state.

use std::rc::Rc;

use super::rows::{Row, Standing};
use super::state::{Action, Came, Dialog, Effect, Event, Live, One, Progress, State};
use crate::load::{Load, Trouble};
use crate::manage::{Heard, Id, Operation, Place, Refusal, Why, with_own_values};
use crate::route::{Route, View};

/// Of how many modules it is found out whether their files differ: each of them is rendered for that.
const MOST_DRIFTS: usize = 50;

/// How long it takes until a server that is away is asked again: the first time and at most, in milliseconds.
const AGAIN: (u32, u32) = (1_000, 15_000);

/// The id of the button that a dialog goes on with.
pub(super) const GO: &str = "operate-go";

/// The page as it opens.
pub(super) fn start(route: Route) -> (State, Vec<Effect>) {
    let title = Effect::Title(title(&route));
    let mut state = State {
        route,
        place: Load::Loading(None),
        recorded: Load::Idle,
        rows: Load::Idle,
        now: 0,
        drifts: Default::default(),
        marks: Default::default(),
        undrifted: Vec::new(),
        drifting: false,
        stale: false,
        live: Live::Not,
        attempts: 0,
        one: One::default(),
        dialog: None,
        token: String::new(),
    };
    choose(&mut state);
    (state, vec![title, Effect::Place])
}

fn title(route: &Route) -> String {
    match &route.view {
        View::Operated { name, .. } => name.clone(),
        _ => "Operate".to_owned(),
    }
}

/// The module of the address is the open one.
fn choose(state: &mut State) {
    if let View::Operated { namespace, name } = &state.route.view {
        let id = Id::new(namespace.as_str(), name.as_str());
        if state.one.id != id {
            let side_by_side = state.one.side_by_side;
            state.one = One { id, side_by_side, ..One::default() };
        }
    }
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    apply(&mut state, event, &mut effects);
    (state, effects)
}

fn apply(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Turned(route) => {
            let elsewhere = !route.same_place(&state.route);
            state.route = route;
            if elsewhere {
                effects.push(Effect::Title(title(&state.route)));
                state.dialog = None;
                choose(state);
                read(state, effects);
            }
        }
        Event::Placed(place) => placed(state, place, effects),
        Event::Recorded(result) => state.recorded = std::mem::take(&mut state.recorded).came(result),
        Event::Rows(result, now) => {
            state.now = now;
            let result = result.map_err(|refusal| refused(state, refusal, effects));
            state.rows = std::mem::take(&mut state.rows).came(result);
            find_drifts(state, effects);
            if std::mem::take(&mut state.stale) {
                read(state, effects);
            }
        }
        Event::Drifted(id, files) => {
            match files {
                Some(files) => drop(state.drifts.insert(id, files)),
                // It may be known the next time.
                None => drop(state.marks.remove(&id)),
            }
            next_drift(state, effects);
        }
        Event::Came(id, result, now) if id == state.one.id => {
            state.now = now;
            let result = result.map_err(|refusal| refused(state, refusal, effects));
            came(state, result, effects);
            if std::mem::take(&mut state.stale) {
                read(state, effects);
            }
        }
        Event::Previewed(id, result) if id == state.one.id => {
            state.one.preview = std::mem::take(&mut state.one.preview).came(result.map_err(|refusal| refusal.trouble));
        }
        Event::Drift(id, result) if id == state.one.id => {
            if let Ok(drift) = &result {
                state.drifts.insert(id, drift.files.len());
            }
            state.one.drift = std::mem::take(&mut state.one.drift).came(result.map_err(|refusal| refusal.trouble));
        }
        // Another module is open by now.
        Event::Came(..) | Event::Previewed(..) | Event::Drift(..) => {}
        Event::Heard(heard) => hear(state, heard, effects),
        Event::Standing(standing) => turn("state", standing.map(Standing::word).unwrap_or_default(), effects),
        Event::Health(health) => turn("state", health.map(super::Health::word).unwrap_or_default(), effects),
        Event::Namespace(namespace) => turn("namespace", &namespace, effects),
        Event::Search(words) => turn("q", &words, effects),
        Event::Refresh => {
            state.marks.clear();
            if state.server().is_some() {
                read(state, effects);
            } else {
                state.place = std::mem::take(&mut state.place).again();
                effects.push(Effect::Place);
            }
        }
        Event::Typed(token) => state.token = token,
        Event::Unlock => {
            effects.push(Effect::Token(std::mem::take(&mut state.token)));
            state.place = std::mem::take(&mut state.place).again();
            effects.push(Effect::Place);
        }
        Event::Values(text) => {
            if state.one.values.is_none() {
                state.one.over = state.one.stored.as_ref().map_or(0, |stored| stored.metadata.generation);
            }
            state.one.values = Some(text.into());
        }
        Event::Forget => state.one.values = None,
        Event::Review => review(state, effects),
        Event::Deploy => {
            state.dialog = state.one.stored.as_ref().map(|stored| Dialog::Deploy(stored.text.clone()));
        }
        Event::Restore(generation) => effects.push(Effect::Revision(state.one.id.clone(), generation)),
        Event::Restored(Ok(stored)) => state.dialog = Some(Dialog::Deploy(stored.text.clone())),
        Event::Restored(Err(refusal)) => effects.push(Effect::Tell(crate::parts::capital(&refusal.trouble.what))),
        Event::Open => {
            if let Some(stored) = &state.one.stored {
                effects.push(Effect::Open(state.one.id.clone(), stored.text.clone()));
            }
        }
        Event::Ask(action) => {
            state.dialog = Some(Dialog::Act { action, delete: false, progress: Progress::Asked });
            effects.push(Effect::Focus(GO));
        }
        Event::AlsoDelete(also) => {
            if let Some(Dialog::Act { delete, .. }) = &mut state.dialog {
                *delete = also;
            }
        }
        Event::Confirm => confirm(state, effects),
        Event::Step(step) => {
            if let Some(Dialog::Act { progress, .. }) = &mut state.dialog {
                effects.push(Effect::Say(step.words()));
                *progress = Progress::Working(Some(step));
            }
        }
        Event::Done(Ok(())) => done(state, effects),
        Event::Done(Err(refusal)) => {
            effects.push(Effect::Say(refusal.trouble.what.clone()));
            if let Some(Dialog::Act { progress, .. }) = &mut state.dialog {
                *progress = Progress::Refused(refusal);
                effects.push(Effect::Focus(GO));
            }
        }
        Event::Closed(stored) => {
            state.dialog = None;
            if stored {
                state.one.values = None;
            }
            read(state, effects);
        }
        Event::Cancel => state.dialog = None,
        Event::SideBySide(side) => state.one.side_by_side = side,
    }
}

fn turn(name: &'static str, value: &str, effects: &mut Vec<Effect>) {
    effects.push(Effect::Turn(vec![(name, value.to_owned())]));
}

/// Whether there is an API is known.
fn placed(state: &mut State, place: Place, effects: &mut Vec<Effect>) {
    match &place {
        Place::Here(_) => {
            state.attempts = 0;
            state.place = Load::Ready(place);
            read(state, effects);
            effects.push(Effect::Listen(0));
        }
        Place::Nowhere => {
            state.place = Load::Ready(place);
            state.recorded = std::mem::take(&mut state.recorded).again();
            effects.push(Effect::Recording);
        }
        Place::Locked { .. } => {
            state.place = Load::Ready(place);
            effects.push(Effect::Focus("token"));
        }
        Place::Away => {
            let trouble = Refusal::away().trouble.hint("it is asked again in a moment");
            state.place = std::mem::take(&mut state.place).came(Err(trouble));
        }
    }
}

/// Reads what is looked at.
fn read(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(server) = state.server() else { return };
    let deploys = server.operates() || server.can("listReleases");
    match &state.route.view {
        View::Operated { .. } => {
            state.one.row = std::mem::take(&mut state.one.row).again();
            effects.push(Effect::One(state.one.id.clone(), deploys));
        }
        _ => {
            state.rows = std::mem::take(&mut state.rows).again();
            effects.push(Effect::Rows(deploys));
        }
    }
}

/// A refusal of what was only read: a token that is not taken any more asks for another one.
fn refused(state: &mut State, refusal: Refusal, effects: &mut Vec<Effect>) -> Trouble {
    if refusal.why == Why::Token {
        placed(state, Place::Locked { wrong: true }, effects);
    }
    refusal.trouble
}

/// What has changed since its drift was found out, or was never looked at.
fn find_drifts(state: &mut State, effects: &mut Vec<Effect>) {
    let can = state.server().is_some_and(|server| server.can("drift"));
    let Some(rows) = state.rows.shown().cloned().filter(|_| can) else { return };
    let mut wanted = Vec::new();
    for row in rows.iter().filter(|row| row.deployed() != "–") {
        let Some(head) = &row.head else { continue };
        let commit = row.release.as_ref().and_then(|release| release.commit.as_ref());
        let mark = (head.generation, commit.map(|commit| commit.id.clone()).unwrap_or_default());
        let is_known = state.marks.get(&row.id) == Some(&mark);
        if !is_known && (state.marks.contains_key(&row.id) || state.marks.len() < MOST_DRIFTS) {
            state.marks.insert(row.id.clone(), mark);
            state.undrifted.retain(|id| *id != row.id);
            wanted.push(row.id.clone());
        }
    }
    state.undrifted.splice(0..0, wanted.into_iter().rev());
    if !state.drifting {
        next_drift(state, effects);
    }
}

/// One after the other: each of them is a render for the server.
fn next_drift(state: &mut State, effects: &mut Vec<Effect>) {
    let next = state.undrifted.pop();
    state.drifting = next.is_some();
    effects.extend(next.map(Effect::CountDrift));
}

/// One module came.
fn came(state: &mut State, result: Result<Came, Trouble>, effects: &mut Vec<Effect>) {
    let before = state.one.stored.as_ref().map(|stored| stored.tag.clone());
    let result = result.map(|(stored, release, versions, commits)| {
        let head = stored.as_ref().map(|stored| stored.metadata.clone());
        (state.one.stored, state.one.versions, state.one.commits) = (stored, versions, commits);
        Rc::new(Row { id: state.one.id.clone(), head, release })
    });
    let is_here = result.is_ok();
    state.one.row = std::mem::take(&mut state.one.row).came(result);
    let Some(stored) = state.one.stored.clone().filter(|_| is_here) else { return };
    let id = state.one.id.clone();
    if before.as_ref() != Some(&stored.tag) || state.one.preview.shown().is_none() {
        state.one.preview = std::mem::take(&mut state.one.preview).again();
        effects.push(Effect::Preview(id.clone()));
    }
    let installed = state.one.row.shown().is_some_and(|row| row.deployed() != "–");
    if installed && state.server().is_some_and(|server| server.can("drift")) {
        state.one.drift = std::mem::take(&mut state.one.drift).again();
        effects.push(Effect::Drift(id));
    } else {
        state.one.drift = Load::Idle;
    }
}

fn hear(state: &mut State, heard: Heard, effects: &mut Vec<Effect>) {
    match heard {
        Heard::Open => {
            let was_lost = state.live == Live::Lost;
            (state.live, state.attempts) = (Live::Yes, 0);
            if was_lost {
                effects.push(Effect::Say("The server is back".to_owned()));
                read(state, effects);
            }
        }
        // Many changes at once are read once.
        Heard::Changed if state.rows.is_loading() || state.one.row.is_loading() => state.stale = true,
        Heard::Changed => read(state, effects),
        Heard::Lost => {
            state.live = Live::Lost;
            state.attempts += 1;
            let wait = AGAIN.0.saturating_mul(1 << (state.attempts - 1).min(8)).min(AGAIN.1);
            effects.push(Effect::Listen(wait));
        }
    }
}

/// The values that were written, in the descriptor: what they would change is shown.
fn review(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(stored), Some(values)) = (&state.one.stored, &state.one.values) else { return };
    match with_own_values(&stored.text, values, false) {
        Ok(text) => state.dialog = Some(Dialog::Deploy(text.into())),
        Err(refused) => effects.push(Effect::Tell(crate::parts::capital(&refused.to_string()))),
    }
}

fn confirm(state: &mut State, effects: &mut Vec<Effect>) {
    let tag = state.one.stored.as_ref().map(|stored| stored.tag.clone());
    let Some(Dialog::Act { action, delete, progress }) = &mut state.dialog else { return };
    if matches!(progress, Progress::Working(_)) {
        return;
    }
    *progress = Progress::Working(None);
    let delete = *delete || *action == Action::Delete;
    effects.push(Effect::Act(state.one.id.clone(), action.clone(), tag.filter(|_| delete)));
}

fn done(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(Dialog::Act { action, delete, .. }) = state.dialog.take() else { return };
    let name = &state.one.id.name;
    let says = match &action {
        Action::Operate(Operation::Suspend) => format!("{name} is suspended"),
        Action::Operate(Operation::Resume) => format!("{name} is resumed"),
        Action::Operate(Operation::Reconcile) => format!("{name} is being reconciled"),
        Action::Operate(Operation::Uninstall) if delete => format!("{name} is uninstalled, and its descriptor deleted"),
        Action::Operate(Operation::Uninstall) => format!("{name} is uninstalled"),
        Action::Operate(Operation::Install) => format!("{name} is deployed"),
        Action::RollBack { version, .. } => format!("{name} is {version} again"),
        Action::Delete => format!("The descriptor of {name} is deleted"),
    };
    effects.push(Effect::Tell(says));
    let installed = state.one.row.shown().is_some_and(|row| row.deployed() != "–");
    let gone = match action {
        Action::Delete => !installed,
        Action::Operate(Operation::Uninstall) => delete || state.one.stored.is_none(),
        _ => false,
    };
    if gone {
        effects.push(Effect::Go(Route::to(View::Operate)));
    } else {
        effects.push(Effect::Focus("title"));
        read(state, effects);
    }
}

#[cfg(test)]
mod tests;
