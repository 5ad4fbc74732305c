//! `toml.Encoder`.

use govalue::strconv::{append_float, append_int, append_uint};
use govalue::time::{self, Location};
use govalue::{Args, FuncError, Kind, Limit, List, MAX_DEPTH, MAX_TEXT, Map, Object, Str, Value};

use super::key::{append_key, append_part, append_quoted};
use super::{LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME};

/// How many values may be looked at: a list can hold the same list many times.
const MAX_STEPS: u64 = 10_000_000;

/// `toml.Encoder.Encode`.
///
/// ```
/// use goyaml::toml::to_toml;
/// use govalue::{Map, Value};
/// let m: Map = [("b", Value::Float(1.0)), ("a", Value::from("x"))].into_iter().collect();
/// assert_eq!(to_toml(&Value::Map(m))?, b"a = \"x\"\nb = 1.0\n");
/// # Ok::<(), govalue::FuncError>(())
/// ```
///
/// # Errors
/// For values that TOML does not have, as the Go library's. For nil it panics
/// there, and the error is a [`FuncErrorKind::Panic`](govalue::FuncErrorKind::Panic).
pub fn to_toml(v: &Value) -> Result<Vec<u8>, FuncError> {
    if matches!(v, Value::Nil) {
        return Err(FuncError::panic("reflect: call of reflect.Value.Type on zero Value"));
    }
    let mut encoder = Encoder { out: Vec::new(), key: Vec::new(), steps: 0 };
    encoder.encode(v)?;
    Ok(encoder.out)
}

/// What a value is in TOML, as far as it matters where it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Nil,
    Plain,
    Table,
    TableArray,
}

struct Encoder {
    out: Vec<u8>,
    /// The key of the value that is being written.
    key: Vec<Str>,
    steps: u64,
}

impl Encoder {
    /// Writes a value under the current key.
    fn encode(&mut self, v: &Value) -> Result<(), FuncError> {
        self.check()?;
        match v {
            Value::Nil | Value::NilPointer(_) => Ok(()),
            _ if text_of(v)?.is_some() => self.key_value(v, false),
            Value::Complex(_) => {
                let mut message = b"unsupported type for key '".to_vec();
                append_key(&mut message, &self.key);
                Err(FuncError::new(format!("{}': complex128", govalue::utf8::lossy(&message))))
            }
            Value::List(l) if self.class(v, 0)? == Class::TableArray => self.array_of_tables(l),
            Value::Map(m) if m.is_nil() => Ok(()),
            Value::Map(_) | Value::Struct(_) | Value::Pointer(_) => {
                if self.key.len() == 1 {
                    self.new_line();
                }
                if !self.key.is_empty() {
                    self.header("[", "]");
                }
                self.table(v, false)
            }
            _ => self.key_value(v, false),
        }
    }

    /// Refuses values that are too deep or whose text gets too large.
    fn check(&mut self) -> Result<(), FuncError> {
        self.steps += 1;
        if self.key.len() > MAX_DEPTH {
            return Err(FuncError::limit(Limit::Depth, "toml: value nested too deep"));
        }
        if self.out.len() > MAX_TEXT || self.steps > MAX_STEPS {
            return Err(FuncError::limit(Limit::Output, "toml: text too large"));
        }
        Ok(())
    }

    fn class(&mut self, v: &Value, depth: usize) -> Result<Class, FuncError> {
        if depth > MAX_DEPTH {
            return Err(FuncError::limit(Limit::Depth, "toml: value nested too deep"));
        }
        self.check()?;
        Ok(match v {
            _ if v.is_nil() => Class::Nil,
            _ if text_of(v)?.is_some() => Class::Plain,
            Value::Map(_) | Value::Struct(_) | Value::Pointer(_) => Class::Table,
            Value::List(l) if !l.is_empty() => {
                let mut tables = true;
                for item in l.iter() {
                    match self.class(item, depth + 1)? {
                        Class::Nil => return Err(FuncError::new("toml: cannot encode array with nil element")),
                        class => tables &= class == Class::Table,
                    }
                }
                if tables { Class::TableArray } else { Class::Plain }
            }
            Value::Complex(_) => return Err(FuncError::new("unsupported type: complex128")),
            _ => Class::Plain,
        })
    }

