//! Functions that templates call: their Go signatures, arguments and errors.

use std::error::Error;
use std::fmt;

use crate::list::List;
use crate::map::Map;
use crate::str::Str;
use crate::types::Type;
use crate::value::Value;

/// The type of a Go function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The parameters; of a variadic function the last one's element type.
    pub params: &'static [Type],
    /// Whether the last parameter takes any number of arguments.
    pub variadic: bool,
    /// The results: one, or one and `error`.
    pub results: &'static [Type],
}

impl Signature {
    /// A function of these parameters and results.
    pub const fn new(params: &'static [Type], results: &'static [Type]) -> Signature {
        Signature { params, variadic: false, results }
    }

    /// The same, its last parameter taking any number of arguments.
    pub const fn variadic(mut self) -> Signature {
        self.variadic = true;
        self
    }

    /// The type of its first result.
    pub fn result(&self) -> Type {
        self.results.first().copied().unwrap_or(Type::Any)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("func(")?;
        for (i, p) in self.params.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            if self.variadic && i + 1 == self.params.len() {
                f.write_str("...")?;
            }
            write!(f, "{p}")?;
        }
        f.write_str(")")?;
        match self.results {
            [] => Ok(()),
            [one] => write!(f, " {one}"),
            many => {
                f.write_str(" (")?;
                for (i, r) in many.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{r}")?;
                }
                f.write_str(")")
            }
        }
    }
}

/// A function that templates can call by name.
///
/// The machine checks and converts the arguments by `sig`, with
/// `text/template`'s rules and messages, before it calls.
#[derive(Clone, Copy)]
pub struct Func {
    /// Its name in templates.
    pub name: &'static str,
    /// Its Go signature.
    pub sig: Signature,
    /// Calls it. The arguments have the types that `sig` says.
    pub call: fn(&mut dyn Env, &mut Args<'_>) -> Result<Value, FuncError>,
}

impl Func {
    /// A function of fixed parameters.
    pub const fn new(
        name: &'static str,
        params: &'static [Type],
        results: &'static [Type],
        call: fn(&mut dyn Env, &mut Args<'_>) -> Result<Value, FuncError>,
    ) -> Func {
        Func { name, sig: Signature::new(params, results), call }
    }

    /// The same, its last parameter taking any number of arguments.
    pub const fn variadic(mut self) -> Func {
        self.sig.variadic = true;
        self
    }
}

/// What a function may ask of whoever runs the template. All that is not pure
/// passes through here.
pub trait Env {
    /// The current time: seconds since the Unix epoch, and nanoseconds.
    fn now(&mut self) -> (i64, u32);

    /// Fills the buffer with random bytes.
    ///
    /// # Errors
    /// If the host has no source of randomness.
    fn random(&mut self, buf: &mut [u8]) -> Result<(), FuncError>;

    /// Says that a function is about to do work or take memory in proportion
    /// to `units` (elements visited, bytes made): call it *before* work that an
    /// argument can make arbitrarily large (`repeat`, `until`, `indent` …).
    ///
    /// # Errors
    /// When that exceeds the render's limits.
    fn charge(&mut self, units: u64) -> Result<(), FuncError>;

