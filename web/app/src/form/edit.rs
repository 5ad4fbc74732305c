//! What a person changes in a form or in a text.

use chartwright_values::{FormState, Model, Path, Refused, Value, VersionNote};

/// A change of values.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The override is another text.
    Text(String),
    /// A value is set.
    Set(Path, Value),
    /// A value is as the module has it.
    Unset(Path),
    /// A value is set to what a text of YAML stands for.
    SetYaml(Path, String),
    /// A list gets an item like this one, once something is in it.
    OpenItem(Path, Value),
    /// It does not get that item.
    CloseItem(Path),
    /// What was typed into a field is no value of its kind.
    Hold(Path, String),
    /// An item of a list is taken out.
    RemoveItem(Path, usize),
    /// An item of a list is brought to another place.
    MoveItem(Path, usize, usize),
    /// A map gets a key.
    AddKey(Path, String, Value),
    /// A key gets another name.
    RenameKey(Path, String),
    /// A key goes.
    RemoveKey(Path),
    /// Another shape of a value is picked.
    Pick(Path, usize, Value),
    /// What a change of versions advises.
    Take(Box<VersionNote>),
    /// What comes is undone apart from what was.
    Checkpoint,
    /// The override becomes another text at once, and not letter by letter: a step of its own for undo.
    Replace(String),
    /// Everything is as the module has it: a step of its own, too.
    Reset,
    /// The last change is taken back.
    Undo,
    /// What was taken back is done again.
    Redo,
}

impl Edit {
    /// Makes the change.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn apply(self, model: &mut Model, known: &mut FormState) -> Result<(), Refused> {
        self.settle(known);
        let result = self.make(model, known);
        known.tidy(model);
        result
    }

    /// Forgets what was typed in places for which the edit says something else.
    pub(crate) fn settle(&self, known: &mut FormState) {
        match self {
            Edit::Set(path, _)
            | Edit::Unset(path)
            | Edit::SetYaml(path, _)
            | Edit::Pick(path, ..)
            | Edit::RemoveKey(path)
            | Edit::RenameKey(path, _)
            | Edit::RemoveItem(path, _)
            | Edit::MoveItem(path, ..) => known.release(path),
            Edit::Replace(_) | Edit::Reset => known.release(&Path::root()),
            _ => {}
        }
    }

    fn make(self, model: &mut Model, known: &mut FormState) -> Result<(), Refused> {
        match self {
            Edit::Text(text) => model.set_text(&text),
            Edit::Set(path, value) => return model.set(&path, value),
            Edit::Unset(path) => return model.unset(&path),
            Edit::SetYaml(path, text) => return model.set_yaml(&path, &text),
            Edit::OpenItem(list, new) => known.open_item(model, &list, new),
            Edit::CloseItem(list) => known.close_item(&list),
            Edit::Hold(path, text) => known.hold(model, &path, &text),
            Edit::RemoveItem(list, index) => return model.remove_item(&list, index),
            Edit::MoveItem(list, from, to) => return model.move_item(&list, from, to),
            Edit::AddKey(map, key, value) => return model.add_key(&map, &key, value),
            Edit::RenameKey(path, name) => return model.rename_key(&path, &name),
            Edit::RemoveKey(path) => return model.remove_key(&path),
            Edit::Take(note) => return model.take_advice(&note),
            Edit::Pick(path, branch, start) => {
                known.picked.retain(|(picked, _)| *picked != path);
                known.picked.push((path.clone(), branch));
                return model.set(&path, start);
            }
            Edit::Checkpoint => model.checkpoint(),
            Edit::Replace(text) => replace(model, &text),
            Edit::Reset => replace(model, ""),
            Edit::Undo => known.undo(model),
            Edit::Redo => drop(model.redo()),
        }
        Ok(())
    }
}

fn replace(model: &mut Model, text: &str) {
    model.checkpoint();
    model.set_text(text);
    model.checkpoint();
}
