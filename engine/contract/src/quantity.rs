//! Quantities as Kubernetes writes them: `1.5Gi`, `500m`, `1e3` (`k8s.io/apimachinery/pkg/api/resource`).

/// Suffixes and what they multiply with. `E` is tried after exponents, which begin with it, too.
const SUFFIXES: [(&str, f64); 15] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];

/// Whole bytes; 0 for what is no quantity.
pub fn bytes(text: &str) -> u64 {
    whole(value(text))
}

/// Thousandths; 0 for what is no quantity.
pub fn millis(text: &str) -> u64 {
    whole(value(text) * 1000.0)
}

/// Whether a text is a quantity that is not negative.
pub fn is_quantity(text: &str) -> bool {
    number(text).is_some()
}

fn value(text: &str) -> f64 {
    number(text).unwrap_or(0.0)
}

fn number(text: &str) -> Option<f64> {
    let plain = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    let suffixed = || SUFFIXES.iter().find_map(|(suffix, factor)| Some(plain(text.strip_suffix(suffix)?)? * factor));
    plain(text).or_else(suffixed)
}

/// Rounded up, as Kubernetes does; what is only off by how numbers are stored is not.
fn whole(number: f64) -> u64 {
    let near = number.round();
    (if (number - near).abs() < 1e-6 { near } else { number.ceil() }) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read() {
        for (text, want) in [
            ("128", 128),
            ("1.5Gi", 1_610_612_736),
            ("1e3", 1000),
            ("1E3", 1000),
            ("1E", 1_000_000_000_000_000_000),
            ("2k", 2000),
            ("1M", 1_000_000),
            ("1Ei", 1_152_921_504_606_846_976),
            ("100m", 1),
            ("", 0),
            ("much", 0),
            ("-5", 0),
            ("NaN", 0),
        ] {
            assert_eq!(bytes(text), want, "{text}");
        }
        assert!(is_quantity("0") && is_quantity("1.5Gi") && !is_quantity("much") && !is_quantity(""));
        for (text, want) in [("100m", 100), ("0.1", 100), ("2", 2000), ("1500u", 2), ("0.5m", 1), ("2.5", 2500)] {
            assert_eq!(millis(text), want, "{text}");
        }
    }
}
