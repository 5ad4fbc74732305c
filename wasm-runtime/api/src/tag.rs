//! Entity tags and preconditions (RFC 9110, 8.8 and 13).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::error::ApiError;

/// What a writer knows of what it replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// It must not exist (`If-None-Match: *`).
    Absent,
    /// It must exist (`If-Match: *`).
    Present,
    /// It must have one of these digests (`If-Match`).
    Digests(Vec<String>),
}

impl Precondition {
    /// What the headers say; nothing, if they say nothing.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Precondition>, ApiError> {
        if let Some(none) = headers.get(header::IF_NONE_MATCH) {
            return match none.as_bytes() {
                b"*" => Ok(Some(Precondition::Absent)),
                _ => Err(ApiError::input("If-None-Match of a write can only be *")),
            };
        }
        let mut tags = Vec::new();
        for value in headers.get_all(header::IF_MATCH) {
            let text = value.to_str().map_err(|_| ApiError::input("If-Match is not an entity tag"))?;
            tags.extend(text.split(',').map(|tag| tag.trim().to_owned()));
        }
        match tags.as_slice() {
            [] => Ok(None),
            [any] if any == "*" => Ok(Some(Precondition::Present)),
            _ if !tags.iter().all(|tag| is_tag(tag)) => Err(ApiError::input("If-Match is not an entity tag")),
            // A weak tag never matches here.
            _ => Ok(Some(Precondition::Digests(tags.iter().filter_map(|tag| digest_of(tag)).collect()))),
        }
    }

    /// Whether it holds, where this is the digest of what is there.
    pub fn holds(&self, digest: Option<&str>) -> bool {
        match self {
            Precondition::Absent => digest.is_none(),
            Precondition::Present => digest.is_some(),
            Precondition::Digests(known) => digest.is_some_and(|digest| known.iter().any(|known| known == digest)),
        }
    }
}

/// The tag of a digest.
pub(crate) fn tag_of(digest: &str) -> HeaderValue {
    let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether a text has the form of an entity tag.
fn is_tag(text: &str) -> bool {
    let strong = text.strip_prefix("W/").unwrap_or(text);
    strong.len() >= 2 && strong.starts_with('"') && strong.ends_with('"')
}

fn digest_of(tag: &str) -> Option<String> {
    let hex = tag.strip_prefix('"')?.strip_suffix('"')?;
    Some(format!("sha256:{hex}"))
}

/// Whether the reader has this version already.
pub(crate) fn is_known(headers: &HeaderMap, digest: &str) -> bool {
    let tag = tag_of(digest);
    let Ok(tag) = tag.to_str() else { return false };
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|known| known.to_str().ok()).any(|known| {
        known.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &'static str, value: &'static str) -> Result<Option<Precondition>, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        Precondition::of(&headers)
    }

    #[test]
    fn preconditions_are_read() {
        assert_eq!(Precondition::of(&HeaderMap::new()), Ok(None));
        assert_eq!(of("if-none-match", "*"), Ok(Some(Precondition::Absent)));
        assert!(of("if-none-match", "\"a\"").is_err());
        assert_eq!(of("if-match", "*"), Ok(Some(Precondition::Present)));
        for bad in ["", "c", "\"a\", c", "\"", "*, \"a\""] {
            assert!(of("if-match", bad).is_err(), "{bad}");
        }
        let two = of("if-match", "\"a\", W/\"b\", \"d\"").unwrap().unwrap();
        assert_eq!(two, Precondition::Digests(vec!["sha256:a".into(), "sha256:d".into()]));
        assert!(two.holds(Some("sha256:d")) && !two.holds(Some("sha256:b")) && !two.holds(None));
        assert!(Precondition::Absent.holds(None) && !Precondition::Absent.holds(Some("x")));
    }
}
