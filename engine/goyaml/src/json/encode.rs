//! `json.Marshal`.

use govalue::strconv::{append_int, append_uint, format_float};
use govalue::{Field, FuncError, FuncErrorKind, Kind, Limit, List, MAX_TEXT, Map, Object, Str, Value};

use super::text::{append_base64, append_number, append_string};

/// Go looks for cycles from this depth on.
const CYCLES_FROM: usize = 1000;

/// No deeper value is written.
const MAX_DEPTH: usize = 10_000;

/// `json.Marshal`; without `escape_html` as an `Encoder` after
/// `SetEscapeHTML(false)`, but without its line end.
///
/// ```
/// use goyaml::json::to_json;
/// use govalue::{Map, Value};
/// let m: Map = [("b", Value::Float(1.0)), ("a", Value::from("<x>"))].into_iter().collect();
/// assert_eq!(to_json(&Value::Map(m), true)?, br#"{"a":"\u003cx\u003e","b":1}"#);
/// # Ok::<(), govalue::FuncError>(())
/// ```
///
/// # Errors
/// For values that JSON does not have: `json: unsupported value: NaN`.
pub fn to_json(v: &Value, escape_html: bool) -> Result<Vec<u8>, FuncError> {
    let mut encoder = Encoder { out: Vec::new(), stack: Vec::new(), escape_html };
    encoder.value(v)?;
    while let Some(top) = encoder.stack.last_mut() {
        if encoder.out.len() > MAX_TEXT {
            return Err(FuncError::limit(Limit::Output, "json: text too large"));
        }
        match top.next() {
            Next::End => {
                encoder.out.push(top.close());
                encoder.stack.pop();
            }
            Next::Item { key, value, first } => {
                if !first {
                    encoder.out.push(b',');
                }
                if let Some(key) = key {
                    append_string(&mut encoder.out, &key, escape_html);
                    encoder.out.push(b':');
                }
                encoder.value(&value)?;
            }
        }
    }
    Ok(encoder.out)
}

struct Encoder {
    out: Vec<u8>,
    /// The containers that are open: values may be nested deeper than a call stack.
    stack: Vec<Open>,
    escape_html: bool,
}

