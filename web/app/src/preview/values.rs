//! The values that a person edits, as the page holds them: the model, the form that is drawn from it, and the help for
//! the place of the caret.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use chartwright_kit::{EditorMark, Suggestion};
use chartwright_protocol::RefusedField;
use chartwright_values::{
    Form, FormSource, FormState, Model, Path, Problem, Questions, Refused, Schema, Secrets, Snapshot, Value, Version,
    VersionNote, compare_versions,
};

use super::findings::{Finding, named};
use super::layers;
use super::open::Opened;
use crate::form::{self, Edit};
use crate::load::Trouble;
use crate::words::count;

/// So many keys that stand twice are told one by one.
const MOST_REPEATED: usize = 50;

/// The values of an open module.
pub struct Values {
    /// The name of the chart that they are for.
    chart: String,
    model: Model,
    source: FormSource,
    known: FormState,
    /// The form as it was drawn last, and whether something changed since: it is drawn when somebody looks.
    form: RefCell<Rc<Form>>,
    stale: Cell<bool>,
    /// Why the last edit was not made.
    refused: Option<String>,
    /// Lines of the override with something wrong.
    marks: Rc<[EditorMark]>,
    /// What may stand at the caret.
    suggestions: Rc<[Suggestion]>,
    /// What the value at the caret is.
    help: Option<Rc<str>>,
    /// What the module's own values or schema make impossible.
    warning: Option<String>,
}

/// A field of the form with something wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongField {
    /// What it sets.
    pub path: Path,
    /// What is wrong.
    pub what: String,
    /// What counts meanwhile, where what was typed does not.
    pub applies: Option<String>,
}

impl WrongField {
    /// What is wrong, in a sentence of its own.
    pub fn says(&self) -> String {
        named(&self.path, &self.what)
    }
}

impl Values {
    /// The values of a module, with an override.
    pub fn new(opened: &Opened, text: &str) -> Values {
        let chart = &opened.chart;
        let mut warning = None;
        let model = layers::model(opened).or_else(|error| {
            warning = Some(format!("the module's values.yaml cannot be read: {error}"));
            Model::new("")
        });
        let schema = chart.schema.as_deref().and_then(|text| match Schema::read(text) {
            Ok(schema) => Some(Rc::new(schema)),
            Err(error) => {
                warning = Some(format!("the module's schema cannot be read: {error}"));
                None
            }
        });
        let questions = chart.questions.as_deref().and_then(|text| match Questions::read(text) {
            Ok(questions) => Some(Rc::new(questions)),
            Err(error) => {
                warning = Some(format!("the module's questions cannot be read: {error}"));
                None
            }
        });
        let mut model = model.expect("an empty text is a chart without values");
        // What was kept is where a person starts: to undo it would lose it.
        model.restore(&Snapshot { text: text.to_owned(), ..Snapshot::default() });
        let mut values = Values {
            chart: chart.name.clone(),
            model,
            source: FormSource { schema, questions },
            known: FormState::default(),
            form: RefCell::default(),
            stale: Cell::new(true),
            refused: None,
            marks: Rc::default(),
            suggestions: Rc::default(),
            help: None,
            warning,
        };
        values.redraw();
        values
    }

    /// Changes them. Says whether the override is another one.
    pub fn edit(&mut self, edit: Edit) -> bool {
        let before = self.model.shared_text();
        if edit == Edit::Checkpoint {
            self.model.checkpoint();
            return false;
        }
        let result = edit.apply(&mut self.model, &mut self.known);
        self.refused = result.err().map(|error: Refused| error.to_string());
        self.redraw();
        *before != *self.model.text()
    }

    /// What it means for the override that the module has another version than the one that it was written for.
    pub fn advice(&self, old: &Opened) -> Vec<VersionNote> {
        let Ok(model) = layers::model(old) else { return Vec::new() };
        let schema = old.chart.schema.as_deref().and_then(|text| Schema::read(text).ok());
        let (before, now) = (model.all_below(), self.model.all_below());
        let old = Version { defaults: &before, schema: schema.as_ref() };
        let new = Version { defaults: &now, schema: self.source.schema.as_deref() };
        compare_versions(&self.model, old, new)
    }

