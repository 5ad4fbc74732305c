//! The formats that `format` can ask for. Only strings are checked.

use gotime::{Location, Time};
use govalue::strconv::{atoi, quote_rune};
use govalue::url::{Url, parse_ip, path_unescape};
use govalue::utf8;

/// A format.
#[derive(Debug)]
pub(crate) struct Format {
    pub(crate) name: &'static str,
    /// Says why a text is not of the format.
    pub(crate) check: fn(&[u8]) -> Checked,
}

type Checked = Result<(), String>;

static FORMATS: [Format; 19] = [
    Format { name: "regex", check: regex },
    Format { name: "json-pointer", check: json_pointer },
    Format { name: "relative-json-pointer", check: relative_json_pointer },
    Format { name: "uuid", check: uuid },
    Format { name: "duration", check: duration },
    Format { name: "period", check: period },
    Format { name: "ipv4", check: ipv4 },
    Format { name: "ipv6", check: ipv6 },
    Format { name: "hostname", check: hostname },
    Format { name: "email", check: email },
    Format { name: "date", check: date },
    Format { name: "time", check: time },
    Format { name: "date-time", check: date_time },
    Format { name: "uri", check: uri },
    Format { name: "iri", check: uri },
    Format { name: "uri-reference", check: uri_reference },
    Format { name: "iri-reference", check: uri_reference },
    Format { name: "uri-template", check: uri_template },
    Format { name: "semver", check: semver },
];

impl Format {
    /// The format of that name; others are not checked.
    pub(crate) fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|f| f.name == name)
    }
}

fn fail(message: impl Into<String>) -> Checked {
    Err(message.into())
}

fn ensure(holds: bool, message: &str) -> Checked {
    if holds { Ok(()) } else { fail(message) }
}

/// The first character that is not wanted, quoted.
fn odd_one(s: &[u8], wanted: impl Fn(char) -> bool) -> Option<String> {
    let mut rest = s;
    while !rest.is_empty() {
        let (c, width) = utf8::decode(rest);
        if !wanted(c) {
            return Some(quote_rune(u32::from(c)));
        }
        rest = &rest[width..];
    }
    None
}

fn only(s: &[u8], wanted: impl Fn(char) -> bool) -> Checked {
    match odd_one(s, wanted) {
        Some(c) => fail(format!("invalid character {c}")),
        None => Ok(()),
    }
}

fn leading_digits(s: &[u8]) -> usize {
    s.iter().take_while(|b| b.is_ascii_digit()).count()
}

fn regex(s: &[u8]) -> Checked {
    goregex::Regex::new(s).map(drop).map_err(|e| e.to_string())
}

fn json_pointer(s: &[u8]) -> Checked {
    if s.is_empty() {
        return Ok(());
    }
    ensure(s.starts_with(b"/"), "not starting with /")?;
    let escaped = |i: usize| matches!(s.get(i + 1), Some(b'0' | b'1'));
    let bad = s.iter().enumerate().any(|(i, b)| *b == b'~' && !escaped(i));
    ensure(!bad, "~ must be followed by 0 or 1")
}

fn relative_json_pointer(s: &[u8]) -> Checked {
    let digits = leading_digits(s);
    ensure(digits > 0, "must start with non-negative integer")?;
    ensure(digits == 1 || !s.starts_with(b"0"), "starts with zero")?;
    match &s[digits..] {
        b"#" => Ok(()),
        rest => json_pointer(rest),
    }
}

fn uuid(s: &[u8]) -> Checked {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&[u8]> = s.split(|b| *b == b'-').collect();
    ensure(groups.len() == lengths.len(), "must have 5 elements")?;
    for (i, (group, len)) in groups.iter().zip(lengths).enumerate() {
        if group.len() != len {
            return fail(format!("element {} must be {len} characters long", i + 1));
        }
        if let Some(c) = odd_one(group, |c| c.is_ascii_hexdigit()) {
            return fail(format!("non-hex character {c}"));
        }
    }
    Ok(())
}

fn duration(s: &[u8]) -> Checked {
    let Some(s) = s.strip_prefix(b"P") else { return fail("must start with P") };
    ensure(!s.is_empty(), "nothing after P")?;
    if let Some(weeks) = s.strip_suffix(b"W") {
        ensure(!weeks.is_empty(), "no number in week")?;
        return ensure(weeks.iter().all(u8::is_ascii_digit), "invalid week");
    }
    for (i, part) in s.split(|b| *b == b'T').enumerate() {
        ensure(i == 0 || !part.is_empty(), "no time elements")?;
        let all: &[u8] = match i {
            0 => b"YMD",
            1 => b"HMS",
            _ => return fail("more than one T"),
        };
        let (mut units, mut rest) = (all, part);
        while !rest.is_empty() {
            let digits = leading_digits(rest);
            ensure(digits > 0, "missing number")?;
            let Some((unit, after)) = rest[digits..].split_first() else { return fail("missing unit") };
            let Some(at) = units.iter().position(|u| u == unit) else {
                let unit_text = quote_rune(u32::from(*unit));
                let known = all.contains(unit);
                return fail(if known {
                    format!("unit {unit_text} out of order")
                } else {
                    format!("invalid unit {unit_text}")
                });
            };
            units = &units[at + 1..];
            rest = after;
        }
    }
    Ok(())
}

