//! The clock, and durations as Flux writes them.

use std::time::Duration;

use k8s_openapi::jiff::Timestamp;

/// The time that it is, as the API writes it.
pub fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A duration such as `1h30m`; nothing if it is not one.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let unit = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        sum += number
            * match rest.get(..unit)? {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
        rest = rest.get(unit..)?;
    }
    Duration::try_from_secs_f64(sum).ok().filter(|_| !text.is_empty())
}

/// A duration, up to so many hundredths longer or shorter: objects that were made at the same time are not reconciled
/// at the same time for ever.
pub fn jitter(duration: Duration, percent: u8) -> Duration {
    let mut bytes = [0; 4];
    if getrandom::fill(&mut bytes).is_err() {
        return duration;
    }
    let part = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX) * 2.0 - 1.0;
    duration.mul_f64(1.0 + part * f64::from(percent.min(100)) / 100.0)
}

/// How long to wait after so many failures in a row: from 750 ms, doubled each time, up to 15 minutes.
pub fn backoff(failures: u32) -> Duration {
    const FIRST: Duration = Duration::from_millis(750);
    const LAST: Duration = Duration::from_mins(15);
    FIRST.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(LAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_go_s() {
        for (text, want) in [
            ("10m", Some(600.0)),
            ("1h30m", Some(5400.0)),
            ("1.5s", Some(1.5)),
            ("250ms", Some(0.25)),
            ("", None),
            ("10", None),
            ("m", None),
            ("1d", None),
            ("1..5s", None),
        ] {
            assert_eq!(duration(text).map(|d| d.as_secs_f64()), want, "{text}");
        }
    }

    #[test]
    fn jitter_stays_within_its_part() {
        let hour = Duration::from_hours(1);
        for _ in 0..100 {
            let some = jitter(hour, 5);
            assert!(some >= hour.mul_f64(0.949) && some <= hour.mul_f64(1.051), "{some:?}");
        }
        assert_eq!(jitter(hour, 0), hour);
    }

    #[test]
    fn waiting_grows_and_ends() {
        assert_eq!(backoff(1), Duration::from_millis(750));
        assert_eq!(backoff(2), Duration::from_millis(1500));
        assert_eq!(backoff(100), Duration::from_mins(15));
    }
}
