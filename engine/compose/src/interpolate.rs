//! `$NAME` and `${NAME:-default}` (Compose Specification, "Interpolation").

/// The deepest nesting of `${A:-${B:-…}}`.
const MAX_DEPTH: usize = 32;

/// The longest text that may come out.
const MAX_LENGTH: usize = 1 << 20;

/// Why a text cannot be interpolated.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// `${` that goes on as no variable does.
    Invalid,
    /// `${NAME:?message}`, and the variable is not set.
    Required(String, String),
    /// Beyond the limits.
    TooLarge,
}

/// What gives variables their values.
pub(crate) trait Variables {
    /// The value of a variable.
    fn get(&mut self, name: &str) -> Option<String>;
    /// A variable without a value or a default was asked for.
    fn unset(&mut self, name: &str);
}

/// Puts in the values of variables.
///
/// # Errors
/// See [`Failure`].
pub(crate) fn interpolate(text: &str, variables: &mut dyn Variables) -> Result<String, Failure> {
    substitute(text, variables, 0)
}

fn substitute(text: &str, variables: &mut dyn Variables, depth: usize) -> Result<String, Failure> {
    if depth > MAX_DEPTH {
        return Err(Failure::TooLarge);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let end = closing_brace(after).ok_or(Failure::Invalid)?;
            let (inside, after) = after.split_at(end);
            out.push_str(&braced(inside, variables, depth)?);
            rest = after.strip_prefix('}').unwrap_or(after);
        } else {
            let (name, after) = split_name(rest);
            if name.is_empty() {
                out.push('$');
            } else {
                out.push_str(&value(name, variables));
            }
            rest = after;
        }
        if out.len() > MAX_LENGTH {
            return Err(Failure::TooLarge);
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn value(name: &str, variables: &mut dyn Variables) -> String {
    variables.get(name).unwrap_or_else(|| {
        variables.unset(name);
        String::new()
    })
}

/// The content of `${…}`.
fn braced(inside: &str, variables: &mut dyn Variables, depth: usize) -> Result<String, Failure> {
    let (name, rest) = split_name(inside);
    if name.is_empty() {
        return Err(Failure::Invalid);
    }
    if rest.is_empty() {
        return Ok(value(name, variables));
    }
    let (colon, rest) = match rest.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let mut chars = rest.chars();
    let (operator, word) = (chars.next(), chars.as_str());
    let found = variables.get(name);
    let counts = found.as_ref().is_some_and(|v| !colon || !v.is_empty());
    match operator {
        Some('-') if counts => Ok(found.unwrap_or_default()),
        Some('-') => substitute(word, variables, depth + 1),
        Some('+') if counts => substitute(word, variables, depth + 1),
        Some('+') => Ok(String::new()),
        Some('?') if counts => Ok(found.unwrap_or_default()),
        Some('?') => Err(Failure::Required(name.to_owned(), substitute(word, variables, depth + 1)?)),
        _ => Err(Failure::Invalid),
    }
}

/// Splits off a variable's name.
fn split_name(text: &str) -> (&str, &str) {
    let starts = text.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    let is_end = |c: char| !(c == '_' || c.is_ascii_alphanumeric());
    let end = if starts { text.find(is_end).unwrap_or(text.len()) } else { 0 };
    text.split_at(end)
}

/// Where the brace closes that opened just before.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '{' if before == '$' => depth += 1,
            '}' if depth == 0 => return Some(i),
            '}' => depth -= 1,
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Failure, Variables, interpolate};

    #[derive(Default)]
    struct Fixed(Vec<String>);

    impl Variables for Fixed {
        fn get(&mut self, name: &str) -> Option<String> {
            match name {
                "SET" => Some("set".into()),
                "EMPTY" => Some(String::new()),
                _ => None,
            }
        }
        fn unset(&mut self, name: &str) {
            self.0.push(name.into());
        }
    }

    #[test]
    fn variables_are_put_in() {
        for (text, want) in [
            ("plain", "plain"),
            ("$SET", "set"),
            ("a${SET}b$SET-c", "asetbset-c"),
            ("$$SET $${SET}", "$SET ${SET}"),
            ("$1 $ $(date) 5$", "$1 $ $(date) 5$"),
            ("${SET:-d}${EMPTY:-d}${NO:-d}", "setdd"),
            ("${SET-d}|${EMPTY-d}|${NO-d}", "set||d"),
            ("${NO:-${NO2:-${SET}}}", "set"),
            ("${NO:-a:b}c", "a:bc"),
            ("${NO:-$${x}}", "${x}"),
            ("${SET:+y}${EMPTY:+y}${NO+y}${EMPTY+z}", "yz"),
            ("${SET:?must}${EMPTY?must}", "set"),
            ("<$NO>", "<>"),
        ] {
            assert_eq!(interpolate(text, &mut Fixed::default()).as_deref(), Ok(want), "{text}");
        }
    }

    #[test]
    fn failures_and_unset_variables() {
        let required = |name: &str, message: &str| Failure::Required(name.into(), message.into());
        for (text, want) in [
            ("${", Failure::Invalid),
            ("${}", Failure::Invalid),
            ("${1}", Failure::Invalid),
            ("${SET/a/b}", Failure::Invalid),
            ("${NO:?say $SET}", required("NO", "say set")),
            ("${EMPTY:?}", required("EMPTY", "")),
        ] {
            assert_eq!(interpolate(text, &mut Fixed::default()), Err(want), "{text}");
        }
        let deep = format!("{}{}", "${A:-".repeat(100), "}".repeat(100));
        assert_eq!(interpolate(&deep, &mut Fixed::default()), Err(Failure::TooLarge));
        let mut seen = Fixed::default();
        assert_eq!(interpolate("$A${B}${C:-x}${SET}", &mut seen).as_deref(), Ok("xset"));
        assert_eq!(seen.0, ["A", "B"]);
    }
}