/// A container and how many of its items are written.
enum Open {
    List(List, usize),
    Map(Map, usize),
    Struct(Vec<(&'static str, Value)>, usize),
}

enum Next {
    Item { key: Option<Str>, value: Value, first: bool },
    End,
}

impl Open {
    fn next(&mut self) -> Next {
        let (Open::List(_, i) | Open::Map(_, i) | Open::Struct(_, i)) = self;
        let at = *i;
        *i += 1;
        let item = match self {
            Open::List(l, _) => l.get(at).map(|v| (None, v.clone())),
            Open::Map(m, _) => m.borrow().get(at).map(|(k, v)| (Some(k.clone()), v.clone())),
            Open::Struct(fields, _) => fields.get(at).map(|(k, v)| (Some(Str::from(*k)), v.clone())),
        };
        item.map_or(Next::End, |(key, value)| Next::Item { key, value, first: at == 0 })
    }

    fn close(&self) -> u8 {
        if matches!(self, Open::List(..)) { b']' } else { b'}' }
    }

    fn is(&self, v: &Value) -> bool {
        match (self, v) {
            (Open::List(a, _), Value::List(b)) => a.ptr_eq(b),
            (Open::Map(a, _), Value::Map(b)) => a.ptr_eq(b),
            _ => false,
        }
    }
}

impl Encoder {
    fn value(&mut self, v: &Value) -> Result<(), FuncError> {
        match v {
            Value::Nil | Value::NilPointer(_) => self.out.extend_from_slice(b"null"),
            Value::Bool(b) => self.out.extend_from_slice(if *b { b"true" } else { b"false" }),
            Value::Int(n) => append_int(&mut self.out, *n),
            Value::Float(f) => self.float(*f, 64)?,
            Value::Str(s) => append_string(&mut self.out, s, self.escape_html),
            Value::Bytes(b) => append_base64(&mut self.out, b),
            Value::Num(n) => {
                if self.by_method(v)? {
                    return Ok(());
                }
                match n.ty().kind() {
                    Kind::Float32 => self.float(n.as_f64(), 32)?,
                    Kind::Float64 => self.float(n.as_f64(), 64)?,
                    kind if kind.is_int() => append_int(&mut self.out, n.as_i64()),
                    _ => append_uint(&mut self.out, n.as_u64()),
                }
            }
            Value::Complex(_) => return Err(FuncError::new("json: unsupported type: complex128")),
            Value::List(_) | Value::Map(_) | Value::Struct(_) | Value::Pointer(_) if self.by_method(v)? => {}
            Value::List(l) if l.is_nil() => self.out.extend_from_slice(b"null"),
            Value::Map(m) if m.is_nil() => self.out.extend_from_slice(b"null"),
            Value::List(l) => self.open(v, b'[', Open::List(l.clone(), 0))?,
            Value::Map(m) => self.open(v, b'{', Open::Map(m.clone(), 0))?,
            Value::Struct(o) | Value::Pointer(o) => self.open(v, b'{', Open::Struct(members(o), 0))?,
        }
        Ok(())
    }

    fn open(&mut self, v: &Value, bracket: u8, open: Open) -> Result<(), FuncError> {
        if self.stack.len() >= CYCLES_FROM {
            if self.stack[CYCLES_FROM..].iter().any(|outer| outer.is(v)) {
                let ty = v.ty().map(|t| t.to_string()).unwrap_or_default();
                let message = format!("json: unsupported value: encountered a cycle via {ty}");
                return Err(FuncError::new(message));
            }
            if self.stack.len() > MAX_DEPTH {
                return Err(FuncError::limit(Limit::Depth, "json: value nested too deep"));
            }
        }
        self.out.push(bracket);
        self.stack.push(open);
        Ok(())
    }

    fn float(&mut self, f: f64, bits: u32) -> Result<(), FuncError> {
        if !f.is_finite() {
            let text = format_float(f, b'g', -1, bits);
            return Err(FuncError::new(format!("json: unsupported value: {text}")));
        }
        append_number(&mut self.out, f, bits);
        Ok(())
    }

    /// Encodes what the type's `MarshalJSON` gives in its place, if it has one.
    fn by_method(&mut self, v: &Value) -> Result<bool, FuncError> {
        let named = v.ty().and_then(|t| t.named());
        let Some((named, marshal)) = named.and_then(|n| Some((n, n.json?))) else { return Ok(false) };
        match marshal(v) {
            Ok(instead) => self.value(&instead).map(|()| true),
            Err(e) if e.kind() != FuncErrorKind::Plain => Err(e),
            Err(e) => {
                let message = format!("json: error calling MarshalJSON for type {}: {e}", named.name);
                Err(FuncError::new(message))
            }
        }
    }
}

/// The members of a struct: its exported fields under their JSON names, those
/// of embedded structs among them.
pub(crate) fn members(o: &Object) -> Vec<(&'static str, Value)> {
    let mut found = Vec::new();
    add_members(&mut found, o);
    found
}

fn add_members(found: &mut Vec<(&'static str, Value)>, o: &Object) {
    for (field, v) in o.named().fields().iter().zip(o.fields()) {
        match v {
            Value::Struct(inner) | Value::Pointer(inner) if field.embedded && field.json.is_empty() => {
                add_members(found, inner);
            }
            Value::NilPointer(_) if field.embedded && field.json.is_empty() => {}
            _ if !field.exported() || field.json == "-" || field.omitempty && is_empty(v) => {}
            _ => {
                let name = json_name(field);
                if !found.iter().any(|(n, _)| *n == name) {
                    found.push((name, v.clone()));
                }
            }
        }
    }
}

fn json_name(field: &Field) -> &'static str {
    if field.json.is_empty() { field.name } else { field.json }
}

/// What `omitempty` leaves out.
fn is_empty(v: &Value) -> bool {
    !matches!(v, Value::Struct(_)) && !v.is_true()
}
