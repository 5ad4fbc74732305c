//! Strategic merge patches (kyaml: `yaml/merge2`, `yaml/walk`), step by step as
//! kyaml goes, for the order of lists and what becomes of nulls depend on it.

use govalue::Str;

use super::node::{Node, Scalar};
use super::schema::{Field, Schema};
use crate::error::PostRenderError;
use goyaml::yaml::Tag;

/// The two sides of a merge.
struct Sources {
    dest: Option<Node>,
    patch: Option<Node>,
    /// Whether both are one and the same: what a patch has brought goes through
    /// the same steps.
    same: bool,
}

/// What a merge made.
struct Merged {
    node: Option<Node>,
    /// Whether it is the object's own node, changed, and not one of the patch's.
    in_place: bool,
}

/// A directive in a patch, `$patch: …`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

const DIRECTIVE: &[u8] = b"$patch";

/// Merges a patch into an object; `None` where it deletes it.
///
/// # Errors
/// If patch and object have different kinds of nodes at a place, or the
/// patch has an unknown directive.
pub(super) fn merge(dest: Node, patch: Node) -> Result<Option<Node>, PostRenderError> {
    let text = |node: &Node, key: &[u8]| node.get(key).map(|n| n.text().to_vec()).unwrap_or_default();
    let schema = Schema::of(&text(&dest, b"apiVersion"), &text(&dest, b"kind"));
    let field = Field { merge_keys: None, schema };
    let sources = Sources { dest: Some(dest), patch: Some(patch), same: false };
    walk(sources, Some(field)).map(|merged| merged.node).map_err(PostRenderError::new)
}

fn present(node: Option<&Node>) -> Option<&Node> {
    node.filter(|n| !n.is_null())
}

/// Merges at any place. It goes no deeper than objects and patches are read.
fn walk(sources: Sources, field: Option<Field>) -> Result<Merged, String> {
    let first = present(sources.dest.as_ref()).or(present(sources.patch.as_ref()));
    let wanted = first.map_or("", Node::kind_name);
    if !wanted.is_empty() {
        let other = [present(sources.dest.as_ref()), present(sources.patch.as_ref())];
        if let Some(wrong) = other.into_iter().flatten().find(|n| n.kind_name() != wanted) {
            return Err(wrong.wrong_kind(wanted));
        }
    }
    match wanted {
        "ScalarNode" => Ok(override_with_patch(sources)),
        "SequenceNode" => match field.and_then(|f| f.merge_keys) {
            Some(keys) => walk_list(sources, keys, field.and_then(|f| f.schema)),
            None => Ok(override_with_patch(sources)),
        },
        _ => walk_map(sources, field.and_then(|f| f.schema)),
    }
}

fn override_with_patch(sources: Sources) -> Merged {
    match sources.patch {
        Some(patch) if !sources.same => Merged { node: Some(patch), in_place: false },
        _ => Merged { node: sources.dest, in_place: true },
    }
}

const CLEARED: Merged = Merged { node: None, in_place: false };

fn walk_map(mut sources: Sources, schema: Option<Schema>) -> Result<Merged, String> {
    let mut in_place = true;
    if present(sources.dest.as_ref()).is_none() {
        match sources.patch.take() {
            None if sources.same => return Ok(CLEARED),
            None => {
                // A null that is written out stays, an empty one goes.
                let kept = match sources.dest {
                    Some(Node::Scalar(null)) if !null.text.is_empty() => {
                        Some(Scalar { tag: Tag::Null, plain: true, keep: true, ..null }.into())
                    }
                    _ => None,
                };
                return Ok(Merged { node: kept, in_place: false });
            }
            Some(mut patch) => {
                if directive(&mut patch)? == Some(Directive::Delete) {
                    return Ok(CLEARED);
                }
                sources = Sources { dest: Some(patch), patch: None, same: true };
                in_place = false;
            }
        }
    } else {
        if sources.patch.as_ref().is_some_and(Node::is_null) {
            return Ok(CLEARED);
        }
        let side = if sources.same { &mut sources.dest } else { &mut sources.patch };
        let found = match side {
            Some(patch) => directive(patch)?,
            None => None,
        };
        match found {
            Some(Directive::Delete) => return Ok(CLEARED),
            Some(Directive::Replace) => {
                in_place = sources.same;
                let dest = if sources.same { sources.dest.take() } else { sources.patch.take() };
                sources = Sources { dest, patch: None, same: true };
            }
            _ => {}
        }
    }
    let Some(dest) = sources.dest.as_mut() else { return Ok(CLEARED) };
    let mut names: Vec<Str> = Vec::new();
    for side in [Some(&*dest), sources.patch.as_ref()].into_iter().flatten() {
        if let Node::Map(entries) = side {
            names.extend(entries.iter().map(|(k, _)| k.text.clone()));
        }
    }
    govalue::sort::sort_by(&mut names, Ord::cmp);
    names.dedup();
    for name in names {
        let patch = sources.patch.as_mut().and_then(|p| p.remove(&name));
        let field = schema.and_then(|s| s.field(&name));
        let inner = Sources { dest: dest.get(&name).cloned(), patch, same: sources.same };
        match walk(inner, field)?.node {
            Some(node) if !node.is_null() || is_kept(&node) => dest.set(&name, node),
            _ => {
                dest.remove(&name);
            }
        }
    }
    Ok(Merged { node: sources.dest, in_place })
}

