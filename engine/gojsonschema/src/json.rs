//! JSON documents with their numbers as written: schemas, and values to validate.

use govalue::strconv::{format_float, quote};
use govalue::{Kind, MAX_DEPTH, Str, Value};

use crate::decimal::Decimal;
use crate::table::sort;

/// How deep documents may nest. Go takes 10,000 levels.
const MAX_NESTING: usize = 300;

/// A JSON value.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(Str),
    Array(Vec<Json>),
    Object(Object),
    /// A Go value that JSON does not have; its type.
    Other(Box<str>),
}

/// A number: an `int64` or `float64` of the values, or the text of a schema.
#[derive(Clone, Debug)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
    Text(Box<str>),
}

/// An object's entries, sorted by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object {
    entries: Vec<(Str, Json)>,
    /// The marks of all keys.
    marks: u64,
}

/// One bit of 64 for a key: most keys that an object is asked for are not in it, and this is how it knows.
#[inline]
fn mark(key: &[u8]) -> u64 {
    let first = key.first().copied().unwrap_or_default();
    let last = key.last().copied().unwrap_or_default();
    1 << ((key.len() * 7 + usize::from(first) * 3 + usize::from(last) * 5) % 64)
}

impl Object {
    /// Inline, since the mark of a keyword is known beforehand.
    #[inline]
    pub(crate) fn get(&self, key: impl AsRef<[u8]>) -> Option<&Json> {
        let key = key.as_ref();
        if self.marks & mark(key) == 0 { None } else { self.find(key) }
    }

    #[inline(never)]
    fn find(&self, key: &[u8]) -> Option<&Json> {
        // Most objects are small, most keys of other lengths.
        let found = if self.entries.len() <= 8 {
            self.entries.iter().position(|(k, _)| k.len() == key.len() && k.as_bytes() == key)
        } else {
            self.entries.binary_search_by(|(k, _)| k.as_bytes().cmp(key)).ok()
        };
        found.and_then(|i| self.entries.get(i)).map(|(_, value)| value)
    }

    pub(crate) fn entries(&self) -> &[(Str, Json)] {
        &self.entries
    }

    /// From entries in the order of their keys.
    fn sorted(entries: Vec<(Str, Json)>) -> Object {
        let marks = entries.iter().fold(0, |marks, (key, _)| marks | mark(key));
        Object { entries, marks }
    }

    /// Of equal keys the last one wins; the number of each says which that is.
    fn new(mut entries: Vec<(Str, usize, Json)>) -> Object {
        sort(&mut entries, |a, b| (&a.0, a.1) < (&b.0, b.1));
        let mut kept: Vec<(Str, Json)> = Vec::with_capacity(entries.len());
        for (key, _, value) in entries {
            match kept.last_mut() {
                Some(last) if last.0 == key => last.1 = value,
                _ => kept.push((key, value)),
            }
        }
        Object::sorted(kept)
    }
}

impl Number {
    /// The exact value; nothing if it is infinite or out of all bounds.
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        match self {
            Number::Int(n) => Decimal::parse(&n.to_string()),
            Number::Float(f) if f.is_finite() => Decimal::parse(&format!("{f:e}")),
            Number::Float(_) => None,
            Number::Text(t) => Decimal::parse(t),
        }
    }

    /// As `%v` prints it.
    pub(crate) fn text(&self) -> String {
        match self {
            Number::Int(n) => n.to_string(),
            Number::Float(f) => format_float(*f, b'g', -1, 64),
            Number::Text(t) => t.to_string(),
        }
    }
}

impl Json {
    pub(crate) fn as_object(&self) -> Option<&Object> {
        if let Json::Object(o) = self { Some(o) } else { None }
    }

    pub(crate) fn as_array(&self) -> Option<&[Json]> {
        if let Json::Array(a) = self { Some(a) } else { None }
    }

