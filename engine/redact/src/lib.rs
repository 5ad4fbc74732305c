//! Finds secrets in text, in every form in which text carries other text, and hides them.
//!
//! A [`Redactor`] is made of the secrets. It finds them as they are (`search`, with an `automaton` that looks for all of
//! them at once), escaped (`plain`, `encodings`), and in base64 however deep (`base64`). What carries a secret stays
//! what it is: JSON in base64 is still JSON in base64, with `REDACTED` in place of the secret.
//!
//! What is a secret in the first place is for the caller to say; [`named`] and [`looks_secret`] tell what names and forms
//! suggest.

mod automaton;
mod base64;
mod encodings;
mod forms;
mod hide;
mod names;
mod plain;
mod search;

use std::borrow::Cow;
use std::sync::Arc;

use forms::Forms;
use govalue::sort::sort_by;

pub use names::{Named, has_password, is_about, is_set, looks_secret, named};

/// Finds secrets in texts and hides them: as they are, escaped for JSON, YAML, HTML and URLs, and in base64, however
/// often and wherever they are in it (a registry's password is, twice, in an image pull secret).
///
/// The time that it takes grows with the length of a text, and hardly with the number of secrets.
///
/// ```
/// use redact::Redactor;
/// let redactor = Redactor::new(["s3cret"]);
/// assert_eq!(redactor.hide(b"password: s3cret"), &b"password: REDACTED"[..]);
/// assert_eq!(redactor.hide(b"auth: dXNlcjpzM2NyZXQ="), &b"auth: dXNlcjpSRURBQ1RFRA=="[..]); // user:REDACTED
/// ```
#[derive(Clone, Default)]
pub struct Redactor {
    /// None if there are no secrets.
    forms: Option<Arc<Forms>>,
}

impl Redactor {
    /// Hides these texts.
    pub fn new<T: Into<Vec<u8>>>(secrets: impl IntoIterator<Item = T>) -> Redactor {
        let mut secrets: Vec<Vec<u8>> = secrets.into_iter().map(Into::into).filter(|s| !s.is_empty()).collect();
        sort_by(&mut secrets, Vec::cmp);
        secrets.dedup();
        Redactor { forms: (!secrets.is_empty()).then(|| Arc::new(Forms::new(&secrets))) }
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.forms.is_none()
    }

    /// The text without secrets; itself where it has none.
    pub fn hide<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let Some(forms) = &self.forms else { return Cow::Borrowed(text) };
        match hide::hide(forms, text, hide::DEPTH) {
            Some(clean) => Cow::Owned(clean),
            None => Cow::Borrowed(text),
        }
    }

    /// The string without secrets.
    pub fn hide_str(&self, text: &mut String) {
        if let Cow::Owned(clean) = self.hide(text.as_bytes()) {
            *text = String::from_utf8_lossy(&clean).into_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use ::base64::Engine;
    use ::base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
    use memchr::memmem;

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
    fn wrapped_base64_stays_wrapped() {
        let text = STANDARD.encode("a long text with a s3cr3t in its middle, and more behind it");
        for (width, indent) in [(64, "    "), (20, "\t"), (16, "")] {
            let lines: Vec<&str> = text.as_bytes().chunks(width).map(|l| std::str::from_utf8(l).unwrap()).collect();
            let wrapped = format!("a: |\n{indent}{}\nb: c\n", lines.join(&format!("\n{indent}")));
            let clean = String::from_utf8(Redactor::new(["s3cr3t"]).hide(wrapped.as_bytes()).into_owned()).unwrap();
            let block = clean.strip_prefix("a: |\n").unwrap().strip_suffix("b: c\n").unwrap();
            assert!(block.lines().all(|line| line.trim().len() <= width), "{clean}");
            let bare: String = block.split_whitespace().collect();
            let decoded = String::from_utf8(STANDARD.decode(bare).unwrap()).unwrap();
            assert_eq!(decoded, "a long text with a REDACTED in its middle, and more behind it");
        }
    }

    #[test]
    fn the_whole_is_found_before_its_lines() {
        let lines: Vec<String> = (0..100).map(|i| format!("line {i} of a secret")).collect();
        let redactor = Redactor::new([lines.join("\n"), lines[0].clone(), lines[1].clone()]);
        for text in [lines.join("\\n"), lines.join("\n    ")] {
            assert_eq!(redactor.hide(format!("a: {text}!").as_bytes()), &b"a: REDACTED!"[..]);
        }
    }

    #[test]
    fn other_text_stays() {
        let redactor = Redactor::new(["s3cr3t-token"]);
        let text = format!("abc {} kind: Deployment/apps+v1==", STANDARD.encode("something else"));
        assert!(matches!(redactor.hide(text.as_bytes()), Cow::Borrowed(_)));
        assert!(Redactor::new([""]).is_empty());
    }

    #[test]
    fn what_is_passed_over_has_no_secrets() {
        let secrets = ["demo", "s3cr3t-token", "it's a \"pass phrase\" & more", "k8s+/key=="];
        let secrets: Vec<Vec<u8>> = secrets.iter().map(|secret| secret.as_bytes().to_vec()).collect();
        let quick = Redactor::new(secrets.clone());
        let thorough = Redactor { forms: Some(Arc::new(Forms::new(&secrets).thorough())) };
        let mut random = 7_u64;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % below
        };
        let mut changed = 0;
        for _ in 0..20_000 {
            let mut text = Vec::new();
            for _ in 0..1 + next(4) {
                match next(5) {
                    0 => text.extend_from_slice(&secrets[next(4)]),
                    1 => text.extend((0..next(12)).map(|_| next(256) as u8)),
                    2 => text.extend_from_slice(b"apiVersion: apps/v1\n"),
                    3 => text.extend((0..next(20)).map(|_| b"ABCabc019+/-_="[next(14)])),
                    _ => text.extend_from_slice([&b" "[..], b"\n", b"\\n", b"\"", b"%20"][next(5)]),
                }
                if next(3) == 0 {
                    let alphabet = [&STANDARD, &URL_SAFE, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD][next(4)];
                    text = alphabet.encode(&text).into_bytes();
                }
                if next(8) == 0 {
                    text = text.chunks(16 + next(4)).collect::<Vec<_>>().join(&b"\n  "[..]);
                }
            }
            let clean = quick.hide(&text);
            assert_eq!(clean, thorough.hide(&text), "{}", String::from_utf8_lossy(&text));
            changed += usize::from(*clean != *text);
        }
        assert!(changed > 5000, "{changed}");
    }
}
