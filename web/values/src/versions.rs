//! What another version of a chart means for an override.

use std::fmt;

use crate::model::Model;
use crate::path::Path;
use crate::schema::Schema;
use crate::value::{Type, Value};

/// Something that a person should look at when a chart's version changes. The override itself stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionNote {
    /// What the override sets.
    pub path: Path,
    /// What became of it.
    pub change: VersionChange,
}

/// What became of a value that the override sets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum VersionChange {
    /// The new version does not know it.
    Vanished,
    /// The new version does not know it, but has one of the same name and kind elsewhere, which is new.
    Moved(Path),
    /// It has another type now.
    Retyped {
        /// What it was.
        from: Type,
        /// What it is.
        to: Type,
    },
    /// The new schema does not allow what the override sets.
    Invalid(crate::Problem),
    /// The chart's own value is another one now.
    DefaultChanged {
        /// The old one.
        from: Value,
        /// The new one.
        to: Value,
    },
    /// The chart's own value is now what the override sets.
    SameAsDefault,
}

impl fmt::Display for VersionChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VersionChange::Vanished => f.write_str("is not known any more"),
            VersionChange::Moved(to) => write!(f, "is {to} now"),
            VersionChange::Retyped { from, to } => {
                write!(f, "was of type {} and is of type {} now", from.name(), to.name())
            }
            VersionChange::Invalid(problem) => write!(f, "is not valid any more: {problem}"),
            VersionChange::DefaultChanged { from, to } => {
                write!(f, "had the default {} and has {} now", from.shown(), to.shown())
            }
            VersionChange::SameAsDefault => f.write_str("is the default now"),
        }
    }
}

/// A chart as far as versions are compared.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    /// Its values.
    pub defaults: &'v Value,
    /// Its schema, if it has one.
    pub schema: Option<&'v Schema>,
}

impl Version<'_> {
    /// Whether it has a value at a path, or says something about one.
    fn knows(&self, path: &Path) -> bool {
        if self.defaults.get(path).is_some() {
            return true;
        }
        if let Some(schema) = self.schema
            && !schema.root().at(path, self.defaults).is_empty()
        {
            return true;
        }
        // Maps that are empty in the defaults, and all below a list, are there to be filled.
        (1..path.len()).any(|len| {
            let parent = self.defaults.get(&path.prefix(len));
            parent.is_some_and(|v| v.is_empty_collection() || matches!(v, Value::List(_) | Value::Null))
        })
    }
}

/// What the change from one version to another means for what a model sets. The model may have either version's defaults.
pub fn compare_versions(model: &Model, old: Version<'_>, new: Version<'_>) -> Vec<VersionNote> {
    let mut out = Vec::new();
    let mut note = |path: &Path, change| out.push(VersionNote { path: path.clone(), change });
    for path in &model.set_paths() {
        let Some(value) = model.values().get(path) else { continue };
        let (before, after) = (old.defaults.get(path), new.defaults.get(path));
        if !new.knows(path) {
            // What the old version did not know either is not news.
            if old.knows(path) {
                let moved = moved(path, before, old.defaults, new.defaults);
                note(path, moved.map_or(VersionChange::Vanished, VersionChange::Moved));
            }
            continue;
        }
        if let (Some(before), Some(after)) = (before, after) {
            match (before.kind(), after.kind()) {
                (from, to) if !is_alike(from, to) => {
                    note(path, VersionChange::Retyped { from, to });
                    continue;
                }
                _ if before != after && value == after => note(path, VersionChange::SameAsDefault),
                _ if before != after => {
                    note(path, VersionChange::DefaultChanged { from: before.clone(), to: after.clone() });
                }
                _ => {}
            }
        }
        let invalid = |version: Version<'_>| {
            let view = version.schema?.root().at(path, new.defaults);
            view.problem(value)
        };
        if let (Some(problem), None) = (invalid(new), invalid(old)) {
            note(path, VersionChange::Invalid(problem));
        }
    }
    out
}

/// Whether a value of one type can stand where one of the other was.
fn is_alike(a: Type, b: Type) -> bool {
    let plain = |t| if t == Type::Integer { Type::Number } else { t };
    a == Type::Null || b == Type::Null || plain(a) == plain(b)
}

/// Where a value went: to the only new path with the same last key and a like value. Of several, those with the same
/// value or the most keys in common count.
fn moved(path: &Path, before: Option<&Value>, old: &Value, new: &Value) -> Option<Path> {
    let name = path.last_key()?;
    let score = |candidate: &Path| {
        let value = new.get(candidate)?;
        if old.get(candidate).is_some() || candidate.last_key() != Some(name) {
            return None;
        }
        if before.is_some_and(|before| !is_alike(before.kind(), value.kind())) {
            return None;
        }
        let common = candidate.steps().iter().filter(|step| path.steps().contains(step)).count();
        Some(common * 2 + usize::from(before == Some(value)))
    };
    let mut best: Option<(usize, Path)> = None;
    let mut is_only = true;
    for candidate in new.leaves(true) {
        let Some(score) = score(&candidate) else { continue };
        match &best {
            Some((old, _)) if *old > score => {}
            Some((old, _)) if *old == score => is_only = false,
            _ => (best, is_only) = (Some((score, candidate)), true),
        }
    }
    best.filter(|_| is_only).map(|(_, path)| path)
}