    fn redraw(&mut self) {
        self.stale.set(true);
        let mut marks: Vec<EditorMark> = Vec::new();
        if let Some(error) = self.model.error() {
            let line = error.line.unwrap_or(1) as u32;
            marks.push(EditorMark { line, error: true, message: error.message.clone() });
        }
        for (line, message) in self.repeated() {
            marks.push(EditorMark { line, error: false, message });
        }
        for (path, message) in &self.known.problems {
            if let Some(place) = self.model.place_of(path) {
                marks.push(EditorMark { line: place.start.line as u32 + 1, error: true, message: message.to_string() });
            }
        }
        // The editor shows plain text: what is code elsewhere would stand in backticks.
        marks.iter_mut().for_each(|mark| mark.message = mark.message.replace('`', ""));
        if *marks != *self.marks {
            self.marks = marks.into();
        }
    }

    /// The lines of the override that do not count, since their key is repeated below, and what to say of them.
    pub fn repeated(&self) -> Vec<(u32, String)> {
        let repeated = self.model.repeated().iter().take(MOST_REPEATED);
        let says = repeated.map(|one| {
            (one.line as u32, format!("`{}` is repeated on line {}: the last one counts", one.key, one.again))
        });
        says.collect()
    }

    /// The caret is at a line and column, from 1: help follows it.
    pub fn caret(&mut self, line: u32, column: u32) {
        let at = form::position(line, column);
        self.suggestions = form::suggestions(&self.model, &self.source, at);
        self.help = self.model.hover(&self.source, at).map(|hover| {
            let mut text = hover.path.to_string();
            let value = &hover.effective.value;
            if let Some(Value::Map(map)) = value {
                text.push_str(&self.keys_in_words(&hover.path, map.len()));
            } else {
                if let Some(value) = value {
                    text.push_str(&format!(" = {} ({})", value.shown(), hover.effective.origin.name()));
                }
                // What is the same in several places was not decided anywhere.
                if let Some(loser) = hover.effective.losers.iter().find(|loser| Some(&loser.value) != value.as_ref()) {
                    text.push_str(&format!(", in place of {} ({})", loser.value.shown(), loser.origin.name()));
                }
            }
            if let Some(line) = hover.help.lines().next().filter(|line| !line.is_empty()) {
                text.push_str(" · ");
                text.push_str(line);
            }
            text.into()
        });
    }

    /// How many keys a map has, and how many of them each one sets: maps are merged.
    fn keys_in_words(&self, path: &Path, all: usize) -> String {
        let keys = |values: &Value| values.get(path).and_then(Value::as_map).map_or(0, |map| map.len());
        let layers = self.model.layers().iter().rev().map(|layer| (&*layer.name, keys(&layer.values)));
        let counts = std::iter::once(("yours", keys(self.model.values())))
            .chain(layers)
            .chain([("default", keys(self.model.defaults()))]);
        let counts: Vec<String> =
            counts.filter(|(_, keys)| *keys > 0).map(|(name, keys)| format!("{name}: {keys}")).collect();
        format!(": {}; {}", count(all, "key"), counts.join(", "))
    }

    /// What the engine found wrong belongs to the fields that it names.
    pub fn engine_says(&mut self, trouble: Option<&Trouble>, problems: &[contract::Problem], objects: &[RefusedField]) {
        let refused = trouble.map(|trouble| self.refused_values(&trouble.what, &Path::default())).unwrap_or_default();
        let made = problems.iter().flat_map(|problem| self.findings(problem));
        let made = made.chain(objects.iter().map(|one| self.finding_of(one)));
        let of_value = |finding: Finding| {
            let path = finding.path?;
            let says = Rc::from(finding.says.unwrap_or(finding.what));
            let problem = if finding.is_of_key { Problem::Key(says) } else { Problem::Engine(says) };
            Some((path, problem))
        };
        let mut found: Vec<(Path, Problem)> = refused.into_iter().chain(made).filter_map(of_value).collect();
        found.dedup();
        if found != self.known.problems {
            self.known.problems = found;
            self.redraw();
        }
    }

