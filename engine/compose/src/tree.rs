//! A compose file as a tree: anchors followed, merge keys merged, variables put in, comments kept.

use contract::Code;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use goyaml::yaml::{Document, NodeKind, NodeRef, Scalar, Style};

use crate::interpolate::{Failure, Variables, interpolate};
use crate::report::{Report, Spot};

/// The deepest nesting of a file.
const MAX_DEPTH: usize = 64;

/// The most nodes of a file, those that aliases repeat included.
const MAX_NODES: usize = 100_000;

/// A node.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) data: Data,
    pub(crate) spot: Spot,
    pub(crate) notes: Notes,
    /// `!reset` or `!override`: how it goes over what an earlier file says.
    pub(crate) over: Over,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Field>),
}

/// An entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) spot: Spot,
    pub(crate) node: Node,
}

/// The comments at a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    pub(crate) above: Vec<String>,
    pub(crate) beside: Option<String>,
}

/// How a node goes over that of an earlier file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Over {
    #[default]
    Merge,
    /// `!override`
    Replace,
    /// `!reset`
    Remove,
}

/// Two nodes are equal if their content is, wherever they are.
impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.data == other.data
    }
}

impl Node {
    pub(crate) fn new(data: Data, spot: Spot) -> Node {
        Node { data, spot, notes: Notes::default(), over: Over::Merge }
    }

    /// The entries of a mapping; none of anything else.
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.data {
            Data::Map(fields) => fields,
            _ => &[],
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.fields().iter().find(|f| f.name == name).map(|f| &f.node)
    }

    /// The text of a scalar, as Compose writes it.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.data {
            Data::Text(text) => Some(text.clone()),
            Data::Bool(b) => Some(b.to_string()),
            Data::Int(n) => Some(n.to_string()),
            Data::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => Some(format!("{f:.0}")),
            Data::Float(f) => Some(f.to_string()),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.data == Data::Null
    }
}

/// The variables that a file may name.
pub(crate) struct Known<'a> {
    pub(crate) variables: &'a BTreeMap<String, String>,
    /// Those that were asked for and do not exist.
    pub(crate) unset: RefCell<BTreeSet<String>>,
}

/// Reads a file; nothing if it is not YAML.
pub(crate) fn read(file: usize, text: &str, known: &Known<'_>, report: &mut Report) -> Option<(Node, Vec<String>)> {
    let doc = match Document::parse(text.as_bytes()) {
        Ok(doc) => doc,
        Err(error) => {
            let message = descriptor::read::yaml_message(&error);
            let spot = Spot { file, line: descriptor::read::yaml_line(&error, text) as u32, column: 0 };
            report.error(spot, "", Code::Yaml, format!("this is not YAML: {message}"), "");
            return None;
        }
    };
    let source = String::from_utf8_lossy(doc.source()).into_owned();
    let lines = source.lines().collect();
    let mut reader = Reader { file, lines, known, report, nodes: 0, active: Vec::new() };
    let header = reader.header();
    let Some(root) = doc.root() else {
        report.error(Spot { file, line: 1, column: 0 }, "", Code::NoServices, "the file is empty", "");
        return None;
    };
    match reader.node(root, None, 0) {
        Ok(node) => Some((node, header)),
        Err((spot, message)) => {
            report.error(spot, "", Code::TooLarge, message, "");
            None
        }
    }
}

type Stop = (Spot, String);

struct Reader<'a> {
    file: usize,
    lines: Vec<&'a str>,
    known: &'a Known<'a>,
    report: &'a mut Report,
    nodes: usize,
    /// Where the targets of the aliases being followed start.
    active: Vec<u32>,
}

impl<'a> Reader<'a> {
    fn spot(&self, node: NodeRef<'_>) -> Spot {
        let start = node.start();
        Spot { file: self.file, line: start.line + 1, column: start.column + 1 }
    }

    /// The comment at the top of the file.
    fn header(&self) -> Vec<String> {
        let is_top = |l: &&&str| l.trim().is_empty() || l.trim_start().starts_with('#') || l.trim_end() == "---";
        let top = self.lines.iter().take_while(is_top).filter_map(|l| comment(l));
        top.filter(|c| !c.starts_with("yaml-language-server:")).collect()
    }

