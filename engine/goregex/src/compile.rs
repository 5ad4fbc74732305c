//! Trees to programs for the matchers.

use std::ops::Index;

use crate::ast::{Assert, Node, Repeat};
use crate::class::{Class, MAX_RUNE};
use crate::parse::Parsed;
use crate::unicode;
use crate::utf8::RUNE_ERROR;

/// A compiled pattern.
pub(crate) struct Program {
    pub(crate) insts: Vec<Inst>,
    pub(crate) classes: Vec<RuneSet>,
    pub(crate) start: InstId,
    /// The groups' names, as the parser leaves them.
    pub(crate) names: Vec<Vec<u8>>,
    /// Whether every match starts at the start of the text.
    pub(crate) anchored: bool,
    /// What every match starts with.
    pub(crate) prefix: Vec<u8>,
    /// The bytes that a match may start with; `None` if a match may be empty.
    pub(crate) first: Option<ByteSet>,
    /// For each instruction to which several ways lead a number of its own, for others [`ONE_WAY`]: a matcher comes
    /// to those only as often as to the one before.
    pub(crate) joins: Vec<u32>,
    pub(crate) join_count: usize,
}

/// An instruction of a [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InstId(u32);

impl InstId {
    /// Its place among the instructions.
    #[inline]
    pub(crate) fn place(self) -> usize {
        self.0 as usize
    }
}

/// A class of a [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClassId(u32);

impl Index<InstId> for Program {
    type Output = Inst;

    #[inline]
    fn index(&self, id: InstId) -> &Inst {
        &self.insts[id.place()]
    }
}

impl Index<ClassId> for Program {
    type Output = RuneSet;

    #[inline]
    fn index(&self, id: ClassId) -> &RuneSet {
        &self.classes[id.0 as usize]
    }
}

/// See [`Program::joins`].
pub(crate) const ONE_WAY: u32 = u32::MAX;

/// A step of a program; each names the step that follows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Inst {
    /// The end of a match.
    Match,
    /// One certain code point.
    Rune(u32, InstId),
    /// One code point of a class.
    Class(ClassId, InstId),
    /// Any code point but a newline.
    NotNewline(InstId),
    /// Any code point.
    Any(InstId),
    /// Either of two ways, the first one first.
    Split(InstId, InstId),
    /// An empty string at some places.
    Assert(Assert, InstId),
    /// The start (even) or end (odd) of a group.
    Save(u32, InstId),
}

/// A class as the matchers use it.
pub(crate) struct RuneSet {
    ascii: [u64; 2],
    /// All ranges that go beyond ASCII, in order.
    wide: Box<[(u32, u32)]>,
}

impl RuneSet {
    fn new(ranges: &[(u32, u32)]) -> RuneSet {
        let mut ascii = [0; 2];
        for &(lo, hi) in ranges {
            for r in lo..=hi.min(0x7f) {
                ascii[(r / 64) as usize] |= 1 << (r % 64);
            }
        }
        RuneSet { ascii, wide: ranges.iter().copied().filter(|r| r.1 >= 0x80).collect() }
    }

    /// Whether the code point is in the class.
    #[inline]
    pub(crate) fn contains(&self, rune: u32) -> bool {
        if rune < 0x80 {
            self.ascii[(rune / 64) as usize] >> (rune % 64) & 1 == 1
        } else {
            let i = self.wide.partition_point(|r| r.1 < rune);
            self.wide.get(i).is_some_and(|r| r.0 <= rune)
        }
    }
}

/// A set of bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct ByteSet([u64; 4]);

impl ByteSet {
    fn insert(&mut self, b: u8) {
        self.0[usize::from(b >> 6)] |= 1 << (b & 63);
    }

    fn insert_wide(&mut self) {
        self.0[2] = u64::MAX;
        self.0[3] = u64::MAX;
    }

    #[inline]
    pub(crate) fn contains(&self, b: u8) -> bool {
        self.0[usize::from(b >> 6)] >> (b & 63) & 1 == 1
    }
}

