//! Draws forms from schema, defaults and comments together.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::here::Here;
use super::infer::{hinted, is_quantity_field, label};
use super::unknown::unknown;
use super::{Choice, Field, Form, FormSource, FormState, Group, Item, Kind};
use super::{known, question};
use crate::docs::Note;
use crate::model::{Model, Origin};
use crate::path::{Path, Step};
use crate::schema::{Problem, Schema, ShapeId, View};
use crate::secrets::{Secrets, is_secret_name};
use crate::value::{Type, Value};

/// Deeper values are edited as YAML.
const MAX_DEPTH: usize = 14;
/// Maps with more keys are edited as YAML, even where their keys are known.
pub(super) const MAX_KEYS: usize = 1500;
/// Among more values nobody chooses in a list.
const MAX_CHOICES: usize = 1000;
/// Beyond so many fields, what is left is edited as YAML.
const MAX_FIELDS: usize = 8000;

pub(super) fn draw(model: &Model, source: &FormSource, state: &FormState) -> Form {
    let (nothing, kubernetes) = (Rc::new(Schema::any()), known::schema());
    let schema = source.schema.as_ref().unwrap_or(&nothing);
    let mut pen = Pen {
        model,
        state,
        secrets: Secrets::new(source.schema.as_deref(), source.questions.as_deref()),
        kubernetes: &kubernetes,
        left: MAX_FIELDS,
        skip: Vec::new(),
        hidden: Vec::new(),
        demanded: true,
        adding: false,
        above: Vec::new(),
    };
    let mut form = Form { disabled: model.error().cloned(), is_split: model.is_split(), ..Form::default() };
    if let Some(questions) = &source.questions {
        question::draw(&mut pen, questions, schema, &mut form);
    }
    let (top, view) = (Here::top(model), schema.root().chosen(Some(model.values_with_all())));
    if top.maps().any(|map| map.len() > MAX_KEYS) || view.has_more_keys(MAX_KEYS) {
        form.items.push(pen.yaml(&Path::root(), &top, &view, false));
        return form;
    }
    let top = pen.map_items(&Path::root(), &top, &view);
    let rest = if source.questions.is_some() { "More settings" } else { "General" };
    form.items.extend(sectioned(&pen, top, rest));
    form.hidden.append(&mut pen.hidden);
    form.unknown = unknown(model, schema, source.questions.as_deref());
    form
}

/// The items at the top in groups: by the author's sections, else maps by themselves and all else under a heading.
fn sectioned(pen: &Pen<'_>, items: Vec<Item>, rest: &str) -> Vec<Item> {
    let mut groups: Vec<(Option<Rc<str>>, Vec<Item>)> = Vec::new();
    let mut out = Vec::new();
    for item in items {
        let key = item.path().and_then(|path| path.steps().first()).and_then(Step::key).unwrap_or_default();
        let section = pen.model.docs().section(key).cloned();
        if section.is_none() && matches!(item, Item::Group(_)) {
            out.push(item);
            continue;
        }
        match groups.iter_mut().find(|(name, _)| *name == section) {
            Some((_, items)) => items.push(item),
            None => groups.push((section, vec![item])),
        }
    }
    let headings = groups.into_iter().map(|(section, items)| {
        let name = section.unwrap_or_else(|| rest.into());
        Item::Group(Group::of(format!("section:{name}").into(), None, name, "".into(), items))
    });
    headings.chain(out).collect()
}

/// What draws.
pub(super) struct Pen<'m> {
    pub(super) model: &'m Model,
    pub(super) state: &'m FormState,
    pub(super) secrets: Secrets<'m>,
    /// What is known of maps that charts hand through to Kubernetes.
    pub(super) kubernetes: &'m Schema,
    left: usize,
    /// Paths that have a field already.
    pub(super) skip: Vec<Path>,
    /// Fields that the schema hides, and that the override sets.
    hidden: Vec<Field>,
    /// Whether the map that is being drawn is there or must be: only then, a key that it needs is missing.
    pub(super) demanded: bool,
    /// Whether it is within an item that is being added, and that nobody has set therefore.
    pub(super) adding: bool,
    /// The shapes of the maps around the place that is being drawn.
    pub(super) above: Vec<ShapeId>,
}

