//! The books of the memory that a plugin shares with its host: which blocks there are.

use std::collections::BTreeMap;

/// Blocks begin at multiples of this. A block costs the host about as much as the plugin, so that the plugin's limit
/// bounds both.
const ALIGN: u64 = 64;
/// Where the first block begins: 0 means no block.
const START: u64 = ALIGN;

/// The blocks of a plugin's shared memory. All are gone when the next call begins.
#[derive(Debug)]
pub(crate) struct Blocks {
    /// The lengths of blocks by their offsets.
    blocks: BTreeMap<u64, u64>,
    /// Blocks that were freed, by the room that they have.
    free: BTreeMap<u64, Vec<u64>>,
    end: u64,
}

impl Default for Blocks {
    fn default() -> Blocks {
        Blocks { blocks: BTreeMap::new(), free: BTreeMap::new(), end: START }
    }
}

fn room(length: u64) -> u64 {
    length.div_ceil(ALIGN).max(1).saturating_mul(ALIGN)
}

impl Blocks {
    /// A block of this length: its offset, and how large the memory must be for it. 0 if there is no room for it
    /// in 32 bits.
    pub(crate) fn alloc(&mut self, length: u64) -> (u64, u64) {
        if length == 0 {
            return (0, self.end);
        }
        let room = room(length);
        let freed = self.free.range_mut(room..=room.saturating_mul(2)).find_map(|(_, offsets)| offsets.pop());
        let offset = match freed {
            Some(offset) => offset,
            None => {
                let offset = self.end;
                match offset.checked_add(room).filter(|end| *end < 1 << 32) {
                    Some(end) => self.end = end,
                    None => return (0, self.end),
                }
                offset
            }
        };
        self.blocks.insert(offset, length);
        (offset, self.end)
    }

    /// Frees a block. Anything else is ignored.
    pub(crate) fn free(&mut self, offset: u64) {
        if let Some(length) = self.blocks.remove(&offset) {
            self.free.entry(room(length)).or_default().push(offset);
        }
    }

    /// The length of a block; 0 for anything else.
    pub(crate) fn length(&self, offset: u64) -> u64 {
        self.blocks.get(&offset).copied().unwrap_or_default()
    }

    /// Forgets all blocks.
    pub(crate) fn clear(&mut self) {
        *self = Blocks::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_do_not_overlap_and_are_used_again() {
        let mut blocks = Blocks::default();
        assert_eq!(blocks.alloc(0).0, 0);
        let (a, _) = blocks.alloc(100);
        let (b, end) = blocks.alloc(1);
        assert!(a > 0 && b >= a + 100 && end > b);
        assert_eq!((blocks.length(a), blocks.length(b), blocks.length(a + 1)), (100, 1, 0));
        blocks.free(a + 1);
        blocks.free(a);
        assert_eq!(blocks.length(a), 0);
        assert_eq!(blocks.alloc(90), (a, end), "a freed block is used again");
        assert_eq!(blocks.alloc(u64::MAX).0, 0);
        assert_eq!(blocks.alloc(1 << 32).0, 0);
        for _ in 0..1000 {
            let (at, _) = blocks.alloc(64);
            blocks.free(at);
        }
        assert!(blocks.end < 1024, "{}", blocks.end);
    }
}
