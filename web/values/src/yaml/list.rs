//! Changes of lists in a text.

use super::map::cut_flow;
use super::patch::{column, find, find_outside_comments, is_first_on_line, line_end, line_start, splice};
use super::source::{Kind, Node, Source};
use super::write::{flow, item_tail};
use crate::path::{Path, Step};
use crate::value::Value;

/// Where the `-` of an item is.
pub(crate) fn dash(text: &str, list: &Node, items: &[Node], index: usize) -> Option<usize> {
    let item = items.get(index)?;
    let from = match index.checked_sub(1).and_then(|i| items.get(i)) {
        // An item that is not written ends behind its own dash.
        Some(before) => before.end,
        None => list.start,
    };
    // The first item of a list with an anchor stands behind it.
    let from = match text.get(from..) {
        Some(rest) if rest.starts_with(['&', '!']) => from + rest.find(char::is_whitespace)?,
        _ => from,
    };
    find_outside_comments(text, from, item.start.max(from).min(text.len()), '-')
        .or_else(|| find_outside_comments(text, from, text.len(), '-').filter(|_| item.is_missing()))
}

fn list_at<'s>(source: &'s Source<'_>, path: &Path) -> Option<(&'s Node, bool, &'s [Node], bool)> {
    let found = find(source, path)?;
    match &found.node.kind {
        Kind::List { is_flow, items } => Some((found.node, *is_flow, items, found.in_flow)),
        _ => None,
    }
}

/// Where the text of an item ends.
fn item_end(text: &str, list: &Node, items: &[Node], index: usize) -> Option<usize> {
    let item = items.get(index)?;
    Some(if item.is_missing() { dash(text, list, items, index)? + 1 } else { item.end })
}

/// Puts an item in.
pub(crate) fn insert(source: &Source<'_>, path: &Path, index: usize, value: &Value) -> Option<String> {
    let text = source.text;
    let (list, is_flow, items, in_flow) = list_at(source, path)?;
    if items.is_empty() {
        if in_flow {
            return Some(splice(text, list.start, list.end, &flow(&Value::from(vec![value.clone()]))));
        }
        return super::patch::apply_replace(source, path, &Value::from(vec![value.clone()]));
    }
    if is_flow {
        return Some(match items.get(index) {
            Some(item) => splice(text, item.start, item.start, &format!("{}, ", flow(value))),
            None => {
                let end = items.last()?.end;
                splice(text, end, end, &format!(", {}", flow(value)))
            }
        });
    }
    let first = dash(text, list, items, 0)?;
    let indent = column(text, first);
    let (head, body) = item_tail(value, indent + 2);
    let body = if body.is_empty() { body } else { format!("\n{body}") };
    let line = format!("{}- {head}{body}", " ".repeat(indent));
    if index == 0 {
        if !is_first_on_line(text, first) {
            return None;
        }
        let at = line_start(text, first);
        return Some(splice(text, at, at, &format!("{line}\n")));
    }
    let at = line_end(text, item_end(text, list, items, index.min(items.len()) - 1)?);
    let last = if at == text.len() { "\n" } else { "" };
    Some(splice(text, at, at, &format!("\n{line}{last}")))
}

/// Takes an item out.
pub(crate) fn remove(source: &Source<'_>, path: &Path) -> Option<String> {
    let text = source.text;
    let (parent, Step::Index(index)) = path.split_last()? else { return None };
    let (list, is_flow, items, in_flow) = list_at(source, &parent)?;
    let item = items.get(*index)?;
    if items.len() == 1 && !in_flow {
        return super::patch::apply_replace(source, &parent, &Value::from(Vec::new()));
    }
    if is_flow {
        let before = index.checked_sub(1).and_then(|i| items.get(i)).map(|i| i.end);
        return Some(cut_flow(text, item.start, item.end, *index, before));
    }
    let lines = item_lines(text, list, items, *index)?;
    Some(splice(text, lines.0, lines.1, ""))
}

/// From where to where the lines of an item go.
fn item_lines(text: &str, list: &Node, items: &[Node], index: usize) -> Option<(usize, usize)> {
    let dash = dash(text, list, items, index)?;
    if !is_first_on_line(text, dash) {
        return None;
    }
    let end = line_end(text, item_end(text, list, items, index)?);
    Some((line_start(text, dash), (end + 1).min(text.len())))
}

/// Brings an item to where another is, with its comments: those on its lines, and those right above it.
pub(crate) fn shift(source: &Source<'_>, path: &Path, from: usize, to: usize) -> Option<String> {
    let text = source.text;
    let (list, is_flow, items, _) = list_at(source, path)?;
    if from == to {
        return Some(text.to_owned());
    }
    if is_flow {
        let (a, b) = (items.get(from.min(to))?, items.get(from.max(to))?);
        let mut parts: Vec<_> =
            items.get(from.min(to)..=from.max(to))?.iter().map(|i| text.get(i.start..i.end)).collect();
        match from < to {
            true => parts.rotate_left(1),
            false => parts.rotate_right(1),
        }
        let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        return Some(splice(text, a.start, b.end, &parts.join(", ")));
    }
    let (start, end) = item_lines(text, list, items, from)?;
    let start = with_comments(text, start, from);
    let mut lines = text.get(start..end)?.to_owned();
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    let other = item_lines(text, list, items, to)?;
    let at = if from < to { other.1 } else { with_comments(text, other.0, to) };
    let (first, second) = if at <= start { (at, start) } else { (end, at) };
    let mut out = text.get(..first.min(start))?.to_owned();
    if at <= start {
        out.push_str(&lines);
        out.push_str(text.get(at..second)?);
    } else {
        out.push_str(text.get(end..second)?);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(&lines);
    }
    out.push_str(text.get(at.max(end)..)?);
    Some(out)
}

/// The start of an item's lines, and of the comments right above them. What is above the first item may be about the
/// list, and stays.
fn with_comments(text: &str, mut start: usize, index: usize) -> usize {
    while index > 0 && start > 0 {
        let above = line_start(text, start - 1);
        if !text.get(above..start).is_some_and(|line| line.trim_start().starts_with('#')) {
            break;
        }
        start = above;
    }
    start
}
