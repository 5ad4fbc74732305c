//! The first JSON value of a text, as `json.Decoder` cuts it.

use govalue::Value;

use super::error::ValuesError;

/// Reads the JSON value at the start of the characters: it and how many
/// characters it takes. What follows is not looked at.
pub(super) fn first(text: &[char]) -> Result<(Value, usize), ValuesError> {
    let length = length(text).ok_or_else(|| ValuesError::new("unexpected EOF"))?;
    let json: String = text[..length].iter().collect();
    let value = goyaml::json::from_json(json.as_bytes()).map_err(|e| ValuesError::new(e.to_string()))?;
    Ok((value, length))
}

/// How long the value is, blanks before it included, if it ends at all.
/// Whether what is in brackets is JSON is for the reader to say.
fn length(text: &[char]) -> Option<usize> {
    let start = text.iter().position(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'))?;
    let value = &text[start..];
    let length = match value.first()? {
        '"' => string(value)?,
        '{' | '[' => {
            let mut depth = 0_usize;
            let mut at = 0;
            loop {
                match value.get(at)? {
                    '"' => {
                        at += string(&value[at..])?;
                        continue;
                    }
                    '{' | '[' => depth += 1,
                    '}' | ']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    break at;
                }
            }
        }
        '-' | '0'..='9' => number(value),
        _ => value.iter().position(|c| !c.is_ascii_lowercase()).unwrap_or(value.len()).clamp(1, literal(value)),
    };
    Some(start + length)
}

/// A string with its quotes.
fn string(text: &[char]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            '"' => return Some(at + 1),
            '\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// `true` or `null` have four letters, `false` five.
fn literal(text: &[char]) -> usize {
    if text.first() == Some(&'f') { 5 } else { 4 }
}

/// A number: as much as JSON's grammar takes.
fn number(text: &[char]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&'-'));
    at += if text.get(at) == Some(&'0') { 1 } else { digits(at) };
    if text.get(at) == Some(&'.') {
        at += 1 + digits(at + 1);
    }
    if matches!(text.get(at), Some('e' | 'E')) {
        at += 1;
        at += usize::from(matches!(text.get(at), Some('+' | '-')));
        at += digits(at);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn values_end_where_go_ends_them() {
        for (text, want) in [
            ("1,b", Some(1)),
            (" -1.5e+3x", Some(8)),
            ("01", Some(1)),
            ("1.5.2", Some(3)),
            ("nullx", Some(4)),
            ("false,", Some(5)),
            (r#""a\"b",c"#, Some(6)),
            (r#"{"a":"}"}]"#, Some(9)),
            ("[1,{}]=", Some(6)),
            ("{", None),
            ("\"\\", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(length(&chars), want, "{text}");
        }
    }
}
