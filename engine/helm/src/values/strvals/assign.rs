//! Keys, indices and values of a line, set in a map as they are read.

use govalue::{List, Map, Str, Type, Value, strconv};

use super::Reader;
use super::scan::Scan;
use crate::values::error::ValuesError;
use crate::values::json_value;

/// The largest index of a list (`strvals.MaxIndex`).
const MAX_INDEX: i64 = 65536;
/// How deep names can nest (`strvals.MaxNestedNameLevel`).
const MAX_LEVEL: usize = 30;
/// How deep names and indices can nest together; Helm has no such limit.
const MAX_DEPTH: usize = 500;
/// How many elements indices of one line can add to lists; Helm has no such limit.
const MAX_ELEMENTS: usize = 1 << 22;

/// What stands for values.
pub(super) enum Values<'r, 'f> {
    /// Text up to a comma, or a list in braces.
    Text(&'r mut Reader<'f>),
    /// JSON.
    Json,
    /// The rest of the line.
    Literal,
}

/// Why reading stopped.
pub(super) enum Stop {
    /// The line ended, which is no failure at the top.
    End,
    /// Go's code panics with this, which the key around it recovers from.
    Panic(String),
    /// A failure.
    Error(ValuesError),
}

impl From<ValuesError> for Stop {
    fn from(e: ValuesError) -> Stop {
        Stop::Error(e)
    }
}

fn error<T>(text: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Error(ValuesError::new(text)))
}

/// A line on its way into a map.
pub(super) struct Assign<'r, 'f> {
    scan: Scan,
    values: Values<'r, 'f>,
    depth: usize,
    elements: usize,
}

impl<'r, 'f> Assign<'r, 'f> {
    pub(super) fn new(line: &[u8], values: Values<'r, 'f>) -> Assign<'r, 'f> {
        Assign { scan: Scan::new(line), values, depth: 0, elements: 0 }
    }

