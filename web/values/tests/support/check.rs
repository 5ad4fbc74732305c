//! What an edit of a form must do, on an empty override and on one that a person wrote.

use std::collections::BTreeMap;

use chartwright_values::{Field, Form, FormSource, FormState, Kind, Model, Path, Refused, Step, Value, parse, to_text};

use super::Chart;

/// What a person does in a field.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    /// What is set then.
    pub(crate) path: Path,
    pub(crate) value: Value,
    verb: Verb,
}

#[derive(Clone, Copy, Debug)]
enum Verb {
    Set,
    AddKey,
    Insert(usize),
}

impl Action {
    /// What a person might do in a field; `turn` varies it.
    pub(crate) fn of(field: &Field, turn: usize) -> Option<Action> {
        let typed = |text: &str| match field.enter(text) {
            Ok(Some(value)) => Some(value),
            other => panic!("{}: {text:?} gives {other:?}", field.path),
        };
        let (path, verb, value) = match &field.kind {
            Kind::Text { .. } => {
                let texts = ["changed: yes", "web", "0755", "true", "a #b", "1.20", " é", "nginx:1.27", "~", "[x]"];
                (field.path.clone(), Verb::Set, typed(texts[turn % texts.len()])?)
            }
            Kind::Multiline => (field.path.clone(), Verb::Set, typed(["one\ntwo: [\n", "one", "a\n\n  b"][turn % 3])?),
            Kind::Password => (field.path.clone(), Verb::Set, typed("0123")?),
            Kind::Number { .. } => (field.path.clone(), Verb::Set, typed(["7", "0755", "1e3"][turn % 3])?),
            Kind::Boolean { .. } => {
                let is_on = matches!(field.value.as_ref().map(Value::shown).as_deref(), Some("true"));
                (field.path.clone(), Verb::Set, typed(if is_on { "false" } else { "true" })?)
            }
            Kind::Choice { options } => (field.path.clone(), Verb::Set, typed(&options.last()?.id())?),
            Kind::Quantity { .. } => (field.path.clone(), Verb::Set, typed(["250m", "2", "8Gi"][turn % 3])?),
            Kind::Yaml => (field.path.clone(), Verb::Set, typed("{a: [1, {b: c}]}")?),
            Kind::List { items, new, .. } => (field.path.index(items.len()), Verb::Insert(items.len()), new.clone()),
            Kind::Map { new, .. } => (field.path.key("some.key/of-mine"), Verb::AddKey, new.clone()),
            Kind::Variants { starts, .. } => (field.path.clone(), Verb::Set, starts.last()?.clone()),
        };
        Some(Action { path, value, verb })
    }

    pub(crate) fn run(&self, model: &mut Model) -> Result<(), Refused> {
        match (self.verb, self.path.split_last()) {
            (Verb::AddKey, Some((map, Step::Key(key)))) => model.add_key(&map, key, self.value.clone()),
            (Verb::Insert(index), Some((list, _))) => model.insert_item(&list, index, self.value.clone()),
            _ => model.set(&self.path, self.value.clone()),
        }
    }

    /// What is replaced as a whole: lists are.
    pub(crate) fn place(&self) -> Path {
        let steps = self.path.steps();
        self.path.prefix(steps.iter().position(|s| matches!(s, Step::Index(_))).unwrap_or(steps.len()))
    }

    /// The override's values after it.
    pub(crate) fn expected(&self, model: &Model) -> Value {
        let place = self.place();
        let list = match (model.values().get(&place), model.values_with_all().get(&place)) {
            (Some(own @ Value::List(_)), _) => own.clone(),
            (_, Some(all)) if place != self.path => all.clone(),
            _ if place != self.path => parse("[]").unwrap(),
            _ => Value::Null,
        };
        let rest = self.path.steps().get(place.len()..).unwrap_or_default();
        model.values().with(place.steps(), list.with(rest, self.value.clone()))
    }
}

/// How much was checked.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) charts: usize,
    pub(crate) schemas: usize,
    pub(crate) questions: usize,
    pub(crate) fields: usize,
    pub(crate) most_fields: usize,
    pub(crate) edits: usize,
    /// Edits of overrides that are as long as the chart's own values, with all their comments.
    pub(crate) in_written: usize,
    pub(crate) entangled: usize,
    pub(crate) kinds: BTreeMap<String, usize>,
}

