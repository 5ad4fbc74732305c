//! The small languages in which compose files say things: durations, sizes, command lines, lists of pairs.

use crate::report::{Report, Spot};
use crate::tree::{Data, Node, Notes};
use contract::Code;

/// A duration such as `1m30s`, in seconds; what is less than one counts as one.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let mut total = 0f64;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    if let Ok(plain) = rest.parse::<u32>() {
        return Some(i64::from(plain));
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, unit) = rest.split_at(end);
        let number: f64 = number.parse().ok()?;
        let end = unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len());
        let (unit, after) = unit.split_at(end);
        let factor = match unit {
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        total += number * factor;
        rest = after;
    }
    (total < 1e9).then(|| total.ceil() as i64)
}

/// A size such as `512m` or `1.5gb` as a Kubernetes quantity: units are powers of 1024.
pub(crate) fn size(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let power = match unit.trim() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        "p" | "pb" | "pib" => 5,
        _ => return None,
    };
    let bytes = number * 1024f64.powi(power);
    if !(0.0..1e18).contains(&bytes) {
        return None;
    }
    let mut bytes = bytes.ceil() as u64;
    for unit in ["", "Ki", "Mi", "Gi"] {
        if bytes == 0 || !bytes.is_multiple_of(1024) {
            return Some(format!("{bytes}{unit}"));
        }
        bytes /= 1024;
    }
    Some(format!("{bytes}Ti"))
}

/// A number of CPUs such as `0.5`, as a Kubernetes quantity.
pub(crate) fn cpus(text: &str) -> Option<String> {
    let number: f64 = text.trim().parse().ok()?;
    if !(0.0..1e6).contains(&number) {
        return None;
    }
    let thousandths = (number * 1000.0).ceil() as i64;
    Some(if thousandths % 1000 == 0 { (thousandths / 1000).to_string() } else { format!("{thousandths}m") })
}

/// The words of a command line, as a shell splits them; nothing is expanded.
pub(crate) fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('"'), '\\') => {
                let next = chars.next()?;
                if !matches!(next, '"' | '\\' | '$' | '`') {
                    word.get_or_insert_default().push('\\');
                }
                word.get_or_insert_default().push(next);
            }
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '\\') => {
                let next = chars.next()?;
                if next != '\n' {
                    word.get_or_insert_default().push(next);
                }
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// Text for a container's `command` and `args`, in which Kubernetes would expand `$(NAME)` and `$$`.
pub(crate) fn unexpanded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c == '$' && matches!(chars.peek(), Some('$' | '(')) {
            out.push('$');
        }
    }
    out
}

/// A pair of a mapping, or of a list of `name=value`.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) spot: Spot,
    pub(crate) notes: Notes,
}

/// The pairs of a mapping, or of a list of `name=value`.
pub(crate) fn pairs(node: &Node, key: &str, report: &mut Report) -> Vec<Pair> {
    let mut pairs = Vec::new();
    match &node.data {
        Data::Map(fields) => {
            for field in fields {
                let value = field.node.text();
                if value.is_none() && !field.node.is_null() {
                    wrong(&field.node, key, "a text or a number", report);
                    continue;
                }
                let notes = field.node.notes.clone();
                pairs.push(Pair { name: field.name.clone(), value, spot: field.spot, notes });
            }
        }
        Data::List(items) => {
            for item in items {
                let Some(text) = item.text() else {
                    wrong(item, key, "name=value", report);
                    continue;
                };
                let (name, value) = match text.split_once('=') {
                    Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                    None => (text, None),
                };
                pairs.push(Pair { name, value, spot: item.spot, notes: item.notes.clone() });
            }
        }
        Data::Null => {}
        _ => wrong(node, key, "a mapping or a list of name=value", report),
    }
    pairs
}

/// The texts of a list, or one text.
pub(crate) fn texts(node: &Node, key: &str, report: &mut Report) -> Vec<String> {
    match &node.data {
        Data::List(items) => {
            let mut found = Vec::new();
            for item in items {
                match item.text() {
                    Some(text) => found.push(text),
                    None => wrong(item, key, "a text", report),
                }
            }
            found
        }
        Data::Null => Vec::new(),
        _ => match node.text() {
            Some(text) => vec![text],
            None => {
                wrong(node, key, "a text or a list", report);
                Vec::new()
            }
        },
    }
}

