//! Texts without what quoting, escaping and folding did to them.
//!
//! A template can quote a text, put it into JSON, and that into a string of YAML, whose lines are folded. No list has
//! all such forms of a secret. So secret and text are both brought into one form, in which escapes are resolved however
//! many backslashes they have, and any white space is one space. A secret that is in the text is found there.

/// A text in plain form, and where its bytes come from.
#[derive(Default)]
pub(crate) struct Plain {
    bytes: Vec<u8>,
    /// Where the distance to the source changes: a place in `bytes`, and the place in the source.
    from: Vec<(usize, usize)>,
    end: usize,
}

impl Plain {
    /// Brings a text into plain form.
    pub(crate) fn new(text: &[u8]) -> Plain {
        let mut plain = Plain { bytes: Vec::with_capacity(text.len()), from: Vec::new(), end: text.len() };
        let mut at = 0;
        while at < text.len() {
            // Most bytes stay as they are.
            let ordinary = text[at..].iter().position(|&byte| !is_ordinary(byte)).unwrap_or(text.len() - at);
            if ordinary > 0 {
                plain.put_all(&text[at..at + ordinary], at);
                at += ordinary;
            } else {
                at = plain.token(text, at);
            }
        }
        plain
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The part of the source that these bytes come from.
    pub(crate) fn source(&self, start: usize, end: usize) -> (usize, usize) {
        (self.place(start), self.place(end))
    }

    fn place(&self, at: usize) -> usize {
        if at == self.bytes.len() {
            return self.end;
        }
        let next = self.from.partition_point(|(place, _)| *place <= at);
        let (place, source) = self.from[next.checked_sub(1).expect("the first byte has a place")];
        source + (at - place)
    }

    /// Takes what begins here; gives where the next begins.
    fn token(&mut self, text: &[u8], at: usize) -> usize {
        match text[at] {
            b'\\' => self.escape(text, at),
            b'&' => self.entity(text, at, at + 1),
            b'%' => self.percent(text, at),
            0xc2 | 0xe2 => {
                // Letters of YAML's line breaks and the space that does not break.
                let rest = &text[at..];
                let breaks: [&[u8]; 4] = [b"\xc2\x85", b"\xc2\xa0", b"\xe2\x80\xa8", b"\xe2\x80\xa9"];
                match breaks.iter().find(|b| rest.starts_with(b)) {
                    Some(found) => {
                        self.put(b' ', at);
                        at + found.len()
                    }
                    None => {
                        self.put(text[at], at);
                        at + 1
                    }
                }
            }
            byte => {
                self.put(byte, at);
                at + 1
            }
        }
    }

    /// Backslashes, and what they escape.
    fn escape(&mut self, text: &[u8], at: usize) -> usize {
        let letter = at + text[at..].iter().take_while(|b| **b == b'\\').count();
        let digits = match text.get(letter) {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(b'n' | b'r' | b't' | b'v' | b'f' | b'b' | b'a' | b'e' | b'0' | b'N' | b'_' | b'L' | b'P') => {
                self.put(b' ', at);
                return letter + 1;
            }
            // Nothing is left of backslashes before anything else.
            Some(_) => return self.skipped(text, at, letter),
            None => return letter,
        };
        let after = letter + 1 + digits;
        match text.get(letter + 1..after).and_then(hex_number) {
            Some(0x26) => self.entity(text, at, after),
            Some(byte) if digits == 2 => {
                self.put(byte as u8, at);
                after
            }
            Some(code) => {
                self.put_char(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), at);
                after
            }
            None => self.skipped(text, at, letter),
        }
    }

    /// What stands at `next`, with backslashes before it that are left out.
    fn skipped(&mut self, text: &[u8], at: usize, next: usize) -> usize {
        if matches!(text[next], b'&' | b'%') {
            return self.token(text, next);
        }
        self.put(text[next], at);
        next + 1
    }

