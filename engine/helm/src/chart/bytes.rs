//! File contents: slices of a shared buffer.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// Immutable bytes with cheap clones: a slice of a buffer that many files of an
/// archive share.
///
/// ```
/// use helm::chart::Bytes;
/// let b = Bytes::from(b"name: web".to_vec());
/// assert_eq!(&b[..4], b"name");
/// assert_eq!(&*b.slice(6..9), b"web");
/// ```
#[derive(Clone, Default)]
pub struct Bytes {
    buffer: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Bytes {
    /// A part of these bytes, of the same buffer; empty where the range is not inside.
    pub fn slice(&self, range: Range<usize>) -> Bytes {
        if range.start > range.end || range.end > self.len() {
            return Bytes::default();
        }
        let start = self.range.start + range.start;
        Bytes { buffer: Arc::clone(&self.buffer), range: start..start + range.len() }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(buffer: Vec<u8>) -> Bytes {
        let range = 0..buffer.len();
        Bytes { buffer: Arc::new(buffer), range }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes::from(bytes.to_vec())
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.as_bytes()))
    }
}