/// A command: a list of words, or a command line.
pub(crate) fn command(node: &Node, key: &str, report: &mut Report) -> Vec<String> {
    match &node.data {
        Data::Text(line) => words(line).unwrap_or_else(|| {
            report.warn(
                node.spot,
                key,
                Code::Command,
                format!("{key} has a quote that is not closed"),
                "write it as a list",
            );
            Vec::new()
        }),
        _ => texts(node, key, report),
    }
}

/// Reports a value of a wrong type.
pub(crate) fn wrong(node: &Node, key: &str, wanted: &str, report: &mut Report) {
    report.warn(node.spot, key, Code::WrongType, format!("{key} must be {wanted}: it is left out"), "");
}

/// A value that a parser understands, or a problem.
pub(crate) fn parsed<T>(
    node: &Node,
    key: &str,
    wanted: &str,
    parse: impl Fn(&str) -> Option<T>,
    report: &mut Report,
) -> Option<T> {
    let found = node.text().and_then(|text| parse(&text));
    if found.is_none() && !node.is_null() {
        wrong(node, key, wanted, report);
    }
    found
}

/// A boolean, also one that a variable gave.
pub(crate) fn flag(node: Option<&Node>) -> bool {
    node.and_then(Node::text).is_some_and(|t| matches!(t.as_str(), "true" | "True" | "TRUE" | "yes" | "y" | "on" | "1"))
}

#[cfg(test)]
mod tests {
    use super::{cpus, seconds, size, unexpanded, words};

    #[test]
    fn durations() {
        for (text, want) in [
            ("10s", Some(10)),
            ("1m30s", Some(90)),
            ("1h", Some(3600)),
            ("1.5s", Some(2)),
            ("500ms", Some(1)),
            ("0s", Some(0)),
            ("30", Some(30)),
            ("", None),
            ("s", None),
            ("1x", None),
            ("1e400h", None),
        ] {
            assert_eq!(seconds(text), want, "{text:?}");
        }
    }

    #[test]
    fn sizes_and_cpus() {
        for (text, want) in [
            ("512m", Some("512Mi")),
            ("512M", Some("512Mi")),
            ("1gb", Some("1Gi")),
            ("1.5g", Some("1536Mi")),
            ("1024", Some("1Ki")),
            ("1000", Some("1000")),
            ("64mib", Some("64Mi")),
            ("2048g", Some("2Ti")),
            ("x", None),
            ("1z", None),
        ] {
            assert_eq!(size(text).as_deref(), want, "{text:?}");
        }
        for (text, want) in
            [("0.5", Some("500m")), ("2", Some("2")), ("0.0001", Some("1m")), ("1.25", Some("1250m")), ("-1", None)]
        {
            assert_eq!(cpus(text).as_deref(), want, "{text:?}");
        }
    }

    #[test]
    fn command_lines() {
        for (line, want) in [
            ("a  b", Some(vec!["a", "b"])),
            ("sh -c 'echo \"hi\" $X'", Some(vec!["sh", "-c", "echo \"hi\" $X"])),
            (r#"a "b \" \n c" d\ e"#, Some(vec!["a", "b \" \\n c", "d e"])),
            ("--x='' \"\"", Some(vec!["--x=", ""])),
            ("a \\\n b", Some(vec!["a", "b"])),
            ("", Some(vec![])),
            ("'open", None),
            ("end\\", None),
        ] {
            assert_eq!(words(line), want.map(|w| w.into_iter().map(str::to_owned).collect()), "{line:?}");
        }
    }

    #[test]
    fn dollars_survive_kubernetes() {
        for (text, want) in [("$X", "$X"), ("$$", "$$$"), ("$(date)", "$$(date)"), ("a$", "a$"), ("$$(x)", "$$$$(x)")] {
            assert_eq!(unexpanded(text), want, "{text}");
        }
    }
}
