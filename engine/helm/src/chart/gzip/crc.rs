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
fn small(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, b| TABLE[usize::from(crc as u8 ^ b)] ^ (crc >> 8))
}

/// The CRC-32 of the bytes.
#[cfg(target_family = "wasm")]
pub(in crate::chart) fn crc32(bytes: &[u8]) -> u32 {
    small(bytes)
}

/// The CRC-32 of the bytes.
#[cfg(not(target_family = "wasm"))]
pub(in crate::chart) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_agree() {
        for text in ["", "a", "123456789", "a longer text, of more than sixteen bytes"] {
            assert_eq!(small(text.as_bytes()), crc32(text.as_bytes()), "{text}");
        }
        assert_eq!(small(b"123456789"), 0xcbf4_3926);
    }
}
