//! Which version of several is meant.

use gosemver::{Constraints, Version};

/// Whether a text is a range such as `^1`, not a version (`isVersionRange`).
pub(crate) fn is_range(text: &str) -> bool {
    if text.contains(['^', '~', '<', '>', '=', '!', '*']) || text.contains("||") || text.contains(" - ") {
        return true;
    }
    let core = text.find(['-', '+']).map_or(text, |at| &text[..at]);
    core.contains(['x', 'X'])
}

/// What is asked is neither a version nor a range, with the library's message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct VersionError(#[from] gosemver::Error);

/// What one of several versions was picked by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// It is the one that was asked for, or it is in the range.
    As(usize),
    /// The version that was asked for does not exist; this one is close.
    Instead(usize),
}

/// The index of the version that is meant: the one of that text, else the newest
/// in the range; stable ones where nothing is asked. `texts` need no order.
///
/// # Errors
/// If what is asked for is not a range, with the library's message.
pub(crate) fn pick(texts: &[&str], asked: &str) -> Result<Option<Picked>, VersionError> {
    let range = Constraints::parse(if asked.is_empty() { b"*" } else { asked.as_bytes() })?;
    if let Some(at) = texts.iter().position(|t| !asked.is_empty() && *t == asked) {
        return Ok(Some(Picked::As(at)));
    }
    let mut best: Option<(usize, Version)> = None;
    for (at, text) in texts.iter().enumerate() {
        let Ok(version) = Version::parse(text.as_bytes()) else { continue };
        let better = best.as_ref().is_none_or(|(_, b)| version.compare(b).is_gt());
        if better && range.check(&version) {
            best = Some((at, version));
        }
    }
    let exact = !asked.is_empty() && !is_range(asked);
    Ok(best.map(|(at, _)| if exact { Picked::Instead(at) } else { Picked::As(at) }))
}

/// The tag of the version that is meant; a `_` in a tag means `+`.
///
/// # Errors
/// If what is asked for is not a range.
pub(crate) fn newest_tag(tags: &[String], asked: &str) -> Result<Option<String>, VersionError> {
    let versions: Vec<String> = tags.iter().map(|tag| tag.replace('_', "+")).collect();
    let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
    let picked = pick(&versions, asked)?;
    Ok(picked.and_then(|(Picked::As(at) | Picked::Instead(at))| tags.get(at).cloned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_picked_as_helm_does() {
        let texts = ["1.0.0", "1.2.0", "2.0.0-rc.1", "1.10.0", "junk", "0.9.0+b1"];
        for (asked, want) in [
            ("", Some(Picked::As(3))),
            ("*", Some(Picked::As(3))),
            ("1.2.0", Some(Picked::As(1))),
            ("~1.2", Some(Picked::As(1))),
            (">0.0.0-0", Some(Picked::As(2))),
            ("1.2", Some(Picked::Instead(1))),
            ("3.x", None),
            ("junk", None),
        ] {
            match pick(&texts, asked) {
                Ok(got) => assert_eq!(got, want, "{asked}"),
                Err(e) => assert_eq!((asked, e.to_string().as_str()), ("junk", "improper constraint: \"junk\"")),
            }
        }
    }
}
