//! Patterns to trees, with the errors of Go's `regexp/syntax`, in its order.

use crate::ast::{Assert, Node, Repeat};
use crate::class::{Class, MAX_RUNE};
use crate::error::{Error, ErrorCode};
use crate::parse_class::ClassParser;
use crate::unicode;
use crate::utf8::{RUNE_ERROR, decode};

/// How deep a tree may be.
const MAX_HEIGHT: u32 = 1000;
/// How many instructions a pattern may compile to.
const MAX_SIZE: u64 = (128 << 20) / 40;
/// How many ends of ranges the classes of a pattern may have together.
const MAX_RUNES: usize = (128 << 20) / 4;
/// How often nested counted repetitions may repeat a thing.
const MAX_REPEAT: u32 = 1000;

/// A parsed pattern.
pub(crate) struct Parsed {
    pub(crate) node: Node,
    /// The names of the groups: the first is that of the whole, empty; so are those of groups without name.
    pub(crate) names: Vec<Vec<u8>>,
}

/// Parses a pattern with the flags of `regexp.Compile`.
pub(crate) fn parse(pattern: &[u8]) -> Result<Parsed, Error> {
    let mut parser =
        Parser { whole: pattern, flags: Flags::default(), stack: Vec::new(), names: vec![Vec::new()], runes: 0 };
    parser.run()?;
    match parser.stack.pop() {
        Some(Item { entry: Entry::Node(node), .. }) if parser.stack.is_empty() => {
            Ok(Parsed { node, names: parser.names })
        }
        _ => Err(Error::new(ErrorCode::MissingParen, pattern)),
    }
}

/// What `(?ims-U)` switches.
#[derive(Clone, Copy, Default)]
pub(crate) struct Flags {
    /// `i`: case does not matter.
    pub(crate) fold: bool,
    /// `m`: `^` and `$` match at lines.
    multi_line: bool,
    /// `s`: `.` matches newlines.
    dot_newline: bool,
    /// `U`: `*` is lazy, `*?` is greedy.
    swap_greed: bool,
}

/// Something on the stack, with what the limits are about.
struct Item {
    entry: Entry,
    /// The height of the tree.
    height: u32,
    /// How many instructions it compiles to.
    size: u64,
    /// How often nested counted repetitions repeat the innermost thing.
    repeats: u32,
}

enum Entry {
    Node(Node),
    /// `(`, the flags to come back to after it, and the group's number if it has one.
    LeftParen(Flags, Option<u32>),
    /// `|`; it stays on top of all alternatives before.
    Bar,
}

impl Item {
    fn leaf(node: Node) -> Item {
        Item { entry: Entry::Node(node), height: 1, size: 1, repeats: 1 }
    }

    fn mark(entry: Entry) -> Item {
        Item { entry, height: 1, size: 1, repeats: 1 }
    }
}

struct Parser<'p> {
    whole: &'p [u8],
    flags: Flags,
    stack: Vec<Item>,
    names: Vec<Vec<u8>>,
    runes: usize,
}

/// The code point at the start of a pattern, and the rest; at the end U+FFFD.
pub(crate) fn next_rune(s: &[u8]) -> Result<(u32, &[u8]), Error> {
    match decode(s) {
        (RUNE_ERROR, 1) => Err(Error::new(ErrorCode::InvalidUtf8, s)),
        (rune, width) => Ok((rune, &s[width..])),
    }
}

/// Fails at the first invalid byte.
pub(crate) fn check_utf8(mut s: &[u8]) -> Result<(), Error> {
    while !s.is_empty() {
        (_, s) = next_rune(s)?;
    }
    Ok(())
}

/// The part of `s` before its suffix `rest`.
pub(crate) fn before<'p>(s: &'p [u8], rest: &[u8]) -> &'p [u8] {
    &s[..s.len().saturating_sub(rest.len())]
}

