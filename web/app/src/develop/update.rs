//! What events do to the developer's page.

mod server;

use std::rc::Rc;

use contract::Severity;

use super::bases::Bases;
use super::draft::{self, Draft};
use super::export::{Options, What};
use super::state::{Dialog, Effect, Event, Kept, Look, State, Subject};
use crate::form::Edit;
use crate::load::Load;
use crate::preview::Pane;

/// A descriptor without components.
pub(super) const EMPTY: &str = "apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata:
  name: mymodule
spec:
  module:
    version: 0.1.0
  components: []
";

/// An example to begin with.
pub(super) const FIRST: &str = "apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata:
  name: shop
  namespace: shop
spec:
  module:
    version: 0.1.0
    description: A shop
  template:
    chart: modulebase
    sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}
  components:
    - name: shopfrontend
      values:
        app: {port: 8080}
        image: {name: shop-frontend, tag: 0.1.0}
      config:
        # Operators may change what stands here.
        SHOP_NAME: The corner shop
";

/// The most base charts that the gallery shows the content of.
const MOST: usize = 40;

/// The page as it opens.
pub(super) fn start(open: Option<String>) -> (State, Vec<Effect>) {
    let state = State {
        draft: Draft::default(),
        bases: Load::Loading(None),
        made: Load::Idle,
        good: None,
        report: Vec::new(),
        digest: open.clone(),
        restored: false,
        number: 0,
        platform: "demo",
        options: Options::default(),
        no_room: false,
        elsewhere: None,
        server: None,
        look: Look {
            pane: Pane::Form,
            result_shown: false,
            tab: "check",
            file: String::new(),
            goto: None,
            share: 46.0,
            turned: Default::default(),
            search: String::new(),
            changed_only: false,
            dialog: None,
        },
    };
    (state, vec![Effect::Restore(open), Effect::Bases, Effect::Server])
}

/// The name under which the text is kept.
pub(super) fn kept_name(digest: Option<&str>) -> String {
    digest.map_or_else(|| "develop".to_owned(), |digest| format!("develop:{digest}"))
}

/// The id of the button that adds a component.
pub(super) const ADD: &str = "add-component";

/// The id of a button of a component.
pub(super) fn button(index: usize, what: &str) -> String {
    format!("component-{index}-{what}")
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    apply(&mut state, event, &mut effects);
    (state, effects)
}