    /// A string that is UTF-8, as all strings of parsed documents are.
    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Json::String(s) = self { std::str::from_utf8(s).ok() } else { None }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Json::Bool(b) = self { Some(*b) } else { None }
    }

    /// A template value as JSON; nothing if it nests too deeply.
    pub(crate) fn from_value(value: &Value, depth: usize) -> Option<Json> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match value {
            Value::Nil => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(n) => Json::Number(Number::Int(*n)),
            Value::Float(f) => Json::Number(Number::Float(*f)),
            Value::Str(s) => Json::String(s.clone()),
            Value::List(l) if l.ty() == govalue::Type::ANY_SLICE => {
                Json::Array(l.iter().map(|v| Json::from_value(v, depth + 1)).collect::<Option<_>>()?)
            }
            Value::Map(m) if m.ty() == govalue::Type::ANY_MAP => {
                let entries = m.borrow();
                let entry = |(k, v): &(Str, Value)| Json::from_value(v, depth + 1).map(|v| (k.clone(), v));
                Json::Object(Object::sorted(entries.iter().map(entry).collect::<Option<_>>()?))
            }
            Value::Num(n) => match n.ty().kind() {
                _ if !matches!(n.ty(), t if t == t.underlying()) => other(value),
                Kind::Float32 => Json::Number(Number::Text(format_float(n.as_f64(), b'g', -1, 32).into())),
                k if k.is_uint() => Json::Number(Number::Text(n.as_u64().to_string().into())),
                _ => Json::Number(Number::Int(n.as_i64())),
            },
            _ => other(value),
        })
    }

    /// Reads a document, as Go's `json.Decoder` does with `UseNumber`.
    ///
    /// # Errors
    /// Go's text.
    pub(crate) fn parse(text: &[u8]) -> Result<Json, String> {
        let mut parser = Parser { text, pos: 0 };
        parser.space();
        if parser.pos == text.len() {
            return Err("EOF".to_owned());
        }
        let value = parser.value(0)?;
        parser.space();
        if parser.pos < text.len() {
            return Err("invalid character after top-level value".to_owned());
        }
        Ok(value)
    }
}

fn other(value: &Value) -> Json {
    Json::Other(value.ty().map(|t| t.to_string()).unwrap_or_default().into())
}

struct Parser<'t> {
    text: &'t [u8],
    pos: usize,
}

