//! The IANA time zone database, packed.
//!
//! `zones.bin` is made by `cargo run -p gotime --example pack_zones`, which
//! describes the format. It favours what deflate does well: text stays text, and
//! zones with the same rules have the same bytes. It is inflated when the first
//! zone is asked for.

use std::sync::OnceLock;

use crate::zone::{LocalType, Rules};

static PACKED: &[u8] = include_bytes!("zones.bin");

fn zones() -> &'static [u8] {
    static ZONES: OnceLock<Vec<u8>> = OnceLock::new();
    ZONES.get_or_init(|| miniz_oxide::inflate::decompress_to_vec(PACKED).unwrap_or_default())
}

/// The rules of the zone of that name.
pub(crate) fn find(name: &[u8]) -> Option<Rules> {
    if name.is_empty() || name.contains(&b' ') || name.contains(&b'\n') {
        return None;
    }
    let mut file = Reader(zones());
    let names = file.section()?;
    let zone = names.split(|c| *c == b'\n').position(|line| line.split(|c| *c == b' ').any(|n| n == name))?;
    let (types, rules) = (file.section()?, file.section()?);
    let (mut heads, mut times, mut indexes) = (Reader(file.section()?), file.section()?, file.section()?);
    for _ in 0..zone {
        let head = heads.head()?;
        times = times.get(head.times..)?;
        indexes = indexes.get(head.transitions..)?;
    }
    let head = heads.head()?;
    Some(Rules {
        types: head.types.as_chunks().0.iter().map(|i| local_type(types, *i)).collect::<Option<_>>()?,
        transitions: transitions(times.get(..head.times)?, indexes.get(..head.transitions)?)?,
        rule: std::str::from_utf8(rules.split(|c| *c == b'\n').nth(head.rule)?).ok()?,
    })
}

/// What the database says about a zone.
struct Head {
    /// Indexes of the types, two bytes each.
    types: &'static [u8],
    /// Index of the rule.
    rule: usize,
    /// How many transitions there are.
    transitions: usize,
    /// How many bytes their times take.
    times: usize,
}

struct Reader(&'static [u8]);

impl Reader {
    fn take(&mut self, len: usize) -> Option<&'static [u8]> {
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(head)
    }

    /// A number of seven bits a byte, the lowest first.
    fn varint(&mut self) -> Option<u64> {
        let (mut n, mut shift) = (0, 0);
        loop {
            let byte = *self.take(1)?.first()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(n);
            }
            shift += 7;
        }
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }

    fn section(&mut self) -> Option<&'static [u8]> {
        let len = self.length()?;
        self.take(len)
    }

    fn head(&mut self) -> Option<Head> {
        let types = self.length()?;
        Some(Head {
            types: self.take(types * 2)?,
            rule: self.length()?,
            transitions: self.length()?,
            times: self.length()?,
        })
    }
}

/// Finds a type: lines of offset, `d` or `s`, abbreviation.
fn local_type(types: &'static [u8], index: [u8; 2]) -> Option<LocalType> {
    let index = usize::from(u16::from_be_bytes(index));
    let line = std::str::from_utf8(types.split(|c| *c == b'\n').nth(index)?).ok()?;
    let mut words = line.split(' ');
    Some(LocalType { offset: words.next()?.parse().ok()?, dst: words.next()? == "d", name: words.next()? })
}

/// Undoes the packing of transitions: each time is the distance from the one
/// before, doubled if in quarters of an hour, doubled plus one if in seconds.
fn transitions(times: &'static [u8], indexes: &[u8]) -> Option<Vec<(i64, u8)>> {
    if indexes.is_empty() {
        return Some(vec![(i64::MIN, 0)]);
    }
    let mut times = Reader(times);
    let mut at = EARLIEST;
    indexes
        .iter()
        .map(|index| {
            let n = i64::try_from(times.varint()?).ok()?;
            at += if n % 2 == 0 { n / 2 * 900 } else { n / 2 };
            Some((at, *index))
        })
        .collect()
}

/// From where the first transition is counted.
const EARLIEST: i64 = -(1 << 33);
