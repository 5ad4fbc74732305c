//! Paths that are read, as a tree.

use govalue::{Index, Str};

use super::abs::ANY;

/// Paths that are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    root: Node,
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// Whether all below is read.
    all: bool,
    children: Index<Node>,
}

impl Tree {
    /// Reads a value, but nothing below it.
    pub(super) fn touch(&mut self, path: &[Str]) {
        self.node(path);
    }

    /// Reads a value and all below it.
    pub(super) fn read_all(&mut self, path: &[Str]) {
        let node = self.node(path);
        node.all = true;
        node.children.clear();
    }

    fn node(&mut self, path: &[Str]) -> &mut Node {
        let mut node = &mut self.root;
        for key in path {
            if node.all {
                break;
            }
            node = node.children.or_default(key.clone());
        }
        node
    }

    pub(super) fn cursor(&self) -> Cursor<'_> {
        Cursor { nodes: vec![&self.root] }
    }
}

/// A place in the tree: the nodes of all paths that match.
pub(super) struct Cursor<'t> {
    nodes: Vec<&'t Node>,
}

impl<'t> Cursor<'t> {
    /// Whether nobody comes here.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether all below is read.
    pub(super) fn is_all(&self) -> bool {
        self.nodes.iter().any(|n| n.all)
    }

    pub(super) fn child(&self, key: &Str) -> Cursor<'t> {
        let below = |n: &&'t Node| [n.children.get(key), n.children.get(ANY.as_bytes())];
        Cursor { nodes: self.nodes.iter().flat_map(below).flatten().collect() }
    }

    /// The keys that are read here.
    pub(super) fn keys(&self) -> Vec<Str> {
        self.nodes.iter().flat_map(|n| n.children.names()).filter(|k| **k != ANY).cloned().collect()
    }
}
