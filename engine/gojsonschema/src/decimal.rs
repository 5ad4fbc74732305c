//! Exact decimal numbers (what Go does with `big.Rat`).

use std::cmp::Ordering;

use num_bigint::BigUint;

/// How large an exponent may be (`big.Rat.SetString`).
pub(crate) const MAX_EXPONENT: i64 = 1_000_000;

/// A decimal number: ± digits · 10^exponent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    /// From the highest to the lowest, without zeros at either end; none for zero.
    pub(crate) digits: Vec<u8>,
    pub(crate) exponent: i64,
}

impl Decimal {
    /// Reads a JSON number; nothing if its exponent is too large.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b.wrapping_sub(b'0')).collect();
        if digits.is_empty() || digits.iter().any(|d| *d > 9) {
            return None;
        }
        let leading = digits.iter().take_while(|d| **d == 0).count();
        digits.drain(..leading);
        if digits.is_empty() {
            // Zero has no exponent, however large the one that is written.
            return Some(Decimal { negative: false, digits, exponent: 0 });
        }
        let mut exponent = exponent.checked_sub(fraction.len() as i64)?;
        if exponent.unsigned_abs() > MAX_EXPONENT as u64 {
            return None;
        }
        while digits.pop_if(|d| *d == 0).is_some() {
            exponent += 1;
        }
        Some(Decimal { negative, digits, exponent })
    }

    /// Whether it has no fraction.
    pub(crate) fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    /// Its lowest 64 bits if it is an integer, as `big.Int.Int64` gives them: of larger ones the rest is lost.
    pub(crate) fn to_int(&self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        // 10⁶⁴ is a multiple of 2⁶⁴: more zeros make no difference.
        let zeros = (0..self.exponent.min(64)).map(|_| 0);
        let n = self.digits.iter().copied().chain(zeros).fold(0_i64, |n, d| n.wrapping_mul(10).wrapping_add(d.into()));
        Some(if self.negative { n.wrapping_neg() } else { n })
    }

    /// The nearest float.
    pub(crate) fn to_f64(&self) -> f64 {
        let mut text = String::from(if self.negative { "-" } else { "" });
        text.push('0');
        text.extend(self.digits.iter().map(|d| char::from(b'0' + d)));
        text.push_str(&format!("e{}", self.exponent));
        text.parse().expect("digits and an exponent are a float")
    }

    /// Whether it is a multiple of another number.
    pub(crate) fn is_multiple_of(&self, of: &Decimal) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        // Neither has zeros at the end: with fewer places, it cannot be a multiple.
        let Ok(zeros) = u64::try_from(self.exponent - of.exponent) else { return false };
        if of.digits.is_empty() {
            return false;
        }
        // What the steps of a long division can take in a word: nearly all divisors.
        let Some(modulus) = of
            .digits
            .iter()
            .try_fold(0_u64, |n, d| n.checked_mul(10)?.checked_add(u64::from(*d)).filter(|n| *n < u64::MAX / 20))
        else {
            let modulus = of.integer();
            let shift = BigUint::from(10_u8).modpow(&BigUint::from(zeros), &modulus);
            return self.integer() * shift % modulus == BigUint::ZERO;
        };
        let mut rest = self.digits.iter().fold(0, |n, d| (n * 10 + u64::from(*d)) % modulus);
        for _ in 0..zeros {
            if rest == 0 {
                break;
            }
            rest = rest * 10 % modulus;
        }
        rest == 0
    }

    /// The digits as an integer.
    fn integer(&self) -> BigUint {
        BigUint::from_radix_be(&self.digits, 10).expect("decimal digits")
    }

    fn magnitude(&self, other: &Decimal) -> Ordering {
        let top = |d: &Decimal| d.digits.len() as i64 + d.exponent;
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => top(self).cmp(&top(other)).then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text} is no number"))
    }

    #[test]
    fn in_order() {
        let numbers =
            ["-1e400", "-12", "-1.25", "-1.2", "0", "1e-400", "0.1", "0.30000000000000004", "1", "9", "10", "1e400"];
        for (i, a) in numbers.iter().enumerate() {
            for (j, b) in numbers.iter().enumerate() {
                assert_eq!(d(a).cmp(&d(b)), i.cmp(&j), "{a} {b}");
            }
        }
        assert_eq!(d("1.0e2"), d("100"));
        assert_eq!(d("-0.0"), d("0"));
    }

    #[test]
    fn integers() {
        for (text, want) in [
            ("12.0", Some(12)),
            ("1e3", Some(1000)),
            ("-5", Some(-5)),
            ("1.5", None),
            ("1e-1", None),
            ("0e5", Some(0)),
            ("18446744073709551617", Some(1)),
            ("9223372036854775808", Some(i64::MIN)),
            ("1e300", Some(0)),
            ("-9223372036854775809", Some(i64::MAX)),
            ("1e19", Some(-8_446_744_073_709_551_616)),
        ] {
            assert_eq!(d(text).to_int(), want, "{text}");
        }
        assert!(Decimal::parse("0.0e-9223372036854775808").is_some());
        assert!(Decimal::parse("1e1000001").is_none());
        assert!(Decimal::parse("1e-1000001").is_none());
        assert_eq!(d("1e400").to_f64(), f64::INFINITY);
        assert_eq!(d("-0.1").to_f64(), -0.1);
    }

    #[test]
    fn multiples() {
        for (a, b, want) in [
            ("4.5", "1.5", true),
            ("0.3", "0.1", true),
            ("1", "0.3", false),
            ("1e308", "0.5", true),
            ("10", "4", false),
            ("100", "4", true),
            ("0.0075", "0.0001", true),
            ("0.00751", "0.0001", false),
            ("0", "7", true),
            ("5", "10", false),
            ("-6", "3", true),
            ("6", "0", false),
            // The divisor is more than a word.
            ("2469135802469135802469135802", "1234567901234567901234567901", true),
            ("2469135802469135802469135803", "1234567901234567901234567901", false),
            ("24691358024691358024691358020000", "1234567901234567901234567901", true),
            ("1234567901234567901234567901", "2469135802469135802469135802", false),
        ] {
            assert_eq!(d(a).is_multiple_of(&d(b)), want, "{a} {b}");
        }
    }
}
