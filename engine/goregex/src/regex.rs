//! The public face of a compiled pattern.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::compile::{Program, compile};
use crate::error::Error;
use crate::matcher::{Matcher, UNSET};
use crate::parse::parse;
use crate::replace::{self, Template};
use crate::utf8::decode;

/// A compiled regular expression (`regexp.Regexp`). Clones are cheap, threads may share it.
///
/// ```
/// use goregex::Regex;
/// let re = Regex::new(br"(\w+)@(?P<host>\w+)")?;
/// assert!(re.is_match(b"me@home"));
/// assert_eq!(re.find(b"to me@home"), Some(3..10));
/// assert_eq!(re.replace_all(b"me@home you@work", b"$host"), b"home work");
/// assert_eq!(Regex::new(b"a(b").unwrap_err().to_string(), "error parsing regexp: missing closing ): `a(b`");
/// # Ok::<(), goregex::Error>(())
/// ```
#[derive(Clone)]
pub struct Regex(Arc<Inner>);

struct Inner {
    pattern: Vec<u8>,
    program: Program,
}

/// The positions of a match and of its groups: index 0 is the whole match.
pub type Captures = Vec<Option<Range<usize>>>;

/// How many patterns a thread remembers, and how many instructions each may have.
const CACHE: usize = 16;
const CACHED_SIZE: usize = 4096;

thread_local! {
    /// The last patterns, the latest at the end.
    static LAST: RefCell<Vec<Regex>> = const { RefCell::new(Vec::new()) };
}

impl Regex {
    /// Compiles a pattern (`regexp.Compile`).
    ///
    /// # Errors
    /// With Go's message.
    pub fn new(pattern: &[u8]) -> Result<Regex, Error> {
        let program = compile(parse(pattern)?);
        Ok(Regex(Arc::new(Inner { pattern: pattern.to_vec(), program })))
    }

    /// The same, remembering the last few patterns of this thread: for functions that get the pattern as an
    /// argument.
    ///
    /// # Errors
    /// As [`Regex::new`].
    pub fn cached(pattern: &[u8]) -> Result<Regex, Error> {
        LAST.with_borrow_mut(|last| {
            if let Some(i) = last.iter().rposition(|re| re.pattern() == pattern) {
                let re = last[i].clone();
                last[i..].rotate_left(1);
                return Ok(re);
            }
            let re = Regex::new(pattern)?;
            if re.size() <= CACHED_SIZE && pattern.len() <= CACHED_SIZE {
                if last.len() >= CACHE {
                    last.remove(0);
                }
                last.push(re.clone());
            }
            Ok(re)
        })
    }

    /// The pattern it was made of.
    pub fn pattern(&self) -> &[u8] {
        &self.0.pattern
    }

    /// How many instructions it compiled to: what making it cost, and what each byte of text may cost at worst.
    pub fn size(&self) -> usize {
        self.0.program.insts.len()
    }

    /// The names of the groups, empty where they have none; the first stands for the whole match (`SubexpNames`).
    pub fn group_names(&self) -> &[Vec<u8>] {
        &self.0.program.names
    }

    /// Whether the text has a match (`MatchString`).
    pub fn is_match(&self, text: &[u8]) -> bool {
        unlimited(|charge| self.metered(charge).is_match(text))
    }

    /// The leftmost match (`FindStringIndex`).
    pub fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        unlimited(|charge| self.metered(charge).find(text))
    }

    /// The leftmost match with its groups (`FindStringSubmatchIndex`).
    pub fn captures(&self, text: &[u8]) -> Option<Captures> {
        unlimited(|charge| self.metered(charge).captures(text))
    }

    /// The first `n` matches; all if `n` is negative (`FindAllStringIndex`).
    pub fn find_all(&self, text: &[u8], n: i64) -> Vec<Range<usize>> {
        unlimited(|charge| self.metered(charge).find_all(text, n))
    }

    /// Replaces all matches by a template, in which `$1` and `${name}` stand for groups (`ReplaceAllString`).
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        unlimited(|charge| self.metered(charge).replace_all(text, template))
    }

    /// Replaces all matches by these bytes as they are (`ReplaceAllLiteralString`).
    pub fn replace_all_literal(&self, text: &[u8], by: &[u8]) -> Vec<u8> {
        unlimited(|charge| self.metered(charge).replace_all_literal(text, by))
    }

    /// Splits the text at matches into at most `n` pieces; into all if `n` is negative, into none if it is 0
    /// (`Split`).
    pub fn split<'t>(&self, text: &'t [u8], n: i64) -> Vec<&'t [u8]> {
        unlimited(|charge| self.metered(charge).split(text, n))
    }

    /// The same searches on a budget: they tell `charge` of each piece of work, steps taken and bytes made, and stop
    /// at its error.
    ///
    /// ```
    /// use goregex::Regex;
    /// let mut left = 100_u64;
    /// let mut charge = |n| left.checked_sub(n).map(|rest| left = rest).ok_or("too much work");
    /// let re = Regex::new(b"(a|b)*c")?;
    /// assert_eq!(re.metered(&mut charge).find(b"abc"), Ok(Some(0..3)));
    /// assert_eq!(re.metered(&mut charge).find(&[b'a'; 4096]), Err("too much work"));
    /// # Ok::<(), goregex::Error>(())
    /// ```
    pub fn metered<'r, 'm, E>(&'r self, charge: &'m mut dyn FnMut(u64) -> Result<(), E>) -> Metered<'r, 'm, E> {
        Metered { inner: &self.0, charge }
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regex({})", self.pattern().escape_ascii())
    }
}

