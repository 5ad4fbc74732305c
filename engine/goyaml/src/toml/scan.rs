//! The characters of a TOML text, as the Go library's lexer takes them.

use govalue::utf8;

/// What stands for the end of the text.
pub(super) const EOF: char = '\0';

/// What is wrong and in which line.
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Fault {
        Fault { line, message: message.into() }
    }
}

pub(super) type Lexed<T> = Result<T, Fault>;

/// A cursor over the text.
pub(super) struct Scan<'s> {
    text: &'s [u8],
    at: usize,
    /// The line, from 1.
    pub(super) line: usize,
    /// Whether the last `next` came to the end.
    at_end: bool,
}

impl<'s> Scan<'s> {
    pub(super) fn new(text: &'s [u8]) -> Scan<'s> {
        Scan { text, at: 0, line: 1, at_end: false }
    }

    /// Where the cursor is.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The text from a place to the cursor.
    pub(super) fn since(&self, start: usize) -> &'s [u8] {
        &self.text[start..self.at]
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Lexed<char> {
        let rest = &self.text[self.at..];
        let (c, n) = utf8::decode(rest);
        if n == 0 {
            self.at_end = true;
            return Ok(EOF);
        }
        if c == '\n' {
            self.line += 1;
        }
        if c == char::REPLACEMENT_CHARACTER && n == 1 {
            return Err(Fault::new(self.line, format!("invalid UTF-8 byte: 0x{:02x}", rest[0])));
        }
        let control = c.is_ascii_control() && !matches!(c, '\t' | '\r' | '\n');
        if control || c == '\r' && rest.get(1) != Some(&b'\n') {
            let message = format!("TOML files cannot contain control characters: '0x{:02x}'", u32::from(c));
            return Err(Fault::new(self.line, message));
        }
        self.at += n;
        Ok(c)
    }

    /// Steps back over the character that `next` took.
    pub(super) fn back(&mut self, c: char) {
        if std::mem::take(&mut self.at_end) {
            return;
        }
        self.at -= c.len_utf8();
        if c == '\n' {
            self.line -= 1;
        }
    }

    /// The next character, left where it is.
    pub(super) fn peek(&mut self) -> Lexed<char> {
        let c = self.next()?;
        self.back(c);
        Ok(c)
    }

    /// Takes the next character if it is this one.
    pub(super) fn accept(&mut self, wanted: char) -> Lexed<bool> {
        let c = self.next()?;
        if c != wanted {
            self.back(c);
        }
        Ok(c == wanted)
    }

    /// Takes characters as long as they are wanted.
    pub(super) fn skip(&mut self, wanted: impl Fn(char) -> bool) -> Lexed<()> {
        loop {
            let c = self.next()?;
            if !wanted(c) {
                self.back(c);
                return Ok(());
            }
        }
    }

    /// An error here; one at the end belongs to the last line that is not empty.
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        let after_line = self.at_end && self.text[..self.at].ends_with(b"\n");
        Fault::new(self.line - usize::from(after_line), message)
    }

    /// An error in the line before this one.
    pub(super) fn fault_before(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.line - 1, message)
    }

    /// Whether the end was come to and not stepped back from.
    pub(super) fn at_end(&self) -> bool {
        self.at_end
    }
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}
