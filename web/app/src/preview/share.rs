//! Links that carry values: deflated, in the fragment, which browsers never send.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The most bytes of values that a link may bring.
const MOST: usize = 1 << 20;

/// What stands before the values in the fragment.
const NAME: &str = "v=";

/// The fragment for values.
pub fn pack(values: &str) -> String {
    format!("{NAME}{}", URL_SAFE_NO_PAD.encode(compress_to_vec(values.as_bytes(), 9)))
}

/// Whether a fragment is meant to carry values.
pub(super) fn has_values(fragment: &str) -> bool {
    fragment.starts_with(NAME)
}

/// The values of a fragment; `None` where it has none that can be read.
pub fn unpack(fragment: &str) -> Option<String> {
    let packed = URL_SAFE_NO_PAD.decode(fragment.strip_prefix(NAME)?).ok()?;
    String::from_utf8(decompress_to_vec_with_limit(&packed, MOST).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_values() {
        let values = "shop:\n  name: Ünïcode # comment\n".repeat(40);
        let fragment = pack(&values);
        assert!(fragment.len() < 200, "{}", fragment.len());
        assert!(fragment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"=-_".contains(&byte)));
        assert_eq!(unpack(&fragment), Some(values));
    }

    #[test]
    fn hostile_links_carry_nothing() {
        let bomb = pack(&"a".repeat(MOST + 1));
        for fragment in ["", "v", "v=", "v=!!!", "x=AAAA", "v=AAAA", bomb.as_str()] {
            assert_eq!(unpack(fragment), None, "{fragment:.20}");
        }
    }
}