fn apply(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    let nothing = Bases::default();
    match event {
        Event::Server(_) | Event::Store | Event::StoredOnes | Event::Stored(_) | Event::OpenStored(_) => {
            server::apply(state, event, effects);
        }
        Event::Restored(kept) => restored(state, kept, effects),
        Event::Open(digest) => {
            if digest != state.digest {
                state.restored = false;
                state.digest.clone_from(&digest);
                effects.push(Effect::Restore(digest));
            }
        }
        Event::Bases(result) => {
            state.bases = std::mem::take(&mut state.bases).came(result.map(Bases::new));
            redraw(state, effects);
            make(state, effects);
        }
        Event::Read(digest, result) => {
            if let Load::Ready(bases) = &mut state.bases {
                bases.came(&digest, &result);
            }
            redraw(state, effects);
            make(state, effects);
        }
        Event::Edit(edit) => {
            let changed = state.draft.edit(edit);
            edited(state, changed, effects);
        }
        Event::Values(edit) => {
            let Some(open) = state.draft.open() else { return };
            let changed = state.draft.edit_values(open, edit, state.bases.shown().unwrap_or(&nothing));
            edited(state, changed, effects);
        }
        Event::Add(place) => {
            let base = state.bases.shown().zip(place).and_then(|(bases, place)| bases.0.get(place));
            let name = base.map_or("component", |base| component_name(base.name())).to_owned();
            let template = base.map(super::bases::Base::template);
            let changed = state.draft.add(&name, template);
            state.look.dialog = None;
            edited(state, changed, effects);
            if changed {
                effects.push(Effect::Focus("component-name".to_owned()));
            }
        }
        Event::Remove(index) => {
            let changed = state.draft.remove(index);
            edited(state, changed, effects);
            if changed {
                // What comes in its place; else what is before it.
                let next = index.min(state.draft.components().len().saturating_sub(1));
                let none = state.draft.components().is_empty();
                effects.push(Effect::Focus(if none { ADD.to_owned() } else { button(next, "remove") }));
            }
        }
        Event::Move(from, to) => {
            let changed = state.draft.shift(from, to);
            edited(state, changed, effects);
            if changed {
                // The focus follows the component. At an end, its other button is the one that is on.
                let last = state.draft.components().len().saturating_sub(1);
                let way = match to {
                    0 => "down",
                    to if to == last => "up",
                    to if to < from => "up",
                    _ => "down",
                };
                effects.push(Effect::Focus(button(to, way)));
            }
        }
        Event::Rename(index, name) => {
            let changed = state.draft.rename(index, name.trim());
            edited(state, changed, effects);
        }
        Event::Choose(index, place) => {
            let base = state.bases.shown().zip(place).and_then(|(bases, place)| bases.0.get(place));
            let template = base.map(super::bases::Base::template);
            let changed = state.draft.choose(index, template);
            edited(state, changed, effects);
        }
        Event::Depend(index, name, on) => {
            let changed = state.draft.depend(index, &name, on);
            edited(state, changed, effects);
        }
        Event::Show(index) => {
            let open = (state.draft.open() != Some(index)).then_some(index);
            show(state, open, effects);
        }
        Event::Group(key) => {
            if !state.look.turned.remove(&key) {
                state.look.turned.insert(key);
            }
        }
        Event::Search(text) => state.look.search = text,
        Event::ChangedOnly(only) => state.look.changed_only = only,
        Event::Made(number, made) => {
            if number == state.number {
                // A pause in typing ends a step of undo.
                state.draft.checkpoint();
                state.made = std::mem::take(&mut state.made).came(made);
                if let Load::Ready(made) = &state.made {
                    state.draft.found(&made.problems);
                    if made.has_result() && !made.files.is_empty() {
                        state.good = Some(made.clone());
                    }
                }
                redraw(state, effects);
            }
        }
        Event::Pane(word) => {
            state.look.pane = Pane::from_word(word);
            effects.push(Effect::Keep("develop-pane".to_owned(), word.to_owned()));
        }
        Event::Narrow(result) => state.look.result_shown = result,
        Event::Tab(tab) => state.look.tab = tab,
        Event::File(file) => state.look.file = file,
        Event::Goto(line, column, path) => {
            if state.look.pane == Pane::Form {
                state.look.pane = Pane::Both;
            }
            state.look.result_shown = false;
            state.look.goto = Some((line, column));
            if let Some(index) = component_of(&path) {
                show(state, Some(index), effects);
            }
        }
        Event::Caret(line, column) => state.draft.caret(line, column),
        Event::Share(share) => state.look.share = share,
        Event::Saved(done) => state.no_room = !done,
        Event::Elsewhere(text) => {
            let text = text.unwrap_or_default();
            state.elsewhere = (state.restored && text != *state.draft.text()).then_some(text);
        }
        Event::Settle { other } => match state.elsewhere.take() {
            Some(text) if other => apply(state, Event::Edit(Edit::Replace(text)), effects),
            Some(_) => keep(state, effects),
            None => {}
        },
        Event::Platform(name) => {
            state.platform = name;
            make(state, effects);
        }
        Event::Dialog(dialog) => {
            if dialog == Some(Dialog::Gallery)
                && let Load::Ready(bases) = &mut state.bases
            {
                effects.extend(bases.ask(0..MOST).into_iter().map(|base| Effect::Read(Box::new(base))));
            }
            state.look.dialog = dialog;
        }
        Event::Option(field, text) => {
            state.options.set(field, text);
            effects.push(Effect::Keep("develop-export".to_owned(), state.options.text()));
        }
        Event::Download(what) => download(state, what, effects),
        Event::Exported(result) => exported(state, result, effects),
        Event::New(text) => renew(state, text, effects),
        Event::Fresh => effects.extend(state.digest.clone().map(Effect::Original)),
        Event::Original(text) => renew(state, &text, effects),
        Event::Preview => effects.push(Effect::Preview(state.draft.text())),
    }
}

fn restored(state: &mut State, kept: Kept, effects: &mut Vec<Effect>) {
    let text = kept.text.filter(|text| !text.trim().is_empty());
    state.draft.start(text.as_deref().unwrap_or(FIRST));
    state.restored = true;
    (state.made, state.good) = (Load::Idle, None);
    state.look.tab = if kept.report.is_empty() { "check" } else { "report" };
    state.report = kept.report;
    if let Some(pane) = kept.pane {
        state.look.pane = Pane::from_word(&pane);
    }
    if let Some(options) = kept.options {
        state.options = Options::read(&options);
    }
    state.elsewhere = None;
    effects.push(Effect::Listen(kept_name(state.digest.as_deref())));
    redraw(state, effects);
    make(state, effects);
}

/// Another descriptor takes the place of this one, in one step of undo.
fn renew(state: &mut State, text: &str, effects: &mut Vec<Effect>) {
    if *state.draft.text() == *text {
        return;
    }
    state.good = None;
    apply(state, Event::Edit(Edit::Replace(text.to_owned())), effects);
    effects.push(Effect::Tell("Undo restores what was here".to_owned()));
}

/// The text may be another one: it is kept, drawn and made anew.
fn edited(state: &mut State, changed: bool, effects: &mut Vec<Effect>) {
    redraw(state, effects);
    if changed {
        keep(state, effects);
        make(state, effects);
    }
}

