//! Credentials that must not be seen.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use contract::{Platform, WorldGiven};
use govalue::{Map, Value};
use helm::manifest::split;
use memchr::memmem;

/// What stands in place of a credential.
const HIDDEN: &str = "REDACTED";

/// How often text may be encoded in encoded text.
const DEPTH: u32 = 4;

/// Shorter texts are too likely to be found by chance.
const SHORTEST: usize = 4;

/// Finds credentials in texts, also where they are encoded in base64 (a
/// registry's password is, twice, in an image pull secret), and hides them.
///
/// ```
/// use chartwright::api::Redactor;
/// let redactor = Redactor::new(["s3cret"]);
/// assert_eq!(redactor.hide(b"password: s3cret"), &b"password: REDACTED"[..]);
/// assert_eq!(redactor.hide(b"auth: dXNlcjpzM2NyZXQ="), &b"auth: dXNlcjpSRURBQ1RFRA=="[..]); // user:REDACTED
/// ```
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: Vec<Vec<u8>>,
}

impl Redactor {
    /// Hides these texts. Those shorter than four bytes are left alone.
    pub fn new<T: Into<Vec<u8>>>(secrets: impl IntoIterator<Item = T>) -> Redactor {
        let mut secrets: Vec<Vec<u8>> = secrets.into_iter().map(Into::into).filter(|s| s.len() >= SHORTEST).collect();
        govalue::sort::sort_by(&mut secrets, |a, b| b.len().cmp(&a.len()));
        secrets.dedup();
        Redactor { secrets }
    }

    /// Hides the credentials of a platform.
    pub fn for_platform(platform: Option<&Platform>) -> Redactor {
        Redactor::new(platform.and_then(|p| p.token.clone()))
    }

    /// Hides the credentials of a world: those of its platform, and what its
    /// Secrets hold under keys that sound like credentials.
    pub fn for_world(world: &WorldGiven) -> Redactor {
        let mut secrets: Vec<Vec<u8>> = world.platform.iter().filter_map(|p| p.token.clone()).map(Vec::from).collect();
        for file in &world.objects {
            let text = file.text.as_bytes();
            for range in split(text) {
                if let Ok(Value::Map(object)) = goyaml::yaml::from_yaml(&text[range]) {
                    add_credentials(&object, &mut secrets);
                }
            }
        }
        Redactor::new(secrets)
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// The text without credentials. What they are encoded in stays what it
    /// is: a registry's configuration is still JSON in base64.
    pub fn hide<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let text = self.hide_plain(text);
        match self.hide_encoded(&text, DEPTH) {
            Some(clean) => Cow::Owned(clean),
            None => text,
        }
    }

    fn hide_plain<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let mut text = Cow::Borrowed(text);
        for secret in &self.secrets {
            if let Some(clean) = replace_all(&text, secret) {
                text = Cow::Owned(clean);
            }
        }
        text
    }

    /// The string without credentials.
    pub fn hide_str(&self, text: &mut String) {
        if let Cow::Owned(clean) = self.hide(text.as_bytes()) {
            *text = String::from_utf8_lossy(&clean).into_owned();
        }
    }

    /// The text with what is encoded in it cleaned, and encoded again; none if it is clean.
    fn hide_encoded(&self, text: &[u8], depth: u32) -> Option<Vec<u8>> {
        if self.secrets.is_empty() || depth == 0 {
            return None;
        }
        let mut clean: Option<Vec<u8>> = None;
        let mut copied = 0;
        for (start, end) in encoded_runs(text) {
            if let Some(run) = self.hide_run(&text[start..end], depth) {
                let clean = clean.get_or_insert_with(Vec::new);
                clean.extend_from_slice(&text[copied..start]);
                clean.extend_from_slice(&run);
                copied = end;
            }
        }
        let mut clean = clean?;
        clean.extend_from_slice(&text[copied..]);
        Some(clean)
    }

    /// A base64 text without the credentials in it; none if it has none.
    fn hide_run(&self, run: &[u8], depth: u32) -> Option<Vec<u8>> {
        let unpadded = run.strip_suffix(b"==").or(run.strip_suffix(b"=")).unwrap_or(run);
        let decoded = STANDARD_NO_PAD.decode(unpadded).ok()?;
        match self.hide_plain(&decoded) {
            Cow::Owned(plain) => {
                let clean = self.hide_encoded(&plain, depth - 1).unwrap_or(plain);
                Some(STANDARD.encode(clean).into_bytes())
            }
            Cow::Borrowed(plain) => Some(STANDARD.encode(self.hide_encoded(plain, depth - 1)?).into_bytes()),
        }
    }
}

