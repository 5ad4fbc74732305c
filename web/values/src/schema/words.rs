//! What schema validation says of a value, as the form would say it.

use super::Types;
use super::check::{Problem, Unit, formatted};
use crate::value::{Number, Type};

/// A message of schema validation in plain words, such as `minimum: got -1, want 0`; `None` where nothing plainer is
/// known. Where Helm's own output is shown, its words stay.
///
/// ```
/// use chartwright_values::plain_words;
/// assert_eq!(plain_words("minimum: got -1, want 0").as_deref(), Some("Must be at least 0"));
/// assert_eq!(plain_words("got string, want integer").as_deref(), Some("Must be a whole number, not a string"));
/// assert_eq!(plain_words("it does not render"), None);
/// ```
pub fn plain_words(message: &str) -> Option<String> {
    if let Some(types) = Mismatch::read(message) {
        return Some(types.says());
    }
    if let Some((keyword, rest)) = message.split_once(": got ") {
        let (_, want) = rest.split_once(", want ")?;
        return bound(keyword, want).map(|problem| problem.to_string());
    }
    if let Some(values) = message.strip_prefix("value must be ") {
        return Some(one_of(values.strip_prefix("one of ").unwrap_or(values)));
    }
    if let Some(keys) =
        message.strip_prefix("missing property ").or_else(|| message.strip_prefix("missing properties "))
    {
        let keys = quoted_list(keys);
        let several = if keys.len() == 1 { "" } else { "s" };
        return Some(format!("Must have the key{several} {}", joined(&keys, "and")));
    }
    if let Some((keys, other)) = message.strip_prefix("properties ").and_then(|rest| rest.split_once(" required, if "))
    {
        let other = other.strip_suffix(" exists")?;
        let keys = joined(&quoted_list(keys), "and");
        return Some(format!("Must have {keys} where {} is set", unquoted(other).0));
    }
    if let Some((keys, _)) =
        message.strip_prefix("additional properties ").and_then(|rest| rest.split_once(" not allowed"))
    {
        return Some(format!("Must not have {}", joined(&quoted_list(keys), "or")));
    }
    if message.starts_with('\'') {
        let (_, rest) = unquoted(message);
        if let Some(pattern) = rest.strip_prefix(" does not match pattern ") {
            return Some(matching(&unquoted(pattern).0));
        }
        if let Some((name, _)) = rest.strip_prefix(" is not valid ").and_then(|rest| rest.split_once(": ")) {
            return Some(formatted(name));
        }
    }
    if let Some((first, second)) = message
        .strip_prefix("items at ")
        .and_then(|rest| rest.strip_suffix(" are equal"))
        .and_then(|rest| rest.split_once(" and "))
    {
        let (first, second) = (count(first)? + 1, count(second)? + 1);
        return Some(format!("{}: items {first} and {second} are the same", Problem::NotUnique));
    }
    if let Some(n) = message.strip_prefix("last ").and_then(|rest| rest.strip_suffix(" additionalItem(s) not allowed"))
    {
        let items = if n == "1" { "item".to_owned() } else { format!("{n} items") };
        return Some(format!("Must not have the last {items}"));
    }
    if message.contains(" match contains schema") {
        let bounded = |start: &str| message.strip_prefix(start)?.split(' ').next().and_then(count);
        let (bound, n) = match bounded("max ") {
            Some(n) => ("at most", n),
            None => ("at least", bounded("min ").unwrap_or(1)),
        };
        return Some(format!("{} of the kind that the schema asks for", Unit::Items.must(bound, n)));
    }
    if let Some(name) = message.strip_prefix("invalid propertyName ") {
        return Some(format!("Must not have the key {}", unquoted(name).0));
    }
    Some(match message {
        "'const' failed" => "Must be the one value that is allowed".to_owned(),
        "'enum' failed" => Problem::NotAChoice.to_string(),
        "'not' failed" => "Must not be what the schema rules out".to_owned(),
        "false schema" => Problem::NotAllowed.to_string(),
        "'allOf' failed" | "'anyOf' failed" | "'oneOf' failed, none matched" => {
            "Must have one of the shapes that are allowed".to_owned()
        }
        message if message.starts_with("'oneOf' failed, subschemas ") => {
            "Must have one of the shapes that are allowed, and not two of them at once".to_owned()
        }
        _ => return None,
    })
}

