//! `Chart.yaml` and its kin into structs, as `sigs.k8s.io/yaml` decodes them.
//!
//! Numbers and booleans become strings where a string is wanted, keys match
//! whatever their case, and the first value of a wrong type is reported after
//! all others have been read.

use govalue::{Frozen, Str, Value, strconv};
use goyaml::yaml::{Wanted, YamlError, from_yaml_part, from_yaml_typed};

use super::metadata::{Dependency, Lock, Maintainer, Metadata};

/// How deep the value of an unknown type may nest.
const MAX_DEPTH: usize = 100;

/// Reads `Chart.yaml` (or `requirements.yaml`) over what is there already.
///
/// # Errors
/// With the library's full text.
pub(super) fn metadata(text: &[u8], into: &mut Metadata) -> Result<(), String> {
    decode(from_yaml_typed(text), "v2.Metadata", |d, key, value| d.metadata_field(key, value, into))
}

/// Reads `Chart.lock` or `requirements.lock`.
///
/// # Errors
/// With the library's full text.
pub(super) fn lock(text: &[u8]) -> Result<Lock, String> {
    let mut lock = Lock::default();
    decode(from_yaml_typed(text), "v2.Lock", |d, key, value| d.lock_field(key, value, &mut lock))?;
    Ok(lock)
}

/// Reads no more than the `apiVersion` of `Chart.yaml`, as Helm does to tell
/// charts of different formats apart.
///
/// # Errors
/// With the library's full text.
pub(super) fn api_version(text: &[u8]) -> Result<Str, String> {
    let mut version = Str::EMPTY;
    let value = from_yaml_part(text, &[Wanted::all("apiVersion")]);
    decode(value, "loader.chartBase", |d, key, value| {
        if named(key, "apiVersion") {
            d.within("chartBase", "apiVersion", |d| d.string(value, &mut version));
        }
    })?;
    Ok(version)
}

fn decode(
    value: Result<Value, YamlError>,
    ty: &str,
    mut field: impl FnMut(&mut Decoder, &Str, &Value),
) -> Result<(), String> {
    let value = value.map_err(|e| e.to_string())?;
    let mut decoder = Decoder::default();
    match &value {
        Value::Map(m) => m.borrow().iter().for_each(|(key, value)| field(&mut decoder, key, value)),
        Value::Nil => {}
        other => decoder.fail(other, ty),
    }
    match decoder.error {
        Some(error) => Err(format!("error unmarshaling JSON: while decoding JSON: {error}")),
        None => Ok(()),
    }
}

/// Whether a key means a field: also in other case.
fn named(key: &Str, field: &str) -> bool {
    key.eq_ignore_ascii_case(field.as_bytes())
}

#[derive(Default)]
struct Decoder {
    /// The first error.
    error: Option<String>,
    /// The struct whose field is being read.
    parent: &'static str,
    /// The fields that led there.
    path: Vec<&'static str>,
}

impl Decoder {
    /// Notes that the value is of a wrong type (`json.UnmarshalTypeError`).
    fn fail(&mut self, value: &Value, ty: &str) {
        let found = match value {
            Value::Bool(_) => "bool",
            Value::Str(_) => "string",
            Value::List(_) => "array",
            Value::Map(_) => "object",
            _ => "number",
        };
        self.error.get_or_insert_with(|| match self.path.is_empty() {
            true => format!("json: cannot unmarshal {found} into Go value of type {ty}"),
            false => {
                let path = self.path.join(".");
                format!("json: cannot unmarshal {found} into Go struct field {}.{path} of type {ty}", self.parent)
            }
        });
    }

    /// Reads the field of a struct.
    fn within(&mut self, parent: &'static str, field: &'static str, read: impl FnOnce(&mut Decoder)) {
        let outer = std::mem::replace(&mut self.parent, parent);
        self.path.push(field);
        read(self);
        self.path.pop();
        self.parent = outer;
    }

