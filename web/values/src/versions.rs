//! What another version of a chart means for an override.

use std::fmt;

use crate::model::{Model, Refused};
use crate::path::Path;
use crate::schema::{Problem, Schema};
use crate::value::{Type, Value};

/// Something that a person should look at when a chart's version changes. The override itself stays as it is until they
/// take the advice.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionNote {
    /// What the override sets; where a map of it cannot be one any more, that map.
    pub path: Path,
    /// What became of it.
    pub change: VersionChange,
    /// The old version's default.
    pub old: Option<Value>,
    /// The new version's default: of the new place, if it moved.
    pub new: Option<Value>,
    /// What the override sets.
    pub yours: Value,
    /// What to do about it.
    pub advice: Advice,
}

/// What became of a value that the override sets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum VersionChange {
    /// The new version does not know it.
    Vanished,
    /// The new version does not know it, but has one that is new and like it.
    Moved(Path),
    /// It has another type now.
    Retyped {
        /// What it was.
        from: Type,
        /// What it is.
        to: Type,
    },
    /// The new schema does not allow what the override sets.
    Invalid(Problem),
    /// The new version says that it goes away some day.
    Deprecated,
    /// The chart's own value is another one now.
    DefaultChanged,
    /// The chart's own value is now what the override sets.
    SameAsDefault,
}

/// What to do about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// It does what it did.
    Keep,
    /// It does nothing any more, or does harm.
    Drop,
    /// It goes to another place.
    Rename(Path),
    /// Only a person can tell: it needs another value.
    Change,
}

impl fmt::Display for VersionNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let default = |value: &Option<Value>| value.as_ref().map_or_else(|| "none".to_owned(), Value::shown);
        match &self.change {
            VersionChange::Vanished => f.write_str("is not known any more"),
            VersionChange::Moved(to) => write!(f, "is {to} now"),
            VersionChange::Retyped { from, to } => {
                write!(f, "was of type {} and is of type {} now", from.name(), to.name())
            }
            VersionChange::Invalid(problem) => write!(f, "is not valid any more: {problem}"),
            VersionChange::Deprecated => f.write_str("is deprecated now"),
            VersionChange::DefaultChanged => {
                write!(f, "had the default {} and has {} now", default(&self.old), default(&self.new))
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

    /// What its schema has against a value.
    fn problem(&self, path: &Path, value: &Value, defaults: &Value) -> Option<Problem> {
        let view = self.schema?.root().at(path, defaults);
        view.problem(value).or_else(|| (!view.matches(value)).then_some(Problem::NotAllowed))
    }

    fn is_deprecated(&self, path: &Path) -> bool {
        self.schema.is_some_and(|schema| schema.root().at(path, self.defaults).any_shape(|shape| shape.deprecated))
    }
}

/// What the change from one version to another means for what a model sets. The model may have either version's defaults.
pub fn compare_versions(model: &Model, old: Version<'_>, new: Version<'_>) -> Vec<VersionNote> {
    let mut out: Vec<VersionNote> = Vec::new();
    for path in &model.set_paths() {
        let Some(value) = model.values().get(path) else { continue };
        let note = |path: &Path, change, advice| VersionNote {
            path: path.clone(),
            old: old.defaults.get(path).cloned(),
            new: match &change {
                VersionChange::Moved(to) => new.defaults.get(to).cloned(),
                _ => new.defaults.get(path).cloned(),
            },
            yours: model.values().get(path).cloned().unwrap_or_default(),
            change,
            advice,
        };
        // A map that is something else now takes all in it along, and is told of once.
        if let Some((at, from, to)) = retyped(path, value, old.defaults, new.defaults) {
            if out.iter().all(|known| known.path != at) {
                out.push(note(&at, VersionChange::Retyped { from, to }, Advice::Change));
            }
            continue;
        }
        if !new.knows(path) {
            // What the old version did not know either is not news.
            if old.knows(path) {
                let (change, advice) = match moved(path, value, old, new) {
                    Some(to) => (VersionChange::Moved(to.clone()), Advice::Rename(to)),
                    None => (VersionChange::Vanished, Advice::Drop),
                };
                out.push(note(path, change, advice));
            }
            continue;
        }
        let (before, after) = (old.defaults.get(path), new.defaults.get(path));
        // A null of the chart is as good as no default.
        let plain = |value: Option<&Value>| value.filter(|v| **v != Value::Null).cloned();
        if plain(before) != plain(after) && old.knows(path) {
            out.push(match after == Some(value) {
                true => note(path, VersionChange::SameAsDefault, Advice::Drop),
                false => note(path, VersionChange::DefaultChanged, Advice::Keep),
            });
        }
        if let (Some(problem), None) = (new.problem(path, value, new.defaults), old.problem(path, value, old.defaults))
        {
            out.push(note(path, VersionChange::Invalid(problem), Advice::Change));
        }
        if new.is_deprecated(path) && !old.is_deprecated(path) {
            out.push(note(path, VersionChange::Deprecated, Advice::Keep));
        }
    }
    out
}

impl Model {
    /// Does what a note advises, as one step that can be undone. What is to stay or to be changed by a person stays.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn take_advice(&mut self, note: &VersionNote) -> Result<(), Refused> {
        match &note.advice {
            Advice::Keep | Advice::Change => Ok(()),
            Advice::Drop => self.unset(&note.path),
            Advice::Rename(to) => self.move_value(&note.path, to),
        }
    }
}

