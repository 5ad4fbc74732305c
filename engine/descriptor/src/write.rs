//! Descriptors as text that people read and change: YAML in a chosen order, with comments.
//!
//! Writers of values ([`goyaml::yaml::to_yaml`]) sort keys and know no comments; descriptors that we make for people
//! have both an order and reasons.
//!
//! ```
//! use descriptor::write::{Block, base_charts, document, template};
//! let mut component = Block::new();
//! component.set("name", "web");
//! component.set("template", template("modulebase", &base_charts())).why("A program that serves.");
//! component.set_in(&["values", "image", "tag"], "1.10").beside("pinned");
//! assert_eq!(document(&component), r#"name: web
//! ## A program that serves.
//! template:
//!   chart: modulebase
//!   sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}
//! values:
//!   image:
//!     tag: "1.10" # pinned
//! "#);
//! ```

use goyaml::yaml::{Document, Scalar};

use crate::types::{SourceKind, SourceRef};
use crate::yaml_text;

/// What follows a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Text; quoted where YAML would read something else.
    Text(String),
    /// Text that is always quoted: values of environment variables.
    Quoted(String),
    /// A number.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// A list, in one line if its items are short and simple.
    List(Vec<Item>),
    /// A mapping.
    Map(Block),
    /// A mapping in one line: `{kind: GitRepository, name: charts}`.
    Inline(Block),
}

impl From<&str> for Item {
    fn from(text: &str) -> Item {
        Item::Text(text.to_owned())
    }
}

impl From<String> for Item {
    fn from(text: String) -> Item {
        Item::Text(text)
    }
}

impl From<bool> for Item {
    fn from(b: bool) -> Item {
        Item::Bool(b)
    }
}

impl From<i64> for Item {
    fn from(n: i64) -> Item {
        Item::Int(n)
    }
}

impl From<Block> for Item {
    fn from(block: Block) -> Item {
        Item::Map(block)
    }
}

impl<T: Into<Item>> From<Vec<T>> for Item {
    fn from(items: Vec<T>) -> Item {
        Item::List(items.into_iter().map(Into::into).collect())
    }
}

/// An entry of a [`Block`].
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Comment lines above, without `#`.
    pub above: Vec<String>,
    /// The key.
    pub key: String,
    /// A comment behind it.
    pub beside: Option<String>,
    /// Its value.
    pub item: Item,
}

/// A mapping in the order in which it was filled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Block {
    /// An empty one.
    pub fn new() -> Block {
        Block::default()
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Item> {
        self.entries.iter().find(|e| e.key == key).map(|e| &e.item)
    }

    /// Sets a key; a new one goes to the end. Its entry is given back for comments.
    pub fn set(&mut self, key: &str, item: impl Into<Item>) -> &mut Entry {
        let at = match self.entries.iter().position(|e| e.key == key) {
            Some(at) => at,
            None => {
                let entry = Entry { above: Vec::new(), key: key.to_owned(), beside: None, item: Item::Bool(false) };
                self.entries.push(entry);
                self.entries.len() - 1
            }
        };
        let entry = &mut self.entries[at];
        entry.item = item.into();
        entry
    }

    /// Sets a key below others: `path` is theirs and its own. Blocks that are missing on the way are made; other
    /// values in the way are replaced by blocks.
    ///
    /// # Panics
    /// If the path is empty.
    pub fn set_in(&mut self, path: &[&str], item: impl Into<Item>) -> &mut Entry {
        match path {
            [] => panic!("a path has at least one key"),
            [key] => self.set(key, item),
            [first, rest @ ..] => self.block(first).set_in(rest, item),
        }
    }

    /// The block at a key, created if missing.
    pub fn block(&mut self, key: &str) -> &mut Block {
        if !matches!(self.get(key), Some(Item::Map(_) | Item::Inline(_))) {
            self.set(key, Item::Map(Block::new()));
        }
        let entry = self.entries.iter_mut().find(|e| e.key == key);
        match entry.map(|e| &mut e.item) {
            Some(Item::Map(block) | Item::Inline(block)) => block,
            _ => unreachable!("the key was set to a block just now"),
        }
    }

    /// The same, in one line.
    pub fn inline(self) -> Item {
        Item::Inline(self)
    }
}

impl Entry {
    /// Adds a comment line above.
    pub fn why(&mut self, line: impl Into<String>) -> &mut Entry {
        self.above.push(line.into());
        self
    }

    /// Sets the comment behind.
    pub fn beside(&mut self, text: impl Into<String>) -> &mut Entry {
        self.beside = Some(text.into());
        self
    }
}

impl<T: Into<Item>> FromIterator<(String, T)> for Block {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(pairs: I) -> Block {
        let mut block = Block::new();
        for (key, item) in pairs {
            block.set(&key, item);
        }
        block
    }
}

