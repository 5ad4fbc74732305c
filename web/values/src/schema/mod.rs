//! JSON Schema as forms need it: read once, total. What is unknown or broken constrains nothing.

mod check;
mod compile;
mod hidden;
mod report;
mod view;
mod words;

pub(crate) use check::is_quantity;
pub use check::{Problem, Unit};
use hidden::Hidden;
pub use report::{Violation, ViolationKind, violations};
pub(crate) use view::View;
pub use words::plain_words;

use std::cell::Cell;
use std::rc::Rc;

use crate::pattern::Pattern;
use crate::value::{Number, Type, Value};
use crate::yaml::{self, TextError};

/// A set of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Types(u8);

impl Types {
    pub(crate) const ANY: Types = Types(0x7f);
    pub(crate) const NONE: Types = Types(0);

    fn bit(kind: Type) -> u8 {
        match kind {
            Type::Null => 1,
            Type::Bool => 2,
            // What is an integer is a number as well.
            Type::Integer => 4,
            Type::Number => 4 | 8,
            Type::Text => 16,
            Type::List => 32,
            Type::Map => 64,
        }
    }

    /// By the name of JSON Schema.
    fn named(name: &str) -> Option<Type> {
        Some(match name {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "integer" => Type::Integer,
            "number" => Type::Number,
            "string" => Type::Text,
            "array" => Type::List,
            "object" => Type::Map,
            _ => return None,
        })
    }

    pub(crate) fn add(&mut self, kind: Type) {
        self.0 |= Types::bit(kind);
    }

    pub(crate) fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    /// Whether values of a type are in it.
    pub(crate) fn has(self, kind: Type) -> bool {
        match kind {
            Type::Number => self.0 & 8 != 0,
            kind => self.0 & Types::bit(kind) != 0,
        }
    }

    pub(crate) fn is_any(self) -> bool {
        self.0 == 0x7f
    }

    /// The types but null.
    pub(crate) fn list(self) -> Vec<Type> {
        let mut out: Vec<_> = [Type::Bool, Type::Integer, Type::Number, Type::Text, Type::List, Type::Map]
            .into_iter()
            .filter(|t| self.has(*t))
            .collect();
        if out.contains(&Type::Number) {
            out.retain(|t| *t != Type::Integer);
        }
        out
    }
}

/// The number of a shape in a [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShapeId(u32);

/// What else a map may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum More {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// Nothing.
    Nothing,
    /// Values of this shape.
    Of(ShapeId),
}

/// Bounds of a number: the value, and whether it is excluded itself.
pub(crate) type Bound = Option<(Number, bool)>;

/// One schema, without those that it refers to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) types: Option<Types>,
    pub(crate) title: Option<Rc<str>>,
    pub(crate) help: Option<Rc<str>>,
    pub(crate) default: Option<Value>,
    pub(crate) examples: Vec<Value>,
    pub(crate) choices: Option<Vec<Value>>,
    pub(crate) format: Option<Rc<str>>,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) minimum: Bound,
    pub(crate) maximum: Bound,
    pub(crate) multiple_of: Option<Number>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique_items: bool,
    pub(crate) min_keys: Option<usize>,
    pub(crate) max_keys: Option<usize>,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) deprecated: bool,
    pub(crate) required: Vec<Rc<str>>,
    pub(crate) properties: Vec<(Rc<str>, ShapeId)>,
    pub(crate) patterns: Vec<(Pattern, ShapeId)>,
    pub(crate) more: More,
    pub(crate) items: More,
    pub(crate) first_items: Vec<ShapeId>,
    /// `$ref` and `allOf`: these hold as well.
    pub(crate) all: Vec<ShapeId>,
    /// `oneOf` and `anyOf`: each a set of which one holds.
    pub(crate) choices_of: Vec<Vec<ShapeId>>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) not: Option<ShapeId>,
    /// When forms leave it out.
    pub(crate) hidden: Option<Hidden>,
    /// Nothing fits: the schema `false`.
    pub(crate) nothing: bool,
}

impl Shape {
    /// How many items a list may have: no more than have a shape of their own, if no others may be there.
    pub(crate) fn most_items(&self) -> Option<usize> {
        let tuple = (self.items == More::Nothing).then_some(self.first_items.len());
        self.max_items.into_iter().chain(tuple).min()
    }
}

/// `if`, `then`, `else`; `dependentSchemas`, too.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) when: ShapeId,
    pub(crate) then: Option<ShapeId>,
    pub(crate) otherwise: Option<ShapeId>,
}

/// A JSON Schema of the drafts 4 to 2020-12. References into other documents constrain nothing.
#[derive(Clone, Debug)]
pub struct Schema {
    shapes: Vec<Shape>,
    root: ShapeId,
    /// How many more values may be checked: branches that refer to each other would take for ever.
    fuel: Cell<u32>,
}

/// How many values are checked for one look at a schema; then, all are taken for valid.
const FUEL: u32 = 300_000;

impl Schema {
    /// Reads a schema. JSON is YAML, so the reader of that is enough.
    ///
    /// # Errors
    /// If it is not JSON. What is JSON is read as far as it makes sense.
    pub fn read(text: &str) -> Result<Schema, TextError> {
        Ok(compile::compile(&yaml::parse_json(text)?))
    }

    /// A schema that says nothing.
    pub fn any() -> Schema {
        compile::compile(&Value::Bool(true))
    }

    /// Takes fuel for a check; `false` if there is none.
    fn burn(&self) -> bool {
        let left = self.fuel.get().checked_sub(1);
        self.fuel.set(left.unwrap_or(0));
        left.is_some()
    }

    pub(crate) fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0 as usize]
    }

    /// The keys whose values must not be seen, wherever they are.
    pub(crate) fn secret_keys(&self) -> Vec<Rc<str>> {
        let is_secret = |shape: &Shape| shape.write_only || shape.format.as_deref() == Some("password");
        let keys = self.shapes.iter().flat_map(|shape| &shape.properties);
        keys.filter(|(_, id)| is_secret(self.shape(*id))).map(|(key, _)| key.clone()).collect()
    }

    /// What holds for all values.
    pub(crate) fn root(&self) -> View<'_> {
        self.fuel.set(FUEL);
        View::of(self, self.root)
    }
}
