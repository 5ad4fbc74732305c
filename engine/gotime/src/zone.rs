//! Time zones with their rules.

use crate::calendar::{self, DAY};
use crate::time::Location;
use crate::zonedb;

/// A time zone of the IANA database (`time.LoadLocation`).
#[derive(Clone, Debug)]
pub struct Zone(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Always(Location),
    Rules(Rules),
}

/// When which offset holds.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// All offsets of the zone's history.
    pub(crate) types: Vec<LocalType>,
    /// When each of them begins, as an index of `types`; never empty.
    pub(crate) transitions: Vec<(i64, u8)>,
    /// What holds after the last transition, as a POSIX `TZ` rule.
    pub(crate) rule: &'static str,
}

/// An offset with its abbreviation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalType {
    pub(crate) name: &'static str,
    pub(crate) offset: i32,
    pub(crate) dst: bool,
}

impl Zone {
    /// Finds a zone by name: `Europe/Rome`, `UTC`, `Local` (which is UTC), or
    /// empty for UTC. `None` where there is none of that name.
    ///
    /// ```
    /// use gotime::{Time, Zone};
    /// let rome = Zone::load(b"Europe/Rome").expect("a zone of the database");
    /// let t = Time::from_unix(1_700_000_000, 0).in_zone(&rome);
    /// assert_eq!(t.format(b"15:04 MST"), b"23:13 CET");
    /// ```
    pub fn load(name: &[u8]) -> Option<Zone> {
        Some(Zone(match name {
            b"" | b"UTC" => Repr::Always(Location::Utc),
            b"Local" => Repr::Always(Location::Local),
            name => Repr::Rules(zonedb::find(name)?),
        }))
    }

    /// What holds at that moment, in seconds since 1970-01-01.
    pub fn at(&self, unix: i64) -> Location {
        let rules = match &self.0 {
            Repr::Always(location) => return location.clone(),
            Repr::Rules(rules) => rules,
        };
        let (name, offset) = rules.at(unix);
        Location::Fixed(name.into(), offset)
    }
}

impl Rules {
    fn at(&self, unix: i64) -> (&str, i32) {
        let next = self.transitions.partition_point(|(at, _)| *at <= unix);
        if next == self.transitions.len()
            && let Some(found) = by_rule(self.rule, unix)
        {
            return found;
        }
        let current = match next.checked_sub(1).and_then(|i| self.transitions.get(i)) {
            Some((_, index)) => self.types.get(usize::from(*index)),
            None => self.first(),
        };
        current.map_or(("UTC", 0), |t| (t.name, t.offset))
    }

    /// What holds before the first transition (`lookupFirstZone`).
    fn first(&self) -> Option<&LocalType> {
        if !self.transitions.iter().any(|(_, index)| *index == 0) {
            return self.types.first();
        }
        let index = self.transitions.first().map_or(0, |(_, index)| usize::from(*index));
        let before = self.types.get(..index).unwrap_or_default();
        if self.types.get(index).is_some_and(|t| t.dst)
            && let Some(standard) = before.iter().rev().find(|t| !t.dst)
        {
            return Some(standard);
        }
        self.types.iter().find(|t| !t.dst).or(self.types.first())
    }
}

/// What a POSIX rule such as `CET-1CEST,M3.5.0,M10.5.0/3` says (`tzset`).
fn by_rule(rule: &str, unix: i64) -> Option<(&str, i32)> {
    let (standard, rest) = abbreviation(rule)?;
    let (offset, rest) = offset(rest)?;
    let standard = (standard, -offset);
    if rest.is_empty() {
        return Some(standard);
    }
    let (dst, rest) = abbreviation(rest)?;
    let (dst, rest) = match rest.strip_prefix(',') {
        Some(rest) => ((dst, standard.1 + 3600), rest),
        None => {
            let (offset, rest) = offset_before_comma(rest)?;
            ((dst, -offset), rest)
        }
    };
    let (start, end) = rest.split_once(',')?;
    let civil = calendar::civil(unix);
    let second = (civil.yday - 1) * DAY + unix.rem_euclid(DAY);
    let start = rule_second(start, civil.year)? - i64::from(standard.1);
    let end = rule_second(end, civil.year)? - i64::from(dst.1);
    let in_dst = if start <= end { (start..end).contains(&second) } else { !(end..start).contains(&second) };
    Some(if in_dst { dst } else { standard })
}

/// The abbreviation at the start of a rule: letters, or anything in `<…>`.
fn abbreviation(s: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = s.strip_prefix('<') {
        return quoted.split_once('>');
    }
    let len = s.find(|c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | '+')).unwrap_or(s.len());
    s.split_at_checked(len)
}

/// An offset at the start of a rule, in seconds, and what follows.
fn offset(s: &str) -> Option<(i32, &str)> {
    let len = s.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+' | ':')).unwrap_or(s.len());
    let (text, rest) = s.split_at_checked(len)?;
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut seconds = 0;
    for (part, unit) in text.split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i32>().ok()? * unit;
    }
    Some((sign * seconds, rest))
}

fn offset_before_comma(s: &str) -> Option<(i32, &str)> {
    let (offset, rest) = offset(s)?;
    Some((offset, rest.strip_prefix(',')?))
}

/// The second of the year at which a rule such as `M3.5.0/2` takes effect, in
/// local time.
fn rule_second(rule: &str, year: i64) -> Option<i64> {
    let (day, time) = match rule.split_once('/') {
        Some((day, time)) => (day, offset(time)?.0),
        None => (rule, 2 * 3600),
    };
    let day = if let Some(day) = day.strip_prefix('M') {
        let mut fields = day.split('.').map(str::parse::<i64>);
        let (Some(Ok(month)), Some(Ok(week)), Some(Ok(weekday))) = (fields.next(), fields.next(), fields.next()) else {
            return None;
        };
        let first = calendar::civil(calendar::unix(year, month, 1, 0)).weekday;
        let mut of_month = (weekday - first).rem_euclid(7) + 7 * (week - 1);
        // Week 5 is the last one.
        if of_month >= calendar::days_in(month, year) {
            of_month -= 7;
        }
        calendar::days_before(month, year) + of_month
    } else if let Some(day) = day.strip_prefix('J') {
        let day = day.parse::<i64>().ok()?;
        day - 1 + i64::from(calendar::is_leap(year) && day >= 60)
    } else {
        day.parse().ok()?
    };
    Some(day * DAY + i64::from(time))
}
