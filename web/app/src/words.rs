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
