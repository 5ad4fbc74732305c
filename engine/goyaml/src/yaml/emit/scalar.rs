//! Writing scalars, keys among them.

use govalue::{Args, FuncError, Kind, Num, Object, Type, Value, strconv};

use super::super::resolve::{Resolved, Version, resolve};
use super::analyze::{Analysis, Style, analyze, break_width, char_width, is_printable};
use super::{Context, Emitter, Stop};

/// Keys that are longer get a `?`.
const MAX_SIMPLE_KEY: usize = 128;

/// The longest escape, `\U0001F600`.
const MAX_ESCAPE: usize = 10;

/// How many characters a key in JSON may have for go-yaml to read it again.
const MAX_JSON_KEY: usize = 1024;

/// The longest text of an escaped character in JSON, `\u2028`.
const MAX_JSON_ESCAPE: usize = 6;

impl Emitter {
    /// Writes text that needs no quotes.
    pub(super) fn plain(&mut self, text: &[u8]) {
        self.space();
        self.out.extend_from_slice(text);
        self.whitespace = false;
        self.indention = false;
    }

    /// Writes a key with its colon.
    pub(super) fn key(&mut self, key: &[u8]) -> Result<(), Stop> {
        if self.detours && key.len() * MAX_JSON_ESCAPE > MAX_JSON_KEY - 2 && json_length(key) > MAX_JSON_KEY {
            return Err(Stop::Detour);
        }
        if !self.is_text(key)? {
            let encoded = encode_base64(key);
            if encoded.len() + "!!binary".len() > MAX_SIMPLE_KEY || encoded.contains(&b'\n') {
                self.indicator(b"?", true, false, true);
                self.binary(&encoded, Context::Key);
                self.write_indent();
                self.indicator(b":", true, false, true);
            } else {
                self.binary(&encoded, Context::SimpleKey);
                self.indicator(b":", false, false, false);
            }
            return Ok(());
        }
        let analysis = analyze(key, self.version);
        if !analysis.multiline && key.len() <= MAX_SIMPLE_KEY {
            self.text(key, &analysis, Context::SimpleKey);
            self.indicator(b":", false, false, false);
        } else {
            self.indicator(b"?", true, false, true);
            self.text(key, &analysis, Context::Key);
            self.write_indent();
            self.indicator(b":", true, false, true);
        }
        Ok(())
    }

    pub(super) fn string(&mut self, s: &[u8], context: Context) -> Result<(), Stop> {
        if self.is_text(s)? {
            let analysis = analyze(s, self.version);
            self.text(s, &analysis, context);
        } else {
            self.binary(&encode_base64(s), context);
        }
        Ok(())
    }