    /// The outcome of slow work, if the host has [kept](Env::keep) it: a prime that was searched for, a password's hash.
    /// The key is a SHA-256 digest of what was to be done and of all that the outcome depends on.
    fn kept(&mut self, _key: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    /// Gives the host the outcome of slow work, which it may keep for later renders.
    fn keep(&mut self, _key: [u8; 32], _outcome: &[u8]) {}
}

/// The arguments of a call. The accessors trust the signature: an argument of
/// another type reads as that type's zero value.
pub struct Args<'a>(&'a mut [Value]);

impl<'a> Args<'a> {
    /// Wraps checked arguments.
    pub fn new(values: &'a mut [Value]) -> Args<'a> {
        Args(values)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The argument at `i`; nil beyond the end.
    pub fn value(&self, i: usize) -> &Value {
        self.0.get(i).unwrap_or(&Value::Nil)
    }

    /// Moves the argument at `i` out.
    pub fn take(&mut self, i: usize) -> Value {
        self.0.get_mut(i).map(std::mem::take).unwrap_or_default()
    }

    /// All arguments from `i` on.
    pub fn rest(&self, i: usize) -> &[Value] {
        self.0.get(i..).unwrap_or_default()
    }

    /// A `string` argument's bytes.
    pub fn bytes(&self, i: usize) -> &[u8] {
        match self.value(i) {
            Value::Str(s) => s.as_bytes(),
            _ => &[],
        }
    }

    /// A `string` argument.
    pub fn str(&self, i: usize) -> Str {
        match self.value(i) {
            Value::Str(s) => s.clone(),
            _ => Str::EMPTY,
        }
    }

    /// An `int` (or other integer) argument.
    pub fn int(&self, i: usize) -> i64 {
        match self.value(i) {
            Value::Int(n) => *n,
            Value::Num(n) => n.as_i64(),
            _ => 0,
        }
    }

    /// A `float64` argument.
    pub fn float(&self, i: usize) -> f64 {
        match self.value(i) {
            Value::Float(f) => *f,
            _ => 0.0,
        }
    }

    /// A `bool` argument.
    pub fn bool(&self, i: usize) -> bool {
        matches!(self.value(i), Value::Bool(true))
    }

    /// A map argument; a nil map if it is none.
    pub fn map(&self, i: usize) -> Map {
        match self.value(i) {
            Value::Map(m) => m.clone(),
            _ => Map::nil(Type::ANY_MAP),
        }
    }

    /// A slice argument; a nil slice if it is none.
    pub fn list(&self, i: usize) -> List {
        match self.value(i) {
            Value::List(l) => l.clone(),
            _ => List::nil(Type::ANY_SLICE),
        }
    }
}

/// Which limit of a render was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// Steps: nodes evaluated and units charged.
    Steps,
    /// Depth of nested templates or values.
    Depth,
    /// Bytes of output.
    Output,
    /// Time.
    Time,
    /// Memory.
    Memory,
}

/// Why a function call failed.
///
/// `Display` is Go's text for it, without the `error calling …: ` that the
/// machine puts before it.
pub struct FuncError(Box<Repr>);

struct Repr {
    message: String,
    kind: FuncErrorKind,
    source: Option<Box<dyn Error + 'static>>,
}

/// What kind of failure a [`FuncError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FuncErrorKind {
    /// The function returned an error, or panicked where that makes no difference.
    Plain,
    /// The function panicked, where callers treat that unlike an error.
    Panic,
    /// A limit of the render was exceeded.
    Limit(Limit),
}

impl FuncError {
    /// A failure with Go's message.
    pub fn new(message: impl Into<String>) -> FuncError {
        FuncError(Box::new(Repr { message: message.into(), kind: FuncErrorKind::Plain, source: None }))
    }

    /// A panic that those who swallow the function's errors let through.
    pub fn panic(message: impl Into<String>) -> FuncError {
        FuncError(Box::new(Repr { message: message.into(), kind: FuncErrorKind::Panic, source: None }))
    }

    /// A limit that was exceeded.
    pub fn limit(limit: Limit, message: impl Into<String>) -> FuncError {
        FuncError(Box::new(Repr { message: message.into(), kind: FuncErrorKind::Limit(limit), source: None }))
    }

    /// The same failure, caused by another error (of a nested template, say).
    pub fn with_source(mut self, source: impl Error + 'static) -> FuncError {
        self.0.source = Some(Box::new(source));
        self
    }

    /// Its message.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> FuncErrorKind {
        self.0.kind
    }

    /// The cause, moved out.
    pub fn take_source(&mut self) -> Option<Box<dyn Error + 'static>> {
        self.0.source.take()
    }
}

impl fmt::Display for FuncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for FuncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FuncError({:?}, {:?})", self.0.kind, self.0.message)
    }
}

impl Error for FuncError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref()
    }
}

impl From<String> for FuncError {
    fn from(message: String) -> FuncError {
        FuncError::new(message)
    }
}

impl From<&str> for FuncError {
    fn from(message: &str) -> FuncError {
        FuncError::new(message)
    }
}
