//! Text that cannot be read as values, or that does not count: which lines of it may have secrets.
//!
//! Nothing is certain there: a list may be half typed, a comment may be YAML that was taken out. So lines are judged by
//! more than the rules of good YAML: all that these would leave out goes, and what cannot be told from it.

use std::borrow::Cow;
use std::rc::Rc;

use redact::{Named, is_set, looks_secret, named};

use crate::secrets::{CERTIFICATES, is_map_of_secrets, is_telling};

/// A text with so many steps to go through is not judged: nothing of it is kept then.
const MOST_STEPS: usize = 4_000_000;

/// What secrets are known by, beside names that are secrets anywhere.
pub(super) struct Known<'k> {
    /// Keys that are secrets by a schema or by questions.
    pub(super) names: &'k [Rc<str>],
    /// What is known to be a secret.
    pub(super) texts: &'k [String],
}

/// The lines of a text, each with its line break: also with those that only YAML knows.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let end = rest.char_indices().find(|(_, c)| is_break(*c));
        let end = end.map_or(rest.len(), |(at, c)| match rest.get(at..).is_some_and(|r| r.starts_with("\r\n")) {
            true => at + 2,
            false => at + c.len_utf8(),
        });
        let (line, behind) = rest.split_at(end);
        out.push(line);
        rest = behind;
    }
    out
}

/// A line in parts.
struct Line<'t> {
    /// Without white space around it, `#` and dashes before it.
    says: &'t str,
    is_comment: bool,
    /// Whether it is a key behind `?`.
    is_question: bool,
    /// Where it starts.
    start: usize,
    /// Where its text starts, behind the `#` of a comment.
    column: usize,
    /// Where its key starts, behind dashes.
    key_column: usize,
    is_item: bool,
}

