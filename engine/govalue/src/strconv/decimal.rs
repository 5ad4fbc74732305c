//! Decimal numbers to floats.

use super::number::assemble;

/// More digits than this make no difference but for whether they are all zero:
/// a number halfway between two floats has at most 767.
const MOST_DIGITS: usize = 800;

/// The float nearest to a decimal number, which may have a sign, a point and an
/// exponent; beyond the largest, an infinity. In WebAssembly it does without the
/// table of powers that the standard library has: 10 kB, for what is rare.
pub fn parse_decimal(text: &str, bits: u32) -> Option<f64> {
    if cfg!(target_family = "wasm") {
        read(text, bits)
    } else if bits == 32 {
        text.parse::<f32>().ok().map(f64::from)
    } else {
        text.parse().ok()
    }
}

fn read(text: &str, bits: u32) -> Option<f64> {
    let unsigned = text.strip_prefix('-').or_else(|| text.strip_prefix('+')).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (unsigned, 0),
    };
    // The number is the digits times ten to the power of the scale.
    let (mut digits, mut scale) = (Vec::new(), exponent);
    let (mut any, mut point, mut lost) = (false, false, false);
    for b in mantissa.bytes() {
        match b {
            b'.' if !point => {
                point = true;
                continue;
            }
            b'0'..=b'9' => any = true,
            _ => return None,
        }
        scale -= i64::from(point);
        if digits.len() == MOST_DIGITS {
            lost |= b != b'0';
            scale += 1;
        } else if !digits.is_empty() || b != b'0' {
            digits.push(b - b'0');
        }
    }
    if !any {
        return None;
    }
    let magnitude = digits.len() as i64 + scale;
    let float = if digits.is_empty() || magnitude < -400 {
        0.0
    } else if magnitude > 400 {
        f64::INFINITY
    } else if bits != 32 && digits.len() <= 15 && scale.abs() <= 22 {
        // Both are floats, so what comes out is the nearest.
        let whole = digits.iter().fold(0.0, |n, d| n * 10.0 + f64::from(*d));
        let power = (0..scale.abs()).fold(1.0, |n, _| n * 10.0);
        if scale < 0 { whole / power } else { whole * power }
    } else {
        nearest(&digits, scale, lost, bits)
    };
    Some(if text.starts_with('-') { -float } else { float })
}

/// An exponent. Where it is too large to matter, one that is too large too.
fn read_exponent(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix('-').or_else(|| text.strip_prefix('+')).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size = unsigned.bytes().fold(0_i64, |n, b| n.saturating_mul(10).saturating_add(i64::from(b - b'0')));
    // So that digits can be counted off it.
    let size = size.min(1 << 50);
    Some(if text.starts_with('-') { -size } else { size })
}

/// The float nearest to the digits times a power of ten, and a little more if `lost`.
fn nearest(digits: &[u8], scale: i64, mut lost: bool, bits: u32) -> f64 {
    // The lowest limb first.
    let mut limbs: Vec<u32> = Vec::new();
    digits.iter().for_each(|d| multiply(&mut limbs, u32::from(*d)));
    (0..scale).for_each(|_| multiply(&mut limbs, 0));
    let mut exp = 0;
    if scale < 0 {
        // Four bits for each digit that goes, and 64 to stay.
        let zeros = (scale.unsigned_abs() as usize).div_ceil(8) + 2;
        limbs.splice(0..0, vec![0; zeros]);
        exp = -32 * zeros as i64;
        (scale..0).for_each(|_| lost |= divide(&mut limbs));
    }
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    let rest = limbs.len().saturating_sub(3);
    let top = limbs.iter().skip(rest).rev().fold(0_u128, |n, limb| n << 32 | u128::from(*limb));
    lost |= limbs.iter().take(rest).any(|limb| *limb != 0);
    let shift = (128 - top.leading_zeros()).saturating_sub(64);
    lost |= top & ((1 << shift) - 1) != 0;
    assemble((top >> shift) as u64, exp + 32 * rest as i64 + i64::from(shift), lost, bits)
}