impl Tally {
    /// Draws a chart's form, and edits every so many of its fields.
    pub(crate) fn check(&mut self, chart: &Chart, every: impl Fn(usize) -> usize) {
        let model = Model::new(&chart.values).unwrap_or_else(|e| panic!("{}: {e}", chart.name));
        let source = chart.source();
        let form = Form::draw(&model, &source, &FormState::default());
        assert_eq!(Form::draw(&model, &source, &FormState::default()), form, "{}: is drawn the same", chart.name);
        assert!(form.hidden.is_empty() && form.unknown.is_empty(), "{}: {:?}", chart.name, form.unknown);
        assert!(form.items.is_empty() <= model.defaults().is_empty_collection(), "{}: is not drawn", chart.name);
        self.charts += 1;
        self.schemas += usize::from(chart.schema.is_some());
        self.questions += usize::from(chart.questions.is_some());
        let fields = form.fields();
        self.fields += fields.len();
        self.most_fields = self.most_fields.max(fields.len());
        let mut keys: Vec<_> = fields.iter().map(|f| &f.key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), fields.len(), "{}: keys are there once", chart.name);
        let mut written = model.clone();
        // A text in `|` that ends without a line break would get one when something is written behind it.
        written.set_text(&format!("{}\n", chart.values.trim_end_matches('\n')));
        let every = every(fields.len()).max(1);
        for (turn, field) in fields.iter().enumerate() {
            *self.kinds.entry(kind(field)).or_insert(0) += 1;
            if turn % every == 0
                && let Some(action) = Action::of(field, turn / every)
            {
                self.edits += 1;
                let what = format!("{}: {:?} of {}", chart.name, action, field.key);
                on_empty(&what, &model, &source, field, &action);
                // Each edit of a long text takes its time.
                if chart.values.len() < 20_000 || (turn / every).is_multiple_of(4) {
                    self.on_written(&what, &written, &action);
                }
            }
        }
    }

    /// The same edit where a person wrote the chart's own values, comments and all, as their override.
    fn on_written(&mut self, what: &str, written: &Model, action: &Action) {
        let mut edited = written.clone();
        match action.run(&mut edited) {
            Ok(()) => {}
            Err(Refused::Entangled(_)) if written.text().contains(['&', '*']) => {
                self.entangled += 1;
                return;
            }
            Err(e) => panic!("{what}: {e}"),
        }
        self.in_written += 1;
        assert_eq!(*edited.values(), action.expected(written), "{what}\n{}", edited.text());
        if edited.text() == written.text() {
            return;
        }
        // Aliases of what changes are written out.
        if !written.text().contains(": *") {
            only_its_lines(what, written, &edited, &action.path);
        }
        let mut reset = edited.clone();
        match reset.unset(&action.path) {
            Ok(()) if action.place() == action.path => assert_eq!(reset.values().get(&action.path), None, "{what}"),
            Ok(()) => {}
            Err(Refused::Entangled(_)) if written.text().contains(['&', '*']) => self.entangled += 1,
            Err(e) => panic!("{what}: reset: {e}"),
        }
        assert!(edited.undo(), "{what}");
        assert_eq!(edited.text(), written.text(), "{what}: undo");
    }
}

fn kind(field: &Field) -> String {
    match &field.kind {
        Kind::Text { is_loose: true, .. } => "Anything".to_owned(),
        Kind::Boolean { is_text: true } => "Boolean as text".to_owned(),
        kind => format!("{kind:?}").split([' ', '{']).next().unwrap_or_default().to_owned(),
    }
}

