//! What comes later: nothing yet, on its way, there, or failed, with what was there before.

/// Something that is fetched or computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load<T> {
    /// Nobody asked for it.
    #[default]
    Idle,
    /// It is on its way; until then, what was there before.
    Loading(Option<T>),
    /// It failed, and is on its way again; what was there before stays, and so does what is said of it.
    Again(Trouble, T),
    /// It is there.
    Ready(T),
    /// It could not be had; what was there before stays.
    Failed(Trouble, Option<T>),
}

impl<T> Load<T> {
    /// What can be shown: the newest that there is.
    pub fn shown(&self) -> Option<&T> {
        match self {
            Load::Ready(value) | Load::Loading(Some(value)) | Load::Failed(_, Some(value)) | Load::Again(_, value) => {
                Some(value)
            }
            Load::Idle | Load::Loading(None) | Load::Failed(_, None) => None,
        }
    }

    /// What went wrong.
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Load::Failed(trouble, _) | Load::Again(trouble, _) => Some(trouble),
            _ => None,
        }
    }

    /// Whether what is shown is older than what was asked for.
    pub fn is_stale(&self) -> bool {
        matches!(self, Load::Failed(_, Some(_)) | Load::Again(..))
    }

    /// Whether it is on its way.
    pub fn is_loading(&self) -> bool {
        matches!(self, Load::Loading(_) | Load::Again(..))
    }

    /// Asked for again: what is there stays.
    #[must_use]
    pub fn again(self) -> Load<T> {
        match self {
            Load::Failed(trouble, Some(value)) | Load::Again(trouble, value) => Load::Again(trouble, value),
            other => Load::Loading(other.into_shown()),
        }
    }

    /// It came, or failed.
    #[must_use]
    pub fn came(self, result: Result<T, Trouble>) -> Load<T> {
        match result {
            Ok(value) => Load::Ready(value),
            Err(trouble) => Load::Failed(trouble, self.into_shown()),
        }
    }

    fn into_shown(self) -> Option<T> {
        match self {
            Load::Ready(value) => Some(value),
            Load::Loading(value) | Load::Failed(_, value) => value,
            Load::Again(_, value) => Some(value),
            Load::Idle => None,
        }
    }
}

/// What went wrong, in words for people: what happened, where, and the way out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trouble {
    /// What happened, in a sentence without a full stop.
    pub what: String,
    /// Where: a file with line and column, an address; empty where that helps nobody.
    pub place: String,
    /// What to do about it; empty where nothing is known.
    pub way_out: String,
    /// What the tool said, line by line, for those who want to know more.
    pub detail: String,
}

impl Trouble {
    /// Trouble of which only a sentence is known.
    pub fn new(what: impl Into<String>) -> Trouble {
        Trouble { what: what.into(), ..Trouble::default() }
    }

    /// With a place.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Trouble {
        Trouble { place: place.into(), ..self }
    }

    /// With a way out.
    #[must_use]
    pub fn hint(self, way_out: impl Into<String>) -> Trouble {
        Trouble { way_out: way_out.into(), ..self }
    }
}

impl From<contract::Failure> for Trouble {
    fn from(failure: contract::Failure) -> Trouble {
        let mut place = failure.file.unwrap_or_default();
        for number in [failure.line, failure.column].into_iter().flatten().filter(|number| *number > 0) {
            place.push(':');
            place.push_str(&number.to_string());
        }
        let mut way_out = String::new();
        for hint in &failure.hints {
            if !way_out.is_empty() {
                way_out.push_str("; ");
            }
            way_out.push_str(&crate::words::hint(hint));
        }
        let mut detail = String::new();
        if let Some(line) = failure.source_line {
            detail.push_str(line.trim());
            detail.push('\n');
        }
        for site in failure.trace {
            detail.push_str(&format!("{}:{}: {} {}\n", site.file, site.line, site.template, site.expression));
        }
        Trouble { what: failure.message, place, way_out, detail }
    }
}

impl From<&contract::Problem> for Trouble {
    fn from(problem: &contract::Problem) -> Trouble {
        Trouble {
            what: problem.message.clone(),
            place: problem.place.to_string(),
            way_out: problem.hint.as_ref().map(crate::words::hint).unwrap_or_default(),
            detail: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_stays() {
        let load = Load::Ready(1).again();
        assert_eq!(load, Load::Loading(Some(1)));
        let load = load.came(Err(Trouble::new("no")));
        assert_eq!((load.shown(), load.is_stale()), (Some(&1), true));
        assert_eq!(load.again().came(Ok(2)), Load::Ready(2));
        assert_eq!(Load::<u8>::Idle.again().came(Err(Trouble::default())).shown(), None);
    }

    #[test]
    fn what_failed_stays_so_until_it_comes() {
        let failed = Load::Ready(1).again().came(Err(Trouble::new("no")));
        let again = failed.again();
        assert_eq!(again, Load::Again(Trouble::new("no"), 1));
        assert!(again.is_stale() && again.is_loading() && again.shown() == Some(&1));
        assert_eq!(again.clone().again(), again);
        assert_eq!(again.clone().came(Ok(2)), Load::Ready(2));
        assert_eq!(again.came(Err(Trouble::new("other"))), Load::Failed(Trouble::new("other"), Some(1)));
        // Without anything to show there is nothing that is old.
        assert_eq!(Load::<u8>::Failed(Trouble::new("no"), None).again(), Load::Loading(None));
    }
}