impl<'m> Pen<'m> {
    pub(super) fn note(&self, path: &Path) -> Option<&'m Note> {
        self.model.docs().note(path)
    }

    /// A field with all that does not depend on how it is edited.
    pub(super) fn field(&self, path: &Path, here: &Here<'m>, view: &View<'_>, is_required: bool) -> Field {
        let note = self.note(path);
        let value = here.value.cloned();
        let default = here.below.cloned();
        let is_changed = is_changed(path, here);
        let has_layers = !self.model.layers().is_empty();
        let origin = match (has_layers, here.is_set, &value) {
            _ if self.adding => Origin::Unset,
            (true, _, _) => self.model.origin(path),
            (false, true, _) => Origin::Override,
            (false, false, Some(_)) => Origin::Default,
            (false, false, None) => Origin::Unset,
        };
        let default_origin = match (&default, &origin) {
            (None, _) => Origin::Unset,
            (Some(_), Origin::Override) if has_layers => {
                self.model.effective(path).losers.first().map_or(Origin::Default, |loser| loser.origin.clone())
            }
            (Some(_), Origin::Override) => Origin::Default,
            (Some(_), origin) => origin.clone(),
        };
        let key: Rc<str> = path.to_string().into();
        let placeholder = match view.default().filter(|v| v.is_scalar() && **v != Value::Null) {
            Some(value) => value.shown().into(),
            None => match note.and_then(|n| n.default.clone()) {
                Some(text) => text,
                None => view.examples().first().map_or("".into(), |v| v.shown().into()),
            },
        };
        let mut field = Field {
            key,
            label: view.title().unwrap_or_else(|| self.label(path, here)),
            help: view.help().or_else(|| note.map(|n| n.help.clone())).unwrap_or_default(),
            example: note.map(|n| n.example.clone()).unwrap_or_default(),
            kind: Kind::Yaml,
            default,
            default_origin,
            placeholder,
            origin,
            is_changed,
            typed: None,
            problem: None,
            is_required,
            is_read_only: view.any_shape(|s| s.read_only),
            is_deprecated: view.any_shape(|s| s.deprecated) || is_deprecated(note),
            is_secret: false,
            is_removable: false,
            is_removed: false,
            is_visible: true,
            stays: false,
            path: path.clone(),
            value,
        };
        let touched = field.is_changed || matches!(field.origin, Origin::Layer(_));
        field.problem = match &field.value {
            None if is_required && self.demanded => Some(Problem::Missing),
            Some(value) if touched && *value != Value::Null => view.problem(value),
            Some(value) if touched => view.problem(value).filter(|_| !view.is_empty()),
            _ => None,
        };
        if let (Some(Value::Number(number)), true, None) = (&field.value, touched, &field.problem) {
            // Where the chart has a text, what is written is meant, be it a version or a mode of files.
            let is_text = matches!(field.default, Some(Value::Text(_)));
            let read_as = number.rounded().or_else(|| number.respelled().filter(|_| is_text));
            field.problem = read_as.map(|n| Problem::ReadAs(n.into()));
        }
        if let Some((_, problem)) = self.state.problems.iter().find(|(at, _)| at == path) {
            field.problem = Some(problem.clone());
        }
        field
    }

    fn label(&self, path: &Path, here: &Here<'m>) -> Rc<str> {
        match path.last() {
            Some(Step::Key(key)) => label(key),
            Some(Step::Index(index)) => Pen::item_label(here, *index),
            None => "Values".into(),
        }
    }

    /// An item by its name, if it has one.
    fn item_label(here: &Here<'m>, index: usize) -> Rc<str> {
        let map = here.value.and_then(Value::as_map);
        let name = map.and_then(|map| {
            let names = ["name", "key", "host", "hostname", "secretName", "path", "mountPath"];
            names.iter().find_map(|name| map.get(name).and_then(Value::as_text).filter(|text| !text.is_empty()))
        });
        name.map_or_else(|| format!("Item {}", index + 1).into(), Rc::from)
    }

    /// The keys of a map as items.
    pub(super) fn map_items(&mut self, path: &Path, here: &Here<'m>, view: &View<'_>) -> Vec<Item> {
        let mut keys: Vec<Rc<str>> = Vec::new();
        // In an order that no edit changes. A key that a null took away has a field still: that is how it comes back.
        here.raw.and_then(Value::as_map).into_iter().for_each(|map| add_keys(&mut keys, map.keys()));
        add_keys(&mut keys, view.keys().iter());
        if view.keys().is_empty() {
            here.like.and_then(Value::as_map).into_iter().for_each(|map| add_keys(&mut keys, map.keys()));
        }
        here.maps().for_each(|map| add_keys(&mut keys, map.keys()));
        here.own.and_then(Value::as_map).into_iter().for_each(|map| add_keys(&mut keys, map.keys()));
        let named = view.keys();
        let is_known = |key: &Rc<str>| {
            named.contains(key) || [here.raw, here.like].into_iter().flatten().any(|map| has_key(map, key))
        };
        // Keys that the schema lets a person name stand together below those that it names.
        let further = view.any_property().filter(|_| !named.is_empty());
        let is_further = |key: &Rc<str>| further.is_some() && !is_known(key);
        let outer = self.above.len();
        self.above.extend(view.ids());
        let demanded = (self.demanded || here.value.is_some()) && !self.adding;
        let before = self.demanded;
        let mut items = Vec::with_capacity(keys.len());
        for key in keys.iter().filter(|key| !is_further(key)) {
            let (path, here) = (path.key(key), here.key(key));
            let is_internal = self.note(&path).is_some_and(|note| note.is_internal) && !here.is_set;
            if is_internal || self.skip.contains(&path) {
                continue;
            }
            let inner = view.property(key);
            if here.value.is_none() && inner.any_shape(|shape| shape.nothing) {
                continue;
            }
            self.demanded = demanded && view.is_required(key);
            let mut item = match further.is_some() && !view.is_required(key) {
                true => self.entry(&path, &here, &inner, true),
                false => self.item(&path, &here, &inner, view.is_required(key), 0),
            };
            let values = self.model.values_with_all();
            if inner.any_shape(|shape| shape.hidden.as_ref().is_some_and(|hidden| hidden.holds(values))) {
                self.hide(item);
                continue;
            }
            if let Item::Field(field) = &mut item {
                field.stays = is_known(key);
            }
            // A map of which all keys have a field elsewhere is not shown once more.
            if !matches!(&item, Item::Group(group) if group.items.is_empty()) {
                items.push(item);
            }
        }
        self.demanded = before;
        self.above.truncate(outer);
        if let Some(inner) = &further {
            items.push(self.further(path, here, view, inner, keys.iter().filter(|key| is_further(key))));
        }
        items
    }

    /// An entry of a map whose keys a person names: it can be taken out, and a key that the schema does not name stays as
    /// it is typed.
    pub(super) fn entry(&mut self, path: &Path, here: &Here<'m>, view: &View<'_>, is_named: bool) -> Item {
        let is_below = here.below.is_some_and(|value| *value != Value::Null);
        let is_removable = is_below && path.steps().iter().all(|step| step.key().is_some());
        let is_removed = is_removable && here.own == Some(&Value::Null);
        let mut item = match is_removed {
            true => self.yaml(path, here, view, false),
            false => self.item(path, here, view, false, 0),
        };
        let typed = || path.last_key().map(Rc::from).unwrap_or_default();
        match &mut item {
            Item::Field(field) => {
                (field.is_removable, field.is_removed) = (is_removable, is_removed);
                if !is_named {
                    field.label = typed();
                }
            }
            Item::Group(group) if !is_named => group.label = typed(),
            Item::Group(_) => {}
        }
        item
    }

    /// Keeps what the override sets in an item that does not show.
    fn hide(&mut self, item: Item) {
        match item {
            Item::Group(group) => group.items.into_iter().for_each(|item| self.hide(item)),
            Item::Field(field) if field.is_changed => self.hidden.push(Field { is_visible: false, ..*field }),
            Item::Field(_) => {}
        }
    }

    /// One value, after so many of the sets of branches in its view have been decided.
    pub(super) fn item(
        &mut self,
        path: &Path,
        here: &Here<'m>,
        view: &View<'_>,
        is_required: bool,
        decided: usize,
    ) -> Item {
        let value = here.value;
        let view = &view.resolved(value);
        self.left = self.left.saturating_sub(1);
        // A shape that contains itself goes on only as far as there are values.
        let repeats = value.is_none() && view.ids().iter().any(|id| self.above.contains(id));
        if path.len() > MAX_DEPTH || self.left == 0 || repeats {
            return self.yaml(path, here, view, is_required);
        }
        if let Some(known) = self.known(path, here, view, is_required) {
            return known;
        }
        if let Some(branches) = view.branches().get(decided) {
            return self.branches(path, here, view, branches, is_required, decided);
        }
        let is_list = |choices: &Vec<Value>| choices.len() <= MAX_CHOICES && choices.iter().all(Value::is_scalar);
        if let Some(choices) = view.choices().filter(is_list) {
            return self.choice(path, here, view, is_required, &choices);
        }
        if view.types().list().is_empty() {
            // Only null, or nothing at all.
            return self.yaml(path, here, view, is_required);
        }
        let told = self.kind(path, here, view);
        let named = if view.types().is_any() { Vec::new() } else { view.types().list() };
        let is_collection = |kind: &Type| matches!(kind, Type::List | Type::Map);
        if told.is_none() && value.is_none_or(|value| *value == Value::Null) && named.iter().any(is_collection) {
            // A line of text would decide for a person that it is no list and no map.
            return self.yaml(path, here, view, is_required);
        }
        let kind = told;
        // What has another nature than it should have is shown as it is.
        let nature = |kind: Type| match kind {
            Type::Map => 2,
            Type::List => 1,
            _ => 0,
        };
        match value {
            Some(value) if *value != Value::Null && kind.map_or(0, nature) != nature(value.kind()) => {
                return self.yaml(path, here, view, is_required);
            }
            _ => {}
        }
        match kind {
            Some(Type::Map) => self.map(path, here, view, is_required),
            Some(Type::List) => self.list(path, here, view, is_required),
            kind => {
                let kind = self.scalar(path, here, view, kind);
                self.done(path, here, view, is_required, kind)
            }
        }
    }

    /// One of several scalars.
    fn choice(&self, path: &Path, here: &Here<'m>, view: &View<'_>, is_required: bool, choices: &[Value]) -> Item {
        // Beside the only boolean that may be, null is no choice of its own.
        let only = match choices {
            [only @ Value::Bool(_)] | [only @ Value::Bool(_), Value::Null] | [Value::Null, only @ Value::Bool(_)] => {
                Some(only)
            }
            _ => None,
        };
        let kind = match only.is_some() || choices.iter().all(|choice| matches!(choice, Value::Bool(_))) {
            true => Kind::Boolean { is_text: false },
            false => Kind::Choice { options: with_null(self::choices(choices.iter().cloned()), path, here) },
        };
        let mut item = self.done(path, here, view, is_required, kind);
        // It shows what it is; a click would only break it.
        if let (Item::Field(field), Some(only)) = (&mut item, only)
            && !field.is_changed
            && field.value.as_ref().map_or(!is_required, |value| value == only)
        {
            field.is_read_only = true;
        }
        item
    }

    /// The type that a field is for: from the schema if that leaves one, else from the value; `None` if nothing tells.
    fn kind(&self, path: &Path, here: &Here<'m>, view: &View<'_>) -> Option<Type> {
        let types = view.types();
        let named = types.list();
        if let ([one], false) = (&*named, types.is_any()) {
            return Some(*one);
        }
        let fits = |value: &&Value| types.has(value.kind());
        let present = here.value.filter(|v| **v != Value::Null).filter(fits);
        let scalars = |types: &[Type]| types.iter().all(|t| !matches!(t, Type::List | Type::Map));
        if !types.is_any() && scalars(&named) {
            return None;
        }
        if let Some(kind) = present.or_else(|| here.sample().filter(fits)).map(Value::kind) {
            return Some(kind);
        }
        if !view.keys().is_empty() {
            return Some(Type::Map);
        }
        if !view.item(0).is_empty() {
            return Some(Type::List);
        }
        let hint = self.note(path).and_then(|note| note.type_hint.as_deref()).and_then(hinted);
        hint.filter(|kind| types.has(*kind))
    }

    pub(super) fn done(&self, path: &Path, here: &Here<'m>, view: &View<'_>, is_required: bool, kind: Kind) -> Item {
        let mut field = self.field(path, here, view, is_required);
        field.is_secret = matches!(kind, Kind::Password)
            || self.secrets.is_asked_or_named(path)
            || view.format().as_deref() == Some("password")
            || view.any_shape(|s| s.write_only);
        field.kind = kind;
        self.keep_typed(&mut field);
        // Of all that may be said of such a text, this says most.
        if let (Kind::Quantity { .. }, Some(Value::Text(text)), None, true) =
            (&field.kind, &field.value, &field.typed, field.is_changed)
            && !text.is_empty()
            && !crate::schema::is_quantity(text)
        {
            field.problem = Some(Problem::Quantity);
        }
        Item::Field(Box::new(field))
    }

    /// What was typed into a field and is no value of its kind stays there, until it is one.
    pub(super) fn keep_typed(&self, field: &mut Field) {
        if let Some(text) = self.state.typed(&field.path, field.value.as_ref())
            && let Err(problem) = field.enter(text)
        {
            (field.typed, field.problem) = (Some(text.clone()), Some(problem));
        }
    }

    pub(super) fn yaml(&self, path: &Path, here: &Here<'m>, view: &View<'_>, is_required: bool) -> Item {
        self.done(path, here, view, is_required, Kind::Yaml)
    }

    pub(super) fn scalar(&self, path: &Path, here: &Here<'m>, view: &View<'_>, kind: Option<Type>) -> Kind {
        let sample = here.sample();
        let format = view.format();
        let only_text = !view.types().has(Type::Integer);
        let secret = format.as_deref() == Some("password")
            || view.any_shape(|s| s.write_only)
            || path.last_key().is_some_and(is_secret_name);
        let text = |kind: Option<Type>| matches!(kind, Some(Type::Text) | None);
        if text(kind) && secret && sample.is_none_or(|v| matches!(v, Value::Text(_))) {
            return Kind::Password;
        }
        // A name tells nothing where the schema says that it is a plain number.
        let may_be = kind != Some(Type::Bool) && (view.types().is_any() || view.types().has(Type::Text));
        if format.as_deref() == Some("quantity") || (may_be && is_quantity_field(path, sample)) {
            return Kind::Quantity { is_text: only_text };
        }
        match kind {
            Some(Type::Bool) => Kind::Boolean { is_text: false },
            Some(Type::Integer | Type::Number) => Kind::Number {
                is_integer: kind == Some(Type::Integer) && (!view.types().has(Type::Number)),
                min: view.minimum().map(|(n, _)| n.value()),
                max: view.maximum().map(|(n, _)| n.value()),
            },
            Some(Type::Text) => {
                let has_lines = |v: Option<&Value>| matches!(v, Some(Value::Text(t)) if t.contains('\n'));
                match has_lines(sample) || has_lines(here.value) || format.as_deref() == Some("multiline") {
                    true => Kind::Multiline,
                    // Without a schema, a text that is empty may be anything that a person types.
                    false => Kind::Text { format, is_loose: false },
                }
            }
            _ => Kind::Text { format, is_loose: true },
        }
    }

    pub(super) fn group(&self, path: &Path, here: &Here<'m>, view: &View<'_>, items: Vec<Item>) -> Group {
        let help = view.help().or_else(|| self.note(path).map(|note| note.help.clone())).unwrap_or_default();
        let label = view.title().unwrap_or_else(|| self.label(path, here));
        let mut group = Group::of(path.to_string().into(), Some(path.clone()), label, help, items);
        group.problems += usize::from(self.state.problems.iter().any(|(at, _)| at == path));
        group
    }
}

