//! Places in the override's text.

use std::rc::Rc;

use super::context::{Part, context};
use crate::form::FormSource;
use crate::model::{Effective, Model};
use crate::path::Path;
use crate::schema::View;
use crate::value::{Type, Value};
use crate::yaml::{self, Document, Kind, Node, Source};

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, counted from 0.
    pub line: usize,
    /// The column in characters, counted from 0.
    pub column: usize,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where its key starts, or the value itself if it is an item.
    pub start: Position,
    /// Where the value starts.
    pub value: Position,
    /// Where the value ends.
    pub end: Position,
}

/// Help for what is under a pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Hover {
    /// The value.
    pub path: Path,
    /// Its title in the schema, if it has one.
    pub title: Option<Rc<str>>,
    /// What it is for.
    pub help: Rc<str>,
    /// The types that it may have; empty if nothing is said.
    pub types: Vec<Type>,
    /// The values that it may have; empty if nothing is said.
    pub choices: Vec<Value>,
    /// The value as the chart gets it, who set it, and who lost.
    pub effective: Effective,
    /// What a reset goes back to.
    pub default: Option<Value>,
}

fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count();
    Position { line, column: before.get(line_start..).unwrap_or_default().chars().count() }
}

fn offset(text: &str, at: Position) -> usize {
    let mut start = 0;
    for (line, content) in text.split('\n').enumerate() {
        if line == at.line {
            return start + content.char_indices().nth(at.column).map_or(content.len(), |(i, _)| i);
        }
        start += content.len() + 1;
    }
    text.len()
}

impl Model {
    /// Where the override sets a path; `None` if it does not, or is not YAML.
    pub fn place_of(&self, path: &Path) -> Option<Place> {
        place_in(self.text(), path)
    }

    /// Where the defaults set a path.
    pub fn default_place_of(&self, path: &Path) -> Option<Place> {
        place_in(self.defaults_text(), path)
    }

    /// The path of what stands at a place of the override: of the innermost value. While the text is not YAML, its
    /// indentation tells.
    pub fn path_at(&self, at: Position) -> Path {
        let offset = offset(self.text(), at);
        let documents = yaml::documents(self.text()).unwrap_or_default();
        if let Some(document) = documents.iter().rfind(|document| document.start <= offset)
            && let Ok(source) = Source::parse(document.text)
        {
            let mut path = Path::root();
            if let Some(root) = &source.root {
                innermost(root, offset - document.start, &mut path);
            }
            if !path.is_empty() {
                return path;
            }
        }
        // To the end of the word that the place is in.
        let line = self.text().split('\n').nth(at.line).unwrap_or_default();
        let is_word = |c: &char| !c.is_whitespace() && !matches!(c, ':' | ',' | '[' | ']' | '{' | '}');
        let column = at.column + line.chars().skip(at.column).take_while(is_word).count();
        let found = context(self.text(), at.line, column);
        match found.part {
            Part::Key if !found.typed.is_empty() => found.path.key(found.typed.trim_end_matches(':')),
            _ => found.path,
        }
    }

    /// Help for a place of the override; `None` where nothing stands.
    pub fn hover(&self, source: &FormSource, at: Position) -> Option<Hover> {
        let path = self.path_at(at);
        (!path.is_empty()).then(|| self.help(source, &path))
    }

    /// Help for a path.
    pub fn help(&self, source: &FormSource, path: &Path) -> Hover {
        let note = self.docs().note(path).map(|note| note.help.clone());
        let mut hover = Hover {
            path: path.clone(),
            title: None,
            help: "".into(),
            types: Vec::new(),
            choices: Vec::new(),
            effective: self.effective(path),
            default: self.values_below().get(path).cloned(),
        };
        let fill = |hover: &mut Hover, view: View<'_>| {
            hover.title = view.title();
            hover.help = view.help().unwrap_or_default();
            hover.types = if view.types().is_any() { Vec::new() } else { view.types().list() };
            hover.choices = view.all_choices().unwrap_or_default();
        };
        if let Some(schema) = &source.schema {
            fill(&mut hover, schema.root().at(path, self.values_with_all()));
        }
        if let Some(question) = source.questions.as_ref().and_then(|q| q.all().into_iter().find(|q| q.path == *path)) {
            hover.title = Some(question.label.clone()).filter(|label| !label.is_empty()).or(hover.title);
            if hover.help.is_empty() {
                hover.help = question.help.clone();
            }
            if hover.choices.is_empty() {
                hover.choices = question.options.clone();
            }
        }
        if hover.help.is_empty() {
            hover.help = note.unwrap_or_default();
        }
        hover
    }
}

/// Where a text sets a path: in the last of its documents that does, which counts.
fn place_in(text: &str, path: &Path) -> Option<Place> {
    yaml::documents(text).ok()?.into_iter().rev().find_map(|document: Document<'_>| {
        let source = Source::parse(document.text).ok()?;
        let (entry, node) = source.find(path)?;
        let place = |offset: usize| position(text, document.start + offset);
        let start = entry.map_or(node.start, |entry| entry.start);
        Some(Place { start: place(start), value: place(node.start), end: place(node.end) })
    })
}

/// Goes down to the innermost value that has an offset in its key or in itself.
fn innermost(node: &Node, at: usize, path: &mut Path) {
    match &node.kind {
        Kind::Map { entries, .. } => {
            let holds = |e: &&crate::yaml::Entry| e.start <= at && at <= e.value.end.max(e.end);
            if let Some(entry) = entries.iter().rfind(holds).filter(|e| !e.is_merge) {
                *path = path.key(&entry.key);
                innermost(&entry.value, at, path);
            }
        }
        Kind::List { items, .. } => {
            if let Some(index) = items.iter().rposition(|item| item.start <= at && at <= item.end) {
                *path = path.index(index);
                if let Some(item) = items.get(index) {
                    innermost(item, at, path);
                }
            }
        }
        _ => {}
    }
}
