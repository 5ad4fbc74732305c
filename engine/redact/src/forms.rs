//! What is looked for.

use crate::encodings::forms;
use crate::plain::{self, Plain};
use crate::search::Search;

/// All forms of all secrets.
pub(crate) struct Forms {
    /// In texts as they are.
    pub(crate) written: Search,
    /// In their plain form; none where no secret has anything to escape.
    pub(crate) plain: Option<Search>,
    /// Whether nothing is passed over because it cannot have secrets: what is found must be the same.
    #[cfg(test)]
    thorough: bool,
}

impl Forms {
    /// The forms of these secrets, none of them empty.
    pub(crate) fn new(secrets: &[Vec<u8>]) -> Forms {
        let written: Vec<Vec<u8>> = secrets.iter().flat_map(|secret| forms(secret)).collect();
        let plain: Vec<Vec<u8>> = secrets.iter().filter_map(|secret| plain::of_secret(secret)).collect();
        Forms {
            written: Search::new(&written),
            plain: (!plain.is_empty()).then(|| Search::new(&plain)),
            #[cfg(test)]
            thorough: false,
        }
    }

    /// Whether a secret may stand in this text as it is or escaped. `false` is certain.
    pub(crate) fn may_match(&self, text: &[u8]) -> bool {
        let plain = |search: &Search| search.may_match(Plain::new(text).bytes());
        self.written.may_match(text) || self.plain.as_ref().is_some_and(plain)
    }

    /// Whether nothing is passed over because it cannot have secrets.
    pub(crate) fn is_thorough(&self) -> bool {
        #[cfg(test)]
        return self.thorough;
        #[cfg(not(test))]
        false
    }

    /// The same, with nothing passed over.
    #[cfg(test)]
    pub(crate) fn thorough(self) -> Forms {
        Forms { thorough: true, ..self }
    }
}
