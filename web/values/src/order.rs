//! Sorting.

/// The places of ranks from the lowest to the highest; equal ones stay in order. All that is sorted here goes through this
/// one function: each type that is sorted by itself costs 5 kB of WebAssembly.
pub(crate) fn in_order(ranks: &[u32]) -> Vec<usize> {
    let mut places: Vec<u64> = ranks.iter().enumerate().map(|(i, rank)| u64::from(*rank) << 32 | i as u64).collect();
    places.sort_unstable();
    places.into_iter().map(|place| (place & 0xffff_ffff) as usize).collect()
}
