//! The input as the scanner sees it: UTF-8, without a byte order mark, and cut
//! off where Go's reader would stop with an error.

use std::borrow::Cow;

/// How many bytes Go's reader decodes at a time: a bad character is reported
/// when its chunk is decoded, maybe long before the scanner comes to it.
const CHUNK: usize = 512;

/// Why the reader stops before the end (go-yaml: readerc.go).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReaderError {
    LeadingOctet,
    TrailingOctet,
    Incomplete,
    Length,
    Unicode,
    Control,
    Utf16Incomplete,
    Utf16LowSurrogate,
    Utf16IncompletePair,
    Utf16ExpectedLow,
}

impl ReaderError {
    pub(crate) fn message(self) -> &'static str {
        match self {
            ReaderError::LeadingOctet => "invalid leading UTF-8 octet",
            ReaderError::TrailingOctet => "invalid trailing UTF-8 octet",
            ReaderError::Incomplete => "incomplete UTF-8 octet sequence",
            ReaderError::Length => "invalid length of a UTF-8 sequence",
            ReaderError::Unicode => "invalid Unicode character",
            ReaderError::Control => "control characters are not allowed",
            ReaderError::Utf16Incomplete => "incomplete UTF-16 character",
            ReaderError::Utf16LowSurrogate => "unexpected low surrogate area",
            ReaderError::Utf16IncompletePair => "incomplete UTF-16 surrogate pair",
            ReaderError::Utf16ExpectedLow => "expected low surrogate area",
        }
    }
}

/// Decoded input.
pub(crate) struct Input<'a> {
    /// The text up to the chunk with the first bad character.
    pub(crate) text: Cow<'a, [u8]>,
    /// What happens when the scanner needs more than `text`.
    pub(crate) error: Option<ReaderError>,
    /// How many bytes of a byte order mark were cut off in front.
    pub(crate) skipped: usize,
}

impl<'a> Input<'a> {
    /// Finds the encoding by the byte order mark, and checks the characters.
    pub(crate) fn new(src: &'a [u8]) -> Input<'a> {
        match src {
            [0xFF, 0xFE, rest @ ..] => from_utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => from_utf16(rest, u16::from_be_bytes),
            [0xEF, 0xBB, 0xBF, rest @ ..] => from_utf8(rest, 3),
            _ => from_utf8(src, 0),
        }
    }
}

fn from_utf8(text: &[u8], skipped: usize) -> Input<'_> {
    if all_allowed(text) {
        return Input { text: Cow::Borrowed(text), error: None, skipped };
    }
    let (cut, error) = first_error(text, skipped);
    Input { text: Cow::Borrowed(&text[..cut]), error, skipped }
}

/// The usual case, quickly: valid UTF-8 without characters that YAML forbids.
///
/// It looks at eight bytes at once: every text that is read goes through here.
fn all_allowed(text: &[u8]) -> bool {
    const fn each(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    // The highest bit of each byte that is zero.
    let zeros = |word: u64| !(((word & each(0x7F)) + each(0x7F)) | word | each(0x7F));
    let is = |word: u64, byte: u8| zeros(word ^ each(byte));
    let mut high = 0;
    let mut allowed = |word: u64| {
        high |= word & each(0x80);
        let control = zeros(word & each(0xE0)) & !is(word, b'\n') & !is(word, b'\t') & !is(word, b'\r');
        control | is(word, 0x7F) == 0
    };
    let (words, rest) = text.as_chunks();
    let mut last = [b' '; 8];
    last[..rest.len()].copy_from_slice(rest);
    if !words.iter().chain([&last]).all(|word| allowed(u64::from_ne_bytes(*word))) {
        return false;
    }
    high == 0 || std::str::from_utf8(text).is_ok_and(high_allowed)
}

fn high_allowed(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).enumerate().all(|(i, w)| match w {
        [0xC2, b] => *b >= 0xA0 || *b == 0x85,
        [0xEF, 0xBF] => bytes.get(i + 2).is_none_or(|b| *b < 0xBE),
        _ => true,
    })
}

/// Where the chunk with the first bad character starts, and what is wrong.
fn first_error(text: &[u8], skipped: usize) -> (usize, Option<ReaderError>) {
    let mut start = 0;
    // The first chunk holds the byte order mark, too.
    let mut size = CHUNK - skipped;
    loop {
        let window = &text[start..];
        let last = window.len() <= size;
        let window = window.get(..size).unwrap_or(window);
        match decode_chunk(window) {
            Err(e) => return (start, Some(e)),
            Ok((_, true)) if last => return (start + window.len(), None),
            Ok((n, complete)) => {
                if last && !complete {
                    return (start + n, Some(ReaderError::Incomplete));
                }
                start += n;
            }
        }
        size = CHUNK;
    }
}