impl<'p> Parser<'p> {
    fn run(&mut self) -> Result<(), Error> {
        let mut t = self.whole;
        // Where the last repetition operator starts, if it was just before.
        let mut last_repeat: Option<&[u8]> = None;
        while let Some(&b) = t.first() {
            let mut repeat = None;
            match b {
                b'(' => {
                    if t.get(1) == Some(&b'?') {
                        t = self.perl_flags(t)?;
                    } else {
                        self.names.push(Vec::new());
                        self.left_paren(true)?;
                        t = &t[1..];
                    }
                }
                b'|' => {
                    self.concat()?;
                    if !self.swap_bar() {
                        self.stack.push(Item::mark(Entry::Bar));
                    }
                    t = &t[1..];
                }
                b')' => {
                    self.right_paren()?;
                    t = &t[1..];
                }
                b'^' => {
                    self.assert(if self.flags.multi_line { Assert::BeginLine } else { Assert::BeginText })?;
                    t = &t[1..];
                }
                b'$' => {
                    self.assert(if self.flags.multi_line { Assert::EndLine } else { Assert::EndText })?;
                    t = &t[1..];
                }
                b'.' => {
                    let ranges: &[(u32, u32)] =
                        if self.flags.dot_newline { &[(0, MAX_RUNE)] } else { &[(0, 9), (11, MAX_RUNE)] };
                    self.push(Item::leaf(Node::class(ranges)))?;
                    t = &t[1..];
                }
                b'[' => {
                    let (class, rest) = ClassParser { flags: self.flags }.bracketed(t)?;
                    self.class(class)?;
                    t = rest;
                }
                b'*' | b'+' | b'?' => {
                    let (min, max) = match b {
                        b'*' => (0, None),
                        b'+' => (1, None),
                        _ => (0, Some(1)),
                    };
                    let rest = self.repeat(min, max, false, t, &t[1..], last_repeat)?;
                    repeat = Some(t);
                    t = rest;
                }
                b'{' => match repeat_count(t) {
                    None => {
                        self.literal(u32::from(b'{'))?;
                        t = &t[1..];
                    }
                    Some((count, rest)) => {
                        let Some((min, max)) = count else {
                            return Err(Error::new(ErrorCode::InvalidRepeatSize, before(t, rest)));
                        };
                        let rest = self.repeat(min, max, true, t, rest, last_repeat)?;
                        repeat = Some(t);
                        t = rest;
                    }
                },
                b'\\' => t = self.escape(t)?,
                _ => {
                    let (rune, rest) = next_rune(t)?;
                    self.literal(rune)?;
                    t = rest;
                }
            }
            last_repeat = repeat;
        }
        self.close()
    }