/// Where base charts come from by default: the Flux source `basecharts` of DS2's guide.
pub fn base_charts() -> SourceRef {
    SourceRef {
        kind: SourceKind::GitRepository,
        name: "basecharts".to_owned(),
        namespace: Some("marketplace".to_owned()),
    }
}

/// The field `template` of a descriptor or a component: a base chart and the source that has it.
pub fn template(chart: &str, source: &SourceRef) -> Item {
    let mut reference = Block::new();
    reference.set("kind", format!("{:?}", source.kind));
    reference.set("name", source.name.as_str());
    if let Some(namespace) = &source.namespace {
        reference.set("namespace", namespace.as_str());
    }
    let mut template = Block::new();
    template.set("chart", chart);
    template.set("sourceRef", reference.inline());
    template.into()
}

/// Writes a block as a document. YAML readers of both versions, 1.1 and 1.2, read the same values from it.
pub fn document(block: &Block) -> String {
    let mut out = String::new();
    write_block(&mut out, block, 0);
    out
}

/// The widest list that is written in one line.
const WIDE: usize = 100;

fn pad(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn write_comments(out: &mut String, lines: &[String], depth: usize) {
    for line in lines.iter().flat_map(|l| l.split('\n')) {
        pad(out, depth);
        out.push('#');
        if !line.is_empty() {
            out.push(' ');
            out.push_str(line.trim_end());
        }
        out.push('\n');
    }
}

fn write_block(out: &mut String, block: &Block, depth: usize) {
    for entry in &block.entries {
        write_comments(out, &entry.above, depth);
        pad(out, depth);
        write_entry(out, entry, depth);
    }
}

/// Writes an entry whose first line is already indented.
fn write_entry(out: &mut String, entry: &Entry, depth: usize) {
    write_scalar(out, &entry.key, false);
    out.push(':');
    let beside = entry.beside.as_deref();
    match &entry.item {
        Item::Map(block) if !block.is_empty() => {
            comment_and_break(out, beside);
            write_block(out, block, depth + 1);
        }
        Item::List(items) if !items.is_empty() => match one_line(&entry.item) {
            Some(line) => {
                out.push(' ');
                out.push_str(&line);
                comment_and_break(out, beside);
            }
            None => {
                comment_and_break(out, beside);
                for item in items {
                    write_item(out, item, depth + 1);
                }
            }
        },
        item => {
            out.push(' ');
            match literal(item, depth + 1).as_deref().and_then(|l| l.split_once('\n')) {
                Some((mark, lines)) => {
                    out.push_str(mark);
                    comment_and_break(out, beside);
                    out.push_str(lines);
                    out.push('\n');
                }
                None => {
                    write_flow(out, item);
                    comment_and_break(out, beside);
                }
            }
        }
    }
}

fn write_item(out: &mut String, item: &Item, depth: usize) {
    if let Item::Map(Block { entries }) = item
        && let [first, ..] = entries.as_slice()
    {
        write_comments(out, &first.above, depth);
    }
    pad(out, depth);
    out.push_str("- ");
    match item {
        Item::Map(block) if !block.is_empty() => {
            for (i, entry) in block.entries.iter().enumerate() {
                if i > 0 {
                    write_comments(out, &entry.above, depth + 1);
                    pad(out, depth + 1);
                }
                write_entry(out, entry, depth + 1);
            }
        }
        item => {
            match literal(item, depth + 1) {
                Some(literal) => out.push_str(&literal),
                None => write_flow(out, item),
            }
            out.push('\n');
        }
    }
}

fn comment_and_break(out: &mut String, beside: Option<&str>) {
    if let Some(text) = beside {
        out.push_str(" # ");
        out.push_str(&text.replace('\n', " "));
    }
    out.push('\n');
}

/// A list in one line, if that is easy to read.
fn one_line(item: &Item) -> Option<String> {
    let Item::List(items) = item else { return None };
    let simple = items.iter().all(|i| match i {
        Item::Text(t) | Item::Quoted(t) => !t.contains('\n') && t.len() <= WIDE,
        Item::Int(_) | Item::Bool(_) => true,
        Item::List(_) | Item::Map(_) | Item::Inline(_) => false,
    });
    let mut line = String::new();
    write_flow(&mut line, item);
    (simple && line.len() <= WIDE).then_some(line)
}

/// Writes in flow style: what fits into one line.
fn write_flow(out: &mut String, item: &Item) {
    match item {
        Item::Text(text) => write_scalar(out, text, false),
        Item::Quoted(text) => write_scalar(out, text, true),
        Item::Int(n) => out.push_str(&n.to_string()),
        Item::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Item::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                write_flow(out, item);
            }
            out.push(']');
        }
        Item::Map(block) | Item::Inline(block) => {
            out.push('{');
            for (i, entry) in block.entries.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                write_scalar(out, &entry.key, false);
                out.push_str(": ");
                write_flow(out, &entry.item);
            }
            out.push('}');
        }
    }
}

