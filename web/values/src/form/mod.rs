//! The form: a tree of groups and fields, drawn anew after each edit.

mod collections;
mod draw;
mod here;
mod infer;
mod input;
mod known;
mod question;
mod search;
mod state;
mod unknown;
mod variants;

pub use search::Hit;
pub use state::FormState;

use std::rc::Rc;

use crate::model::{Model, Origin};
use crate::path::Path;
use crate::questions::Questions;
use crate::schema::{Problem, Schema};
use crate::value::Value;
use crate::yaml::{self, TextError};

/// What forms are drawn from, beside the values.
#[derive(Clone, Debug, Default)]
pub struct FormSource {
    /// The chart's schema, if it has one.
    pub schema: Option<Rc<Schema>>,
    /// The chart's questions, if it has some.
    pub questions: Option<Rc<Questions>>,
}

/// A form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// Groups, and fields without one.
    pub items: Vec<Item>,
    /// Fields that a condition hides, but that the override sets.
    pub hidden: Vec<Field>,
    /// What the override sets and neither schema nor defaults know.
    pub unknown: Vec<Path>,
    /// Why the form cannot be edited, if it cannot: the override's text is not YAML.
    pub disabled: Option<TextError>,
    /// Whether the override's text has several documents: the form shows what they make together, and cannot change it.
    pub is_split: bool,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Fields that belong together: a map of values, an item of a list, or a heading of the chart's author.
    Group(Group),
    /// A field.
    Field(Box<Field>),
}

/// Fields that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// The same as long as it is the same group.
    pub key: Rc<str>,
    /// The map that it shows; none for headings.
    pub path: Option<Path>,
    /// Its name.
    pub label: Rc<str>,
    /// What it is for.
    pub help: Rc<str>,
    /// What is in it.
    pub items: Vec<Item>,
    /// How many of its fields the override sets.
    pub changed: usize,
    /// How many of its fields have a problem.
    pub problems: usize,
    /// Whether it is one of the few that the chart's author chose by questions.
    pub is_question: bool,
}

/// A field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// The same as long as it is the same field.
    pub key: Rc<str>,
    /// What it sets.
    pub path: Path,
    /// Its name.
    pub label: Rc<str>,
    /// What it is for; line breaks as its author wrote them.
    pub help: Rc<str>,
    /// A sample in YAML; empty where there is none.
    pub example: Rc<str>,
    /// How it is edited.
    pub kind: Kind,
    /// What a reset goes back to: the value without the override.
    pub default: Option<Value>,
    /// Who set that one.
    pub default_origin: Origin,
    /// What to show in an empty field: what schema or question call the default, or an example. It is not a value.
    pub placeholder: Rc<str>,
    /// The value as the chart gets it.
    pub value: Option<Value>,
    /// Who set it.
    pub origin: Origin,
    /// Whether the override sets it.
    pub is_changed: bool,
    /// What was typed and is no value of its kind; it stands in the field in place of the value.
    pub typed: Option<Rc<str>>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
    /// Whether it must be there.
    pub is_required: bool,
    /// Whether users should not change it.
    pub is_read_only: bool,
    /// Whether it goes away some day.
    pub is_deprecated: bool,
    /// Whether its value must not be shown, kept or shared.
    pub is_secret: bool,
    /// Whether a condition lets it show.
    pub is_visible: bool,
    /// Whether it is there even when nothing is set: its key has a name in schema or values.
    pub stays: bool,
    /// Whether others set it in a map whose keys a person names: then it can be taken out.
    pub is_removable: bool,
    /// Whether the override takes it out: [`Field::default`] does not count then.
    pub is_removed: bool,
}