    /// A backslash and what belongs to it.
    fn escape(&mut self, t: &'p [u8]) -> Result<&'p [u8], Error> {
        let assert = match t.get(1) {
            Some(b'A') => Some(Assert::BeginText),
            Some(b'z') => Some(Assert::EndText),
            Some(b'b') => Some(Assert::WordBoundary),
            Some(b'B') => Some(Assert::NoWordBoundary),
            Some(b'C') => return Err(Error::new(ErrorCode::InvalidEscape, &t[..2])),
            Some(b'Q') => {
                let quoted = &t[2..];
                let end = quoted.windows(2).position(|w| w == b"\\E");
                let mut literal = &quoted[..end.unwrap_or(quoted.len())];
                while !literal.is_empty() {
                    let (rune, rest) = next_rune(literal)?;
                    self.literal(rune)?;
                    literal = rest;
                }
                return Ok(end.map_or(&[], |end| &quoted[end + 2..]));
            }
            _ => None,
        };
        if let Some(assert) = assert {
            self.assert(assert)?;
            return Ok(&t[2..]);
        }
        let mut class = Class::new();
        if let Some(rest) = (ClassParser { flags: self.flags }).escaped_class(t, &mut class)? {
            self.class(class)?;
            return Ok(rest);
        }
        let (rune, rest) = escaped_rune(t)?;
        self.literal(rune)?;
        Ok(rest)
    }

    fn assert(&mut self, assert: Assert) -> Result<(), Error> {
        self.push(Item::leaf(Node::Assert(assert)))
    }

    fn literal(&mut self, rune: u32) -> Result<(), Error> {
        let fold = self.flags.fold && unicode::simple_fold(rune) != rune;
        self.push(Item::leaf(Node::Literal { rune, fold }))
    }

    fn class(&mut self, class: Class) -> Result<(), Error> {
        let ranges = class.into_ranges();
        self.runes += ranges.len() * 2;
        self.push(Item::leaf(Node::class(ranges)))
    }

    /// Puts an item on the stack, if it keeps to the limits.
    fn push(&mut self, item: Item) -> Result<(), Error> {
        self.check(&item)?;
        self.stack.push(item);
        Ok(())
    }

    fn check(&self, item: &Item) -> Result<(), Error> {
        if self.runes > MAX_RUNES || item.size > MAX_SIZE {
            return Err(Error::new(ErrorCode::Large, self.whole));
        }
        if item.height > MAX_HEIGHT {
            return Err(Error::new(ErrorCode::NestingDepth, self.whole));
        }
        Ok(())
    }

    fn left_paren(&mut self, captures: bool) -> Result<(), Error> {
        let index = captures.then(|| self.names.len() as u32 - 1);
        self.push(Item::mark(Entry::LeftParen(self.flags, index)))
    }

    /// Repeats the top of the stack. `t` starts at the operator, `after` behind it; the answer is what follows
    /// a `?` there.
    fn repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        counted: bool,
        t: &'p [u8],
        mut after: &'p [u8],
        last_repeat: Option<&[u8]>,
    ) -> Result<&'p [u8], Error> {
        let mut greedy = !self.flags.swap_greed;
        if let Some(rest) = after.strip_prefix(b"?") {
            after = rest;
            greedy = !greedy;
        }
        if let Some(last) = last_repeat {
            return Err(Error::new(ErrorCode::InvalidRepeatOp, before(last, after)));
        }
        let Some(Item { entry: Entry::Node(_), .. }) = self.stack.last() else {
            return Err(Error::new(ErrorCode::MissingRepeatArgument, before(t, after)));
        };
        if let Some(Item { entry: Entry::Node(sub), height, size, repeats }) = self.stack.pop() {
            let size = match (min, max) {
                (0, None) => 2 + size,
                (min, None) => 1 + u64::from(min) * size,
                (0, Some(1)) => 1 + size,
                (min, Some(max)) => u64::from(max) * size + u64::from(max - min),
            };
            let repeats = match max.unwrap_or(min) {
                0 if max.is_some() => 1,
                n => repeats.saturating_mul(n.max(1)),
            };
            let node = Node::Repeat(Box::new(Repeat { sub, min, max, greedy }));
            self.push(Item { entry: Entry::Node(node), height: height + 1, size: size.max(1), repeats })?;
            if counted && repeats > MAX_REPEAT && (min >= 2 || max >= Some(2)) {
                return Err(Error::new(ErrorCode::InvalidRepeatSize, before(t, after)));
            }
        }
        Ok(after)
    }

    /// Takes all nodes from the stack that are above the last `|` or `(`.
    fn pop_nodes(&mut self) -> Vec<Item> {
        let start = self.stack.iter().rposition(|i| !matches!(i.entry, Entry::Node(_))).map_or(0, |i| i + 1);
        self.stack.split_off(start)
    }

    /// Joins what is above the last `|` or `(` to one node.
    fn concat(&mut self) -> Result<(), Error> {
        let items = self.pop_nodes();
        if items.is_empty() {
            return self.push(Item::leaf(Node::Empty));
        }
        let item = collapse(items, false);
        self.push(item)
    }

    /// If the item below the top is a `|`, swaps both, so that the alternatives gather below it.
    fn swap_bar(&mut self) -> bool {
        let n = self.stack.len();
        if n < 2 || !matches!(self.stack[n - 2].entry, Entry::Bar) {
            return false;
        }
        self.stack.swap(n - 1, n - 2);
        true
    }

    /// Ends the group or pattern: joins its alternatives to one node.
    fn close(&mut self) -> Result<(), Error> {
        self.concat()?;
        if self.swap_bar() {
            self.stack.pop();
        }
        let items = self.pop_nodes();
        let item = collapse(items, true);
        self.push(item)
    }

    fn right_paren(&mut self) -> Result<(), Error> {
        self.close()?;
        let inner = self.stack.pop();
        match (inner, self.stack.pop()) {
            (
                Some(Item { entry: Entry::Node(node), height, size, repeats }),
                Some(Item { entry: Entry::LeftParen(flags, index), .. }),
            ) => {
                self.flags = flags;
                self.push(match index {
                    None => Item { entry: Entry::Node(node), height, size, repeats },
                    Some(index) => {
                        let node = Node::Capture { index, sub: Box::new(node) };
                        Item { entry: Entry::Node(node), height: height + 1, size: size + 2, repeats }
                    }
                })
            }
            _ => Err(Error::new(ErrorCode::UnexpectedParen, self.whole)),
        }
    }

    /// `(?` and what belongs to it: a name, flags, or a group with flags.
    fn perl_flags(&mut self, s: &'p [u8]) -> Result<&'p [u8], Error> {
        let name_start = match s {
            [_, _, b'P', b'<', _, ..] => Some(4),
            [_, _, b'<', _, ..] => Some(3),
            _ => None,
        };
        if let Some(start) = name_start {
            let Some(end) = s.iter().position(|&b| b == b'>') else {
                check_utf8(s)?;
                return Err(Error::new(ErrorCode::InvalidNamedCapture, s));
            };
            let name = &s[start..end];
            check_utf8(name)?;
            if name.is_empty() || !name.iter().all(|&b| crate::utf8::is_word(b)) {
                return Err(Error::new(ErrorCode::InvalidNamedCapture, &s[..=end]));
            }
            self.names.push(name.to_vec());
            self.left_paren(true)?;
            return Ok(&s[end + 1..]);
        }

        let mut t = &s[2..];
        let mut flags = self.flags;
        let (mut negative, mut saw_flag) = (false, false);
        while !t.is_empty() {
            let (c, rest) = next_rune(t)?;
            t = rest;
            match u8::try_from(c).unwrap_or(0) {
                b'i' => flags.fold = !negative,
                b'm' => flags.multi_line = !negative,
                b's' => flags.dot_newline = !negative,
                b'U' => flags.swap_greed = !negative,
                b'-' if !negative => {
                    negative = true;
                    saw_flag = false;
                    continue;
                }
                end @ (b':' | b')') if saw_flag || !negative => {
                    if end == b':' {
                        self.left_paren(false)?;
                    }
                    self.flags = flags;
                    return Ok(t);
                }
                _ => break,
            }
            saw_flag = true;
        }
        Err(Error::new(ErrorCode::InvalidPerlOp, before(s, t)))
    }
}