/// Compiles a tree. The parser has checked its size and depth.
pub(crate) fn compile(parsed: Parsed) -> Program {
    let mut node = parsed.node;
    let mut program = Program {
        insts: vec![Inst::Match],
        classes: Vec::new(),
        start: InstId(0),
        names: parsed.names,
        anchored: false,
        prefix: Vec::new(),
        first: None,
        joins: Vec::new(),
        join_count: 0,
    };
    program.start =
        Compiler { insts: &mut program.insts, classes: &mut program.classes }.node(&mut node, InstId(0)).start;
    program.analyze();
    program.find_joins();
    program
}

/// A compiled part: where it starts, and whether it may match the empty string.
#[derive(Clone, Copy)]
struct Part {
    start: InstId,
    nullable: bool,
}

/// Compiles from the end to the start: each part knows what follows it.
struct Compiler<'p> {
    insts: &'p mut Vec<Inst>,
    classes: &'p mut Vec<RuneSet>,
}

impl Compiler<'_> {
    fn push(&mut self, inst: Inst) -> InstId {
        self.insts.push(inst);
        InstId((self.insts.len() - 1) as u32)
    }

    /// A step that takes a code point.
    fn step(&mut self, inst: Inst) -> Part {
        Part { start: self.push(inst), nullable: false }
    }

    fn node(&mut self, node: &mut Node, next: InstId) -> Part {
        match node {
            Node::Empty => Part { start: next, nullable: true },
            Node::Literal { rune, fold: false } => self.step(Inst::Rune(*rune, next)),
            Node::Literal { rune, fold: true } => {
                let mut class = Class::new();
                class.push(*rune, *rune);
                unicode::add_folds(&mut class);
                *node = Node::class(class.into_ranges());
                self.node(node, next)
            }
            Node::Class(class) => match *class.ranges {
                [(0, MAX_RUNE)] => self.step(Inst::Any(next)),
                [(0, 9), (11, MAX_RUNE)] => self.step(Inst::NotNewline(next)),
                _ => {
                    let index = *class.compiled.get_or_insert_with(|| {
                        self.classes.push(RuneSet::new(&class.ranges));
                        ClassId((self.classes.len() - 1) as u32)
                    });
                    self.step(Inst::Class(index, next))
                }
            },
            Node::Assert(assert) => Part { start: self.push(Inst::Assert(*assert, next)), nullable: true },
            Node::Capture { index, sub } => {
                let end = self.push(Inst::Save(*index * 2 + 1, next));
                let sub = self.node(sub, end);
                Part { start: self.push(Inst::Save(*index * 2, sub.start)), nullable: sub.nullable }
            }
            Node::Concat(subs) => {
                let mut all = Part { start: next, nullable: true };
                for sub in subs.iter_mut().rev() {
                    let part = self.node(sub, all.start);
                    all = Part { start: part.start, nullable: all.nullable && part.nullable };
                }
                all
            }
            Node::Alternate(subs) => {
                let mut all: Option<Part> = None;
                for sub in subs.iter_mut().rev() {
                    let part = self.node(sub, next);
                    all = Some(match all {
                        None => part,
                        Some(rest) => Part {
                            start: self.push(Inst::Split(part.start, rest.start)),
                            nullable: part.nullable || rest.nullable,
                        },
                    });
                }
                all.unwrap_or(Part { start: next, nullable: true })
            }
            Node::Repeat(repeat) => self.repeat(repeat, next),
        }
    }

    fn repeat(&mut self, repeat: &mut Repeat, next: InstId) -> Part {
        let Repeat { sub, min, max, greedy } = repeat;
        let (min, greedy) = (*min, *greedy);
        let empty = Part { start: next, nullable: true };
        if *max == Some(0) || is_empty(sub) {
            return empty;
        }
        // `(?:x*)*` is `x*`.
        if let Node::Repeat(inner) = sub
            && (inner.min, inner.max, inner.greedy) == (min, *max, greedy)
            && matches!((min, *max), (0 | 1, None) | (0, Some(1)))
        {
            return self.repeat(inner, next);
        }
        let mut all = empty;
        match *max {
            None => {
                let again = self.push(Inst::Split(next, next));
                let body = self.node(sub, again);
                self.insts[again.place()] = split(body.start, next, greedy);
                all = body;
                if min == 0 {
                    // A body that may be empty must not be skipped at once: `(?:x+)?` keeps the order of priority.
                    let skip = if body.nullable { self.push(split(body.start, next, greedy)) } else { again };
                    all = Part { start: skip, nullable: true };
                }
            }
            Some(max) => {
                // `x{2,5}` is `xx(x(x(x)?)?)?`.
                for _ in min..max {
                    let body = self.node(sub, all.start);
                    all = Part { start: self.push(split(body.start, next, greedy)), nullable: true };
                }
            }
        }
        let already = if max.is_none() { min.min(1) } else { 0 };
        for _ in already..min {
            let body = self.node(sub, all.start);
            all = Part { start: body.start, nullable: all.nullable && body.nullable };
        }
        all
    }
}

