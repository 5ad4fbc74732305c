//! What events do to the preview.

mod export;
mod linked;

use std::collections::BTreeSet;
use std::rc::Rc;

use contract::Severity;

use super::effects::read_platform;
use super::host;
use super::input::{PlatformForm, render_input};
use super::open::{Opened, Source};
use super::outcome::{Object, Outcome, changed_objects};
use super::share;
use super::state::{Base, Effect, Event, FileAt, Input, Kept, Level, Look, Pane, Platformed, State};
use super::values::Values;
use crate::form::Edit;
use crate::load::{Load, Trouble};
use crate::route::{Route, View};
use crate::words::count;

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
        carried: None,
        platform: PlatformForm::preset("demo").unwrap_or_default(),
        result: Load::Idle,
        problems: Vec::new(),
        last: None,
        base: Base::Defaults,
        base_result: Load::Idle,
        base_again: false,
        changes: Load::Idle,
        saved: Vec::new(),
        look: Look { tab: "manifests".to_owned(), share: SHARE, result_shown: true, drawn: DRAWN, ..Look::default() },
        moment: super::input::Moment::default(),
        asked: 0,
        began: 0.0,
        waited: None,
        unsaved: false,
        left_out: false,
        offline: false,
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
            // Values of a link, or of a file that was dropped.
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
        }
        Event::Opened(result, kept) => opened(state, result, *kept, effects),
        Event::Edit(edit) => edited(state, edit, effects),
        Event::Platform(change) => {
            match change {
                Platformed::Field(name, text) => {
                    if let Some(field) = state.platform.field(name) {
                        *field = text;
                    }
                }
                Platformed::Preset(name) => {
                    if let Some(preset) = PlatformForm::preset(&name) {
                        let (release, namespace) = (state.platform.release.clone(), state.platform.namespace.clone());
                        state.platform = PlatformForm { release, namespace, ..preset };
                    }
                }
            }
            effects
                .push(Effect::KeepPlatform(Box::new(PlatformForm { token: String::new(), ..state.platform.clone() })));
            state.base_result = Load::Idle;
            render(state, effects);
        }
        Event::Asked(number, began) => {
            if number == state.asked {
                state.began = began;
            }
        }
        Event::Rendered(number, result, at) => rendered(state, number, result, at, effects),
        Event::BaseRendered(base, result) => {
            if base != state.base {
                return;
            }
            let shown = state.result.shown().cloned();
            let outcome = result.map(|made| Rc::new(Outcome::new(made.0, made.1, shown.as_deref())));
            state.base_result = std::mem::take(&mut state.base_result).came(outcome);
            compare(state, effects);
        }
        // The worker keeps the last results only: what it forgot is rendered once more.
        Event::Changes(Err(_)) if !state.base_again && state.base != Base::Last => {
            state.base_again = true;
            state.base_result = Load::Idle;
            compare(state, effects);
        }
        Event::Changes(changes) => {
            state.base_again &= changes.is_err();
            state.changes = std::mem::take(&mut state.changes).came(changes);
        }
        Event::Install => host::install(state, effects),
        Event::Saved(done) => state.unsaved = !done,
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
            compare(state, effects);
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
            state.base_result = Load::Idle;
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
        Event::Base(base) => {
            if base != state.base {
                state.base = base;
                state.base_result = Load::Idle;
                state.changes = Load::Idle;
            }
            compare(state, effects);
        }
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
            let focus = if open { "platform-registry" } else { PLATFORM_BUTTON };
            effects.push(Effect::Focus(focus.to_owned()));
        }
        Event::Dialog(dialog) => state.look.dialog = dialog,
        Event::SaveSet => save_set(state, effects),
        Event::UseSet(name) => {
            if let Some((_, text)) = state.saved.iter().find(|(saved, _)| *saved == name).cloned() {
                edited(state, Edit::Replace(text), effects);
            }
        }
        Event::ForgetSet(name) => {
            state.saved.retain(|(saved, _)| *saved != name);
            if let Some(opened) = state.opened.shown() {
                effects.push(Effect::Keep { name: set_name(opened, &name), text: None });
            }
        }
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
            keep(state, effects);
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