/// A text of several lines as a `|` block, where it can be one.
fn literal(item: &Item, depth: usize) -> Option<String> {
    match item {
        Item::Text(text) | Item::Quoted(text) if text.trim_end_matches('\n').contains('\n') => {
            yaml_text::literal(text, 2 * depth)
        }
        _ => None,
    }
}

fn write_scalar(out: &mut String, text: &str, quoted: bool) {
    if !quoted && is_plain(text) {
        out.push_str(text);
    } else {
        out.push_str(&yaml_text::quoted(text));
    }
}

/// Whether every YAML reader takes the text, without quotes and anywhere, for the same text.
fn is_plain(text: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || "_-./@+()=~^ ".contains(c);
    let Some(first) = text.chars().next() else { return false };
    if !(first.is_alphanumeric() || "/_.".contains(first)) || text.ends_with(' ') || !text.chars().all(safe) {
        return false;
    }
    // Numbers, booleans and their like, of YAML 1.1 and 1.2.
    let document = Document::parse(text.as_bytes()).ok();
    let Some(root) = document.as_ref().and_then(Document::root) else { return false };
    let is_text = |s: &Scalar<'_>| matches!(s, Scalar::Str(_));
    let date = first.is_ascii_digit() && text.chars().all(|c| c.is_ascii_digit() || "-_+.".contains(c));
    is_text(&root.scalar_v3()) && root.scalar().as_ref().is_ok_and(is_text) && !date
}

#[cfg(test)]
mod tests {
    use super::{Block, Item, document};
    use govalue::Value;
    use goyaml::yaml::from_yaml;

    #[test]
    fn texts_are_read_again_as_they_were() {
        let texts = [
            "",
            " ",
            "a",
            "a b",
            "yes",
            "on",
            "null",
            "~",
            "1",
            "1.0",
            "0x1f",
            "0o7",
            "1e3",
            "1_000",
            "12:30",
            "2024-01-01",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "{a}",
            "[a]",
            "a,b",
            "\"q\"",
            "'q'",
            "a\\b",
            "a\nb",
            "a\nb\n",
            "a\n\nb\n",
            "a\nb\n\n",
            " a\nb",
            "\ta\nb",
            "a\n\tb",
            "tab\there",
            "\u{7f}",
            "\u{85}",
            "\u{2028}x",
            "ü 🚀",
            "<<",
            "=",
            "?",
            ":",
            "-",
            "---",
            "...",
            "true ",
            "Off",
            "n",
            ".inf",
            "+1",
            "0777",
            "a:b",
            "http://x:1/y?z=1&b",
            "\r\n",
            "\u{feff}",
            "a\n b",
            "a\n#b\nc\n",
            "key: |\n",
            "1.2.3",
            "10m",
            "2024-01",
            "012-34",
        ];
        for text in texts {
            for quoted in [false, true] {
                let item = || if quoted { Item::Quoted(text.into()) } else { Item::Text(text.into()) };
                let mut block = Block::new();
                block.set("k", item()).why("above").beside("beside");
                block.set(text, item());
                block.set(
                    "list",
                    Item::List(vec![item(), Item::Map([("in".to_owned(), item())].into_iter().collect())]),
                );
                block.set("flow", Block { entries: block.entries[..1].to_vec() }.inline());
                let written = document(&block);
                let read = from_yaml(written.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{written}"));
                let Value::Map(map) = read else { panic!("no map: {written}") };
                for key in ["k", text] {
                    assert_eq!(format!("{:?}", map.get(key)), format!("Some(Str({text:?}))"), "{written}");
                }
                let list = format!("{:?}", map.get("list"));
                assert_eq!(list.matches(&format!("{text:?}")).count(), 2, "{list}\n{written}");
            }
        }
    }

    #[test]
    fn blocks_keep_their_order_and_comments() {
        let mut block = Block::new();
        block.set_in(&["image", "name"], "web").why("What runs.");
        block.set_in(&["image", "tag"], "1.10").beside("pinned");
        block.set("ports", Item::List(vec![Item::Int(80), Item::Int(443)]));
        let port: Block =
            [("name".to_owned(), Item::from("dns")), ("port".to_owned(), Item::Int(53))].into_iter().collect();
        block.set("more", Item::List(vec![port.into()]));
        insta::assert_snapshot!(document(&block), @r#"
        image:
          # What runs.
          name: web
          tag: "1.10" # pinned
        ports: [80, 443]
        more:
          - name: dns
            port: 53
        "#);
    }
}
