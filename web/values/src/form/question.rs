//! Questions as groups and fields.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::draw::{Pen, choices, is_changed};
use super::here::Here;
use super::{Field, Form, Group, Item, Kind};
use crate::path::Path;
use crate::pattern::Pattern;
use crate::questions::{Question, QuestionKind, Questions};
use crate::schema::{Problem, Schema, Unit, View};
use crate::value::{Number, Type, Value};

/// Draws the questions that show, in their groups, and keeps their paths from being drawn once more.
pub(super) fn draw(pen: &mut Pen<'_>, questions: &Questions, schema: &Schema, form: &mut Form) {
    let mut groups: Vec<(Rc<str>, Vec<Item>)> = Vec::new();
    let mut suggested: BTreeMap<&Path, &Value> = BTreeMap::new();
    for question in questions.all() {
        if let Some(default) = &question.default {
            suggested.entry(&question.path).or_insert(default);
        }
    }
    // The value of a path as text: the effective one, else what its question suggests.
    let text = |path: &Path| {
        let value = pen.model.values_with_all().get(path).filter(|v| **v != Value::Null);
        value.or_else(|| suggested.get(path).copied()).map(Value::shown)
    };
    let mut all = Vec::new();
    find_shown(&questions.list, "", true, &text, &mut all);
    // Charts ask the same in several places, of which conditions let one show.
    let shown: BTreeSet<&Path> = all.iter().filter(|(.., shows)| *shows).map(|(question, ..)| &question.path).collect();
    let mut times: BTreeMap<&Path, usize> = BTreeMap::new();
    for (question, group, is_visible) in &all {
        let mut field = field(pen, question, schema);
        let time = times.entry(&question.path).or_insert(0);
        *time += 1;
        if *time > 1 {
            field.key = format!("{}#{time}", field.key).into();
        }
        field.is_visible = *is_visible;
        if *is_visible {
            match groups.iter_mut().find(|(name, _)| name == group) {
                Some((_, items)) => items.push(Item::Field(Box::new(field))),
                None => groups.push((group.clone(), vec![Item::Field(Box::new(field))])),
            }
        } else if field.is_changed && *time == 1 && !shown.contains(&question.path) {
            form.hidden.push(field);
        }
        // Lists are shown whole, whatever questions ask about their items.
        if question.path.steps().iter().all(|step| step.key().is_some()) {
            pen.skip.push(question.path.clone());
        }
    }
    for (name, items) in groups {
        let mut group = Group::of(format!("question:{name}").into(), None, name, "".into(), items);
        group.is_question = true;
        form.items.push(Item::Group(group));
    }
}

/// All questions, with their groups, and whether they show.
fn find_shown<'q>(
    list: &'q [Question],
    group: &str,
    parent_shows: bool,
    text: &dyn Fn(&Path) -> Option<String>,
    out: &mut Vec<(&'q Question, Rc<str>, bool)>,
) {
    for question in list {
        let group: Rc<str> = match (&*question.group, group) {
            ("", "") => "General".into(),
            ("", group) => group.into(),
            (own, _) => own.into(),
        };
        let shows = parent_shows && question.show_if.as_ref().is_none_or(|condition| condition.holds(text));
        out.push((question, group.clone(), shows));
        let answer = text(&question.path).unwrap_or_default();
        let opens = question.show_subquestion_if.iter().any(|wanted| **wanted == *answer);
        find_shown(&question.subquestions, &group, shows && opens, text, out);
    }
}