fn period(s: &[u8]) -> Checked {
    let Some(slash) = s.iter().position(|b| *b == b'/') else { return fail("missing slash") };
    let (start, end) = (&s[..slash], &s[slash + 1..]);
    let end_time = || date_time(end).map_err(|e| format!("invalid end date-time: {e}"));
    if start.starts_with(b"P") {
        duration(start).map_err(|e| format!("invalid start duration: {e}"))?;
        return end_time();
    }
    date_time(start).map_err(|e| format!("invalid start date-time: {e}"))?;
    if end.starts_with(b"P") {
        return duration(end).map_err(|e| format!("invalid end duration: {e}"));
    }
    end_time()
}

fn ipv4(s: &[u8]) -> Checked {
    let groups: Vec<&[u8]> = s.split(|b| *b == b'.').collect();
    ensure(groups.len() == 4, "expected four decimals")?;
    for group in groups {
        ensure(group.len() <= 1 || group[0] != b'0', "leading zeros")?;
        let n = atoi(group).map_err(|e| e.to_string())?;
        ensure((0..=255).contains(&n), "decimal must be between 0 and 255")?;
    }
    Ok(())
}

fn ipv6(s: &[u8]) -> Checked {
    ensure(s.contains(&b':'), "missing colon")?;
    ensure(!parse_ip(s)?.has_zone, "zone id is not a part of ipv6 address")
}

fn hostname(s: &[u8]) -> Checked {
    let s = s.strip_suffix(b".").unwrap_or(s);
    ensure(s.len() <= 253, "more than 253 characters long")?;
    for label in s.split(|b| *b == b'.') {
        ensure((1..=63).contains(&label.len()), "label must be 1 to 63 characters long")?;
        ensure(!label.starts_with(b"-"), "label starts with hyphen")?;
        ensure(!label.ends_with(b"-"), "label ends with hyphen")?;
        only(label, |c| c.is_ascii_alphanumeric() || c == '-')?;
    }
    Ok(())
}

fn email(s: &[u8]) -> Checked {
    ensure(s.len() <= 254, "more than 255 characters long")?;
    let Some(at) = s.iter().rposition(|b| *b == b'@') else { return fail("missing @") };
    let (local, domain) = (&s[..at], &s[at + 1..]);
    ensure(local.len() <= 64, "local part more than 64 characters long")?;
    if local.len() > 1 && local.starts_with(b"\"") {
        // Go looks at the first quote twice, not at the last one.
        let inner = &local[1..local.len() - 1];
        let bad = inner.iter().any(|b| matches!(b, b'\\' | b'"'));
        ensure(!bad, "backslash and quote are not allowed within quoted local part")?;
    } else {
        ensure(!local.starts_with(b"."), "starts with dot")?;
        ensure(!local.ends_with(b"."), "ends with dot")?;
        ensure(!local.windows(2).any(|w| w == b".."), "consecutive dots")?;
        only(local, |c| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c))?;
    }
    if let Some(literal) = domain.strip_prefix(b"[").and_then(|d| d.strip_suffix(b"]")) {
        return match literal.strip_prefix(b"IPv6:") {
            Some(address) => ipv6(address).map_err(|e| format!("invalid ipv6 address: {e}")),
            None => ipv4(literal).map_err(|e| format!("invalid ipv4 address: {e}")),
        };
    }
    hostname(domain).map_err(|e| format!("invalid domain: {e}"))
}

fn date(s: &[u8]) -> Checked {
    Time::parse(b"2006-01-02", s, &Location::Utc).map(drop).map_err(|e| e.to_string())
}

/// A part of a time; what is not of two digits may also be a number for Go.
fn clock_number(part: &[u8], what: &str) -> Result<i64, String> {
    match atoi(part) {
        Err(_) => Err(format!("invalid {what}")),
        Ok(n) if n < 0 => Err(format!("non-positive {what}")),
        Ok(n) => Ok(n),
    }
}

