//! Changes of a text at a place.
//!
//! An edit has two readings: what it does to the values, and what it does to the text. The text is changed by cutting
//! and inserting, so that comments, order and spelling elsewhere stay; then it is read again. If that does not give
//! the values that were wanted, as with anchors and merges, what is around the place is written anew, no more of it
//! than has to be.

use super::anchors;
use super::list;
use super::map;
use super::source::{Kind, Node, Source};
use super::write::{block, flow, item_tail, scalar, tail};
use crate::path::{Path, Step};
use crate::value::{Map, Value};

/// A change of one place.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Another value for what is there.
    Replace(Path, Value),
    /// A new key of a map. It goes behind the last of the keys in `after` that is there, or before all; if there is no
    /// `after`, behind all.
    Add { map: Path, key: String, value: Value, after: Option<Vec<String>> },
    /// A new item before another, or behind the last.
    Insert { list: Path, index: usize, value: Value },
    /// A key or an item goes.
    Remove(Path),
    /// A key gets another name.
    Rename(Path, String),
    /// An item goes to where another is.
    Move { list: Path, from: usize, to: usize },
}

impl Edit {
    /// The collection in which something changes.
    fn around(&self) -> Path {
        match self {
            Edit::Add { map: path, .. } | Edit::Insert { list: path, .. } | Edit::Move { list: path, .. } => {
                path.clone()
            }
            Edit::Replace(path, _) | Edit::Remove(path) | Edit::Rename(path, _) => {
                path.split_last().map_or_else(Path::root, |(parent, _)| parent)
            }
        }
    }

    /// What changes.
    fn place(&self) -> &Path {
        match self {
            Edit::Replace(path, _) | Edit::Remove(path) | Edit::Rename(path, _) => path,
            Edit::Add { map: path, .. } | Edit::Insert { list: path, .. } | Edit::Move { list: path, .. } => path,
        }
    }

    /// The values after it.
    pub(crate) fn tree(&self, values: &Value) -> Value {
        match self {
            Edit::Replace(path, value) => values.with(path.steps(), value.clone()),
            Edit::Add { map, key, value, .. } => values.with(map.key(key).steps(), value.clone()),
            Edit::Remove(path) => values.without(path.steps()),
            Edit::Insert { list, index, value } => change_list(values, list, |items| {
                items.insert((*index).min(items.len()), value.clone());
            }),
            Edit::Move { list, from, to } => change_list(values, list, |items| {
                if *from < items.len() && *to < items.len() {
                    let item = items.remove(*from);
                    items.insert(*to, item);
                }
            }),
            Edit::Rename(path, name) => {
                let Some((parent, Step::Key(old))) = path.split_last() else { return values.clone() };
                let Some(Value::Map(map)) = values.get(&parent) else { return values.clone() };
                let renamed =
                    map.iter().map(|(k, v)| (if k == old { name.as_str().into() } else { k.clone() }, v.clone()));
                values.with(parent.steps(), Value::from(renamed.collect::<Map>()))
            }
        }
    }

    /// The text after it, if the place can be found and is written in a way that is known here.
    fn text(&self, source: &Source<'_>) -> Option<String> {
        match self {
            Edit::Replace(path, value) => apply_replace(source, path, value),
            Edit::Add { map, key, value, after } => map::add(source, map, key, value, after.as_deref()),
            Edit::Insert { list, index, value } => list::insert(source, list, *index, value),
            Edit::Remove(path) => match path.last()? {
                Step::Key(_) => remove_key(source, path),
                Step::Index(_) => list::remove(source, path),
            },
            Edit::Rename(path, name) => map::rename(source, path, name),
            Edit::Move { list, from, to } => list::shift(source, list, *from, *to),
        }
    }
}

/// Takes a key out, as often as it is written.
fn remove_key(source: &Source<'_>, path: &Path) -> Option<String> {
    let mut text = map::remove(source, path)?;
    loop {
        let next = Source::parse(&text).ok()?;
        if next.find(path).is_none() {
            break;
        }
        let less = map::remove(&next, path)?;
        text = less;
    }
    Some(text)
}

fn change_list(values: &Value, path: &Path, change: impl FnOnce(&mut Vec<Value>)) -> Value {
    let Some(Value::List(items)) = values.get(path) else { return values.clone() };
    let mut items = Vec::clone(items);
    change(&mut items);
    values.with(path.steps(), Value::from(items))
}