    /// An empty line, unless it would be the first; ends a line elsewhere.
    fn new_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self) {
        for _ in 1..self.key.len() {
            self.out.extend_from_slice(b"  ");
        }
    }

    fn header(&mut self, open: &str, close: &str) {
        self.indent();
        self.out.extend_from_slice(open.as_bytes());
        append_key(&mut self.out, &self.key);
        self.out.extend_from_slice(close.as_bytes());
        self.new_line();
    }

    fn array_of_tables(&mut self, l: &List) -> Result<(), FuncError> {
        if self.key.is_empty() {
            return Err(FuncError::new("toml: top-level values must be Go maps or structs"));
        }
        for table in l.iter() {
            self.new_line();
            self.header("[[", "]]");
            self.table(table, false)?;
        }
        Ok(())
    }

    /// `key = value`; at the top the value alone.
    fn key_value(&mut self, v: &Value, inline: bool) -> Result<(), FuncError> {
        if let Some(last) = self.key.last() {
            if !inline {
                for _ in 1..self.key.len() {
                    self.out.extend_from_slice(b"  ");
                }
            }
            append_part(&mut self.out, last);
            self.out.extend_from_slice(b" = ");
            self.element(v, 0)?;
            if !inline {
                self.new_line();
            }
            return Ok(());
        }
        self.element(v, 0)
    }

    fn table(&mut self, v: &Value, inline: bool) -> Result<(), FuncError> {
        match v {
            Value::Map(m) => self.map(m, inline),
            Value::Struct(o) | Value::Pointer(o) => self.structure(o, inline),
            _ => Ok(()),
        }
    }

    fn map(&mut self, m: &Map, inline: bool) -> Result<(), FuncError> {
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for (key, v) in m.borrow().iter() {
            match self.class(v, 0)? {
                Class::Table | Class::TableArray => tables.push((key.clone(), v.clone())),
                _ => direct.push((key.clone(), v.clone())),
            }
        }
        if inline {
            self.out.push(b'{');
        }
        for (entries, more) in [(&direct, !tables.is_empty()), (&tables, false)] {
            for (i, (key, v)) in entries.iter().enumerate() {
                if !v.is_nil() {
                    self.entry(key.clone(), v, inline, more || i + 1 != entries.len())?;
                }
            }
        }
        if inline {
            self.out.push(b'}');
        }
        Ok(())
    }

    fn structure(&mut self, o: &Object, inline: bool) -> Result<(), FuncError> {
        let mut fields = Vec::new();
        self.add_fields(&mut fields, o, None)?;
        if inline {
            self.out.push(b'{');
        }
        // As in Go, where the comma goes depends on the place in the struct.
        let last = fields.len().wrapping_sub(1);
        for tables in [false, true] {
            for (place, name, v, class) in &fields {
                let table = matches!(class, Class::Table | Class::TableArray);
                if table == tables && !v.is_nil() {
                    self.entry(Str::from(*name), v, inline, *place != last)?;
                }
            }
        }
        if inline {
            self.out.push(b'}');
        }
        Ok(())
    }

    /// Collects the exported fields, those of embedded structs under the place
    /// of the outermost one.
    fn add_fields(
        &mut self,
        fields: &mut Vec<(usize, &'static str, Value, Class)>,
        o: &Object,
        place: Option<usize>,
    ) -> Result<(), FuncError> {
        for (i, (field, v)) in o.named().fields().iter().zip(o.fields()).enumerate() {
            let place = place.unwrap_or(i);
            match v {
                Value::Struct(inner) | Value::Pointer(inner) if field.embedded => {
                    self.add_fields(fields, inner, Some(place))?;
                }
                _ if !field.exported() => {}
                _ => {
                    let class = self.class(v, 0)?;
                    fields.push((place, field.name, v.clone(), class));
                }
            }
        }
        Ok(())
    }

    fn entry(&mut self, key: Str, v: &Value, inline: bool, comma: bool) -> Result<(), FuncError> {
        self.key.push(key);
        if inline {
            self.key_value(v, true)?;
            if comma {
                self.out.extend_from_slice(b", ");
            }
        } else {
            self.encode(v)?;
        }
        self.key.pop();
        Ok(())
    }

    /// A value on the right of `=` or in an array.
    fn element(&mut self, v: &Value, depth: usize) -> Result<(), FuncError> {
        self.check()?;
        if depth > MAX_DEPTH {
            return Err(FuncError::limit(Limit::Depth, "toml: value nested too deep"));
        }
        match text_of(v)? {
            Some(Text::Bare(text)) => {
                self.out.extend_from_slice(&text);
                return Ok(());
            }
            Some(Text::Quoted(text)) => {
                append_quoted(&mut self.out, &text);
                return Ok(());
            }
            None => {}
        }
        match v {
            Value::Str(s) => append_quoted(&mut self.out, s),
            Value::Bool(b) => self.out.extend_from_slice(if *b { b"true" } else { b"false" }),
            Value::Int(n) => append_int(&mut self.out, *n),
            Value::Float(f) => self.float(*f, 64),
            Value::Num(n) => match n.ty().kind() {
                Kind::Float32 => self.float(n.as_f64(), 32),
                Kind::Float64 => self.float(n.as_f64(), 64),
                kind if kind.is_int() => append_int(&mut self.out, n.as_i64()),
                _ => append_uint(&mut self.out, n.as_u64()),
            },
            Value::Bytes(b) => {
                self.sequence(b.iter(), |e, b| {
                    append_uint(&mut e.out, u64::from(*b));
                    Ok(())
                })?;
            }
            Value::List(l) => self.sequence(l.iter(), |e, item| e.element(item, depth + 1))?,
            Value::Map(_) | Value::Struct(_) | Value::Pointer(_) => self.table(v, true)?,
            Value::Complex(_) => return Err(FuncError::new("unexpected type: complex128")),
            Value::Nil | Value::NilPointer(_) => {}
        }
        Ok(())
    }

    fn sequence<T>(
        &mut self,
        items: impl ExactSizeIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Result<(), FuncError>,
    ) -> Result<(), FuncError> {
        self.out.push(b'[');
        for (i, item) in items.enumerate() {
            if i > 0 {
                self.out.extend_from_slice(b", ");
            }
            write(self, item)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn float(&mut self, f: f64, bits: u32) {
        if !f.is_finite() {
            if f.is_sign_negative() {
                self.out.push(b'-');
            }
            self.out.extend_from_slice(if f.is_nan() { b"nan" } else { b"inf" });
            return;
        }
        let start = self.out.len();
        append_float(&mut self.out, f, b'g', -1, bits);
        if !self.out[start..].iter().any(|b| matches!(b, b'e' | b'.')) {
            self.out.extend_from_slice(b".0");
        }
    }
}

/// What stands for a value that has a text of its own.
enum Text {
    Bare(Vec<u8>),
    Quoted(Str),
}

/// Times, durations, and types with `MarshalText`.
fn text_of(v: &Value) -> Result<Option<Text>, FuncError> {
    let named = match v {
        Value::Num(_) | Value::Struct(_) | Value::Pointer(_) | Value::List(_) | Value::Map(_) => {
            v.ty().and_then(|t| t.named())
        }
        _ => None,
    };
    let Some(named) = named else { return Ok(None) };
    if let Some(t) = time::from_value(v) {
        let local = match t.location() {
            Location::Fixed(name, _) => name.as_ref(),
            _ => "",
        };
        let layout: &[u8] = match local {
            LOCAL_DATETIME => b"2006-01-02T15:04:05.999999999",
            LOCAL_DATE => b"2006-01-02",
            LOCAL_TIME => b"15:04:05.999999999",
            _ => b"2006-01-02T15:04:05.999999999Z07:00",
        };
        return Ok(Some(Text::Bare(t.format(layout))));
    }
    let method = named.method("MarshalText").or_else(|| {
        // A duration is written as its text.
        (named == &time::DURATION).then(|| named.method("String")).flatten()
    });
    let Some(method) = method else { return Ok(None) };
    match (method.call)(v, &mut Args::new(&mut []))? {
        Value::Str(s) | Value::Bytes(s) => Ok(Some(Text::Quoted(s))),
        _ => Ok(None),
    }
}
