//! Undo and redo.

use std::rc::Rc;

use super::Model;
use crate::path::Path;

/// How many states are remembered.
const MOST: usize = 200;

/// A state that can come back.
#[derive(Clone, Debug)]
struct State {
    text: Rc<str>,
    made: Vec<Path>,
}

/// The states before and after.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    undo: Vec<State>,
    redo: Vec<State>,
    /// How many states before these are forgotten.
    forgotten: usize,
    /// What the last edit was about; an edit of the same is no new step. `Some(None)`: the text.
    last: Option<Option<Path>>,
}

impl Model {
    fn state(&self) -> State {
        State { text: self.text.clone(), made: self.made.clone() }
    }

    /// Remembers the state before an edit of a path, or of the text.
    pub(super) fn remember(&mut self, about: Option<&Path>) {
        self.history.redo.clear();
        let about = about.cloned();
        if self.history.last.as_ref() == Some(&about) {
            return;
        }
        let state = self.state();
        self.history.undo.push(state);
        if self.history.undo.len() > MOST {
            self.history.undo.remove(0);
            self.history.forgotten += 1;
        }
        self.history.last = Some(about);
    }

    /// Ends a step: what comes is undone apart from what was. For when a field loses focus, or typing pauses.
    pub fn checkpoint(&mut self) {
        self.history.last = None;
    }

    /// How many steps led here.
    pub(crate) fn step(&self) -> usize {
        self.history.forgotten + self.history.undo.len()
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.history.undo.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.history.redo.is_empty()
    }

    /// Goes back a step; `false` if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(state) = self.history.undo.pop() else { return false };
        let now = self.state();
        self.history.redo.push(now);
        self.go_to(state);
        true
    }

    /// Goes forth a step again; `false` if there is none.
    pub fn redo(&mut self) -> bool {
        let Some(state) = self.history.redo.pop() else { return false };
        let now = self.state();
        self.history.undo.push(now);
        self.go_to(state);
        true
    }

    fn go_to(&mut self, state: State) {
        self.history.last = None;
        self.put_text(state.text);
        self.made = state.made;
    }
}
