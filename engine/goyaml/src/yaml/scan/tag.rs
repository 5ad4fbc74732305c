//! Anchors, aliases, tags and directives.

use super::chars::{ALPHA, URI};
use super::token::{Mark, Span, Token, TokenKind};
use super::{Problem, Scanner};

impl Scanner<'_> {
    pub(super) fn scan_anchor(&mut self, alias: bool) -> Result<(), Problem> {
        let start = self.mark();
        self.pos += 1;
        self.need(1)?;
        let name = self.scan_alpha()?;
        let ends = matches!(self.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.start == name.end || !(ends || self.blankz(0)) {
            return Err(self.problem("did not find expected alphabetic or numeric character"));
        }
        let kind = if alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) };
        self.push(kind, start);
        Ok(())
    }

    fn scan_alpha(&mut self) -> Result<Span, Problem> {
        let start = self.pos as u32;
        while self.class(0) & ALPHA != 0 {
            self.pos += 1;
        }
        self.need(1)?;
        Ok(Span { start, end: self.pos as u32, owned: false })
    }

    pub(super) fn scan_tag(&mut self) -> Result<(), Problem> {
        let start = self.mark();
        self.need(2)?;
        let pair = if self.byte(1) == b'<' {
            self.pos += 2;
            let uri = self.scan_uri(None)?;
            if self.byte(0) != b'>' {
                return Err(self.problem("did not find the expected '>'"));
            }
            self.pos += 1;
            (Span::default(), uri)
        } else {
            let handle = self.scan_handle(false)?;
            let text = self.text(handle);
            if text.len() > 1 && text.ends_with(b"!") {
                (handle, self.scan_uri(None)?)
            } else {
                let suffix = self.scan_uri(Some(handle))?;
                let bang = Span { start: handle.start, end: handle.start + 1, owned: false };
                // The tag `!` alone has no handle.
                if suffix.start == suffix.end { (suffix, bang) } else { (bang, suffix) }
            }
        };
        self.need(1)?;
        if !self.blankz(0) {
            return Err(self.problem("did not find expected whitespace or line break"));
        }
        let index = self.tags.len() as u32;
        self.tags.push(pair);
        self.push(TokenKind::Tag(index), start);
        Ok(())
    }

    /// `!`, `!!`, `!name!`, or the start of `!suffix`.
    fn scan_handle(&mut self, directive: bool) -> Result<Span, Problem> {
        self.need(1)?;
        if self.byte(0) != b'!' {
            return Err(self.problem("did not find expected '!'"));
        }
        let start = self.pos as u32;
        self.pos += 1;
        self.need(1)?;
        let name = self.scan_alpha()?;
        if self.byte(0) == b'!' {
            self.pos += 1;
        } else if directive && name.start != name.end {
            return Err(self.problem("did not find expected '!'"));
        }
        Ok(Span { start, end: self.pos as u32, owned: false })
    }

    /// The URI of a tag, after what was taken for a handle before.
    fn scan_uri(&mut self, head: Option<Span>) -> Result<Span, Problem> {
        let from = self.owned.len();
        if let Some(head) = head {
            let (start, end) = (head.start as usize + 1, head.end as usize);
            self.owned.extend_from_slice(&self.text[start..end]);
        }
        self.need(1)?;
        let mut any = head.is_some();
        while self.class(0) & (ALPHA | URI) != 0 {
            match self.byte(0) {
                b'%' => self.scan_uri_escapes()?,
                b => {
                    self.owned.push(b);
                    self.pos += 1;
                }
            }
            self.need(1)?;
            any = true;
        }
        if !any {
            return Err(self.problem("did not find expected tag URI"));
        }
        Ok(self.owned_span(from))
    }

    /// `%XX`, as often as the UTF-8 character takes.
    fn scan_uri_escapes(&mut self) -> Result<(), Problem> {
        let mut left = None;
        while left != Some(0) {
            self.need(3)?;
            let digits = (char::from(self.byte(1)).to_digit(16), char::from(self.byte(2)).to_digit(16));
            let (b'%', (Some(high), Some(low))) = (self.byte(0), digits) else {
                return Err(self.problem("did not find URI escaped octet"));
            };
            let octet = (high << 4 | low) as u8;
            left = Some(match left {
                Some(n) if octet & 0xC0 == 0x80 => n - 1,
                Some(_) => return Err(self.problem("found an incorrect trailing UTF-8 octet")),
                None => match octet {
                    0..0x80 => 0,
                    0xC0..0xE0 => 1,
                    0xE0..0xF0 => 2,
                    0xF0..0xF8 => 3,
                    _ => return Err(self.problem("found an incorrect leading UTF-8 octet")),
                },
            });
            self.owned.push(octet);
            self.pos += 3;
        }
        Ok(())
    }

    pub(super) fn scan_directive(&mut self) -> Result<(), Problem> {
        let start = self.mark();
        self.pos += 1;
        self.need(1)?;
        let name = self.scan_alpha()?;
        if name.start == name.end {
            return Err(self.problem("could not find expected directive name"));
        }
        if !self.blankz(0) {
            return Err(self.problem("found unexpected non-alphabetical character"));
        }
        let (kind, end) = match self.text(name) {
            b"YAML" => self.scan_version()?,
            b"TAG" => self.scan_tag_directive()?,
            _ => return Err(self.problem("found unknown directive name")),
        };
        self.end_of_line()?;
        self.queue.push(Token { kind, start, end });
        Ok(())
    }

    fn scan_version(&mut self) -> Result<(TokenKind, Mark), Problem> {
        self.skip_blanks();
        let major = self.scan_version_number()?;
        if self.byte(0) != b'.' {
            return Err(self.problem("did not find expected digit or '.' character"));
        }
        self.pos += 1;
        let minor = self.scan_version_number()?;
        Ok((TokenKind::Version(major, minor), self.mark()))
    }

    fn scan_version_number(&mut self) -> Result<u8, Problem> {
        self.need(1)?;
        let mut value = 0;
        let mut length = 0;
        while self.byte(0).is_ascii_digit() {
            length += 1;
            if length > 2 {
                return Err(self.problem("found extremely long version number"));
            }
            value = value * 10 + (self.byte(0) - b'0');
            self.pos += 1;
            self.need(1)?;
        }
        if length == 0 {
            return Err(self.problem("did not find expected version number"));
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self) -> Result<(TokenKind, Mark), Problem> {
        self.skip_blanks();
        let handle = self.scan_handle(true)?;
        self.need(1)?;
        if !self.at_blank() {
            return Err(self.problem("did not find expected whitespace"));
        }
        self.skip_blanks();
        let prefix = self.scan_uri(None)?;
        self.need(1)?;
        if !self.blankz(0) {
            return Err(self.problem("did not find expected whitespace or line break"));
        }
        let index = self.tags.len() as u32;
        self.tags.push((handle, prefix));
        Ok((TokenKind::TagDirective(index), self.mark()))
    }
}
