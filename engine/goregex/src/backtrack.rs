//! The backtracker: tries one way after the other, and no step twice at the same place.

use crate::compile::{Inst, InstId, ONE_WAY, Program};
use crate::matcher::{Charge, Stopped, UNSET, holds, next_start};
use crate::utf8::decode;

/// Its memory, kept from one search to the next.
#[derive(Default)]
pub(crate) struct Backtracker {
    /// A bit at each position for each instruction to which several ways lead.
    visited: Vec<u64>,
    jobs: Vec<Job>,
}

/// What is left to do.
enum Job {
    /// Go on at an instruction and a position.
    Explore { at: InstId, pos: usize },
    /// Forget a group's position: the way that set it failed.
    Restore { slot: u32, old: usize },
}

impl Backtracker {
    pub(crate) fn find(
        &mut self,
        program: &Program,
        text: &[u8],
        from: usize,
        slots: &mut [usize],
        charge: Charge<'_>,
    ) -> Result<bool, Stopped> {
        let width = program.join_count;
        let Some(mut start) = next_start(program, text, from) else {
            return Ok(false);
        };
        let origin = start;
        self.visited.clear();
        self.visited.resize((width * (text.len() - origin + 1)).div_ceil(64), 0);
        // Bounded by the bits: so it suffices to tell of the work afterwards.
        let mut work = (text.len() - from) as u64 / 8 + 1;
        let found = loop {
            slots.fill(UNSET);
            if self.run(program, text, start, origin, slots, &mut work) {
                if let Some(first) = slots.first_mut() {
                    *first = start;
                }
                break true;
            }
            if program.anchored || start >= text.len() {
                break false;
            }
            let (_, step) = decode(&text[start..]);
            match next_start(program, text, start + step) {
                Some(next) => start = next,
                None => break false,
            }
        };
        if charge(work) { Ok(found) } else { Err(Stopped) }
    }

    /// Looks for a match that starts at `start`.
    fn run(
        &mut self,
        program: &Program,
        text: &[u8],
        start: usize,
        origin: usize,
        slots: &mut [usize],
        work: &mut u64,
    ) -> bool {
        let width = program.join_count;
        self.jobs.clear();
        self.jobs.push(Job::Explore { at: program.start, pos: start });
        while let Some(job) = self.jobs.pop() {
            let (mut at, mut pos) = match job {
                Job::Explore { at, pos } => (at, pos),
                Job::Restore { slot, old } => {
                    slots[slot as usize] = old;
                    continue;
                }
            };
            loop {
                let join = program.joins[at.place()];
                if join != ONE_WAY {
                    let bit = (pos - origin) * width + join as usize;
                    let (word, mask) = (&mut self.visited[bit / 64], 1_u64 << (bit % 64));
                    if *word & mask != 0 {
                        break;
                    }
                    *word |= mask;
                }
                *work += 1;
                let (next, rune_width) = match program[at] {
                    Inst::Match => {
                        if let Some(end) = slots.get_mut(1) {
                            *end = pos;
                        }
                        return true;
                    }
                    Inst::Split(first, second) => {
                        self.jobs.push(Job::Explore { at: second, pos });
                        at = first;
                        continue;
                    }
                    Inst::Save(slot, next) => {
                        if let Some(place) = slots.get_mut(slot as usize) {
                            self.jobs.push(Job::Restore { slot, old: *place });
                            *place = pos;
                        }
                        at = next;
                        continue;
                    }
                    Inst::Assert(assert, next) => {
                        if !holds(assert, text, pos) {
                            break;
                        }
                        at = next;
                        continue;
                    }
                    inst => {
                        let (rune, rune_width) = decode(&text[pos..]);
                        if rune_width == 0 {
                            break;
                        }
                        match inst {
                            Inst::Rune(want, next) if rune == want => (next, rune_width),
                            Inst::Class(class, next) if program[class].contains(rune) => (next, rune_width),
                            Inst::NotNewline(next) if rune != 10 => (next, rune_width),
                            Inst::Any(next) => (next, rune_width),
                            _ => break,
                        }
                    }
                };
                at = next;
                pos += rune_width;
            }
        }
        false
    }
}
