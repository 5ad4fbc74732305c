//! The name of a release.

use sha2::{Digest, Sha256};

/// The longest name of a release that Helm takes.
const MOST: usize = 53;
const HASH: usize = 12;

/// Shortens a name that is too long for Helm: 40 bytes of it, a hyphen, the
/// start of its hash (`ShortenName`).
pub(crate) fn shorten(name: String) -> String {
    if name.len() <= MOST {
        return name;
    }
    let mut short: Vec<u8> = name.as_bytes().iter().copied().take(MOST - HASH - 1).collect();
    short.push(b'-');
    short.extend_from_slice(&hex(&Sha256::digest(name.as_bytes()))[..HASH]);
    String::from_utf8_lossy(&short).into_owned()
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_end_in_their_hash() {
        let short = "a".repeat(53);
        assert_eq!(shorten(short.clone()), short);
        assert_eq!(
            shorten("a-very-lengthy-target-namespace-with-a-nice-object-name".into()),
            "a-very-lengthy-target-namespace-with-a-n-97af5d7f41f3"
        );
    }
}