impl<'t> Line<'t> {
    fn read(line: &'t str) -> Line<'t> {
        let line = line.trim_end();
        let start = line.trim_start();
        let is_comment = start.starts_with('#');
        let text = start.trim_start_matches('#').trim_start();
        let column = line.len() - text.len();
        let mut says = text;
        while let Some(item) =
            says.strip_prefix(['-', '?']).filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        {
            says = item.trim_start();
        }
        let is_item = says.len() < text.len();
        Line {
            says,
            is_comment,
            is_question: text.starts_with('?'),
            start: line.len() - start.len(),
            column,
            key_column: line.len() - says.len(),
            is_item,
        }
    }

    fn is_blank(&self) -> bool {
        self.says.is_empty() && !self.is_item
    }

    /// How many brackets are open at its end that are not closed on it.
    fn open(&self) -> usize {
        let mut open = 0_usize;
        let mut before = ' ';
        for c in self.says.chars() {
            match c {
                '{' | '[' if before.is_whitespace() || ":,[{\"'".contains(before) => open += 1,
                '}' | ']' => open = open.saturating_sub(1),
                _ => {}
            }
            before = c;
        }
        open
    }

    /// The quote that is open at its end: its text goes on below.
    fn quote(&self) -> Option<char> {
        let mut open = None;
        let mut before = ' ';
        let mut chars = self.says.chars();
        while let Some(c) = chars.next() {
            match (open, c) {
                (Some('"'), '\\') => drop(chars.next()),
                (Some(quote), c) if c == quote => open = None,
                (None, '"' | '\'') if before.is_whitespace() || ":,[{".contains(before) => open = Some(c),
                _ => {}
            }
            before = c;
        }
        open
    }
}

/// Which of some lines may have a secret in them: all, if there are too many that may.
pub(super) fn doubtful(lines: &[&str], known: &Known<'_>) -> Vec<bool> {
    if lines.len().saturating_mul(known.texts.len()) > MOST_STEPS {
        return vec![true; lines.len()];
    }
    judged(lines, known).unwrap_or_else(|| vec![true; lines.len()])
}

/// The same; `None` if it takes too long.
fn judged(lines: &[&str], known: &Known<'_>) -> Option<Vec<bool>> {
    let mut steps = 0;
    let read: Vec<Line<'_>> = lines.iter().map(|line| Line::read(line)).collect();
    let clear: Vec<Cow<'_, str>> = read.iter().map(|line| unescaped(line.says)).collect();
    let keys: Vec<Vec<(&str, &str)>> = clear.iter().map(|says| keys(says)).collect();
    let all = || keys.iter().flatten();
    let has_certificate = all().any(|(key, _)| CERTIFICATES.contains(key) || *key == "tls");
    let is_secret = |name: &str| is_secret(name, known);
    let mut hit: Vec<bool> = (0..lines.len())
        .map(|at| {
            let says = &*clear[at];
            let by_key = keys[at].iter().any(|(key, value)| {
                is_secret(key) && !is_switch(value) || *key == "key" && has_certificate && !value.is_empty()
            });
            by_key
                || read[at].is_question && is_secret(says)
                || looks_secret(says)
                || known.texts.iter().any(|text| lines[at].contains(&**text) || says.contains(&**text))
        })
        .collect();
    // `{name: DB_PASSWORD, value: …}`, in any order, on one line or several.
    for at in 0..lines.len() {
        let names = |(key, value): &(&str, &str)| matches!(*key, "name" | "key") && is_secret(value);
        if !keys[at].iter().any(names) {
            continue;
        }
        hit[at] |= read[at].open() > 0;
        let beside = beside(&read, at);
        steps += beside.len();
        if steps > MOST_STEPS {
            return None;
        }
        for other in beside {
            hit[other] |= keys[other].iter().any(|(key, _)| *key == "value");
        }
    }
    let mut out = hit.clone();
    for at in (0..lines.len()).filter(|at| hit[*at]) {
        let below = below(&read, &clear, at);
        steps += below.len();
        if steps > MOST_STEPS {
            return None;
        }
        for at in below {
            out[at] = true;
        }
    }
    // What was left out once goes wherever it stands.
    let mut copies: Vec<&str> = Vec::new();
    for at in (0..lines.len()).filter(|at| out[*at]) {
        copies.push(&clear[at]);
        copies.extend(keys[at].iter().filter(|(key, _)| is_secret(key) || *key == "value").map(|(_, value)| *value));
    }
    copies.retain(|text| is_telling(text));
    copies.sort_unstable();
    copies.dedup();
    if copies.len().saturating_mul(lines.len()) > MOST_STEPS {
        return None;
    }
    for at in 0..lines.len() {
        out[at] |= copies.iter().any(|copy| clear[at].contains(copy));
    }
    Some(out)
}

fn is_secret(name: &str, known: &Known<'_>) -> bool {
    named(name) > Named::Open
        || is_set(name)
        || is_map_of_secrets(name)
        || known.names.iter().any(|known| **known == *name)
}

/// Whether a value is none that anybody would hide.
fn is_switch(value: &str) -> bool {
    matches!(value, "true" | "false" | "null" | "~" | "\"\"" | "''")
}

/// The keys that a line sets, with what stands behind each.
fn keys(says: &str) -> Vec<(&str, &str)> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let mut out = Vec::new();
    for (at, _) in says.match_indices([':', '=']) {
        let (before, behind) = (&says[..at], &says[at + 1..]);
        let before = before.trim_end().trim_end_matches(['"', '\'']);
        let key = before.rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
        let value = behind.trim_start();
        let end = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.get(1..).and_then(|rest| rest.find(quote)).map(|end| end + 2),
            _ => value.find([',', '}', ']']),
        };
        let value = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
        let value = value.split(" #").next().unwrap_or_default().trim();
        // A switch stays one with its quotes.
        let inner = value.trim_matches(['"', '\'', '[', '{', ' ']);
        out.push((key, if inner.is_empty() { value } else { inner }));
    }
    out
}