/// The types of a message such as `got string, want null or integer`.
pub(super) struct Mismatch {
    pub(super) found: Type,
    pub(super) wanted: Vec<Type>,
}

impl Mismatch {
    pub(super) fn read(message: &str) -> Option<Mismatch> {
        let (found, wanted) = message.strip_prefix("got ")?.split_once(", want ")?;
        let wanted: Option<Vec<Type>> = wanted.split(" or ").map(Types::named).collect();
        Some(Mismatch { found: Types::named(found)?, wanted: wanted? })
    }

    /// Null is what one writes least: it comes last.
    pub(super) fn says(mut self) -> String {
        self.wanted.sort_by_key(|kind| *kind == Type::Null);
        Problem::WrongType { wanted: self.wanted, found: self.found }.to_string()
    }
}

fn bound(keyword: &str, want: &str) -> Option<Problem> {
    let number = || number(want);
    Some(match keyword {
        "minimum" => Problem::TooSmall(number()?, false),
        "maximum" => Problem::TooLarge(number()?, false),
        "exclusiveMinimum" => Problem::TooSmall(number()?, true),
        "exclusiveMaximum" => Problem::TooLarge(number()?, true),
        "multipleOf" => Problem::NotAMultiple(number()?),
        "minLength" => Problem::TooShort(count(want)?, Unit::Characters),
        "maxLength" => Problem::TooLong(count(want)?, Unit::Characters),
        "minItems" => Problem::TooShort(count(want)?, Unit::Items),
        "maxItems" => Problem::TooLong(count(want)?, Unit::Items),
        "minProperties" => Problem::TooShort(count(want)?, Unit::Keys),
        "maxProperties" => Problem::TooLong(count(want)?, Unit::Keys),
        _ => return None,
    })
}

/// A count, in which thousands stand apart: `1,000`.
fn count(text: &str) -> Option<usize> {
    text.replace(',', "").parse().ok()
}

/// A number as Go's messages write it: `65,535`, `1.5×10⁰⁶`.
fn number(text: &str) -> Option<Number> {
    let mut plain = text.replace(',', "");
    if let Some((mantissa, exponent)) = plain.split_once("×10") {
        const SUPERSCRIPTS: [char; 11] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁻'];
        let digit = |c: char| SUPERSCRIPTS.iter().position(|one| *one == c).map(|n| "0123456789-".chars().nth(n));
        let exponent: String = exponent.chars().map(digit).collect::<Option<Option<_>>>()??;
        plain = format!("{mantissa}e{exponent}").parse::<f64>().ok()?.to_string();
    }
    Number::new(&plain)
}

/// Beyond so many values, the rest is left out.
const MOST_VALUES: usize = 12;

/// What values may be, from a list as messages have it: `'a', 1.5, <nil>, true`.
fn one_of(list: &str) -> String {
    let mut values = quoted_list(list);
    // Null is what one writes least.
    values.sort_by_key(|value| value == "null");
    match values.split_at_checked(MOST_VALUES) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("Must be one of {} and {} more", first.join(", "), rest.len())
        }
        _ => match &*values {
            [_, _, ..] => format!("Must be one of {}", joined(&values, "or")),
            _ => format!("Must be {}", values.concat()),
        },
    }
}

/// Texts with commas between, and a word before the last.
pub(super) fn joined(texts: &[String], word: &str) -> String {
    match texts {
        [before @ .., last] if !before.is_empty() => format!("{} {word} {last}", before.join(", ")),
        texts => texts.concat(),
    }
}

