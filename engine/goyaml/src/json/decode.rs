//! `json.Unmarshal`.

use std::error::Error;
use std::fmt;

use govalue::strconv::{parse_float, quote};
use govalue::{List, Map, Str, Type, Value, utf8};

/// Go reads no deeper JSON.
const MAX_DEPTH: usize = 10_000;

/// Why a text is not the JSON that was asked for; `Display` is Go's message.
#[derive(Clone, Debug)]
pub struct JsonError {
    message: String,
    /// How many bytes had been read (`SyntaxError.Offset`).
    pub offset: usize,
    /// What Go has decoded all the same.
    partial: Option<Value>,
    /// Whether the text ended too early.
    eof: bool,
}

impl JsonError {
    fn new(message: impl Into<String>, offset: usize) -> JsonError {
        JsonError { message: message.into(), offset, partial: None, eof: false }
    }

    /// What Go fills into the target beside an error that is not one of syntax:
    /// after a number out of range, all the rest.
    pub fn into_partial(self) -> Option<Value> {
        self.partial
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for JsonError {}

/// `json.Unmarshal` into an `interface {}`: all numbers are `float64`.
///
/// ```
/// use goyaml::json::from_json;
/// let e = from_json(br#"{"a": x}"#).unwrap_err();
/// assert_eq!(e.to_string(), "invalid character 'x' looking for beginning of value");
/// ```
///
/// # Errors
/// As Go's, for syntax, numbers out of range and nesting beyond 10,000 levels.
pub fn from_json(s: &[u8]) -> Result<Value, JsonError> {
    let mut parser = Parser::new(s);
    let v = parser.value()?;
    parser.space();
    match parser.peek() {
        Some(_) => Err(parser.unexpected("after top-level value")),
        None => parser.finish(v),
    }
}

/// `json.Unmarshal` into a `map[string]interface {}`; `null` gives a nil map.
///
/// # Errors
/// As [`from_json`], and for other values: `json: cannot unmarshal array into
/// Go value of type map[string]interface {}`.
pub fn from_json_map(s: &[u8]) -> Result<Map, JsonError> {
    match of_kind(s, b'{', Type::ANY_MAP)? {
        Value::Map(m) => Ok(m),
        _ => Ok(Map::nil(Type::ANY_MAP)),
    }
}

/// `json.Unmarshal` into a `[]interface {}`; `null` gives a nil slice.
///
/// # Errors
/// As [`from_json`], and for other values: `json: cannot unmarshal object into
/// Go value of type []interface {}`.
pub fn from_json_list(s: &[u8]) -> Result<List, JsonError> {
    match of_kind(s, b'[', Type::ANY_SLICE)? {
        Value::List(l) => Ok(l),
        _ => Ok(List::nil(Type::ANY_SLICE)),
    }
}

/// Reads a value that must begin in that way, or be `null`. Go skips a value of another kind without looking at the
/// numbers in it.
fn of_kind(s: &[u8], begin: u8, ty: Type) -> Result<Value, JsonError> {
    let read = from_json(s);
    if let Err(e) = &read
        && e.partial.is_none()
    {
        return read;
    }
    let what = match s.iter().find(|b| !is_space(**b)) {
        Some(b) if *b == begin || *b == b'n' => return read,
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "bool",
        _ => "number",
    };
    Err(JsonError::new(format!("json: cannot unmarshal {what} into Go value of type {ty}"), s.len()))
}

/// The value at the start of the text and where it ends, as a `json.Decoder`
/// reads it.
///
/// # Errors
/// As [`from_json`]; a text that ends too early gives `unexpected EOF`, a blank
/// one `EOF`.
pub fn from_json_prefix(s: &[u8]) -> Result<(Value, usize), JsonError> {
    let mut parser = Parser::new(s);
    let result = parser.value().and_then(|v| {
        let end = parser.at;
        parser.finish(v).map(|v| (v, end))
    });
    result.map_err(|mut e| {
        if e.eof {
            let blank = s.iter().all(|b| is_space(*b));
            e.message = if blank { "EOF" } else { "unexpected EOF" }.to_owned();
        }
        e
    })
}

fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

struct Parser<'s> {
    s: &'s [u8],
    at: usize,
    /// The first number out of range, if any.
    range: Option<JsonError>,
}

/// A container that is not closed yet: JSON may be nested deeper than a call stack.
enum Open {
    Array(Vec<Value>),
    /// The members so far and the key that waits for its value.
    Object(Vec<(Str, Value)>, Str),
}

impl<'s> Parser<'s> {
    fn new(s: &'s [u8]) -> Parser<'s> {
        Parser { s, at: 0, range: None }
    }

    fn finish(self, v: Value) -> Result<Value, JsonError> {
        match self.range {
            None => Ok(v),
            Some(mut e) => {
                e.partial = Some(v);
                Err(e)
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.s.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Reads a value with all that is in it.
    fn value(&mut self) -> Result<Value, JsonError> {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            self.space();
            let mut v = match self.peek() {
                Some(b @ (b'[' | b'{')) => {
                    if stack.len() >= MAX_DEPTH {
                        return Err(JsonError::new("exceeded max depth", self.at + 1));
                    }
                    self.at += 1;
                    self.space();
                    match (b, self.peek()) {
                        (b'[', Some(b']')) => {
                            self.at += 1;
                            Value::List(List::new(Vec::new()))
                        }
                        (b'[', _) => {
                            stack.push(Open::Array(Vec::new()));
                            continue;
                        }
                        (_, Some(b'}')) => {
                            self.at += 1;
                            Value::Map(Map::new())
                        }
                        _ => {
                            let key = self.key()?;
                            stack.push(Open::Object(Vec::new(), key));
                            continue;
                        }
                    }
                }
                _ => self.scalar()?,
            };
            // The value closes as many containers as end after it.
            loop {
                let Some(top) = stack.last_mut() else { return Ok(v) };
                self.space();
                match top {
                    Open::Array(items) => {
                        items.push(v);
                        match self.peek() {
                            Some(b',') => {
                                self.at += 1;
                                break;
                            }
                            Some(b']') => v = Value::List(List::grown(Type::ANY_SLICE, std::mem::take(items))),
                            _ => return Err(self.unexpected("after array element")),
                        }
                    }
                    Open::Object(members, key) => {
                        members.push((std::mem::take(key), v));
                        match self.peek() {
                            Some(b',') => {
                                self.at += 1;
                                self.space();
                                *key = self.key()?;
                                break;
                            }
                            Some(b'}') => {
                                v = Value::Map(Map::from_unsorted(Type::ANY_MAP, std::mem::take(members)));
                            }
                            _ => return Err(self.unexpected("after object key:value pair")),
                        }
                    }
                }
                self.at += 1;
                stack.pop();
            }
        }
    }

    /// Reads a key and the colon after it.
    fn key(&mut self) -> Result<Str, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let key = self.string()?;
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(key)
    }

    fn scalar(&mut self) -> Result<Value, JsonError> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::Str),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Nil),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn literal(&mut self, word: &str, v: Value) -> Result<Value, JsonError> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                let context = format!("in literal {word} (expecting '{}')", char::from(expected));
                return Err(self.unexpected_or_space(&context));
            }
            self.at += 1;
        }
        Ok(v)
    }

    fn digits(&mut self, context: &str) -> Result<(), JsonError> {
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return Err(self.unexpected_or_space(context));
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        let whole = self.at;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = &self.s[start..self.at];
        if let (true, [b'1'..=b'9', ..]) = (self.at == whole && text.len() <= 15, text) {
            let n = text.iter().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
            return Ok(Value::Float(n as f64));
        }
        match parse_float(text, 64) {
            Ok(f) => Ok(Value::Float(f)),
            Err(_) => {
                let number = govalue::utf8::lossy(text);
                let message = format!("json: cannot unmarshal number {number} into Go value of type float64");
                self.range.get_or_insert_with(|| JsonError::new(message, self.at));
                Ok(Value::Nil)
            }
        }
    }

    /// Reads a string from its opening quote on.
    fn string(&mut self) -> Result<Str, JsonError> {
        self.at += 1;
        let rest = &self.s[self.at..];
        let plain = rest.iter().position(|b| matches!(b, b'"' | b'\\') || *b < b' ').unwrap_or(rest.len());
        if rest.get(plain) == Some(&b'"') && std::str::from_utf8(&rest[..plain]).is_ok() {
            self.at += plain + 1;
            return Ok(Str::from(&rest[..plain]));
        }
        let mut out = Vec::with_capacity(plain + 16);
        loop {
            let rest = &self.s[self.at..];
            let plain = rest.iter().position(|b| matches!(b, b'"' | b'\\') || *b < b' ').unwrap_or(rest.len());
            push_valid(&mut out, &rest[..plain]);
            self.at += plain;
            match rest.get(plain) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Str::from(out));
                }
                Some(b'\\') => self.escape(&mut out)?,
                _ => return Err(self.unexpected("in string literal")),
            }
        }
    }

    /// Reads an escape from its backslash on.
    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        self.at += 1;
        let b = match self.peek() {
            Some(b @ (b'"' | b'\\' | b'/')) => b,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode(out);
            }
            _ => return Err(self.unexpected_or_space("in string escape code")),
        };
        out.push(b);
        self.at += 1;
        Ok(())
    }

    /// Reads what follows `\u`, with a second one if both are a surrogate pair.
    fn unicode(&mut self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        let unit = self.hex()?;
        let second = self.s.get(self.at..self.at + 6).and_then(|s| s.strip_prefix(b"\\u")).and_then(hex4);
        let c = match (unit, second) {
            (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                self.at += 6;
                char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
            }
            _ => char::from_u32(unit),
        };
        utf8::push(out, c.unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let mut n = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            let digit = digit.ok_or_else(|| self.unexpected_or_space("in \\u hexadecimal character escape"))?;
            n = n << 4 | digit;
            self.at += 1;
        }
        Ok(n)
    }

    /// The error for the next byte; `unexpected end of JSON input` if there is none.
    fn unexpected(&self, context: &str) -> JsonError {
        match self.peek() {
            Some(b) => self.invalid(b, context),
            None => {
                let mut e = JsonError::new("unexpected end of JSON input", self.at);
                e.eof = true;
                e
            }
        }
    }

    /// The same inside of a token: there, Go takes the end for a space.
    fn unexpected_or_space(&self, context: &str) -> JsonError {
        let mut e = self.invalid(self.peek().unwrap_or(b' '), context);
        e.eof = self.peek().is_none();
        e
    }

    fn invalid(&self, b: u8, context: &str) -> JsonError {
        let shown = match b {
            b'\'' => r"\'".to_owned(),
            b'"' => "\"".to_owned(),
            _ => {
                let quoted = quote(char::from(b).encode_utf8(&mut [0; 4]).as_bytes());
                quoted.trim_matches('"').to_owned()
            }
        };
        JsonError::new(format!("invalid character '{shown}' {context}"), self.at + 1)
    }
}

fn hex4(s: &[u8]) -> Option<u32> {
    s.iter().try_fold(0, |n, b| Some(n << 4 | char::from(*b).to_digit(16)?))
}

/// Appends text; each byte that is no UTF-8 becomes U+FFFD.
fn push_valid(out: &mut Vec<u8>, mut s: &[u8]) {
    loop {
        match std::str::from_utf8(s) {
            Ok(_) => return out.extend_from_slice(s),
            Err(e) => {
                let (valid, rest) = s.split_at(e.valid_up_to());
                out.extend_from_slice(valid);
                utf8::push(out, char::REPLACEMENT_CHARACTER);
                s = &rest[1..];
            }
        }
    }
}
