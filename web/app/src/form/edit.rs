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
    /// An item is put into a list.
    InsertItem(Path, usize, Value),
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
    /// Everything is as the module has it.
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
        match self {
            Edit::Text(text) => model.set_text(&text),
            Edit::Set(path, value) => return model.set(&path, value),
            Edit::Unset(path) => return model.unset(&path),
            Edit::SetYaml(path, text) => return model.set_yaml(&path, &text),
            Edit::InsertItem(list, index, value) => return model.insert_item(&list, index, value),
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
            Edit::Reset => model.set_text(""),
            Edit::Undo => drop(model.undo()),
            Edit::Redo => drop(model.redo()),
        }
        Ok(())
    }
}
