//! Values as Go's `%#v` prints them, for messages about keys.

use std::cmp::Ordering;
use std::fmt::Write;

use govalue::sort::sort_by;
use govalue::strconv;

use super::decode::is_merge;
use super::scalar::{Scalar, raw_scalar};
use super::tree::{Document, NodeId, NodeKind};

/// Deeper nesting is not printed.
const MAX_DEPTH: usize = 200;

/// A node's value as `%#v` prints an `interface{}` argument.
pub(crate) fn value(doc: &Document<'_>, node: NodeId) -> String {
    let mut out = String::new();
    write_value(doc, node, &mut out, 0);
    out
}

/// The same, for a value that may be nil: `<nil>`.
pub(crate) fn value_of_entry(doc: &Document<'_>, node: NodeId) -> String {
    let text = value(doc, node);
    if text == "interface {}(nil)" { "<nil>".into() } else { text }
}

fn write_value(doc: &Document<'_>, id: NodeId, out: &mut String, depth: usize) {
    let node = &doc[id];
    if depth > MAX_DEPTH {
        return;
    }
    match node.kind {
        NodeKind::Alias => write_value(doc, node.link, out, depth + 1),
        NodeKind::Scalar => {
            if let Ok(scalar) = raw_scalar(doc, node) {
                write_scalar(&scalar, out);
            }
        }
        NodeKind::Sequence => {
            out.push_str("[]interface {}{");
            let mut next = id.inside();
            while next < node.link {
                if next > id.inside() {
                    out.push_str(", ");
                }
                write_value(doc, next, out, depth + 1);
                next = doc.after(next);
            }
            out.push('}');
        }
        NodeKind::Mapping => {
            let mut entries = Vec::new();
            collect(doc, id, &mut entries, depth);
            // The last of equal keys wins.
            entries.reverse();
            sort_by(&mut entries, |a, b| order(&a.0, &b.0));
            entries.dedup_by(|a, b| a.0 == b.0);
            out.push_str("map[interface {}]interface {}{");
            for (i, (key, value)) in entries.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write_scalar(key, out);
                out.push(':');
                write_value(doc, *value, out, depth + 1);
            }
            out.push('}');
        }
    }
}

/// The entries of a mapping, its merged ones too.
fn collect<'d>(doc: &'d Document<'_>, id: NodeId, entries: &mut Vec<(Scalar<'d>, NodeId)>, depth: usize) {
    let node = &doc[id];
    if depth > MAX_DEPTH {
        return;
    }
    match node.kind {
        NodeKind::Alias => collect(doc, node.link, entries, depth + 1),
        NodeKind::Mapping => {
            let mut next = id.inside();
            while next < node.link {
                let (key, value_node) = (next, doc.after(next));
                next = doc.after(value_node);
                if is_merge(doc, &doc[key]) {
                    collect(doc, value_node, entries, depth + 1);
                } else {
                    entries.push((key_scalar(doc, key), value_node));
                }
            }
        }
        NodeKind::Sequence => {
            let mut items = Vec::new();
            let mut next = id.inside();
            while next < node.link {
                items.push(next);
                next = doc.after(next);
            }
            for item in items.into_iter().rev() {
                collect(doc, item, entries, depth + 1);
            }
        }
        NodeKind::Scalar => {}
    }
}

/// A key. One that is a collection does not come here: Go complains of it first.
fn key_scalar<'d>(doc: &'d Document<'_>, key: NodeId) -> Scalar<'d> {
    let node = &doc[key];
    let node = if node.kind == NodeKind::Alias { &doc[node.link] } else { node };
    raw_scalar(doc, node).unwrap_or(Scalar::Null)
}

/// The order in which `fmt` prints the keys of a map (`internal/fmtsort`). Between types Go goes by where they lie in
/// the program; this is how they do in Helm's.
fn order(a: &Scalar<'_>, b: &Scalar<'_>) -> Ordering {
    let rank = |key: &Scalar<'_>| match key {
        Scalar::Null => 0,
        Scalar::Str(_) => 1,
        Scalar::Uint(_) => 2,
        Scalar::Int(_) => 3,
        Scalar::Float(_) => 4,
        Scalar::Bool(_) => 5,
    };
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Scalar::Str(a), Scalar::Str(b)) => a.cmp(b),
        (Scalar::Uint(a), Scalar::Uint(b)) => a.cmp(b),
        (Scalar::Int(a), Scalar::Int(b)) => a.cmp(b),
        // What is no number comes first.
        (Scalar::Float(a), Scalar::Float(b)) => a.partial_cmp(b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan())),
        (Scalar::Bool(a), Scalar::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    })
}

fn write_scalar(scalar: &Scalar<'_>, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = match scalar {
        Scalar::Null => out.write_str("interface {}(nil)"),
        Scalar::Bool(b) => write!(out, "{b}"),
        Scalar::Int(n) => write!(out, "{n}"),
        Scalar::Uint(n) => write!(out, "{n:#x}"),
        Scalar::Float(f) => out.write_str(&strconv::format_float(*f, b'g', -1, 64)),
        Scalar::Str(s) => out.write_str(&strconv::quote(s)),
    };
}