fn is_kept(node: &Node) -> bool {
    matches!(node, Node::Scalar(Scalar { keep: true, .. }))
}

/// Takes the directive out of a part of a patch (`determineSmpDirective`).
fn directive(patch: &mut Node) -> Result<Option<Directive>, String> {
    let text = match patch {
        Node::Scalar(_) => return Ok(None),
        Node::Map(_) => match patch.get(DIRECTIVE) {
            Some(node) => node.text().to_vec(),
            None => return Ok(None),
        },
        Node::List(items) => {
            let found = items.iter().find(|item| item.get(DIRECTIVE).is_some());
            match found {
                Some(Node::Map(entries)) if entries.len() == 1 => entries[0].1.text().to_vec(),
                _ => return Ok(None),
            }
        }
    };
    let directive = match &text[..] {
        b"merge" => Directive::Merge,
        b"replace" => Directive::Replace,
        b"delete" => Directive::Delete,
        other => return Err(format!("unknown patch strategy '{}'", String::from_utf8_lossy(other))),
    };
    match patch {
        Node::List(items) => {
            let elements = std::mem::take(items);
            *items = set_element(elements, None, &[DIRECTIVE], &[Str::from(text)])?;
        }
        patch => {
            patch.remove(DIRECTIVE);
        }
    }
    Ok(Some(directive))
}

/// Merges lists whose items have keys, or are texts of which each is there once
/// (`walkAssociativeSequence`).
fn walk_list(mut sources: Sources, keys: &str, schema: Option<Schema>) -> Result<Merged, String> {
    let mut in_place = true;
    if present(sources.dest.as_ref()).is_none() {
        in_place = false;
        sources = Sources { dest: sources.patch.take(), patch: None, same: true };
    } else {
        if sources.patch.as_ref().is_some_and(Node::is_null) {
            return Ok(CLEARED);
        }
        let side = if sources.same { &mut sources.dest } else { &mut sources.patch };
        let found = match side {
            Some(patch) => directive(patch)?,
            None => None,
        };
        match found {
            Some(Directive::Delete) => return Ok(CLEARED),
            Some(Directive::Replace) => {
                in_place = sources.same;
                let dest = if sources.same { sources.dest.take() } else { sources.patch.take() };
                sources = Sources { dest, patch: None, same: true };
            }
            _ => {}
        }
    }
    let Some(Node::List(dest)) = sources.dest else { return Ok(CLEARED) };
    let patch = match sources.patch {
        Some(Node::List(items)) => Some(items),
        _ => None,
    };
    let keys: Vec<&[u8]> = keys.split(',').map(str::as_bytes).collect();
    let items = merge_items(dest, patch, sources.same, &keys, schema)?;
    Ok(Merged { node: Some(Node::List(items)), in_place })
}

fn merge_items(
    mut dest: Vec<Node>,
    mut patch: Option<Vec<Node>>,
    same: bool,
    keys: &[&[u8]],
    schema: Option<Schema>,
) -> Result<Vec<Node>, String> {
    // What the patch brings comes first.
    let mut all: Vec<Vec<Str>> = Vec::new();
    for items in [patch.as_deref(), Some(&dest[..])].into_iter().flatten() {
        for item in items {
            let values: Vec<Str> = keys.iter().map(|key| key_text(item, key)).collect();
            if !all.contains(&values) {
                all.push(values);
            }
        }
    }
    if keys.len() > 1 {
        merge_values(&mut all);
    }
    let mut added: Vec<Node> = Vec::new();
    let mut valid_keys: Vec<&[u8]> = Vec::new();
    for values in &all {
        let (names, texts) = valid(&all, values, keys);
        valid_keys = names;
        let (own_names, own_texts) = valid(std::slice::from_ref(&texts), &texts, &valid_keys);
        let at = position(&dest, &own_names, &own_texts);
        let item = at.and_then(|at| dest.get(at)).cloned();
        let own = match &mut patch {
            Some(items) => position(items, &own_names, &own_texts).map(|at| items.get(at).cloned()),
            None => None,
        };
        let inner = Sources { dest: item, patch: own.flatten(), same };
        let merged = walk(inner, schema.map(|s| Field { merge_keys: None, schema: Some(s) }))?;
        let gone = merged.node.as_ref().is_none_or(|n| n.is_null() || matches!(n, Node::Map(e) if e.is_empty()));
        let Some(mut node) = merged.node.filter(|_| !gone) else {
            dest = set_element(dest, None, &valid_keys, &texts)?;
            continue;
        };
        for (key, text) in valid_keys.iter().zip(&texts) {
            if !key.is_empty() && !text.is_empty() && node.get(key).is_none() {
                node.set(key, Scalar::untyped(text.clone()).into());
            }
        }
        if let Some(slot) = at.filter(|_| merged.in_place).and_then(|at| dest.get_mut(at)) {
            *slot = node.clone();
        }
        added = set_element(added, Some(node), &valid_keys, &texts)?;
    }
    if all.is_empty() { Ok(dest) } else { append(added, dest, &valid_keys) }
}

