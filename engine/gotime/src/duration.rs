//! Spans of time in nanoseconds.

use std::fmt;

use crate::quote::quote;

/// A span of time in nanoseconds (`time.Duration`). `Display` prints `1h2m3.5s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub i64);

/// Why a duration does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError(String);

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DurationError {}

impl Duration {
    /// A second.
    pub const SECOND: Duration = Duration(1_000_000_000);
    /// A minute.
    pub const MINUTE: Duration = Duration(60 * Duration::SECOND.0);
    /// An hour.
    pub const HOUR: Duration = Duration(60 * Duration::MINUTE.0);

    /// Parses a signed sequence of numbers with units: `1h15m30.918s` (`time.ParseDuration`).
    ///
    /// # Errors
    /// If the text is of another form or exceeds 64 bits.
    pub fn parse(text: &[u8]) -> Result<Duration, DurationError> {
        let fail = |what: &str| DurationError(format!("time: {what} {}", quote(text)));
        let invalid = || fail("invalid duration");
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if rest == b"0" {
            return Ok(Duration(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let digits = count_digits(rest);
            let (whole, tail) = rest.split_at(digits);
            let whole = leading_int(whole).ok_or_else(invalid)?;
            let mut fraction = (0, 1.0);
            let mut fraction_digits = 0;
            rest = tail;
            if let [b'.', tail @ ..] = rest {
                fraction_digits = count_digits(tail);
                let (digits, tail) = tail.split_at(fraction_digits);
                fraction = leading_fraction(digits);
                rest = tail;
            }
            if digits + fraction_digits == 0 {
                return Err(invalid());
            }
            let len = rest.iter().take_while(|c| **c != b'.' && !c.is_ascii_digit()).count();
            let (unit, tail) = rest.split_at(len);
            rest = tail;
            if unit.is_empty() {
                return Err(fail("missing unit in duration"));
            }
            let Some(unit) = unit_nanos(unit) else {
                return Err(fail(&format!("unknown unit {} in duration", quote(unit))));
            };
            if whole > (1 << 63) / unit {
                return Err(invalid());
            }
            let mut nanos = whole * unit;
            if fraction.0 > 0 {
                nanos = nanos.wrapping_add((fraction.0 as f64 * (unit as f64 / fraction.1)) as u64);
            }
            total = total.wrapping_add(nanos);
            if nanos > 1 << 63 || total > 1 << 63 {
                return Err(invalid());
            }
        }
        if negative {
            return Ok(Duration((total as i64).wrapping_neg()));
        }
        i64::try_from(total).map(Duration).map_err(|_| invalid())
    }

    /// Its size in nanoseconds, without the sign.
    fn magnitude(self) -> u64 {
        self.0.unsigned_abs()
    }

    /// Cut to a multiple of the unit, toward zero; as it is if that is not positive.
    pub fn truncate(self, unit: Duration) -> Duration {
        if unit.0 <= 0 { self } else { Duration(self.0 - self.0 % unit.0) }
    }

    /// Rounded to the nearest multiple of the unit, halves away from zero,
    /// within the limits of 64 bits; as it is if the unit is not positive.
    pub fn round(self, unit: Duration) -> Duration {
        if unit.0 <= 0 {
            return self;
        }
        let rest = self.0 % unit.0;
        if rest.unsigned_abs() < unit.0.unsigned_abs() - rest.unsigned_abs() {
            return Duration(self.0 - rest);
        }
        Duration((self.0 - rest).saturating_add(if self.0 < 0 { -unit.0 } else { unit.0 }))
    }

    /// Without its sign, within the limits of 64 bits.
    pub fn abs(self) -> Duration {
        Duration(self.0.saturating_abs())
    }

    /// As a number of units, with a fraction: `Hours`, `Minutes`, `Seconds`.
    pub fn count(self, unit: Duration) -> f64 {
        match unit.0 {
            0 => 0.0,
            n => (self.0 / n) as f64 + (self.0 % n) as f64 / n as f64,
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.magnitude();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let (unit, digits) = match n {
            0 => return f.write_str("0s"),
            1..1_000 => ("ns", 0),
            1_000..1_000_000 => ("µs", 3),
            1_000_000..1_000_000_000 => ("ms", 6),
            _ => ("s", 9),
        };
        let scale = 10_u64.pow(digits);
        let (mut whole, fraction) = (n / scale, n % scale);
        if digits == 9 && whole >= 60 {
            let minutes = whole / 60;
            if minutes >= 60 {
                write!(f, "{}h", minutes / 60)?;
            }
            write!(f, "{}m", minutes % 60)?;
            whole %= 60;
        }
        write!(f, "{whole}")?;
        if fraction > 0 {
            let fraction = format!("{fraction:0width$}", width = digits as usize);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str(unit)
    }
}

fn unit_nanos(unit: &[u8]) -> Option<u64> {
    Some(match unit {
        b"ns" => 1,
        // The micro sign and the Greek letter.
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => Duration::SECOND.magnitude(),
        b"m" => Duration::MINUTE.magnitude(),
        b"h" => Duration::HOUR.magnitude(),
        _ => return None,
    })
}

fn count_digits(s: &[u8]) -> usize {
    s.iter().take_while(|c| c.is_ascii_digit()).count()
}

/// A number of digits up to 2^63.
pub(crate) fn leading_int(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |n, c| {
        let n = n.checked_mul(10)?.checked_add(u64::from(c - b'0'))?;
        (n <= 1 << 63).then_some(n)
    })
}

/// The digits after a point and the power of ten to divide them by; digits
/// beyond 63 bits do not count.
fn leading_fraction(digits: &[u8]) -> (u64, f64) {
    let (mut n, mut scale) = (0_u64, 1.0);
    for c in digits {
        match n.checked_mul(10).and_then(|n| n.checked_add(u64::from(c - b'0'))) {
            Some(next) if n <= i64::MAX as u64 / 10 && next <= 1 << 63 => n = next,
            _ => break,
        }
        scale *= 10.0;
    }
    (n, scale)
}
