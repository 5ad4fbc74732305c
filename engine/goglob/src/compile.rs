//! Trees to matchers (gobwas/glob: compiler/compiler.go).

use crate::BadPattern;
use crate::matcher::{Matcher, Tree};
use crate::syntax::Node;

/// How many parts a pattern may have side by side: finding out which of them belong together takes long.
const MAX_PARTS: usize = 100;

/// Compiles a tree.
pub(crate) fn compile(node: &Node) -> Result<Matcher, BadPattern> {
    let matcher = match node {
        Node::AnyOf(children) => {
            if let Some(node) = factor(children) {
                return compile(&node);
            }
            return Ok(Matcher::AnyOf(compile_all(children)?));
        }
        Node::Pattern(children) if children.is_empty() => return Ok(Matcher::Nothing),
        Node::Pattern(children) => join(minimize(compile_all(children)?)),
        Node::Any => Matcher::Any,
        Node::Super => Matcher::Super,
        Node::Single => Matcher::Single,
        Node::Nothing => Matcher::Nothing,
        Node::List { chars, not } => Matcher::List { chars: chars.clone(), not: *not },
        Node::Range { lo, hi, not } => Matcher::Range { lo: *lo, hi: *hi, not: *not },
        Node::Text(text) => Matcher::Text(text.clone()),
    };
    Ok(optimize(matcher))
}

fn compile_all(nodes: &[Node]) -> Result<Vec<Matcher>, BadPattern> {
    if nodes.len() > MAX_PARTS {
        return Err(BadPattern);
    }
    nodes.iter().map(|node| compile(node).map(optimize)).collect()
}

/// Takes what all alternatives start and end with out of them.
fn factor(alternatives: &[Node]) -> Option<Node> {
    let children = |node: &Node| match node {
        Node::Pattern(children) => children.clone(),
        _ => Vec::new(),
    };
    let lists: Vec<Vec<Node>> = alternatives.iter().map(children).collect();
    let (left, right) = common(&lists);
    if left == 0 && right == 0 {
        return None;
    }
    let first = lists.first()?;
    let mut result = Vec::new();
    if left > 0 {
        result.push(Node::Pattern(first[..left].to_vec()));
    }
    let mut middles: Vec<Node> = Vec::new();
    for list in &lists {
        let rest = list.get(left..list.len() - right).unwrap_or_default();
        let middle = if rest.is_empty() { Node::Nothing } else { Node::Pattern(rest.to_vec()) };
        if !middles.contains(&middle) {
            middles.push(middle);
        }
    }
    match &middles[..] {
        [Node::Nothing] => {}
        [one] => result.push(one.clone()),
        _ => result.push(Node::AnyOf(middles)),
    }
    if right > 0 {
        result.push(Node::Pattern(first[first.len() - right..].to_vec()));
    }
    Some(Node::Pattern(result))
}

/// How many nodes all lists have in common at their starts and ends, found as Go does: from both sides at once.
fn common(lists: &[Vec<Node>]) -> (usize, usize) {
    let (mut left, mut right) = (0, 0);
    let Some(shortest) = lists.iter().enumerate().min_by_key(|(i, list)| (list.len(), *i)).map(|(i, _)| i) else {
        return (0, 0);
    };
    if lists.len() < 2 {
        return (0, 0);
    }
    let len = lists[shortest].len();
    let (mut stop_left, mut stop_right) = (false, false);
    for i in 0..len {
        if left + right >= len || stop_left && stop_right {
            break;
        }
        let from_end = len - 1 - i;
        for (k, list) in lists.iter().enumerate() {
            if k == shortest || stop_left && stop_right {
                continue;
            }
            stop_left |= lists[shortest][i] != list[i];
            // Both sides must not overlap.
            stop_right |= !stop_left && from_end <= i;
            stop_right |= lists[shortest][from_end] != list[list.len() - 1 - i];
        }
        left += usize::from(!stop_left);
        right += usize::from(!stop_right);
    }
    (left, right)
}

/// A simpler matcher for the same.
fn optimize(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::AnyOf(mut parts) if parts.len() == 1 => parts.pop().unwrap_or(Matcher::Nothing),
        Matcher::List { chars, not: false } if chars.len() == 1 => {
            Matcher::Text(chars.into_iter().collect::<String>().into_bytes())
        }
        Matcher::Tree(tree) => optimize_tree(*tree),
        other => other,
    }
}

