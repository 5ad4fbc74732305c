//! Colours for a line of YAML. The text need not be valid; each line is looked at once.

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A key.
    Key,
    /// A string, be it quoted or not.
    Text,
    /// A number.
    Number,
    /// `true` and `false`, and YAML 1.1's other words for them.
    Boolean,
    /// `null` and `~`.
    Null,
    /// A comment.
    Comment,
    /// An anchor, an alias or a tag.
    Anchor,
    /// `-`, `:`, brackets, `|` and `>` with what belongs to them.
    Mark,
    /// `---`, `...` and directives.
    Document,
}

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub class: Class,
}

/// What carries over from one line to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineState {
    /// The quote of a string that goes on.
    quote: Option<u8>,
    /// How many brackets are open.
    flow: u16,
    /// The column of the key or dash whose text is a block, plus one; 0: no block.
    block: u16,
}

/// Divides a line, without its break, into parts. Between them are spaces.
///
/// ```
/// use chartwright_values::{Class, LineState, highlight};
/// let (spans, _) = highlight("port: 80 # http", LineState::default());
/// let classes: Vec<_> = spans.iter().map(|span| span.class).collect();
/// assert_eq!(classes, [Class::Key, Class::Mark, Class::Number, Class::Comment]);
/// ```
pub fn highlight(line: &str, state: LineState) -> (Vec<Span>, LineState) {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let mut painter = Painter { line, at: indent, column: indent, spans: Vec::new(), state };
    if state.block > 0 {
        if line.trim().is_empty() {
            return (painter.spans, state);
        }
        if indent >= usize::from(state.block) {
            painter.push(indent, line.len(), Class::Text);
            return (painter.spans, state);
        }
        painter.state.block = 0;
    }
    painter.run();
    (painter.spans, painter.state)
}

struct Painter<'l> {
    line: &'l str,
    at: usize,
    /// The column of the innermost key or dash.
    column: usize,
    spans: Vec<Span>,
    state: LineState,
}

impl Painter<'_> {
    fn push(&mut self, start: usize, end: usize, class: Class) {
        if end > start {
            self.spans.push(Span { start, end, class });
        }
        self.at = end;
    }

    fn rest(&self) -> &str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn run(&mut self) {
        // Half-typed text: what is a key at the start of a line ends brackets that were left open.
        if self.state.flow > 0 && self.at == 0 && self.state.quote.is_none() && starts_with_key(self.line) {
            self.state.flow = 0;
        }
        if let Some(quote) = self.state.quote {
            self.at = 0;
            self.quoted(quote, 0);
        } else if self.state.flow == 0 && (self.line.starts_with("---") || self.line.starts_with("...")) {
            self.push(0, 3, Class::Document);
        } else if self.state.flow == 0 && self.line.starts_with('%') {
            self.push(0, self.line.len(), Class::Document);
        }
        while self.at < self.line.len() {
            let spaces = self.rest().len() - self.rest().trim_start().len();
            self.at += spaces;
            self.token();
        }
    }

    fn token(&mut self) {
        let at = self.at;
        let bytes = self.line.as_bytes();
        let Some(&first) = bytes.get(at) else { return };
        let ends_here = |i: usize| bytes.get(i).is_none_or(|b| matches!(b, b' ' | b'\t'));
        match first {
            b'#' if at == 0 || ends_here(at - 1) => self.push(at, self.line.len(), Class::Comment),
            b'-' | b'?' if self.state.flow == 0 && ends_here(at + 1) => {
                self.column = at;
                self.push(at, at + 1, Class::Mark);
            }
            b'[' | b'{' => {
                self.state.flow = self.state.flow.saturating_add(1);
                self.push(at, at + 1, Class::Mark);
            }
            b']' | b'}' => {
                self.state.flow = self.state.flow.saturating_sub(1);
                self.push(at, at + 1, Class::Mark);
            }
            b',' if self.state.flow > 0 => self.push(at, at + 1, Class::Mark),
            b':' if ends_here(at + 1) || self.state.flow > 0 => self.push(at, at + 1, Class::Mark),
            b'&' | b'*' | b'!' => {
                let end = self.word_end(at + 1);
                self.push(at, end, Class::Anchor);
            }
            b'|' | b'>' if self.state.flow == 0 => {
                let end = self.rest().find([' ', '\t']).map_or(self.line.len(), |i| at + i);
                self.state.block = u16::try_from(self.column + 1).unwrap_or(u16::MAX);
                self.push(at, end, Class::Mark);
            }
            b'"' | b'\'' => self.quoted(first, at),
            _ => self.plain(),
        }
    }

    /// Where a word ends: at a space, or at a mark of flow collections.
    fn word_end(&self, from: usize) -> usize {
        let in_flow = self.state.flow > 0;
        let ends = |c: char| c == ' ' || c == '\t' || (in_flow && matches!(c, ',' | ']' | '}' | '[' | '{'));
        self.line.get(from..).and_then(|rest| rest.find(ends)).map_or(self.line.len(), |i| from + i)
    }

    /// A string in quotes, from its start or from a line before.
    fn quoted(&mut self, quote: u8, start: usize) {
        let bytes = self.line.as_bytes();
        let mut at = if self.state.quote.is_some() { start } else { start + 1 };
        self.state.quote = Some(quote);
        while let Some(&b) = bytes.get(at) {
            at += 1;
            if b == b'\\' && quote == b'"' {
                at += 1;
            } else if b == quote {
                if quote == b'\'' && bytes.get(at) == Some(&quote) {
                    at += 1;
                } else {
                    self.state.quote = None;
                    break;
                }
            }
        }
        let end = at.min(self.line.len());
        let class = if self.state.quote.is_none() && self.is_key_end(end) { Class::Key } else { Class::Text };
        if class == Class::Key && self.state.flow == 0 {
            self.column = start;
        }
        self.push(start, end, class);
    }

    /// Whether the `:` of a key follows.
    fn is_key_end(&self, end: usize) -> bool {
        let rest = self.line.get(end..).unwrap_or_default().trim_start();
        rest.strip_prefix(':').is_some_and(|r| r.is_empty() || r.starts_with([' ', '\t']) || self.state.flow > 0)
    }

    /// Text without quotes, up to a comment, the end of a key, or a mark of flow collections.
    fn plain(&mut self) {
        let start = self.at;
        let bytes = self.line.as_bytes();
        let in_flow = self.state.flow > 0;
        let mut end = self.line.len();
        for (i, b) in bytes.iter().enumerate().skip(start) {
            let next = bytes.get(i + 1).copied().unwrap_or(b' ');
            let is_end = match b {
                b':' => matches!(next, b' ' | b'\t') || (in_flow && matches!(next, b',' | b'}' | b']')),
                b',' | b'[' | b']' | b'{' | b'}' => in_flow,
                b'#' => i > start && bytes.get(i - 1).is_some_and(|b| matches!(b, b' ' | b'\t')),
                _ => false,
            };
            if is_end {
                end = i;
                break;
            }
        }
        let text = self.line.get(start..end).unwrap_or_default().trim_end();
        // A mark that starts nothing here is passed over.
        let end = (start + text.len()).max(start + self.rest().chars().next().map_or(1, char::len_utf8));
        if bytes.get(end..).is_some() && self.is_key_end(end) {
            if !in_flow {
                self.column = start;
            }
            return self.push(start, end, Class::Key);
        }
        let class = class_of(text);
        self.push(start, end, class);
    }
}

