//! Times and durations on the command line.

use std::time::Duration;

/// Reads a time in RFC 3339: seconds since the Unix epoch, and nanoseconds.
pub(crate) fn parse(text: &str) -> Result<(i64, u32), String> {
    let fail = || format!("{text:?} is not a time in RFC 3339, such as 2026-01-02T15:04:05Z");
    let (date, time) = text.split_once(['T', 't', ' ']).ok_or_else(fail)?;
    let mut parts = date.splitn(3, '-').map(|p| p.parse::<i64>().ok());
    let (year, month, day) = match (parts.next(), parts.next(), parts.next()) {
        (Some(Some(y)), Some(Some(m)), Some(Some(d))) if (1..=12).contains(&m) && (1..=31).contains(&d) => (y, m, d),
        _ => return Err(fail()),
    };
    let (time, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => (&time[..at], &time[at..]),
        None => return Err(fail()),
    };
    let offset = match offset.split_at(1) {
        ("Z" | "z", "") => 0,
        (sign, hours) => {
            let (h, m) = hours.split_once(':').ok_or_else(fail)?;
            let seconds = h.parse::<i64>().map_err(|_| fail())? * 3600 + m.parse::<i64>().map_err(|_| fail())? * 60;
            if sign == "-" { -seconds } else { seconds }
        }
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut clock = time.splitn(3, ':').map(|p| p.parse::<i64>().ok());
    let (hour, minute, second) = match (clock.next(), clock.next(), clock.next()) {
        (Some(Some(h @ 0..=23)), Some(Some(m @ 0..=59)), Some(Some(s @ 0..=60))) => (h, m, s),
        _ => return Err(fail()),
    };
    let nanos = format!("{fraction:0<9}").get(..9).and_then(|f| f.parse().ok()).ok_or_else(fail)?;
    Ok((days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset, nanos))
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Reads a duration as Go does: `1m30s`, `500ms`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().map_err(|_| invalid())?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        total += number
            * match &rest[..unit] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                "" => return Err(format!("time: missing unit in duration {text:?}")),
                unknown => return Err(format!("time: unknown unit {unknown:?} in duration {text:?}")),
            };
        rest = &rest[unit..];
    }
    Duration::try_from_secs_f64(total).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339() {
        assert_eq!(parse("1970-01-01T00:00:00Z"), Ok((0, 0)));
        assert_eq!(parse("2026-01-02T15:04:05.5Z"), Ok((1_767_366_245, 500_000_000)));
        assert_eq!(parse("2024-02-29T23:59:59+01:00"), Ok((1_709_247_599, 0)));
        assert_eq!(parse("1969-12-31T23:59:59Z"), Ok((-1, 0)));
        for bad in ["", "now", "2026-01-02", "2026-13-02T00:00:00Z", "2026-01-02T00:00:00", "2026-01-02T25:00:00Z"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations_are_go_durations() {
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1.5ms"), Ok(Duration::from_micros(1500)));
        assert_eq!(duration("3"), Err("time: missing unit in duration \"3\"".into()));
        assert_eq!(duration("3x"), Err("time: unknown unit \"x\" in duration \"3x\"".into()));
        assert_eq!(duration(""), Err("time: invalid duration \"\"".into()));
    }
}
