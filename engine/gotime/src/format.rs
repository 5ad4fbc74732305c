//! Printing times by layouts.

use crate::calendar::{month_name, weekday_name};
use crate::layout::{self, Elem, Offset};
use crate::time::{Location, Time};

const RFC3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";
const STRING: &[u8] = b"2006-01-02 15:04:05.999999999 -0700 MST";

impl Time {
    /// Prints it by the layout (`Time.Format`).
    ///
    /// ```
    /// use gotime::Time;
    /// assert_eq!(Time::from_unix(0, 0).format(b"2006-01-02 MST"), b"1970-01-01 UTC");
    /// ```
    pub fn format(&self, layout: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(layout.len() + 10);
        self.append_format(&mut out, layout);
        out
    }

    /// The same, appended to a buffer.
    pub fn append_format(&self, out: &mut Vec<u8>, layout: &[u8]) {
        let civil = self.parts();
        let hour12 = if civil.hour % 12 == 0 { 12 } else { civil.hour % 12 };
        let mut rest = layout;
        while !rest.is_empty() {
            let chunk = layout::next_chunk(rest);
            out.extend_from_slice(chunk.prefix);
            let Some(elem) = chunk.elem else { break };
            rest = chunk.rest;
            match elem {
                Elem::LongMonth => out.extend_from_slice(month_name(civil.month).as_bytes()),
                Elem::Month => out.extend(month_name(civil.month).bytes().take(3)),
                Elem::NumMonth => append_int(out, civil.month, 0),
                Elem::ZeroMonth => append_int(out, civil.month, 2),
                Elem::LongWeekday => out.extend_from_slice(weekday_name(civil.weekday).as_bytes()),
                Elem::Weekday => out.extend(weekday_name(civil.weekday).bytes().take(3)),
                Elem::Day => append_int(out, civil.day, 0),
                Elem::UnderDay => append_padded(out, civil.day, 2),
                Elem::ZeroDay => append_int(out, civil.day, 2),
                Elem::UnderYearDay => append_padded(out, civil.yday, 3),
                Elem::ZeroYearDay => append_int(out, civil.yday, 3),
                Elem::Hour => append_int(out, civil.hour, 2),
                Elem::Hour12 => append_int(out, hour12, 0),
                Elem::ZeroHour12 => append_int(out, hour12, 2),
                Elem::Minute => append_int(out, civil.minute, 0),
                Elem::ZeroMinute => append_int(out, civil.minute, 2),
                Elem::Second => append_int(out, civil.second, 0),
                Elem::ZeroSecond => append_int(out, civil.second, 2),
                Elem::LongYear => append_int(out, civil.year, 4),
                Elem::Year => append_int(out, civil.year.abs() % 100, 2),
                Elem::UpperPm => out.extend_from_slice(if civil.hour >= 12 { b"PM" } else { b"AM" }),
                Elem::LowerPm => out.extend_from_slice(if civil.hour >= 12 { b"pm" } else { b"am" }),
                Elem::Abbreviation => match self.location().abbreviation() {
                    "" => {
                        let numeric = Offset { z: false, colon: false, minutes: true, seconds: false };
                        append_offset(out, self.location().offset(), numeric);
                    }
                    name => out.extend_from_slice(name.as_bytes()),
                },
                Elem::Offset(form) => append_offset(out, self.location().offset(), form),
                Elem::Fraction { digits, comma, trim } => {
                    append_fraction(out, self.nanosecond(), digits, comma, trim);
                }
            }
        }
    }

    /// Prints it as `Time.String` does.
    pub fn string(&self) -> Vec<u8> {
        self.format(STRING)
    }

    /// Prints it as JSON and YAML have it (`MarshalText`).
    ///
    /// # Errors
    /// If RFC 3339 has no form for it.
    pub fn rfc3339(&self) -> Result<Vec<u8>, &'static str> {
        if !(0..=9999).contains(&self.ymd()[0]) {
            return Err("year outside of range [0,9999]");
        }
        if self.location().offset().abs() >= 24 * 3600 {
            return Err("timezone hour outside of range [0,23]");
        }
        Ok(self.format(RFC3339_NANO))
    }

    /// Prints it as Go source (`GoString`).
    pub fn go_string(&self) -> String {
        let ([year, month, day], [hour, minute, second]) = (self.ymd(), self.clock());
        let location = match self.location() {
            Location::Utc => "time.UTC".to_owned(),
            Location::Local => "time.Local".to_owned(),
            Location::Fixed(name, _) => format!("time.Location({})", crate::quote::quote(name.as_bytes())),
        };
        let (month, nanos) = (month_name(month), self.nanosecond());
        format!("time.Date({year}, time.{month}, {day}, {hour}, {minute}, {second}, {nanos}, {location})")
    }
}

/// A number, with zeros in front up to the width; the sign does not count.
fn append_int(out: &mut Vec<u8>, n: i64, width: usize) {
    if n < 0 {
        out.push(b'-');
    }
    let digits = n.unsigned_abs().to_string();
    out.extend(std::iter::repeat_n(b'0', width.saturating_sub(digits.len())));
    out.extend_from_slice(digits.as_bytes());
}

/// A number, with spaces in front up to the width.
fn append_padded(out: &mut Vec<u8>, n: i64, width: usize) {
    let digits = n.to_string();
    out.extend(std::iter::repeat_n(b' ', width.saturating_sub(digits.len())));
    out.extend_from_slice(digits.as_bytes());
}

fn append_offset(out: &mut Vec<u8>, offset: i32, form: Offset) {
    if form.z && offset == 0 {
        out.push(b'Z');
        return;
    }
    // The sign is that of the whole minutes.
    let minutes = i64::from(offset / 60);
    out.push(if minutes < 0 { b'-' } else { b'+' });
    let mut seconds = i64::from(offset % 60);
    if minutes < 0 {
        seconds = -seconds;
    }
    append_int(out, minutes.abs() / 60, 2);
    for (wanted, n) in [(form.minutes, minutes.abs() % 60), (form.seconds, seconds)] {
        if wanted {
            if form.colon {
                out.push(b':');
            }
            append_int(out, n, 2);
        }
    }
}

fn append_fraction(out: &mut Vec<u8>, nanos: u32, digits: usize, comma: bool, trim: bool) {
    if trim && (digits == 0 || nanos == 0) {
        return;
    }
    let start = out.len();
    out.push(if comma { b',' } else { b'.' });
    append_int(out, nanos.into(), 9);
    // No more than nine, however many are asked for.
    out.truncate(start + 1 + digits.min(9));
    if trim {
        while out.last() == Some(&b'0') {
            out.pop();
        }
        if out.len() == start + 1 {
            out.pop();
        }
    }
}
