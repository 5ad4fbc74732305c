//! The values that a person edits, as the page holds them: the model, the form that is drawn from it, and the help for
//! the place of the caret.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use chartwright_kit::{EditorMark, Suggestion};
use chartwright_values::{
    Form, FormSource, FormState, Model, Path, Questions, Refused, Schema, Secrets, Snapshot, Value, Version,
    VersionNote, compare_versions,
};
use contract::Problem;

use super::findings::Finding;
use super::layers;
use super::open::Opened;
use crate::form::{self, Edit};
use crate::load::Trouble;

/// So many keys that stand twice are told one by one.
const MOST_REPEATED: usize = 50;

/// The values of an open module.
pub struct Values {
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
            let value = hover.effective.value.as_ref().map(Value::shown);
            if let Some(value) = value {
                text.push_str(&format!(" = {value} ({})", hover.effective.origin.name()));
            }
            // What is the same in several places was not decided anywhere.
            if let Some(loser) =
                hover.effective.losers.iter().find(|loser| Some(&loser.value) != hover.effective.value.as_ref())
            {
                text.push_str(&format!(", in place of {} ({})", loser.value.shown(), loser.origin.name()));
            }
            if let Some(line) = hover.help.lines().next().filter(|line| !line.is_empty()) {
                text.push_str(" · ");
                text.push_str(line);
            }
            text.into()
        });
    }

    /// What the engine found wrong belongs to the fields that it names.
    pub fn engine_says(&mut self, trouble: Option<&Trouble>, problems: &[Problem]) {
        let refused = trouble.map(|trouble| self.refused_values(&trouble.what, &Path::default())).unwrap_or_default();
        let made = problems.iter().flat_map(|problem| self.findings(problem));
        let of_value = |finding: Finding| Some((finding.path?, finding.what.into()));
        let mut found: Vec<(Path, Rc<str>)> = refused.into_iter().chain(made).filter_map(of_value).collect();
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

    /// The paths of fields with a text that is no value of theirs, and what is wrong with it: it does not count.
    pub fn held(&self) -> Vec<(String, String)> {
        if !self.known.holds_any() {
            return Vec::new();
        }
        let form = self.form();
        let fields = form.fields().into_iter().filter(|field| field.typed.is_some());
        fields.filter_map(|field| Some((field.path.to_string(), field.problem.as_ref()?.to_string()))).collect()
    }

    /// Whether there is something to undo, and to redo.
    pub fn history(&self) -> (bool, bool) {
        (self.model.can_undo(), self.model.can_redo())
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

    /// The override without secrets: what is kept on this machine, and what links carry. Comments and order stay.
    pub fn kept_text(&self) -> String {
        let secrets = Secrets::new(self.source.schema.as_deref(), self.source.questions.as_deref());
        if self.model.error().is_some() {
            return self.model.text_without_secrets(&secrets);
        }
        let mut copy = self.model.clone();
        let all = secrets.paths_in(self.model.values()).iter().rev().all(|path| unset_whole(&mut copy, path));
        if all { copy.text_without_secrets(&secrets) } else { self.model.text_without_secrets(&secrets) }
    }

    /// Whether the override has secrets, which are not kept.
    pub fn has_secrets(&self) -> bool {
        !self.secret_paths().is_empty()
    }

    /// Where the override has secrets.
    pub fn secret_paths(&self) -> Vec<Path> {
        let secrets = Secrets::new(self.source.schema.as_deref(), self.source.questions.as_deref());
        secrets.paths_in(self.model.values())
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
        let path: Path = path.parse().ok()?;
        let effective = self.model.effective(&path);
        let value = self.in_words(&path, &effective.value?);
        Some(format!("{value} ({})", effective.origin.name()))
    }

    /// A value in words; one that is a secret stays hidden.
    pub fn in_words(&self, path: &Path, value: &Value) -> String {
        let secrets = Secrets::new(self.source.schema.as_deref(), self.source.questions.as_deref());
        if secrets.is_secret(path) { "hidden".to_owned() } else { value.shown() }
    }
}

/// Unsets a value, and the maps around it that have nothing else. Whether that worked.
fn unset_whole(model: &mut Model, path: &Path) -> bool {
    if model.unset(path).is_err() {
        return false;
    }
    let parent = path.split_last().map(|(parent, _)| parent).filter(|parent| !parent.is_empty());
    match parent {
        Some(parent) if model.values().get(&parent).is_some_and(Value::is_empty_collection) => {
            unset_whole(model, &parent)
        }
        _ => true,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use chartwright_protocol::ChartInfo;

    use super::super::layers::Below;
    use super::super::open::Source;
    use super::*;

    pub(crate) fn opened(values: &str, schema: Option<&str>) -> Opened {
        let chart = ChartInfo {
            name: "shop".into(),
            version: "1.0.0".into(),
            values: values.to_owned(),
            schema: schema.map(str::to_owned),
            ..ChartInfo::default()
        };
        Opened {
            title: "Shop".into(),
            version: "1.0.0".into(),
            file: "shop-1.0.0.tgz".into(),
            module: None,
            chart: Rc::new(chart),
            below: Below::default(),
            bases: Vec::new(),
            source: Source::Chart,
            problems: Vec::new(),
            archive: Rc::default(),
            draft: "draft:shop@1.0.0".into(),
        }
    }

    #[test]
    fn form_and_text_are_one() {
        let mut values = Values::new(&opened("image:\n  tag: a\nport: 80\n", None), "# mine\nport: 81\n");
        assert!(values.edit(Edit::Set("image.tag".parse().unwrap(), Value::from("b"))));
        assert_eq!(&*values.text(), "# mine\nport: 81\nimage:\n  tag: b\n");
        assert_eq!(values.shown("image.tag").as_deref(), Some("b (yours)"));
        assert!(values.edit(Edit::Set("db.password".parse().unwrap(), Value::from("hunter2"))));
        assert_eq!(values.shown("db.password").as_deref(), Some("hidden (yours)"));
        assert!(values.edit(Edit::Undo));
        assert!(values.edit(Edit::Unset("image.tag".parse().unwrap())));
        assert!(values.edit(Edit::Undo));
        assert_eq!(values.changes(), 2);
    }

    #[test]
    fn what_was_kept_is_no_step_and_a_reset_is_one() {
        let mut values = Values::new(&opened("replicas: 1\n", None), "replicas: 4\n");
        assert_eq!(values.history(), (false, false));
        assert!(values.edit(Edit::Reset));
        assert!(values.edit(Edit::Undo));
        assert_eq!((&*values.text(), values.history()), ("replicas: 4\n", (false, true)));
        // Neither is part of what is typed before and after.
        values.edit(Edit::Text("replicas: 5\n".into()));
        values.edit(Edit::Replace("replicas: 6\n".into()));
        values.edit(Edit::Text("replicas: 7\n".into()));
        for text in ["replicas: 6\n", "replicas: 5\n", "replicas: 4\n"] {
            values.edit(Edit::Undo);
            assert_eq!(&*values.text(), text);
        }
    }

    #[test]
    fn half_typed_text_stays_and_says_so() {
        let mut values = Values::new(&opened("a: 1\n", None), "");
        assert!(values.edit(Edit::Text("a: [".into())));
        assert!(values.broken().is_some());
        assert_eq!((&*values.text(), values.marks().len()), ("a: [", 1));
        values.edit(Edit::Set("a".parse().unwrap(), Value::from(2)));
        assert!(values.notice().is_some());
        assert_eq!(&*values.text(), "a: [");
    }

    #[test]
    fn secrets_are_not_kept() {
        let values =
            Values::new(&opened("db: {password: x, user: y}\n", None), "# top\ndb:\n  password: hunter2\n  user: me\n");
        assert_eq!(values.kept_text(), "# top\ndb:\n  user: me\n");
        let alone = Values::new(&opened("", None), "admin:\n  password: hunter2\nport: 1\n");
        assert_eq!(alone.kept_text(), "port: 1\n");
        let broken = Values::new(&opened("", None), "password: hunter2\n- [\n");
        assert!(!broken.kept_text().contains("hunter2"));
    }

    #[test]
    fn messages_of_schemas_belong_to_fields() {
        let mut values = Values::new(&opened("image: {tag: a}\n", None), "image:\n  tag: 5\n");
        let trouble = Trouble::new(
            "values don't meet the specifications of the schema(s)\nshop:\n- at '/image/tag': got number, want string",
        );
        values.engine_says(Some(&trouble), &[]);
        assert_eq!(values.marks().first().map(|mark| mark.line), Some(2));
    }
}
