//! Dates and durations (sprig: date.go). The local zone is UTC.

#[cfg(test)]
mod tests;

use govalue::time::{self, Duration, Location, TIME, Time, Zone};
use govalue::{Args, Env, Func, FuncError, Str, Type, Value};

use crate::sig::{ANY, ERROR, STRING};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[Func] = &TABLE;

static TABLE: [Func; 16] = [
    Func::new("ago", &[ANY], &[STRING], ago),
    Func::new("date", &[STRING, ANY], &[STRING], date),
    Func::new("dateInZone", &[STRING, ANY, STRING], &[STRING], date_in_zone),
    Func::new("dateModify", &STRING_AND_TIME, &A_TIME, date_modify),
    Func::new("date_in_zone", &[STRING, ANY, STRING], &[STRING], date_in_zone),
    Func::new("date_modify", &STRING_AND_TIME, &A_TIME, date_modify),
    Func::new("duration", &[ANY], &[STRING], duration),
    Func::new("durationRound", &[ANY], &[STRING], duration_round),
    Func::new("htmlDate", &[ANY], &[STRING], html_date),
    Func::new("htmlDateInZone", &[ANY, STRING], &[STRING], html_date_in_zone),
    Func::new("mustDateModify", &STRING_AND_TIME, &TIME_OR_ERROR, must_date_modify),
    Func::new("mustToDate", &[STRING, STRING], &TIME_OR_ERROR, must_to_date),
    Func::new("must_date_modify", &STRING_AND_TIME, &TIME_OR_ERROR, must_date_modify),
    Func::new("now", &[], &A_TIME, now),
    Func::new("toDate", &[STRING, STRING], &A_TIME, to_date),
    Func::new("unixEpoch", &A_TIME, &[STRING], unix_epoch),
];

static A_TIME: [Type; 1] = [Type::Named(&TIME)];
static STRING_AND_TIME: [Type; 2] = [STRING, Type::Named(&TIME)];
static TIME_OR_ERROR: [Type; 2] = [Type::Named(&TIME), ERROR];

const HTML: &[u8] = b"2006-01-02";

fn clock(env: &mut dyn Env) -> Time {
    let (seconds, nanos) = env.now();
    Time::from_unix(seconds, nanos)
}

/// What a date argument means: a time, or seconds since 1970; the rest is now.
fn moment(env: &mut dyn Env, v: &Value) -> Time {
    match v {
        Value::Int(seconds) => Time::from_unix(*seconds, 0),
        Value::Num(n) if matches!(n.ty(), Type::Int64 | Type::Int32) => Time::from_unix(n.as_i64(), 0),
        v => time::from_value(v).unwrap_or_else(|| clock(env)),
    }
}

fn format(env: &mut dyn Env, layout: &[u8], v: &Value, zone: &[u8]) -> Result<Value, FuncError> {
    env.charge(layout.len() as u64)?;
    let t = moment(env, v);
    let t = match Zone::load(zone) {
        Some(zone) => t.in_zone(&zone),
        None => t.within(Location::Utc),
    };
    Ok(Value::from(t.format(layout)))
}

fn date(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    format(env, args.bytes(0), args.value(1), b"Local")
}

fn date_in_zone(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    format(env, args.bytes(0), args.value(1), args.bytes(2))
}

fn html_date(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    format(env, HTML, args.value(0), b"Local")
}

fn html_date_in_zone(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    format(env, HTML, args.value(0), args.bytes(1))
}

fn now(env: &mut dyn Env, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(time::to_value(&clock(env)))
}

/// The duration since a time, as [`moment`] has it but for `int32`, rounded to seconds.
fn ago(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let t = match args.value(0) {
        Value::Num(n) if n.ty() == Type::Int32 => clock(env),
        Value::Pointer(_) => clock(env),
        v => moment(env, v),
    };
    Ok(Value::from(clock(env).since(&t).round(Duration::SECOND).to_string()))
}

fn modified(args: &Args<'_>) -> Result<Value, FuncError> {
    let by = Duration::parse(args.bytes(0)).map_err(|e| FuncError::new(e.to_string()))?;
    let t = time::from_value(args.value(1)).unwrap_or_default();
    Ok(time::to_value(&t.add(by)))
}

/// Adds a duration; one that does not parse changes nothing.
fn date_modify(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(modified(args).unwrap_or_else(|_| args.take(1)))
}

fn must_date_modify(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    modified(args)
}

fn parsed(env: &mut dyn Env, args: &Args<'_>) -> Result<Result<Time, FuncError>, FuncError> {
    env.charge((args.bytes(0).len() + args.bytes(1).len()) as u64)?;
    let t = Time::parse(args.bytes(0), args.bytes(1), &Location::Local);
    Ok(t.map_err(|e| FuncError::new(e.to_string())))
}

/// Reads a date; one that does not parse is the zero time.
fn to_date(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(time::to_value(&parsed(env, args)?.unwrap_or_default()))
}

fn must_to_date(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(time::to_value(&parsed(env, args)??))
}

fn unix_epoch(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let t = time::from_value(args.value(0)).unwrap_or_default();
    Ok(Value::from(t.unix().to_string()))
}

/// Prints a number of seconds, an `int64` or text, as a duration; the rest is none.
fn duration(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let seconds = match args.value(0) {
        Value::Str(s) => seconds(s),
        Value::Num(n) if n.ty() == Type::Int64 => n.as_i64(),
        _ => 0,
    };
    Ok(Value::from(Duration(seconds.wrapping_mul(Duration::SECOND.0)).to_string()))
}

/// `strconv.ParseInt` without its error: what is out of range is at its limit.
fn seconds(s: &Str) -> i64 {
    govalue::strconv::parse_int(s, 10, 64).unwrap_or_else(|e| e.nearest_int())
}

/// Prints the largest unit of a duration, its rest cut off.
fn duration_round(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    const DAY: u64 = 24 * Duration::HOUR.0 as u64;
    const UNITS: [(u64, &str); 6] = [
        (365 * DAY, "y"),
        (30 * DAY, "mo"),
        (DAY, "d"),
        (Duration::HOUR.0 as u64, "h"),
        (Duration::MINUTE.0 as u64, "m"),
        (Duration::SECOND.0 as u64, "s"),
    ];
    let d = match args.value(0) {
        Value::Str(s) => Duration::parse(s).unwrap_or_default(),
        Value::Num(n) if n.ty() == Type::Int64 => Duration(n.as_i64()),
        v @ Value::Struct(_) => match time::from_value(v) {
            Some(t) => clock(env).since(&t),
            None => Duration(0),
        },
        _ => Duration(0),
    };
    let nanos = d.0.unsigned_abs();
    let text = match UNITS.into_iter().find(|(unit, _)| nanos > *unit) {
        Some((unit, name)) => format!("{}{name}", nanos / unit),
        None => "0s".to_owned(),
    };
    Ok(Value::from(text))
}
