//! The methods of the `time` package's types.

use std::cmp::Ordering;

use gotime::{Duration, Location, Time, month_name, weekday_name};

use super::types::{MONTH, WEEKDAY};
use super::{duration_value, from_value, location_from_value, location_value, to_value};
use crate::func::{Args, FuncError};
use crate::str::Str;
use crate::types::Type;
use crate::value::{Num, Value};

type Answer = Result<Value, FuncError>;

/// The receiver, or an argument, as a time.
fn time(v: &Value) -> Time {
    from_value(v).expect("methods of times are called on times")
}

/// The receiver, or an argument, as an integer.
fn int(v: &Value) -> i64 {
    match v {
        Value::Int(n) => *n,
        Value::Num(n) => n.as_i64(),
        _ => 0,
    }
}

/// Methods that take nothing: a name, the receiver, the result.
macro_rules! getters {
    ($($name:ident($receiver:ident: $as:ident) => $result:expr;)*) => {
        $(pub(super) fn $name(v: &Value, _: &mut Args<'_>) -> Answer {
            let $receiver = $as(v);
            Ok($result)
        })*
    };
}

getters! {
    day(t: time) => Value::Int(t.ymd()[2]);
    go_string(t: time) => Value::from(t.go_string());
    hour(t: time) => Value::Int(t.clock()[0]);
    is_dst(_t: time) => Value::Bool(false);
    is_zero(t: time) => Value::Bool(t.is_zero());
    local(t: time) => to_value(&t.within(Location::Local));
    location(t: time) => location_value(t.location());
    marshal_binary(t: time) => Value::Bytes(Str::from(binary(&t)?));
    minute(t: time) => Value::Int(t.clock()[1]);
    month(t: time) => Value::Num(Num::int(Type::Named(&MONTH), t.ymd()[1]));
    nanosecond(t: time) => Value::Int(t.nanosecond().into());
    second(t: time) => Value::Int(t.clock()[2]);
    string(t: time) => Value::from(t.string());
    unix(t: time) => Value::int64(t.unix());
    unix_micro(t: time) => Value::int64(t.unix_units(1_000_000));
    unix_milli(t: time) => Value::int64(t.unix_units(1_000));
    unix_nano(t: time) => Value::int64(t.unix_units(1_000_000_000));
    utc(t: time) => to_value(&t.within(Location::Utc));
    weekday(t: time) => Value::Num(Num::int(Type::Named(&WEEKDAY), t.weekday()));
    year(t: time) => Value::Int(t.ymd()[0]);
    year_day(t: time) => Value::Int(t.year_day());

    month_string(n: int) => Value::from(month_name(n));
    weekday_string(n: int) => Value::from(weekday_name(n));

    duration_abs(n: int) => duration_value(Duration(n).abs());
    duration_string(n: int) => Value::from(Duration(n).to_string());
    hours(n: int) => Value::Float(Duration(n).count(Duration::HOUR));
    microseconds(n: int) => Value::int64(n / 1_000);
    milliseconds(n: int) => Value::int64(n / 1_000_000);
    minutes(n: int) => Value::Float(Duration(n).count(Duration::MINUTE));
    nanoseconds(n: int) => Value::int64(n);
    seconds(n: int) => Value::Float(Duration(n).count(Duration::SECOND));
}

pub(super) fn add(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(to_value(&time(v).add(Duration(args.int(0)))))
}

pub(super) fn add_date(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(to_value(&time(v).add_date(args.int(0), args.int(1), args.int(2))))
}

fn order(v: &Value, args: &Args<'_>) -> Ordering {
    time(v).compare(&time(args.value(0)))
}

pub(super) fn after(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(Value::Bool(order(v, args).is_gt()))
}

pub(super) fn before(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(Value::Bool(order(v, args).is_lt()))
}

pub(super) fn compare(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(Value::Int(order(v, args) as i64))
}

pub(super) fn equal(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(Value::Bool(order(v, args).is_eq()))
}