fn field(pen: &mut Pen<'_>, question: &Question, schema: &Schema) -> Field {
    let view = schema.root().at(&question.path, pen.model.values_with_all());
    let here = Here::at(pen.model, &question.path);
    let mut field = pen.field(&question.path, &here, &view, question.is_required);
    field.key = format!("question:{}", question.path).into();
    if !question.label.is_empty() {
        field.label = question.label.clone();
    }
    if !question.help.is_empty() {
        field.help = question.help.clone();
    }
    if let (true, Some(default)) = (field.placeholder.is_empty() || field.value.is_none(), &question.default) {
        field.placeholder = default.shown().into();
    }
    field.stays = true;
    let value = field.value.clone().filter(|v| *v != Value::Null);
    field.kind = kind(pen, question, value.as_ref(), &view);
    let asks_for_collection =
        matches!(question.kind, QuestionKind::List | QuestionKind::ListOfMaps | QuestionKind::Map);
    // Maps, and lists of them, are drawn as if nobody asked.
    if field.kind == Kind::Yaml && asks_for_collection {
        let here = Here::at(pen.model, &question.path);
        field.kind = match pen.item(&question.path, &here, &view, question.is_required, 0) {
            Item::Field(drawn) => match (drawn.kind, question.kind) {
                (Kind::List { items, adding, min, max, .. }, QuestionKind::ListOfMaps) => {
                    Kind::List { items, adding, new: Value::empty_map(), others: Vec::new(), min, max }
                }
                (Kind::Text { .. }, QuestionKind::ListOfMaps) if value.is_none() => {
                    let items: Vec<Item> = pen.new_item(&question.path, &here, &view, 0).into_iter().collect();
                    let adding = !items.is_empty();
                    Kind::List { items, adding, new: Value::empty_map(), others: Vec::new(), min: None, max: None }
                }
                (Kind::Text { .. }, QuestionKind::Map) if value.is_none() => {
                    Kind::Map { entries: Vec::new(), new: Value::from(""), others: Vec::new() }
                }
                (kind, _) => kind,
            },
            Item::Group(group) => Kind::Map { entries: group.items, new: Value::from(""), others: Vec::new() },
        };
    }
    pen.keep_typed(&mut field);
    field.is_secret = matches!(field.kind, Kind::Password) || pen.secrets.is_secret(&question.path);
    let is_empty = value.as_ref().is_none_or(|v| *v == Value::from("") || v.is_empty_collection());
    if field.problem.is_none() || field.problem == Some(Problem::Missing) {
        let suggestion = question.default.is_some() && value.is_none();
        field.problem = match value {
            _ if question.is_required && is_empty && !suggestion => Some(Problem::Missing),
            Some(value) if field.is_changed && !is_empty => problem(question, &value),
            _ => None,
        };
    }
    field
}

fn kind(pen: &Pen<'_>, question: &Question, value: Option<&Value>, view: &View<'_>) -> Kind {
    // What has another nature than the question thinks is shown as it is.
    let expected = match question.kind {
        QuestionKind::List | QuestionKind::ListOfMaps => Type::List,
        QuestionKind::Map => Type::Map,
        _ => Type::Text,
    };
    match value {
        Some(Value::List(_)) if expected != Type::List => return Kind::Yaml,
        Some(Value::Map(_)) if expected != Type::Map => return Kind::Yaml,
        Some(value) if expected != Type::Text && value.is_scalar() => return Kind::Yaml,
        _ => {}
    }
    // A chart that has the text "true" gets text back.
    let is_text = matches!(value.or(question.default.as_ref()), Some(Value::Text(_)));
    let text = |format: &str| Kind::Text { format: Some(format.into()), is_loose: false };
    let number = |is_integer| Kind::Number {
        is_integer,
        min: question.min.as_ref().map(Number::value),
        max: question.max.as_ref().map(Number::value),
    };
    match question.kind {
        _ if !question.options.is_empty()
            && !matches!(question.kind, QuestionKind::List | QuestionKind::ListOfMaps) =>
        {
            let like_value = |option: &Value| match (value, option) {
                (Some(Value::Text(_)), option) => Value::from(&*option.shown()),
                _ => option.clone(),
            };
            Kind::Choice { options: choices(question.options.iter().map(like_value)) }
        }
        QuestionKind::Boolean => Kind::Boolean { is_text: is_text && value.is_some() },
        QuestionKind::Integer => number(true),
        QuestionKind::Number => number(false),
        QuestionKind::Multiline => Kind::Multiline,
        QuestionKind::Password => Kind::Password,
        QuestionKind::Quantity => Kind::Quantity { is_text: !view.types().has(Type::Integer) },
        QuestionKind::Hostname => text("hostname"),
        QuestionKind::StorageClass => text("storageclass"),
        QuestionKind::Claim => text("pvc"),
        QuestionKind::Secret => text("secret"),
        QuestionKind::List => list(pen, question, value),
        QuestionKind::Map | QuestionKind::ListOfMaps => Kind::Yaml,
        QuestionKind::Choice | QuestionKind::Text => Kind::Text { format: None, is_loose: false },
    }
}

