//! Reading certificates as Go's `cryptobyte` does: an element or nothing.

use crate::asn1::oid_text;
use crate::tag;

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an element of the tag comes next.
    pub(crate) fn peek(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// Any element: its tag, its content, and all of it.
    pub(crate) fn any(&mut self) -> Option<(u8, &'a [u8], &'a [u8])> {
        let (tag, len) = match self.0 {
            [tag, len, ..] if tag & 0x1f != 0x1f => (*tag, *len),
            _ => return None,
        };
        let (header, len) = if len < 0x80 {
            (2, usize::from(len))
        } else {
            let count = usize::from(len & 0x7f);
            let bytes = self.0.get(2..2 + count)?;
            let len = bytes.iter().fold(0_u64, |n, b| n << 8 | u64::from(*b));
            if !(1..=4).contains(&count) || len < 0x80 || bytes.first() == Some(&0) {
                return None;
            }
            (2 + count, usize::try_from(len).ok()?)
        };
        let (whole, rest) = self.0.split_at_checked(header.checked_add(len)?)?;
        self.0 = rest;
        Some((tag, whole.get(header..)?, whole))
    }

    /// The content of an element of the tag.
    pub(crate) fn element(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.whole(tag).map(|(content, _)| Reader(content))
    }

    /// The content of an element of the tag, and all of it.
    pub(crate) fn whole(&mut self, tag: u8) -> Option<(&'a [u8], &'a [u8])> {
        let mut ahead = *self;
        let (found, content, whole) = ahead.any()?;
        if found != tag {
            return None;
        }
        *self = ahead;
        Some((content, whole))
    }

    /// An element that need not be there; `None` where it is broken.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Option<Reader<'a>>> {
        if self.peek(tag) { self.element(tag).map(Some) } else { Some(None) }
    }

    /// An integer's bytes, checked to be as short as can be.
    pub(crate) fn integer(&mut self) -> Option<Int<'a>> {
        self.integer_as(tag::INTEGER)
    }

    /// The same under another tag.
    pub(crate) fn integer_as(&mut self, tag: u8) -> Option<Int<'a>> {
        match self.element(tag)?.0 {
            [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => None,
            bytes => Some(Int(bytes)),
        }
    }

    pub(crate) fn boolean(&mut self) -> Option<bool> {
        match self.element(tag::BOOLEAN)?.0 {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// An object identifier's encoded form.
    pub(crate) fn oid(&mut self) -> Option<&'a [u8]> {
        let oid = self.element(tag::OID)?.0;
        oid_text(oid).is_ok().then_some(oid)
    }

    /// Bits, of which the last byte may have some to spare.
    pub(crate) fn bits(&mut self) -> Option<Bits<'a>> {
        let (unused, bytes) = self.element(tag::BIT_STRING)?.0.split_first()?;
        let spare = 1_u8.checked_shl((*unused).into())? - 1;
        let valid = match bytes.last() {
            Some(last) => last & spare == 0,
            None => *unused == 0,
        };
        valid.then_some(Bits { bytes, unused: *unused })
    }
}

/// An integer's bytes.
pub(crate) struct Int<'a>(&'a [u8]);

impl<'a> Int<'a> {
    pub(crate) fn is_negative(&self) -> bool {
        self.0.first().is_some_and(|b| b & 0x80 != 0)
    }

    /// Its bytes; `None` if it is negative or zero.
    pub(crate) fn positive(&self) -> Option<&'a [u8]> {
        (!self.is_negative() && self.0.iter().any(|b| *b != 0)).then_some(self.0)
    }

    /// Its value as a Go `int`.
    pub(crate) fn int(&self) -> Option<i64> {
        let start = if self.is_negative() { -1 } else { 0 };
        (self.0.len() <= 8).then(|| self.0.iter().fold(start, |n: i64, b| n << 8 | i64::from(*b)))
    }
}

/// Bits.
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    unused: u8,
}

impl Bits<'_> {
    /// The bits as a number's bytes (`BitString.RightAlign`).
    pub(crate) fn right_align(&self) -> Vec<u8> {
        let mut carry = 0;
        self.bytes
            .iter()
            .map(|b| {
                let wide = u16::from(carry) << 8 | u16::from(*b);
                carry = *b;
                (wide >> self.unused) as u8
            })
            .collect()
    }
}
