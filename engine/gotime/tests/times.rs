//! Layouts, zones and durations.

use gotime::{Duration, Location, Time, Zone};

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn layouts_print() {
    let t = Time::date([2026, 3, 9], [8, 5, 7], 12_300_000, Location::Fixed("CET".into(), 3600));
    for (layout, want) in [
        ("2006-01-02T15:04:05Z07:00", "2026-03-09T08:05:07+01:00"),
        ("Monday, 02-Jan-06 03:04:05.000 PM MST", "Monday, 09-Mar-26 08:05:07.012 AM CET"),
        ("Mon Jan _2 15:04:05,999999", "Mon Mar  9 08:05:07,0123"),
        ("002 __2 1/2 3:4:5pm", "068  68 3/9 8:5:7am"),
        ("Z0700 -07 -070000 -07:00:00", "+0100 +01 +010000 +01:00:00"),
        ("Month _2006 .0000000000", "Month _2026 .012300000"),
    ] {
        assert_eq!(text(t.format(layout.as_bytes())), want, "{layout}");
    }
}

#[test]
fn times_parse() {
    for (layout, value, want) in [
        ("2006-01-02", "2025-03-09", "2025-03-09 00:00:00 +0000 UTC"),
        ("2006-01-02T15:04:05Z07:00", "2025-03-09T01:02:03.5+02:00", "2025-03-09 01:02:03.5 +0200 +0200"),
        ("Jan 2 2006 3PM MST", "feb 29 2024 12AM PST", "2024-02-29 00:00:00 +0000 PST"),
        ("2006 002", "2024 366", "2024-12-31 00:00:00 +0000 UTC"),
        ("2006-01-02", "x", "error: parsing time \"x\" as \"2006-01-02\": cannot parse \"x\" as \"2006\""),
        ("2006-01-02", "2025-02-29", "error: parsing time \"2025-02-29\": day out of range"),
        ("2006-01-02", "2025-13-01", "error: parsing time \"2025-13-01\": month out of range"),
        ("2006", "2025x\"", "error: parsing time \"2025x\\\"\": extra text: \"x\\\"\""),
        ("-07:00", "+25:61", "error: parsing time \"+25:61\": time zone offset minute out of range"),
    ] {
        let got = Time::parse(layout.as_bytes(), value.as_bytes(), &Location::Local);
        assert_eq!(got.map_or_else(|e| format!("error: {e}"), |t| text(t.string())), want, "{layout} {value}");
    }
}

#[test]
fn zones_have_their_rules() {
    for (zone, unix, want) in [
        ("Europe/Rome", 1_700_000_000, "2023-11-14 23:13 CET"),
        ("Europe/Rome", 1_720_000_000, "2024-07-03 11:46 CEST"),
        ("America/New_York", 4_100_000_000, "2099-12-03 11:53 EST"),
        ("Australia/Sydney", 1_767_225_600, "2026-01-01 11:00 AEDT"),
        ("Asia/Kolkata", 0, "1970-01-01 05:30 IST"),
        ("Africa/Monrovia", -1_000_000_000, "1938-04-24 21:28 MMT"),
        ("Etc/GMT+3", 0, "1969-12-31 21:00 -03"),
        ("", 0, "1970-01-01 00:00 UTC"),
    ] {
        let loaded = Zone::load(zone.as_bytes()).unwrap_or_else(|| panic!("{zone} is missing"));
        assert_eq!(text(Time::from_unix(unix, 0).in_zone(&loaded).format(b"2006-01-02 15:04 MST")), want, "{zone}");
    }
    for missing in ["Nowhere", "europe/rome", "Europe", "../UTC", "/UTC", "a b"] {
        assert!(Zone::load(missing.as_bytes()).is_none(), "{missing}");
    }
}

#[test]
fn durations() {
    for (written, want) in [
        ("1h15m30.918s", "1h15m30.918s"),
        ("-1.5h", "-1h30m0s"),
        ("1500us", "1.5ms"),
        ("100ns", "100ns"),
        ("2µs", "2µs"),
        ("0", "0s"),
        ("1", "error: time: missing unit in duration \"1\""),
        ("1d", "error: time: unknown unit \"d\" in duration \"1d\""),
        ("x", "error: time: invalid duration \"x\""),
        ("9223372036854775808ns", "error: time: invalid duration \"9223372036854775808ns\""),
        ("-9223372036854775808ns", "-2562047h47m16.854775808s"),
    ] {
        let got = Duration::parse(written.as_bytes()).map_or_else(|e| format!("error: {e}"), |d| d.to_string());
        assert_eq!(got, want, "{written}");
    }
    assert_eq!(Duration(1_500_000_000).round(Duration::SECOND), Duration(2_000_000_000));
    assert_eq!(Duration(-1_499_999_999).round(Duration::SECOND), Duration(-1_000_000_000));
}

#[test]
fn extremes_wrap_as_in_go() {
    for (unix, want) in
        [(i64::MAX, "292277026596-12-04 15:30:07 +0000 UTC"), (i64::MIN, "292277026596-12-04 15:30:08 +0000 UTC")]
    {
        assert_eq!(text(Time::from_unix(unix, 0).within(Location::Utc).string()), want, "{unix}");
    }
}
