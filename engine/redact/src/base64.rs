//! Where base64 may stand in text (RFC 4648).

use crate::forms::Forms;

/// The least letters of base64 that are decoded.
const SHORTEST_RUN: usize = 6;

/// Lines of wrapped base64 have at least so many letters (MIME has 76, PEM 64).
const SHORTEST_LINE: usize = 16;

/// What is decoded from a run below this cannot have base64 over several lines in it.
const SHORT_RUN: usize = (2 * SHORTEST_LINE + 1) * 4 / 3;

/// What a byte is in base64: its bits, or that it is no letter of it.
const NO_LETTER: u8 = 0xff;

const BITS: [u8; 256] = {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = [NO_LETTER; 256];
    let mut at = 0;
    while at < letters.len() {
        bits[letters[at] as usize] = at as u8;
        at += 1;
    }
    // The alphabet for URLs has these in place of plus and slash.
    bits[b'-' as usize] = 62;
    bits[b'_' as usize] = 63;
    bits
};

/// The alphabets that a byte is a letter of: each byte of a text is looked up here several times.
const ALPHABETS: [u8; 256] = {
    let mut alphabets = [0; 256];
    let mut byte = 0;
    while byte < alphabets.len() {
        alphabets[byte] = match (BITS[byte], byte as u8) {
            (NO_LETTER, _) => 0,
            (_, b'+' | b'/') => USUAL,
            (_, b'-' | b'_') => OF_URLS,
            _ => USUAL | OF_URLS,
        };
        byte += 1;
    }
    alphabets
};

const USUAL: u8 = 1;
const OF_URLS: u8 = 2;

/// Whether a byte is a letter of this alphabet.
fn is_of(alphabet: u8, byte: u8) -> bool {
    ALPHABETS[usize::from(byte)] & alphabet != 0
}

/// Whether a byte is a letter of one of the alphabets.
fn is_letter(byte: u8) -> bool {
    is_of(USUAL | OF_URLS, byte)
}

/// A way in which base64 stands in text.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Over several lines.
    Block,
    /// In the usual alphabet.
    Standard,
    /// In the alphabet for URLs, as far as it is another one.
    UrlSafe,
}

/// The places of what may be base64 of a kind, and may have one of these in it.
pub(crate) fn places(kind: Kind, text: &[u8], forms: &Forms, depth: u32) -> Vec<(usize, usize)> {
    let is_usual = |run: &[u8]| run.iter().all(|&b| is_of(USUAL, b));
    match kind {
        Kind::Block => blocks(text),
        Kind::Standard => runs(text, USUAL, &|run| is_worth_decoding(run, forms, depth)),
        Kind::UrlSafe => runs(text, OF_URLS, &|run| !is_usual(run) && is_worth_decoding(run, forms, depth)),
    }
}

/// The runs of letters of an alphabet that are wanted, with the padding behind them.
fn runs(text: &[u8], alphabet: u8, wanted: &dyn Fn(&[u8]) -> bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].iter().position(|&b| is_of(alphabet, b)).map(|n| at + n) {
        let letters = text[start..].iter().position(|&b| !is_of(alphabet, b)).unwrap_or(text.len() - start);
        let padding = text[start + letters..].iter().take(2).take_while(|&&b| b == b'=').count();
        at = start + letters + padding;
        if letters >= SHORTEST_RUN && wanted(&text[start..start + letters]) {
            found.push((start, at));
        }
    }
    found
}

/// Whether a run is worth being decoded. Most runs are words, and are told apart here, where that costs little; `false`
/// is certain.
fn is_worth_decoding(run: &[u8], forms: &Forms, depth: u32) -> bool {
    let Some(&last) = run.last() else { return false };
    if run.len() >= SHORT_RUN || forms.is_thorough() {
        return true;
    }
    // No base64 ends in a part of a byte, or has bits behind its last byte.
    let bits = BITS[usize::from(last)];
    let is_cut = match run.len() % 4 {
        0 => false,
        1 => true,
        2 => bits & 0b1111 != 0,
        _ => bits & 0b11 != 0,
    };
    if is_cut {
        return false;
    }
    let mut bytes = [0; SHORT_RUN];
    let mut length = 0;
    for letters in run.chunks(4) {
        let bits = letters.iter().fold(0, |bits, &letter| bits << 6 | u32::from(BITS[usize::from(letter)]));
        let three = bits << (6 * (4 - letters.len()));
        bytes[length..length + 3].copy_from_slice(&three.to_be_bytes()[1..]);
        length += letters.len() * 3 / 4;
    }
    let decoded = &bytes[..length];
    let is_run = |run: &[u8]| run.len() >= SHORTEST_RUN && run.first().is_some_and(|&byte| is_letter(byte));
    let has_runs = || decoded.chunk_by(|a, b| is_letter(*a) == is_letter(*b)).any(is_run);
    forms.may_match(decoded) || (depth > 1 && has_runs())
}

/// The places of base64 over several lines: of one length, but for the last.
fn blocks(text: &[u8]) -> Vec<(usize, usize)> {
    let letter = |b: &u8| is_letter(*b) || *b == b'=';
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
