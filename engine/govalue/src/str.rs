//! Go's `string`: immutable bytes that are usually, but not always, UTF-8.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use triomphe::ThinArc;

/// An immutable byte string with cheap clones, as Go's `string`.
///
/// Templates can cut a string in the middle of a character (`trunc`) or decode
/// arbitrary bytes (`b64dec`), so nothing may assume UTF-8. It is `Send` and
/// `Sync`, so that parsed programs and charts can be shared between threads.
///
/// Most strings of charts are short: these lie in the `Str` itself, so that
/// neither making nor cloning nor comparing them touches other memory.
///
/// ```
/// use govalue::Str;
/// let s = Str::from("web");
/// assert_eq!(s.as_bytes(), b"web");
/// assert_eq!(s.to_str_lossy(), "web");
/// ```
#[derive(Clone)]
pub struct Str(Repr);

/// How many bytes a `Str` holds itself: two words, less the length.
const INLINE: usize = 2 * size_of::<usize>() - 1;

#[derive(Clone)]
enum Repr {
    /// Up to [`INLINE`] bytes, with zeros behind them.
    Inline(Length, [u8; INLINE]),
    /// More than that.
    Shared(ThinArc<(), u8>),
}

/// The length of a short string. An enum, for its other bit patterns tell the
/// two representations apart, and it cannot be too large.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[rustfmt::skip]
enum Length { L0, L1, L2, L3, L4, L5, L6, L7, L8, L9, L10, L11, L12, L13, L14, L15 }

impl Length {
    #[rustfmt::skip]
    const ALL: [Length; 16] = {
        use Length::*;
        [L0, L1, L2, L3, L4, L5, L6, L7, L8, L9, L10, L11, L12, L13, L14, L15]
    };
}

impl Str {
    /// The empty string; allocates nothing.
    pub const EMPTY: Str = Str(Repr::Inline(Length::L0, [0; INLINE]));

    /// The bytes of the string.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.slice()
    }

    /// The same, inlined even where code is optimized for size: for the hottest callers.
    #[inline(always)]
    pub(crate) fn slice(&self) -> &[u8] {
        match &self.0 {
            Repr::Inline(length, bytes) => &bytes[..*length as usize],
            Repr::Shared(bytes) => &bytes.slice,
        }
    }

    /// The string as UTF-8, or `None` where it is not.
    pub fn to_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// The string as UTF-8, with U+FFFD for each byte that is not.
    pub fn to_str_lossy(&self) -> Cow<'_, str> {
        crate::utf8::lossy(self.as_bytes())
    }
}

impl Deref for Str {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsRef<[u8]> for Str {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl From<&[u8]> for Str {
    fn from(b: &[u8]) -> Str {
        match Length::ALL.get(b.len()) {
            // There are lengths for the widest words.
            Some(length) if b.len() <= INLINE => Str(Repr::Inline(*length, padded(b))),
            _ => Str(Repr::Shared(ThinArc::from_header_and_slice((), b))),
        }
    }
}

/// A short string with zeros behind it, moved in pieces of fixed sizes, which may
/// overlap: to call what copies any number of bytes would take longer.
#[inline]
fn padded(b: &[u8]) -> [u8; INLINE] {
    fn pieces<const N: usize>(b: &[u8], bytes: &mut [u8; INLINE]) -> bool {
        let (Some(head), Some(tail)) = (b.first_chunk::<N>(), b.last_chunk::<N>()) else { return false };
        if let Some(place) = bytes.first_chunk_mut() {
            *place = *head;
        }
        if let Some(place) = bytes.get_mut(..b.len()).and_then(<[u8]>::last_chunk_mut) {
            *place = *tail;
        }
        true
    }
    let mut bytes = [0; INLINE];
    let _ = pieces::<8>(b, &mut bytes)
        || pieces::<4>(b, &mut bytes)
        || pieces::<2>(b, &mut bytes)
        || pieces::<1>(b, &mut bytes);
    bytes
}

impl Default for Str {
    fn default() -> Str {
        Str::EMPTY
    }
}

impl PartialEq for Str {
    #[inline]
    fn eq(&self, other: &Str) -> bool {
        match (&self.0, &other.0) {
            (Repr::Inline(a, x), Repr::Inline(b, y)) => a == b && x == y,
            (Repr::Shared(a), Repr::Shared(b)) => a.ptr() == b.ptr() || a.slice == b.slice,
            _ => false,
        }
    }
}

impl Eq for Str {}

impl Ord for Str {
    fn cmp(&self, other: &Str) -> Ordering {
        match (&self.0, &other.0) {
            // Of equal bytes the shorter string has zeros only because it ends.
            (Repr::Inline(a, x), Repr::Inline(b, y)) => x.cmp(y).then((*a as u8).cmp(&(*b as u8))),
            _ => self.slice().cmp(other.slice()),
        }
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

// As the hash of the bytes, for maps may be asked for these.
impl Hash for Str {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl From<&str> for Str {
    fn from(s: &str) -> Str {
        Str::from(s.as_bytes())
    }
}

impl From<String> for Str {
    fn from(s: String) -> Str {
        Str::from(s.as_bytes())
    }
}

impl From<Vec<u8>> for Str {
    fn from(b: Vec<u8>) -> Str {
        Str::from(b.as_slice())
    }
}

impl From<Cow<'_, str>> for Str {
    fn from(s: Cow<'_, str>) -> Str {
        Str::from(s.as_bytes())
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_str_lossy(), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_str_lossy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_two_words() {
        assert_eq!(size_of::<Str>(), 2 * size_of::<usize>());
    }

    #[test]
    fn short_and_long_strings_are_the_same_to_all() {
        let text: Vec<u8> = (1..40).collect();
        let all: Vec<Str> = (0..text.len()).map(|n| Str::from(&text[..n])).collect();
        for (n, s) in all.iter().enumerate() {
            assert_eq!(s.as_bytes(), &text[..n]);
            assert_eq!((s.clone(), s.len()), (Str::from(text[..n].to_vec()), n));
            for (m, other) in all.iter().enumerate() {
                assert_eq!((s == other, s.cmp(other)), (n == m, n.cmp(&m)));
            }
        }
        assert_ne!(Str::from("a"), Str::from("a\0"));
        let sorted =
            ["", "\0", "a", "a\0", "a\0b", "a\0bcdefghijklmnop", "ab", "b", "bcdefghijklmno", "bcdefghijklmnop"];
        for (n, a) in sorted.iter().enumerate() {
            for (m, b) in sorted.iter().enumerate() {
                assert_eq!(Str::from(*a).cmp(&Str::from(*b)), n.cmp(&m), "{a:?} {b:?}");
            }
        }
    }
}
