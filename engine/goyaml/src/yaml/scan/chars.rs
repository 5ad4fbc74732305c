//! Classes of characters, and moving over them.

use super::Scanner;

/// Space and tab.
pub(super) const BLANK: u8 = 1;
/// CR and LF.
pub(super) const BREAK: u8 = 2;
/// The first byte of a character beyond ASCII, maybe a line break, too.
pub(super) const HIGH: u8 = 4;
/// Ends a plain scalar in flow context.
pub(super) const FLOW: u8 = 8;
/// The colon.
pub(super) const COLON: u8 = 16;
/// Letters, digits, `_` and `-`.
pub(super) const ALPHA: u8 = 32;
/// Punctuation in the URI of a tag.
pub(super) const URI: u8 = 64;

/// The classes of each byte.
pub(super) static CLASS: [u8; 256] = {
    let mut t = [0; 256];
    let mut b = 0;
    while b < 256 {
        t[b] = match b as u8 {
            b' ' | b'\t' => BLANK,
            b'\r' | b'\n' => BREAK,
            b':' => COLON | URI,
            b',' | b'?' | b'[' | b']' => FLOW | URI,
            b'{' | b'}' => FLOW,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => ALPHA,
            b';' | b'/' | b'@' | b'&' | b'=' | b'+' | b'$' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' | b'%' => {
                URI
            }
            0x80.. => HIGH,
            _ => 0,
        };
        b += 1;
    }
    t
};

/// Which line break ended a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// CR, LF, CR LF or NEL: read as LF.
    Line,
    /// LS or PS, kept as it is.
    Separator(u8),
}

impl Break {
    pub(super) fn append_to(self, out: &mut Vec<u8>) {
        match self {
            Break::Line => out.push(b'\n'),
            Break::Separator(last) => out.extend_from_slice(&[0xE2, 0x80, last]),
        }
    }
}

impl Scanner<'_> {
    /// The byte `ahead` of here; 0 past the end.
    #[inline]
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.get(self.pos + ahead).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn class(&self, ahead: usize) -> u8 {
        CLASS[self.byte(ahead) as usize]
    }

    /// Whether a line break starts `ahead` of here.
    pub(super) fn break_at(&self, ahead: usize) -> bool {
        match self.byte(ahead) {
            b'\r' | b'\n' => true,
            0xC2 => self.byte(ahead + 1) == 0x85,
            0xE2 => self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xA8 | 0xA9),
            _ => false,
        }
    }

    #[inline]
    pub(super) fn at_break(&self) -> bool {
        self.break_at(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    pub(super) fn at_breakz(&self) -> bool {
        self.at_end() || self.at_break()
    }

    /// Whether a blank, a line break or the end is `ahead` of here.
    #[inline]
    pub(super) fn blankz(&self, ahead: usize) -> bool {
        match self.class(ahead) {
            c if c & (BLANK | BREAK) != 0 => true,
            c if c & HIGH != 0 => self.break_at(ahead),
            _ => self.pos + ahead >= self.text.len(),
        }
    }

    pub(super) fn at_blank(&self) -> bool {
        self.class(0) & BLANK != 0
    }

    /// Whether `---` or `...` stands here, followed by a blank or the end; the
    /// caller knows that the line starts here.
    pub(super) fn at_document_indicator(&self) -> bool {
        let here = &self.text[self.pos..];
        (here.starts_with(b"---") || here.starts_with(b"...")) && self.blankz(3)
    }

    /// Steps over one character.
    #[inline]
    pub(super) fn skip_char(&mut self) {
        let width = match self.byte(0) {
            0..0xC0 => 1,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        self.pos += width;
        self.line_start += width - 1;
    }

    /// Steps over the line break here.
    pub(super) fn skip_break(&mut self) -> Break {
        let (width, kind) = match self.byte(0) {
            b'\r' if self.byte(1) == b'\n' => (2, Break::Line),
            0xC2 => (2, Break::Line),
            0xE2 => (3, Break::Separator(self.byte(2))),
            _ => (1, Break::Line),
        };
        self.pos += width;
        self.line += 1;
        self.line_start = self.pos;
        kind
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.at_blank() {
            self.pos += 1;
        }
    }

    /// Moves to the end of the line.
    pub(super) fn skip_to_break(&mut self) {
        loop {
            let rest = &self.text[self.pos..];
            self.pos += rest.len() - skip_ascii(rest).len();
            if self.class(0) & HIGH == 0 || self.at_break() {
                return;
            }
            self.skip_char();
        }
    }
}

/// The rest from the first byte on that may be a line break.
fn skip_ascii(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let Some((chunk, after)) = rest.split_first_chunk::<16>() {
        // Without branches, so that it becomes vector code.
        let stop = chunk.iter().fold(false, |stop, &b| stop | (b == b'\n') | (b == b'\r') | (b >= 0x80));
        if stop {
            break;
        }
        rest = after;
    }
    let n = rest.iter().position(|b| matches!(b, b'\n' | b'\r' | 0x80..));
    &rest[n.unwrap_or(rest.len())..]
}
