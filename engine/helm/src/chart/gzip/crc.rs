//! The checksum of gzip, with a table of 1 kB for WebAssembly, where the fast
//! ones of libraries are 16 kB that do not compress.

#[cfg(any(test, target_family = "wasm"))]
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

#[cfg(any(test, target_family = "wasm"))]
fn small(crc: u32, bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!crc, |crc, b| TABLE[usize::from(crc as u8 ^ b)] ^ (crc >> 8))
}

/// A CRC-32 on the way.
#[cfg(target_family = "wasm")]
#[derive(Default)]
pub(in crate::chart) struct Crc32(u32);

#[cfg(target_family = "wasm")]
impl Crc32 {
    /// Adds bytes.
    pub(in crate::chart) fn update(&mut self, bytes: &[u8]) {
        self.0 = small(self.0, bytes);
    }

    /// The checksum of all bytes so far.
    pub(in crate::chart) fn sum(&self) -> u32 {
        self.0
    }
}

/// A CRC-32 on the way.
#[cfg(not(target_family = "wasm"))]
#[derive(Default)]
pub(in crate::chart) struct Crc32(flate2::Crc);

#[cfg(not(target_family = "wasm"))]
impl Crc32 {
    /// Adds bytes.
    pub(in crate::chart) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of all bytes so far.
    pub(in crate::chart) fn sum(&self) -> u32 {
        self.0.sum()
    }
}

impl Crc32 {
    /// The checksum of some bytes.
    pub(in crate::chart) fn of(bytes: &[u8]) -> u32 {
        let mut sum = Crc32::default();
        sum.update(bytes);
        sum.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_agree() {
        for text in ["", "a", "123456789", "a longer text, of more than sixteen bytes"] {
            let (start, end) = text.as_bytes().split_at(text.len() / 3);
            assert_eq!(small(small(0, start), end), Crc32::of(text.as_bytes()), "{text}");
        }
        assert_eq!(small(0, b"123456789"), 0xcbf4_3926);
    }
}
