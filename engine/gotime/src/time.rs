//! An instant with the zone that it is shown in.

use std::cmp::Ordering;

use crate::calendar::{self, Civil};
use crate::duration::Duration;
use crate::zone::Zone;

/// Seconds from January 1 of year 1, where Go's zero time is, to 1970.
const INTERNAL_TO_UNIX: i64 = -62_135_596_800;

/// Where a time is shown. Zones with rules are not among them: a template can
/// name one only to print a time in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Location {
    /// `time.UTC`
    #[default]
    Utc,
    /// `time.Local`, which is UTC too.
    Local,
    /// A zone of one offset, in seconds east of UTC; the name may be empty.
    Fixed(Box<str>, i32),
}

impl Location {
    /// Its name, as `Location.String` prints it.
    pub fn name(&self) -> &str {
        match self {
            Location::Utc => "UTC",
            Location::Local => "Local",
            Location::Fixed(name, _) => name,
        }
    }

    /// The zone's abbreviation.
    pub fn abbreviation(&self) -> &str {
        match self {
            Location::Fixed(name, _) => name,
            _ => "UTC",
        }
    }

    /// Seconds east of UTC.
    pub fn offset(&self) -> i32 {
        match self {
            Location::Fixed(_, offset) => *offset,
            _ => 0,
        }
    }
}

/// A moment, with the zone that it is shown in (`time.Time`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// Seconds since January 1 of year 1.
    seconds: i64,
    nanos: u32,
    location: Location,
}

impl Time {
    /// A time in the local zone (`time.Unix`).
    pub fn from_unix(seconds: i64, nanos: u32) -> Time {
        let (carry, nanos) = (i64::from(nanos / 1_000_000_000), nanos % 1_000_000_000);
        let seconds = seconds.wrapping_add(carry).wrapping_sub(INTERNAL_TO_UNIX);
        Time { seconds, nanos, location: Location::Local }
    }

    /// A time in UTC, from the seconds since January 1 of year 1 and the
    /// nanoseconds as Go keeps them.
    pub fn from_seconds(seconds: i64, nanos: u32) -> Time {
        Time { seconds, nanos: nanos % 1_000_000_000, location: Location::Utc }
    }

    /// A time of a date in the location (`time.Date`). Numbers beyond their
    /// usual range carry over, as in Go.
    pub fn date(
        [year, month, day]: [i64; 3],
        [hour, minute, second]: [i64; 3],
        nanos: u32,
        location: Location,
    ) -> Time {
        let month = month.wrapping_sub(1);
        let year = year.wrapping_add(month.div_euclid(12));
        let month = month.rem_euclid(12) + 1;
        let (minute, second) = (minute.wrapping_add(second.div_euclid(60)), second.rem_euclid(60));
        let (hour, minute) = (hour.wrapping_add(minute.div_euclid(60)), minute.rem_euclid(60));
        let (day, hour) = (day.wrapping_add(hour.div_euclid(24)), hour.rem_euclid(24));
        let unix = calendar::unix(year, month, day, hour * 3600 + minute * 60 + second);
        Time::from_unix(unix.wrapping_sub(location.offset().into()), nanos).within(location)
    }

    /// Seconds since January 1 of year 1, as Go keeps them.
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Seconds since 1970-01-01 UTC.
    pub fn unix(&self) -> i64 {
        self.seconds.wrapping_add(INTERNAL_TO_UNIX)
    }

    /// Nanoseconds within the second.
    pub fn nanosecond(&self) -> u32 {
        self.nanos
    }

    /// Units since 1970-01-01 UTC, of which a second has so many (a power of ten
    /// up to nanoseconds), wrapping.
    pub fn unix_units(&self, per_second: i64) -> i64 {
        let fraction = i64::from(self.nanos) / (1_000_000_000 / per_second.clamp(1, 1_000_000_000));
        self.unix().wrapping_mul(per_second).wrapping_add(fraction)
    }

    /// Where it is shown.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The same moment, shown elsewhere.
    pub fn within(mut self, location: Location) -> Time {
        self.location = location;
        self
    }

    /// The same moment, shown as the zone's rules say for it.
    pub fn in_zone(self, zone: &Zone) -> Time {
        let location = zone.at(self.unix());
        self.within(location)
    }

    /// Whether it is January 1 of year 1, 00:00 UTC.
    pub fn is_zero(&self) -> bool {
        self.seconds == 0 && self.nanos == 0
    }

    /// Which moment comes first.
    pub fn compare(&self, other: &Time) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }

    fn civil(&self) -> Civil {
        calendar::civil(self.unix().wrapping_add(self.location.offset().into()))
    }

    pub(crate) fn parts(&self) -> Civil {
        self.civil()
    }

    /// Year, month and day.
    pub fn ymd(&self) -> [i64; 3] {
        let c = self.civil();
        [c.year, c.month, c.day]
    }

    /// Hour, minute and second.
    pub fn clock(&self) -> [i64; 3] {
        let c = self.civil();
        [c.hour, c.minute, c.second]
    }

    /// The day of the week; Sunday is 0.
    pub fn weekday(&self) -> i64 {
        self.civil().weekday
    }

    /// The day of the year, from 1 on.
    pub fn year_day(&self) -> i64 {
        self.civil().yday
    }

    /// The time after that duration.
    pub fn add(&self, d: Duration) -> Time {
        let nanos = i64::from(self.nanos) + d.0 % 1_000_000_000;
        let seconds = d.0 / 1_000_000_000 + nanos.div_euclid(1_000_000_000);
        self.add_seconds(seconds, nanos.rem_euclid(1_000_000_000) as u32)
    }

    pub(crate) fn add_seconds(&self, seconds: i64, nanos: u32) -> Time {
        let seconds = match self.seconds.checked_add(seconds) {
            Some(sum) => sum,
            None if seconds > 0 => i64::MAX,
            None => -i64::MAX,
        };
        Time { seconds, nanos, location: self.location.clone() }
    }

    /// The time that many years, months and days later.
    pub fn add_date(&self, years: i64, months: i64, days: i64) -> Time {
        let [year, month, day] = self.ymd();
        let date = [year.wrapping_add(years), month.wrapping_add(months), day.wrapping_add(days)];
        Time::date(date, self.clock(), self.nanos, self.location.clone())
    }

    /// The duration since another time, within the limits of 64 bits.
    pub fn since(&self, other: &Time) -> Duration {
        let seconds = i128::from(self.seconds) - i128::from(other.seconds);
        let nanos = seconds * 1_000_000_000 + i128::from(self.nanos) - i128::from(other.nanos);
        Duration(nanos.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// Nanoseconds since the zero time.
    fn total(&self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos)
    }

    /// Cut to a multiple of the duration since the zero time; as it is if that
    /// is not positive.
    pub fn truncate(&self, unit: Duration) -> Time {
        match unit.0 {
            ..=0 => self.clone(),
            n => self.add(Duration(-(self.total().rem_euclid(n.into()) as i64))),
        }
    }

    /// Rounded to the nearest multiple of the duration since the zero time,
    /// halves up; as it is if that is not positive.
    pub fn round(&self, unit: Duration) -> Time {
        if unit.0 <= 0 {
            return self.clone();
        }
        let rest = self.total().rem_euclid(unit.0.into()) as i64;
        self.add(Duration(if rest < unit.0 - rest { -rest } else { unit.0 - rest }))
    }
}