/// Changes a text. Gives the new text and its values; `None` if the change would cost comments elsewhere.
pub(crate) fn apply(text: &str, edit: &Edit) -> Option<(String, Value)> {
    let source = Source::parse(text).ok()?;
    let old = match source.value() {
        Value::Null => Value::empty_map(),
        old => old,
    };
    let want = edit.tree(&old);
    // The values of a text, in its order, if they are what was wanted.
    let gives = |text: String| {
        let values = super::parse_values(&text).ok().filter(|values| is_exact(values, &want))?;
        Some((text, values))
    };
    let comments = |text: &str| text.matches('#').count();
    let mut best = edit.text(&source).and_then(gives);
    if best.is_none()
        && let Some(text) = anchors::detached(&source, edit.place())
        && let Ok(source) = Source::parse(&text)
    {
        best = edit.text(&source).filter(|new| comments(new) >= comments(&text)).and_then(gives);
    }
    // What is around the place is written anew, further and further up, as long as no comment goes.
    let mut around = Some(edit.around());
    while best.is_none() {
        let Some(path) = around else { break };
        best = want
            .get(&path)
            .and_then(|value| apply_replace(&source, &path, value))
            .filter(|new| comments(new) >= comments(text))
            .and_then(gives);
        around = path.split_last().map(|(parent, _)| parent);
    }
    // A text whose lines end as on Windows stays such a one.
    best.map(|(new, values)| match text.matches('\n').count() {
        0 => (new, values),
        breaks if breaks == text.matches("\r\n").count() => (new.replace("\r\n", "\n").replace('\n', "\r\n"), values),
        _ => (new, values),
    })
}

/// Whether values are equal, and their numbers are written alike.
fn is_exact(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b && a.text() == b.text(),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| is_exact(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|other| is_exact(v, other)))
        }
        (a, b) => a == b,
    }
}

/// Where a value stands.
pub(crate) struct Place {
    /// Behind the `:` of its key or the `-` of its item.
    pub(crate) after: usize,
    /// Its node.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How far what is below it is indented.
    pub(crate) indent: usize,
    /// Whether it is an item.
    pub(crate) is_item: bool,
    /// Whether nothing is written there.
    pub(crate) is_missing: bool,
    /// Whether it is `|` or `>`.
    pub(crate) is_block_scalar: bool,
}

/// How a way down a document ends.
pub(crate) struct Found<'s> {
    pub(crate) node: &'s Node,
    /// Whether it stands in braces or brackets.
    pub(crate) in_flow: bool,
    /// Its place; none for the root and for what stands in flow collections.
    pub(crate) place: Option<Place>,
}

/// Goes down to a node. What an alias or a merge brings is not there.
pub(crate) fn find<'s>(source: &'s Source<'_>, path: &Path) -> Option<Found<'s>> {
    let mut found = Found { node: source.root.as_ref()?, in_flow: false, place: None };
    for step in path.steps() {
        let parent = found.node;
        let in_flow = found.in_flow || parent.is_flow();
        let (node, after, indent, is_item) = match (&parent.kind, step) {
            (Kind::Map { entries, .. }, Step::Key(key)) => {
                let entry = entries.iter().rev().find(|e| !e.is_merge && e.key == *key)?;
                let indent = column(source.text, entry.start) + 2;
                (&entry.value, map::colon(source.text, entry)? + 1, indent, false)
            }
            (Kind::List { items, .. }, Step::Index(index)) => {
                let node = items.get(*index)?;
                let dash = if in_flow { node.start } else { list::dash(source.text, parent, items, *index)? };
                (node, dash + 1, column(source.text, dash) + 2, true)
            }
            _ => return None,
        };
        let place = (!in_flow).then_some(Place {
            after,
            start: node.start,
            end: node.end,
            indent,
            is_item,
            is_missing: node.is_missing(),
            is_block_scalar: node.is_block_scalar,
        });
        found = Found { node, in_flow, place };
    }
    Some(found)
}

pub(crate) fn apply_replace(source: &Source<'_>, path: &Path, value: &Value) -> Option<String> {
    let text = source.text;
    if path.is_empty() {
        return replace_root(source, value);
    }
    let Some(found) = find(source, path) else {
        // A key that a merge brings is written out behind it.
        return match path.split_last()? {
            (map, Step::Key(key)) => map::add(source, &map, key, value, None),
            _ => None,
        };
    };
    let Some(place) = found.place else {
        let node = found.node;
        // A key without a value in braces has no place of its own.
        let gap = if node.is_missing() { " " } else { "" };
        return Some(splice(text, node.start, node.end, &format!("{gap}{}", flow(value))));
    };
    Some(place.replace(text, value))
}

