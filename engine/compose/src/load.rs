//! Compose files with all that they include and extend, as one tree.

use crate::input::Source;
use crate::merge::merge;
use crate::report::{Report, Spot};
use crate::tree::{Data, Field, Known, Node, read};
use contract::Code;

/// How deep files may include, and services extend, one another.
const MAX_DEPTH: usize = 16;

/// Reads files for the loader.
pub(crate) struct Loader<'a> {
    pub(crate) host: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    pub(crate) known: &'a Known<'a>,
    pub(crate) report: &'a mut Report,
}

/// A whole application, as its files define it.
pub(crate) struct Loaded {
    pub(crate) root: Node,
    /// The comment at the top of the first file.
    pub(crate) header: Vec<String>,
}

impl Loader<'_> {
    /// Reads files, each going over those before it.
    pub(crate) fn load(&mut self, sources: &[Source<'_>]) -> Option<Loaded> {
        let mut whole: Option<Loaded> = None;
        for source in sources {
            let Some((root, header)) = self.file(source.file, source.text, 0) else { continue };
            whole = Some(match whole {
                Some(earlier) => Loaded { root: merge(earlier.root, root, ""), header: earlier.header },
                None => Loaded { root, header },
            });
        }
        whole
    }

    fn file(&mut self, name: &str, text: &str, depth: usize) -> Option<(Node, Vec<String>)> {
        let file = self.report.file(name);
        let (mut root, header) = read(file, text, self.known, self.report)?;
        if !matches!(root.data, Data::Map(_)) {
            self.report.error(root.spot, "", Code::WrongType, "a compose file is a mapping with the key services", "");
            return None;
        }
        root = self.extended(root);
        for (path, spot) in includes(&root) {
            let path = beside(name, &path);
            let included = match self.text(&path) {
                Some(text) if depth < MAX_DEPTH => self.file(&path, &text, depth + 1),
                Some(_) => {
                    self.report.error(
                        spot,
                        "include",
                        Code::Include,
                        format!("{path} is included too deeply"),
                        "check whether it includes itself",
                    );
                    None
                }
                None => {
                    let hint = "give all files, or write the merged file with `docker compose config`";
                    self.report.error(
                        spot,
                        "include",
                        Code::Include,
                        format!("the included file {path} does not exist"),
                        hint,
                    );
                    None
                }
            };
            if let Some((included, _)) = included {
                root = merge(included, root, "");
            }
        }
        Some((root, header))
    }

    fn text(&self, path: &str) -> Option<String> {
        (self.host)(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Follows `extends` in all services.
    fn extended(&mut self, root: Node) -> Node {
        let mut root = root;
        let names: Vec<String> =
            root.get("services").map_or(&[][..], Node::fields).iter().map(|f| f.name.clone()).collect();
        for name in names {
            let service = self.service(&root, &name, 0);
            if let (Some(service), Some(field)) = (service, service_mut(&mut root, &name)) {
                field.node = service;
            }
        }
        root
    }

    /// A service with what it extends below it.
    fn service(&mut self, root: &Node, name: &str, depth: usize) -> Option<Node> {
        let mut service = root.get("services")?.get(name)?.clone();
        let Data::Map(fields) = &mut service.data else { return Some(service) };
        let Some(at) = fields.iter().position(|f| f.name == "extends") else { return Some(service) };
        let extends = fields.remove(at);
        let spot = extends.node.spot;
        let text = |key: &str| extends.node.get(key).and_then(Node::text);
        let Some(wanted) = extends.node.text().or_else(|| text("service")) else {
            self.report.error(spot, "", Code::Extends, format!("{name} does not say which service it extends"), "");
            return Some(service);
        };
        let failed = |report: &mut Report, what: String| {
            let hint = "write the merged file with `docker compose config`";
            report.error(spot, "", Code::Extends, format!("{name} extends {what}"), hint);
        };
        let base = match text("file") {
            _ if depth >= MAX_DEPTH => {
                failed(self.report, "services in a circle".to_owned());
                return Some(service);
            }
            None => self.service(root, &wanted, depth + 1),
            Some(file) => {
                let path = beside(self.report.name(spot.file), &file);
                let Some(text) = self.text(&path) else {
                    failed(self.report, format!("{wanted} of the file {path}, which does not exist"));
                    return Some(service);
                };
                let file = self.report.file(&path);
                let other = read(file, &text, self.known, self.report).map(|(root, _)| root);
                other.and_then(|other| self.service(&other, &wanted, depth + 1))
            }
        };
        match base {
            Some(base) => Some(merge(base, service, "")),
            None => {
                failed(self.report, format!("{wanted}, which does not exist"));
                Some(service)
            }
        }
    }
}

fn service_mut<'n>(root: &'n mut Node, name: &str) -> Option<&'n mut Field> {
    let find = |node: &'n mut Node, name: &str| match &mut node.data {
        Data::Map(fields) => fields.iter_mut().find(|f| f.name == name),
        _ => None,
    };
    find(&mut find(root, "services")?.node, name)
}

/// The files that a file includes.
fn includes(root: &Node) -> Vec<(String, Spot)> {
    let Some(Node { data: Data::List(items), .. }) = root.get("include") else { return Vec::new() };
    let mut paths = Vec::new();
    for item in items {
        let path = match &item.data {
            Data::Map(_) => item.get("path"),
            _ => Some(item),
        };
        match path {
            Some(Node { data: Data::List(items), .. }) => {
                paths.extend(items.iter().filter_map(|i| Some((i.text()?, i.spot))));
            }
            Some(node) => paths.extend(node.text().map(|t| (t, node.spot))),
            None => {}
        }
    }
    paths
}

/// A path in a file, relative to the same folder as the file's own path.
pub(crate) fn beside(file: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = match file.rsplit_once('/') {
        Some((folder, _)) => folder.split('/').collect(),
        None => Vec::new(),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| !p.is_empty() && *p != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn paths_are_seen_from_the_file() {
        for (file, path, want) in [
            ("compose.yml", "./a.env", "a.env"),
            ("x/compose.yml", "a/../b.env", "x/b.env"),
            ("x/compose.yml", "../b.env", "b.env"),
            ("compose.yml", "../b.env", "../b.env"),
            ("/srv/compose.yml", "b", "/srv/b"),
            ("/srv/compose.yml", "/etc/b", "/etc/b"),
        ] {
            assert_eq!(beside(file, path), want, "{file} {path}");
        }
    }
}