fn optimize_tree(tree: Tree) -> Matcher {
    let left = tree.left.map(optimize);
    let right = tree.right.map(optimize);
    let text = match tree.value {
        Matcher::Text(text) => text,
        value => return Matcher::Tree(Box::new(Tree { value, left, right })),
    };
    match (left, right) {
        (None, None) => Matcher::Text(text),
        (Some(Matcher::Super), Some(Matcher::Super)) => Matcher::Contains { needle: text, not: false },
        (Some(Matcher::Super), None) => Matcher::Suffix(text),
        (None, Some(Matcher::Super)) => Matcher::Prefix(text),
        (None, Some(Matcher::Suffix(suffix))) => Matcher::PrefixSuffix(text, suffix),
        (Some(Matcher::Prefix(prefix)), None) => Matcher::PrefixSuffix(prefix, text),
        (Some(Matcher::Any), None) => Matcher::SuffixAny(text),
        (None, Some(Matcher::Any)) => Matcher::PrefixAny(text),
        (left, right) => Matcher::Tree(Box::new(Tree { value: Matcher::Text(text), left, right })),
    }
}

/// Makes one matcher of several: a tree around the longest part of certain length.
fn join(mut parts: Vec<Matcher>) -> Matcher {
    if parts.len() == 1 {
        return parts.pop().unwrap_or(Matcher::Nothing);
    }
    if let Some(glued) = glue(&parts) {
        return glued;
    }
    let mut longest: Option<(usize, usize)> = None;
    for (i, part) in parts.iter().enumerate() {
        if let Some(len) = part.len()
            && longest.is_none_or(|(_, most)| len >= most)
        {
            longest = Some((i, len));
        }
    }
    let at = longest.map_or(0, |(i, _)| i);
    let right = parts.split_off((at + 1).min(parts.len()));
    let value = parts.pop().unwrap_or(Matcher::Nothing);
    let side = |parts: Vec<Matcher>| if parts.is_empty() { None } else { Some(join(parts)) };
    Matcher::Tree(Box::new(Tree { value, left: side(parts), right: side(right) }))
}

/// Joins neighbours to single matchers where that is possible.
fn minimize(mut parts: Vec<Matcher>) -> Vec<Matcher> {
    loop {
        let mut best: Option<(Matcher, usize, usize)> = None;
        for l in 0..parts.len() {
            for r in (l + 1..=parts.len()).rev() {
                let Some(glued) = glue(&parts[l..r]) else { continue };
                let better = match &best {
                    None => true,
                    Some((done, from, to)) => {
                        let longer = matches!((done.len(), glued.len()), (Some(old), Some(new)) if new > old);
                        longer || to - from < r - l
                    }
                };
                if better {
                    best = Some((glued, l, r));
                }
            }
        }
        let Some((glued, l, r)) = best else { return parts };
        parts.splice(l..r, [glued]);
    }
}

/// One matcher in place of at least two, if there is one.
fn glue(parts: &[Matcher]) -> Option<Matcher> {
    if parts.len() < 2 {
        return None;
    }
    glue_every(parts).or_else(|| {
        let len = parts.iter().map(Matcher::len).sum::<Option<usize>>()?;
        Some(Matcher::Row { parts: parts.to_vec(), len })
    })
}

/// Joins parts that exclude the same characters.
fn glue_every(parts: &[Matcher]) -> Option<Matcher> {
    let (mut any, mut all, mut single) = (false, false, 0);
    let mut excluded: Option<&[char]> = None;
    for part in parts {
        let excludes: &[char] = match part {
            Matcher::Super => {
                all = true;
                &[]
            }
            Matcher::Any => {
                any = true;
                &['/']
            }
            Matcher::Single => {
                single += 1;
                &['/']
            }
            Matcher::List { chars, not: true } => {
                single += 1;
                chars
            }
            _ => return None,
        };
        if *excluded.get_or_insert(excludes) != excludes {
            return None;
        }
    }
    let excluded = excluded.unwrap_or_default();
    if all && !any && single == 0 {
        return Some(Matcher::Super);
    }
    if any && !all && single == 0 {
        return Some(Matcher::Any);
    }
    if (any || all) && single > 0 && excluded.is_empty() {
        return Some(Matcher::Min(single));
    }
    let mut every = Vec::new();
    if single > 0 {
        every.push(Matcher::Min(single));
        if !any && !all {
            every.push(Matcher::Max(single));
        }
    }
    if !excluded.is_empty() {
        // As in Go, several characters are excluded only as one text.
        every.push(Matcher::Contains { needle: excluded.iter().collect::<String>().into_bytes(), not: true });
    }
    Some(Matcher::EveryOf(every))
}
