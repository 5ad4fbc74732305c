//! What events do to the preview.

mod compare;
mod export;
mod inputs;
mod install;
mod kept;
mod linked;
mod platform;

use std::collections::BTreeSet;
use std::rc::Rc;

use contract::Severity;

use super::effects::read_platform;
use super::input::{PlatformForm, render_input};
use super::open::{Opened, Source};
use super::outcome::{Object, Outcome};
use super::share;
use super::state::{Base, Effect, Event, FileAt, Input, Keeping, Kept, Level, Look, Pane, State};
use super::values::Values;
use super::{fields, host};
use crate::form::Edit;
use crate::load::{Load, Trouble};
use crate::route::{Route, View};
use crate::services::Handed;
use crate::words::count;

pub(super) use compare::changed_count;
pub(super) use install::installs;
pub(super) use kept::{left_out_name, place_name, set_name};

/// How many objects are drawn at first, and how many more each time: each is some thirty elements, and browsers are slow
/// with many of them.
pub(super) const DRAWN: usize = 500;

/// A share of the values' pane that shows both well.
const SHARE: f64 = 42.0;

/// The page as it opens.
pub fn start(input: Input) -> (State, Vec<Effect>) {
    let route = input.route;
    let mut state = State {
        opened: Load::Loading(None),
        progress: "Fetching the catalog".to_owned(),
        values: None,
        module: None,
        linked: share::unpack(&route.fragment),
        linked_platform: share::unpack_platform(&route.fragment).and_then(|text| read_platform(&text)),
        displaced: None,
        elsewhere: None,
        carried: None,
        platform: PlatformForm::preset("demo").unwrap_or_default(),
        own_platform: PlatformForm::preset("demo").unwrap_or_default(),
        platform_of_link: false,
        result: Load::Idle,
        problems: Vec::new(),
        last: None,
        base: Base::Defaults,
        base_result: Load::Idle,
        base_stale: false,
        base_asked: 0,
        base_again: false,
        other: None,
        changes: Load::Idle,
        saved: Vec::new(),
        look: Look { tab: "manifests".to_owned(), share: SHARE, result_shown: true, drawn: DRAWN, ..Look::default() },
        moment: super::input::Moment::default(),
        asked: 0,
        began: 0.0,
        waited: None,
        keeping: Keeping::Kept,
        left_out: false,
        offline: false,
        server: None,
        installing: None,
        route: route.clone(),
        host: input.host,
    };
    turned(&mut state, &route);
    let mut effects = Vec::new();
    if share::has_values(&route.fragment) && state.linked.is_none() {
        let text = "The values of the link cannot be read: a part of it is missing. These are the module's own.";
        effects.push(Effect::Tell(text.to_owned()));
    }
    effects.push(Effect::Open(route));
    (state, effects)
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    apply(&mut state, event, &mut effects);
    (state, effects)
}

