//! Help for the place of the caret in a text.

use std::rc::Rc;

use chartwright_kit::Suggestion;
use chartwright_values::{FormSource, Model, Position};

/// A place in a text, from a line and a column in characters, which count from 1.
pub(crate) fn position(line: u32, column: u32) -> Position {
    Position { line: line.saturating_sub(1) as usize, column: column.saturating_sub(1) as usize }
}

/// What may be written at a place.
pub(crate) fn suggestions(model: &Model, source: &FormSource, at: Position) -> Rc<[Suggestion]> {
    let completion = model.complete(source, at);
    let replaces = at.column.saturating_sub(completion.from) as u32;
    let suggestions = completion.suggestions.into_iter().take(30).map(|one| Suggestion {
        label: one.label.to_string(),
        detail: one.detail,
        insert: one.insert,
        replaces,
    });
    suggestions.collect()
}
