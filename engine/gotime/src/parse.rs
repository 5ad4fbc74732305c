//! Reading times by layouts.

use std::fmt;

use crate::calendar;
use crate::duration::leading_int;
use crate::layout::{self, Elem, Offset};
use crate::quote::quote;
use crate::time::{Location, Time};

/// Why a text is no time of a layout. `Display` is Go's text for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

/// Why an element does not parse.
enum Fault {
    /// The text has another form.
    Bad,
    /// That field is out of range.
    Range(&'static str),
}

/// The fields read so far.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    yday: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    am: bool,
    pm: bool,
    utc: bool,
    offset: Option<i32>,
    zone: String,
}

impl Time {
    /// Reads a time by the layout (`time.ParseInLocation`); without a zone in
    /// the text it is one of `location`.
    ///
    /// # Errors
    /// If the text does not follow the layout, or a field is out of range.
    pub fn parse(layout: &[u8], text: &[u8], location: &Location) -> Result<Time, ParseError> {
        let whole = text;
        let out_of_range = |what: &str| ParseError(format!("parsing time {}: {what}", quote(whole)));
        let cannot = |rest: &[u8], elem: &[u8]| {
            let (whole, layout) = (quote(whole), quote(layout));
            ParseError(format!("parsing time {whole} as {layout}: cannot parse {} as {}", quote(rest), quote(elem)))
        };
        let mut fields = Fields::default();
        let (mut layout_rest, mut text) = (layout, text);
        loop {
            let chunk = layout::next_chunk(layout_rest);
            text = skip(text, chunk.prefix).map_err(|rest| cannot(rest, chunk.prefix))?;
            let Some(elem) = chunk.elem else {
                if !text.is_empty() {
                    return Err(out_of_range(&format!("extra text: {}", quote(text))));
                }
                break;
            };
            layout_rest = chunk.rest;
            text = match fields.read(elem, text, layout_rest) {
                Ok(rest) => rest,
                Err(Fault::Bad) => return Err(cannot(text, chunk.text)),
                Err(Fault::Range(field)) => return Err(out_of_range(&format!("{field} out of range"))),
            };
        }
        fields.finish(location).map_err(out_of_range)
    }
}

