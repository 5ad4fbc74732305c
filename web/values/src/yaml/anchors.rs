//! Anchors and aliases, where a change of one place would change others as well.

use std::collections::BTreeMap;

use super::patch::apply_replace;
use super::source::{Kind, Node, Source};
use crate::path::Path;
use crate::value::Value;

/// The text with the aliases written out that refer to what is at a path, around it or in it: then, a change there is
/// one of that place alone. `None` if there are none, or if merges refer to it.
pub(crate) fn detached(source: &Source<'_>, path: &Path) -> Option<String> {
    let root = source.root.as_ref()?;
    if !source.text.contains('*') {
        return None;
    }
    let mut names = Vec::new();
    let (mut node, mut at) = (root, Path::root());
    names.extend(anchor(source, node));
    for step in path.steps() {
        at = at.join(step.clone());
        let Some((_, below)) = source.find(&at) else { break };
        node = below;
        names.extend(anchor(source, node));
    }
    if at == *path {
        add_anchors(source, node, &mut names);
    }
    let mut uses = Vec::new();
    find_uses(source, root, &Path::root(), &names, &mut uses)?;
    uses.retain(|(at, _)| !path.contains(at));
    let mut text = None;
    for (at, value) in uses {
        let now = text.as_deref().unwrap_or(source.text);
        let next = apply_replace(&Source::parse(now).ok()?, &at, &value)?;
        text = Some(next);
    }
    text
}

/// The name of a node's anchor.
fn anchor<'t>(source: &Source<'t>, node: &Node) -> Option<&'t str> {
    let text = source.text.get(node.start..)?.strip_prefix('&')?;
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}')).next()
}

/// The aliases of a text, each with the path of what it repeats.
pub(crate) fn aliases(source: &Source<'_>) -> Vec<(Path, Path)> {
    let mut found = Aliases::default();
    if let Some(root) = &source.root {
        found.add(source, root, &Path::root());
    }
    found.aliases
}

#[derive(Default)]
struct Aliases<'t> {
    /// The place of each anchor that was met last.
    anchors: BTreeMap<&'t str, Path>,
    aliases: Vec<(Path, Path)>,
}

impl<'t> Aliases<'t> {
    fn add(&mut self, source: &Source<'t>, node: &Node, at: &Path) {
        if let Some(name) = anchor(source, node) {
            self.anchors.insert(name, at.clone());
        }
        match &node.kind {
            Kind::Alias(_) => {
                let name = source.text.get(node.start..node.end).and_then(|text| text.strip_prefix('*'));
                if let Some(anchored) = name.and_then(|name| self.anchors.get(name.trim_end())) {
                    self.aliases.push((at.clone(), anchored.clone()));
                }
            }
            Kind::Map { entries, .. } => {
                for entry in entries.iter().filter(|entry| !entry.is_merge) {
                    self.add(source, &entry.value, &at.key(&entry.key));
                }
            }
            Kind::List { items, .. } => {
                items.iter().enumerate().for_each(|(i, item)| self.add(source, item, &at.index(i)));
            }
            Kind::Scalar(_) => {}
        }
    }
}

fn add_anchors<'t>(source: &Source<'t>, node: &Node, names: &mut Vec<&'t str>) {
    names.extend(anchor(source, node));
    match &node.kind {
        Kind::Map { entries, .. } => entries.iter().for_each(|entry| add_anchors(source, &entry.value, names)),
        Kind::List { items, .. } => items.iter().for_each(|item| add_anchors(source, item, names)),
        Kind::Scalar(_) | Kind::Alias(_) => {}
    }
}

/// The aliases of some anchors, with what they stand for; `None` if one of them is merged.
fn find_uses(source: &Source<'_>, node: &Node, at: &Path, names: &[&str], out: &mut Vec<(Path, Value)>) -> Option<()> {
    match &node.kind {
        Kind::Alias(value) => {
            let name = source.text.get(node.start..node.end)?.strip_prefix('*')?.trim_end();
            if names.contains(&name) {
                out.push((at.clone(), value.clone()));
            }
        }
        Kind::Map { entries, .. } => {
            for entry in entries {
                if entry.is_merge {
                    let text = source.text.get(entry.value.start..entry.value.end)?;
                    if names.iter().any(|name| text.contains(&format!("*{name}"))) {
                        return None;
                    }
                    continue;
                }
                find_uses(source, &entry.value, &at.key(&entry.key), names, out)?;
            }
        }
        Kind::List { items, .. } => {
            for (i, item) in items.iter().enumerate() {
                find_uses(source, item, &at.index(i), names, out)?;
            }
        }
        Kind::Scalar(_) => {}
    }
    Some(())
}
