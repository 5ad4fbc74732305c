//! Compiled schemas.

use std::sync::Arc;

use goregex::Regex;
use govalue::Str;

use crate::decimal::Decimal;
use crate::format::Format;
use crate::json::{Json, Number};
use crate::lazy::Lazy;
use crate::location::Place;
use crate::table::sort;

/// The number of a node in its schema.
pub(crate) type NodeId = u32;

/// The nodes of a schema.
#[derive(Debug)]
pub(crate) enum Nodes {
    /// All compiled; the first one is the schema itself.
    All(Vec<Node>),
    /// Compiled when they are asked for.
    Lazy(Box<Lazy>),
}

impl Default for Nodes {
    fn default() -> Nodes {
        Nodes::All(Vec::new())
    }
}

impl Nodes {
    /// The number of the schema itself.
    pub(crate) fn root(&self) -> NodeId {
        match self {
            Nodes::All(_) => 0,
            Nodes::Lazy(lazy) => lazy.root(),
        }
    }

    /// The node of that number, which one of these nodes or [`root`](Nodes::root) gave.
    pub(crate) fn get(&self, id: NodeId) -> &Node {
        match self {
            Nodes::All(nodes) => nodes.get(id as usize).expect("every number that was given out was compiled"),
            Nodes::Lazy(lazy) => lazy.get(id),
        }
    }
}

/// A compiled schema: what its keywords ask.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) place: Option<Arc<Place>>,
    /// The number in its draft's name.
    pub(crate) version: u32,
    /// The resource it belongs to.
    pub(crate) resource: NodeId,
    pub(crate) dynamic_anchors: Vec<(String, NodeId)>,
    /// `true`, `false`, or `{}`, which is `true` too.
    pub(crate) boolean: Option<bool>,
    pub(crate) reference: Option<NodeId>,
    pub(crate) recursive_ref: Option<NodeId>,
    pub(crate) recursive_anchor: bool,
    /// `$dynamicRef`: what it refers to at first, and the anchor it names.
    pub(crate) dynamic_ref: Option<(NodeId, String)>,
    pub(crate) dynamic_anchor: String,
    pub(crate) types: Types,
    pub(crate) constant: Option<Json>,
    pub(crate) enumeration: Option<Box<Enumeration>>,
    pub(crate) format: Option<&'static Format>,
    pub(crate) object: Option<Box<ObjectRules>>,
    pub(crate) array: Option<Box<ArrayRules>>,
    pub(crate) string: Option<Box<StringRules>>,
    pub(crate) number: Option<Box<NumberRules>>,
    pub(crate) conditions: Option<Box<Conditions>>,
    pub(crate) unevaluated_properties: Option<NodeId>,
    pub(crate) unevaluated_items: Option<NodeId>,
}

/// `enum`: the values and their types.
#[derive(Debug)]
pub(crate) struct Enumeration {
    pub(crate) values: Vec<Json>,
    pub(crate) types: Types,
}

/// What `additionalProperties` and `additionalItems` allow.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Additional {
    Bool(bool),
    Schema(NodeId),
}

/// What `dependencies` asks of a property.
#[derive(Debug)]
pub(crate) enum Dependency {
    Properties(Vec<Str>),
    Schema(NodeId),
}

/// Keywords for objects. What is by name is sorted by name.
#[derive(Debug, Default)]
pub(crate) struct ObjectRules {
    pub(crate) min_properties: Option<i64>,
    pub(crate) max_properties: Option<i64>,
    pub(crate) required: Vec<Str>,
    /// These by length first: see [`ObjectRules::property`].
    pub(crate) properties: Vec<(Str, NodeId)>,
    pub(crate) pattern_properties: Vec<(Regex, NodeId)>,
    pub(crate) additional: Option<Additional>,
    pub(crate) dependencies: Vec<(Str, Dependency)>,
    pub(crate) property_names: Option<NodeId>,
    pub(crate) dependent_schemas: Vec<(Str, NodeId)>,
    pub(crate) dependent_required: Vec<(Str, Vec<Str>)>,
}

impl ObjectRules {
    /// Puts the properties in the order in which they are found.
    pub(crate) fn sort_properties(&mut self) {
        sort(&mut self.properties, |a, b| (a.0.len(), &a.0) < (b.0.len(), &b.0));
    }

    /// The schema of a property.
    pub(crate) fn property(&self, name: &Str) -> Option<NodeId> {
        // Most names are of other lengths: then there is nothing to compare.
        let found = self.properties.binary_search_by(|(n, _)| n.len().cmp(&name.len()).then_with(|| n.cmp(name)));
        found.ok().and_then(|i| self.properties.get(i)).map(|(_, id)| *id)
    }
}

