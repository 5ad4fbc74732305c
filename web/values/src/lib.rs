//! The values that a person edits on the preview page: pure, for natively and for the browser.
//!
//! A [`Model`] has a chart's `values.yaml`, what others set over it ([`Layer`]), and one sparse override, which is a text.
//! Form and YAML editor both change that text. Edits by path cut and insert at their place, so that comments, the order
//! of keys and the spelling of numbers elsewhere stay; a reset takes a path out of the text again. The chart gets
//! defaults, layers and override by Helm's rules: maps merge, lists replace, a null deletes.
//!
//! A [`Form`] is drawn from a [`Schema`], from [`Questions`], and from the defaults with their comments, anew after each
//! edit. It is a tree of groups and fields that can be compared. Nothing of it is written to the override by itself, not
//! even what a schema calls the default.
//!
//! ```
//! use std::rc::Rc;
//! use chartwright_values::{Form, FormSource, FormState, Layer, Model, Path, Schema};
//!
//! let mut model = Model::new("# -- How many pods run\nreplicas: 1\nservice:\n  port: 80 # of the service\n")?
//!     .with_layers(vec![Layer::read("developer", "replicas: 2")?]);
//! model.set_text("# my shop\nservice:\n  port: 8080\n");
//!
//! // What a form does.
//! let schema = Schema::read(r#"{"properties": {"replicas": {"type": "integer", "minimum": 1}}}"#)?;
//! let source = FormSource { schema: Some(Rc::new(schema)), questions: None };
//! let form = Form::draw(&model, &source, &FormState::default());
//! let field = form.field("replicas").ok_or("no such field")?;
//! assert_eq!((&*field.label, &*field.help), ("Replicas", "How many pods run"));
//! assert_eq!(field.origin.name(), "developer");
//! let (path, value) = (field.path.clone(), field.read("0")?);
//! model.set(&path, value)?;
//! assert_eq!(model.text(), "# my shop\nservice:\n  port: 8080\nreplicas: 0\n");
//!
//! // What it shows then.
//! let form = Form::draw(&model, &source, &FormState::default());
//! let problem = form.field("replicas").and_then(|field| field.problem.clone()).ok_or("no problem")?;
//! assert_eq!(problem.to_string(), "Must be at least 1");
//! let effective = model.effective(&path);
//! let losers: Vec<_> = effective.losers.iter().map(|l| (l.origin.name(), l.value.shown())).collect();
//! assert_eq!(losers, [("developer", "2".to_owned()), ("default", "1".to_owned())]);
//!
//! model.unset(&path)?;
//! assert_eq!(model.text(), "# my shop\nservice:\n  port: 8080\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where what is
//! - The override: [`Model::set_text`], [`Model::set`], [`Model::unset`], items and keys of lists and maps
//!   ([`Model::insert_item`], [`Model::move_item`], [`Model::rename_key`] …), [`Model::undo`], [`Model::snapshot`].
//! - Who set what: [`Model::effective`], [`Model::merged_lines`], [`Model::set_paths`], [`Form::unknown`].
//! - The form: [`Form::draw`], [`Form::search`], [`Form::filtered`], [`Field::read`]; what the engine says about values
//!   goes into [`FormState::problems`].
//! - The editor: [`highlight`], [`Model::complete`], [`Model::hover`], [`Model::place_of`], [`Model::path_at`].
//! - Secrets: [`Secrets`]. Another version of the chart: [`compare_versions`], [`Model::take_advice`].

mod docs;
mod editor;
mod form;
mod model;
mod order;
mod path;
mod pattern;
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
pub use schema::{Problem, Schema, Unit, Violation, ViolationKind, plain_words, violations};
pub use secrets::{Secrets, is_secret_name};
pub use tree::{coalesce, merge};
pub use value::{Map, Number, Type, Value};
pub use versions::{Advice, Version, VersionChange, VersionNote, compare_versions};
pub use yaml::{Repeated, TextError, parse, to_text};