    /// Reads the whole line.
    pub(super) fn run(mut self, data: &Map) -> Result<(), ValuesError> {
        loop {
            match self.key(data, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Panic(text)) => return Err(ValuesError::new(text)),
                Err(Stop::Error(e)) => return Err(e),
            }
        }
    }

    fn escapes(&self) -> bool {
        !matches!(self.values, Values::Literal)
    }

    /// One key with its value.
    fn key(&mut self, data: &Map, level: usize) -> Result<(), Stop> {
        self.depth += 1;
        let done = if self.depth > MAX_DEPTH { too_deep(MAX_DEPTH) } else { self.key_unguarded(data, level) };
        self.depth -= 1;
        match done {
            Err(Stop::Panic(text)) => error(format!("unable to parse key: {text}")),
            done => done,
        }
    }

    fn key_unguarded(&mut self, data: &Map, level: usize) -> Result<(), Stop> {
        let stop: &[char] = if self.escapes() { &['=', '[', ',', '.'] } else { &['=', '[', '.'] };
        let (key, last) = self.scan.until(stop, self.escapes());
        match last {
            None if key.is_empty() => Err(Stop::End),
            None => error(format!("key {} has no value", quoted(&key))),
            Some('[') => {
                let index = self.index()?;
                let list = match data.remove(&key) {
                    None => Vec::new(),
                    Some(Value::List(list)) => list.into_items(),
                    Some(other) => return conversion(&other, Type::ANY_SLICE),
                };
                let (list, done) = self.item(list, index, level);
                if !matches!(done, Err(Stop::Panic(_))) {
                    set(data, &key, Value::List(List::new(list)));
                }
                done
            }
            Some('=') => match self.value() {
                Ok(value) => {
                    set(data, &key, value);
                    Ok(())
                }
                Err(Stop::End) => {
                    set(data, &key, Value::Str(Str::EMPTY));
                    Err(Stop::End)
                }
                Err(stop) => Err(stop),
            },
            Some('.') => {
                if level >= MAX_LEVEL {
                    return too_deep(MAX_LEVEL);
                }
                let inner = match data.get(&key) {
                    None => Map::new(),
                    Some(Value::Map(m)) => m,
                    Some(other) => return conversion(&other, Type::ANY_MAP),
                };
                let done = self.key(&inner, level + 1);
                if inner.is_empty() {
                    if done.is_ok() {
                        return error(format!("key map {} has no value", quoted(&key)));
                    }
                } else {
                    set(data, &key, Value::Map(inner));
                }
                done
            }
            Some(_) => {
                set(data, &key, Value::Str(Str::EMPTY));
                error(format!("key {} has no value (cannot end with ,)", quoted(&key)))
            }
        }
    }

    /// An index, up to the bracket that ends it.
    fn index(&mut self) -> Result<i64, Stop> {
        let escapes = self.escapes();
        match self.scan.until(&[']'], escapes) {
            (_, None) => Err(Stop::End),
            (text, Some(_)) => strconv::atoi(text.as_bytes()).or_else(|e| error(format!("error parsing index: {e}"))),
        }
    }

    /// What follows an index: the list with the item set, also where it fails.
    fn item(&mut self, mut list: Vec<Value>, index: i64, level: usize) -> (Vec<Value>, Result<(), Stop>) {
        self.depth += 1;
        let done =
            if self.depth > MAX_DEPTH { too_deep(MAX_DEPTH) } else { self.item_unguarded(&mut list, index, level) };
        self.depth -= 1;
        (list, done)
    }

    fn item_unguarded(&mut self, list: &mut Vec<Value>, index: i64, level: usize) -> Result<(), Stop> {
        let Ok(at) = usize::try_from(index) else {
            return error(format!("negative {index} index not allowed"));
        };
        let (text, last) = self.scan.until(&['[', '.', '='], self.escapes());
        if !text.is_empty() {
            return error(format!("unexpected data at end of array index: {}", quoted_runes(&text)));
        }
        match last {
            None => Err(Stop::End),
            Some('=') => {
                let value = match self.value() {
                    Err(Stop::End) => Value::Str(Str::EMPTY),
                    value => value?,
                };
                self.set_index(list, at, value)
            }
            Some('[') => {
                let next = self.index()?;
                let existed = list.get_mut(at).map(std::mem::take);
                let inner = match existed {
                    None | Some(Value::Nil) => Vec::new(),
                    Some(Value::List(inner)) => inner.into_items(),
                    Some(other) => return conversion(&other, Type::ANY_SLICE),
                };
                let (inner, done) = self.item(inner, next, level);
                let inner = Value::List(List::new(inner));
                if done.is_err() {
                    if let Some(slot) = list.get_mut(at) {
                        *slot = inner;
                    }
                    return done;
                }
                self.set_index(list, at, inner)
            }
            Some(_) => {
                let inner = match list.get_mut(at) {
                    Some(Value::Map(m)) => m.clone(),
                    Some(other) => {
                        let m = Map::new();
                        *other = Value::Map(m.clone());
                        m
                    }
                    None => Map::new(),
                };
                self.key(&inner, level)?;
                self.set_index(list, at, Value::Map(inner))
            }
        }
    }

    fn set_index(&mut self, list: &mut Vec<Value>, at: usize, value: Value) -> Result<(), Stop> {
        if at as i64 > MAX_INDEX {
            return error(format!("index of {at} is greater than maximum supported index of {MAX_INDEX}"));
        }
        if list.len() <= at {
            self.elements += at + 1 - list.len();
            if self.elements > MAX_ELEMENTS {
                return error(format!("lists have more than {MAX_ELEMENTS} elements"));
            }
            list.resize(at + 1, Value::Nil);
        }
        list[at] = value;
        Ok(())
    }

    /// The value after `=`. [`Stop::End`] means that the line ends there.
    fn value(&mut self) -> Result<Value, Stop> {
        match &mut self.values {
            Values::Literal => Ok(Value::from(self.scan.until(&[], false).0)),
            Values::Json => {
                if self.scan.empty_value() {
                    return Ok(Value::Nil);
                }
                let (value, length) = json_value::first(self.scan.rest())?;
                self.scan.skip(length);
                self.scan.empty_value();
                Ok(value)
            }
            Values::Text(reader) => match self.scan.peek() {
                None => Err(Stop::End),
                Some('{') => {
                    self.scan.skip(1);
                    let mut list = Vec::new();
                    loop {
                        let (text, last) = self.scan.until(&[',', '}'], true);
                        let Some(last) = last else { return error("list must terminate with '}'") };
                        list.push(reader.read(&text)?);
                        if last == '}' {
                            break;
                        }
                    }
                    if self.scan.peek() == Some(',') {
                        self.scan.skip(1);
                    }
                    Ok(Value::List(List::new(list)))
                }
                Some(_) => reader.read(&self.scan.until(&[','], true).0),
            },
        }
    }
}

fn too_deep<T>(most: usize) -> Result<T, Stop> {
    error(format!("value name nested level is greater than maximum supported nested level of {most}"))
}

/// A key that is empty is not set.
fn set(data: &Map, key: &str, value: Value) {
    if !key.is_empty() {
        data.insert(key, value);
    }
}

/// Go's type assertion that fails.
fn conversion<T>(value: &Value, wanted: Type) -> Result<T, Stop> {
    let is = value.ty().map_or_else(|| "nil".to_owned(), |t| t.to_string());
    Err(Stop::Panic(format!("interface conversion: interface {{}} is {is}, not {wanted}")))
}

fn quoted(text: &str) -> String {
    strconv::quote(text.as_bytes())
}

/// Characters as `%q` prints a `[]rune`.
fn quoted_runes(text: &str) -> String {
    let runes: Vec<String> = text.chars().map(|c| strconv::quote_rune(u32::from(c))).collect();
    format!("[{}]", runes.join(" "))
}