    /// A path as the model has it: steps into lists by their numbers.
    pub(super) fn resolve(&self, path: &Path) -> Path {
        self.model.resolve(path)
    }

    /// The value at a path, whoever set it.
    pub(super) fn value_at(&self, path: &Path) -> Option<&Value> {
        self.model.values_with_all().get(path)
    }

    /// The override as it is written.
    pub fn text(&self) -> Rc<str> {
        self.model.shared_text()
    }

    /// The values as the chart gets them, as YAML.
    pub fn merged(&self) -> Rc<str> {
        self.model.merged_text().into()
    }

    /// The form.
    pub fn form(&self) -> Rc<Form> {
        let mut form = self.form.borrow_mut();
        if self.stale.replace(false) {
            let drawn = Form::draw(&self.model, &self.source, &self.known);
            if drawn != **form {
                *form = Rc::new(drawn);
            }
        }
        Rc::clone(&form)
    }

    /// Lines with something wrong.
    pub fn marks(&self) -> Rc<[EditorMark]> {
        self.marks.clone()
    }

    /// What may stand at the caret.
    pub fn suggestions(&self) -> Rc<[Suggestion]> {
        self.suggestions.clone()
    }

    /// What the value at the caret is.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Why the last edit was not made, or what is wrong with the module's own values.
    pub fn notice(&self) -> Option<&str> {
        self.refused.as_deref().or(self.warning.as_deref())
    }

    /// The fields of the form with something wrong that no render tells: a text that is no value of its field, and an
    /// answer that a question does not take.
    pub fn wrong_fields(&self) -> Vec<WrongField> {
        if self.model.error().is_some() {
            return Vec::new();
        }
        let form = self.form();
        let mut wrong: Vec<WrongField> = Vec::new();
        for field in form.fields().into_iter().filter(|field| field.is_visible) {
            let Some(problem) = &field.problem else { continue };
            let is_told = match problem {
                _ if field.typed.is_some() => false,
                // What the engine says is listed as its own; what is read as something else is no mistake.
                _ if self.engine_refuses(&field.path) => true,
                Problem::Engine(_) | Problem::Key(_) | Problem::ReadAs(_) => true,
                // Of a schema, the engine says it as well, but of the map.
                Problem::Missing => !field.key.starts_with("question:"),
                _ => false,
            };
            let path = field.path.clone();
            if is_told || wrong.iter().any(|other| other.path == path) {
                continue;
            }
            let applies = field.typed.as_ref().map(|_| match &field.value {
                Some(value) => {
                    let value = self.in_words(&field.path, value);
                    let counts =
                        if self.engine_refuses(&field.path) { "stays, and is wrong as well" } else { "applies" };
                    format!("the previous value ({value}) {counts}")
                }
                None => "no value is set".to_owned(),
            });
            wrong.push(WrongField { path, what: problem.to_string(), applies });
        }
        wrong
    }

    /// Whether the engine found something wrong with the value of a path.
    fn engine_refuses(&self, path: &Path) -> bool {
        self.known.problems.iter().any(|(at, _)| at == path)
    }

    /// Whether there is something to undo, and to redo.
    pub fn history(&self) -> (bool, bool) {
        (self.model.can_undo() || self.known.holds_any(), self.model.can_redo())
    }

    /// How many values are set.
    pub fn changes(&self) -> usize {
        self.model.set_paths().len()
    }

