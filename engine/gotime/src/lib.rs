//! Go's `time` package: instants, zones, layouts and durations, to the letter.
//!
//! It is pure: the clock belongs to the caller, and the local zone is UTC.
//!
//! ```
//! use gotime::{Location, Time};
//! let t = Time::parse(b"2006-01-02 15:04 -0700", b"2026-03-09 08:05 +0100", &Location::Local)?;
//! assert_eq!(t.unix(), 1_773_039_900);
//! assert_eq!(t.format(b"Mon Jan _2, 3:04PM"), b"Mon Mar  9, 8:05AM");
//! # Ok::<(), gotime::ParseError>(())
//! ```

mod calendar;
mod duration;
mod format;
mod layout;
mod parse;
mod quote;
mod time;
mod zone;
mod zonedb;

pub use calendar::{month_name, weekday_name};
pub use duration::{Duration, DurationError};
pub use parse::ParseError;
pub use time::{Location, Time};
pub use zone::Zone;