/// Checks whole characters: how many bytes they take, and whether that is all.
fn decode_chunk(window: &[u8]) -> Result<(usize, bool), ReaderError> {
    let mut i = 0;
    while let Some(&lead) = window.get(i) {
        let width = match lead {
            0..0x80 => 1,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0..0xF8 => 4,
            _ => return Err(ReaderError::LeadingOctet),
        };
        let Some(octets) = window.get(i..i + width) else {
            return Ok((i, false));
        };
        let mut c = u32::from(lead) & [0x7F, 0x7F, 0x1F, 0x0F, 0x07][width];
        for &b in &octets[1..] {
            if b & 0xC0 != 0x80 {
                return Err(ReaderError::TrailingOctet);
            }
            c = c << 6 | u32::from(b & 0x3F);
        }
        if c < [0, 0, 0x80, 0x800, 0x10000][width] {
            return Err(ReaderError::Length);
        }
        if (0xD800..0xE000).contains(&c) || c > 0x10FFFF {
            return Err(ReaderError::Unicode);
        }
        if !allowed(c) {
            return Err(ReaderError::Control);
        }
        i += width;
    }
    Ok((i, true))
}

/// The characters that YAML 1.1 allows.
fn allowed(c: u32) -> bool {
    matches!(c, 0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0x85 | 0xA0..=0xD7FF | 0xE000..=0xFFFD | 0x10000..=0x10FFFF)
}

fn from_utf16<'a>(src: &[u8], unit: fn([u8; 2]) -> u16) -> Input<'a> {
    let mut text = Vec::with_capacity(src.len());
    let mut error = None;
    let mut chunk_text = 0;
    let mut chunk_end = CHUNK - 2;
    let mut i = 0;
    while i < src.len() {
        if i + 2 > chunk_end {
            chunk_text = text.len();
            chunk_end = i + CHUNK;
        }
        match utf16_char(&src[i..], unit) {
            Ok((c, width)) => {
                if i + width > chunk_end {
                    chunk_text = text.len();
                    chunk_end = i + CHUNK;
                }
                text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                i += width;
            }
            Err(e) => {
                if !matches!(e, ReaderError::Utf16Incomplete | ReaderError::Utf16IncompletePair) {
                    text.truncate(chunk_text);
                }
                error = Some(e);
                break;
            }
        }
    }
    Input { text: Cow::Owned(text), error, skipped: 2 }
}

fn utf16_char(src: &[u8], unit: fn([u8; 2]) -> u16) -> Result<(char, usize), ReaderError> {
    let [a, b, rest @ ..] = src else { return Err(ReaderError::Utf16Incomplete) };
    let first = unit([*a, *b]);
    let (c, width) = match first {
        0xDC00..0xE000 => return Err(ReaderError::Utf16LowSurrogate),
        0xD800..0xDC00 => {
            let [a, b, ..] = rest else { return Err(ReaderError::Utf16IncompletePair) };
            let second = unit([*a, *b]);
            if second & 0xFC00 != 0xDC00 {
                return Err(ReaderError::Utf16ExpectedLow);
            }
            (0x10000 + ((u32::from(first) & 0x3FF) << 10) + (u32::from(second) & 0x3FF), 4)
        }
        _ => (u32::from(first), 2),
    };
    match char::from_u32(c) {
        Some(ch) if allowed(c) => Ok((ch, width)),
        _ => Err(ReaderError::Control),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_characters_cut_the_text_at_their_chunk() {
        for (src, cut, error) in [
            (b"a: b".to_vec(), 4, None),
            (b"a: \x01".to_vec(), 0, Some(ReaderError::Control)),
            ([vec![b'a'; 600], vec![0x7F]].concat(), 512, Some(ReaderError::Control)),
            (b"a\xFF".to_vec(), 0, Some(ReaderError::LeadingOctet)),
            (b"a\xC3".to_vec(), 1, Some(ReaderError::Incomplete)),
            (b"a\xC3a".to_vec(), 0, Some(ReaderError::TrailingOctet)),
            (b"\xC0\x80".to_vec(), 0, Some(ReaderError::Length)),
            (b"\xED\xA0\x80".to_vec(), 0, Some(ReaderError::Unicode)),
            ("\u{85}\u{a0}\u{feff}\u{10000}".into(), 11, None),
            ("\u{80}".into(), 0, Some(ReaderError::Control)),
            ("\u{fffe}".into(), 0, Some(ReaderError::Control)),
        ] {
            let input = Input::new(&src);
            assert_eq!((input.text.len(), input.error), (cut, error), "{src:?}");
        }
    }

    #[test]
    fn every_byte_is_looked_at_in_every_place() {
        for byte in 0..=u8::MAX {
            let fine = matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7E);
            for place in 0..19 {
                for around in *b" \n~" {
                    let mut text = [around; 19];
                    text[place] = byte;
                    assert_eq!(all_allowed(&text), fine, "{byte:#x} in place {place}");
                }
            }
        }
        assert!(all_allowed(b""));
    }

    #[test]
    fn utf16_is_read_by_its_mark() {
        let le: Vec<u8> = "\u{feff}a: ü😀".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "\u{feff}a: ü😀".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(Input::new(&le).text, "a: ü😀".as_bytes());
        assert_eq!(Input::new(&be).text, "a: ü😀".as_bytes());
        assert_eq!(Input::new(b"\xFF\xFEa").error, Some(ReaderError::Utf16Incomplete));
    }
}
