//! Random bytes that a seed determines.

use chacha20::ChaCha20Legacy;
use chacha20::cipher::{KeyIvInit, StreamCipher};

/// The ChaCha20 stream cipher as a source of random bytes: the same seed gives the same bytes everywhere. It counts
/// blocks in 64 bits, as the cipher did before RFC 8439, and so never ends.
///
/// ```
/// use chartwright::ChaCha;
/// let (mut a, mut b) = ([0; 40], [0; 40]);
/// ChaCha::from_seed(7).fill(&mut a);
/// ChaCha::from_seed(7).fill(&mut b);
/// assert_eq!(a, b);
/// ```
pub struct ChaCha(ChaCha20Legacy);

impl ChaCha {
    /// A source with this key.
    pub fn new(key: [u8; 32]) -> ChaCha {
        ChaCha(ChaCha20Legacy::new(&key.into(), &Default::default()))
    }

    /// A source whose key is the seed.
    pub fn from_seed(seed: u64) -> ChaCha {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        ChaCha::new(key)
    }

    /// The next bytes.
    pub fn fill(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
        self.0.apply_keystream(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8439, appendix A.1, test vector 1.
    #[test]
    fn the_stream_is_chacha20() {
        let mut bytes = [0; 16];
        ChaCha::new([0; 32]).fill(&mut bytes);
        assert_eq!(
            bytes,
            [0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28]
        );
    }

    #[test]
    fn how_it_is_asked_makes_no_difference() {
        let mut whole = [0; 200];
        ChaCha::from_seed(1).fill(&mut whole);
        let (mut parts, mut source) = ([0; 200], ChaCha::from_seed(1));
        for part in parts.chunks_mut(7) {
            source.fill(part);
        }
        assert_eq!(parts, whole);
    }
}