    fn metadata_field(&mut self, key: &Str, value: &Value, into: &mut Metadata) {
        type Read = fn(&mut Decoder, &Value, &mut Metadata);
        const FIELDS: &[(&str, Read)] = &[
            ("name", |d, v, m| d.string(v, &mut m.name)),
            ("home", |d, v, m| d.string(v, &mut m.home)),
            ("sources", |d, v, m| d.strings(v, &mut m.sources)),
            ("version", |d, v, m| d.string(v, &mut m.version)),
            ("description", |d, v, m| d.string(v, &mut m.description)),
            ("keywords", |d, v, m| d.strings(v, &mut m.keywords)),
            ("maintainers", |d, v, m| {
                d.list(v, &mut m.maintainers, "[]*v2.Maintainer", Decoder::maintainer);
            }),
            ("icon", |d, v, m| d.string(v, &mut m.icon)),
            ("apiVersion", |d, v, m| d.string(v, &mut m.api_version)),
            ("condition", |d, v, m| d.string(v, &mut m.condition)),
            ("tags", |d, v, m| d.string(v, &mut m.tags)),
            ("appVersion", |d, v, m| d.string(v, &mut m.app_version)),
            ("deprecated", |d, v, m| d.bool(v, &mut m.deprecated)),
            ("annotations", |d, v, m| d.string_map(v, &mut m.annotations)),
            ("kubeVersion", |d, v, m| d.string(v, &mut m.kube_version)),
            ("dependencies", |d, v, m| d.dependencies(v, &mut m.dependencies)),
            ("type", |d, v, m| d.string(v, &mut m.kind)),
        ];
        if let Some((name, read)) = FIELDS.iter().find(|(name, _)| named(key, name)) {
            self.within("Metadata", name, |d| read(d, value, into));
        }
    }

    fn lock_field(&mut self, key: &Str, value: &Value, into: &mut Lock) {
        if named(key, "generated") {
            self.within("Lock", "generated", |d| d.time(value, &mut into.generated));
        } else if named(key, "digest") {
            self.within("Lock", "digest", |d| d.string(value, &mut into.digest));
        } else if named(key, "dependencies") {
            self.within("Lock", "dependencies", |d| d.dependencies(value, &mut into.dependencies));
        }
    }

    fn dependencies(&mut self, value: &Value, into: &mut Option<Vec<Dependency>>) {
        self.list(value, into, "[]*v2.Dependency", Decoder::dependency);
    }

    fn maintainer(&mut self, value: &Value, into: &mut Maintainer) {
        type Read = fn(&mut Maintainer) -> &mut Str;
        const FIELDS: &[(&str, Read)] =
            &[("name", |m| &mut m.name), ("email", |m| &mut m.email), ("url", |m| &mut m.url)];
        into.null = matches!(value, Value::Nil);
        match value {
            Value::Map(m) => {
                for (key, value) in m.borrow().iter() {
                    if let Some((name, field)) = FIELDS.iter().find(|(name, _)| named(key, name)) {
                        self.within("Maintainer", name, |d| d.string(value, field(into)));
                    }
                }
            }
            Value::Nil => {}
            other => self.fail(other, "v2.Maintainer"),
        }
    }

    fn dependency(&mut self, value: &Value, into: &mut Dependency) {
        type Read = fn(&mut Decoder, &Value, &mut Dependency);
        const FIELDS: &[(&str, Read)] = &[
            ("name", |d, v, m| d.string(v, &mut m.name)),
            ("version", |d, v, m| d.string(v, &mut m.version)),
            ("repository", |d, v, m| d.string(v, &mut m.repository)),
            ("condition", |d, v, m| d.string(v, &mut m.condition)),
            ("tags", |d, v, m| d.strings(v, &mut m.tags)),
            ("enabled", |d, v, m| d.bool(v, &mut m.enabled)),
            ("import-values", |d, v, m| {
                d.list(v, &mut m.import_values, "[]interface {}", |_, v, out| *out = json(v, 0));
            }),
            ("alias", |d, v, m| d.string(v, &mut m.alias)),
        ];
        into.null = matches!(value, Value::Nil);
        match value {
            Value::Map(m) => {
                for (key, value) in m.borrow().iter() {
                    if let Some((name, read)) = FIELDS.iter().find(|(name, _)| named(key, name)) {
                        self.within("Dependency", name, |d| read(d, value, into));
                    }
                }
            }
            Value::Nil => {}
            other => self.fail(other, "v2.Dependency"),
        }
    }

    fn string(&mut self, value: &Value, into: &mut Str) {
        match value {
            Value::Nil => {}
            Value::List(_) | Value::Map(_) => self.fail(value, "string"),
            scalar => *into = text(scalar),
        }
    }

    fn bool(&mut self, value: &Value, into: &mut bool) {
        match value {
            Value::Nil => {}
            Value::Bool(b) => *into = *b,
            other => self.fail(other, "bool"),
        }
    }

