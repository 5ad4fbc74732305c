//! The named types of the `time` package.

use super::methods as m;
use crate::func::{Args, FuncError, Signature};
use crate::types::{Field, Method, Named, Shape, Type};
use crate::value::Value;

/// `time.Time`
pub static TIME: Named = Named {
    name: "time.Time",
    shape: Shape::Struct(&[
        Field::new("wall", Type::Uint64, "-"),
        Field::new("ext", Type::Int64, "-"),
        Field::new("loc", Type::Pointer(&LOCATION), "-"),
    ]),
    methods: &TIME_METHODS,
    json: Some(m::json),
};

/// `time.Location`, of which there are only pointers.
pub static LOCATION: Named = Named {
    name: "time.Location",
    shape: Shape::Struct(&[Field::new("name", Type::String, "-"), Field::new("offset", Type::Int, "-")]),
    methods: &[Method { pointer: true, ..method("String", &[], &[Type::String], m::location_string) }],
    json: None,
};

/// `time.Duration`
pub static DURATION: Named = Named {
    name: "time.Duration",
    shape: Shape::Of(Type::Int64),
    methods: &[
        method("Abs", &[], &A_DURATION, m::duration_abs),
        method("Hours", &[], &[Type::Float64], m::hours),
        method("Microseconds", &[], &[Type::Int64], m::microseconds),
        method("Milliseconds", &[], &[Type::Int64], m::milliseconds),
        method("Minutes", &[], &[Type::Float64], m::minutes),
        method("Nanoseconds", &[], &[Type::Int64], m::nanoseconds),
        method("Round", &A_DURATION, &A_DURATION, m::duration_round),
        method("Seconds", &[], &[Type::Float64], m::seconds),
        method("String", &[], &[Type::String], m::duration_string),
        method("Truncate", &A_DURATION, &A_DURATION, m::duration_truncate),
    ],
    json: None,
};

/// `time.Month`
pub static MONTH: Named = Named {
    name: "time.Month",
    shape: Shape::Of(Type::Int),
    methods: &[method("String", &[], &[Type::String], m::month_string)],
    json: None,
};

/// `time.Weekday`
pub static WEEKDAY: Named = Named {
    name: "time.Weekday",
    shape: Shape::Of(Type::Int),
    methods: &[method("String", &[], &[Type::String], m::weekday_string)],
    json: None,
};

// Parameters and results. They are statics because types and methods refer to
// each other.
static A_TIME: [Type; 1] = [Type::Named(&TIME)];
static A_DURATION: [Type; 1] = [Type::Named(&DURATION)];
static A_LOCATION: [Type; 1] = [Type::Pointer(&LOCATION)];
static A_MONTH: [Type; 1] = [Type::Named(&MONTH)];
static A_WEEKDAY: [Type; 1] = [Type::Named(&WEEKDAY)];
static A_DATE: [Type; 3] = [Type::Int, Type::Named(&MONTH), Type::Int];
static TWO_TIMES: [Type; 2] = [Type::Named(&TIME), Type::Named(&TIME)];

const fn method(
    name: &'static str,
    params: &'static [Type],
    results: &'static [Type],
    call: fn(&Value, &mut Args<'_>) -> Result<Value, FuncError>,
) -> Method {
    Method { name, sig: Signature::new(params, results), pointer: false, call }
}

/// Methods of several results are here for the message that templates cannot
/// call them.
static TIME_METHODS: [Method; 43] = [
    method("Add", &A_DURATION, &A_TIME, m::add),
    method("AddDate", &[Type::Int, Type::Int, Type::Int], &A_TIME, m::add_date),
    method("After", &A_TIME, &[Type::Bool], m::after),
    method("AppendBinary", &[Type::BYTES], &[Type::BYTES, Type::Error], m::append_binary),
    method("AppendFormat", &[Type::BYTES, Type::String], &[Type::BYTES], m::append_format),
    method("AppendText", &[Type::BYTES], &[Type::BYTES, Type::Error], m::append_text),
    method("Before", &A_TIME, &[Type::Bool], m::before),
    method("Clock", &[], &[Type::Int, Type::Int, Type::Int], m::several),
    method("Compare", &A_TIME, &[Type::Int], m::compare),
    method("Date", &[], &A_DATE, m::several),
    method("Day", &[], &[Type::Int], m::day),
    method("Equal", &A_TIME, &[Type::Bool], m::equal),
    method("Format", &[Type::String], &[Type::String], m::format),
    method("GoString", &[], &[Type::String], m::go_string),
    method("GobEncode", &[], &[Type::BYTES, Type::Error], m::marshal_binary),
    method("Hour", &[], &[Type::Int], m::hour),
    method("ISOWeek", &[], &[Type::Int, Type::Int], m::several),
    method("In", &A_LOCATION, &A_TIME, m::within),
    method("IsDST", &[], &[Type::Bool], m::is_dst),
    method("IsZero", &[], &[Type::Bool], m::is_zero),
    method("Local", &[], &A_TIME, m::local),
    method("Location", &[], &A_LOCATION, m::location),
    method("MarshalBinary", &[], &[Type::BYTES, Type::Error], m::marshal_binary),
    method("MarshalJSON", &[], &[Type::BYTES, Type::Error], m::marshal_json),
    method("MarshalText", &[], &[Type::BYTES, Type::Error], m::marshal_text),
    method("Minute", &[], &[Type::Int], m::minute),
    method("Month", &[], &A_MONTH, m::month),
    method("Nanosecond", &[], &[Type::Int], m::nanosecond),
    method("Round", &A_DURATION, &A_TIME, m::round),
    method("Second", &[], &[Type::Int], m::second),
    method("String", &[], &[Type::String], m::string),
    method("Sub", &A_TIME, &A_DURATION, m::sub),
    method("Truncate", &A_DURATION, &A_TIME, m::truncate),
    method("UTC", &[], &A_TIME, m::utc),
    method("Unix", &[], &[Type::Int64], m::unix),
    method("UnixMicro", &[], &[Type::Int64], m::unix_micro),
    method("UnixMilli", &[], &[Type::Int64], m::unix_milli),
    method("UnixNano", &[], &[Type::Int64], m::unix_nano),
    method("Weekday", &[], &A_WEEKDAY, m::weekday),
    method("Year", &[], &[Type::Int], m::year),
    method("YearDay", &[], &[Type::Int], m::year_day),
    method("Zone", &[], &[Type::String, Type::Int], m::several),
    method("ZoneBounds", &[], &TWO_TIMES, m::several),
];
