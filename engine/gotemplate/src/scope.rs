//! Names in scope, the newest last.

use govalue::Index;

/// A stack of names. A name's place on it is a variable's slot.
#[derive(Default)]
pub(crate) struct Scope<'a> {
    names: Vec<&'a [u8]>,
    /// The places of each name, once there are so many that searching would be slow.
    places: Option<Index<Vec<u32>>>,
}

/// Up to this many names are searched one by one.
const SEARCHED: usize = 64;

impl<'a> Scope<'a> {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn push(&mut self, name: &'a [u8]) {
        let place = self.names.len() as u32;
        self.names.push(name);
        if let Some(places) = &mut self.places {
            places.or_default(name).push(place);
        } else if self.names.len() > SEARCHED {
            let mut places = Index::<Vec<u32>>::default();
            for (place, name) in self.names.iter().enumerate() {
                places.or_default(*name).push(place as u32);
            }
            self.places = Some(places);
        }
    }

    /// Forgets the names from this place on.
    pub(crate) fn truncate(&mut self, len: usize) {
        if let Some(places) = &mut self.places {
            for name in self.names.iter().skip(len) {
                if let Some(places) = places.get_mut(name) {
                    places.pop();
                }
            }
        }
        self.names.truncate(len);
    }

    /// The newest place of a name.
    pub(crate) fn find(&self, name: &[u8]) -> Option<u32> {
        match &self.places {
            Some(places) => places.get(name)?.last().copied(),
            None => self.names.iter().rposition(|n| *n == name).map(|i| i as u32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_a_name_counts() {
        for n in [3, 200] {
            let names: Vec<String> = (0..n).map(|i| format!("$v{}", i / 2)).collect();
            let mut scope = Scope::default();
            names.iter().for_each(|name| scope.push(name.as_bytes()));
            assert_eq!(scope.find(b"$v0"), Some(1));
            assert_eq!(scope.find(names[n - 1].as_bytes()), Some(n as u32 - 1));
            scope.truncate(1);
            assert_eq!((scope.len(), scope.find(b"$v0"), scope.find(b"$v1")), (1, Some(0), None));
        }
    }
}
