//! JSON pointers, fragments and references.

use std::borrow::Cow;
use std::sync::Arc;

use govalue::strconv::quote;
use govalue::url::{Url, path_escape, path_unescape};

use crate::json::Json;

/// The URL under which Helm compiles a chart's schema.
pub(crate) const URL: &str = "file:///values.schema.json";

/// A URL and a fragment that is not escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlFragment {
    pub(crate) url: String,
    pub(crate) fragment: String,
}

/// The place of a schema: a document and a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) url: Arc<str>,
    pub(crate) pointer: String,
}

impl Place {
    /// As messages show it: `file:///values.schema.json#/properties/a`.
    pub(crate) fn text(&self) -> String {
        format!("{}#{}", self.url, encode(&self.pointer))
    }

    /// The value there.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn find<'d>(&self, document: &'d Json) -> Result<&'d Json, String> {
        let mut value = document;
        for escaped in self.pointer.split('/').skip(1) {
            let token = if escaped.contains('~') { unescape(escaped) } else { Some(Cow::Borrowed(escaped)) };
            let Some(token) = token else {
                return Err(format!("invalid json-pointer {}", quote(self.text().as_bytes())));
            };
            let next = match value {
                Json::Object(o) => o.get(&*token),
                Json::Array(items) => {
                    // As `strconv.Atoi`: signs and leading zeros are fine.
                    token.parse::<i64>().ok().and_then(|i| usize::try_from(i).ok()).and_then(|i| items.get(i))
                }
                _ => None,
            };
            value = next.ok_or_else(|| format!("json-pointer in {} not found", quote(self.text().as_bytes())))?;
        }
        Ok(value)
    }
}

/// Appends `/token` to a pointer.
pub(crate) fn append(pointer: &str, token: &str) -> String {
    let mut out = String::with_capacity(pointer.len() + token.len() + 1);
    out.push_str(pointer);
    out.push('/');
    for (i, part) in token.split('~').enumerate() {
        if i > 0 {
            out.push_str("~0");
        }
        for (i, part) in part.split('/').enumerate() {
            if i > 0 {
                out.push_str("~1");
            }
            out.push_str(part);
        }
    }
    out
}

/// Appends `/token` to a pointer in bytes.
pub(crate) fn append_token(out: &mut Vec<u8>, token: &[u8]) {
    out.push(b'/');
    for &b in token {
        match b {
            b'~' => out.extend_from_slice(b"~0"),
            b'/' => out.extend_from_slice(b"~1"),
            b => out.push(b),
        }
    }
}

fn unescape(token: &str) -> Option<Cow<'_, str>> {
    let mut parts = token.split('~');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.as_bytes().first() {
            Some(b'0') => out.push('~'),
            Some(b'1') => out.push('/'),
            _ => return None,
        }
        out.push_str(&part[1..]);
    }
    Some(Cow::Owned(out))
}

/// Escapes a fragment, but for its slashes.
pub(crate) fn encode(fragment: &str) -> String {
    let escaped: Vec<Vec<u8>> = fragment.split('/').map(|token| path_escape(token.as_bytes())).collect();
    govalue::utf8::lossy(&escaped.join(&b'/')).into_owned()
}

/// Takes a reference apart.
///
/// # Errors
/// If the fragment has a `%` that escapes nothing.
pub(crate) fn split_fragment(reference: &str) -> Result<UrlFragment, String> {
    let (url, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    match path_unescape(fragment.as_bytes()) {
        Ok(f) => Ok(UrlFragment { url: url.to_owned(), fragment: govalue::utf8::lossy(&f).into_owned() }),
        Err(e) => Err(format!("error in parsing {}: {e}", quote(reference.as_bytes()))),
    }
}

/// What a reference means that stands in a document at this URL.
///
/// # Errors
/// If one of both is no URL.
pub(crate) fn join(base: &str, reference: &str) -> Result<UrlFragment, String> {
    if reference.starts_with('#') && base == URL {
        return Ok(UrlFragment { url: base.to_owned(), ..split_fragment(reference)? });
    }
    let parse =
        |url: &str| Url::parse(url.as_bytes()).map_err(|e| format!("error in parsing {}: {e}", quote(url.as_bytes())));
    let base = parse(base)?;
    let UrlFragment { url, fragment } = split_fragment(reference)?;
    let reference = parse(&url)?;
    let mut resolved = base.resolve(&reference);
    if reference.scheme.is_empty() && !base.opaque.is_empty() {
        resolved.opaque = base.opaque;
    }
    Ok(UrlFragment { url: govalue::utf8::lossy(&resolved.to_bytes()).into_owned(), fragment })
}

/// A fragment that is no JSON pointer: the name of an anchor.
pub(crate) fn anchor(fragment: &str) -> Option<&str> {
    Some(fragment).filter(|f| !f.is_empty() && !f.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers() {
        let doc = Json::parse(br#"{"a/b": [{"c~d": 1}], "": 2}"#).unwrap_or(Json::Null);
        let find = |pointer: &str| {
            let place = Place { url: "u".into(), pointer: pointer.to_owned() };
            place.find(&doc).map(|v| format!("{v:?}"))
        };
        assert!(find("/a~1b/0/c~0d").is_ok());
        assert!(find("/").is_ok());
        assert_eq!(find("/a~1b/1"), Err("json-pointer in \"u#/a~1b/1\" not found".to_owned()));
        assert_eq!(find("/a~2"), Err("invalid json-pointer \"u#/a~2\"".to_owned()));
        assert_eq!(append("/x", "a/~"), "/x/a~1~0");
        assert_eq!(encode("/a b/%"), "/a%20b/%25");
    }

    #[test]
    fn references() {
        for (base, reference, url, fragment) in [
            ("file:///values.schema.json", "#/a%20b", "file:///values.schema.json", "/a b"),
            ("file:///values.schema.json", "other.json#x", "file:///other.json", "x"),
            ("http://h/a/b", "../c", "http://h/c", ""),
            ("urn:x:y", "#z", "urn:x:y", "z"),
        ] {
            let want = UrlFragment { url: url.to_owned(), fragment: fragment.to_owned() };
            assert_eq!(join(base, reference), Ok(want), "{reference}");
        }
        assert_eq!(join("u", "#%zz"), Err("error in parsing \"#%zz\": invalid URL escape \"%zz\"".to_owned()));
    }
}
