//! File contents: slices of shared buffers.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use super::archive::unpack;

/// Immutable bytes with cheap clones: a slice of a buffer that many files of an
/// archive share.
///
/// Large files that renders rarely read (`crds/`, documentation) stay in their
/// archive until somebody looks at them; then all of these are inflated once
/// more, and kept. To ask for the length does not count as looking.
///
/// ```
/// use helm::chart::Bytes;
/// let b = Bytes::from(b"name: web".to_vec());
/// assert_eq!(&b[..4], b"name");
/// assert_eq!(&*b.slice(6..9), b"web");
/// ```
#[derive(Clone, Default)]
pub struct Bytes {
    buffer: Arc<Buffer>,
    range: Range<usize>,
}

enum Buffer {
    Here(Vec<u8>),
    Packed(Packed),
}

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer::Here(Vec::new())
    }
}

/// Parts of an archive that has been read before.
struct Packed {
    archive: Bytes,
    parts: Vec<Range<usize>>,
    content: OnceLock<Vec<u8>>,
}

impl Bytes {
    /// These parts of what an archive inflates to, one behind the other; they
    /// have been read before, so they are there.
    pub(super) fn packed(archive: Bytes, parts: Vec<Range<usize>>) -> Bytes {
        let range = 0..parts.iter().map(Range::len).sum();
        Bytes { buffer: Arc::new(Buffer::Packed(Packed { archive, parts, content: OnceLock::new() })), range }
    }

    /// A part of these bytes, of the same buffer.
    ///
    /// # Panics
    /// Where the range is not inside, as slices do.
    pub fn slice(&self, range: Range<usize>) -> Bytes {
        assert!(range.start <= range.end && range.end <= self.len(), "{range:?} is not inside 0..{}", self.len());
        let start = self.range.start + range.start;
        Bytes { buffer: Arc::clone(&self.buffer), range: start..start + range.len() }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        let content = match &*self.buffer {
            Buffer::Here(content) => content,
            Buffer::Packed(packed) => packed.content.get_or_init(|| unpack(&packed.archive, &packed.parts)),
        };
        &content[self.range.clone()]
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
        Bytes { buffer: Arc::new(Buffer::Here(buffer)), range }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes::from(bytes.to_vec())
    }
}

impl From<&Vec<u8>> for Bytes {
    fn from(bytes: &Vec<u8>) -> Bytes {
        Bytes::from(bytes.as_slice())
    }
}

impl From<&Bytes> for Bytes {
    fn from(bytes: &Bytes) -> Bytes {
        bytes.clone()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.as_bytes()))
    }
}
