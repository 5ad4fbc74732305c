//! `volumes` and `tmpfs` of a service.

use crate::report::{Report, Spot};
use crate::tree::{Data, Node, Notes};
use crate::values::{flag, size, wrong};
use contract::Code;

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A volume, by its name.
    Named(String),
    /// A volume without a name, which ends with the container.
    Anonymous,
    /// A file or folder of the host.
    Bind(String),
    /// Memory, with its limit.
    Memory(Option<String>),
}

/// A mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) what: What,
    pub(crate) target: String,
    pub(crate) read_only: bool,
    pub(crate) sub_path: Option<String>,
    pub(crate) spot: Spot,
    pub(crate) notes: Notes,
}

/// Reads `volumes`.
pub(crate) fn volumes(node: &Node, report: &mut Report) -> Vec<Mount> {
    let mut mounts = Vec::new();
    let Data::List(items) = &node.data else {
        if !node.is_null() {
            wrong(node, "volumes", "a list", report);
        }
        return mounts;
    };
    for item in items {
        let kind = item.get("type").and_then(Node::text).filter(|k| !matches!(k.as_str(), "volume" | "bind" | "tmpfs"));
        if let Some(kind) = kind {
            let message = format!("a mount of type {kind} is not converted");
            report.warn(
                item.spot,
                "volumes",
                Code::VolumeType,
                message,
                "see values extraVolumes and extraVolumeMounts",
            );
            continue;
        }
        let mount = match &item.data {
            Data::Map(_) => long(item, report),
            _ => item.text().and_then(|text| short(&text, item)),
        };
        match mount {
            Some(mount) if mount.target.starts_with('/') => mounts.push(mount),
            Some(mount) => {
                let message = format!("{:?} is not converted: it is not an absolute Linux path", mount.target);
                report.warn(item.spot, "volumes", Code::VolumePath, message, "the cluster's containers run on Linux");
            }
            None => wrong(item, "volumes", "[source:]target[:options] or a mapping", report),
        }
    }
    mounts
}

/// Reads `tmpfs`.
pub(crate) fn tmpfs(node: &Node, report: &mut Report) -> Vec<Mount> {
    let items = match &node.data {
        Data::List(items) => items.clone(),
        Data::Null => Vec::new(),
        _ => vec![node.clone()],
    };
    let mut mounts = Vec::new();
    for item in items {
        let Some(text) = item.text() else {
            wrong(&item, "tmpfs", "a path", report);
            continue;
        };
        let (target, options) = text.split_once(':').unwrap_or((&text, ""));
        let limit = options.split(',').find_map(|o| o.strip_prefix("size=")).and_then(size);
        mounts.push(Mount {
            what: What::Memory(limit),
            target: target.to_owned(),
            read_only: options.split(',').any(|o| o == "ro"),
            sub_path: None,
            spot: item.spot,
            notes: item.notes.clone(),
        });
    }
    mounts
}