/// Makes one item of several, one after the other or as alternatives.
fn collapse(mut items: Vec<Item>, alternatives: bool) -> Item {
    if items.len() == 1
        && let Some(only) = items.pop()
    {
        return only;
    }
    let mut all = Item { entry: Entry::Bar, height: 1, size: 0, repeats: 1 };
    let mut nodes: Vec<Node> = Vec::with_capacity(items.len());
    for item in items {
        let Entry::Node(node) = item.entry else { continue };
        all.repeats = all.repeats.max(item.repeats);
        all.size += item.size + u64::from(alternatives && !nodes.is_empty());
        all.height = all.height.max(item.height + 1);
        match node {
            Node::Concat(subs) if !alternatives => {
                all.height = all.height.max(item.height);
                nodes.extend(subs);
            }
            Node::Alternate(subs) if alternatives => nodes.extend(subs),
            node => {
                // A class in place of single code points side by side, as in `a|b|[cd]`.
                match nodes.last_mut() {
                    Some(last) if alternatives && last.is_class() && node.is_class() => {
                        merge(last, &node);
                    }
                    _ => nodes.push(node),
                }
            }
        }
    }
    all.size = all.size.max(1);
    let node = match nodes.len() {
        1 => nodes.remove(0),
        _ if alternatives => Node::Alternate(nodes),
        _ => Node::Concat(nodes),
    };
    all.entry = Entry::Node(node);
    all
}

/// Makes a class of two nodes that match one code point each.
fn merge(into: &mut Node, other: &Node) {
    let mut class = Class::new();
    for node in [&*into, other] {
        match node {
            Node::Literal { rune, fold } => {
                class.push(*rune, *rune);
                if *fold {
                    let mut next = unicode::simple_fold(*rune);
                    while next != *rune {
                        class.push(next, next);
                        next = unicode::simple_fold(next);
                    }
                }
            }
            Node::Class(c) => class.extend(&c.ranges),
            _ => {}
        }
    }
    *into = Node::class(class.into_ranges());
}

