//! What an expression may stand for.

use govalue::Str;
use govalue::sorted::Sorted;

/// In a path: any key, or any item of a list.
pub(super) const ANY: &str = "*";

/// The keys that lead to a value of the top chart.
pub(super) type Path = Vec<Str>;

/// What an expression may stand for; nothing of it: something that is no value of the chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Abs {
    /// The `.` that a chart's templates start with: where its values are.
    pub(super) scopes: Sorted<Path, ()>,
    /// Values.
    pub(super) values: Sorted<Path, ()>,
    /// The fields of a map that a template made.
    pub(super) fields: Sorted<Str, Abs>,
    /// The items of a list that a template made, or fields whose names are not known.
    pub(super) items: Option<Box<Abs>>,
}

impl Abs {
    /// The `.` of a chart.
    pub(super) fn scope(path: &Path) -> Abs {
        let mut scope = Abs::default();
        scope.scopes.insert(path.clone(), ());
        scope
    }

    /// A list of these.
    pub(super) fn list(items: Abs) -> Abs {
        Abs { items: Some(Box::new(items)), ..Abs::default() }
    }

    /// Whether it stands for nothing of the chart.
    pub(super) fn is_opaque(&self) -> bool {
        *self == Abs::default()
    }

    /// May also be another. Sizes are bounded by who calls, so the depth of `fields` is.
    pub(super) fn join(&mut self, other: Abs) {
        for (mine, others) in [(&mut self.scopes, other.scopes), (&mut self.values, other.values)] {
            for (path, ()) in others {
                mine.insert(path, ());
            }
        }
        for (key, value) in other.fields {
            self.fields.or_default(key).join(value);
        }
        if let Some(items) = other.items {
            self.items.get_or_insert_default().join(*items);
        }
    }

    /// How much there is to it, and how deep it goes.
    pub(super) fn size(&self) -> (usize, usize) {
        let inner = self.fields.values().chain(self.items.as_deref()).map(Abs::size);
        let (size, depth) = inner.fold((0, 0), |(s, d), (size, depth)| (s + size, d.max(depth)));
        (size + self.scopes.len() + self.values.len() + 1, depth + 1)
    }
}
