//! Label selectors, by equality, as `kubectl get -l` takes them.

use std::collections::BTreeMap;

/// Which labels something must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(Vec<Term>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Is(String, String),
    IsNot(String, String),
    Has(String),
    HasNot(String),
}

impl Selector {
    /// Reads `team=shop,tier!=test,owner,!old`; `==` is `=`.
    ///
    /// # Errors
    /// The term that is none.
    pub fn parse(text: &str) -> Result<Selector, String> {
        let term = |text: &str| {
            let text = text.trim();
            let (term, key) = if let Some((key, value)) = text.split_once("!=") {
                (Term::IsNot(key.trim().to_owned(), value.trim().to_owned()), key)
            } else if let Some((key, value)) = text.split_once('=') {
                let value = value.strip_prefix('=').unwrap_or(value);
                (Term::Is(key.trim().to_owned(), value.trim().to_owned()), key)
            } else if let Some(key) = text.strip_prefix('!') {
                (Term::HasNot(key.trim().to_owned()), key)
            } else {
                (Term::Has(text.to_owned()), text)
            };
            let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'/');
            let key = key.trim();
            if key.is_empty() || !key.bytes().all(fits) { Err(text.to_owned()) } else { Ok(term) }
        };
        if text.trim().is_empty() {
            return Ok(Selector::default());
        }
        text.split(',').map(term).collect::<Result<_, _>>().map(Selector)
    }

    /// Whether labels fit.
    pub fn fits(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|term| match term {
            Term::Is(key, value) => labels.get(key) == Some(value),
            Term::IsNot(key, value) => labels.get(key) != Some(value),
            Term::Has(key) => labels.contains_key(key),
            Term::HasNot(key) => !labels.contains_key(key),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_compared() {
        let labels: BTreeMap<String, String> =
            [("team", "shop"), ("example.org/tier", "prod")].map(|(k, v)| (k.into(), v.into())).into();
        for (text, fits) in [
            ("", true),
            ("team=shop", true),
            ("team==shop, example.org/tier = prod", true),
            ("team=other", false),
            ("team!=other", true),
            ("missing!=x", true),
            ("team", true),
            ("!team", false),
            ("!missing", true),
            ("team=shop,missing", false),
        ] {
            assert_eq!(Selector::parse(text).map(|selector| selector.fits(&labels)), Ok(fits), "{text}");
        }
        for bad in [",", "=x", "!", "a b", "a=b,,c", "team in (a)"] {
            assert!(Selector::parse(bad).is_err(), "{bad}");
        }
    }
}