    fn strings(&mut self, value: &Value, into: &mut Option<Vec<Str>>) {
        self.list(value, into, "[]string", |d, v, out| d.string(v, out));
    }

    /// A slice: items are read over those that are there already.
    fn list<T: Default>(
        &mut self,
        value: &Value,
        into: &mut Option<Vec<T>>,
        ty: &str,
        item: impl Fn(&mut Decoder, &Value, &mut T),
    ) {
        match value {
            Value::Nil => *into = None,
            Value::List(values) => {
                let list = into.get_or_insert_default();
                list.resize_with(values.len(), T::default);
                for (value, slot) in values.iter().zip(list) {
                    item(self, value, slot);
                }
            }
            other => self.fail(other, ty),
        }
    }

    fn string_map(&mut self, value: &Value, into: &mut Option<Vec<(Str, Str)>>) {
        match value {
            Value::Nil => *into = None,
            Value::Map(m) => {
                let entries = into.get_or_insert_default();
                for (key, value) in m.borrow().iter() {
                    let mut text = Str::EMPTY;
                    self.string(value, &mut text);
                    match entries.binary_search_by(|(k, _)| k.cmp(key)) {
                        Ok(i) => entries[i].1 = text,
                        Err(i) => entries.insert(i, (key.clone(), text)),
                    }
                }
            }
            other => self.fail(other, "map[string]string"),
        }
    }

    /// A `time.Time`, which reads strings by itself.
    fn time(&mut self, value: &Value, into: &mut Str) {
        match value {
            Value::Nil => {}
            Value::Str(s) if is_rfc3339(s) => *into = s.clone(),
            Value::Str(s) => {
                let quoted = strconv::quote(s);
                let format = "\"2006-01-02T15:04:05Z07:00\"";
                let error = format!("parsing time {quoted} as {format}: cannot parse {quoted} as \"2006\"");
                self.error.get_or_insert(error);
            }
            _ => {
                self.error.get_or_insert_with(|| "Time.UnmarshalJSON: input is not a JSON string".to_owned());
            }
        }
    }
}

/// A scalar as text, where a string is wanted.
fn text(scalar: &Value) -> Str {
    match scalar {
        Value::Str(s) => s.clone(),
        Value::Bool(b) => Str::from(if *b { "true" } else { "false" }),
        Value::Int(n) => Str::from(n.to_string()),
        Value::Num(n) if n.ty().kind().is_uint() => Str::from(n.as_u64().to_string()),
        Value::Num(n) => Str::from(n.as_i64().to_string()),
        // The library rounds to 32 bits.
        Value::Float(f) => Str::from(strconv::format_float(*f, b'g', -1, 32)),
        _ => Str::EMPTY,
    }
}

/// A value of any type, as JSON has it: all numbers are floats.
fn json(value: &Value, depth: usize) -> Frozen {
    if depth > MAX_DEPTH {
        return Frozen::Nil;
    }
    match value {
        Value::Int(n) => Frozen::Float(*n as f64),
        Value::Num(n) => Frozen::Float(n.as_f64()),
        Value::List(l) => Frozen::List(l.iter().map(|v| json(v, depth + 1)).collect()),
        Value::Map(m) => Frozen::Map(m.borrow().iter().map(|(k, v)| (k.clone(), json(v, depth + 1))).collect()),
        scalar => scalar.freeze(),
    }
}

/// Whether a text is a time by RFC 3339, such as `2024-05-06T07:08:09.123Z`.
fn is_rfc3339(text: &[u8]) -> bool {
    let Some((date, rest)) = text.split_at_checked(19) else { return false };
    let digits = |range: std::ops::Range<usize>| {
        date[range].iter().try_fold(0_u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
    };
    let fits = |n: Option<u32>, low: u32, high: u32| n.is_some_and(|n| (low..=high).contains(&n));
    let marks = [date[4], date[7], date[10], date[13], date[16]] == *b"--T::";
    let fraction = match rest.strip_prefix(b".") {
        Some(after) => 1 + after.iter().take_while(|b| b.is_ascii_digit()).count(),
        None => 0,
    };
    let zone = match &rest[fraction..] {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].iter().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    marks
        && fraction != 1
        && zone
        && digits(0..4).is_some()
        && fits(digits(5..7), 1, 12)
        && fits(digits(8..10), 1, 31)
        && fits(digits(11..13), 0, 23)
        && fits(digits(14..16), 0, 59)
        && fits(digits(17..19), 0, 59)
}
