//! What schema validation says of a value, as the form would say it.

use super::check::Unit;

/// A message of schema validation in plain words, such as `minimum: got -1, want 0`; `None` where nothing plainer is
/// known. Where Helm's own output is shown, its words stay.
///
/// ```
/// use chartwright_values::plain_words;
/// assert_eq!(plain_words("minimum: got -1, want 0").as_deref(), Some("Must be 0 or more"));
/// assert_eq!(plain_words("got string, want integer").as_deref(), Some("Must be a whole number, not a text"));
/// assert_eq!(plain_words("oneOf failed"), None);
/// ```
pub fn plain_words(message: &str) -> Option<String> {
    if let Some((found, wanted)) = message.strip_prefix("got ").and_then(|rest| rest.split_once(", want ")) {
        let wanted: Option<Vec<&str>> = wanted.split(" or ").map(type_name).collect();
        return Some(format!("Must be {}, not {}", wanted?.join(" or "), type_name(found)?));
    }
    if let Some((keyword, rest)) = message.split_once(": got ") {
        let (_, want) = rest.split_once(", want ")?;
        // Thousands stand apart there.
        let want = want.replace(',', "");
        let count = |unit: Unit, bound: &str| Some(unit.must(bound, want.parse().ok()?));
        return match keyword {
            "minimum" => Some(format!("Must be {want} or more")),
            "maximum" => Some(format!("Must be {want} or less")),
            "exclusiveMinimum" => Some(format!("Must be more than {want}")),
            "exclusiveMaximum" => Some(format!("Must be less than {want}")),
            "multipleOf" => Some(format!("Must be a multiple of {want}")),
            "minLength" => count(Unit::Characters, "at least"),
            "maxLength" => count(Unit::Characters, "at most"),
            "minItems" => count(Unit::Items, "at least"),
            "maxItems" => count(Unit::Items, "at most"),
            "minProperties" => count(Unit::Keys, "at least"),
            "maxProperties" => count(Unit::Keys, "at most"),
            _ => None,
        };
    }
    if let Some(values) = message.strip_prefix("value must be ") {
        return Some(format!("Must be {}", values.replace('\'', "")));
    }
    if let Some((_, pattern)) = message.split_once("' does not match pattern '") {
        return Some(format!("Must match {}", pattern.strip_suffix('\'')?));
    }
    let keys = message.strip_prefix("missing propert").and_then(|rest| rest.split_once(' '));
    keys.map(|(end, keys)| format!("Must have the key{} {}", if end == "y" { "" } else { "s" }, keys.replace('\'', "")))
}

fn type_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a map",
        "null" => "null",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::plain_words;

    #[test]
    fn messages() {
        for (message, want) in [
            ("maximum: got 70,000, want 65,535", "Must be 65535 or less"),
            ("minLength: got 3, want 12", "Must be at least 12 characters"),
            ("minItems: got 0, want 1", "Must have at least 1 item"),
            ("maxProperties: got 3, want 2", "Must have at most 2 keys"),
            ("got number, want string or null", "Must be a text or null, not a number"),
            ("value must be one of 'a', 'b'", "Must be one of a, b"),
            ("value must be 'x'", "Must be x"),
            ("'A b' does not match pattern '^[a-z]+$'", "Must match ^[a-z]+$"),
            ("missing property 'a'", "Must have the key a"),
            ("missing properties 'a', 'b'", "Must have the keys a, b"),
            ("'x' is not valid email: no @", ""),
        ] {
            assert_eq!(plain_words(message).unwrap_or_default(), want, "{message}");
        }
    }
}