/// `[source:]target[:options]`; a Windows drive letter is not a source.
fn short(text: &str, node: &Node) -> Option<Mount> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(':') {
        match parts.last_mut() {
            Some(last)
                if last.len() == 1
                    && last.starts_with(|c: char| c.is_ascii_alphabetic())
                    && part.starts_with(['\\', '/']) =>
            {
                last.push(':');
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    let (source, target, options) = match parts.as_slice() {
        [target] => (None, target, ""),
        [source, target] => (Some(source), target, ""),
        [source, target, options] => (Some(source), target, options.as_str()),
        _ => return None,
    };
    if target.is_empty() || source.is_some_and(String::is_empty) {
        return None;
    }
    let what = match source {
        None => What::Anonymous,
        Some(source) if is_path(source) => What::Bind(source.clone()),
        Some(source) => What::Named(source.clone()),
    };
    Some(Mount {
        what,
        target: target.clone(),
        read_only: options.split(',').any(|o| o == "ro"),
        sub_path: None,
        spot: node.spot,
        notes: node.notes.clone(),
    })
}

fn is_path(source: &str) -> bool {
    source.starts_with(['.', '/', '~', '\\']) || source.get(1..2) == Some(":")
}

fn long(node: &Node, report: &mut Report) -> Option<Mount> {
    let text = |key: &str| node.get(key).and_then(Node::text);
    let source = text("source");
    let what = match (text("type").as_deref(), source) {
        (None | Some("volume"), Some(source)) => What::Named(source),
        (None | Some("volume"), None) => What::Anonymous,
        (Some("bind"), Some(source)) => What::Bind(source),
        (Some("tmpfs"), _) => {
            What::Memory(node.get("tmpfs").and_then(|t| t.get("size")).and_then(Node::text).and_then(|t| size(&t)))
        }
        _ => return None,
    };
    if let Some(nocopy) = node.get("volume").and_then(|v| v.get("nocopy")).filter(|n| flag(Some(n))) {
        let message = "nocopy has no effect: volumes always start empty in Kubernetes";
        report.warn(nocopy.spot, "volumes.volume.nocopy", Code::VolumeNocopy, message, "");
    }
    if let Some(options) = node.get("bind").filter(|b| !b.fields().is_empty()) {
        let message = "options of bind mounts are not converted";
        report.warn(options.spot, "volumes.bind", Code::VolumeBindOptions, message, "");
    }
    Some(Mount {
        what,
        target: text("target")?,
        read_only: flag(node.get("read_only")),
        sub_path: node.get("volume").and_then(|v| v.get("subpath")).and_then(Node::text),
        spot: node.spot,
        notes: node.notes.clone(),
    })
}

/// Which of a database's mounts has its data.
pub(crate) fn data_mount(mounts: &[Mount], folder: &str) -> Option<usize> {
    let keeps = |m: &Mount| !m.read_only && !matches!(m.what, What::Memory(_));
    let below = |a: &str, b: &str| a == b || a.strip_prefix(b).is_some_and(|rest| rest.starts_with('/'));
    let fits = |m: &Mount| keeps(m) && (below(folder, &m.target) || below(&m.target, folder));
    let named = |m: &Mount| keeps(m) && matches!(m.what, What::Named(_));
    mounts.iter().position(fits).or_else(|| mounts.iter().position(named))
}

#[cfg(test)]
mod tests {
    use super::{What, volumes};
    use crate::report::Report;
    use crate::tree::{Data, Node};

    #[test]
    fn short_forms() {
        let named = |n: &str| What::Named(n.into());
        let bind = |n: &str| What::Bind(n.into());
        for (text, want) in [
            ("/data", Some((What::Anonymous, "/data", false))),
            ("data:/d", Some((named("data"), "/d", false))),
            ("data:/d:ro", Some((named("data"), "/d", true))),
            ("./a:/b:ro,z", Some((bind("./a"), "/b", true))),
            ("~/a:/b", Some((bind("~/a"), "/b", false))),
            ("/a:/b:rw", Some((bind("/a"), "/b", false))),
            ("C:\\a:/b", Some((bind("C:\\a"), "/b", false))),
            ("c:/a:/b:ro", Some((bind("c:/a"), "/b", true))),
            ("data:relative", None),
            ("data:D:\\x", None),
            ("a:b:c:d", None),
            (":/x", None),
            ("", None),
        ] {
            let mut report = Report::default();
            let item = Node::new(Data::Text(text.into()), Default::default());
            let found = volumes(&Node::new(Data::List(vec![item]), Default::default()), &mut report);
            let found = found.into_iter().next().map(|m| (m.what, m.target, m.read_only));
            assert_eq!(found, want.map(|(w, t, r)| (w, t.to_owned(), r)), "{text:?}");
            assert_eq!(report.into_problems().len(), usize::from(found.is_none()), "{text:?}");
        }
    }
}