/// Runs a search that may cost what it wants. Only the memory limit of a search with very many groups can end it:
/// that is no match.
fn unlimited<T: Default>(
    run: impl FnOnce(&mut dyn FnMut(u64) -> Result<(), Option<Infallible>>) -> Result<T, Option<Infallible>>,
) -> T {
    run(&mut |n| if n == u64::MAX { Err(None) } else { Ok(()) }).unwrap_or_default()
}

/// Searches on a budget, made by [`Regex::metered`]. The methods are those of [`Regex`], their only error is that of
/// the budget. A search that would need more memory than any budget allows charges `u64::MAX`.
pub struct Metered<'r, 'm, E> {
    inner: &'r Inner,
    charge: &'m mut dyn FnMut(u64) -> Result<(), E>,
}

/// A search for one match after the other.
struct Search<'s, 'r, 'm, 't, E> {
    metered: &'s mut Metered<'r, 'm, E>,
    matcher: Matcher<'r, 't>,
}

impl<'t, E> Search<'_, '_, '_, 't, E> {
    /// Finds the leftmost match from `pos` on; its positions are then in the matcher.
    fn find(&mut self, pos: usize) -> Result<bool, E> {
        let mut failed = None;
        let charge = &mut *self.metered.charge;
        let mut tell = |n| match charge(n) {
            Ok(()) => true,
            Err(e) => {
                failed = Some(e);
                false
            }
        };
        match self.matcher.find(pos, &mut tell) {
            Ok(found) => Ok(found),
            Err(_) => match failed {
                Some(e) => Err(e),
                None => charge(u64::MAX).map(|()| false),
            },
        }
    }

    /// Where the last match is.
    fn whole(&self) -> Range<usize> {
        match self.matcher.slots[..] {
            [start, end, ..] => start..end,
            _ => 0..0,
        }
    }

    /// The width of what is at `pos`.
    fn width(&self, pos: usize) -> usize {
        decode(&self.matcher.text[pos..]).1
    }
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "they are as the methods of Regex")]
impl<'r, 'm, E> Metered<'r, 'm, E> {
    pub fn is_match(mut self, text: &[u8]) -> Result<bool, E> {
        self.search(text, 0).find(0)
    }

    pub fn find(mut self, text: &[u8]) -> Result<Option<Range<usize>>, E> {
        let mut search = self.search(text, 2);
        Ok(search.find(0)?.then(|| search.whole()))
    }

    pub fn captures(mut self, text: &[u8]) -> Result<Option<Captures>, E> {
        let slots = self.inner.program.groups() * 2;
        let mut search = self.search(text, slots);
        if !search.find(0)? {
            return Ok(None);
        }
        let group = |s: &[usize; 2]| match *s {
            [start, end] if start != UNSET && end != UNSET => Some(start..end),
            _ => None,
        };
        Ok(Some(search.matcher.slots.as_chunks().0.iter().map(group).collect()))
    }

    pub fn find_all(mut self, text: &[u8], n: i64) -> Result<Vec<Range<usize>>, E> {
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let mut search = self.search(text, 2);
        let (mut pos, mut last_end) = (0, None);
        while found.len() < n && pos <= text.len() && search.find(pos)? {
            let at = search.whole();
            // An empty match right after a match does not count.
            let counts = at.end != pos || Some(at.start) != last_end;
            pos = if at.end == pos { pos + search.width(pos).max(1) } else { at.end };
            last_end = Some(at.end);
            if counts {
                found.push(at);
            }
        }
        Ok(found)
    }

    pub fn replace_all(self, text: &[u8], template: &[u8]) -> Result<Vec<u8>, E> {
        let template = Template::new(template, &self.inner.program.names);
        self.replace(text, template.slots(), |out, slots| template.expand(out, text, slots))
    }

    pub fn replace_all_literal(self, text: &[u8], by: &[u8]) -> Result<Vec<u8>, E> {
        self.replace(text, 2, |out, _| out.extend_from_slice(by))
    }

    pub fn split(self, text: &[u8], n: i64) -> Result<Vec<&[u8]>, E> {
        if n == 0 {
            return Ok(Vec::new());
        }
        // Only the empty pattern splits the empty text into nothing.
        if text.is_empty() && !self.inner.pattern.is_empty() {
            return Ok(vec![text]);
        }
        Ok(replace::split(text, n, self.find_all(text, n)?))
    }

    fn search<'s, 't>(&'s mut self, text: &'t [u8], slots: usize) -> Search<'s, 'r, 'm, 't, E> {
        let matcher = Matcher::new(&self.inner.program, text, slots);
        Search { metered: self, matcher }
    }

    /// Replaces all matches by what `by` appends.
    fn replace(mut self, text: &[u8], slots: usize, by: impl Fn(&mut Vec<u8>, &[usize])) -> Result<Vec<u8>, E> {
        let mut out = Vec::with_capacity(text.len());
        let mut search = self.search(text, slots);
        let (mut pos, mut last_end) = (0, 0);
        while pos <= text.len() && search.find(pos)? {
            let at = search.whole();
            out.extend_from_slice(&text[last_end..at.start]);
            // An empty match right after a match is not replaced.
            if at.end > last_end || at.start == 0 {
                let before = out.len();
                by(&mut out, &search.matcher.slots);
                (search.metered.charge)((out.len() - before) as u64)?;
            }
            last_end = at.end;
            pos = at.end.max(pos + search.width(pos).max(1));
        }
        out.extend_from_slice(&text[last_end..]);
        Ok(out)
    }
}
