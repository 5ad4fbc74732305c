//! Word styles: `PascalCase`, `snake_case` and `kebab-case`, as
//! huandu/xstrings 1.5 finds the words (its convert.go).

use crate::runes::{self, RUNE_ERROR, decode, push};

/// What a run of characters is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Nothing,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punct,
    Other,
}

impl Word {
    /// Whether a following word is parted from this one by a connector.
    fn needs_connector(self) -> bool {
        !matches!(self, Word::Connector | Word::Punct)
    }
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || c.is_whitespace()
}

/// A letter that is no Chinese character.
fn is_alphabet(c: char) -> bool {
    runes::is_letter(c) && !matches!(c, '\u{4e00}'..='\u{9fcc}' | '\u{3400}'..='\u{4d85}' | '\u{20000}'..='\u{2b81d}')
}

/// `ToPascalCase`: words begin in upper case, connectors between them go.
pub(crate) fn pascal_case(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let mut rest = s;
    let mut current = RUNE_ERROR;
    let mut was_upper = false;
    // Connectors in front stay; the first character after them starts a word.
    while let (c, n @ 1..) = decode(rest) {
        rest = &rest[n..];
        current = c;
        if !is_connector(c) {
            was_upper = runes::is_upper(c);
            current = runes::to_upper(c);
            break;
        }
        push(&mut out, c);
    }
    if rest.is_empty() {
        // A connector as the last character has been written already, and is written again.
        if !s.is_empty() {
            push(&mut out, current);
        }
        return out;
    }
    while let (c, n @ 1..) = decode(rest) {
        rest = &rest[n..];
        let before = std::mem::replace(&mut current, c);
        if is_connector(c) && is_connector(before) {
            push(&mut out, before);
        } else if is_connector(before) {
            was_upper = runes::is_upper(c);
            current = runes::to_upper(c);
        } else {
            if was_upper {
                if runes::is_upper(c) {
                    current = runes::to_lower(c);
                } else {
                    was_upper = false;
                }
            }
            push(&mut out, before);
        }
    }
    push(&mut out, current);
    out
}

/// `ToSnakeCase` and `ToKebabCase`: words in lower case, joined by a connector.
pub(crate) fn connected(s: &[u8], connector: char) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len() + 8);
    if s.is_empty() {
        return out;
    }
    let (mut kind, mut word, mut rest) = next_word(s);
    while !rest.is_empty() {
        if kind != Word::Connector {
            append_lower(&mut out, kind, word, connector);
        }
        let (before, last) = (kind, word);
        (kind, word, rest) = next_word(rest);
        match before {
            Word::Number => {
                while matches!(kind, Word::Alphabet | Word::Number) {
                    append_lower(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Nothing && kind.needs_connector() {
                    push(&mut out, connector);
                }
            }
            Word::Connector => append_lower(&mut out, before, last, connector),
            Word::Punct => {}
            _ if kind != Word::Number => {
                if kind.needs_connector() {
                    push(&mut out, connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word, rest) = next_word(rest);
                if kind != Word::Alphabet {
                    // The number belongs to the word before it: `bld4_floor`.
                    append_lower(&mut out, Word::Number, number, connector);
                    if kind.needs_connector() {
                        push(&mut out, connector);
                    }
                    continue;
                }
                // Small letters follow the number, so it starts a word: `http_2xx`.
                push(&mut out, connector);
                append_lower(&mut out, Word::Number, number, connector);
                while matches!(kind, Word::Alphabet | Word::Number) {
                    append_lower(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Nothing && kind.needs_connector() {
                    push(&mut out, connector);
                }
            }
        }
    }
    append_lower(&mut out, kind, word, connector);
    out
}

fn append_lower(out: &mut Vec<u8>, kind: Word, word: &[u8], connector: char) {
    if !matches!(kind, Word::Upper | Word::Connector) {
        out.extend_from_slice(word);
        return;
    }
    for c in runes::runes(word) {
        push(
            out,
            if is_connector(c) {
                connector
            } else if runes::is_upper(c) {
                runes::to_lower(c)
            } else {
                c
            },
        );
    }
}

/// The next character that is not broken, and the bytes up to its end; at the
/// end of the string, what stood `before`.
fn next_valid(s: &[u8], before: char) -> (char, usize) {
    let mut size = 0;
    while let (c, n @ 1..) = decode(&s[size..]) {
        size += n;
        if c != RUNE_ERROR {
            return (c, size);
        }
    }
    (before, size)
}

/// Splits off the next word.
fn next_word(s: &[u8]) -> (Word, &[u8], &[u8]) {
    let (first, size) = next_valid(s, RUNE_ERROR);
    if first == RUNE_ERROR {
        let (word, rest) = s.split_at(size);
        return (Word::Nothing, word, rest);
    }
    let mut end = size;
    let mut last = first;
    // Takes characters while they belong to the word; afterwards `last` is the first that does not.
    let mut take = |end: &mut usize, belongs: &dyn Fn(char) -> bool| {
        while *end < s.len() {
            let (c, n) = next_valid(&s[*end..], last);
            last = c;
            if !belongs(c) {
                return;
            }
            *end += n;
        }
    };
    let small = |c: char| is_alphabet(c) && !runes::is_upper(c);
    let kind = if is_connector(first) {
        take(&mut end, &is_connector);
        Word::Connector
    } else if runes::is_punct(first) {
        take(&mut end, &runes::is_punct);
        Word::Punct
    } else if runes::is_upper(first) {
        if end < s.len() {
            let (second, _) = next_valid(&s[end..], first);
            if runes::is_upper(second) {
                let mut before = end;
                while end < s.len() {
                    let (c, n) = next_valid(&s[end..], last);
                    last = c;
                    if !runes::is_upper(c) {
                        break;
                    }
                    before = end;
                    end += n;
                }
                // Of `HTTPStatus`, the `S` belongs to the next word.
                if end < s.len() && is_alphabet(last) {
                    end = before;
                }
            } else if is_alphabet(second) {
                take(&mut end, &small);
            }
        }
        Word::Upper
    } else if is_alphabet(first) {
        take(&mut end, &small);
        Word::Alphabet
    } else if runes::is_number(first) {
        take(&mut end, &runes::is_number);
        Word::Number
    } else {
        take(&mut end, &|c| !is_connector(c) && !is_alphabet(c) && !runes::is_number(c) && !runes::is_punct(c));
        Word::Other
    };
    let (word, rest) = s.split_at(end);
    (kind, word, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(b: Vec<u8>) -> String {
        govalue::utf8::lossy(&b).into_owned()
    }

    #[test]
    fn words_are_found_as_xstrings_does() {
        for (s, snake) in [
            ("webServerURL", "web_server_url"),
            ("TCPPort80", "tcp_port80"),
            ("port80Name", "port80_name"),
            ("v2beta", "v_2beta"),
            ("two words-here", "two_words_here"),
            ("__edge__", "__edge__"),
            ("a.B", "a.b"),
            ("größeÄnd", "größe_änd"),
        ] {
            assert_eq!(text(connected(s.as_bytes(), '_')), snake, "{s}");
        }
    }

    #[test]
    fn pascal_case_keeps_doubled_connectors() {
        for (s, pascal) in [("web-server", "WebServer"), ("_a__b", "_A_B"), ("x", "X"), ("ALL_CAPS", "AllCaps")] {
            assert_eq!(text(pascal_case(s.as_bytes())), pascal, "{s}");
        }
        assert_eq!(text(pascal_case(b"-")), "--");
    }
}