impl Fields {
    /// Reads an element at the start of the text; returns what follows it.
    fn read<'a>(&mut self, elem: Elem, text: &'a [u8], layout: &[u8]) -> Result<&'a [u8], Fault> {
        let two = |text: &'a [u8]| text.split_at_checked(2).ok_or(Fault::Bad);
        match elem {
            Elem::Year => {
                let (digits, rest) = two(text)?;
                let year = atoi(digits)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
                Ok(rest)
            }
            Elem::LongYear => {
                let (digits, rest) = text.split_at_checked(4).ok_or(Fault::Bad)?;
                if !digits.first().is_some_and(u8::is_ascii_digit) {
                    return Err(Fault::Bad);
                }
                self.year = atoi(digits)?;
                Ok(rest)
            }
            Elem::Month => {
                let (month, rest) = name(calendar::months(), 3, text)?;
                self.month = Some(month + 1);
                Ok(rest)
            }
            Elem::LongMonth => {
                let (month, rest) = name(calendar::months(), usize::MAX, text)?;
                self.month = Some(month + 1);
                Ok(rest)
            }
            Elem::NumMonth | Elem::ZeroMonth => {
                let (month, rest) = number(text, elem == Elem::ZeroMonth)?;
                self.month = Some(in_range(month, 1..=12, "month")?);
                Ok(rest)
            }
            Elem::Weekday => Ok(name(calendar::weekdays(), 3, text)?.1),
            Elem::LongWeekday => Ok(name(calendar::weekdays(), usize::MAX, text)?.1),
            Elem::Day | Elem::UnderDay | Elem::ZeroDay => {
                let text = if elem == Elem::UnderDay { text.strip_prefix(b" ").unwrap_or(text) } else { text };
                let (day, rest) = number(text, elem == Elem::ZeroDay)?;
                self.day = Some(day);
                Ok(rest)
            }
            Elem::UnderYearDay | Elem::ZeroYearDay => {
                let mut text = text;
                for _ in 0..2 {
                    if elem == Elem::UnderYearDay {
                        text = text.strip_prefix(b" ").unwrap_or(text);
                    }
                }
                let digits = text.iter().take(3).take_while(|c| c.is_ascii_digit()).count();
                if digits == 0 || (elem == Elem::ZeroYearDay && digits != 3) {
                    return Err(Fault::Bad);
                }
                let (digits, rest) = text.split_at(digits);
                self.yday = Some(atoi(digits)?);
                Ok(rest)
            }
            Elem::Hour => {
                let (hour, rest) = number(text, false)?;
                self.hour = in_range(hour, 0..=23, "hour")?;
                Ok(rest)
            }
            Elem::Hour12 | Elem::ZeroHour12 => {
                let (hour, rest) = number(text, elem == Elem::ZeroHour12)?;
                self.hour = in_range(hour, 0..=12, "hour")?;
                Ok(rest)
            }
            Elem::Minute | Elem::ZeroMinute => {
                let (minute, rest) = number(text, elem == Elem::ZeroMinute)?;
                self.minute = in_range(minute, 0..=59, "minute")?;
                Ok(rest)
            }
            Elem::Second | Elem::ZeroSecond => {
                let (second, rest) = number(text, elem == Elem::ZeroSecond)?;
                self.second = in_range(second, 0..=59, "second")?;
                self.unannounced_fraction(rest, layout)
            }
            Elem::UpperPm | Elem::LowerPm => {
                let (mark, rest) = two(text)?;
                match (elem, mark) {
                    (Elem::UpperPm, b"PM") | (Elem::LowerPm, b"pm") => self.pm = true,
                    (Elem::UpperPm, b"AM") | (Elem::LowerPm, b"am") => self.am = true,
                    _ => return Err(Fault::Bad),
                }
                Ok(rest)
            }
            Elem::Abbreviation => {
                if let Some(rest) = text.strip_prefix(b"UTC") {
                    self.utc = true;
                    return Ok(rest);
                }
                let len = abbreviation_len(text).ok_or(Fault::Bad)?;
                let (zone, rest) = text.split_at_checked(len).ok_or(Fault::Bad)?;
                self.zone = String::from_utf8_lossy(zone).into_owned();
                Ok(rest)
            }
            Elem::Offset(form) => self.offset(form, text),
            Elem::Fraction { digits, trim: false, .. } => {
                let (fraction, rest) = text.split_at_checked(1 + digits).ok_or(Fault::Bad)?;
                self.nanos = nanos(fraction)?;
                Ok(rest)
            }
            Elem::Fraction { trim: true, .. } => match text {
                [b'.' | b',', b'0'..=b'9', ..] => self.fraction(text),
                _ => Ok(text),
            },
        }
    }

    /// Reads a fraction after the seconds that the layout does not announce.
    fn unannounced_fraction<'a>(&mut self, text: &'a [u8], layout: &[u8]) -> Result<&'a [u8], Fault> {
        match text {
            [b'.' | b',', b'0'..=b'9', ..] => {}
            _ => return Ok(text),
        }
        if let Some(Elem::Fraction { .. }) = layout::next_chunk(layout).elem {
            return Ok(text);
        }
        self.fraction(text)
    }

    /// Reads a separator and all digits after it.
    fn fraction<'a>(&mut self, text: &'a [u8]) -> Result<&'a [u8], Fault> {
        let digits = text.iter().skip(1).take_while(|c| c.is_ascii_digit()).count();
        let (fraction, rest) = text.split_at_checked(1 + digits).ok_or(Fault::Bad)?;
        self.nanos = nanos(fraction)?;
        Ok(rest)
    }

    fn offset<'a>(&mut self, form: Offset, text: &'a [u8]) -> Result<&'a [u8], Fault> {
        if let (true, [b'Z', rest @ ..]) = (form.z, text) {
            self.utc = true;
            return Ok(rest);
        }
        let parts = usize::from(form.minutes) + usize::from(form.seconds);
        let step = if form.colon { 3 } else { 2 };
        let (offset, rest) = text.split_at_checked(3 + parts * step).ok_or(Fault::Bad)?;
        let (sign, digits) = offset.split_first().ok_or(Fault::Bad)?;
        let colons = digits.iter().skip(2).step_by(3);
        if form.colon && !colons.clone().all(|c| *c == b':') {
            return Err(Fault::Bad);
        }
        let mut hms = [0; 3];
        let mut bad = false;
        for (i, slot) in hms.iter_mut().take(1 + parts).enumerate() {
            match digits.get(i * step..).map(|pair| number(pair.get(..2).unwrap_or_default(), true)) {
                Some(Ok((n, _))) => *slot = n,
                // A wrong digit counts less than a field out of range before it.
                _ => {
                    bad = true;
                    break;
                }
            }
        }
        let [hour, minute, second] = hms;
        // The last field out of range is the one that is told. People do write
        // offsets of 24 hours and 60 minutes.
        let limits = [
            (second, 60, "time zone offset second"),
            (minute, 60, "time zone offset minute"),
            (hour, 24, "time zone offset hour"),
        ];
        if let Some((.., field)) = limits.into_iter().find(|(n, max, _)| n > max) {
            return Err(Fault::Range(field));
        }
        if bad {
            return Err(Fault::Bad);
        }
        let seconds = ((hour * 60 + minute) * 60 + second) as i32;
        self.offset = Some(match sign {
            b'+' => seconds,
            b'-' => -seconds,
            _ => return Err(Fault::Bad),
        });
        Ok(rest)
    }

    fn finish(self, location: &Location) -> Result<Time, &'static str> {
        let hour = match self.hour {
            hour if self.pm && hour < 12 => hour + 12,
            12 if self.am => 0,
            hour => hour,
        };
        let year = self.year;
        let (month, day) = match self.yday {
            Some(yday) => {
                let last = if calendar::is_leap(year) { 366 } else { 365 };
                if !(1..=last).contains(&yday) {
                    return Err("day-of-year out of range");
                }
                let month = (1..=12).rev().find(|m| calendar::days_before(*m, year) < yday).unwrap_or(1);
                let day = yday - calendar::days_before(month, year);
                if self.month.is_some_and(|m| m != month) {
                    return Err("day-of-year does not match month");
                }
                if self.day.is_some_and(|d| d != day) {
                    return Err("day-of-year does not match day");
                }
                (month, day)
            }
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        if !(1..=calendar::days_in(month, year)).contains(&day) {
            return Err("day out of range");
        }
        let at =
            |location: Location| Time::date([year, month, day], [hour, self.minute, self.second], self.nanos, location);
        if self.utc {
            return Ok(at(Location::Utc));
        }
        // Go's own mark for "no offset" is -1 second.
        if let Some(offset) = self.offset.filter(|o| *o != -1) {
            let named = self.zone.is_empty() || self.zone == location.abbreviation();
            let shown = if offset == location.offset() && named {
                location.clone()
            } else {
                Location::Fixed(self.zone.into(), offset)
            };
            let t = Time::date([year, month, day], [hour, self.minute, self.second], self.nanos, Location::Utc);
            return Ok(t.add_seconds(-i64::from(offset), t.nanosecond()).within(shown));
        }
        if !self.zone.is_empty() {
            if self.zone == location.abbreviation() {
                return Ok(at(location.clone()));
            }
            let hours = self.zone.strip_prefix("GMT").and_then(|o| o.parse::<i32>().ok()).unwrap_or(0);
            let t = at(Location::Utc);
            let offset = hours * 3600;
            return Ok(t.within(Location::Fixed(self.zone.into(), offset)));
        }
        Ok(at(location.clone()))
    }
}