    fn node(&mut self, node: NodeRef<'_>, key: Option<NodeRef<'_>>, depth: usize) -> Result<Node, Stop> {
        let spot = self.spot(node);
        self.nodes += 1;
        if depth > MAX_DEPTH {
            return Err((spot, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        if self.nodes > MAX_NODES {
            return Err((spot, format!("more than {MAX_NODES} values, those of aliases included")));
        }
        let target = node.target();
        let alias = node.kind() == NodeKind::Alias;
        if alias && self.active.contains(&target.start().offset) {
            return Err((spot, "an anchor contains itself".to_owned()));
        }
        if alias {
            self.active.push(target.start().offset);
        }
        let data = match target.kind() {
            NodeKind::Scalar | NodeKind::Alias => self.scalar(target),
            NodeKind::Sequence => {
                let items: Result<_, _> = target.children().map(|c| self.node(c, None, depth + 1)).collect();
                Data::List(items?)
            }
            NodeKind::Mapping => Data::Map(self.mapping(target, depth)?),
        };
        if alias {
            self.active.pop();
        }
        Ok(Node { data, spot, notes: self.notes(node, key), over: self.over(node) })
    }

    fn mapping(&mut self, node: NodeRef<'_>, depth: usize) -> Result<Vec<Field>, Stop> {
        let mut fields: Vec<Field> = Vec::new();
        let mut merged: Vec<Field> = Vec::new();
        for (key, value) in node.entries() {
            let spot = self.spot(key);
            if key.is_merge() {
                let node = self.node(value, None, depth + 1)?;
                let parts = match node.data {
                    Data::Map(fields) => vec![fields],
                    Data::List(items) => items.into_iter().map(|n| n.fields().to_vec()).collect(),
                    _ => {
                        self.report.warn(spot, "", Code::WrongType, "<< can only merge a mapping", "");
                        continue;
                    }
                };
                for field in parts.into_iter().flatten() {
                    if merged.iter().all(|f| f.name != field.name) {
                        merged.push(field);
                    }
                }
                continue;
            }
            let name = String::from_utf8_lossy(key.target().text()).into_owned();
            let node = self.node(value, Some(key), depth + 1)?;
            match fields.iter_mut().find(|f| f.name == name) {
                Some(earlier) => {
                    let message = format!("duplicate key {name}: it is already on line {}", earlier.spot.line);
                    self.report.error(spot, "", Code::DuplicateKey, message, "keep one of them");
                    earlier.node = node;
                }
                None => fields.push(Field { name, spot, node }),
            }
        }
        merged.retain(|m| fields.iter().all(|f| f.name != m.name));
        fields.extend(merged);
        Ok(fields)
    }

    fn scalar(&mut self, node: NodeRef<'_>) -> Data {
        match node.scalar_v3() {
            Scalar::Null => Data::Null,
            Scalar::Bool(b) => Data::Bool(b),
            Scalar::Int(n) => Data::Int(n),
            // Too large to fit: the digits as written.
            Scalar::Uint(n) => Data::Text(n.to_string()),
            Scalar::Float(f) => Data::Float(f),
            Scalar::Str(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                Data::Text(if text.contains('$') { self.interpolated(text, self.spot(node)) } else { text })
            }
        }
    }

    fn interpolated(&mut self, text: String, spot: Spot) -> String {
        struct Asked<'a>(&'a Known<'a>, Vec<String>);
        impl Variables for Asked<'_> {
            fn get(&mut self, name: &str) -> Option<String> {
                self.0.variables.get(name).cloned()
            }
            fn unset(&mut self, name: &str) {
                self.1.push(name.to_owned());
            }
        }
        let mut asked = Asked(self.known, Vec::new());
        let result = interpolate(&text, &mut asked);
        for name in asked.1 {
            if self.known.unset.borrow_mut().insert(name.clone()) {
                let message = format!("the variable {name} is not set: an empty value is used");
                self.report.warn(spot, "", Code::UnsetVariable, message, "give it in an environment file");
            }
        }
        let give = "give it in an environment file";
        match result {
            Ok(text) => text,
            Err(Failure::Required(name, message)) => {
                let message = if message.is_empty() { message } else { format!(": {message}") };
                self.report.error(
                    spot,
                    "",
                    Code::RequiredVariable,
                    format!("the variable {name} is required{message}"),
                    give,
                );
                String::new()
            }
            Err(Failure::Invalid) => {
                let hint = "write $$ for a literal dollar sign";
                self.report.error(
                    spot,
                    "",
                    Code::Interpolation,
                    format!("{text:?} has no valid variable after a $"),
                    hint,
                );
                text
            }
            Err(Failure::TooLarge) => {
                self.report.error(
                    spot,
                    "",
                    Code::TooLarge,
                    "the variables nest too deeply or make the text too long",
                    "",
                );
                String::new()
            }
        }
    }

    fn line(&self, index: u32) -> Option<&'a str> {
        self.lines.get(index as usize).copied()
    }

    /// `!reset` and `!override`, at the start of a node with them.
    fn over(&self, node: NodeRef<'_>) -> Over {
        let start = node.start();
        let line = self.line(start.line).unwrap_or_default();
        let rest: String = line.chars().skip(start.column as usize).take(9).collect();
        match rest {
            rest if rest.starts_with("!reset") => Over::Remove,
            rest if rest.starts_with("!override") => Over::Replace,
            _ => Over::Merge,
        }
    }

    /// The comments above and behind a node, or its key.
    fn notes(&self, node: NodeRef<'_>, key: Option<NodeRef<'_>>) -> Notes {
        let first = key.unwrap_or(node).start();
        let line = self.line(first.line).unwrap_or_default();
        let before: String = line.chars().take(first.column as usize).collect();
        let mut above = Vec::new();
        if before.chars().all(|c| c == ' ' || c == '-') {
            let mut number = first.line;
            while number > 0 {
                number -= 1;
                match self.line(number).and_then(comment) {
                    Some(text) => above.push(text),
                    None => break,
                }
            }
            above.reverse();
        }
        let block = matches!(node.style(), Style::Literal | Style::Folded);
        let beside = match node.kind() {
            NodeKind::Scalar | NodeKind::Alias if !block => self.behind(node),
            _ => key.and_then(|k| self.behind(k)),
        };
        Notes { above, beside }
    }

    /// The comment on the line where a node ends.
    fn behind(&self, node: NodeRef<'_>) -> Option<String> {
        let start = node.start();
        let line = self.line(start.line)?;
        let length = node.end_offset().checked_sub(start.offset as usize)?;
        let at = line.char_indices().nth(start.column as usize).map_or(line.len(), |(i, _)| i);
        let rest = line.get(at + length..)?.trim_start_matches([':', ',', ']', '}']);
        if rest.starts_with([' ', '\t']) { comment(rest) } else { None }
    }
}

/// The text of a line that is a comment.
fn comment(line: &str) -> Option<String> {
    let text = line.trim().strip_prefix('#')?;
    Some(text.strip_prefix(' ').unwrap_or(text).to_owned())
}