/// The text at a key of an item; that of the item itself if there is no key.
fn key_text(item: &Node, key: &[u8]) -> Str {
    if key.is_empty() {
        return Str::from(item.text());
    }
    match item.get(key) {
        Some(node) if !node.is_empty() => Str::from(node.text()),
        _ => Str::EMPTY,
    }
}

/// Values that differ only where one has nothing are the same (`mergeValues`).
fn merge_values(all: &mut [Vec<Str>]) {
    for i in 0..all.len() {
        let first = all[i].clone();
        for j in 0..all.len() {
            if let Some(both) = matching(&first, &all[j]) {
                all[i].clone_from(&both);
                all[j] = both;
            }
        }
    }
}

fn matching(a: &[Str], b: &[Str]) -> Option<Vec<Str>> {
    let mut common = false;
    let mut both = Vec::with_capacity(a.len());
    for (a, b) in a.iter().zip(b) {
        if a == b {
            common = true;
        } else if !a.is_empty() && !b.is_empty() {
            return None;
        }
        both.push(if a.is_empty() { b.clone() } else { a.clone() });
    }
    common.then_some(both)
}

/// The keys that any item has, with the values of one (`validateKeys`).
fn valid<'k>(all: &[Vec<Str>], values: &[Str], keys: &[&'k [u8]]) -> (Vec<&'k [u8]>, Vec<Str>) {
    let used = |at: usize| all.iter().any(|values| values.get(at).is_some_and(|v| !v.is_empty()));
    if !(0..keys.len()).any(used) {
        return (keys.to_vec(), values.to_vec());
    }
    let pairs = keys.iter().zip(values).enumerate().filter(|(at, _)| used(*at));
    pairs.map(|(_, (key, value))| (*key, value.clone())).unzip()
}

/// Where the first item with these values is (`ElementMatcher`).
fn position(items: &[Node], keys: &[&[u8]], values: &[Str]) -> Option<usize> {
    if keys.first().is_none_or(|k| k.is_empty()) {
        let value = values.first()?;
        return items.iter().position(|item| item.text() == &value[..]);
    }
    let matches =
        |item: &Node| keys.iter().zip(values).all(|(key, value)| item.get(key).is_some_and(|n| n.text() == &value[..]));
    items.iter().position(|item| matches!(item, Node::Map(_)) && matches(item))
}

/// Replaces or removes the items with these values, or appends one where there
/// are none (`ElementSetter`).
fn set_element(items: Vec<Node>, element: Option<Node>, keys: &[&[u8]], values: &[Str]) -> Result<Vec<Node>, String> {
    let of_maps = keys.first().is_some_and(|k| !k.is_empty()) && values.first().is_some_and(|v| !v.is_empty());
    let mut kept = Vec::with_capacity(items.len() + 1);
    let mut matched = false;
    for item in items {
        if item.is_null() || matches!(&item, Node::Map(entries) if entries.is_empty()) {
            continue;
        }
        if of_maps && !matches!(item, Node::Map(_)) {
            kept.push(item);
            continue;
        }
        let mut last = false;
        let mut found = true;
        for (at, key) in keys.iter().enumerate() {
            if let Some(value) = values.get(at) {
                last = element_matches(&item, key, value)?;
            }
            if !last {
                found = false;
                break;
            }
        }
        if !found {
            if !values.is_empty() {
                kept.push(item);
            }
            continue;
        }
        matched = true;
        kept.extend(element.clone());
    }
    if !matched {
        kept.extend(element.filter(|e| !e.is_null()));
    }
    Ok(kept)
}

fn element_matches(item: &Node, key: &[u8], value: &Str) -> Result<bool, String> {
    match item {
        Node::Scalar(scalar) if key.is_empty() => Ok(scalar.text == *value),
        item if key.is_empty() => Err(item.wrong_kind("ScalarNode")),
        Node::Map(_) => Ok(item.get(key).is_some_and(|n| value.is_empty() || n.text() == &value[..])),
        item => Err(item.wrong_kind("MappingNode")),
    }
}

/// Lays the items of a list into another, each where its like is, or at the end
/// (`appendListNode`).
fn append(mut list: Vec<Node>, items: Vec<Node>, keys: &[&[u8]]) -> Result<Vec<Node>, String> {
    for item in items {
        if keys.first().is_none_or(|k| k.is_empty()) {
            let value = Str::from(item.text());
            list = set_element(list, Some(item), &[b""], &[value])?;
            continue;
        }
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            match item.get(key).filter(|n| !n.is_null()) {
                Some(node) => values.push(Str::from(node.text())),
                None => list.push(item.clone()),
            }
        }
        if keys.len() > 1 {
            list = set_element(list, None, keys, &values)?;
        }
        list = set_element(list, Some(item), keys, &values)?;
    }
    Ok(list)
}