/// The parts of a list: in quotes, or as they are.
pub(super) fn quoted_list(mut list: &str) -> Vec<String> {
    let mut parts = Vec::new();
    while !list.is_empty() {
        let (part, rest) = if list.starts_with('\'') {
            let (part, rest) = unquoted(list);
            (if part.is_empty() { "an empty string".to_owned() } else { part }, rest)
        } else {
            let (part, rest) = list.split_at(list.find(", ").unwrap_or(list.len()));
            (if part == "<nil>" { "null".to_owned() } else { part.to_owned() }, rest)
        };
        parts.push(part);
        list = rest.strip_prefix(", ").unwrap_or_default();
    }
    parts
}

/// The text in the quotes that a message begins with, and what follows.
pub(super) fn unquoted(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('\'') else { return (text.to_owned(), "") };
    let mut out = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return (out, inner.get(at + 1..).unwrap_or_default()),
            '\\' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 't')) => out.push('\t'),
                Some((_, c)) => out.push(c),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    (out, "")
}

/// What a text must be like to match a pattern: in words where it only says how it begins, or which characters there
/// may be.
pub(super) fn matching(pattern: &str) -> String {
    let begins = pattern.strip_prefix('^').filter(|text| !text.is_empty() && !text.contains(is_special));
    if let Some(text) = begins {
        return format!("Must begin with {text}");
    }
    match class_of(pattern).and_then(class_in_words) {
        Some(characters) => format!("Must have only {characters}"),
        None => format!("Must match {pattern}"),
    }
}

fn is_special(c: char) -> bool {
    r"\.+*?()|[]{}^$".contains(c)
}

/// The class of a pattern such as `^[a-z.]+$`.
fn class_of(pattern: &str) -> Option<&str> {
    let class = pattern.strip_prefix("^[")?;
    let class = class.strip_suffix("]+$").or_else(|| class.strip_suffix("]*$"))?;
    (!class.starts_with('^') && !class.contains(['[', ']'])).then_some(class)
}

/// The characters of a class such as `-._A-Za-z0-9`.
fn class_in_words(class: &str) -> Option<String> {
    let (mut rest, mut signs): (&str, Vec<String>) = (class, Vec::new());
    let mut has = [false; 3];
    while let Some(c) = rest.chars().next() {
        let ranges = [("A-Z", 0), ("a-z", 1), ("0-9", 2), ("\\d", 2)];
        if let Some((after, at)) = ranges.iter().find_map(|(range, at)| Some((rest.strip_prefix(range)?, *at))) {
            has.iter_mut().skip(at).take(1).for_each(|has| *has = true);
            rest = after;
            continue;
        }
        let (sign, after) = match c {
            '\\' => {
                let escaped = rest.chars().nth(1)?;
                (escaped, rest.get(1 + escaped.len_utf8()..)?)
            }
            c => (c, rest.get(c.len_utf8()..)?),
        };
        // Of other ranges and classes, nothing shorter can be said.
        let is_range = after.starts_with('-') && after.len() > 1;
        if is_range || sign.is_alphanumeric() || sign.is_whitespace() {
            return None;
        }
        signs.push(sign.to_string());
        rest = after;
    }
    let [upper, lower, digits] = has;
    let letters = match (upper, lower) {
        (true, true) => Some("letters"),
        (true, false) => Some("upper-case letters"),
        (false, true) => Some("lower-case letters"),
        (false, false) => None,
    };
    let named = letters.into_iter().chain(digits.then_some("digits")).map(str::to_owned);
    let all: Vec<String> = named.chain(signs).collect();
    (!all.is_empty()).then(|| joined(&all, "and"))
}

#[cfg(test)]
mod tests {
    use super::{matching, plain_words};

