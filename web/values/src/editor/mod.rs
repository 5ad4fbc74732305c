//! What the YAML editor asks: places, completion, hover help, colours.

mod complete;
mod context;
mod highlight;
mod place;

pub use complete::{Completion, Suggestion, SuggestionKind};
pub use highlight::{Class, LineState, Span, highlight};
pub use place::{Hover, Place, Position};
