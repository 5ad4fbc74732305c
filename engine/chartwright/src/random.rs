//! Random bytes that a seed determines.

/// The ChaCha20 stream cipher (RFC 8439) as a source of random bytes: the same
/// seed gives the same bytes everywhere.
///
/// ```
/// use chartwright::ChaCha;
/// let (mut a, mut b) = ([0; 40], [0; 40]);
/// ChaCha::from_seed(7).fill(&mut a);
/// ChaCha::from_seed(7).fill(&mut b);
/// assert_eq!(a, b);
/// ```
#[derive(Clone)]
pub struct ChaCha {
    state: [u32; 16],
    block: [u8; 64],
    used: usize,
}

impl ChaCha {
    /// A source with this key.
    pub fn new(key: [u8; 32]) -> ChaCha {
        let mut state = [0; 16];
        state[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
        for (word, bytes) in state[4..12].iter_mut().zip(key.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        ChaCha { state, block: [0; 64], used: 64 }
    }

    /// A source whose key is the seed.
    pub fn from_seed(seed: u64) -> ChaCha {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        ChaCha::new(key)
    }

    /// The next bytes.
    pub fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            if self.used == self.block.len() {
                self.next_block();
            }
            *byte = self.block[self.used];
            self.used += 1;
        }
    }

    fn next_block(&mut self) {
        let mut x = self.state;
        for _ in 0..10 {
            quarter(&mut x, 0, 4, 8, 12);
            quarter(&mut x, 1, 5, 9, 13);
            quarter(&mut x, 2, 6, 10, 14);
            quarter(&mut x, 3, 7, 11, 15);
            quarter(&mut x, 0, 5, 10, 15);
            quarter(&mut x, 1, 6, 11, 12);
            quarter(&mut x, 2, 7, 8, 13);
            quarter(&mut x, 3, 4, 9, 14);
        }
        for ((out, mixed), start) in self.block.as_chunks_mut::<4>().0.iter_mut().zip(x).zip(self.state) {
            *out = mixed.wrapping_add(start).to_le_bytes();
        }
        let counter = (u64::from(self.state[13]) << 32 | u64::from(self.state[12])).wrapping_add(1);
        self.state[12] = counter as u32;
        self.state[13] = (counter >> 32) as u32;
        self.used = 0;
    }
}

fn quarter(x: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    x[a] = x[a].wrapping_add(x[b]);
    x[d] = (x[d] ^ x[a]).rotate_left(16);
    x[c] = x[c].wrapping_add(x[d]);
    x[b] = (x[b] ^ x[c]).rotate_left(12);
    x[a] = x[a].wrapping_add(x[b]);
    x[d] = (x[d] ^ x[a]).rotate_left(8);
    x[c] = x[c].wrapping_add(x[d]);
    x[b] = (x[b] ^ x[c]).rotate_left(7);
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
}