/// What keys of credentials have in their names.
const CREDENTIALS: [&str; 6] = ["pass", "token", "secret", "key", "auth", "credential"];

fn add_credentials(object: &Map, secrets: &mut Vec<Vec<u8>>) {
    if !matches!(object.get("kind"), Some(Value::Str(kind)) if &*kind == b"Secret") {
        return;
    }
    for (field, encoded) in [("data", true), ("stringData", false)] {
        let Some(Value::Map(data)) = object.get(field) else { continue };
        for (key, value) in data.entries() {
            let key = key.to_str_lossy().to_lowercase();
            let Value::Str(value) = value else { continue };
            if CREDENTIALS.iter().any(|word| key.contains(word)) {
                secrets.extend(if encoded { STANDARD.decode(&*value).ok() } else { Some(value.to_vec()) });
            }
        }
    }
}

fn replace_all(text: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let mut places = memmem::find_iter(text, secret).peekable();
    places.peek()?;
    let mut clean = Vec::with_capacity(text.len());
    let mut copied = 0;
    for place in places {
        clean.extend_from_slice(&text[copied..place]);
        clean.extend_from_slice(HIDDEN.as_bytes());
        copied = place + secret.len();
    }
    clean.extend_from_slice(&text[copied..]);
    Some(clean)
}

/// The places of what may be base64.
fn encoded_runs(text: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.iter().position(|&b| letter(b))?;
            let letters = text[start..].iter().position(|&b| !letter(b)).unwrap_or(text.len() - start);
            let padding = text[start + letters..].iter().take(2).take_while(|&&b| b == b'=').count();
            at = start + letters + padding;
            if letters >= SHORTEST {
                return Some((start, at));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_however_deep() {
        let redactor = Redactor::new(["s3cr3t-token"]);
        let auth = STANDARD.encode("shop:s3cr3t-token");
        let config = STANDARD.encode(format!(r#"{{"auths": {{"ghcr.io": {{"auth": "{auth}"}}}}}}"#));
        for text in [
            "a: s3cr3t-token".to_owned(),
            format!("auth: {auth}"),
            format!(".dockerconfigjson: {config}\nkind: Secret"),
            format!("twice: {}", STANDARD.encode(&config)),
            format!("{config}{}", "\n"),
            format!("two: {auth}\n---\nthree: [{auth}, \"{config}\"]"),
        ] {
            let clean = redactor.hide(text.as_bytes()).into_owned();
            assert!(memmem::find(&clean, b"s3cr3t").is_none(), "{}", String::from_utf8_lossy(&clean));
            assert_ne!(clean, text.as_bytes());
            assert_eq!(redactor.hide(&clean), clean, "once is enough");
            let clean = String::from_utf8(clean).unwrap();
            assert!(!clean.contains(&auth) && !clean.contains(&config), "{clean}");
            assert_eq!(clean.lines().count(), text.lines().count());
        }
    }

    #[test]
    fn what_is_encoded_stays_readable() {
        let json = r#"{"auths": {"ghcr.io": {"password": "s3cr3t", "auth": "YTpzM2NyM3Q="}}}"#;
        let clean = Redactor::new(["s3cr3t"]).hide(STANDARD.encode(json).as_bytes()).into_owned();
        let decoded = String::from_utf8(STANDARD.decode(clean).unwrap()).unwrap();
        assert_eq!(decoded, r#"{"auths": {"ghcr.io": {"password": "REDACTED", "auth": "YTpSRURBQ1RFRA=="}}}"#);
    }

    #[test]
    fn other_text_stays() {
        let redactor = Redactor::new(["s3cr3t-token", "abc"]);
        let text = format!("abc {} kind: Deployment/apps+v1==", STANDARD.encode("something else"));
        assert!(matches!(redactor.hide(text.as_bytes()), Cow::Borrowed(_)));
        assert!(Redactor::new([""]).is_empty());
    }
}