pub(super) fn sub(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(duration_value(time(v).since(&time(args.value(0)))))
}

pub(super) fn round(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(to_value(&time(v).round(Duration(args.int(0)))))
}

pub(super) fn truncate(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(to_value(&time(v).truncate(Duration(args.int(0)))))
}

pub(super) fn within(v: &Value, args: &mut Args<'_>) -> Answer {
    let location = location_from_value(args.value(0)).ok_or("time: missing Location in call to Time.In")?;
    Ok(to_value(&time(v).within(location)))
}

pub(super) fn format(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(Value::from(time(v).format(args.bytes(0))))
}

/// What a `[]uint8` argument holds.
fn buffer(args: &Args<'_>) -> Vec<u8> {
    match args.value(0) {
        Value::Bytes(b) => b.to_vec(),
        _ => Vec::new(),
    }
}

pub(super) fn append_format(v: &Value, args: &mut Args<'_>) -> Answer {
    let mut out = buffer(args);
    time(v).append_format(&mut out, args.bytes(1));
    Ok(Value::Bytes(Str::from(out)))
}

pub(super) fn append_text(v: &Value, args: &mut Args<'_>) -> Answer {
    let mut out = buffer(args);
    out.extend(text(v, "AppendText")?);
    Ok(Value::Bytes(Str::from(out)))
}

pub(super) fn append_binary(v: &Value, args: &mut Args<'_>) -> Answer {
    let mut out = buffer(args);
    out.extend(binary(&time(v))?);
    Ok(Value::Bytes(Str::from(out)))
}

pub(super) fn marshal_text(v: &Value, _: &mut Args<'_>) -> Answer {
    Ok(Value::Bytes(Str::from(text(v, "MarshalText")?)))
}

pub(super) fn marshal_json(v: &Value, _: &mut Args<'_>) -> Answer {
    let text = text(v, "MarshalJSON")?;
    Ok(Value::Bytes(Str::from([b"\"", text.as_slice(), b"\""].concat())))
}

/// `MarshalJSON`, as a value.
pub(super) fn json(v: &Value) -> Answer {
    Ok(Value::from(text(v, "MarshalJSON")?))
}

fn text(v: &Value, method: &str) -> Result<Vec<u8>, FuncError> {
    time(v).rfc3339().map_err(|cause| FuncError::new(format!("Time.{method}: {cause}")))
}

/// `Time.MarshalBinary`: a version, seconds, nanoseconds, minutes east of UTC
/// (-1: UTC itself), and in version 2 the seconds beyond those.
fn binary(t: &Time) -> Result<Vec<u8>, FuncError> {
    let offset = t.location().offset();
    let (minutes, seconds) = (offset / 60, offset % 60);
    let minutes = match t.location() {
        Location::Utc => -1,
        _ if minutes == -1 => return Err("Time.MarshalBinary: unexpected zone offset".into()),
        _ => i16::try_from(minutes).map_err(|_| "Time.MarshalBinary: unexpected zone offset")?,
    };
    let mut out = vec![if seconds == 0 { 1 } else { 2 }];
    out.extend(t.seconds().to_be_bytes());
    out.extend(t.nanosecond().to_be_bytes());
    out.extend(minutes.to_be_bytes());
    if seconds != 0 {
        out.push(seconds as u8);
    }
    Ok(out)
}

/// Stands for methods of several results, which the machine refuses to call.
pub(super) fn several(_: &Value, _: &mut Args<'_>) -> Answer {
    Ok(Value::Nil)
}

pub(super) fn duration_round(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(duration_value(Duration(int(v)).round(Duration(args.int(0)))))
}

pub(super) fn duration_truncate(v: &Value, args: &mut Args<'_>) -> Answer {
    Ok(duration_value(Duration(int(v)).truncate(Duration(args.int(0)))))
}

pub(super) fn location_string(v: &Value, _: &mut Args<'_>) -> Answer {
    let location = location_from_value(v).expect("methods of locations are called on locations");
    Ok(Value::from(location.name()))
}