fn apply(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Turned(input) => {
            turned(state, &input.route);
            let other = state.route.fragment != input.route.fragment;
            state.route = input.route;
            if other && state.values.is_some() {
                linked::took(state, effects);
            }
            if host::says(state, input.host) {
                render(state, effects);
            }
        }
        Event::Progress(progress) => state.progress = progress,
        Event::Module(module) => state.module = Some(module),
        Event::Retry => {
            state.opened = std::mem::take(&mut state.opened).again();
            effects.push(Effect::Open(state.route.clone()));
            // The button goes with what it is about.
            effects.push(Effect::Focus("title".to_owned()));
        }
        Event::Opened(result, kept) => opened(state, result, *kept, effects),
        Event::Edit(edit) => edited(state, edit, effects),
        Event::Platform(change) => platform::changed(state, change, effects),
        Event::Asked(number, began) => {
            if number == state.asked {
                state.began = began;
            }
        }
        Event::Rendered(number, result, at) => rendered(state, number, result, at, effects),
        Event::OtherOpened(version, other) => compare::other_opened(state, version, other, effects),
        Event::BaseRendered(number, result) => compare::rendered(state, number, result, effects),
        // The worker keeps the last results only: what it forgot is rendered once more.
        Event::Changes(Err(_)) if !state.base_again && state.base != Base::Last => {
            state.base_again = true;
            compare::forget(state);
            compare::compare(state, effects);
        }
        Event::Changes(changes) => {
            state.base_again &= changes.is_err();
            state.changes = std::mem::take(&mut state.changes).came(changes);
        }
        Event::Install if state.host.is_some() => host::install(state, effects),
        Event::Install => install::install(state, effects),
        Event::Server(server) => state.server = server,
        Event::Installed => state.installing = None,
        Event::Saved(done) => kept::saved(state, done),
        Event::SetSaved(set, done) => kept::set_saved(state, set, done, effects),
        Event::Handed(Handed::Values(_)) if state.values.is_none() => {
            effects.push(Effect::Tell("Nothing is open here that could take these values".to_owned()));
        }
        Event::Handed(Handed::Values(text)) => edited(state, Edit::Replace(text), effects),
        Event::Handed(Handed::Found) => {
            if state.opened.shown().is_none() {
                apply(state, Event::Retry, effects);
            }
        }
        Event::Elsewhere(text) => kept::elsewhere(state, text),
        Event::Settle { other } => kept::settle(state, other, effects),
        Event::Offline(offline) => state.offline = offline,
        Event::Tab(tab) => {
            state.look.result_shown = true;
            state.look.aimed = false;
            // Where a file led from is left behind with it.
            if let Some(file) = state.look.file.as_mut().filter(|_| tab != "chart") {
                file.from = None;
            }
            if state.look.tab != tab {
                state.look.tab.clone_from(&tab);
                effects.push(Effect::Turn(vec![("tab", if tab == "manifests" { String::new() } else { tab })]));
            }
            compare::compare(state, effects);
        }
        Event::Pane(word) => {
            state.look.pane = Pane::from_word(word);
            state.look.result_shown = false;
            effects.push(Effect::Setting("pane", word.to_owned()));
        }
        Event::Share(share) => {
            state.look.share = share;
            effects.push(Effect::Setting("share", format!("{share:.1}")));
        }
        Event::Narrow(result) => state.look.result_shown = result,
        Event::Level(level) => state.look.level = level,
        Event::Helm(helm) => {
            state.look.helm = helm;
            compare::forget(state);
            render(state, effects);
        }
        Event::Select(key, line) => select(state, key, line, effects),
        Event::Step(by) => {
            let shown = shown_objects(state);
            let at = shown.iter().position(|object| Some(&object.head.key) == state.look.object.as_ref());
            let next = match at {
                Some(at) => at as i64 + i64::from(by),
                None if by > 0 => 0,
                None => shown.len() as i64 - 1,
            };
            let key = usize::try_from(next).ok().and_then(|next| shown.get(next)).map(|object| object.head.key.clone());
            if let Some(key) = key {
                select(state, key, None, effects);
            }
        }
        Event::More => state.look.drawn += DRAWN,
        Event::Fold(key) => {
            if !state.look.folded.remove(&key) {
                state.look.folded.insert(key);
            }
        }
        Event::FoldAll(fold) => {
            state.look.folded = match (fold, state.result.shown()) {
                (true, Some(result)) => result.objects.iter().map(|object| object.head.key.clone()).collect(),
                _ => BTreeSet::new(),
            };
        }
        Event::Base(base) => compare::chosen(state, base, effects),
        Event::SideBySide(side) => state.look.side_by_side = side,
        Event::File(file) => state.look.file = Some(file),
        Event::Template(key) => template(state, key, effects),
        Event::Moved => {
            let shown = shown_objects(state);
            let moved = next_moved(&state.look, &shown).map(|object| (object.head.key.clone(), object.first_mark()));
            if let Some((key, line)) = moved {
                let reveal = state.result.shown().map(|result| anchor(result, &key));
                select(state, key, line, effects);
                effects.extend(reveal.map(Effect::Reveal));
            }
        }
        Event::Search(text) => state.look.search = text,
        Event::Field { path, is_key } => fields::show(state, &path, is_key, effects),
        Event::ChangedOnly(only) => state.look.changed_only = only,
        Event::Group(key) => {
            if !state.look.open_groups.remove(&key) {
                state.look.open_groups.insert(key);
            }
        }
        Event::Merged(merged) => state.look.merged = merged,
        Event::Goto(line, column) => {
            if state.look.pane == Pane::Form {
                state.look.pane = Pane::Both;
            }
            state.look.result_shown = false;
            state.look.merged = false;
            state.look.goto = Some((line, column));
        }
        Event::Caret(line, column) => {
            // The wish was followed; the same one may come again.
            state.look.goto = None;
            if let Some(values) = &mut state.values {
                values.caret(line, column);
            }
        }
        Event::PlatformOpen(open) => {
            state.look.platform_open = open;
            state.look.result_shown &= !open;
            let of_chart = state.opened.shown().is_none_or(|opened| matches!(opened.source, Source::Chart));
            let focus = match open {
                true if of_chart => "platform-release",
                true => "platform-registry",
                false => PLATFORM_BUTTON,
            };
            effects.push(Effect::Focus(focus.to_owned()));
        }
        Event::Dialog(dialog) => state.look.dialog = dialog,
        Event::SaveSet => kept::save_set(state, effects),
        Event::UseSet(name) => {
            if let Some((_, text)) = state.saved.iter().find(|(saved, _)| *saved == name).cloned() {
                edited(state, Edit::Replace(text), effects);
            }
        }
        Event::ForgetSet(name) => kept::forget_set(state, &name, effects),
        Event::Copy(what) => export::copy(state, what, effects),
        Event::Download(what) => export::download(state, what, effects),
        Event::Develop => {
            if let Some(opened) = state.opened.shown()
                && let Source::Descriptor { text, .. } = &opened.source
            {
                effects.push(Effect::Develop(opened.file.clone(), text.clone()));
            }
        }
        Event::KeepCarried => {
            state.carried = None;
            kept::keep(state, effects);
        }
        Event::DropCarried => {
            state.carried = None;
            edited(state, Edit::Reset, effects);
        }
        Event::Version(version) => {
            if let View::Module { id, .. } = &state.route.view {
                let route = Route { view: View::Module { id: id.clone(), version }, ..state.route.clone() };
                effects.push(Effect::Go(route));
            }
        }
    }
}