/// The numbers of a repetition: the fewest, and the most if there is an end.
type Count = (u32, Option<u32>);

/// `{2}`, `{2,}` or `{2,5}`, and what follows. Nothing if it is not of that form; no numbers if they are too big
/// or in the wrong order.
fn repeat_count(s: &[u8]) -> Option<(Option<Count>, &[u8])> {
    let (min, s) = decimal(s.strip_prefix(b"{")?)?;
    let (max, s) = match s.strip_prefix(b",") {
        None => (Some(min), s),
        Some(s) if s.first() == Some(&b'}') => (None, s),
        Some(s) => decimal(s).map(|(max, s)| (Some(max), s))?,
    };
    let rest = s.strip_prefix(b"}")?;
    let valid = min <= MAX_REPEAT && max.is_none_or(|max| (min..=MAX_REPEAT).contains(&max));
    Some((valid.then_some((min, max)), rest))
}

/// A decimal number without leading zeros, and what follows; a very large number stays just too large.
fn decimal(s: &[u8]) -> Option<(u32, &[u8])> {
    let len = s.iter().position(|b| !b.is_ascii_digit()).unwrap_or(s.len());
    if len == 0 || len > 1 && s[0] == b'0' {
        return None;
    }
    let n = s[..len].iter().fold(0_u32, |n, b| n.saturating_mul(10).saturating_add(u32::from(b - b'0')));
    Some((n, &s[len..]))
}

/// The code point that an escape such as `\n` or `\x{1F600}` stands for, and what follows.
pub(crate) fn escaped_rune(s: &[u8]) -> Result<(u32, &[u8]), Error> {
    let t = &s[1..];
    if t.is_empty() {
        return Err(Error::new(ErrorCode::TrailingBackslash, b""));
    }
    let (c, mut t) = next_rune(t)?;
    let octal = |t: &[u8]| t.first().filter(|b| (b'0'..=b'7').contains(b)).map(|&b| u32::from(b - b'0'));
    let hex = |c: u32| char::from_u32(c).and_then(|c| c.to_digit(16));
    let ascii = u8::try_from(c).unwrap_or(0xff);
    match ascii {
        // A digit alone would be a back-reference.
        b'1'..=b'7' if octal(t).is_none() => {}
        b'0'..=b'7' => {
            let mut rune = c - u32::from(b'0');
            for _ in 0..2 {
                let Some(digit) = octal(t) else { break };
                rune = rune * 8 + digit;
                t = &t[1..];
            }
            return Ok((rune, t));
        }
        b'x' if !t.is_empty() => {
            let (first, rest) = next_rune(t)?;
            t = rest;
            if first != u32::from(b'{') {
                let (second, rest) = next_rune(t)?;
                t = rest;
                if let (Some(x), Some(y)) = (hex(first), hex(second)) {
                    return Ok((x * 16 + y, t));
                }
            } else {
                let mut rune: Option<u32> = None;
                while !t.is_empty() {
                    let (c, rest) = next_rune(t)?;
                    t = rest;
                    if c == u32::from(b'}') {
                        if let Some(rune) = rune {
                            return Ok((rune, t));
                        }
                        break;
                    }
                    match hex(c).map(|digit| rune.unwrap_or(0) * 16 + digit) {
                        Some(next) if next <= MAX_RUNE => rune = Some(next),
                        _ => break,
                    }
                }
            }
        }
        b'a' => return Ok((7, t)),
        b'f' => return Ok((0xc, t)),
        b'n' => return Ok((0xa, t)),
        b'r' => return Ok((0xd, t)),
        b't' => return Ok((9, t)),
        b'v' => return Ok((0xb, t)),
        _ if ascii.is_ascii() && !ascii.is_ascii_alphanumeric() => return Ok((c, t)),
        _ => {}
    }
    Err(Error::new(ErrorCode::InvalidEscape, before(s, t)))
}