fn time(s: &[u8]) -> Checked {
    ensure(s.len() >= 9, "less than 9 characters long")?;
    ensure(s[2] == b':' && s[5] == b':', "missing colon in correct place")?;
    let parts = [&s[..2], &s[3..5], &s[6..8]];
    let mut numbers = [0; 3];
    for (number, part) in numbers.iter_mut().zip(parts) {
        *number = clock_number(part, "hour/min/sec")?;
    }
    let [mut hour, mut minute, second] = numbers;
    ensure(hour <= 23 && minute <= 59 && second <= 60, "hour/min/sec out of range")?;
    let mut rest = &s[8..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = leading_digits(fraction);
        ensure(digits > 0, "no digits in second fraction")?;
        rest = &fraction[digits..];
    }
    if !rest.eq_ignore_ascii_case(b"z") {
        ensure(rest.len() == 6, "offset must be 6 characters long")?;
        let sign = match rest[0] {
            b'+' => -1,
            b'-' => 1,
            _ => return fail("offset must begin with plus/minus"),
        };
        ensure(rest[3] == b':', "missing colon in offset in correct place")?;
        let mut zone = [0; 2];
        for (number, part) in zone.iter_mut().zip([&rest[1..3], &rest[4..]]) {
            *number = clock_number(part, "hour/min in offset")?;
        }
        ensure(zone[0] <= 23 && zone[1] <= 59, "hour/min in offset out of range")?;
        let mut minutes = hour * 60 + minute + sign * (zone[0] * 60 + zone[1]);
        if minutes < 0 {
            minutes += 24 * 60;
        }
        (hour, minute) = (minutes / 60, minutes % 60);
    }
    ensure(second < 60 || hour == 23 && minute == 59, "invalid leap second")
}

fn date_time(s: &[u8]) -> Checked {
    ensure(s.len() >= 20, "less than 20 characters long")?;
    ensure(s[10].eq_ignore_ascii_case(&b't'), "11th character must be t or T")?;
    date(&s[..10]).map_err(|e| format!("invalid date element: {e}"))?;
    time(&s[11..]).map_err(|e| format!("invalid time element: {e}"))
}

fn parse_url(s: &[u8]) -> Result<Url, String> {
    let url = Url::parse(s)?;
    let host = url.hostname();
    if host.contains(&b':') {
        let brackets = url.host.contains(&b'[') && url.host.contains(&b']');
        ensure(brackets, "ipv6 address not enclosed in brackets")?;
        ipv6(host).map_err(|e| format!("invalid ipv6 address: {e}"))?;
    }
    Ok(url)
}

fn uri(s: &[u8]) -> Checked {
    ensure(!parse_url(s)?.scheme.is_empty(), "relative url")
}

fn uri_reference(s: &[u8]) -> Checked {
    ensure(!s.contains(&b'\\'), "contains \\")?;
    parse_url(s).map(drop)
}

fn uri_template(s: &[u8]) -> Checked {
    let url = parse_url(s)?;
    for token in url.raw_path.split(|b| *b == b'/') {
        let token = path_unescape(token).map_err(|e| format!("percent decode failed: {e}"))?;
        let mut open = false;
        for b in token.iter().filter(|b| matches!(b, b'{' | b'}')) {
            ensure((*b == b'}') == open, "nested curly braces")?;
            open = !open;
        }
        ensure(!open, "no matching closing brace")?;
    }
    Ok(())
}

fn semver(s: &[u8]) -> Checked {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let cut = |s: &[u8], at: u8| s.iter().position(|b| *b == at);
    let mut s = s;
    if let Some(plus) = cut(s, b'+') {
        let build = &s[plus + 1..];
        ensure(!build.is_empty(), "build is empty")?;
        for id in build.split(|b| *b == b'.') {
            ensure(!id.is_empty(), "build identifier is empty")?;
            if let Some(c) = odd_one(id, word) {
                return fail(format!("invalid character {c} in build identifier"));
            }
        }
        s = &s[..plus];
    }
    if let Some(dash) = cut(s, b'-') {
        for id in s[dash + 1..].split(|b| *b == b'.') {
            ensure(!id.is_empty(), "pre-release identifier is empty")?;
            if let Some(c) = odd_one(id, word) {
                return fail(format!("invalid character {c} in pre-release identifier"));
            }
            let zero = id.len() > 1 && id[0] == b'0' && id.iter().all(u8::is_ascii_digit);
            ensure(!zero, "pre-release numeric identifier starts with zero")?;
        }
        s = &s[..dash];
    }
    let versions: Vec<&[u8]> = s.split(|b| *b == b'.').collect();
    ensure(versions.len() == 3, "versionCore must have 3 numbers separated by dot")?;
    for (version, name) in versions.into_iter().zip(["major", "minor", "patch"]) {
        let problem = match version {
            [] => "is empty",
            [b'0', _, ..] => "starts with zero",
            digits if digits.iter().all(u8::is_ascii_digit) => continue,
            _ => "contains non-digit",
        };
        return fail(format!("{name} {problem}"));
    }
    Ok(())
}