/// Adds the keys that are not there yet.
pub(super) fn add_keys<'k>(keys: &mut Vec<Rc<str>>, more: impl Iterator<Item = &'k Rc<str>>) {
    for key in more {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
}

fn has_key(value: &Value, key: &str) -> bool {
    value.as_map().is_some_and(|map| map.get(key).is_some())
}

/// Whether the override sets a value. What is in a list of the override is the override's, but only what differs is a
/// change.
pub(super) fn is_changed(path: &Path, here: &Here<'_>) -> bool {
    let in_list = path.steps().iter().any(|step| matches!(step, Step::Index(_)));
    here.is_set && (!in_list || here.value != here.below)
}

fn is_deprecated(note: Option<&Note>) -> bool {
    note.is_some_and(|note| note.help.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("deprecated")))
}

/// Values to choose from. Those that look alike, such as the number and the text `1`, are shown as YAML.
pub(super) fn choices(values: impl IntoIterator<Item = Value>) -> Vec<Choice> {
    let labelled = values.into_iter().map(|value| Choice { label: choice_label(&value), value });
    distinct(labelled.collect())
}

/// Choices with words for what null does: it takes away what is below, or leaves the value unset.
pub(super) fn with_null(mut options: Vec<Choice>, path: &Path, here: &Here<'_>) -> Vec<Choice> {
    let in_list = path.steps().iter().any(|step| matches!(step, Step::Index(_)));
    if let Some(null) = options.iter_mut().find(|option| option.value == Value::Null).filter(|_| !in_list) {
        null.label = match here.below {
            None | Some(Value::Null) => "null: not set".into(),
            Some(default) => format!("null: removes the default, {}", default.shown()).into(),
        };
    }
    options
}

/// Choices whose labels tell them apart.
pub(super) fn distinct(mut options: Vec<Choice>) -> Vec<Choice> {
    let mut labels: BTreeMap<Rc<str>, usize> = BTreeMap::new();
    options.iter().for_each(|option| *labels.entry(option.label.clone()).or_insert(0) += 1);
    for option in &mut options {
        if labels.get(&option.label).is_some_and(|times| *times > 1) {
            option.label = option.id().into();
        }
    }
    options
}

pub(super) fn choice_label(value: &Value) -> Rc<str> {
    match value {
        Value::Text(text) if text.is_empty() => "(empty)".into(),
        Value::Null => "(none)".into(),
        value => value.shown().into(),
    }
}
