//! Go's `time.Time` as a value, and the calendar behind it.

use crate::str::Str;

/// A moment with the zone that it is shown in (`time.Time`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub unix: i64,
    /// Nanoseconds within the second.
    pub nanos: u32,
    /// Seconds east of UTC.
    pub offset: i32,
    /// The zone's name as `MST` prints it: `UTC`, `CET`; empty: the offset stands in its place.
    pub zone: Str,
}
