//! What a page knows of a form that is not in the values.

use std::rc::Rc;

use crate::model::Model;
use crate::path::Path;
use crate::schema::Problem;
use crate::value::Value;

/// What a page knows of a form that is not in the values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormState {
    /// The branches of `oneOf` and `anyOf` that were picked, by the paths of their fields. Only needed until the values
    /// tell them apart.
    pub picked: Vec<(Path, usize)>,
    /// What the engine says about values.
    pub problems: Vec<(Path, Problem)>,
    adding: Vec<Adding>,
    typed: Vec<Typed>,
}

/// An item that a person adds to a list. It is not in the values until something is in it: nobody wants a render with
/// an empty item while they type.
#[derive(Clone, Debug, PartialEq)]
struct Adding {
    list: Path,
    /// How many items the list has: once there are others, the item is there, or the list is another one.
    count: usize,
    new: Value,
}

/// What was typed and is no value of its field, as `1O` for a number.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    path: Path,
    text: Rc<str>,
    /// The value that the field has meanwhile: when it becomes another one, what was typed is of no interest any more.
    value: Option<Value>,
    /// How many steps were made before it: as long as there are no more, it is what was typed last.
    step: usize,
}

impl FormState {
    /// Shows one more item at the end of a list, which starts as a value like `new`.
    pub fn open_item(&mut self, model: &Model, list: &Path, new: Value) {
        self.close_item(list);
        self.adding.push(Adding { list: list.clone(), count: count(model, list), new });
    }

    /// Takes that item away again.
    pub fn close_item(&mut self, list: &Path) {
        self.adding.retain(|adding| adding.list != *list);
    }

    /// Whether there are texts that are no values of their fields.
    pub fn holds_any(&self) -> bool {
        !self.typed.is_empty()
    }

    /// Keeps a text that is no value of its field.
    pub fn hold(&mut self, model: &Model, path: &Path, text: &str) {
        self.release(path);
        let value = model.values_with_all().get(path).cloned();
        self.typed.push(Typed { path: path.clone(), text: text.into(), value, step: model.step() });
    }

    /// Takes back what was done last: a text that is no value of its field, which is a step of its own, or a step of the
    /// model.
    pub fn undo(&mut self, model: &mut Model) {
        match self.typed.last() {
            Some(typed) if typed.step >= model.step() => {
                self.typed.pop();
                model.checkpoint();
            }
            _ => {
                model.undo();
            }
        }
    }

    /// Forgets what was typed at a path and below it: something else counts there now.
    pub fn release(&mut self, path: &Path) {
        self.typed.retain(|typed| !path.contains(&typed.path));
    }

    /// Forgets what belongs to values that are others now.
    pub fn tidy(&mut self, model: &Model) {
        self.adding.retain(|adding| count(model, &adding.list) == adding.count);
        self.typed.retain(|typed| model.values_with_all().get(&typed.path) == typed.value.as_ref());
    }

    /// The fields with texts that are no values, and those texts.
    pub fn held(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.typed.iter().map(|typed| (&typed.path, &*typed.text))
    }

    /// What a new item of a list of so many items starts as, if there is one.
    pub(super) fn new_item(&self, list: &Path, count: usize) -> Option<&Value> {
        self.adding.iter().find(|adding| adding.list == *list && adding.count == count).map(|adding| &adding.new)
    }

    /// What was typed at a path whose value is this one.
    pub(super) fn typed(&self, path: &Path, value: Option<&Value>) -> Option<&Rc<str>> {
        self.typed.iter().find(|typed| typed.path == *path && typed.value.as_ref() == value).map(|typed| &typed.text)
    }
}

fn count(model: &Model, list: &Path) -> usize {
    model.values_with_all().get(list).and_then(Value::as_list).map_or(0, <[Value]>::len)
}