impl Parser<'_> {
    fn space(&mut self) {
        let space = |b: &&u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
        self.pos += self.text[self.pos..].iter().take_while(space).count();
    }

    /// The next byte, taken.
    fn next(&mut self) -> Result<u8, String> {
        let b = self.text.get(self.pos).copied().ok_or_else(|| "unexpected EOF".to_owned())?;
        self.pos += 1;
        Ok(b)
    }

    /// Says that the byte that was just taken is wrong.
    fn fail<T>(&self, context: &str) -> Result<T, String> {
        let b = self.text.get(self.pos.wrapping_sub(1)).copied().unwrap_or_default();
        let shown = match b {
            b'\'' => r"'\''".to_owned(),
            b'"' => "'\"'".to_owned(),
            _ => {
                let quoted = quote(char::from(b).encode_utf8(&mut [0; 4]).as_bytes());
                format!("'{}'", quoted.trim_matches('"'))
            }
        };
        Err(format!("invalid character {shown} {context}"))
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        self.space();
        let start = self.pos;
        match self.next()? {
            b'{' | b'[' if depth >= MAX_NESTING => self.fail("exceeded max depth"),
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(Json::String),
            b't' => self.literal("true", Json::Bool(true)),
            b'f' => self.literal("false", Json::Bool(false)),
            b'n' => self.literal("null", Json::Null),
            b'-' => {
                if !self.next()?.is_ascii_digit() {
                    return self.fail("in numeric literal");
                }
                self.number(start)
            }
            b'0'..=b'9' => self.number(start),
            _ => self.fail("looking for beginning of value"),
        }
    }

    fn literal(&mut self, word: &str, value: Json) -> Result<Json, String> {
        for want in word.bytes().skip(1) {
            if self.next()? != want {
                return self.fail(&format!("in literal {word} (expecting '{}')", char::from(want)));
            }
        }
        Ok(value)
    }

    fn digits(&mut self) {
        self.pos += self.text[self.pos..].iter().take_while(|b| b.is_ascii_digit()).count();
    }

    /// The rest of a number whose first digit was just taken.
    fn number(&mut self, start: usize) -> Result<Json, String> {
        if self.text[self.pos - 1] != b'0' {
            self.digits();
        }
        if self.text.get(self.pos) == Some(&b'.') {
            self.pos += 1;
            if !self.next()?.is_ascii_digit() {
                return self.fail("after decimal point in numeric literal");
            }
            self.digits();
        }
        if let Some(b'e' | b'E') = self.text.get(self.pos) {
            self.pos += 1;
            if let Some(b'+' | b'-') = self.text.get(self.pos) {
                self.pos += 1;
            }
            if !self.next()?.is_ascii_digit() {
                return self.fail("in exponent of numeric literal");
            }
            self.digits();
        }
        let text = govalue::utf8::lossy(&self.text[start..self.pos]);
        Ok(Json::Number(Number::Text(text.into())))
    }

    fn array(&mut self, depth: usize) -> Result<Json, String> {
        let mut items = Vec::new();
        self.space();
        if self.text.get(self.pos) == Some(&b']') {
            self.pos += 1;
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.next()? {
                b',' => {}
                b']' => return Ok(Json::Array(items)),
                _ => return self.fail("after array element"),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut entries = Vec::new();
        self.space();
        if self.text.get(self.pos) == Some(&b'}') {
            self.pos += 1;
            return Ok(Json::Object(Object::default()));
        }
        loop {
            self.space();
            if self.next()? != b'"' {
                return self.fail("looking for beginning of object key string");
            }
            let key = self.string()?;
            self.space();
            if self.next()? != b':' {
                return self.fail("after object key");
            }
            entries.push((key, entries.len(), self.value(depth + 1)?));
            self.space();
            match self.next()? {
                b',' => {}
                b'}' => return Ok(Json::Object(Object::new(entries))),
                _ => return self.fail("after object key:value pair"),
            }
        }
    }

    /// The rest of a string. What is not UTF-8 becomes U+FFFD.
    fn string(&mut self) -> Result<Str, String> {
        let mut out = Vec::new();
        loop {
            let rest = self.text.get(self.pos..).unwrap_or_default();
            let plain = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len());
            let plain = rest.get(..plain).unwrap_or_default();
            self.pos += plain.len();
            let next = self.next()?;
            if next == b'"' && out.is_empty() && std::str::from_utf8(plain).is_ok() {
                return Ok(Str::from(plain));
            }
            out.extend_from_slice(plain);
            match next {
                b'"' => break,
                b'\\' => match self.next()? {
                    b @ (b'"' | b'\\' | b'/') => out.push(b),
                    b'b' => out.push(8),
                    b'f' => out.push(12),
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'u' => {
                        let c = self.unicode_escape()?;
                        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    _ => return self.fail("in string escape code"),
                },
                _ => return self.fail("in string literal"),
            }
        }
        // Go replaces each byte that belongs to no character.
        let (mut rest, mut text) = (&out[..], String::with_capacity(out.len()));
        while !rest.is_empty() {
            let (c, width) = govalue::utf8::decode(rest);
            text.push(c);
            rest = rest.get(width..).unwrap_or_default();
        }
        Ok(Str::from(text))
    }

    fn unicode_escape(&mut self) -> Result<char, String> {
        let first = self.hex4()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.pos..].starts_with(b"\\u") {
            let here = self.pos;
            self.pos += 2;
            let second = self.hex4()?;
            if (0xdc00..0xe000).contains(&second) {
                let c = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.pos = here;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&mut self) -> Result<u32, String> {
        let mut n = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.next()?).to_digit(16) else {
                return self.fail("in \\u hexadecimal character escape");
            };
            n = n * 16 + digit;
        }
        Ok(n)
    }
}