impl Place {
    /// The text with another value here.
    pub(crate) fn replace(&self, text: &str, value: &Value) -> String {
        let (head, body) = if self.is_item { item_tail(value, self.indent) } else { tail(value, self.indent) };
        let (start, end) = if self.is_missing { (self.after, self.after) } else { (self.start, self.end) };
        let gap = text.get(self.after..start).unwrap_or_default();
        // Spaces with which a person lines values up stay.
        let spaces = if gap.is_empty() || gap.contains('\n') { " " } else { gap };
        let head = if head.is_empty() { head } else { format!("{spaces}{head}") };
        let body = if body.is_empty() { body } else { format!("\n{body}") };
        let (same_line, rest) = if gap.contains('\n') {
            // The old value starts below: what is on the line of the key stays.
            let line_end = line_end(text, self.after);
            (text.get(self.after..line_end).unwrap_or_default(), end)
        } else if self.is_block_scalar {
            let header = text.get(start..line_end(text, start)).unwrap_or_default();
            (header.find(" #").and_then(|i| header.get(i..)).unwrap_or_default(), end)
        } else {
            let line_end = line_end(text, end);
            (text.get(end..line_end).unwrap_or_default(), line_end)
        };
        // Without a head, spaces before a comment are those that were there.
        let same_line = same_line.trim_end_matches([' ', '\t']);
        let same_line = if same_line.trim_start() == same_line && !same_line.is_empty() {
            format!(" {same_line}")
        } else {
            same_line.to_owned()
        };
        let before = text.get(..self.after).unwrap_or_default();
        let behind = text.get(rest..).unwrap_or_default();
        let mut out = format!("{before}{head}{same_line}{body}");
        push_rest(&mut out, behind);
        out
    }
}

/// Adds what stands behind a change, which ended at the end of a line or in front of a comment.
fn push_rest(out: &mut String, behind: &str) {
    if behind.is_empty() {
        out.push('\n');
    }
    out.push_str(behind);
}

fn replace_root(source: &Source<'_>, value: &Value) -> Option<String> {
    let text = source.text;
    let is_empty = value.is_empty_collection();
    let body = if is_empty { scalar(value, false) } else { block(value, 0) };
    match &source.root {
        Some(root) if !root.is_missing() => {
            let line = line_start(text, root.start);
            if root.start != line {
                return None;
            }
            // An empty map at the top says nothing; comments around it do.
            let (body, end) = match is_empty {
                true if !root.is_flow() => (String::new(), (line_end(text, root.end) + 1).min(text.len())),
                _ => (body, root.end),
            };
            // What follows on the line is a comment.
            let rest = text.get(end..line_end(text, end)).unwrap_or_default();
            match rest.trim().is_empty() || !body.contains('\n') {
                true => Some(splice(text, root.start, end, &body)),
                false => Some(splice(text, root.start, line_end(text, end), &format!("{}\n{body}", rest.trim_start()))),
            }
        }
        _ if is_empty => Some(text.to_owned()),
        _ => {
            let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            Some(format!("{text}{gap}{body}\n"))
        }
    }
}

/// The text with something else between two offsets.
pub(crate) fn splice(text: &str, start: usize, end: usize, with: &str) -> String {
    let before = text.get(..start).unwrap_or_default();
    let behind = text.get(end..).unwrap_or_default();
    format!("{before}{with}{behind}")
}

/// Where the line of an offset starts.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1)
}

/// Where the line of an offset ends: at its line break.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |i| at + i)
}

/// In which column an offset is, in characters.
pub(crate) fn column(text: &str, at: usize) -> usize {
    let line = text.get(line_start(text, at)..at).unwrap_or_default();
    line.trim_start_matches('\u{feff}').chars().count()
}

/// Whether only spaces stand before an offset on its line.
pub(crate) fn is_first_on_line(text: &str, at: usize) -> bool {
    text.get(line_start(text, at)..at).is_some_and(|t| t.trim_start_matches('\u{feff}').trim().is_empty())
}

/// The next of a character between two offsets that is not in a comment.
pub(crate) fn find_outside_comments(text: &str, from: usize, to: usize, wanted: char) -> Option<usize> {
    let part = text.get(from..to)?;
    let mut in_comment = false;
    for (i, c) in part.char_indices() {
        match c {
            '\n' => in_comment = false,
            '#' => in_comment = true,
            c if c == wanted && !in_comment => return Some(from + i),
            _ => {}
        }
    }
    None
}