fn in_range(n: i64, range: std::ops::RangeInclusive<i64>, field: &'static str) -> Result<i64, Fault> {
    if range.contains(&n) { Ok(n) } else { Err(Fault::Range(field)) }
}

/// Removes the prefix; a run of spaces matches any other.
fn skip<'a>(mut text: &'a [u8], mut prefix: &[u8]) -> Result<&'a [u8], &'a [u8]> {
    while let Some((c, rest)) = prefix.split_first() {
        if *c == b' ' {
            if text.first().is_some_and(|c| *c != b' ') {
                return Err(text);
            }
            prefix = cut_spaces(prefix);
            text = cut_spaces(text);
            continue;
        }
        match text.split_first() {
            Some((t, tail)) if t == c => text = tail,
            _ => return Err(text),
        }
        prefix = rest;
    }
    Ok(text)
}

fn cut_spaces(s: &[u8]) -> &[u8] {
    let spaces = s.iter().take_while(|c| **c == b' ').count();
    s.get(spaces..).unwrap_or_default()
}

/// Finds one of the names, cut to a length, at the start of the text in any case.
fn name<'a>(names: &[&str], len: usize, text: &'a [u8]) -> Result<(i64, &'a [u8]), Fault> {
    for (i, name) in (0..).zip(names) {
        let name = name.get(..len).unwrap_or(name);
        if let Some((head, rest)) = text.split_at_checked(name.len())
            && head.eq_ignore_ascii_case(name.as_bytes())
        {
            return Ok((i, rest));
        }
    }
    Err(Fault::Bad)
}