/// Whether a line starts with a plain key.
fn starts_with_key(line: &str) -> bool {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(line.len());
    let rest = line.get(end..).and_then(|rest| rest.strip_prefix(':'));
    end > 0 && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// What a text without quotes is.
fn class_of(text: &str) -> Class {
    match text {
        "null" | "Null" | "NULL" | "~" => return Class::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" | "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on"
        | "On" | "ON" | "off" | "Off" | "OFF" => return Class::Boolean,
        _ => {}
    }
    if is_number(text) { Class::Number } else { Class::Text }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(hex) = unsigned.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_');
    }
    let unsigned = unsigned.strip_prefix("0o").unwrap_or(unsigned);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    mantissa.bytes().any(|b| b.is_ascii_digit())
        && !mantissa.starts_with('_')
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|e| !e.is_empty() && digits(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut state = LineState::default();
        let mut out = String::new();
        for line in text.split('\n') {
            let (spans, next) = highlight(line, state);
            state = next;
            let parts: Vec<_> = spans.iter().map(|s| format!("{:?}<{}>", s.class, &line[s.start..s.end])).collect();
            out.push_str(&parts.join(" "));
            out.push('\n');
        }
        out
    }

    #[test]
    fn lines() {
        insta::assert_snapshot!(shown(
            "# top\nname: \"a # b\" # c\nlist:\n  - 1\n  - key: true\n    other: 'it''s'\nurl: http://x:80/#a\n\
             run: |- # go\n  if a: b\n\n  # not a comment\nnext: {a: 1, \"b\":[x y, null]}\nanchor: &a !!str v\n\
             alias: *a\ntext: \"one\n  two\" # end\n---\nbig: 0x1F\nmode: 0755\nv: 1.27.3\ne: 1e3\n- >\n  folded\n- x\n\
             broken: [1,\n  2\ndash: -\n? x\n'q r': 1"
        ), @r#"
        Comment<# top>
        Key<name> Mark<:> Text<"a # b"> Comment<# c>
        Key<list> Mark<:>
        Mark<-> Number<1>
        Mark<-> Key<key> Mark<:> Boolean<true>
        Key<other> Mark<:> Text<'it''s'>
        Key<url> Mark<:> Text<http://x:80/#a>
        Key<run> Mark<:> Mark<|-> Comment<# go>
        Text<if a: b>

        Text<# not a comment>
        Key<next> Mark<:> Mark<{> Key<a> Mark<:> Number<1> Mark<,> Key<"b"> Mark<:> Mark<[> Text<x y> Mark<,> Null<null> Mark<]> Mark<}>
        Key<anchor> Mark<:> Anchor<&a> Anchor<!!str> Text<v>
        Key<alias> Mark<:> Anchor<*a>
        Key<text> Mark<:> Text<"one>
        Text<  two"> Comment<# end>
        Document<--->
        Key<big> Mark<:> Number<0x1F>
        Key<mode> Mark<:> Number<0755>
        Key<v> Mark<:> Text<1.27.3>
        Key<e> Mark<:> Number<1e3>
        Mark<-> Mark<>>
        Text<folded>
        Mark<-> Text<x>
        Key<broken> Mark<:> Mark<[> Number<1> Mark<,>
        Number<2>
        Key<dash> Mark<:> Mark<->
        Mark<?> Text<x>
        Key<'q r'> Mark<:> Number<1>
        "#);
    }

    #[test]
    fn spans_are_in_order_and_inside_of_the_line() {
        let pieces =
            ["a", ": ", "- ", "\"", "'", "#", " #", "[", "}", "|", "é", "\t", "&x", "*", ",", "1", "\\", "---", "%"];
        let mut seed = 7u64;
        let mut state = LineState::default();
        for _ in 0..20_000 {
            let mut line = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                line.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            let (spans, next) = highlight(&line, state);
            state = next;
            let mut at = 0;
            for span in spans {
                assert!(span.start >= at && line.get(span.start..span.end).is_some(), "{line:?}: {span:?}");
                at = span.end;
            }
        }
    }
}