/// A list of texts; of anything else, YAML.
fn list(pen: &Pen<'_>, question: &Question, value: Option<&Value>) -> Kind {
    let items = value.and_then(Value::as_list).unwrap_or_default();
    if !items.iter().all(Value::is_scalar) {
        return Kind::Yaml;
    }
    let adding = pen.state.new_item(&question.path, items.len()).is_some();
    let all = items.iter().map(Some).chain(adding.then_some(None));
    let items = all.enumerate().map(|(i, item)| {
        let path = question.path.index(i);
        let here = Here::at(pen.model, &path);
        Item::Field(Box::new(Field {
            key: format!("question:{path}").into(),
            label: format!("Item {}", i + 1).into(),
            kind: match &*question.options {
                [] => Kind::Text { format: None, is_loose: item.is_some_and(|item| item.as_text().is_none()) },
                options => Kind::Choice { options: choices(options.iter().cloned()) },
            },
            value: item.cloned(),
            default: here.below.cloned(),
            is_changed: item.is_some() && is_changed(&path, &here),
            is_visible: true,
            path,
            ..Field::default()
        }))
    });
    Kind::List { items: items.collect(), adding, new: Value::from(""), others: Vec::new(), min: None, max: None }
}

/// What is wrong with an answer.
fn problem(question: &Question, value: &Value) -> Option<Problem> {
    let text = value.shown();
    if matches!(question.kind, QuestionKind::Integer | QuestionKind::Number) {
        let Some(n) = Number::new(&text) else { return Some(Problem::NotANumber) };
        if question.kind == QuestionKind::Integer && !n.is_integer() {
            return Some(Problem::NotWhole);
        }
        let (min, max) = (question.min.clone(), question.max.clone());
        let too_small = min.filter(|min| n.value() < min.value()).map(|min| Problem::TooSmall(min, false));
        return too_small.or(max.filter(|max| n.value() > max.value()).map(|max| Problem::TooLarge(max, false)));
    }
    if !value.is_scalar() {
        return None;
    }
    if !question.options.is_empty() && !question.options.iter().any(|option| option.shown() == text) {
        return Some(Problem::NotAChoice);
    }
    let length = text.chars().count();
    if let Some(min) = question.min_length.filter(|min| length < *min) {
        return Some(Problem::TooShort(min, Unit::Characters));
    }
    if let Some(max) = question.max_length.filter(|max| length > *max) {
        return Some(Problem::TooLong(max, Unit::Characters));
    }
    let class = |class: &Rc<str>, pattern: String, wanted: bool| {
        let matches = Pattern::new(&pattern).matches(&text)?;
        let problem = if wanted { Problem::Characters } else { Problem::NotCharacters };
        (matches != wanted).then(|| problem(class.clone()))
    };
    let valid = question.valid_chars.as_ref().and_then(|c| class(c, format!("^(?:{})*$", bracketed(c)), true));
    valid.or_else(|| question.invalid_chars.as_ref().and_then(|c| class(c, bracketed(c), false)))
}

/// A class of characters as a pattern, be it written with brackets or without.
fn bracketed(class: &str) -> String {
    if class.starts_with(['[', '(', '\\', '^']) { class.to_owned() } else { format!("[{class}]") }
}