fn split(body: InstId, next: InstId, greedy: bool) -> Inst {
    if greedy { Inst::Split(body, next) } else { Inst::Split(next, body) }
}

/// Whether the tree is the empty string in disguise, such as `x{0}`: repeating it means nothing.
fn is_empty(node: &Node) -> bool {
    match node {
        Node::Empty => true,
        Node::Repeat(r) => r.max == Some(0) || is_empty(&r.sub),
        _ => false,
    }
}

impl Program {
    /// Finds out what every match starts with.
    fn analyze(&mut self) {
        let mut at = self.start;
        loop {
            match self[at] {
                Inst::Save(_, next) => at = next,
                Inst::Rune(rune, next) if rune != RUNE_ERROR && self.prefix.len() < 32 => {
                    let Some(c) = char::from_u32(rune) else { break };
                    self.prefix.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    at = next;
                }
                _ => break,
            }
        }

        let mut seen = vec![false; self.insts.len()];
        let mut todo = vec![self.start];
        let mut first = ByteSet::default();
        let (mut empty, mut anchored) = (false, true);
        while let Some(at) = todo.pop() {
            if std::mem::replace(&mut seen[at.place()], true) {
                continue;
            }
            match self[at] {
                // Beyond a `^` only the start of the text is of interest.
                Inst::Assert(Assert::BeginText, _) => continue,
                Inst::Assert(_, next) | Inst::Save(_, next) => {
                    todo.push(next);
                    continue;
                }
                Inst::Split(a, b) => {
                    todo.extend([b, a]);
                    continue;
                }
                Inst::Match => empty = true,
                Inst::Rune(rune, _) if rune < 0x80 => first.insert(rune as u8),
                Inst::Rune(..) => first.insert_wide(),
                Inst::Class(class, _) => {
                    let class = &self[class];
                    (0..0x80).filter(|&b| class.contains(u32::from(b))).for_each(|b| first.insert(b));
                    if !class.wide.is_empty() {
                        first.insert_wide();
                    }
                }
                Inst::NotNewline(_) | Inst::Any(_) => empty = true,
            }
            anchored = false;
        }
        self.anchored = anchored;
        self.first = (!empty && !anchored && !seen_begin(&self.insts, &seen)).then_some(first);
    }

    fn find_joins(&mut self) {
        let mut ways = vec![0_u8; self.insts.len()];
        let mut lead = |to: InstId| ways[to.place()] = ways[to.place()].saturating_add(1);
        lead(self.start);
        for inst in &self.insts {
            match *inst {
                Inst::Match => {}
                Inst::Split(a, b) => {
                    lead(a);
                    lead(b);
                }
                Inst::Rune(_, next)
                | Inst::Class(_, next)
                | Inst::NotNewline(next)
                | Inst::Any(next)
                | Inst::Assert(_, next)
                | Inst::Save(_, next) => lead(next),
            }
        }
        for count in ways {
            self.joins.push(if count > 1 { self.join_count as u32 } else { ONE_WAY });
            self.join_count += usize::from(count > 1);
        }
    }

    /// How many groups it has, the whole match included.
    pub(crate) fn groups(&self) -> usize {
        self.names.len()
    }
}

/// Whether a `^` was met: then what follows it is unknown.
fn seen_begin(insts: &[Inst], seen: &[bool]) -> bool {
    insts.iter().zip(seen).any(|(inst, &seen)| seen && matches!(inst, Inst::Assert(Assert::BeginText, _)))
}