/// The id of the button that opens and closes the platform's form.
pub(super) const PLATFORM_BUTTON: &str = "platform-button";

/// The id of the heading of a file.
pub(super) const FILE_HEADING: &str = "chart-file";

/// Opens the template of an object.
fn template(state: &mut State, key: String, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(object)) = (state.opened.shown(), state.result.shown().and_then(|all| all.object(&key)))
    else {
        return;
    };
    let Some((chart, path)) = opened.template(&object.head) else { return };
    let file = FileAt { chart, path: path.to_owned(), line: 0, from: Some(key) };
    apply(state, Event::Tab("chart".to_owned()), effects);
    state.look.file = Some(file);
    effects.push(Effect::Focus(FILE_HEADING.to_owned()));
}

/// The object after the chosen one among those that changed; the first after the last.
pub(super) fn next_moved<'o>(look: &Look, shown: &'o [Rc<Object>]) -> Option<&'o Rc<Object>> {
    let at = shown.iter().position(|object| Some(&object.head.key) == look.object.as_ref());
    let moved = |object: &&Rc<Object>| look.moved.contains(&object.head.key);
    let after = shown.iter().skip(at.map_or(0, |at| at + 1));
    after.chain(shown).find(moved)
}

fn turned(state: &mut State, route: &Route) {
    state.look.tab = route.get("tab").unwrap_or("manifests").to_owned();
    state.look.object = route.get("object").map(str::to_owned);
    state.look.line = route.get("line").and_then(|line| line.parse::<u32>().ok()).and_then(|line| line.checked_sub(1));
    if let Some(key) = &state.look.object {
        state.look.folded.remove(key);
        state.look.result_shown = true;
    }
}

fn opened(state: &mut State, result: Result<Rc<Opened>, Trouble>, kept: Kept, effects: &mut Vec<Effect>) {
    state.moment = kept.moment;
    state.saved = kept.saved;
    platform::kept(state, kept.platform, kept.place);
    if let Some(pane) = kept.pane {
        state.look.pane = Pane::from_word(&pane);
    }
    if let Some(share) = kept.share {
        state.look.share = share;
    }
    if let Ok(opened) = &result {
        let linked = state.linked.take();
        let is_linked = linked.is_some();
        state.carried = kept.carried;
        let given = state.host.as_ref().map(|host| host.values.clone());
        state.values = Some(Values::new(opened, &kept.values.or(given).unwrap_or_default()));
        advise(state);
        if let Some(linked) = linked {
            // Those of another version stay with it.
            if state.carried.take().is_some() {
                state.values = Some(Values::new(opened, ""));
            }
            linked::values_of_link(state, linked, effects);
        }
        if let Some(platform) = state.linked_platform.take() {
            platform::linked(state, platform);
        }
        if kept.left_out && !is_linked && !kept.is_whole {
            let says = "Passwords are not kept on this machine: enter those of this module again";
            effects.push(Effect::Tell(says.to_owned()));
            effects.push(Effect::LeftOut(opened.clone(), false));
        }
        state.left_out = kept.left_out && (is_linked || kept.is_whole);
        effects.push(Effect::Title(format!("{} {}", opened.title, opened.version)));
        if state.host.is_none() {
            effects.push(Effect::Offline(opened.clone()));
            if matches!(opened.source, Source::Descriptor { .. }) {
                effects.push(Effect::Server);
            }
            effects.push(Effect::Listen(opened.clone()));
        }
    } else if let Err(trouble) = &result {
        let module = state.module.as_ref().map(|module| module.title.as_str());
        effects.push(Effect::Title(module.unwrap_or("Could not be opened").to_owned()));
        host::failed(state, trouble, effects);
    }
    state.opened = std::mem::take(&mut state.opened).came(result);
    render(state, effects);
}

