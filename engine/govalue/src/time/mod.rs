//! Go's `time` types as values: `time.Time`, `time.Duration`, `time.Month`,
//! `time.Weekday` and `*time.Location`, with the methods that templates can call.
//!
//! The calendar, layouts and zones behind them are those of the `gotime` crate.
//!
//! ```
//! use govalue::time::{self, Time};
//! let v = time::to_value(&Time::from_unix(0, 0));
//! assert_eq!(v.ty().map(|t| t.to_string()).as_deref(), Some("time.Time"));
//! assert_eq!(time::from_value(&v), Some(Time::from_unix(0, 0)));
//! ```

mod methods;
mod types;

pub use gotime::{Duration, DurationError, Location, ParseError, Time, Zone};
pub use types::{DURATION, LOCATION, MONTH, TIME, WEEKDAY};

use std::cell::RefCell;

use crate::object::Object;
use crate::types::Type;
use crate::value::{Num, Value};

/// A `time.Time`.
///
/// Its fields are those of Go's struct, so that times compare and print as there.
pub fn to_value(t: &Time) -> Value {
    let location = match t.location() {
        Location::Utc => Value::NilPointer(&LOCATION),
        other => location_value(other),
    };
    let nanos = Num::uint(Type::Uint64, t.nanosecond().into());
    let seconds = Num::int(Type::Int64, t.seconds());
    Value::Struct(Object::new(&TIME, vec![Value::Num(nanos), Value::Num(seconds), location]))
}

/// The time in a `time.Time` or `*time.Time`.
pub fn from_value(v: &Value) -> Option<Time> {
    let (Value::Struct(o) | Value::Pointer(o)) = v else { return None };
    let [Value::Num(nanos), Value::Num(seconds), location] = o.fields() else { return None };
    if o.named() != &TIME {
        return None;
    }
    let location = location_from_value(location).unwrap_or_default();
    let nanos = u32::try_from(nanos.as_u64()).ok()?;
    Some(Time::from_seconds(seconds.as_i64(), nanos).within(location))
}

/// A `time.Duration`.
pub fn duration_value(d: Duration) -> Value {
    Value::Num(Num::int(Type::Named(&DURATION), d.0))
}

/// A `*time.Location`.
pub(crate) fn location_value(location: &Location) -> Value {
    // Go has one pointer each for UTC, the local zone and offsets of whole
    // hours without a name: times in them are `eq`.
    let shared = match location {
        Location::Fixed(name, offset) => name.is_empty() && offset % 3600 == 0 && (-12..=14).contains(&(offset / 3600)),
        Location::Utc | Location::Local => true,
    };
    let name = match location {
        Location::Fixed(name, _) => name,
        other => other.name(),
    };
    let new = || Object::new(&LOCATION, vec![Value::from(name), Value::Int(location.offset().into())]);
    if !shared {
        return Value::Pointer(new());
    }
    SHARED.with_borrow_mut(|all| {
        if let Some((_, found)) = all.iter().find(|(l, _)| l == location) {
            return Value::Pointer(found.clone());
        }
        let made = new();
        all.push((location.clone(), made.clone()));
        Value::Pointer(made)
    })
}

thread_local! {
    static SHARED: RefCell<Vec<(Location, Object)>> = const { RefCell::new(Vec::new()) };
}

/// The location in a `*time.Location`; `None` for nil.
pub(crate) fn location_from_value(v: &Value) -> Option<Location> {
    let Value::Pointer(o) = v else { return None };
    let [Value::Str(name), Value::Int(offset)] = o.fields() else { return None };
    // No parsed zone has these names.
    Some(match name.as_bytes() {
        b"UTC" => Location::Utc,
        b"Local" => Location::Local,
        _ => Location::Fixed(name.to_str_lossy().into(), i32::try_from(*offset).ok()?),
    })
}
