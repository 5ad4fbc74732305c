//! The values that a person edits.
mod docs;
mod editor;
mod form;
mod model;
mod path;
mod questions;
mod schema;
mod secrets;
mod tree;
mod value;
mod versions;
mod yaml;

pub use docs::{Docs, Note};
pub use editor::{Class, Completion, Hover, LineState, Place, Position, Span, Suggestion, SuggestionKind, highlight};
pub use form::{Choice, Field, Form, FormSource, FormState, Group, Hit, Item, Kind};
pub use model::{Effective, Layer, Loser, MergedLine, Model, Origin, Refused, Snapshot};
pub use path::{Path, PathError, Step};
pub use questions::{Condition, Question, QuestionKind, Questions};
pub use schema::{Problem, Schema, SchemaError};
pub use secrets::{Secrets, is_secret_name};
pub use tree::{coalesce, merge};
pub use value::{Map, Number, Type, Value};
pub use versions::{Version, VersionChange, VersionNote, compare_versions};
pub use yaml::{TextError, parse, to_text};
