//! Links that carry values: deflated, in the fragment, which browsers never send.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The most bytes of values that a link may bring.
const MOST: usize = 1 << 20;

/// What stands before the values in the fragment.
const NAME: &str = "v=";

/// What stands before the facts of the platform.
const PLATFORM: &str = "p=";

/// The fragment for values.
pub fn pack(values: &str) -> String {
    part(NAME, values)
}

/// The fragment for values and the facts of a platform; an empty text is left out.
pub(super) fn pack_with(values: &str, platform: &str) -> String {
    let parts = [(NAME, values), (PLATFORM, platform)].into_iter().filter(|(_, text)| !text.trim().is_empty());
    parts.map(|(name, text)| part(name, text)).collect::<Vec<_>>().join("&")
}

/// A fragment without the facts of a platform.
pub(super) fn without_platform(fragment: &str) -> String {
    fragment.split('&').filter(|part| !part.starts_with(PLATFORM)).collect::<Vec<_>>().join("&")
}

fn part(name: &str, text: &str) -> String {
    format!("{name}{}", URL_SAFE_NO_PAD.encode(compress_to_vec(text.as_bytes(), 9)))
}

/// Whether a fragment is meant to carry values.
pub(super) fn has_values(fragment: &str) -> bool {
    fragment.split('&').any(|part| part.starts_with(NAME))
}

/// The values of a fragment; `None` where it has none that can be read.
pub fn unpack(fragment: &str) -> Option<String> {
    read(NAME, fragment)
}

/// The facts of a platform in a fragment.
pub(super) fn unpack_platform(fragment: &str) -> Option<String> {
    read(PLATFORM, fragment)
}

fn read(name: &str, fragment: &str) -> Option<String> {
    let packed = fragment.split('&').find_map(|part| part.strip_prefix(name))?;
    let packed = URL_SAFE_NO_PAD.decode(packed).ok()?;
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
    fn links_carry_the_platform_too() {
        let fragment = pack_with("a: 1\n", "\n\na.example\n");
        assert_eq!(unpack(&fragment).as_deref(), Some("a: 1\n"));
        assert_eq!(unpack_platform(&fragment).as_deref(), Some("\n\na.example\n"));
        assert_eq!(pack_with("", "  "), "");
        assert_eq!(unpack(&pack_with("", "x")), None);
        assert_eq!(without_platform(&fragment), pack("a: 1\n"));
        assert_eq!(without_platform(&pack_with("", "x")), "");
        // In whatever order.
        assert!(has_values("p=AAAA&v=AAAA") && !has_values("p=v=AAAA"));
    }

    #[test]
    fn hostile_links_carry_nothing() {
        let bomb = pack(&"a".repeat(MOST + 1));
        for fragment in ["", "v", "v=", "v=!!!", "x=AAAA", "v=AAAA", bomb.as_str()] {
            assert_eq!(unpack(fragment), None, "{fragment:.20}");
        }
    }
}