    /// An ampersand that is at `at` and ends at `after`, and the entity that it may begin, escaped any number of times.
    fn entity(&mut self, text: &[u8], at: usize, mut after: usize) -> usize {
        while text[after..].starts_with(b"amp;") {
            after += 4;
        }
        let rest = &text[after..];
        let name = rest.iter().take(8).position(|b| *b == b';').map(|end| &rest[..end]);
        let code = match name {
            Some(b"lt") => Some(u32::from(b'<')),
            Some(b"gt") => Some(u32::from(b'>')),
            Some(b"quot") => Some(u32::from(b'"')),
            Some(b"apos") => Some(u32::from(b'\'')),
            Some([b'#', b'x' | b'X', hex @ ..]) => hex_number(hex),
            Some([b'#', digits @ ..]) => std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok()),
            _ => None,
        };
        match (code.and_then(char::from_u32), name) {
            (Some(c), Some(name)) => {
                self.put_char(c, at);
                after + name.len() + 1
            }
            _ => {
                self.put(b'&', at);
                after
            }
        }
    }

    /// A percent sign, and the byte that it may stand for, escaped any number of times.
    fn percent(&mut self, text: &[u8], at: usize) -> usize {
        let mut after = at + 1;
        let hex = |at: usize| text.get(at..at + 2).and_then(hex_number);
        while hex(after) == Some(0x25) {
            after += 2;
        }
        match hex(after) {
            Some(byte) => {
                self.put(byte as u8, at);
                after + 2
            }
            None => {
                self.put(b'%', at);
                after
            }
        }
    }

    fn put_char(&mut self, c: char, at: usize) {
        if matches!(c, '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{2029}') {
            return self.put(b' ', at);
        }
        let mut buffer = [0; 4];
        c.encode_utf8(&mut buffer).bytes().for_each(|byte| self.put(byte, at));
    }

    /// Puts bytes that stay as they are.
    fn put_all(&mut self, bytes: &[u8], at: usize) {
        self.place_from(at);
        self.bytes.extend_from_slice(bytes);
    }

    /// What comes next is from here.
    fn place_from(&mut self, at: usize) {
        let place = self.bytes.len();
        if self.from.last().is_none_or(|(p, source)| source + (place - p) != at) {
            self.from.push((place, at));
        }
    }

    fn put(&mut self, byte: u8, at: usize) {
        // A plus is a space of URLs.
        let byte = if byte <= b' ' || byte == b'+' || byte == 0x7f { b' ' } else { byte };
        // Quotes are doubled in YAML's single quotes.
        if matches!(byte, b' ' | b'\'') && self.bytes.last() == Some(&byte) {
            return;
        }
        self.place_from(at);
        self.bytes.push(byte);
    }
}

/// Whether a byte always stays as it is, whatever is before it.
fn is_ordinary(byte: u8) -> bool {
    const ORDINARY: [bool; 256] = {
        let mut ordinary = [false; 256];
        let mut byte = 0x21;
        while byte < ordinary.len() {
            ordinary[byte] = !matches!(byte as u8, b'\\' | b'&' | b'%' | b'\'' | b'+' | 0x7f | 0xc2 | 0xe2);
            byte += 1;
        }
        ordinary
    };
    ORDINARY[usize::from(byte)]
}

/// The plain form of a secret; none where nothing would ever be changed in it, or where little is left.
pub(crate) fn of_secret(secret: &[u8]) -> Option<Vec<u8>> {
    let simple = |b: &u8| b.is_ascii_alphanumeric() || b"-_.~".contains(b);
    if secret.iter().all(simple) {
        return None;
    }
    let plain = Plain::new(secret).bytes;
    let plain = plain.trim_ascii();
    (plain.len() >= SHORTEST).then(|| plain.to_vec())
}

/// Shorter texts are found by chance too often. One less than for secrets: something in it was escaped.
const SHORTEST: usize = 3;

fn hex_number(hex: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(hex).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        String::from_utf8(Plain::new(text.as_bytes()).bytes).unwrap()
    }

    #[test]
    fn one_form_for_all() {
        for (secret, texts) in [
            (
                "pass  phrase of words",
                &["pass\n    phrase of\n    words", "pass+phrase%20of words", "pass\\n  phrase of\\twords"][..],
            ),
            (
                r#"aa"bb&cc\ee<ff"#,
                &[
                    r#"aa\\\"bb\\u0026cc\\\\\\\\ee\\u003cff"#,
                    "aa&#34;bb&amp;amp;cc\\ee&lt;ff",
                    "aa%22bb%2526cc\\ee%3Cff",
                ],
            ),
            ("it's ü", &["it''s ü", "it''''s \\u00fc", "it&#39;s \\xc3\\xbc"]),
            ("a\u{2028}b", &["a\\u2028b", "a\\Lb", "a b"]),
            ("100%41\\next", &["100%2541\\\\next"]),
        ] {
            for text in texts {
                assert_eq!(plain(text), plain(secret), "{text}");
            }
        }
    }

    #[test]
    fn bytes_have_their_places() {
        let text = br#"key: "a\\\"b\u0026amp;\n   c""#;
        let plain = Plain::new(text);
        assert_eq!(plain.bytes(), br#"key: "a"b& c""#);
        let (start, end) = plain.source(6, 12);
        assert_eq!(&text[start..end], br#"a\\\"b\u0026amp;\n   c"#);
        assert_eq!(plain.source(0, plain.bytes().len()), (0, text.len()));
    }

    #[test]
    fn odd_ends() {
        for text in
            ["", "\\", "\\\\", "\\u12", "\\x", "%", "%2", "%25", "&", "&amp;", "&#", "&#;", "&#x110000;", "\u{a0}"]
        {
            let plain = Plain::new(text.as_bytes());
            assert_eq!(plain.source(0, plain.bytes().len()).1, text.len(), "{text}");
        }
    }
}
