//! What may stand at the cursor.

use std::rc::Rc;

use super::Position;
use super::context::{Part, context};
use crate::form::FormSource;
use crate::model::Model;
use crate::path::Path;
use crate::schema::View;
use crate::value::{Map, Type, Value};
use crate::yaml;

/// What may be put in at a cursor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completion {
    /// The column, in characters, from which on what is typed is replaced.
    pub from: usize,
    /// What may stand there; the best first.
    pub suggestions: Vec<Suggestion>,
}

/// What may stand at a cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What to show.
    pub label: Rc<str>,
    /// What to put in.
    pub insert: String,
    /// The type or the default, in short.
    pub detail: String,
    /// What it is for.
    pub help: Rc<str>,
    /// What it is.
    pub kind: SuggestionKind,
}

/// What a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuggestionKind {
    /// A key.
    Key,
    /// One of the values that are allowed.
    Choice,
    /// The default or an example.
    Sample,
}

/// So many suggestions are made at most.
const MOST: usize = 100;

impl Model {
    /// What may stand at a place of the override: keys and values of schema and defaults.
    pub fn complete(&self, source: &FormSource, at: Position) -> Completion {
        let found = context(self.text(), at.line, at.column);
        let view = source.schema.as_ref().map(|schema| schema.root().at(&found.path, self.values_with_all()));
        let typed = found.typed.to_ascii_lowercase();
        let mut suggestions = match found.part {
            Part::Nothing => Vec::new(),
            Part::Key => self.key_suggestions(source, &found.path, view.as_ref(), &typed),
            Part::Value => self.value_suggestions(source, &found.path, view.as_ref()),
        };
        // What starts with it first, then what has it anywhere.
        suggestions.retain(|s| s.label.to_ascii_lowercase().contains(&typed) && s.insert != found.typed);
        let (mut suggestions, others): (Vec<_>, Vec<_>) =
            suggestions.into_iter().partition(|s| s.label.to_ascii_lowercase().starts_with(&typed));
        suggestions.extend(others);
        suggestions.truncate(MOST);
        Completion { from: found.from, suggestions }
    }

    fn key_suggestions(
        &self,
        source: &FormSource,
        map: &Path,
        view: Option<&View<'_>>,
        typed: &str,
    ) -> Vec<Suggestion> {
        let below = self.values_below().get(map).and_then(Value::as_map);
        let present = self.values().get(map).and_then(Value::as_map);
        let view = view.map(|view| view.chosen(self.values_with_all().get(map)));
        let mut keys: Vec<Rc<str>> = below.into_iter().flat_map(|map| map.keys().cloned()).collect();
        let nulls = self.defaults().get(map).and_then(Value::as_map);
        let is_new = |maps: &[Option<&Map>], key: &str| maps.iter().flatten().all(|map| map.get(key).is_none());
        keys.extend(nulls.into_iter().flat_map(Map::keys).filter(|key| is_new(&[below], key)).cloned());
        keys.extend(view.iter().flat_map(View::keys).filter(|key| is_new(&[below, nulls], key)));
        keys.retain(|key| is_new(&[present], key) && key.to_ascii_lowercase().contains(typed));
        keys.truncate(MOST * 4);
        keys.iter()
            .map(|key| {
                let path = map.key(key);
                let hover = self.help(source, &path);
                let default = hover.default.as_ref();
                let kind = hover.types.first().copied().or(default.map(Value::kind));
                let tail = match kind {
                    Some(Type::Map | Type::List) => ":",
                    _ => ": ",
                };
                let detail = match (default, kind) {
                    (Some(value), _) if value.is_scalar() => format!("default: {}", value.shown()),
                    (_, Some(kind)) => kind.name().to_owned(),
                    _ => String::new(),
                };
                Suggestion {
                    label: key.clone(),
                    insert: format!("{}{tail}", yaml::write_key(key, false)),
                    detail,
                    help: hover.help,
                    kind: SuggestionKind::Key,
                }
            })
            .collect()
    }

    fn value_suggestions(&self, source: &FormSource, path: &Path, view: Option<&View<'_>>) -> Vec<Suggestion> {
        let hover = self.help(source, path);
        let mut out: Vec<Suggestion> = Vec::new();
        let mut add = |value: &Value, kind, detail: &str| {
            let insert = yaml::scalar(value, false);
            if value.is_scalar() && !out.iter().any(|s| s.insert == insert) {
                let label = Rc::from(insert.as_str());
                out.push(Suggestion { label, insert, detail: detail.to_owned(), help: "".into(), kind });
            }
        };
        for choice in &hover.choices {
            let is_default = hover.default.as_ref() == Some(choice);
            add(choice, SuggestionKind::Choice, if is_default { "default" } else { "" });
        }
        if hover.types == [Type::Bool] || (hover.choices.is_empty() && matches!(hover.default, Some(Value::Bool(_)))) {
            add(&Value::Bool(true), SuggestionKind::Choice, "");
            add(&Value::Bool(false), SuggestionKind::Choice, "");
        }
        if hover.choices.is_empty() {
            if let Some(default) =
                hover.default.as_ref().filter(|v| !matches!(v, Value::Null) && **v != Value::from(""))
            {
                add(default, SuggestionKind::Sample, "default");
            }
            for example in view.iter().flat_map(|view| view.examples()) {
                add(&example, SuggestionKind::Sample, "example");
            }
        }
        out
    }
}
