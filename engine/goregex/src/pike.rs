//! The simulation of all ways at once, for texts and programs too large to remember every place (exec.go).

use crate::compile::{Inst, InstId, Program};
use crate::matcher::{Charge, Stopped, UNSET, holds, next_start};
use crate::utf8::decode;

/// The machine's memory, kept from one search to the next.
pub(crate) struct Pike {
    now: Threads,
    next: Threads,
    stack: Vec<Todo>,
    /// The positions of the thread that is being added.
    slots: Vec<usize>,
}

/// The threads at one position: a set of instructions in order of priority, each with its groups' positions.
struct Threads {
    /// For each instruction its place in `order`, valid if that names it.
    places: Vec<u32>,
    order: Vec<InstId>,
    /// The positions of the thread at each place of `order`.
    slots: Vec<usize>,
    width: usize,
}

enum Todo {
    Add(InstId),
    Restore(u32, usize),
}

impl Threads {
    fn new(insts: usize, width: usize) -> Threads {
        Threads { places: vec![0; insts], order: Vec::new(), slots: Vec::new(), width }
    }

    fn clear(&mut self) {
        self.order.clear();
        self.slots.clear();
    }

    /// Adds an instruction; false if it is there already.
    fn insert(&mut self, at: InstId) -> bool {
        let place = self.places[at.place()];
        if self.order.get(place as usize) == Some(&at) {
            return false;
        }
        self.places[at.place()] = self.order.len() as u32;
        self.order.push(at);
        true
    }
}

impl Pike {
    pub(crate) fn new(insts: usize, slots: usize) -> Pike {
        Pike {
            now: Threads::new(insts, slots),
            next: Threads::new(insts, slots),
            stack: Vec::new(),
            slots: vec![UNSET; slots],
        }
    }

    pub(crate) fn find(
        &mut self,
        program: &Program,
        text: &[u8],
        mut pos: usize,
        slots: &mut [usize],
        charge: Charge<'_>,
    ) -> Result<bool, Stopped> {
        self.now.clear();
        let mut matched = false;
        let mut work = 0;
        loop {
            if self.now.order.is_empty() {
                if matched || program.anchored && pos > 0 {
                    break;
                }
                match next_start(program, text, pos) {
                    Some(start) => {
                        work += (start - pos) as u64 / 8;
                        pos = start;
                    }
                    None => break,
                }
            }
            if !matched {
                self.slots.fill(UNSET);
                if let Some(start) = self.slots.first_mut() {
                    *start = pos;
                }
                add(&mut self.now, &mut self.stack, &mut self.slots, program, text, program.start, pos);
            }
            work += (self.now.order.len() * (1 + self.now.width / 8)) as u64 + 1;
            if work >= 4096 && !charge(std::mem::take(&mut work)) {
                return Err(Stopped);
            }
            let (rune, width) = decode(&text[pos..]);
            self.next.clear();
            matched |= self.step(program, text, rune, width, pos, slots);
            if width == 0 || matched && slots.is_empty() {
                break;
            }
            pos += width;
            std::mem::swap(&mut self.now, &mut self.next);
        }
        if charge(work) { Ok(matched) } else { Err(Stopped) }
    }

    /// Takes every thread over one code point; true if one came to the end of the program.
    fn step(
        &mut self,
        program: &Program,
        text: &[u8],
        rune: u32,
        width: usize,
        pos: usize,
        found: &mut [usize],
    ) -> bool {
        let Pike { now, next, stack, slots } = self;
        for (i, &at) in now.order.iter().enumerate() {
            let own = &now.slots[i * now.width..(i + 1) * now.width];
            let to = match program[at] {
                Inst::Match => {
                    found.copy_from_slice(own);
                    if let Some(end) = found.get_mut(1) {
                        *end = pos;
                    }
                    // Threads of lower priority are of no interest any more.
                    return true;
                }
                Inst::Rune(want, to) if rune == want => to,
                Inst::Class(class, to) if program[class].contains(rune) => to,
                Inst::NotNewline(to) if rune != 10 => to,
                Inst::Any(to) => to,
                _ => continue,
            };
            if width > 0 {
                slots.copy_from_slice(own);
                add(next, stack, slots, program, text, to, pos + width);
            }
        }
        false
    }
}

/// Adds a thread at an instruction, and at all that can be reached from it without taking a code point.
fn add(
    threads: &mut Threads,
    stack: &mut Vec<Todo>,
    slots: &mut [usize],
    program: &Program,
    text: &[u8],
    start: InstId,
    pos: usize,
) {
    stack.push(Todo::Add(start));
    while let Some(todo) = stack.pop() {
        let mut at = match todo {
            Todo::Add(at) => at,
            Todo::Restore(slot, old) => {
                slots[slot as usize] = old;
                continue;
            }
        };
        while threads.insert(at) {
            threads.slots.extend_from_slice(slots);
            match program[at] {
                Inst::Split(first, second) => {
                    stack.push(Todo::Add(second));
                    at = first;
                }
                Inst::Save(slot, next) => {
                    if let Some(place) = slots.get_mut(slot as usize) {
                        stack.push(Todo::Restore(slot, *place));
                        *place = pos;
                    }
                    at = next;
                }
                Inst::Assert(assert, next) if holds(assert, text, pos) => at = next,
                _ => break,
            }
        }
    }
}