/// `items` until 2019-09.
#[derive(Debug)]
pub(crate) enum Items {
    All(NodeId),
    Each(Vec<NodeId>),
}

/// Keywords for arrays.
#[derive(Debug, Default)]
pub(crate) struct ArrayRules {
    pub(crate) min_items: Option<i64>,
    pub(crate) max_items: Option<i64>,
    pub(crate) unique_items: bool,
    pub(crate) items: Option<Items>,
    pub(crate) additional: Option<Additional>,
    pub(crate) prefix_items: Vec<NodeId>,
    /// `items` since 2020-12.
    pub(crate) rest_items: Option<NodeId>,
    pub(crate) contains: Option<NodeId>,
    pub(crate) min_contains: Option<i64>,
    pub(crate) max_contains: Option<i64>,
}

/// Keywords for strings.
#[derive(Debug, Default)]
pub(crate) struct StringRules {
    pub(crate) min_length: Option<i64>,
    pub(crate) max_length: Option<i64>,
    pub(crate) pattern: Option<Regex>,
}

/// Keywords for numbers.
#[derive(Debug, Default)]
pub(crate) struct NumberRules {
    pub(crate) minimum: Option<Decimal>,
    pub(crate) maximum: Option<Decimal>,
    pub(crate) exclusive_minimum: Option<Decimal>,
    pub(crate) exclusive_maximum: Option<Decimal>,
    pub(crate) multiple_of: Option<Decimal>,
}

/// Keywords that combine schemas.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    pub(crate) not: Option<NodeId>,
    pub(crate) all_of: Vec<NodeId>,
    pub(crate) any_of: Vec<NodeId>,
    pub(crate) one_of: Vec<NodeId>,
    pub(crate) if_: Option<NodeId>,
    pub(crate) then: Option<NodeId>,
    pub(crate) else_: Option<NodeId>,
}

impl Node {
    /// Its URL and pointer, escaped.
    pub(crate) fn location(&self) -> String {
        self.place.as_ref().expect("what compiles a node gives it its place").text()
    }

    /// Whether its own keywords look at all properties.
    pub(crate) fn evaluates_all_properties(&self) -> bool {
        self.object.as_ref().is_some_and(|o| o.additional.is_some())
    }

    /// Whether its own keywords look at all items.
    pub(crate) fn evaluates_all_items(&self) -> bool {
        self.array.as_ref().is_some_and(|a| match self.version {
            2020.. => a.rest_items.is_some(),
            _ => a.additional.is_some() || matches!(a.items, Some(Items::All(_))),
        })
    }

    /// How many of the first items its own keywords look at.
    pub(crate) fn evaluated_items(&self) -> usize {
        self.array.as_ref().map_or(0, |a| match &a.items {
            Some(Items::Each(items)) if self.version < 2020 => items.len(),
            _ => a.prefix_items.len(),
        })
    }
}

/// A set of JSON types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Types(u8);

const TYPES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

impl Types {
    pub(crate) const NUMBER: Types = Types(1 << 2);
    pub(crate) const INTEGER: Types = Types(1 << 3);

    /// The type of that name; empty if there is none.
    fn named(name: &str) -> Types {
        Types(TYPES.iter().position(|t| *t == name).map_or(0, |i| 1 << i))
    }

    /// The type of a value; empty for what is not JSON.
    pub(crate) fn of(value: &Json) -> Types {
        Types(match value {
            Json::Null => 1,
            Json::Bool(_) => 1 << 1,
            Json::Number(_) => Types::NUMBER.0,
            Json::String(_) => 1 << 4,
            Json::Array(_) => 1 << 5,
            Json::Object(_) => 1 << 6,
            Json::Other(_) => 0,
        })
    }

    /// What `type` names, one or several.
    pub(crate) fn from_keyword(value: &Json) -> Types {
        match value {
            Json::Array(items) => {
                items.iter().filter_map(Json::as_str).fold(Types(0), |all, name| all.with(Types::named(name)))
            }
            one => one.as_str().map(Types::named).unwrap_or_default(),
        }
    }

    pub(crate) fn with(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether they have a type in common.
    pub(crate) fn overlaps(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    /// The names.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        TYPES.iter().enumerate().filter(move |(i, _)| self.0 >> i & 1 == 1).map(|(_, name)| *name)
    }
}

/// Whether a number has no fraction.
pub(crate) fn is_integer(number: &Number) -> bool {
    match number {
        Number::Int(_) => true,
        Number::Float(f) => f.is_finite() && f.fract() == 0.0,
        Number::Text(_) => number.decimal().is_some_and(|d| d.is_integer()),
    }
}