fn on_empty(what: &str, model: &Model, source: &FormSource, field: &Field, action: &Action) {
    let mut edited = model.clone();
    action.run(&mut edited).unwrap_or_else(|e| panic!("{what}: {e}"));
    // What a person would write: that path alone, in blocks.
    let expected = action.expected(model);
    assert_eq!(edited.text(), to_text(&expected), "{what}");
    assert_eq!(parse(edited.text()).as_ref(), Ok(&expected), "{what}");
    if !edited.text().contains('|') {
        let in_flow = |line: &&str| {
            let value = line.rsplit_once(": ").map_or(line.trim_start_matches([' ', '-']), |(_, value)| value);
            value.starts_with(['{', '[']) && !matches!(value, "{}" | "[]")
        };
        assert_eq!(edited.text().lines().find(in_flow), None, "{what}\n{}", edited.text());
    }
    let place = edited.place_of(&action.path).unwrap_or_else(|| panic!("{what}: no place"));
    assert!(action.path.contains(&edited.path_at(place.value)), "{what}");
    // The form shows it.
    assert!(has(edited.values_with_all().get(&action.path), &action.value), "{what}");
    let mut state = FormState::default();
    if let Kind::Variants { starts, .. } = &field.kind {
        state.picked.push((field.path.clone(), starts.len() - 1));
    }
    let form = Form::draw(&edited, source, &state);
    match form.fields().into_iter().find(|f| f.path == action.path) {
        Some(shown) => {
            assert!(has(shown.value.as_ref(), &action.value), "{what}: shows {:?}", shown.value);
            assert!(shown.is_changed || field.value.as_ref() == Some(&action.value), "{what}");
        }
        None => assert!(
            matches!(action.value, Value::Map(_)) || matches!(action.verb, Verb::Insert(_)),
            "{what}: is not shown"
        ),
    }
    // What a schema has no place for is said to be so.
    assert!(form.unknown.iter().all(|path| action.path.contains(path) && source.schema.is_some()), "{what}");
    // Undo and reset take out exactly it.
    let text = edited.text().to_owned();
    assert!(edited.undo() && edited.text().is_empty(), "{what}: undo");
    assert!(edited.redo() && edited.text() == text, "{what}: redo");
    edited.unset(&action.path).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(edited.text(), "", "{what}: reset");
}

/// Whether a value that is in effect is one that was set: maps have what is below them as well.
fn has(value: Option<&Value>, set: &Value) -> bool {
    match (value, set) {
        (value, Value::Null) => value.is_none_or(|v| *v == Value::Null),
        (Some(Value::Map(map)), Value::Map(set)) => set.iter().all(|(key, set)| has(map.get(key), set)),
        (value, set) => value == Some(set),
    }
}

/// Asserts that only lines of one value differ, and that comments behind it stay.
fn only_its_lines(what: &str, old: &Model, new: &Model, path: &Path) {
    let (before, after): (Vec<_>, Vec<_>) = (old.text().lines().collect(), new.text().lines().collect());
    let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let most = before.len().min(after.len()) - start;
    let end = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let (removed, added) = (&before[start..before.len() - end], &after[start..after.len() - end]);
    let at = (0..=path.len()).rev().find(|len| old.values().get(&path.prefix(*len)).is_some()).unwrap_or(0);
    let place = old.place_of(&path.prefix(at));
    let value = old.values().get(&path.prefix(at));
    let is_empty = value.is_none_or(|v| v.is_scalar() || v.is_empty_collection());
    let in_flow = place.is_some_and(|p| {
        let line = before.get(p.value.line).copied().unwrap_or_default();
        let text: String = line.chars().skip(p.value.column).collect();
        text.starts_with(['{', '[']) || line.contains(['{', '['])
    });
    let may_change = at == path.len() || is_empty || in_flow;
    if let (true, Some(place)) = (may_change, place) {
        let lines = place.start.line..=place.end.line;
        let inside = removed.is_empty() || (lines.contains(&start) && start + removed.len() <= place.end.line + 1);
        assert!(
            inside,
            "{what}: lines {lines:?}, but changed from {start}\n- {}\n+ {}",
            removed.join("\n- "),
            added.join("\n+ ")
        );
    } else {
        assert_eq!(removed, [""; 0], "{what}");
    }
    // A comment behind a value stays there.
    if let (Some(Value::Bool(_) | Value::Number(_)), [line, ..]) = (value, removed)
        && let Some((_, comment)) = line.split_once(" #")
    {
        assert!(added.iter().any(|line| line.contains(comment)), "{what}: {line}");
    }
}

/// An override in which every field that shows is set, one after the other as a person goes through the form; switches
/// are turned on.
pub(crate) fn all_set(chart: &Chart) -> Model {
    let mut model = Model::new(&chart.values).unwrap();
    let source = chart.source();
    let mut done: Vec<String> = Vec::new();
    loop {
        let form = Form::draw(&model, &source, &FormState::default());
        let is_open = |field: &&Field| {
            let is_plain = !matches!(field.kind, Kind::Variants { .. } | Kind::Yaml) && !field.is_read_only;
            is_plain && !done.contains(&field.path.to_string())
        };
        let Some(field) = form.fields().into_iter().find(is_open).cloned() else { return model };
        done.push(field.path.to_string());
        let is_on = matches!(field.kind, Kind::Boolean { .. }) && field.shown() == "true";
        if let Some(action) = Action::of(&field, done.len()).filter(|_| !is_on && done.len() < 200) {
            action.run(&mut model).unwrap_or_else(|e| panic!("{}: {action:?}: {e}", chart.name));
            assert_eq!(model.error(), None);
        }
    }
}
