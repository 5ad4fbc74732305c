//! The automaton of Aho and Corasick: where many texts are in another, in one pass.

/// A trie of texts. The node of what was read last is the state.
pub(crate) struct Automaton {
    nodes: Vec<Node>,
    /// The children of the root, by byte: most bytes are read there.
    first: Vec<State>,
}

/// Index of a node.
pub(crate) type State = u32;

/// A beginning of a text.
#[derive(Default)]
struct Node {
    /// Its last byte.
    byte: u8,
    /// Whether it is a whole text.
    whole: bool,
    /// One of the nodes that are longer by a byte, or the root.
    child: State,
    /// Another child of the same node, or the root.
    sibling: State,
    /// Its longest proper suffix that is a node.
    suffix: State,
    /// Its length.
    depth: u32,
    /// The length of the longest text that it ends with, or 0.
    longest: u32,
}

impl Automaton {
    /// Nothing is under way.
    pub(crate) const START: State = 0;

    /// For these texts, none of them empty.
    pub(crate) fn new(texts: &[Vec<u8>]) -> Automaton {
        let mut automaton = Automaton { nodes: vec![Node::default()], first: vec![Automaton::START; 256] };
        for text in texts {
            let end = text.iter().fold(Automaton::START, |node, &byte| automaton.grow(node, byte));
            automaton.node_mut(end).whole = true;
        }
        automaton.link();
        automaton
    }

    /// The child of a node by this byte, which is made where there is none.
    fn grow(&mut self, parent: State, byte: u8) -> State {
        if let Some(child) = self.child(parent, byte) {
            return child;
        }
        let new = State::try_from(self.nodes.len()).expect("an input is far from 2^32 bytes");
        let Node { child: sibling, depth, .. } = *self.node(parent);
        self.nodes.push(Node { byte, sibling, depth: depth + 1, ..Node::default() });
        self.node_mut(parent).child = new;
        if parent == Automaton::START {
            self.first[usize::from(byte)] = new;
        }
        new
    }

    /// Gives each node its suffix. Those that are shorter come first.
    fn link(&mut self) {
        let mut level = vec![Automaton::START];
        while !level.is_empty() {
            let mut longer = Vec::new();
            for parent in level {
                let mut state = self.node(parent).child;
                while state != Automaton::START {
                    let Node { byte, sibling, depth, whole, .. } = *self.node(state);
                    let suffix = match parent {
                        Automaton::START => Automaton::START,
                        _ => self.next(self.node(parent).suffix, byte),
                    };
                    let longest = if whole { depth } else { self.node(suffix).longest };
                    let node = self.node_mut(state);
                    (node.suffix, node.longest) = (suffix, longest);
                    longer.push(state);
                    state = sibling;
                }
            }
            level = longer;
        }
    }

    /// The state after one more byte.
    pub(crate) fn next(&self, mut state: State, byte: u8) -> State {
        loop {
            if let Some(child) = self.child(state, byte) {
                return child;
            }
            if state == Automaton::START {
                return state;
            }
            state = self.node(state).suffix;
        }
    }

    /// How many of the bytes that were read last are the beginning of a text.
    pub(crate) fn depth(&self, state: State) -> usize {
        self.node(state).depth as usize
    }

    /// The length of the longest text that ends here.
    pub(crate) fn longest(&self, state: State) -> Option<usize> {
        let length = self.node(state).longest;
        (length > 0).then_some(length as usize)
    }

    fn child(&self, parent: State, byte: u8) -> Option<State> {
        if parent == Automaton::START {
            return Some(self.first[usize::from(byte)]).filter(|child| *child != Automaton::START);
        }
        let mut child = self.node(parent).child;
        while child != Automaton::START {
            let node = self.node(child);
            if node.byte == byte {
                return Some(child);
            }
            child = node.sibling;
        }
        None
    }

    fn node(&self, state: State) -> &Node {
        &self.nodes[state as usize]
    }

    fn node_mut(&mut self, state: State) -> &mut Node {
        &mut self.nodes[state as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_what_was_read_last() {
        let automaton = Automaton::new(&[b"hers".to_vec(), b"she".to_vec(), b"he".to_vec()]);
        let mut state = Automaton::START;
        let mut seen = Vec::new();
        for &byte in b"ushers" {
            state = automaton.next(state, byte);
            seen.push((automaton.depth(state), automaton.longest(state)));
        }
        // At `she`, `he` ends too: the longest counts.
        assert_eq!(seen, [(0, None), (1, None), (2, None), (3, Some(3)), (3, None), (4, Some(4))]);
    }

    #[test]
    fn periodic_texts_take_linear_time() {
        let text = vec![b'a'; 200_000];
        let mut other = text.clone();
        other.push(b'b');
        let automaton = Automaton::new(&[other]);
        let mut state = Automaton::START;
        let mut depths = 0;
        // By comparing at each place, this would be 4 * 10^10 bytes.
        for &byte in text.iter().chain(&text) {
            state = automaton.next(state, byte);
            depths += automaton.depth(state);
        }
        assert_eq!(depths, 200_000 * 200_001 / 2 + 200_000 * 200_000);
    }
}
