//! How one compose file goes over another (Compose Specification, "Merge").

use crate::report::Spot;
use crate::tree::{Data, Field, Node, Over};

/// Keys of a service whose value is taken whole from the later file.
const REPLACED: &[&str] = &["command", "entrypoint", "test"];

/// Keys of a service that are written as a mapping or as a list of `name=value`.
const PAIRS: &[&str] = &["environment", "labels", "annotations", "sysctls", "extra_hosts", "args"];

/// Keys of a service that are written as a mapping or as a list of names.
const NAMES: &[&str] = &["depends_on", "networks", "models"];

/// Keys of a service that are written as one text or as a list.
const ONE_OR_MORE: &[&str] = &["env_file", "label_file", "dns", "dns_search", "dns_opt", "tmpfs"];

/// What an override does to a file. `key` is the key of both.
pub(crate) fn merge(base: Node, over: Node, key: &str) -> Node {
    if over.over == Over::Replace || REPLACED.contains(&key) {
        return over;
    }
    let notes = if over.notes.above.is_empty() { base.notes.clone() } else { over.notes.clone() };
    let spot = over.spot;
    let data = match (base.data, over.data) {
        (base, Data::Null) => base,
        (Data::Null, over) => over,
        (base, over) if PAIRS.contains(&key) => Data::Map(merge_fields(pairs(base, spot), pairs(over, spot))),
        (base, over) if NAMES.contains(&key) => Data::Map(merge_fields(names(base), names(over))),
        (base, over) if ONE_OR_MORE.contains(&key) => Data::List(append(items(base, spot), items(over, spot), key)),
        (Data::Map(base), Data::Map(over)) => Data::Map(merge_fields(base, over)),
        (Data::List(base), Data::List(over)) => Data::List(append(base, over, key)),
        (_, over) => over,
    };
    Node { data, spot, notes, over: Over::Merge }
}

fn merge_fields(base: Vec<Field>, over: Vec<Field>) -> Vec<Field> {
    let mut fields = base;
    for field in over {
        let at = fields.iter().position(|f| f.name == field.name);
        match at {
            Some(at) if field.node.over == Over::Remove => {
                fields.remove(at);
            }
            Some(at) => {
                let earlier = std::mem::replace(&mut fields[at].node, Node::new(Data::Null, field.spot));
                fields[at].node = merge(earlier, field.node, &field.name);
            }
            None if field.node.over == Over::Remove => {}
            None => fields.push(field),
        }
    }
    fields
}

/// A list of `name=value` as a mapping.
fn pairs(data: Data, spot: Spot) -> Vec<Field> {
    let items = match data {
        Data::Map(fields) => return fields,
        data => items(data, spot),
    };
    let field = |node: Node| {
        let text = node.text()?;
        let (name, data) = match text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Data::Text(value.to_owned())),
            None => (text, Data::Null),
        };
        Some(Field { name, spot: node.spot, node: Node { data, ..node } })
    };
    items.into_iter().filter_map(field).collect()
}

/// A list of names as a mapping.
fn names(data: Data) -> Vec<Field> {
    let items = match data {
        Data::Map(fields) => return fields,
        Data::List(items) => items,
        _ => Vec::new(),
    };
    let field =
        |node: Node| Some(Field { name: node.text()?, spot: node.spot, node: Node { data: Data::Null, ..node } });
    items.into_iter().filter_map(field).collect()
}

fn items(data: Data, spot: Spot) -> Vec<Node> {
    match data {
        Data::List(items) => items,
        Data::Null => Vec::new(),
        data => vec![Node::new(data, spot)],
    }
}

/// Appends items; one that means the same thing as an earlier one takes its place.
fn append(base: Vec<Node>, over: Vec<Node>, key: &str) -> Vec<Node> {
    let mut list = base;
    for node in over {
        let identity = identity(&node, key);
        match list.iter().position(|n| self::identity(n, key) == identity) {
            Some(at) if identity.is_some() => list[at] = node,
            _ => list.push(node),
        }
    }
    list
}

/// What tells an item of a list from others; nothing where all count.
fn identity(node: &Node, key: &str) -> Option<String> {
    let text = node.text();
    let field = |name: &str| node.get(name).and_then(Node::text);
    match key {
        "volumes" | "devices" => text.as_deref().map(mount_target).or_else(|| field("target")),
        "secrets" | "configs" => text.or_else(|| field("target").or_else(|| field("source"))),
        "env_file" => text.or_else(|| field("path")),
        "ports" => match text {
            Some(text) => Some(text),
            None => {
                Some(["host_ip", "published", "target", "protocol"].map(|f| field(f).unwrap_or_default()).join("/"))
            }
        },
        "expose" | "dns" | "dns_search" | "dns_opt" | "tmpfs" | "profiles" | "cap_add" | "cap_drop" | "links"
        | "aliases" => text,
        _ => None,
    }
}

/// The folder in the container of `source:target:options`.
fn mount_target(text: &str) -> String {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    parts.next().unwrap_or(first).to_owned()
}
