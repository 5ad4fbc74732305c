//! Numbers that are spelled out in texts, as `big.Rat.SetString` reads them: `8080`, `1/2`, `0x1p-2`, `1_000`.
//!
//! They are compared exactly without being computed: a number is odd · 2ᵃ · 5ᵇ in one way only, if its odd part has
//! no factor of five left.

use num_bigint::BigUint;

use crate::decimal::{Decimal, MAX_EXPONENT};
use crate::equal::Charge;

/// How large the exponent of two may be (`big.Rat.SetString`).
const MAX_EXPONENT_OF_TWO: i64 = 10_000_000;

/// Whether a text spells a number.
pub(crate) fn is_spelled(number: &Decimal, text: &[u8], charge: Charge<'_>) -> bool {
    // Most texts are none.
    if !text.iter().all(|b| b.is_ascii_alphanumeric() || b"+-._/".contains(b)) {
        return false;
    }
    let digits = (text.len().max(number.digits.len()) / 8) as u64;
    if !charge(digits.saturating_mul(digits)) {
        return false;
    }
    match text.iter().position(|b| *b == b'/') {
        Some(slash) => {
            let Some(numerator) = integer(&text[..slash], true) else { return false };
            let denominator = integer(&text[slash + 1..], false).filter(|d| !d.is_zero());
            denominator.is_some_and(|denominator| numerator == Exact::from(number).times(&denominator))
        }
        None => spelled(text).is_some_and(|spelled| spelled == Exact::from(number)),
    }
}

/// A number: ± odd · 2^twos · 5^fives.
#[derive(Debug, PartialEq, Eq)]
struct Exact {
    negative: bool,
    /// Neither even nor a multiple of five, or zero.
    odd: BigUint,
    twos: i64,
    fives: i64,
}

impl Exact {
    /// ± magnitude · 2^twos · 5^fives.
    fn new(negative: bool, magnitude: BigUint, mut twos: i64, mut fives: i64) -> Exact {
        let Some(bits) = magnitude.trailing_zeros() else {
            return Exact { negative: false, odd: magnitude, twos: 0, fives: 0 };
        };
        let mut odd = magnitude >> bits;
        twos += bits as i64;
        // By as many fives at once as fit, then by fewer.
        let mut power: u32 = 5_u32.pow(13);
        while power > 1 {
            if (&odd % power) == BigUint::ZERO {
                odd /= power;
                fives += i64::from(power.ilog(5));
            } else {
                power /= 5;
            }
        }
        Exact { negative, odd, twos, fives }
    }

    fn is_zero(&self) -> bool {
        self.odd == BigUint::ZERO
    }

    fn times(&self, other: &Exact) -> Exact {
        let negative = self.negative != other.negative;
        Exact::new(negative, &self.odd * &other.odd, self.twos + other.twos, self.fives + other.fives)
    }
}

impl From<&Decimal> for Exact {
    fn from(d: &Decimal) -> Exact {
        Exact::new(d.negative, magnitude(&d.digits, 10), d.exponent, d.exponent)
    }
}

/// The number of these digits.
fn magnitude(digits: &[u8], base: u32) -> BigUint {
    BigUint::from_radix_be(digits, base).expect("each digit is below the base, which is at most 36")
}

/// What `nat.scan` reads.
struct Scanned {
    digits: Vec<u8>,
    base: u32,
    /// How many of the digits are behind the point.
    fraction: i64,
    /// How many bytes it took.
    len: usize,
}

