//! Days and dates of the proleptic Gregorian calendar.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// Days of 400 years.
const DAYS_PER_400_YEARS: i64 = 146_097;

/// Go counts from a year so far back that no time is negative.
const ABSOLUTE_YEARS: i64 = 292_277_022_400;

/// Days from the start of that count to 1970-01-01; its years start in March.
const ABSOLUTE_DAYS_TO_UNIX: i64 = ABSOLUTE_YEARS / 400 * DAYS_PER_400_YEARS + 306 + 719_162;

/// Seconds from the start of that count to 1970-01-01.
const ABSOLUTE_TO_UNIX: i64 = ABSOLUTE_DAYS_TO_UNIX.wrapping_mul(DAY);

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The name of a month from 1 on, as `time.Month.String` prints it.
pub fn month_name(month: i64) -> String {
    match month.checked_sub(1).and_then(|i| usize::try_from(i).ok()).and_then(|i| MONTHS.get(i)) {
        Some(name) => (*name).to_owned(),
        None => format!("%!Month({})", month as u64),
    }
}

/// The name of a day of the week, Sunday being 0, as `time.Weekday.String` prints it.
pub fn weekday_name(day: i64) -> String {
    match usize::try_from(day).ok().and_then(|i| WEEKDAYS.get(i)) {
        Some(name) => (*name).to_owned(),
        None => format!("%!Weekday({})", day as u64),
    }
}

/// The names of all months.
pub(crate) fn months() -> &'static [&'static str] {
    &MONTHS
}

/// The names of all days of the week.
pub(crate) fn weekdays() -> &'static [&'static str] {
    &WEEKDAYS
}

/// A date and time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1 on.
    pub(crate) month: i64,
    /// From 1 on.
    pub(crate) day: i64,
    /// Day of the year, from 1 on.
    pub(crate) yday: i64,
    /// Sunday is 0.
    pub(crate) weekday: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

/// Splits seconds since 1970-01-01, wrapping where Go's count does.
pub(crate) fn civil(unix: i64) -> Civil {
    let absolute = unix.wrapping_add(ABSOLUTE_TO_UNIX) as u64;
    let (days, second) = ((absolute / DAY as u64) as i64, (absolute % DAY as u64) as i64);

    // Years from March on, so that the day that is not always there comes last.
    let (era, of_era) = (days / DAYS_PER_400_YEARS, days % DAYS_PER_400_YEARS);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let (month, next) = if march_month < 10 { (march_month + 3, 0) } else { (march_month - 9, 1) };
    let year = era * 400 + year_of_era + next - ABSOLUTE_YEARS;
    Civil {
        year,
        month,
        day,
        yday: days_before(month, year) + day,
        weekday: (days + 3) % 7,
        hour: second / 3600,
        minute: second / 60 % 60,
        second: second % 60,
    }
}

/// Seconds since 1970-01-01 of a date and time; the month is from 1 to 12, all
/// else of any size, wrapping as in Go.
pub(crate) fn unix(year: i64, month: i64, day: i64, seconds: i64) -> i64 {
    let january = i64::from(month < 3);
    let march_month = month - 3 + 12 * january;
    let of_year = (153 * march_month + 2) / 5;
    let year = (year as u64).wrapping_sub(january as u64).wrapping_add(ABSOLUTE_YEARS as u64);
    let (century, year) = (year / 100, (year % 100) as i64);
    let days = (century.wrapping_mul(146_097) / 4) as i64;
    days.wrapping_add(1461 * year / 4 + of_year)
        .wrapping_add(day)
        .wrapping_sub(1)
        .wrapping_mul(DAY)
        .wrapping_add(seconds)
        .wrapping_sub(ABSOLUTE_TO_UNIX)
}

/// Whether the year has a February 29.
pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of the year before the month.
pub(crate) fn days_before(month: i64, year: i64) -> i64 {
    const BEFORE: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    let days = usize::try_from(month - 1).ok().and_then(|m| BEFORE.get(m)).copied().unwrap_or(0);
    days + i64::from(month > 2 && is_leap(year))
}

/// Days of the month.
pub(crate) fn days_in(month: i64, year: i64) -> i64 {
    days_before(month + 1, year) - days_before(month, year)
}