fn edited(state: &mut State, edit: Edit, effects: &mut Vec<Effect>) {
    let Some(values) = &mut state.values else { return };
    if !values.edit(edit) {
        return;
    }
    kept::keep(state, effects);
    compare::edited(state);
    advise(state);
    host::edited(state, effects);
    render(state, effects);
}

/// Brings what a change of versions means for the override up to date.
fn advise(state: &mut State) {
    if let (Some(carried), Some(values)) = (&mut state.carried, &state.values) {
        carried.notes = carried.old.as_ref().map(|old| values.advice(old)).unwrap_or_default();
    }
}

/// Asks for a render of what is there now.
fn render(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values)) = (state.opened.shown(), &state.values) else { return };
    // Half-typed YAML is not sent: the last good result stays, greyed.
    if let Some(trouble) = values.broken() {
        let result = std::mem::take(&mut state.result);
        state.asked += 1;
        state.problems.clear();
        host::failed(state, &trouble, effects);
        state.result = result.came(Err(trouble));
        return;
    }
    state.asked += 1;
    let input = render_input(opened, &values.text(), &state.platform, state.look.helm, state.moment);
    effects.push(Effect::Render(state.asked, Box::new(input)));
    state.result = std::mem::take(&mut state.result).again();
}

fn rendered(
    state: &mut State,
    number: u32,
    result: Result<Box<(chartwright_protocol::Rendered, Vec<u8>)>, Trouble>,
    at: f64,
    effects: &mut Vec<Effect>,
) {
    // An answer to an older question is shown only while nothing newer is there, and never as the final one.
    if number != state.asked {
        return;
    }
    let first = state.result.shown().is_none();
    let before = state.result.shown().cloned();
    let outcome = result.map(|made| Rc::new(Outcome::new(made.0, made.1, before.as_deref())));
    state.problems = outcome.as_ref().map(|outcome| outcome.problems.clone()).unwrap_or_default();
    let outcome = outcome.and_then(|outcome| whole(outcome, before.as_deref()));
    if let Ok(outcome) = &outcome {
        state.waited = Some(at - state.began);
        if before.as_ref().is_some_and(|before| before.digest != outcome.digest) {
            state.last.clone_from(&before);
            // What did not change is the same object.
            let old: BTreeSet<*const Object> =
                before.iter().flat_map(|before| &before.objects).map(Rc::as_ptr).collect();
            let moved = outcome.objects.iter().filter(|object| !old.contains(&Rc::as_ptr(object)));
            state.look.moved = moved.map(|object| object.head.key.clone()).collect();
        }
        effects.push(Effect::Announce(announcement(outcome, first)));
        if first {
            pick_level(state, outcome);
            if state.look.object.is_some() {
                effects.push(Effect::Reveal(anchor(outcome, state.look.object.as_deref().unwrap_or_default())));
            }
        }
    } else if let Err(trouble) = &outcome {
        effects.push(Effect::Announce(format!("It does not render: {}", trouble.what)));
    }
    state.result = std::mem::take(&mut state.result).came(outcome);
    if let (true, Some(key)) = (first, state.look.object.clone()) {
        draw_as_far_as(state, &key);
    }
    if let Some(values) = &mut state.values {
        let refused = match &state.result {
            Load::Ready(result) => result.refused.as_slice(),
            _ => &[],
        };
        values.engine_says(state.result.trouble(), &state.problems, refused);
    }
    host::rendered(state, effects);
    if state.base == Base::Last {
        state.base_result = state.last.clone().map_or(Load::Idle, Load::Ready);
    }
    compare::compare(state, effects);
}

