//! How Go's slices grow (`runtime`: growslice): by doubling, later by a quarter,
//! up to what the memory allocator has ready.

use crate::types::{Kind, Type};

/// The sizes of small objects in memory, up to 1 KiB; larger ones are counted
/// in [`LARGE_CLASSES`].
const SMALL_CLASSES: [u16; 32] = [
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
    512, 576, 640, 704, 768, 896, 1024,
];

/// The sizes of larger objects, up to 32 KiB; beyond, whole pages.
const LARGE_CLASSES: [u16; 35] = [
    1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192,
    9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
];

const PAGE: usize = 8192;

/// How many bytes an element of the slice type takes.
pub(crate) fn element_size(ty: Type) -> usize {
    match ty.elem().map_or(Kind::Interface, Type::kind) {
        Kind::Bool | Kind::Int8 | Kind::Uint8 => 1,
        Kind::Int16 | Kind::Uint16 => 2,
        Kind::Int32 | Kind::Uint32 | Kind::Float32 => 4,
        Kind::Interface | Kind::String | Kind::Complex128 => 16,
        Kind::Slice => 24,
        _ => 8,
    }
}

/// The capacity after appending one element at a time until there are `len`.
pub(crate) fn appended(mut capacity: usize, len: usize, size: usize) -> usize {
    while capacity < len {
        capacity = extended(capacity, capacity + 1, size);
    }
    capacity
}

/// The capacity after one append that makes it `len` elements.
pub(crate) fn extended(capacity: usize, len: usize, size: usize) -> usize {
    if len <= capacity {
        return capacity;
    }
    let wanted = if len > capacity * 2 {
        len
    } else if capacity < 256 {
        capacity * 2
    } else {
        let mut wanted = capacity;
        while wanted < len {
            wanted += (wanted + 3 * 256) / 4;
        }
        wanted
    };
    rounded(wanted * size) / size
}

/// The size of the block of memory that Go takes for so many bytes.
fn rounded(bytes: usize) -> usize {
    let mut classes = SMALL_CLASSES.iter().chain(&LARGE_CLASSES);
    classes
        .find(|class| usize::from(**class) >= bytes)
        .map_or(bytes.next_multiple_of(PAGE), |class| usize::from(*class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacities_are_go_s() {
        for (len, capacity) in [(0, 0), (1, 1), (3, 4), (5, 8), (9, 16), (257, 512), (513, 848), (849, 1280)] {
            assert_eq!(appended(0, len, 16), capacity, "{len}");
        }
        assert_eq!(extended(3, 4, 16), 6);
        assert_eq!(extended(5, 6, 16), 10);
        assert_eq!(extended(1, 18, 16), 18);
        assert_eq!(extended(1, 17, 16), 18);
        assert_eq!(extended(5, 6, 8), 10);
        assert_eq!(extended(3, 4, 24), 6);
    }
}
