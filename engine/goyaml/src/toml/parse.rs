//! `toml.Unmarshal`.

use std::error::Error;
use std::fmt;

use goregex::unicode::is_letter;
use govalue::strconv::{quote, quote_rune};
use govalue::{List, MAX_DEPTH, Map, Str, Value};

use super::document::Document;
use super::key::{is_bare, key_text};
use super::scan::{EOF, Fault, Lexed, Scan, is_line_end, is_space};
use super::value;

/// Why a text is not TOML; `Display` is the Go library's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    message: String,
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for TomlError {}

/// `toml.Unmarshal` into a `map[string]interface {}`.
///
/// ```
/// use goyaml::toml::from_toml;
/// assert_eq!(from_toml(b"a = 1")?.len(), 1);
/// assert_eq!(from_toml(b"a = x").unwrap_err().to_string(), r#"toml: line 1 (last key "a"): expected value but found "x" instead"#);
/// # Ok::<(), goyaml::toml::TomlError>(())
/// ```
///
/// # Errors
/// As the Go library's: `toml: line 1: …`.
pub fn from_toml(s: &[u8]) -> Result<Map, TomlError> {
    let marks: [&[u8]; 3] = [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"];
    let text = marks.iter().find_map(|mark| s.strip_prefix(*mark)).unwrap_or(s);
    let mut parser =
        Parser { scan: Scan::new(text), document: Document::default(), key: Str::EMPTY, key_line: 0, depth: 0 };
    let result = if text.iter().take(6).any(|b| *b == 0) {
        let message = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";
        Err(Fault::new(1, message))
    } else {
        parser.document()
    };
    match result {
        Ok(()) => Ok(parser.document.finish()),
        Err(fault) => Err(parser.error(&fault)),
    }
}

struct Parser<'s> {
    scan: Scan<'s>,
    document: Document,
    /// The last part of the key whose value is being read.
    key: Str,
    /// The line of the last key; where errors about keys are.
    key_line: usize,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, fault: &Fault) -> TomlError {
        let mut last = key_text(&self.document.context);
        if !self.key.is_empty() {
            if !last.is_empty() {
                last.push(b'.');
            }
            last.extend_from_slice(&self.key);
        }
        let last = if last.is_empty() { String::new() } else { format!(" (last key {})", quote(&last)) };
        TomlError { message: format!("toml: line {}{last}: {}", fault.line, fault.message) }
    }

    fn document(&mut self) -> Lexed<()> {
        loop {
            match self.scan.next()? {
                EOF => return Ok(()),
                c if is_space(c) || is_line_end(c) => continue,
                '#' => {
                    self.comment()?;
                    continue;
                }
                '[' => self.header()?,
                c => {
                    self.scan.back(c);
                    self.key_value(None)?;
                }
            }
            self.line_end()?;
        }
    }

    /// What must follow a table's header or a value at the top.
    fn line_end(&mut self) -> Lexed<()> {
        self.scan.skip(is_space)?;
        match self.scan.next()? {
            '#' => self.comment(),
            EOF => {
                self.scan.back(EOF);
                Ok(())
            }
            c if is_line_end(c) => Ok(()),
            c => {
                let got = quote_rune(u32::from(c));
                let expected = "expected a top-level item to end with a newline, comment, or EOF";
                Err(self.scan.fault(format!("{expected}, but got {got} instead")))
            }
        }
    }

    fn comment(&mut self) -> Lexed<()> {
        self.scan.skip(|c| !is_line_end(c) && c != EOF)
    }

    /// `[a.b]` or `[[a.b]]`, from after the first bracket.
    fn header(&mut self) -> Lexed<()> {
        let array = self.scan.peek()? == '[';
        if array {
            self.scan.next()?;
        }
        let mut key = Vec::new();
        loop {
            self.scan.skip(is_space)?;
            match self.scan.peek()? {
                ']' | EOF => {
                    return Err(self.scan.fault("unexpected end of table name (table names cannot be empty)"));
                }
                '.' => return Err(self.scan.fault("unexpected table separator (table names cannot be empty)")),
                _ => self.key_part(&mut key)?,
            }
            self.scan.skip(is_space)?;
            match self.scan.next()? {
                '.' => {}
                ']' => break,
                c => {
                    let got = quote_rune(u32::from(c));
                    let expected = "expected '.' or ']' to end table name";
                    return Err(self.scan.fault(format!("{expected}, but got {got} instead")));
                }
            }
        }
        if array {
            let c = self.scan.next()?;
            if c != ']' {
                let got = quote_rune(u32::from(c));
                let expected = "expected end of table array name delimiter ']'";
                return Err(self.scan.fault(format!("{expected}, but got {got} instead")));
            }
        }
        let result = self.document.add_context(&key, array);
        self.at_key(result)?;
        self.document.set_type(&Str::EMPTY, false);
        Ok(())
    }

    fn at_key<T>(&self, result: Result<T, String>) -> Lexed<T> {
        result.map_err(|message| Fault::new(self.key_line, message))
    }

    /// Reads a part of a key, bare or quoted.
    fn key_part(&mut self, key: &mut Vec<Str>) -> Lexed<()> {
        let start = self.scan.at();
        let part = match self.scan.peek()? {
            '"' => {
                self.scan.next()?;
                self.note_key(key);
                self.string()?
            }
            '\'' => {
                self.scan.next()?;
                self.note_key(key);
                self.raw_string()?
            }
            _ => {
                self.scan.skip(|c| c.is_ascii() && is_bare(c as u8))?;
                self.note_key(key);
                Str::from(self.scan.since(start))
            }
        };
        key.push(part);
        Ok(())
    }

    fn note_key(&mut self, key: &[Str]) {
        if key.is_empty() {
            self.key_line = self.scan.line;
        }
    }

    /// Reads `a.b =`.
    fn key(&mut self) -> Lexed<Vec<Str>> {
        self.scan.skip(is_space)?;
        match self.scan.peek()? {
            '=' | EOF => return Err(self.scan.fault("unexpected '=': key name appears blank")),
            '.' => return Err(self.scan.fault("unexpected '.': keys cannot start with a '.'")),
            _ => {}
        }
        let mut key = Vec::new();
        loop {
            self.scan.skip(is_space)?;
            match self.scan.peek()? {
                '=' | EOF => return Err(self.scan.fault("unexpected '='")),
                '.' => return Err(self.scan.fault("unexpected '.'")),
                _ => self.key_part(&mut key)?,
            }
            self.scan.skip(is_space)?;
            match self.scan.next()? {
                '.' => {}
                '=' => return Ok(key),
                EOF => return Err(self.scan.fault("unexpected EOF; expected key separator '='")),
                c => {
                    let message = format!("expected '.' or '=', but got {} instead", quote_rune(u32::from(c)));
                    let before = c == '\n';
                    return Err(if before { self.scan.fault_before(message) } else { self.scan.fault(message) });
                }
            }
        }
    }

    /// Reads `a.b = value` into the current table, and into the value of the
    /// inline table that it is in.
    fn key_value(&mut self, inline: Option<&Map>) -> Lexed<()> {
        let outer = self.document.context.clone();
        let key = self.key()?;
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        self.key = last.clone();
        for part in parents {
            let result = self.document.add_implicit_context(part);
            self.at_key(result)?;
        }
        let (v, array) = self.value(false)?;
        let result = self.document.set_value(last, v.clone());
        self.at_key(result)?;
        self.document.set_type(last, array);
        match inline {
            Some(table) => self.add(table, &key, v)?,
            None => self.key = Str::EMPTY,
        }
        self.document.context = outer;
        Ok(())
    }

    /// Reads a value; says whether it is an array.
    fn value(&mut self, in_array: bool) -> Lexed<(Value, bool)> {
        self.scan.skip(is_space)?;
        let start = self.scan.at();
        let c = self.scan.next()?;
        let v = match c {
            '0'..='9' => self.number_or_date(c, start)?,
            '[' => return self.nested(Parser::array).map(|v| (v, true)),
            '{' => return self.nested(|p| p.inline_table(in_array)).map(|v| (v, false)),
            '"' if self.twice('"')? => Value::Str(self.multiline_string()?),
            '"' => Value::Str(self.string()?),
            '\'' if self.twice('\'')? => Value::Str(self.multiline_raw_string()?),
            '\'' => Value::Str(self.raw_string()?),
            '.' => return Err(self.scan.fault("floats must start with a digit, not '.'")),
            '-' | '+' => self.signed(start)?,
            'i' | 'n' if self.word_float()? => self.here(value::float(self.scan.since(start)))?,
            c if is_letter(c) => {
                // A word that was taken for the start of `inf` or `nan` goes back by one character.
                let last = self.scan.since(start).last().copied();
                self.scan.back(last.filter(u8::is_ascii).map_or(c, char::from));
                self.boolean()?
            }
            EOF => return Err(self.scan.fault("unexpected EOF; expected value")),
            c => {
                let message = format!("expected value but found {} instead", quote_rune(u32::from(c)));
                return Err(if c == '\n' { self.scan.fault_before(message) } else { self.scan.fault(message) });
            }
        };
        Ok((v, false))
    }

    fn here<T>(&self, result: Result<T, String>) -> Lexed<T> {
        result.map_err(|message| Fault::new(self.scan.line, message))
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Lexed<Value>) -> Lexed<Value> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::new(self.scan.line, "value nested too deep"));
        }
        self.depth += 1;
        let v = read(self);
        self.depth -= 1;
        v
    }

    /// Takes two more quotes, or none.
    fn twice(&mut self, quote: char) -> Lexed<bool> {
        if self.scan.accept(quote)? {
            if self.scan.accept(quote)? {
                return Ok(true);
            }
            self.scan.back(quote);
        }
        Ok(false)
    }

    /// Takes the rest of `inf` or `nan`, as loosely as the Go library does.
    fn word_float(&mut self) -> Lexed<bool> {
        Ok(self.scan.accept('n')? && self.scan.accept('f')? || self.scan.accept('a')? && self.scan.accept('n')?)
    }

    fn boolean(&mut self) -> Lexed<Value> {
        let word = self.scan.at();
        self.scan.skip(is_letter)?;
        match self.scan.since(word) {
            b"true" => Ok(Value::Bool(true)),
            b"false" => Ok(Value::Bool(false)),
            word => Err(self.scan.fault(format!("expected value but found {} instead", quote(word)))),
        }
    }

    /// Reads a number from after its sign on.
    fn signed(&mut self, start: usize) -> Lexed<Value> {
        let c = self.scan.next()?;
        match c {
            'i' | 'n' => {
                let [second, third] = if c == 'i' { ['n', 'f'] } else { ['a', 'n'] };
                if !self.scan.accept(second)? || !self.scan.accept(third)? {
                    let word = govalue::utf8::lossy(self.scan.since(start)).into_owned();
                    return Err(self.scan.fault(format!("invalid float: '{word}'")));
                }
                return self.here(value::float(self.scan.since(start)));
            }
            '0' => {
                let p = self.scan.peek()?;
                if matches!(p, 'b' | 'o' | 'x') {
                    let word = govalue::utf8::lossy(self.scan.since(start)).into_owned();
                    let message = format!("cannot use sign with non-decimal numbers: '{word}{p}'");
                    return Err(self.scan.fault(message));
                }
            }
            '.' => return Err(self.scan.fault("floats must start with a digit, not '.'")),
            _ => {}
        }
        if !c.is_ascii_digit() {
            let got = quote_rune(u32::from(c));
            return Err(self.scan.fault(format!("expected a digit but got {got}")));
        }
        self.decimal(start)
    }

    /// Reads what starts with a digit.
    fn number_or_date(&mut self, first: char, start: usize) -> Lexed<Value> {
        if first == '0' {
            let c = self.scan.next()?;
            let (name, digit): (&str, fn(char) -> bool) = match c {
                'b' => ("a binary", |c| matches!(c, '0' | '1')),
                'o' => ("an octal", |c| matches!(c, '0'..='7')),
                'x' => ("a hexadecimal", |c| c.is_ascii_hexdigit()),
                '_' => return self.decimal(start),
                '.' | 'e' | 'E' => return self.float(start),
                '0'..='9' => return self.digits_or_date(start),
                _ => {
                    self.scan.back(c);
                    return self.here(value::integer(self.scan.since(start)));
                }
            };
            let p = self.scan.peek()?;
            if !digit(p) {
                let word = govalue::utf8::lossy(self.scan.since(start)).into_owned();
                return Err(Fault::new(self.scan.line, format!("not {name} number: '{word}{p}'")));
            }
            self.scan.skip(|c| digit(c) || c == '_')?;
            return self.here(value::integer(self.scan.since(start)));
        }
        self.digits_or_date(start)
    }

    fn digits_or_date(&mut self, start: usize) -> Lexed<Value> {
        self.scan.skip(|c| c.is_ascii_digit())?;
        let c = self.scan.next()?;
        match c {
            '-' | ':' => {
                let part = |c| matches!(c, '0'..='9' | '-' | ':' | 'T' | 't' | ' ' | '.' | 'Z' | 'z' | '+');
                self.scan.skip(part)?;
                self.here(value::datetime(self.scan.since(start).trim_ascii()))
            }
            '_' => self.decimal(start),
            '.' | 'e' | 'E' => self.float(start),
            _ => {
                self.scan.back(c);
                self.here(value::integer(self.scan.since(start)))
            }
        }
    }

    fn decimal(&mut self, start: usize) -> Lexed<Value> {
        self.scan.skip(|c| c.is_ascii_digit() || c == '_')?;
        let c = self.scan.next()?;
        if matches!(c, '.' | 'e' | 'E') {
            return self.float(start);
        }
        self.scan.back(c);
        self.here(value::integer(self.scan.since(start)))
    }

    fn float(&mut self, start: usize) -> Lexed<Value> {
        self.scan.skip(|c| matches!(c, '0'..='9' | '_' | '.' | '-' | '+' | 'e' | 'E'))?;
        self.here(value::float(self.scan.since(start)))
    }

    /// Reads an array from after its bracket on.
    fn array(&mut self) -> Lexed<Value> {
        let key = self.key.clone();
        self.document.set_type(&key, true);
        let mut items = Vec::new();
        loop {
            match self.scan.next()? {
                c if is_space(c) || is_line_end(c) => continue,
                '#' => {
                    self.comment()?;
                    continue;
                }
                ',' => return Err(self.scan.fault("unexpected comma")),
                ']' => break,
                c => self.scan.back(c),
            }
            items.push(self.value(true)?.0);
            if self.separator(']', "expected a comma (',') or array terminator (']'), but got ", "")? {
                break;
            }
        }
        Ok(Value::List(List::new(items)))
    }

    /// Takes a comma or the closing bracket; says whether it was the bracket.
    fn separator(&mut self, close: char, expected: &str, instead: &str) -> Lexed<bool> {
        loop {
            return match self.scan.next()? {
                c if is_space(c) || is_line_end(c) => continue,
                '#' => {
                    self.comment()?;
                    continue;
                }
                ',' => Ok(false),
                c if c == close => Ok(true),
                EOF => Err(self.scan.fault(format!("{expected}end of file{instead}"))),
                c => Err(self.scan.fault(format!("{expected}'{c}'{instead}"))),
            };
        }
    }

    /// Reads an inline table from after its brace on.
    fn inline_table(&mut self, in_array: bool) -> Lexed<Value> {
        let (outer_context, outer_key) = (self.document.context.clone(), self.key.clone());
        let mut context = outer_context.clone();
        context.push(std::mem::take(&mut self.key));
        self.document.add_implicit(&context);
        self.document.context.clone_from(&context);
        let result = self.document.add_context(&context, in_array);
        self.at_key(result)?;

        let table = Map::new();
        loop {
            match self.scan.next()? {
                c if is_space(c) || is_line_end(c) => continue,
                '#' => {
                    self.comment()?;
                    continue;
                }
                ',' => return Err(self.scan.fault("unexpected comma")),
                '}' => break,
                c => self.scan.back(c),
            }
            self.key_value(Some(&table))?;
            let expected = "expected a comma or an inline table terminator '}', but got ";
            let mut closed = self.separator('}', expected, " instead")?;
            if !closed {
                self.scan.skip(is_space)?;
                closed = self.scan.peek()? == '}' && self.separator('}', expected, " instead")?;
            }
            if closed {
                break;
            }
        }
        self.document.context = outer_context;
        self.key = outer_key;
        Ok(Value::Map(table))
    }

    /// Sets a dotted key of an inline table.
    fn add(&self, table: &Map, key: &[Str], v: Value) -> Lexed<()> {
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        let mut table = table.clone();
        for part in parents {
            let inner = table.get(part).unwrap_or_else(|| {
                let inner = Value::Map(Map::new());
                table.insert(part.clone(), inner.clone());
                inner
            });
            let Value::Map(inner) = inner else {
                let context = quote(&key_text(&self.document.context));
                return Err(Fault::new(self.key_line, format!("{context} is not a table")));
            };
            table = inner;
        }
        table.insert(last.clone(), v);
        Ok(())
    }

    /// Reads a string from after its quote on.
    fn string(&mut self) -> Lexed<Str> {
        let start = self.scan.at();
        let mut escaped = false;
        loop {
            match self.scan.next()? {
                EOF => return Err(self.scan.fault("unexpected EOF; expected '\"'")),
                c if is_line_end(c) => return Err(self.scan.fault_before("strings cannot contain newlines")),
                '\\' => {
                    escaped = true;
                    self.escape(start)?;
                }
                '"' => break,
                _ => {}
            }
        }
        let text = self.scan.since(start);
        let text = &text[..text.len() - 1];
        if !escaped {
            return Ok(Str::from(text));
        }
        self.here(value::unescape(text)).map(Str::from)
    }

    fn raw_string(&mut self) -> Lexed<Str> {
        let start = self.scan.at();
        loop {
            match self.scan.next()? {
                EOF => return Err(self.scan.fault("unexpected EOF; expected \"'\"")),
                c if is_line_end(c) => return Err(self.scan.fault_before("strings cannot contain newlines")),
                '\'' => break,
                _ => {}
            }
        }
        let text = self.scan.since(start);
        Ok(Str::from(&text[..text.len() - 1]))
    }

    fn multiline_string(&mut self) -> Lexed<Str> {
        let start = self.scan.at();
        loop {
            match self.scan.next()? {
                EOF => return Err(self.scan.fault("unexpected EOF; expected '\"\"\"'")),
                '\\' => {
                    let c = self.scan.next()?;
                    if !is_line_end(c) {
                        self.scan.back(c);
                        self.escape(start)?;
                    }
                }
                '"' if self.closing('"', start)? => break,
                _ => {}
            }
        }
        let text = self.scan.since(start);
        let text = value::strip_first_line_end(&text[..text.len() - 3]);
        self.here(value::unescape(&value::join_lines(text))).map(Str::from)
    }

    fn multiline_raw_string(&mut self) -> Lexed<Str> {
        let start = self.scan.at();
        loop {
            match self.scan.next()? {
                EOF => return Err(self.scan.fault("unexpected EOF; expected \"'''\"")),
                '\'' if self.closing('\'', start)? => break,
                _ => {}
            }
        }
        let text = self.scan.since(start);
        Ok(Str::from(value::strip_first_line_end(&text[..text.len() - 3])))
    }

    /// After a quote: takes two more if they close the string; up to two
    /// quotes may stand before the closing three.
    fn closing(&mut self, quote: char, start: usize) -> Lexed<bool> {
        if !self.twice(quote)? {
            return Ok(false);
        }
        if self.scan.peek()? != quote {
            return Ok(true);
        }
        let quotes = [quote as u8; 5];
        if let Some(before) = self.scan.since(start).strip_suffix(&quotes)
            && (quote == '\'' || before.last() != Some(&b'\\'))
        {
            let message = if quote == '"' { "unexpected '\"\"\"\"\"\"'" } else { "unexpected \"''''''\"" };
            return Err(self.scan.fault(message));
        }
        self.scan.back(quote);
        self.scan.back(quote);
        Ok(false)
    }

    /// Checks an escape, from after its backslash on; the string's text starts at `start`.
    fn escape(&mut self, start: usize) -> Lexed<()> {
        let c = self.scan.next()?;
        let (digits, name) = match c {
            'e' | 'b' | 't' | 'n' | 'f' | 'r' | '"' | ' ' | '\t' | '\\' => return Ok(()),
            'x' => (2, "two hexadecimal digits after '\\x'"),
            'u' => (4, "four hexadecimal digits after '\\u'"),
            'U' => (8, "eight hexadecimal digits after '\\U'"),
            _ => {
                let message = format!("invalid escape in string '\\{c}'");
                return Err(if self.scan.at_end() {
                    self.scan.fault_before(message)
                } else {
                    self.scan.fault(message)
                });
            }
        };
        for _ in 0..digits {
            if !self.scan.next()?.is_ascii_hexdigit() {
                let got = quote(self.scan.since(start));
                return Err(self.scan.fault(format!("expected {name}, but got {got} instead")));
            }
        }
        Ok(())
    }
}
