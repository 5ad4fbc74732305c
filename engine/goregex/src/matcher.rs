//! Runs programs over text: a backtracker that remembers where it was for short texts, a simulation of all ways
//! at once for long ones. Both take time in proportion to the program times the text.

use crate::ast::Assert;
use crate::backtrack::Backtracker;
use crate::compile::Program;
use crate::pike::Pike;
use crate::utf8::is_word;

/// A position that is not set.
pub(crate) const UNSET: usize = usize::MAX;

/// The program may not go on.
pub(crate) struct Stopped;

/// Told of work before it is done; false means to stop.
pub(crate) type Charge<'c> = &'c mut dyn FnMut(u64) -> bool;

/// The most steps that the backtracker may have to take: at each position each instruction.
const MAX_STEPS: usize = 256 * 1024;
/// The most positions that the threads of a simulation may hold together.
const MAX_POSITIONS: usize = 1 << 24;

/// A search through one text, for one match or several.
pub(crate) struct Matcher<'r, 't> {
    pub(crate) program: &'r Program,
    pub(crate) text: &'t [u8],
    /// Of the last match: starts and ends of groups. Its length says how many are wanted: none means only whether
    /// there is a match.
    pub(crate) slots: Vec<usize>,
    backtracker: Backtracker,
    pike: Option<Pike>,
}

impl<'r, 't> Matcher<'r, 't> {
    pub(crate) fn new(program: &'r Program, text: &'t [u8], slots: usize) -> Matcher<'r, 't> {
        Matcher { program, text, slots: vec![UNSET; slots], backtracker: Backtracker::default(), pike: None }
    }

    /// Finds the leftmost match at or after `pos`; `slots` then says where it is.
    pub(crate) fn find(&mut self, pos: usize, charge: Charge<'_>) -> Result<bool, Stopped> {
        let program = self.program;
        if program.anchored && pos > 0 || program.prefix.len() > self.text.len() - pos.min(self.text.len()) {
            return Ok(false);
        }
        let window = self.text.len() - pos + 1;
        if program.insts.len().saturating_mul(window) <= MAX_STEPS {
            return self.backtracker.find(program, self.text, pos, &mut self.slots, charge);
        }
        // A match often starts with certain bytes: where they are not, no machine is needed.
        let Some(pos) = next_start(program, self.text, pos) else { return Ok(false) };
        if program.insts.len().saturating_mul(self.slots.len()) > MAX_POSITIONS {
            return Err(Stopped);
        }
        let slots = self.slots.len();
        let pike = self.pike.get_or_insert_with(|| Pike::new(program.insts.len(), slots));
        pike.find(program, self.text, pos, &mut self.slots, charge)
    }
}

/// The first position from `pos` on where a match may start.
pub(crate) fn next_start(program: &Program, text: &[u8], pos: usize) -> Option<usize> {
    let rest = text.get(pos..)?;
    let found = match (&program.prefix[..], &program.first) {
        ([first, others @ ..], _) => {
            let mut from = 0;
            loop {
                let at = from + rest.get(from..)?.iter().position(|b| b == first)?;
                if rest[at + 1..].starts_with(others) {
                    break Some(at);
                }
                from = at + 1;
            }
        }
        ([], Some(set)) => rest.iter().position(|&b| set.contains(b)),
        ([], None) => Some(0),
    };
    found.map(|at| pos + at)
}

/// Whether the empty string at `pos` meets the assertion. Newlines and word characters are ASCII, so bytes tell.
#[inline]
pub(crate) fn holds(assert: Assert, text: &[u8], pos: usize) -> bool {
    let before = || pos.checked_sub(1).and_then(|i| text.get(i)).copied();
    let after = || text.get(pos).copied();
    match assert {
        Assert::BeginText => pos == 0,
        Assert::EndText => pos == text.len(),
        Assert::BeginLine => before().is_none_or(|b| b == b'\n'),
        Assert::EndLine => after().is_none_or(|b| b == b'\n'),
        Assert::WordBoundary => before().is_some_and(is_word) != after().is_some_and(is_word),
        Assert::NoWordBoundary => before().is_some_and(is_word) == after().is_some_and(is_word),
    }
}