/// The lines of the map in which a line stands, as far as columns tell.
fn beside(lines: &[Line<'_>], at: usize) -> Vec<usize> {
    let (column, is_comment) = (lines[at].key_column, lines[at].is_comment);
    let mut out = vec![at];
    if !lines[at].is_item {
        for before in (0..at).rev().filter(|i| !lines[*i].is_blank() && lines[*i].is_comment == is_comment) {
            let line = &lines[before];
            if line.key_column < column {
                break;
            }
            out.push(before);
            if line.column < column {
                break;
            }
        }
    }
    for behind in (at + 1..lines.len()).filter(|i| !lines[*i].is_blank() && lines[*i].is_comment == is_comment) {
        if lines[behind].column < column {
            break;
        }
        out.push(behind);
    }
    out
}

/// The lines that belong to one that may set a secret.
fn below(lines: &[Line<'_>], clear: &[Cow<'_, str>], at: usize) -> Vec<usize> {
    let line = &lines[at];
    let mut out = Vec::new();
    // The key's column, and not that of its item: `- password: |`.
    let column = line.key_column;
    let says = clear[at].trim_end();
    let is_empty = says.ends_with(':');
    let is_block = says.rsplit(' ').next().is_some_and(|last| last.starts_with(['|', '>']) && last.len() <= 3);
    let starts_key = says.contains("-----BEGIN ");
    let mut in_key = starts_key && !says.contains("-----END ");
    let (mut open, mut quote) = (line.open(), line.quote());
    // Below such a key, what stands as far left is text all the same, if the first line of it does.
    let mut is_loose = is_empty || is_block;
    for (i, other) in lines.iter().enumerate().skip(at + 1) {
        if other.is_blank() {
            out.push(i);
            continue;
        }
        if line.is_comment && !other.is_comment {
            break;
        }
        let is_key = !keys(&clear[i]).is_empty();
        // Columns mean nothing in brackets and quotes. A quote that nobody closes ends before the next key.
        let in_quote = quote.is_some() && !(is_key && other.key_column <= column);
        let belongs = if in_key || open > 0 || in_quote {
            in_key &= !clear[i].contains("-----END ");
            open = (open + other.open()).saturating_sub(other.says.matches(['}', ']']).count());
            quote = quote.filter(|quote| !other.says.contains(*quote));
            true
        } else if starts_key {
            false
        } else {
            let other_column = if line.is_comment { other.column } else { other.start };
            let is_below = other_column > column
                || other_column == column && other.is_item
                || other_column == line.column && other.says.starts_with(':');
            is_loose &= !is_below && !is_key;
            let was_loose = is_loose;
            is_loose &= is_block;
            is_below || was_loose
        };
        if !belongs {
            // A comment ends nothing.
            if other.is_comment && !line.is_comment {
                continue;
            }
            break;
        }
        out.push(i);
    }
    // Blank lines behind it are not its own.
    while out.last().is_some_and(|last| lines[*last].is_blank()) {
        out.pop();
    }
    out
}

/// A line with the escapes of quoted texts read: `"pass\u0077ord"` is a name like any other.
fn unescaped(line: &str) -> Cow<'_, str> {
    if !line.contains('\\') {
        return Cow::Borrowed(line);
    }
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let digits = match escape.as_bytes().get(1) {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        let code = escape.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = escape.get(2 + digits..).unwrap_or_default();
            }
            None => {
                let len = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
                out.push_str(&escape[..len]);
                rest = &escape[len..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_yaml_says() {
        assert_eq!(lines("a\r\nb\rc\u{85}d\n\ne"), ["a\r\n", "b\r", "c\u{85}", "d\n", "\n", "e"]);
        assert!(lines("").is_empty());
    }

    /// The lines that are left.
    fn left(text: &str) -> String {
        let lines = lines(text);
        let names = [Rc::from("code")];
        let gone = doubtful(&lines, &Known { names: &names, texts: &["s3cret!".to_owned()] });
        lines.iter().zip(gone).filter(|(_, gone)| !gone).map(|(line, _)| *line).collect()
    }

    #[test]
    fn what_takes_too_long_goes() {
        for line in ["password: [\n", "token: longS3cret\n", "- name: DB_PASSWORD\n"] {
            assert_eq!(left(&line.repeat(30_000)).replace("- name: DB_PASSWORD\n", ""), "");
        }
    }

    #[test]
    fn what_may_be_a_secret_goes() {
        for (text, want) in [
            ("a: [\npassword: x\ntoken: |\n  y\n  z\nb: 1\n", "a: [\nb: 1\n"),
            ("a: [\nauth: {user: u, password: x}\n- token: t\n", "a: [\n"),
            ("password:\n  x\nb: [\n", "b: [\n"),
            ("passwords: 1\npassword:\n- x\nb: [\n", "b: [\n"),
            ("passwords:\n  a: x\n  b: y\nc: [\n", "c: [\n"),
            ("? password\n: x\nb: [\n", "b: [\n"),
            ("{\"auth\":{\"password\":\"x\",", ""),
            ("token: \"x\n  y\nb: [\n", "b: [\n"),
            ("token: \"x\ny\nz\"\nb: [\n", "b: [\n"),
            ("a: [ # token: x\n", ""),
            ("other: s3cret!\nb: [\n", "b: [\n"),
            ("code: x\nb: [\n", "b: [\n"),
            ("usePassword: true\ntoken: false\nb: [\n", "usePassword: true\ntoken: false\nb: [\n"),
            ("env: [{name: DB_PASSWORD, value: W", ""),
            (
                "env:\n- name: DB_PASSWORD\n  value: W\n- name: A\n  value: b\n",
                "env:\n- name: DB_PASSWORD\n- name: A\n  value: b\n",
            ),
            (
                "env:\n  - value: |\n      W\n    name: DB_PASSWORD\n  - value: b\n",
                "env:\n    name: DB_PASSWORD\n  - value: b\n",
            ),
            ("[{\n\"name\": \"DB_PASSWORD\",\n\"value\": \"W\"\n", "[{\n\"name\": \"DB_PASSWORD\",\n"),
            ("url: postgres://u:W@h\nb: [", "b: ["),
            ("url: postgres://u:W\nb: [", "b: ["),
            ("stringData:\n  any: W\nb: [", "b: ["),
            ("pem: |\n  -----BEGIN RSA PRIVATE KEY-----\n  abc\n  -----END RSA PRIVATE KEY-----\nb: [", "pem: |\nb: ["),
            ("pem: |\n  -----BEGIN PRIVATE KEY-----\nabc\n", "pem: |\n"),
            ("a: ghp_0123456789abcdefghij\nb: [", "b: ["),
            ("tls.key: W\nb: [", "b: ["),
            ("tls:\n  crt: x\n  key: W\nb: [", "tls:\n  crt: x\nb: ["),
            ("\"pass\\u0077ord\": W\nb: [", "b: ["),
            ("passwords: [\na,\nW\n]\nb: [", "b: ["),
            ("password: longS3cret\ndsn: x longS3cret\nb: [", "b: ["),
            ("password: postgres\nimage: postgres\nb: [", "image: postgres\nb: ["),
            ("args: [--password=W", ""),
            ("password: |\n\n  W\n# c\n  # d\n  V\n\nb: [", "# c\n\nb: ["),
            ("k: 1 # password: W\rname: mine\rb: [", "name: mine\rb: ["),
            ("motd: see # the vault\nb: [", "motd: see # the vault\nb: ["),
            // Comments.
            ("# password: |\n#   W\n# a\n", "# a\n"),
            ("# password:\n#   W\n# a: x\n# b: 1\n", "# a: x\n# b: 1\n"),
            ("# - name: DB_PASSWORD\n#   value: W\n", "# - name: DB_PASSWORD\n"),
            ("  # passwords:\n  # - W\n  # b: 1\n", "  # b: 1\n"),
            ("# stringData:\n#   a: W\n", ""),
            ("# url: postgres://u:W@h\n# see https://example.org/a\n", "# see https://example.org/a\n"),
            ("#-----BEGIN PRIVATE KEY-----\n#abc\n#-----END PRIVATE KEY-----\n# b\n", "# b\n"),
        ] {
            assert_eq!(left(text), want, "{text:?}");
        }
    }
}