/// Multiplies by ten and adds a digit.
fn multiply(limbs: &mut Vec<u32>, digit: u32) {
    let mut carry = u64::from(digit);
    for limb in limbs.iter_mut() {
        carry += u64::from(*limb) * 10;
        *limb = carry as u32;
        carry >>= 32;
    }
    if carry > 0 {
        limbs.push(carry as u32);
    }
}

/// Divides by ten; whether there was a remainder.
fn divide(limbs: &mut [u32]) -> bool {
    let mut remainder = 0_u64;
    for limb in limbs.iter_mut().rev() {
        let n = remainder << 32 | u64::from(*limb);
        *limb = (n / 10) as u32;
        remainder = n % 10;
    }
    remainder != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(text: &str) {
        let (ours, std) = (read(text, 64), text.parse::<f64>().ok());
        assert_eq!(ours.map(f64::to_bits), std.map(f64::to_bits), "{text}: {ours:?}, {std:?}");
        let (ours, std) = (read(text, 32), text.parse::<f32>().ok().map(f64::from));
        assert_eq!(ours.map(f64::to_bits), std.map(f64::to_bits), "{text}: {ours:?}, {std:?} (32 bits)");
    }

    #[test]
    fn as_the_standard_library_reads_them() {
        for text in [
            "0",
            "-0",
            "+1",
            "1.",
            ".5",
            ".",
            "",
            "-",
            "e5",
            "1e",
            "1e+",
            "1e-",
            "1e5x",
            "1.2.3",
            "1 ",
            "--1",
            "1E5",
            "1e05",
            "0.1",
            "3.14159",
            "1e22",
            "1e23",
            "123456789012345678",
            "9007199254740993",
            "9007199254740992.99",
            "9007199254740993.00000000000000000000000000000000001",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "4.9406564584124654e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1e-400",
            "1e-999999999999999999999",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e309",
            "1e999999999999999999999",
            "0e999999999999999999999",
            "0.000000000000000000000000000000000000000000000000000001e54",
            "16777217",
            "16777217.0000001",
            "3.4028235677973366e38",
            "1.401298464324817e-45",
            "7.006492321624085e-46",
            "7.0064923216240854e-46",
            "1e-46",
        ] {
            same(text);
        }
    }

    #[test]
    fn numbers_of_all_sizes() {
        let mut state = 1_u64;
        let mut next = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..20_000 {
            let digits: String = (0..=next(25)).map(|_| char::from(b'0' + next(10) as u8)).collect();
            let exponent = next(720) as i64 - 370;
            same(&format!("{}.{digits}e{exponent}", next(10)));
            let float = f64::from_bits(next(1 << 31) << 33 | next(1 << 31) << 2 | next(4));
            if float.is_finite() {
                same(&format!("{float:e}"));
            }
        }
    }

    #[test]
    fn halfway_to_the_next_float() {
        for bits in
            [1_u64, 2, 0x000f_ffff_ffff_ffff, 0x0010_0000_0000_0000, 0x3ff0_0000_0000_0001, 0x4340_0000_0000_0000]
        {
            // The sum of two neighbours, exactly, is twice the middle: five times it is the middle and one digit more.
            let (low, high) = (f64::from_bits(bits), f64::from_bits(bits + 1));
            let exact = |f: f64| format!("{f:.1080}").replace('.', "").bytes().map(|b| b - b'0').collect::<Vec<u8>>();
            let (low, high) = (exact(low), exact(high));
            let mut middle = vec![0_u8; low.len().max(high.len()) + 1];
            let mut carry = 0_u32;
            for place in 0..middle.len() {
                let digit = |n: &[u8]| n.len().checked_sub(place + 1).map_or(0, |i| u32::from(n[i]));
                let sum = (digit(&low) + digit(&high)) * 5 + carry;
                let at = middle.len() - 1 - place;
                middle[at] = (sum % 10) as u8;
                carry = sum / 10;
            }
            let text: String = middle.iter().map(|d| char::from(b'0' + d)).collect();
            for more in ["", "0000000001"] {
                same(&format!("{text}{more}e-{}", 1081 + more.len()));
            }
            // A little less.
            let number = text.trim_end_matches('0');
            same(&format!("{}4999e-{}", &number[..number.len() - 1], 1081 - (text.len() - number.len()) + 3));
        }
    }
}