/// Digits with an optional prefix for their base and with `_` between them (`nat.scan` for base 0). Where there can be
/// no point, a leading zero is a prefix too, for octal digits.
fn scan(text: &[u8], point: bool) -> Option<Scanned> {
    let (mut base, mut at, zero_is_prefix) = (10, 0, !point);
    // What came before: a digit (or prefix), a separator, or neither.
    let mut after_digit = false;
    let mut after_separator = false;
    let mut digits = Vec::new();
    if text.first() == Some(&b'0') {
        (at, after_digit) = (2, true);
        match text.get(1) {
            Some(b'b' | b'B') => base = 2,
            Some(b'o' | b'O') => base = 8,
            Some(b'x' | b'X') => base = 16,
            _ => {
                at = 1;
                if zero_is_prefix && text.len() > 1 {
                    base = 8;
                } else {
                    digits.push(0);
                }
            }
        }
    }
    let octal_zero = zero_is_prefix && at == 1 && base == 8;
    let mut dot = None;
    let mut misplaced = false;
    while let Some(&b) = text.get(at) {
        if b == b'.' && point && dot.is_none() {
            misplaced |= after_separator;
            (after_digit, after_separator) = (false, false);
            dot = Some(digits.len());
        } else if b == b'_' {
            misplaced |= !after_digit;
            (after_digit, after_separator) = (false, true);
        } else {
            let Some(digit) = char::from(b).to_digit(36).filter(|digit| *digit < base) else { break };
            (after_digit, after_separator) = (true, false);
            digits.push(digit as u8);
        }
        at += 1;
    }
    if misplaced || after_separator || digits.is_empty() && !octal_zero {
        return None;
    }
    let fraction = dot.map_or(0, |dot| (digits.len() - dot) as i64);
    Some(Scanned { digits, base, fraction, len: at })
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// One side of a fraction (`big.Int.SetString`).
fn integer(text: &[u8], signed: bool) -> Option<Exact> {
    let (negative, text) = if signed { sign(text) } else { (false, text) };
    let scanned = scan(text, false).filter(|s| s.len == text.len())?;
    Some(Exact::new(negative, magnitude(&scanned.digits, scanned.base), 0, 0))
}

/// A number with an optional point and exponent.
fn spelled(text: &[u8]) -> Option<Exact> {
    let (negative, text) = sign(text);
    let scanned = scan(text, true)?;
    let (exponent, of_ten) = exponent(text.get(scanned.len..)?)?;
    let magnitude = magnitude(&scanned.digits, scanned.base);
    if magnitude == BigUint::ZERO {
        return Some(Exact::new(false, magnitude, 0, 0));
    }
    let (mut twos, mut fives) = match scanned.base {
        10 => (-scanned.fraction, -scanned.fraction),
        base => (-scanned.fraction * i64::from(base.trailing_zeros()), 0),
    };
    twos = twos.wrapping_add(exponent);
    if of_ten {
        fives = fives.wrapping_add(exponent);
    }
    let too_large =
        fives.unsigned_abs() > MAX_EXPONENT.unsigned_abs() || twos.unsigned_abs() > MAX_EXPONENT_OF_TWO.unsigned_abs();
    (!too_large).then(|| Exact::new(negative, magnitude, twos, fives))
}

/// The exponent at the end of a number, and whether it is one of ten (`scanExponent`).
fn exponent(text: &[u8]) -> Option<(i64, bool)> {
    let (of_ten, rest) = match text {
        [] => return Some((0, true)),
        [b'e' | b'E', rest @ ..] => (true, rest),
        [b'p' | b'P', rest @ ..] => (false, rest),
        _ => return None,
    };
    let (negative, digits) = sign(rest);
    // Each `_` stands between digits.
    let separated = digits.split(|b| *b == b'_').all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit));
    if !separated {
        return None;
    }
    let digits: String = digits.iter().filter(|b| **b != b'_').map(|b| char::from(*b)).collect();
    let signed = if negative { format!("-{digits}") } else { digits };
    signed.parse().ok().map(|n| (n, of_ten))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_spell_numbers() {
        for (number, text, want) in [
            ("8080", "8080", true),
            ("8080", "+8080", true),
            ("8080", "8080.0", true),
            ("8080", "8.08e3", true),
            ("8080", "08080", true),
            ("8080", "0x1f90", true),
            ("8080", "0X1F9p4", true),
            ("8080", "0b1_1111_1001_0000", true),
            ("8080", "0o17620", true),
            ("8080", "017620/1", true),
            ("8080", "017620", false),
            ("8080", "8_080", true),
            ("8080", "8__080", false),
            ("8080", "_8080", false),
            ("8080", "8080_", false),
            ("8080", "8080_.0", false),
            ("8080", " 8080", false),
            ("8080", "8080a", false),
            ("8080", "16160/2", true),
            ("8080", "-16160/2", false),
            ("-8080", "-16160/2", true),
            ("8080", "16160/-2", false),
            ("8080", "16160/+2", false),
            ("8080", "16160/2/1", false),
            ("8080", "8080/", false),
            ("8080", "/1", false),
            ("0", "0/0", false),
            ("0", "0/5", true),
            ("0", "-0", true),
            ("0", "0e99999999", true),
            ("0", "0e99999999999999999999", false),
            ("0", "", false),
            ("0", "0x", false),
            ("0", ".", false),
            ("0", "+", false),
            ("0.5", ".5", true),
            ("5", "5.", true),
            ("0.5", "1/2", true),
            ("0.3333333333333333", "1/3", false),
            ("0.25", "0x1p-2", true),
            ("0.25", "0x.4", true),
            ("0.25", "0b.01", true),
            ("3", "0b1.1e1", false),
            ("15", "0b1.1e1", true),
            ("1e400", "1e400", true),
            ("1e400", "1e4_00", true),
            ("1e400", "1e_400", false),
            ("1e400", "1e", false),
            ("1e400", "1e1000001", false),
            ("1e400", "Inf", false),
            ("1267650600228229401496703205376", "1p100", true),
            ("1267650600228229401496703205376", "0x1p100", true),
            ("1267650600228229401496703205377", "0x1p100", false),
            ("36472996377170786403", "0x3p43/1", false),
            ("36472996377170786403", "36472996377170786403", true),
        ] {
            let number = Decimal::parse(number).unwrap_or_else(|| panic!("{number} is no number"));
            assert_eq!(is_spelled(&number, text.as_bytes(), &mut |_| true), want, "{number:?} {text}");
        }
    }
}
