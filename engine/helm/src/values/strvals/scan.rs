//! Reading a line character by character.

/// The characters of a line. What is not UTF-8 reads as U+FFFD, a byte each.
pub(super) struct Scan {
    chars: Vec<char>,
    at: usize,
}

impl Scan {
    pub(super) fn new(line: &[u8]) -> Scan {
        let mut chars = Vec::with_capacity(line.len());
        for chunk in line.utf8_chunks() {
            chars.extend(chunk.valid().chars());
            chars.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
        }
        Scan { chars, at: 0 }
    }

    /// The next character, read.
    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// The next character, left where it is.
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// All that is left.
    pub(super) fn rest(&self) -> &[char] {
        &self.chars[self.at..]
    }

    /// Skips characters.
    pub(super) fn skip(&mut self, count: usize) {
        self.at = (self.at + count).min(self.chars.len());
    }

    /// Reads up to one of these characters, and that one, too: what is before it,
    /// and it; `None` at the end of the line (`runesUntil`). With `escapes`, a
    /// backslash stands for the character after it.
    pub(super) fn until(&mut self, stop: &[char], escapes: bool) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(c) = self.next() {
            if stop.contains(&c) {
                return (text, Some(c));
            }
            if c == '\\' && escapes {
                match self.next() {
                    Some(escaped) => text.push(escaped),
                    None => break,
                }
            } else {
                text.push(c);
            }
        }
        (text, None)
    }

    /// Skips blanks, then a comma: whether a comma or the end was there (`emptyVal`).
    pub(super) fn empty_value(&mut self) -> bool {
        while let Some(c) = self.peek() {
            if c == ',' {
                self.skip(1);
                return true;
            }
            if !c.is_whitespace() {
                return false;
            }
            self.skip(1);
        }
        true
    }
}