    /// Why the override is not YAML, if it is not.
    pub fn broken(&self) -> Option<Trouble> {
        self.model.error().map(|error| {
            let place = error.line.map(|line| format!("your values, line {line}")).unwrap_or_default();
            let what = match error.is_yaml {
                true => format!("your {}", error.message),
                false => format!("your values are not YAML yet: {}", error.message),
            };
            Trouble::new(what).at(place)
        })
    }

    fn secrets(&self) -> Secrets<'_> {
        Secrets::new(self.source.schema.as_deref(), self.source.questions.as_deref())
    }

    /// The override without secrets: what is kept on this machine, and what links carry. Comments and order stay.
    pub fn kept_text(&self) -> String {
        self.model.text_without_secrets(&self.secrets())
    }

    /// The values of the override without secrets: those of its last text that was YAML.
    pub fn kept_values(&self) -> Value {
        self.model.values_without_secrets(&self.secrets())
    }

    /// Whether the override has secrets, which are not kept.
    pub fn has_secrets(&self) -> bool {
        !self.secret_paths().is_empty()
    }

    /// Where the override has secrets.
    pub fn secret_paths(&self) -> Vec<Path> {
        self.model.secret_paths(&self.secrets())
    }

    /// The same in words: a key that is a copy of a secret is not named.
    pub fn left_out(&self) -> BTreeSet<String> {
        let paths = self.secret_paths();
        let texts: Vec<String> =
            paths.iter().filter_map(|path| self.model.values().get(path)).map(Value::shown).collect();
        let is_open = |path: &Path| !texts.iter().any(|text| text.len() > 3 && path.to_string().contains(&**text));
        let named = |path: &Path| (0..=path.len()).rev().map(|len| path.prefix(len)).find(is_open);
        paths.iter().filter_map(named).map(|path| path.to_string()).collect()
    }

    /// Where the value of a path stands in the override: line and column, from 1.
    pub fn place_of(&self, path: &Path) -> Option<(u32, u32)> {
        let place = self.model.place_of(path)?;
        Some((place.start.line as u32 + 1, place.start.column as u32 + 1))
    }

    /// Where the override's text is broken, if it is: line and column, from 1.
    pub fn place_of_break(&self) -> Option<(u32, u32)> {
        self.model.error().map(|error| (error.line.unwrap_or(1) as u32, 1))
    }

    /// What a value is now, in a word, and who set it.
    pub fn shown(&self, path: &str) -> Option<String> {
        self.shown_at(&path.parse().ok()?)
    }

    /// The same, of a path that has been read.
    pub fn shown_at(&self, path: &Path) -> Option<String> {
        let effective = self.model.effective(path);
        let value = self.in_words(path, &effective.value?);
        let value = if value.is_empty() { "empty" } else { value.as_str() };
        Some(format!("{value} ({})", effective.origin.name()))
    }

    /// The values of the override that are this text or number.
    pub(super) fn set_to(&self, text: &str) -> Vec<Path> {
        let is_it = |path: &Path| self.model.values().get(path).is_some_and(|value| value.shown() == text);
        self.model.set_paths().into_iter().filter(is_it).collect()
    }

    /// The name of the chart.
    pub(super) fn chart(&self) -> &str {
        &self.chart
    }

    /// Where the override has a key of the same name as the last of a path.
    pub(super) fn keys_like(&self, path: &Path) -> Vec<Path> {
        let mut found: Vec<Path> = Vec::new();
        for one in self.model.set_paths() {
            for len in 1..=one.len() {
                let prefix = one.prefix(len);
                if prefix.last() == path.last() && !found.contains(&prefix) {
                    found.push(prefix);
                }
            }
        }
        found
    }

    /// Whether the form has a field for a path, or for something below it.
    pub fn has_field(&self, path: &Path) -> bool {
        self.form().fields().iter().any(|field| path.contains(&field.path))
    }

    /// A value in words; one that is a secret stays hidden.
    pub fn in_words(&self, path: &Path, value: &Value) -> String {
        if self.secrets().is_secret(path) || self.secret_paths().contains(path) {
            "hidden".to_owned()
        } else {
            value.shown()
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