    /// Whether the string is UTF-8, as it must be for YAML.
    fn is_text(&self, s: &[u8]) -> Result<bool, Stop> {
        let ascii = s.is_ascii();
        if !self.detours {
            return Ok(ascii || std::str::from_utf8(s).is_ok());
        }
        // JSON leaves DEL, C1 controls and others as they are: go-yaml then
        // refuses to read them, or takes them for line breaks.
        let changed = |s: &str| s.chars().any(|c| matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'));
        let plain = if ascii { !s.contains(&0x7F) } else { std::str::from_utf8(s).is_ok_and(|s| !changed(s)) };
        if plain { Ok(true) } else { Err(Stop::Detour) }
    }

    fn text(&mut self, s: &[u8], analysis: &Analysis, context: Context) {
        match analysis.style(s, self.version, context == Context::SimpleKey) {
            Style::Plain if self.may_fold(s.len(), context) => self.plain_folded(s),
            Style::Plain => self.plain(s),
            Style::Single => self.single_quoted(s, context),
            Style::Double => self.double_quoted(s, context),
            Style::Literal => self.literal(s),
        }
    }

    /// The indentation of what is inside a scalar.
    fn inner_indent(&self) -> i64 {
        if self.indent < 0 { 2 } else { self.indent + 2 }
    }

    /// Whether a scalar of that many bytes may have to be folded.
    fn may_fold(&self, len: usize, context: Context) -> bool {
        let column = self.out.len() - self.line_start;
        context != Context::SimpleKey && column.saturating_add(len) > self.width
    }

    /// How many characters the line has.
    fn column(&self) -> usize {
        self.out[self.line_start..].iter().filter(|b| **b & 0xC0 != 0x80).count()
    }

    /// Writes plain text; lines that are too long end at a single space.
    fn plain_folded(&mut self, s: &[u8]) {
        self.space();
        let mut column = self.column();
        let mut spaces = false;
        for (i, &b) in s.iter().enumerate() {
            if b == b' ' && !spaces && column > self.width && s.get(i + 1) != Some(&b' ') {
                self.indention = false;
                self.indent_inside();
                column = self.column();
            } else {
                self.out.push(b);
                column += usize::from(b & 0xC0 != 0x80);
            }
            spaces = b == b' ';
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single_quoted(&mut self, s: &[u8], context: Context) {
        self.indicator(b"'", true, false, false);
        let folds = self.may_fold(2 * s.len(), context);
        let mut column = if folds { self.column() } else { 0 };
        let (mut spaces, mut breaks) = (false, false);
        let mut i = 0;
        while let Some(&b) = s.get(i) {
            let width = break_width(s, i);
            if width > 0 {
                // LS or PS: others are not written in this style.
                self.copy_break(&s[i..i + width]);
                column = 0;
                breaks = true;
                i += width;
                continue;
            }
            if b == b' ' {
                let inside = i > 0 && i + 1 < s.len() && s[i + 1] != b' ';
                if folds && !spaces && column > self.width && inside {
                    self.indent_inside();
                    column = self.column();
                } else {
                    self.out.push(b' ');
                    column += 1;
                }
                spaces = true;
                i += 1;
                continue;
            }
            if breaks {
                self.indent_inside();
                column = if folds { self.column() } else { 0 };
            }
            if b == b'\'' {
                self.out.push(b'\'');
                column += 1;
            }
            let width = char_width(b).min(s.len() - i);
            self.out.extend_from_slice(&s[i..i + width]);
            column += 1;
            self.indention = false;
            (spaces, breaks) = (false, false);
            i += width;
        }
        self.indicator(b"'", false, false, false);
        self.indention = false;
    }

    /// Writes a line break of the text as it is.
    fn copy_break(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
        self.line_start = self.out.len();
        self.indention = true;
    }

    fn indent_inside(&mut self) {
        let outer = self.indent;
        self.indent = self.inner_indent();
        self.write_indent();
        self.indent = outer;
    }

    fn double_quoted(&mut self, s: &[u8], context: Context) {
        self.indicator(b"\"", true, false, false);
        let folds = self.may_fold(MAX_ESCAPE * s.len(), context);
        // Go takes a mark at the start for one at every character.
        let all = s.starts_with(b"\xEF\xBB\xBF");
        let text = std::str::from_utf8(s).expect("what is not UTF-8 is written as binary");
        let mut column = if folds { self.column() } else { 0 };
        let mut spaces = false;
        for (i, c) in text.char_indices() {
            if all || matches!(c, '"' | '\\') || !is_printable(s, i) || break_width(s, i) > 0 {
                let before = self.out.len();
                self.escape(c);
                column += self.out.len() - before;
                spaces = false;
                continue;
            }
            if folds && c == ' ' && !spaces && column > self.width && i > 0 && i + 1 < s.len() {
                self.indention = false;
                self.indent_inside();
                if s.get(i + 1) == Some(&b' ') {
                    self.out.push(b'\\');
                }
                column = self.column();
            } else {
                self.out.extend_from_slice(&s[i..i + c.len_utf8()]);
                column += 1;
            }
            spaces = c == ' ';
        }
        self.indicator(b"\"", false, false, false);
        self.indention = false;
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => b'0',
            '\x07' => b'a',
            '\x08' => b'b',
            '\t' => b't',
            '\n' => b'n',
            '\x0B' => b'v',
            '\x0C' => b'f',
            '\r' => b'r',
            '\x1B' => b'e',
            '"' => b'"',
            '\\' => b'\\',
            '\u{85}' => b'N',
            '\u{a0}' => b'_',
            '\u{2028}' => b'L',
            '\u{2029}' => b'P',
            _ => {
                let code = match u32::from(c) {
                    n @ ..=0xFF => format!("\\x{n:02X}"),
                    n @ ..=0xFFFF => format!("\\u{n:04X}"),
                    n => format!("\\U{n:08X}"),
                };
                self.out.extend_from_slice(code.as_bytes());
                return;
            }
        };
        self.out.extend_from_slice(&[b'\\', short]);
    }

    fn literal(&mut self, s: &[u8]) {
        self.indicator(b"|", true, false, false);
        if s.first() == Some(&b' ') || break_width(s, 0) > 0 {
            self.indicator(b"2", false, false, false);
        }
        match trailing_breaks(s) {
            0 => self.indicator(b"-", false, false, false),
            1 if s.len() > last_break_width(s) => {}
            _ => self.indicator(b"+", false, false, false),
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut rest = s;
        while !rest.is_empty() {
            let line = rest.iter().enumerate().position(|(i, b)| matches!(b, b'\n' | 0xE2) && break_width(rest, i) > 0);
            let (line, after) = rest.split_at(line.unwrap_or(rest.len()));
            if !line.is_empty() {
                self.indent_inside();
                self.out.extend_from_slice(line);
                self.indention = false;
            }
            let width = break_width(after, 0);
            self.copy_break_if(&after[..width]);
            rest = &after[width..];
        }
    }

    fn copy_break_if(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.copy_break(text);
        }
    }

    /// Writes what is no UTF-8 as base64.
    fn binary(&mut self, encoded: &[u8], context: Context) {
        self.plain(b"!!binary");
        let analysis = analyze(encoded, self.version);
        match context {
            Context::SimpleKey => self.plain(encoded),
            _ if analysis.multiline => self.literal(encoded),
            _ => self.plain(encoded),
        }
    }

    pub(super) fn float(&mut self, f: f64) -> Result<(), Stop> {
        let text = match self.version {
            Version::V2 if !f.is_finite() => return Err(Stop::Detour),
            Version::V2 => through_json(f),
            Version::V3 => match strconv::format_float(f, b'g', -1, 64) {
                text if text == "+Inf" => ".inf".into(),
                text if text == "-Inf" => "-.inf".into(),
                text if text == "NaN" => ".nan".into(),
                text => text,
            },
        };
        self.plain(text.as_bytes());
        Ok(())
    }

    pub(super) fn number(&mut self, n: Num) -> Result<(), Stop> {
        let kind = n.ty().kind();
        if self.version == Version::V2 && (kind.is_float() || matches!(n.ty(), Type::Named(_))) {
            return Err(Stop::Detour);
        }
        if let Type::Named(named) = n.ty()
            && named.name == "time.Duration"
        {
            let text = call_string(&Value::Num(n), "String")?;
            return self.string(&text, Context::MappingValue);
        }
        let text = match kind {
            Kind::Float32 => strconv::format_float(n.as_f64(), b'g', -1, 32),
            k if k.is_uint() => n.as_u64().to_string(),
            _ => n.as_i64().to_string(),
        };
        self.plain(text.as_bytes());
        Ok(())
    }

    /// Writes a struct that go-yaml writes as a scalar, or an empty one.
    pub(super) fn object(&mut self, value: &Value, object: &Object, context: Context) -> Result<bool, Stop> {
        let named = object.named();
        if named.name == "time.Time"
            && let Some(json) = named.json
        {
            if let Value::Str(text) = json(value).map_err(Stop::Error)? {
                self.plain(&text);
            }
            return Ok(true);
        }
        if named.method("MarshalText").is_some() || (named.json.is_some() && named.method("String").is_some()) {
            let text = call_string(value, "String")?;
            self.string(&text, context)?;
            return Ok(true);
        }
        if fields(object).is_empty() {
            self.empty(b"{}");
            return Ok(true);
        }
        Ok(false)
    }
}

/// Calls a method without arguments that gives a string.
fn call_string(value: &Value, method: &str) -> Result<govalue::Str, Stop> {
    let named = value.ty().and_then(Type::named);
    let found = named.and_then(|n| n.method(method));
    match found {
        Some(m) => match (m.call)(value, &mut Args::new(&mut [])).map_err(Stop::Error)? {
            Value::Str(s) => Ok(s),
            _ => Err(Stop::Error(FuncError::panic("cannot marshal type"))),
        },
        None => Err(Stop::Error(FuncError::panic("cannot marshal type"))),
    }
}

/// The exported fields of a struct by their names in YAML: in small letters.
pub(super) fn fields(object: &Object) -> Vec<(String, Value)> {
    let declared = object.named().fields().iter().zip(object.fields());
    declared.filter(|(f, _)| f.exported()).map(|(f, v)| (f.name.to_lowercase(), v.clone())).collect()
}

/// How go-yaml writes a number that it read from JSON.
fn through_json(f: f64) -> String {
    let size = f.abs();
    if f.trunc() == f && size < 1e15 {
        return (f as i64).to_string();
    }
    let format = if (1e-6..1e21).contains(&size) { b'f' } else { b'e' };
    let json = strconv::format_float(f, format, -1, 64);
    match resolve(json.as_bytes(), Version::V2, false) {
        Resolved::Int(_) | Resolved::Uint(_) => json,
        _ => strconv::format_float(f, b'g', -1, 64),
    }
}

/// How many characters a string takes in JSON, with its quotes.
fn json_length(s: &[u8]) -> usize {
    let text = govalue::utf8::lossy(s);
    let escaped = |c| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\x08' | '\x0C' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..' ' => MAX_JSON_ESCAPE,
        _ => 1,
    };
    2 + text.chars().map(escaped).sum::<usize>()
}

/// How many line breaks the text ends with, up to 2.
fn trailing_breaks(s: &[u8]) -> usize {
    let last = last_break_width(s);
    if last == 0 {
        return 0;
    }
    1 + usize::from(last_break_width(&s[..s.len() - last]) > 0)
}

fn last_break_width(s: &[u8]) -> usize {
    match s {
        [.., b'\n' | b'\r'] => 1,
        [.., 0xC2, 0x85] => 2,
        [.., 0xE2, 0x80, 0xA8 | 0xA9] => 3,
        _ => 0,
    }
}

/// Base64 in lines of 70 characters, where it takes more than one.
fn encode_base64(s: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = Vec::with_capacity(s.len().div_ceil(3) * 4);
    for chunk in s.chunks(3) {
        let bytes = [chunk[0], chunk.get(1).copied().unwrap_or(0), chunk.get(2).copied().unwrap_or(0)];
        let n = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        for i in 0..4 {
            let digit = DIGITS[(n >> (18 - 6 * i) & 63) as usize];
            encoded.push(if i > chunk.len() { b'=' } else { digit });
        }
    }
    if encoded.len() < 70 {
        return encoded;
    }
    encoded.chunks(70).flat_map(|line| [line, b"\n"].concat()).collect()
}
