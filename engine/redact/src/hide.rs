//! Taking secrets out of a text.

use ::base64::Engine;
use ::base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::base64::{self, Kind};
use crate::forms::Forms;
use crate::plain::Plain;

/// What replaces a secret.
const HIDDEN: &[u8] = b"REDACTED";

/// How often text may be encoded in encoded text.
pub(crate) const DEPTH: u32 = 4;

/// Shorter secrets are found in base64 wherever it begins, by what their bytes look like in it.
const SHORTEST_SHIFTED: usize = 64;

/// The text without secrets; none if it has none.
///
/// What can be decoded comes first, so that it is encoded again; then what is quoted and folded; then what is left, and
/// base64 that begins in the middle of other letters.
pub(crate) fn hide(forms: &Forms, text: &[u8], depth: u32) -> Option<Vec<u8>> {
    let mut clean: Option<Vec<u8>> = None;
    if depth > 0 {
        for kind in [Kind::Block, Kind::Standard, Kind::UrlSafe] {
            let text = clean.as_deref().unwrap_or(text);
            let places = base64::places(kind, text, forms, depth);
            if let Some(next) = replace(text, places, |run| hide_run(forms, run, depth)) {
                clean = Some(next);
            }
        }
    }
    let covered = |_: &[u8]| Some(HIDDEN.to_vec());
    // In plain form first: there a text of many lines is found as a whole, which its lines, hidden one by one, would
    // prevent.
    if let Some(search) = &forms.plain {
        let now = clean.as_deref().unwrap_or(text);
        let plain = Plain::new(now);
        let places = search.places(plain.bytes()).into_iter().map(|(start, end)| plain.source(start, end));
        clean = replace(now, places, covered).or(clean);
    }
    let now = clean.as_deref().unwrap_or(text);
    replace(now, forms.written.places(now), covered).or(clean)
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
