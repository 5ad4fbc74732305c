//! Plain and quoted scalars.

use super::chars::{BLANK, BREAK, Break, CLASS, COLON, FLOW, HIGH};
use super::token::{Span, Style, TokenKind};
use super::{Problem, Scanner};

impl Scanner<'_> {
    pub(super) fn scan_plain(&mut self) -> Result<(), Problem> {
        let start = self.mark();
        let indent = self.indent + 1;
        let in_flow = self.in_flow();
        let stops = BLANK | BREAK | HIGH | COLON | if in_flow { FLOW } else { 0 };
        let mut end = start;
        let mut piece = self.pos;
        // Where the text starts in `owned`, once a line was folded.
        let mut folded = None;
        let mut first_break: Option<Break> = None;
        loop {
            self.need(4)?;
            if (self.column() == 0 && self.at_document_indicator()) || self.byte(0) == b'#' {
                break;
            }
            let word = self.pos;
            loop {
                let rest = &self.text[self.pos..];
                let n = rest.iter().position(|b| CLASS[*b as usize] & stops != 0).unwrap_or(rest.len());
                self.pos += n;
                match self.class(0) {
                    c if c & COLON != 0 && !self.blankz(1) => self.pos += 1,
                    c if c & HIGH != 0 && !self.at_break() => self.skip_char(),
                    _ => break,
                }
            }
            if self.pos > word {
                if let Some(first) = first_break.take() {
                    let from = *folded.get_or_insert(self.owned.len());
                    debug_assert!(from <= self.owned.len());
                    self.owned.extend_from_slice(&self.text[piece..end.offset as usize]);
                    self.fold(first);
                    piece = word;
                }
                end = self.mark();
                self.need(2)?;
            }
            if !(self.at_blank() || self.at_break()) {
                break;
            }
            loop {
                if self.at_blank() {
                    if first_break.is_some() && self.column() < indent && self.byte(0) == b'\t' {
                        return Err(self.problem("found a tab character that violates indentation"));
                    }
                    self.pos += 1;
                } else if self.at_break() {
                    self.need(2)?;
                    let kind = self.skip_break();
                    match first_break {
                        None => {
                            first_break = Some(kind);
                            self.breaks.clear();
                        }
                        Some(_) => kind.append_to(&mut self.breaks),
                    }
                } else {
                    break;
                }
                self.need(1)?;
            }
            if !in_flow && self.column() < indent {
                break;
            }
        }
        let span = match folded {
            None => Span { start: start.offset, end: end.offset, owned: false },
            Some(from) => {
                self.owned.extend_from_slice(&self.text[piece..end.offset as usize]);
                self.owned_span(from)
            }
        };
        if first_break.is_some() {
            self.simple_key_allowed = true;
        }
        self.queue.push(super::Token { kind: TokenKind::Scalar(span, Style::Plain), start, end });
        Ok(())
    }

    /// Appends what a line break and the empty lines after it fold to.
    fn fold(&mut self, first: Break) {
        if first != Break::Line {
            first.append_to(&mut self.owned);
        } else if self.breaks.is_empty() {
            self.owned.push(b' ');
        }
        self.owned.append(&mut self.breaks);
    }

    pub(super) fn owned_span(&self, from: usize) -> Span {
        Span { start: from as u32, end: self.owned.len() as u32, owned: true }
    }

    pub(super) fn scan_quoted(&mut self, single: bool) -> Result<(), Problem> {
        let start = self.mark();
        let quote = self.byte(0);
        self.pos += 1;
        let mut piece = self.pos;
        // Where the text starts in `owned`, once it differs from the source.
        let mut copied = None;
        loop {
            self.need(4)?;
            if self.column() == 0 && self.at_document_indicator() {
                return Err(self.problem("found unexpected document indicator"));
            }
            if self.at_end() {
                return Err(self.problem("found unexpected end of stream"));
            }
            let mut first_break: Option<Option<Break>> = None;
            while !self.blankz(0) {
                let c = self.byte(0);
                if c == quote && single && self.byte(1) == b'\'' {
                    copied.get_or_insert(self.owned.len());
                    self.copy(piece, self.pos + 1);
                    self.pos += 2;
                    piece = self.pos;
                } else if c == quote {
                    break;
                } else if c == b'\\' && !single && self.break_at(1) {
                    copied.get_or_insert(self.owned.len());
                    self.copy(piece, self.pos);
                    self.need(3)?;
                    self.pos += 1;
                    self.skip_break();
                    piece = self.pos;
                    self.breaks.clear();
                    first_break = Some(None);
                    break;
                } else if c == b'\\' && !single {
                    copied.get_or_insert(self.owned.len());
                    self.copy(piece, self.pos);
                    self.scan_escape()?;
                    piece = self.pos;
                } else {
                    self.skip_quoted_text(quote);
                }
                self.need(2)?;
            }
            self.need(1)?;
            if self.byte(0) == quote {
                break;
            }
            let blanks = self.pos;
            loop {
                if self.at_blank() {
                    self.pos += 1;
                } else if self.at_break() {
                    self.need(2)?;
                    match first_break {
                        None => {
                            copied.get_or_insert(self.owned.len());
                            self.copy(piece, blanks);
                            self.breaks.clear();
                            first_break = Some(Some(self.skip_break()));
                        }
                        Some(_) => {
                            let kind = self.skip_break();
                            kind.append_to(&mut self.breaks);
                        }
                    }
                } else {
                    break;
                }
                self.need(1)?;
            }
            if let Some(first) = first_break {
                match first {
                    Some(first) => self.fold(first),
                    // After an escaped line break nothing is folded.
                    None => self.owned.append(&mut self.breaks),
                }
                piece = self.pos;
            }
        }
        let span = match copied {
            None => Span { start: piece as u32, end: self.pos as u32, owned: false },
            Some(from) => {
                self.copy(piece, self.pos);
                self.owned_span(from)
            }
        };
        self.pos += 1;
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        self.push(TokenKind::Scalar(span, style), start);
        Ok(())
    }

    /// Moves over text that stands for itself.
    fn skip_quoted_text(&mut self, quote: u8) {
        self.skip_char();
        let rest = &self.text[self.pos..];
        let stop = |b: &u8| *b == quote || *b == b'\\' || CLASS[*b as usize] & (BLANK | BREAK | HIGH) != 0;
        self.pos += rest.iter().position(stop).unwrap_or(rest.len());
    }

    fn copy(&mut self, from: usize, to: usize) {
        self.owned.extend_from_slice(&self.text[from..to]);
    }

    /// Reads an escape in a double-quoted scalar.
    fn scan_escape(&mut self) -> Result<(), Problem> {
        let mut digits = 0;
        let text: &[u8] = match self.byte(1) {
            b'0' => b"\0",
            b'a' => b"\x07",
            b'b' => b"\x08",
            b't' | b'\t' => b"\t",
            b'n' => b"\n",
            b'v' => b"\x0B",
            b'f' => b"\x0C",
            b'r' => b"\r",
            b'e' => b"\x1B",
            b' ' => b" ",
            b'"' => b"\"",
            b'\'' => b"'",
            b'\\' => b"\\",
            b'N' => "\u{85}".as_bytes(),
            b'_' => "\u{a0}".as_bytes(),
            b'L' => "\u{2028}".as_bytes(),
            b'P' => "\u{2029}".as_bytes(),
            b'x' | b'u' | b'U' => {
                digits = match self.byte(1) {
                    b'x' => 2,
                    b'u' => 4,
                    _ => 8,
                };
                b""
            }
            _ => return Err(self.problem("found unknown escape character")),
        };
        self.owned.extend_from_slice(text);
        self.pos += 2;
        if digits > 0 {
            self.need(digits)?;
            let mut value = 0u32;
            for i in 0..digits {
                let Some(digit) = char::from(self.byte(i)).to_digit(16) else {
                    return Err(self.problem("did not find expected hexdecimal number"));
                };
                value = value << 4 | digit;
            }
            let Some(c) = char::from_u32(value) else {
                return Err(self.problem("found invalid Unicode character escape code"));
            };
            self.owned.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            self.pos += digits;
        }
        Ok(())
    }
}
