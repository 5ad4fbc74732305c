//! Kubernetes quantities, as numbers of bytes.

/// The bytes that a quantity stands for, rounded up: `8Gi`, `500M`, `1.5Ti`, `1e9`, `128974848`, `1000m`. `None` where
/// it is not a quantity, or more than 64 bits hold.
///
/// The grammar is that of `k8s.io/apimachinery/pkg/api/resource`.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if number.is_empty() || fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let (factor, divisor): (u128, u128) = match suffix {
        "" => (1, 1),
        "n" => (1, 1_000_000_000),
        "u" => (1, 1_000_000),
        "m" => (1, 1000),
        "k" => (1000, 1),
        "M" => (1_000_000, 1),
        "G" => (1_000_000_000, 1),
        "T" => (1_000_000_000_000, 1),
        "P" => (1_000_000_000_000_000, 1),
        "E" => (1_000_000_000_000_000_000, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        "Pi" => (1 << 50, 1),
        "Ei" => (1 << 60, 1),
        _ => {
            let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            let power = 10_u128.checked_pow(exponent.unsigned_abs())?;
            if exponent < 0 { (1, power) } else { (power, 1) }
        }
    };
    // Digits beyond the eighteenth of a fraction are less than a byte of anything.
    let fraction = fraction.get(..18.min(fraction.len()))?;
    let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let digits = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<u128>().ok() };
    let number = digits(whole)?.checked_mul(scale)?.checked_add(digits(fraction)?)?;
    let total = number.checked_mul(factor)?;
    u64::try_from(total.div_ceil(divisor.checked_mul(scale)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_bytes() {
        for (text, want) in [
            ("8Gi", Some(8 << 30)),
            ("500M", Some(500_000_000)),
            ("1.5Ti", Some(3 << 39)),
            ("128974848", Some(128_974_848)),
            ("1e9", Some(1_000_000_000)),
            ("12E2", Some(1200)),
            ("1E", Some(1_000_000_000_000_000_000)),
            ("1500m", Some(2)),
            ("0.5Ki", Some(512)),
            (".5k", Some(500)),
            ("5.", Some(5)),
            ("0", Some(0)),
            ("16Ei", None),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("Gi", None),
            ("-1Gi", None),
            ("8 Gi", None),
            ("8GiB", None),
            ("1e99999999999", None),
            ("1e300", None),
        ] {
            assert_eq!(bytes(text), want, "{text:?}");
        }
    }
}
