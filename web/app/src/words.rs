//! Words of the page: counts, sizes, times, hints.

use contract::Hint;

/// A number with its noun: `1 object`, `27 objects`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = match noun {
        noun if number == 1 => return format!("1 {noun}"),
        noun if noun.ends_with("ss") => format!("{noun}es"),
        noun if noun.ends_with('y') && !["ay", "ey", "oy"].iter().any(|end| noun.ends_with(end)) => {
            format!("{}ies", &noun[..noun.len() - 1])
        }
        noun => format!("{noun}s"),
    };
    format!("{number} {plural}")
}

/// The size of files, at most one decimal: `28 GiB`, `1.5 MiB`.
pub fn bytes(bytes: u64) -> String {
    let (number, unit) = in_units(bytes);
    format!("{number} {}", ["B", "KiB", "MiB", "GiB", "TiB"][unit])
}

/// Memory and storage as Kubernetes writes them, at most one decimal: `28Gi`, `1.5Mi`.
pub fn quantity(bytes: u64) -> String {
    let (number, unit) = in_units(bytes);
    format!("{number}{}", ["", "Ki", "Mi", "Gi", "Ti"][unit])
}

/// Bytes in the largest binary unit that leaves a number above one, and which power of 1024 that is.
fn in_units(bytes: u64) -> (String, usize) {
    let mut unit = 0;
    let mut value = bytes as f64;
    while value >= 1024.0 && unit < 4 {
        value /= 1024.0;
        unit += 1;
    }
    let tenths = (value * 10.0).round() / 10.0;
    (if tenths.fract() == 0.0 { format!("{tenths:.0}") } else { format!("{tenths:.1}") }, unit)
}

/// How long ago something was, in seconds: `2 min ago`.
pub fn ago(seconds: i64) -> String {
    let (number, unit) = match seconds {
        ..5 => return "just now".to_owned(),
        5..60 => (seconds, "s"),
        60..3600 => (seconds / 60, "min"),
        3600..86400 => (seconds / 3600, "h"),
        _ => (seconds / 86400, if seconds < 172_800 { "day" } else { "days" }),
    };
    format!("{number} {unit} ago")
}

/// A moment in seconds since 1970, to the minute: `2026-01-31 09:05 UTC`.
pub fn date(seconds: i64) -> String {
    let (days, minutes) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) / 60);
    // Days since the first of March of the year 0, in eras of 400 years (H. Hinnant, civil_from_days).
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month < 3);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minutes / 60, minutes % 60)
}

/// What a person does on this page about a hint of the engine.
pub fn hint(hint: &Hint) -> String {
    match hint {
        Hint::DidYouMean(name) => format!("did you mean `{name}`?"),
        Hint::PlatformFact { field, .. } => format!("fill in `{field}` under Platform"),
        Hint::Source { kind, name } => format!("drop the chart of the {kind} {name} on this page"),
        Hint::Document { url } => format!("the schema refers to {url}, which this page does not fetch"),
        Hint::RaiseLimit { .. } => "render it with `chartwright render`, where the limit can be raised".to_owned(),
        Hint::Rendered => "what was rendered is not YAML: look at the template".to_owned(),
        other => other.to_string(),
    }
}

/// A word of a command line, quoted as a POSIX shell wants it (POSIX.1-2024, 2.2.2).
pub fn argument(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        return text.to_owned();
    }
    // A name that begins with a dash would be taken for a flag, quoted or not.
    let text = if text.starts_with('-') { format!("./{text}") } else { text.to_owned() };
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_command_lines_stay_words() {
        let words = ["shop-1.0.0.tgz", "my chart.tgz", "a;rm -rf ~", "it's", "$(x)", "", "-f", "a\nb"];
        let want =
            ["shop-1.0.0.tgz", "'my chart.tgz'", "'a;rm -rf ~'", r"'it'\''s'", "'$(x)'", "''", "'./-f'", "'a\nb'"];
        assert_eq!(words.map(argument), want);
    }

    #[test]
    fn moments_are_dates() {
        assert_eq!([date(0), date(951_782_400 + 3_661)], ["1970-01-01 00:00 UTC", "2000-02-29 01:01 UTC"]);
        assert_eq!([date(1_767_225_599), date(-1)], ["2025-12-31 23:59 UTC", "1969-12-31 23:59 UTC"]);
    }

    #[test]
    fn numbers_have_units() {
        assert_eq!([count(0, "object"), count(1, "object"), count(2, "URL")], ["0 objects", "1 object", "2 URLs"]);
        assert_eq!([count(2, "ingress"), count(3, "entry"), count(2, "key")], ["2 ingresses", "3 entries", "2 keys"]);
        assert_eq!([bytes(0), bytes(1536), bytes(28 << 30)], ["0 B", "1.5 KiB", "28 GiB"]);
        assert_eq!([quantity(0), quantity(1536), quantity(60 << 30)], ["0", "1.5Ki", "60Gi"]);
        assert_eq!(
            [ago(0), ago(59), ago(125), ago(7200), ago(90_000), ago(864_000)],
            ["just now", "59 s ago", "2 min ago", "2 h ago", "1 day ago", "10 days ago"]
        );
    }
}