/// How a field is edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Kind {
    /// A line of text.
    Text {
        /// The format of JSON Schema, such as `hostname`, or Rancher's type, such as `storageclass`.
        format: Option<Rc<str>>,
        /// Whether what looks like a number or boolean becomes one.
        is_loose: bool,
    },
    /// Lines of text.
    Multiline,
    /// A number.
    Number {
        /// Whether it must have no fraction.
        is_integer: bool,
        /// The least that it may be.
        min: Option<f64>,
        /// The most that it may be.
        max: Option<f64>,
    },
    /// Yes or no.
    Boolean {
        /// Whether the chart has it as the text `true` or `false`.
        is_text: bool,
    },
    /// One of several values.
    Choice {
        /// The values, in order.
        options: Vec<Choice>,
    },
    /// A quantity of Kubernetes, such as `500m` or `8Gi`.
    Quantity {
        /// Whether plain numbers are to be text, too.
        is_text: bool,
    },
    /// A text that must not be shown.
    Password,
    /// A list; a reset of the field resets it as a whole.
    List {
        /// Its items: fields, or groups for maps.
        items: Vec<Item>,
        /// Whether the last of them is one that is being added, and is not in the values yet.
        adding: bool,
        /// What a new item starts as.
        new: Value,
        /// What it may start as instead, where nothing tells its type.
        others: Vec<Value>,
        /// The fewest items.
        min: Option<usize>,
        /// The most items.
        max: Option<usize>,
    },
    /// A map whose keys a person names.
    Map {
        /// Its entries: fields, or groups for maps. The last step of their paths is the key.
        entries: Vec<Item>,
        /// What a new entry starts as.
        new: Value,
        /// What it may start as instead, where nothing tells its type.
        others: Vec<Value>,
    },
    /// One of several shapes.
    Variants {
        /// Their names.
        options: Vec<Rc<str>>,
        /// What to set when a person picks one, along with [`FormState::picked`]: what tells it apart, and no more.
        starts: Vec<Value>,
        /// Which one the value has, or a person picked.
        chosen: Option<usize>,
        /// The fields of that one.
        items: Vec<Item>,
    },
    /// Anything, as YAML: what cannot be drawn in another way.
    #[default]
    Yaml,
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What to show.
    pub label: Rc<str>,
    /// What to set.
    pub value: Value,
}

impl Choice {
    /// What tells it apart from all others: its value as YAML, so that the number and the text `1` are not the same.
    pub fn id(&self) -> String {
        yaml::scalar(&self.value, false)
    }
}

impl Form {
    /// Draws the form of a model. Cheap enough for each key that is typed.
    pub fn draw(model: &Model, source: &FormSource, state: &FormState) -> Form {
        draw::draw(model, source, state)
    }

    /// All fields with those in lists, maps and variants, in order.
    pub fn fields(&self) -> Vec<&Field> {
        let mut out = Vec::new();
        self.items.iter().for_each(|item| item.add_fields(&mut out));
        out
    }

    /// The field with a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().into_iter().find(|field| *field.key == *key)
    }

    /// The field of a path, or that of the nearest parent which has one: for jumps from problems and lines.
    pub fn field_of(&self, path: &Path) -> Option<&Field> {
        self.fields().into_iter().filter(|field| field.path.contains(path)).max_by_key(|field| field.path.len())
    }
}

impl Item {
    /// Its key.
    pub fn key(&self) -> &Rc<str> {
        match self {
            Item::Group(group) => &group.key,
            Item::Field(field) => &field.key,
        }
    }

    /// The path of its value; none for headings.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Item::Group(group) => group.path.as_ref(),
            Item::Field(field) => Some(&field.path),
        }
    }

    /// What is in it.
    pub fn items(&self) -> &[Item] {
        match self {
            Item::Group(group) => &group.items,
            Item::Field(field) => field.kind.items(),
        }
    }

    fn add_fields<'f>(&'f self, out: &mut Vec<&'f Field>) {
        if let Item::Field(field) = self {
            out.push(field);
        }
        self.items().iter().for_each(|item| item.add_fields(out));
    }

    /// How many fields are changed in it, and how many have a problem. A list counts once.
    fn counts(&self) -> (usize, usize) {
        match self {
            Item::Group(group) => (group.changed, group.problems),
            Item::Field(field) => {
                let inner = counts(field.kind.items());
                let changed = if field.is_changed { 1 } else { inner.0 };
                (changed, inner.1 + usize::from(field.problem.is_some()))
            }
        }
    }
}

/// The counts of several items together.
fn counts(items: &[Item]) -> (usize, usize) {
    items.iter().map(Item::counts).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

impl Field {
    /// Whether it is within a list: those are set as a whole.
    pub fn is_in_list(&self) -> bool {
        self.path.steps().iter().any(|step| step.key().is_none())
    }
}

impl Kind {
    /// What a new entry of this name starts as, of what it may start as: what Kubernetes knows as a map is one.
    pub fn start<'v>(key: &str, new: &'v Value, others: &'v [Value]) -> &'v Value {
        let map = others.iter().find(|other| matches!(other, Value::Map(_)));
        map.filter(|_| known::is_map(key)).unwrap_or(new)
    }

    /// What is in a list, map or variant.
    pub fn items(&self) -> &[Item] {
        match self {
            Kind::List { items, .. } | Kind::Map { entries: items, .. } | Kind::Variants { items, .. } => items,
            _ => &[],
        }
    }
}

impl Group {
    /// A group of items.
    fn of(key: Rc<str>, path: Option<Path>, label: Rc<str>, help: Rc<str>, items: Vec<Item>) -> Group {
        let (changed, problems) = counts(&items);
        Group { key, path, label, help, items, changed, problems, is_question: false }
    }
}