/// A result in which a release is missing does not take the place of one that is whole: objects would seem to be gone
/// that are only not rendered.
fn whole(outcome: Rc<Outcome>, before: Option<&Outcome>) -> Result<Rc<Outcome>, Trouble> {
    let error = outcome.problems.iter().find(|problem| problem.severity == Severity::Error);
    match (error, before) {
        (Some(problem), Some(before)) if before.errors() == 0 => Err(Trouble::from(problem)),
        _ => Ok(outcome),
    }
}

fn announcement(outcome: &Outcome, first: bool) -> String {
    let mut parts = vec![count(outcome.objects.len(), "object")];
    if !first {
        parts.push(format!("{} changed", outcome.moved));
    }
    if !outcome.problems.is_empty() {
        parts.push(count(outcome.problems.len(), "problem"));
    }
    parts.join(", ")
}

/// A chart has one level only: there everything is shown.
fn pick_level(state: &mut State, outcome: &Outcome) {
    let deep = outcome.objects.iter().any(|object| object.head.level > 1);
    if !deep {
        state.look.level = Level::All;
    } else if let Some(object) = state.look.object.as_ref().and_then(|key| outcome.object(key))
        && object.head.level == 1
    {
        state.look.level = Level::All;
    }
}

/// The objects that the manifests' tab shows, in order.
pub(super) fn shown_objects(state: &State) -> Vec<Rc<Object>> {
    let Some(result) = state.result.shown() else { return Vec::new() };
    let deep = result.objects.iter().any(|object| object.head.level > 1);
    let wanted = |object: &&Rc<Object>| match state.look.level {
        Level::All => true,
        Level::Workloads => !deep || object.head.level > 1 || object.head.kind != "HelmRelease",
        Level::Releases => object.head.level == 1,
    };
    super::outcome::groups(&result.objects.iter().filter(wanted).cloned().collect::<Vec<_>>())
        .into_iter()
        .flat_map(|group| group.objects)
        .collect()
}

/// The id of an object's element.
pub(super) fn anchor(outcome: &Outcome, key: &str) -> String {
    let at = outcome.objects.iter().position(|object| object.head.key == key);
    at.map(|at| format!("object-{at}")).unwrap_or_default()
}

fn select(state: &mut State, key: String, line: Option<u32>, effects: &mut Vec<Effect>) {
    state.look.folded.remove(&key);
    // The button that led here may be gone with its tab.
    if let Some(result) = state.result.shown().filter(|_| state.look.tab != "manifests") {
        effects.push(Effect::Focus(anchor(result, &key)));
    }
    state.look.tab = "manifests".to_owned();
    (state.look.result_shown, state.look.aimed) = (true, true);
    if let Some(result) = state.result.shown() {
        let reveal = anchor(result, &key);
        if !shown_objects(state).iter().any(|object| object.head.key == key) {
            state.look.level = Level::All;
        }
        draw_as_far_as(state, &key);
        if line.is_none() {
            effects.push(Effect::Reveal(reveal));
        }
    }
    let number = line.map(|line| (line + 1).to_string()).unwrap_or_default();
    effects.push(Effect::Turn(vec![("tab", String::new()), ("object", key.clone()), ("line", number)]));
    (state.look.object, state.look.line) = (Some(key), line);
}

/// What is looked at is drawn, however many objects are before it.
fn draw_as_far_as(state: &mut State, key: &str) {
    if let Some(at) = shown_objects(state).iter().position(|object| object.head.key == key) {
        state.look.drawn = state.look.drawn.max(at + 1);
    }
}

/// How many problems there are, and whether one is an error.
pub(super) fn problem_count(state: &State) -> (usize, bool) {
    let own = state.opened.shown().map_or(&[][..], |opened| opened.problems.as_slice());
    let all = || own.iter().chain(&state.problems);
    let error = all().any(|problem| problem.severity == Severity::Error);
    // What is wrong with an old result says nothing of these values.
    let result = state.result.shown().filter(|_| !state.result.is_stale());
    let (refused, warnings) = result.map_or((0, 0), |result| (result.refused_values().len(), result.warnings.len()));
    let trouble = state.result.trouble();
    let alarm = trouble.is_some() || error || refused > 0;
    let Some(values) = &state.values else { return (usize::from(trouble.is_some()) + all().count(), alarm) };
    // The trouble may be one of the problems.
    let trouble = trouble.filter(|_| state.problems.is_empty()).map_or(0, |trouble| values.count_of(&trouble.what));
    let said: usize = all().map(|problem| values.findings(problem).len()).sum();
    let (held, repeated) = (values.wrong_fields().len(), values.repeated().len());
    (trouble + said + held + repeated + refused + warnings, alarm || held > 0)
}

#[cfg(test)]
mod tests;