/// Where a value or a map around it has another type now; what the override sets may be of the new one already.
fn retyped(path: &Path, value: &Value, old: &Value, new: &Value) -> Option<(Path, Type, Type)> {
    (1..=path.len()).find_map(|len| {
        let at = path.prefix(len);
        let (from, to) = (old.get(&at)?.kind(), new.get(&at)?.kind());
        let own = if len == path.len() { value.kind() } else { Type::Map };
        (!is_alike(from, to) && !is_alike(own, to)).then_some((at, from, to))
    })
}

/// Whether a value of one type can stand where one of the other was.
fn is_alike(a: Type, b: Type) -> bool {
    let plain = |t| if t == Type::Integer { Type::Number } else { t };
    a == Type::Null || b == Type::Null || plain(a) == plain(b)
}

/// Where a value went: to the only new place that is like it. A place is like it if its last keys are the same, or if it
/// stands beside it under a name that is nearly the same; of several, the one with the most in common counts, and then
/// the one with the same default.
fn moved(path: &Path, value: &Value, old: Version<'_>, new: Version<'_>) -> Option<Path> {
    let before = old.defaults.get(path);
    let kind = before.filter(|v| **v != Value::Null).unwrap_or(value).kind();
    let score = |candidate: &Path| {
        let after = new.defaults.get(candidate)?;
        if old.knows(candidate) || !is_alike(kind, after.kind()) {
            return None;
        }
        let common = common_end(path, candidate);
        let beside = candidate.len() == path.len() && candidate.prefix(path.len() - 1) == path.prefix(path.len() - 1);
        let is_like = beside && is_like_name(path.last_key()?, candidate.last_key()?);
        if common == 0 && !is_like {
            return None;
        }
        let start = path.steps().iter().zip(candidate.steps()).take_while(|(a, b)| a == b).count();
        Some(common * 4 + start * 2 + usize::from(before == Some(after)))
    };
    // Maps that a person fills have the default `{}`, and what is in them goes along.
    let mut candidates = new.defaults.leaves(true);
    let inner: Vec<Path> = candidates
        .iter()
        .filter(|at| new.defaults.get(at).is_some_and(Value::is_empty_collection))
        .filter_map(|at| {
            let name = at.last_key()?;
            let from = (1..path.len()).find(|len| path.prefix(*len).last_key() == Some(name))?;
            let rest = path.steps().get(from..)?;
            Some(Path::from([at.steps(), rest].concat()))
        })
        .collect();
    let filled = |candidate: &Path| {
        let len = (1..candidate.len())
            .find(|len| new.defaults.get(&candidate.prefix(*len)).is_some_and(Value::is_empty_collection))?;
        (!old.knows(&candidate.prefix(len))).then(|| common_end(path, candidate) * 4)
    };
    candidates.extend(inner);
    let mut best: Option<(usize, Path)> = None;
    let mut is_only = true;
    for candidate in candidates {
        let Some(score) = score(&candidate).or_else(|| filled(&candidate).filter(|score| *score > 0)) else { continue };
        match &best {
            Some((old, _)) if *old > score => {}
            Some((old, _)) if *old == score => is_only = false,
            _ => (best, is_only) = (Some((score, candidate)), true),
        }
    }
    best.filter(|_| is_only).map(|(_, path)| path)
}

/// How many keys two paths have in common at their ends.
fn common_end(a: &Path, b: &Path) -> usize {
    a.steps().iter().rev().zip(b.steps().iter().rev()).take_while(|(a, b)| a == b).count()
}

/// Whether one name is the other in another spelling, or has a word more: `pullpolicy` and `pullPolicy`, `replicas` and
/// `replicaCount`, `storage` and `storageClass`.
fn is_like_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| {
        let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        letters.strip_suffix('s').map_or(letters.clone(), str::to_owned)
    };
    let (a, b) = (plain(a), plain(b));
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    short.len() >= 3 && (long.starts_with(short.as_str()) || long.ends_with(short.as_str()))
}