/// A number of one or two digits; `fixed`: of two.
fn number(text: &[u8], fixed: bool) -> Result<(i64, &[u8]), Fault> {
    match text {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Ok((i64::from(a - b'0') * 10 + i64::from(b - b'0'), rest)),
        [a @ b'0'..=b'9', rest @ ..] if !fixed => Ok((i64::from(a - b'0'), rest)),
        _ => Err(Fault::Bad),
    }
}

/// A whole text as a number, with or without a sign.
fn atoi(text: &[u8]) -> Result<i64, Fault> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Fault::Bad);
    }
    let n = leading_int(digits).ok_or(Fault::Bad)? as i64;
    Ok(if negative { n.wrapping_neg() } else { n })
}

/// The nanoseconds of a separator and digits; more than nine do not count.
fn nanos(fraction: &[u8]) -> Result<u32, Fault> {
    let [b'.' | b',', digits @ ..] = fraction else { return Err(Fault::Bad) };
    let digits = digits.get(..9).unwrap_or(digits);
    let n = atoi(digits)?;
    if n < 0 {
        return Err(Fault::Range("fractional second"));
    }
    let scale = 10_i64.pow(9 - digits.len() as u32);
    Ok((n * scale) as u32)
}

/// How long a zone's abbreviation is at the start of the text (`parseTimeZone`).
fn abbreviation_len(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    match text {
        [b'C', b'h', b'S', b'T', ..] | [b'M', b'e', b'S', b'T', ..] => return Some(4),
        [b'G', b'M', b'T', offset @ ..] => return Some(3 + signed_offset_len(offset)),
        [b'+' | b'-', ..] => return Some(signed_offset_len(text)).filter(|len| *len > 0),
        _ => {}
    }
    let letters = text.iter().take(6).take_while(|c| c.is_ascii_uppercase()).count();
    match (letters, text) {
        (5, [_, _, _, _, b'T', ..]) => Some(5),
        (4, [_, _, _, b'T', ..] | [b'W', b'I', b'T', b'A', ..]) => Some(4),
        (3, _) => Some(3),
        _ => None,
    }
}

/// How long an offset such as `+03` is; 0 if there is none up to 23 hours.
fn signed_offset_len(text: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = text else { return 0 };
    let len = digits.iter().take_while(|c| c.is_ascii_digit()).count();
    match digits.get(..len).and_then(leading_int) {
        Some(hours) if len > 0 && hours <= 23 => 1 + len,
        _ => 0,
    }
}