fn keep(state: &mut State, effects: &mut Vec<Effect>) {
    state.elsewhere = None;
    effects.push(Effect::KeepText(kept_name(state.digest.as_deref()), state.draft.text().to_string()));
}

fn show(state: &mut State, open: Option<usize>, effects: &mut Vec<Effect>) {
    if state.draft.open() != open {
        state.look.search.clear();
        state.look.changed_only = false;
    }
    state.draft.show(open);
    redraw(state, effects);
}

/// Draws the forms anew, and asks for base charts that are named and were not read yet.
fn redraw(state: &mut State, effects: &mut Vec<Effect>) {
    let nothing = Bases::default();
    state.draft.redraw(state.bases.shown().unwrap_or(&nothing));
    if let Load::Ready(bases) = &mut state.bases {
        let used = used(&state.draft, bases);
        effects.extend(bases.ask(used).into_iter().map(|base| Effect::Read(Box::new(base))));
    }
}

/// The places of the base charts that a descriptor names.
fn used(draft: &Draft, bases: &Bases) -> Vec<usize> {
    let own = draft.components().iter().filter_map(|component| component.template.as_ref());
    own.chain(draft.template()).filter_map(|template| bases.find(template)).collect()
}

/// What is made of the descriptor now.
fn subject(state: &State) -> Subject {
    let nothing = Bases::default();
    let bases = state.bases.shown().unwrap_or(&nothing);
    let mut places = used(&state.draft, bases);
    places.sort_unstable();
    places.dedup();
    let read = places.into_iter().filter_map(|place| bases.0.get(place)).filter(|base| base.read.shown().is_some());
    let charts =
        read.map(|base| (base.chart.wanted.clone(), base.chart.digest.clone(), base.chart.revision.clone())).collect();
    Subject { text: state.draft.text(), charts }
}

/// Asks for what comes of the descriptor, as soon as everything that it needs is there.
fn make(state: &mut State, effects: &mut Vec<Effect>) {
    if !state.restored || state.bases.is_loading() {
        return;
    }
    state.number += 1;
    state.made = std::mem::take(&mut state.made).again();
    if let Load::Ready(bases) = &state.bases
        && used(&state.draft, bases).iter().any(|place| bases.0.get(*place).is_some_and(|base| base.read.is_loading()))
    {
        return;
    }
    effects.push(Effect::Make(state.number, subject(state), state.platform));
}

fn download(state: &mut State, what: What, effects: &mut Vec<Effect>) {
    match what {
        What::Descriptor => {
            let bytes = Rc::new(state.draft.text().as_bytes().to_vec());
            effects.push(Effect::Download("descriptor.yaml".to_owned(), "application/yaml", bytes));
        }
        What::Chart => {
            if let Load::Ready(made) = &state.made
                && !made.archive.is_empty()
            {
                let name = made.archive_name.clone();
                effects.push(Effect::Download(name, "application/gzip", made.archive.clone()));
            }
        }
        What::Flux | What::Argocd | What::All => {
            if state.options.missing(what).is_some() {
                return;
            }
            state.look.dialog = Some(Dialog::Export { what, busy: true, problems: Vec::new(), trouble: None });
            effects.push(Effect::Export(what, subject(state), Box::new(state.options.clone())));
        }
    }
}

fn exported(
    state: &mut State,
    result: Result<Vec<contract::Problem>, crate::load::Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(Dialog::Export { busy, problems, trouble, .. }) = &mut state.look.dialog else { return };
    *busy = false;
    match result {
        Ok(found) if found.is_empty() => {
            state.look.dialog = None;
            effects.push(Effect::Tell("Downloaded the files".to_owned()));
        }
        // The dialog has what to know about them; the form has done its work.
        Ok(found) => {
            *problems = found;
            effects.push(Effect::Focus("export-done".to_owned()));
        }
        Err(found) => *trouble = Some(found),
    }
}

/// The component that a path is in.
fn component_of(path: &str) -> Option<usize> {
    let path: chartwright_values::Path = path.parse().ok()?;
    let [_, _, chartwright_values::Step::Index(index), ..] = path.steps() else { return None };
    draft::component(*index).contains(&path).then_some(*index)
}

/// What a new component is called, after its base chart.
fn component_name(base: &str) -> &str {
    let name = base.strip_suffix("base").unwrap_or(base).trim_end_matches(['-', '_']);
    let plain = name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    if name.is_empty() || name == "module" || !plain { "component" } else { name }
}

/// How many problems a check found, and whether one is an error.
pub(super) fn problem_count(state: &State) -> (usize, bool) {
    let problems = state.made.shown().map(|made| made.problems.as_slice()).unwrap_or_default();
    (problems.len(), problems.iter().any(|problem| problem.severity == Severity::Error))
}

#[cfg(test)]
mod tests;