/// The name under which a set of values of a module is kept.
pub(super) fn set_name(opened: &Opened, name: &str) -> String {
    let module = opened.draft.split_once('@').map_or(opened.draft.as_str(), |(module, _)| module);
    format!("set:{}:{name}", module.trim_start_matches("draft:"))
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
    if let Some(platform) = kept.platform {
        state.platform = platform;
    }
    if let Some(pane) = kept.pane {
        state.look.pane = Pane::from_word(&pane);
    }
    if let Some(share) = kept.share {
        state.look.share = share;
    }
    if let Ok(opened) = &result {
        let linked = state.linked.take();
        let is_linked = linked.is_some();
        state.carried = kept.carried.filter(|_| linked.is_none());
        let given = state.host.as_ref().map(|host| host.values.clone());
        let text = linked.or(kept.values).or(given).unwrap_or_default();
        state.values = Some(Values::new(opened, &text));
        advise(state);
        if let Some(platform) = state.linked_platform.take() {
            linked::platform(state, platform);
        }
        if kept.left_out && !is_linked {
            let says = "Passwords are not kept on this machine: enter those of this module again";
            effects.push(Effect::Tell(says.to_owned()));
            effects.push(Effect::Keep { name: left_out_name(opened), text: None });
        }
        state.left_out = false;
        effects.push(Effect::Title(format!("{} {}", opened.title, opened.version)));
        if state.host.is_none() {
            effects.push(Effect::Offline(opened.clone()));
        }
    } else if let Err(trouble) = &result {
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
    keep(state, effects);
    advise(state);
    host::edited(state, effects);
    render(state, effects);
}

/// Keeps the override on this machine.
fn keep(state: &mut State, effects: &mut Vec<Effect>) {
    if let (Some(opened), Some(values)) = (state.opened.shown(), &state.values) {
        // An empty one is kept as well: else, what was typed for another version would come along again.
        effects.push(Effect::Keep { name: opened.draft.clone(), text: Some(values.kept_text()) });
        let left_out = values.has_secrets();
        if left_out != state.left_out {
            effects.push(Effect::Keep { name: left_out_name(opened), text: left_out.then(|| "passwords".to_owned()) });
            state.left_out = left_out;
        }
        linked::kept(state, effects);
    }
}

/// The name under which it is kept that a draft is without its passwords.
pub(super) fn left_out_name(opened: &Opened) -> String {
    format!("left-out:{}", opened.draft)
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
        values.engine_says(state.result.trouble(), &state.problems);
    }
    host::rendered(state, effects);
    if state.base == Base::Last {
        state.base_result = state.last.clone().map_or(Load::Idle, Load::Ready);
    }
    compare(state, effects);
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

/// Brings what is compared, and the differences, up to date: the first as soon as there is a result, since the tab
/// counts them; the second when the tab is open.
fn compare(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(result) = state.result.shown().cloned() else { return };
    if matches!(state.base_result, Load::Idle) {
        let Some(opened) = state.opened.shown().cloned() else { return };
        let text = match &state.base {
            Base::Defaults if state.values.as_ref().is_some_and(|values| values.text().trim().is_empty()) => {
                state.base_result = Load::Ready(result.clone());
                String::new()
            }
            Base::Defaults => String::new(),
            Base::Last => {
                state.base_result = state.last.clone().map_or(Load::Idle, Load::Ready);
                String::new()
            }
            Base::Saved(name) => {
                state.saved.iter().find(|(saved, _)| saved == name).map(|(_, text)| text.clone()).unwrap_or_default()
            }
            Base::Version(version) => {
                let values = state.values.as_ref().map(|values| values.text().to_string()).unwrap_or_default();
                effects.push(Effect::RenderVersion {
                    opened,
                    version: version.clone(),
                    values,
                    platform: Box::new(state.platform.clone()),
                    helm: state.look.helm,
                    moment: state.moment,
                });
                state.base_result = Load::Loading(None);
                return;
            }
        };
        if matches!(state.base_result, Load::Idle) && state.base != Base::Last {
            let input = render_input(&opened, &text, &state.platform, state.look.helm, state.moment);
            effects.push(Effect::RenderBase(state.base.clone(), Box::new(input)));
            state.base_result = Load::Loading(None);
        }
    }
    if state.look.tab == "changes"
        && let Some(base) = state.base_result.shown()
    {
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

/// How many objects differ from what is compared with.
pub(super) fn changed_count(state: &State) -> usize {
    match (state.base_result.shown(), state.result.shown()) {
        (Some(base), Some(result)) => changed_objects(base, result),
        _ => 0,
    }
}

/// How many problems there are, and whether one is an error.
pub(super) fn problem_count(state: &State) -> (usize, bool) {
    let own = state.opened.shown().map_or(&[][..], |opened| opened.problems.as_slice());
    let error = own.iter().chain(&state.problems).any(|problem| problem.severity == Severity::Error);
    let held = state.values.as_ref().map_or(0, |values| values.wrong_fields().len());
    let repeated = state.values.as_ref().map_or(0, |values| values.repeated().len());
    // The trouble may be one of the problems.
    let trouble = state.result.trouble().is_some();
    let more = usize::from(trouble && state.problems.is_empty());
    (more + own.len() + state.problems.len() + held + repeated, trouble || error || held > 0)
}

fn save_set(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values), Some(dialog)) = (state.opened.shown(), &state.values, &state.look.dialog) else {
        return;
    };
    let name = dialog.name.trim().to_owned();
    if name.is_empty() {
        return;
    }
    let text = values.kept_text();
    effects.push(Effect::Keep { name: set_name(opened, &name), text: Some(text.clone()) });
    effects.push(Effect::Tell(format!("Saved as {name}")));
    state.saved.retain(|(saved, _)| *saved != name);
    state.saved.push((name, text));
    state.saved.sort();
    state.look.dialog = None;
}

#[cfg(test)]
mod tests;
