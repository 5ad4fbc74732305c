//! Finding secrets in text, and what replaces them.

use std::borrow::Cow;
use std::sync::Arc;

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::noncontiguous::NFA;
use aho_corasick::{Input, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::encodings::forms;
use super::plain::{self, Plain};

/// What replaces a secret.
const HIDDEN: &[u8] = b"REDACTED";

/// How often text may be encoded in encoded text.
const DEPTH: u32 = 4;

/// The least bytes of a secret in base64.
const SHORTEST_RUN: usize = 6;

/// Shorter secrets are found in base64 wherever it begins, by what their bytes look like in it.
const SHORTEST_SHIFTED: usize = 64;

/// Lines of wrapped base64 have at least so many letters (MIME has 76, PEM 64).
const SHORTEST_LINE: usize = 16;

/// Finds secrets in texts and hides them: as they are, escaped for JSON, YAML, HTML and URLs, and in base64, however
/// often and wherever they are in it (a registry's password is, twice, in an image pull secret).
///
/// ```
/// use chartwright::api::Redactor;
/// let redactor = Redactor::new(["s3cret"]);
/// assert_eq!(redactor.hide(b"password: s3cret"), &b"password: REDACTED"[..]);
/// assert_eq!(redactor.hide(b"auth: dXNlcjpzM2NyZXQ="), &b"auth: dXNlcjpSRURBQ1RFRA=="[..]); // user:REDACTED
/// ```
#[derive(Clone, Default)]
pub struct Redactor {
    /// All forms of all secrets, looked for in one pass; none if there are no secrets.
    forms: Option<Arc<Forms>>,
}

/// What is looked for.
struct Forms {
    /// In texts as they are.
    written: NFA,
    /// In their plain form; none where no secret has anything to escape.
    plain: Option<NFA>,
}

impl Redactor {
    /// Hides these texts.
    pub fn new<T: Into<Vec<u8>>>(secrets: impl IntoIterator<Item = T>) -> Redactor {
        let mut secrets: Vec<Vec<u8>> = secrets.into_iter().map(Into::into).filter(|s| !s.is_empty()).collect();
        secrets.sort_unstable();
        secrets.dedup();
        if secrets.is_empty() {
            return Redactor::default();
        }
        let patterns: Vec<Vec<u8>> = secrets.iter().flat_map(|secret| forms(secret)).collect();
        let plain: Vec<Vec<u8>> = secrets.iter().filter_map(|secret| plain::of_secret(secret)).collect();
        let automaton = |patterns: &[Vec<u8>]| {
            let built = NFA::builder().match_kind(MatchKind::LeftmostLongest).build(patterns);
            built.expect("an input is far from 2^31 states")
        };
        let plain = (!plain.is_empty()).then(|| automaton(&plain));
        Redactor { forms: Some(Arc::new(Forms { written: automaton(&patterns), plain })) }
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.forms.is_none()
    }

    /// The text without secrets. What they are encoded in stays what it
    /// is: a registry's configuration is still JSON in base64.
    pub fn hide<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let Some(forms) = &self.forms else { return Cow::Borrowed(text) };
        match hide(forms, text, DEPTH) {
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

/// The text without secrets; none if it has none.
///
/// What can be decoded comes first, so that it is encoded again; then what is quoted and folded; then what is left, and
/// base64 that begins in the middle of other letters.
fn hide(forms: &Forms, text: &[u8], depth: u32) -> Option<Vec<u8>> {
    let mut clean: Option<Vec<u8>> = None;
    if depth > 0 {
        for find in [blocks, standard, url_safe] {
            let text = clean.as_deref().unwrap_or(text);
            if let Some(next) = replace(text, find(text), |run| hide_run(forms, run, depth)) {
                clean = Some(next);
            }
        }
    }
    let covered = |_: &[u8]| Some(HIDDEN.to_vec());
    // In plain form first: there a text of many lines is found as a whole, which its lines, hidden one by one, would
    // prevent.
    if let Some(automaton) = &forms.plain {
        let now = clean.as_deref().unwrap_or(text);
        let plain = Plain::new(now);
        let places = matches(automaton, plain.bytes()).into_iter().map(|(start, end)| plain.source(start, end));
        clean = replace(now, places, covered).or(clean);
    }
    let now = clean.as_deref().unwrap_or(text);
    replace(now, matches(&forms.written, now), covered).or(clean)
}

/// The text with other parts at these places; none if all stay.
fn replace(
    text: &[u8],
    places: impl IntoIterator<Item = (usize, usize)>,
    mut with: impl FnMut(&[u8]) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let mut clean: Option<Vec<u8>> = None;
    let mut copied = 0;
    for (start, end) in places {
        if let Some(part) = with(&text[start..end]) {
            let clean = clean.get_or_insert_with(|| Vec::with_capacity(text.len()));
            clean.extend_from_slice(&text[copied..start]);
            clean.extend_from_slice(&part);
            copied = end;
        }
    }
    let mut clean = clean?;
    clean.extend_from_slice(&text[copied..]);
    Some(clean)
}

/// The places of secrets in all their forms.
fn matches(automaton: &NFA, text: &[u8]) -> Vec<(usize, usize)> {
    automaton
        .try_find_iter(Input::new(text))
        .expect("a search without anchor is what this automaton is built for")
        .map(|found| (found.start(), found.end()))
        .collect()
}

/// A base64 text, maybe over several lines, without the secrets in it; none if it has none.
fn hide_run(forms: &Forms, run: &[u8], depth: u32) -> Option<Vec<u8>> {
    let letters: Vec<u8> = run.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    let bare = letters.strip_suffix(b"==").or(letters.strip_suffix(b"=")).unwrap_or(&letters);
    let url = bare.iter().any(|b| matches!(b, b'-' | b'_'));
    // Base64 may stand behind letters that are none of it: `path/c2VjcmV0…`.
    let starts = if depth == DEPTH && bare.len() >= SHORTEST_SHIFTED { 0..4 } else { 0..1 };
    let (start, clean) = starts.into_iter().find_map(|start| {
        let bare = &bare[start..];
        let decoded = if url { URL_SAFE_NO_PAD.decode(bare) } else { STANDARD_NO_PAD.decode(bare) }.ok()?;
        Some((start, hide(forms, &decoded, depth - 1)?))
    })?;
    let padded = bare.len() != letters.len() || bare.len().is_multiple_of(4);
    let text = match (url, padded) {
        (true, true) => URL_SAFE.encode(clean),
        (true, false) => URL_SAFE_NO_PAD.encode(clean),
        (false, true) => STANDARD.encode(clean),
        (false, false) => STANDARD_NO_PAD.encode(clean),
    };
    let text = [&bare[..start], text.as_bytes()].concat();
    if letters.len() == run.len() {
        return Some(text);
    }
    // Lines stay as long as the first was, and are indented as the second was.
    let width = run.iter().position(u8::is_ascii_whitespace).unwrap_or(run.len());
    let gap = &run[width..][..run[width..].iter().take_while(|b| b.is_ascii_whitespace()).count()];
    let lines: Vec<&[u8]> = text.chunks(width.max(1)).collect();
    Some(lines.join(gap))
}

/// The places of what may be base64 in the usual alphabet.
fn standard(text: &[u8]) -> Vec<(usize, usize)> {
    runs(text, |b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/', |_| true)
}

/// The places of what may be base64 in the alphabet for URLs, as far as it is another one.
fn url_safe(text: &[u8]) -> Vec<(usize, usize)> {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    runs(text, letter, |run| run.iter().any(|b| matches!(b, b'-' | b'_')))
}

fn runs(text: &[u8], letter: impl Fn(u8) -> bool, wanted: impl Fn(&[u8]) -> bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].iter().position(|&b| letter(b)).map(|n| at + n) {
        let letters = text[start..].iter().position(|&b| !letter(b)).unwrap_or(text.len() - start);
        let padding = text[start + letters..].iter().take(2).take_while(|&&b| b == b'=').count();
        at = start + letters + padding;
        if letters >= SHORTEST_RUN && wanted(&text[start..start + letters]) {
            found.push((start, at));
        }
    }
    found
}

/// The places of base64 over several lines: of one length, but for the last.
fn blocks(text: &[u8]) -> Vec<(usize, usize)> {
    let letter = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=');
    let mut found = Vec::new();
    // Where the block so far begins and ends, the length of its lines, and how many it has.
    let mut block: Option<(usize, usize, usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive(|&b| b == b'\n') {
        let content = line.trim_ascii();
        let start = at + line.len() - line.trim_ascii_start().len();
        let end = start + content.len();
        // The first line may follow a key.
        let tail = content.len() - content.iter().rev().take_while(|b| letter(b)).count();
        at += line.len();
        let whole = tail == 0 && !content.is_empty();
        block = match block {
            Some((from, _, width, lines)) if whole && content.len() == width => Some((from, end, width, lines + 1)),
            Some((from, until, width, lines)) => {
                if whole && content.len() < width {
                    found.push((from, end));
                    None
                } else {
                    if lines > 1 {
                        found.push((from, until));
                    }
                    begin(start + tail, end)
                }
            }
            None => begin(start + tail, end),
        };
    }
    if let Some((from, until, _, lines)) = block
        && lines > 1
    {
        found.push((from, until));
    }
    found
}

/// The first line of a block, if it is long enough for one.
fn begin(start: usize, end: usize) -> Option<(usize, usize, usize, usize)> {
    (end - start >= SHORTEST_LINE).then_some((start, end, end - start, 1))
}

#[cfg(test)]
mod tests {
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
}
