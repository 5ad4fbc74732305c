//! Changes of maps in a text.

use super::patch::{column, find, find_outside_comments, is_first_on_line, line_end, line_start, splice};
use super::source::{Entry, Kind, Source};
use super::write::{flow, key as written_key, tail};
use crate::path::{Path, Step};
use crate::value::Value;

/// Where the `:` behind a key is.
pub(crate) fn colon(text: &str, entry: &Entry) -> Option<usize> {
    // A value that is not written may be taken to start anywhere behind its key.
    let to = if entry.value.is_missing() { text.len() } else { entry.value.start };
    find_outside_comments(text, entry.end, to, ':')
}

/// Where an entry starts: at the `?` of a key that has one.
fn entry_start(text: &str, entry: &Entry) -> usize {
    let line = line_start(text, entry.start);
    let before = text.get(line..entry.start).unwrap_or_default().trim_end();
    if before.ends_with('?') { line + before.len() - 1 } else { entry.start }
}

/// Adds a key to a map.
pub(crate) fn add(
    source: &Source<'_>,
    path: &Path,
    key: &str,
    value: &Value,
    after: Option<&[String]>,
) -> Option<String> {
    let text = source.text;
    let with_key = || Value::map_of(key, value.clone());
    if source.root.as_ref().is_none_or(|root| path.is_empty() && (root.is_missing() || is_empty_map(&root.kind))) {
        return super::patch::apply_replace(source, path, &with_key());
    }
    let found = find(source, path)?;
    let Kind::Map { is_flow, entries, .. } = &found.node.kind else { return None };
    if *is_flow {
        let Some(last) = entries.last() else {
            if !found.in_flow {
                return super::patch::apply_replace(source, path, &with_key());
            }
            return Some(splice(text, found.node.start, found.node.end, &flow(&with_key())));
        };
        let end = last.value.end.max(last.end);
        return Some(splice(text, end, end, &format!(", {}: {}", written_key(key, true), flow(value))));
    }
    let first = entry_start(text, entries.first()?);
    let indent = column(text, first);
    let (head, body) = tail(value, indent + 2);
    let mut line = format!("{}:", written_key(key, false));
    if !head.is_empty() {
        line.push(' ');
        line.push_str(&head);
    }
    if !body.is_empty() {
        line.push('\n');
        line.push_str(&body);
    }
    let spaces = " ".repeat(indent);
    let before = after.unwrap_or_default().iter().rev().find_map(|name| entries.iter().rposition(|e| *e.key == **name));
    if let (None, Some(_)) = (before, after)
        && is_first_on_line(text, first)
        && !has_comment_above(text, first)
    {
        // Nothing that goes before it is there: it is the first.
        let at = line_start(text, first);
        return Some(splice(text, at, at, &format!("{spaces}{line}\n")));
    }
    let entry = entries.get(before.unwrap_or(entries.len() - 1))?;
    let end = entry.value.end.max(colon(text, entry)? + 1);
    let at = line_end(text, end);
    let last = if at == text.len() { "\n" } else { "" };
    Some(splice(text, at, at, &format!("\n{spaces}{line}{last}")))
}

fn is_empty_map(kind: &Kind) -> bool {
    match kind {
        Kind::Map { entries, .. } => entries.is_empty(),
        Kind::Scalar(value) => *value == Value::Null,
        _ => false,
    }
}

/// Whether the line above is a comment, or there is none above.
fn has_comment_above(text: &str, at: usize) -> bool {
    let start = line_start(text, at);
    let above = text.get(..start).unwrap_or_default();
    above.lines().next_back().is_some_and(|line| line.trim_start().starts_with('#') || line.starts_with("---"))
}

/// Takes a key out.
pub(crate) fn remove(source: &Source<'_>, path: &Path) -> Option<String> {
    let text = source.text;
    let (parent, Step::Key(key)) = path.split_last()? else { return None };
    let found = find(source, &parent)?;
    let Kind::Map { is_flow, entries, .. } = &found.node.kind else { return None };
    let at = entries.iter().position(|e| !e.is_merge && e.key == *key)?;
    let entry = entries.get(at)?;
    if entries.len() == 1 && !parent.is_empty() && !*is_flow {
        return super::patch::apply_replace(source, &parent, &Value::empty_map());
    }
    let colon = colon(text, entry);
    let end = entry.value.end.max(entry.end).max(colon.map_or(0, |c| if entry.value.is_missing() { c + 1 } else { 0 }));
    if *is_flow {
        return Some(cut_flow(
            text,
            entry.start,
            end,
            at,
            entries.get(at.wrapping_sub(1)).map(|e| e.value.end.max(e.end)),
        ));
    }
    if is_first_on_line(text, entry_start(text, entry)) {
        let to = (line_end(text, end) + 1).min(text.len());
        return Some(splice(text, line_start(text, entry.start), to, ""));
    }
    // The first key on the line of a dash: the next one takes its place.
    let next = entries.get(at + 1)?.start;
    let between = text.get(end..next)?;
    match between.contains('#') {
        true => Some(splice(text, entry.start, line_end(text, end), "")),
        false => Some(splice(text, entry.start, next, "")),
    }
}

/// Cuts an entry or an item out of a flow collection, with a comma.
pub(crate) fn cut_flow(text: &str, start: usize, end: usize, at: usize, before: Option<usize>) -> String {
    let behind = text.get(end..).unwrap_or_default();
    let trimmed = behind.trim_start();
    if let Some(rest) = trimmed.strip_prefix(',') {
        let to = text.len() - rest.trim_start_matches(' ').len();
        return splice(text, start, to, "");
    }
    match before {
        Some(before) if at > 0 => splice(text, before, end, ""),
        _ => splice(text, start, end, ""),
    }
}

/// Gives a key another name.
pub(crate) fn rename(source: &Source<'_>, path: &Path, name: &str) -> Option<String> {
    let (parent, Step::Key(key)) = path.split_last()? else { return None };
    let found = find(source, &parent)?;
    let Kind::Map { is_flow, entries, .. } = &found.node.kind else { return None };
    let entry = entries.iter().rev().find(|e| !e.is_merge && e.key == *key)?;
    Some(splice(source.text, entry.start, entry.end, &written_key(name, found.in_flow || *is_flow)))
}
