//! UTF-8 as Go decodes it.

/// What an invalid byte reads as (`utf8.RuneError`).
pub(crate) const RUNE_ERROR: u32 = 0xfffd;

/// The first code point and its width; `(RUNE_ERROR, 1)` for an invalid byte, `(RUNE_ERROR, 0)` at the end
/// (`utf8.DecodeRune`).
#[inline]
pub(crate) fn decode(text: &[u8]) -> (u32, usize) {
    match text.first() {
        None => (RUNE_ERROR, 0),
        Some(&b) if b < 0x80 => (u32::from(b), 1),
        Some(_) => decode_wide(text),
    }
}

fn decode_wide(text: &[u8]) -> (u32, usize) {
    let tail = |i: usize| text.get(i).filter(|&&b| b & 0xc0 == 0x80).map(|&b| u32::from(b & 0x3f));
    let b0 = u32::from(text[0]);
    let decoded = match b0 {
        0xc2..=0xdf => tail(1).map(|b1| ((b0 & 0x1f) << 6 | b1, 2)),
        0xe0..=0xef => match (tail(1), tail(2)) {
            (Some(b1), Some(b2)) => Some(((b0 & 0xf) << 12 | b1 << 6 | b2, 3)),
            _ => None,
        },
        0xf0..=0xf4 => match (tail(1), tail(2), tail(3)) {
            (Some(b1), Some(b2), Some(b3)) => Some(((b0 & 7) << 18 | b1 << 12 | b2 << 6 | b3, 4)),
            _ => None,
        },
        _ => None,
    };
    match decoded {
        Some((r, 3)) if r < 0x800 || (0xd800..0xe000).contains(&r) => (RUNE_ERROR, 1),
        Some((r, 4)) if !(0x1_0000..=0x10_ffff).contains(&r) => (RUNE_ERROR, 1),
        Some(found) => found,
        None => (RUNE_ERROR, 1),
    }
}

/// Whether the byte is one of `[0-9A-Za-z_]`.
#[inline]
pub(crate) fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_rust_decodes() {
        for c in [
            'a',
            '\u{7f}',
            '\u{80}',
            'é',
            '\u{7ff}',
            '\u{800}',
            '\u{d7ff}',
            '\u{e000}',
            '\u{ffff}',
            '\u{10000}',
            '\u{10ffff}',
        ] {
            let text = format!("{c}x");
            assert_eq!(decode(text.as_bytes()), (c as u32, c.len_utf8()));
        }
        for bad in [
            &b"\x80"[..],
            b"\xc0\x80",
            b"\xc1\xbf",
            b"\xe0\x80\x80",
            b"\xed\xa0\x80",
            b"\xf0\x80\x80\x80",
            b"\xf4\x90\x80\x80",
            b"\xff",
            b"\xe2\x82",
            b"\xe2\x82x",
        ] {
            assert_eq!(decode(bad), (RUNE_ERROR, 1), "{bad:x?}");
        }
        assert_eq!(decode(b""), (RUNE_ERROR, 0));
    }
}