    /// All messages of `gojsonschema`, as its tests list them.
    #[test]
    fn messages() {
        for (message, want) in [
            ("got number, want integer", "Must be a whole number"),
            ("got number, want null or string", "Must be a string or null, not a number"),
            ("got array, want boolean or object", "Must be true or false or a map, not a list"),
            ("value must be 'x'", "Must be x"),
            ("value must be one of 'a', 'b'", "Must be one of a or b"),
            (
                "value must be one of 'ClusterIP', <nil>, '', 1.50, 'it\\'s'",
                "Must be one of ClusterIP, an empty string, 1.50, it's or null",
            ),
            (
                "value must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14",
                "Must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more",
            ),
            ("'const' failed", "Must be the one value that is allowed"),
            ("'enum' failed", "Must be one of the allowed values"),
            ("minimum: got -2, want 0", "Must be at least 0"),
            ("maximum: got 70,000, want 65,535", "Must be at most 65535"),
            ("maximum: got 1.2345675×10⁰⁶, want 1×10⁰⁶", "Must be at most 1000000"),
            ("minimum: got 0, want 1.5×10⁻⁰⁵", "Must be at least 0.000015"),
            ("exclusiveMinimum: got 0, want 0", "Must be more than 0"),
            ("exclusiveMaximum: got 3, want 3", "Must be less than 3"),
            ("multipleOf: got 0.35, want 0.1", "Must be a multiple of 0.1"),
            ("minLength: got 3, want 12", "Must be at least 12 characters"),
            ("maxLength: got 3,000, want 1,000", "Must be at most 1000 characters"),
            ("minItems: got 0, want 1", "Must have at least 1 item"),
            ("maxItems: got 2, want 1", "Must have at most 1 item"),
            ("minProperties: got 0, want 1", "Must have at least 1 key"),
            ("maxProperties: got 3, want 2", "Must have at most 2 keys"),
            (r"'A b' does not match pattern '^\\d+(\\.\\d+)?$'", r"Must match ^\d+(\.\d+)?$"),
            ("'a' does not match pattern '^/'", "Must begin with /"),
            ("items at 0 and 2 are equal", "Must not have the same item twice: items 1 and 3 are the same"),
            ("last 2 additionalItem(s) not allowed", "Must not have the last 2 items"),
            ("no items match contains schema", "Must have at least 1 item of the kind that the schema asks for"),
            (
                "min 2 items required to match contains schema, but matched 1 items at 0",
                "Must have at least 2 items of the kind that the schema asks for",
            ),
            (
                "max 1 items required to match contains schema, but matched 2 items at 0 2",
                "Must have at most 1 item of the kind that the schema asks for",
            ),
            ("missing property 'a'", "Must have the key a"),
            ("missing properties 'a', 'b', 'c'", "Must have the keys a, b and c"),
            ("properties 'y' required, if 'x' exists", "Must have y where x is set"),
            ("additional properties 'x', 'y' not allowed", "Must not have x or y"),
            ("invalid propertyName 'a b'", "Must not have the key a b"),
            ("'not' failed", "Must not be what the schema rules out"),
            ("'anyOf' failed", "Must have one of the shapes that are allowed"),
            ("'oneOf' failed, none matched", "Must have one of the shapes that are allowed"),
            (
                "'oneOf' failed, subschemas 0, 1 matched",
                "Must have one of the shapes that are allowed, and not two of them at once",
            ),
            ("false schema", "Must not be set"),
            ("'a_b' is not valid hostname: invalid character '_'", "Must be a host name"),
            ("'x' is not valid ipv4: leading zeros", "Must be an IPv4 address"),
            ("'x' is not valid semver: versionCore must have 3 numbers", "Must be a version, such as 1.2.3"),
            ("execution error at (shop/templates/a.yaml:1:3): no", ""),
        ] {
            assert_eq!(plain_words(message).unwrap_or_default(), want, "{message}");
        }
    }

    #[test]
    fn patterns_that_list_characters_are_said_in_words() {
        for (pattern, want) in [
            ("^[-._A-Za-z0-9]+$", "Must have only letters, digits, -, . and _"),
            ("^[a-z]+$", "Must have only lower-case letters"),
            (r"^[\d\-]*$", "Must have only digits and -"),
            ("^[^/]+$", "Must match ^[^/]+$"),
            ("^[a-f]+$", "Must match ^[a-f]+$"),
            ("^[a-z]+[0-9]+$", "Must match ^[a-z]+[0-9]+$"),
            ("^https://", "Must begin with https://"),
            ("^", "Must match ^"),
            ("^[]+$", "Must match ^[]+$"),
        ] {
            assert_eq!(matching(pattern), want);
        }
    }
}
