//! The tables of a document while it is read, and which keys may be set when.

use govalue::{Index, List, MAX_DEPTH, Map, Str, Type, Value};

use super::key::key_text;

/// A table under construction.
#[derive(Default)]
pub(super) struct Table(Index<Node>);

enum Node {
    Value(Value),
    Table(Table),
    /// An array of tables: `[[key]]`.
    Tables(Vec<Table>),
}

/// What a document has said so far.
#[derive(Default)]
pub(super) struct Document {
    root: Table,
    /// The key of the table that keys belong to.
    pub(super) context: Vec<Str>,
    /// Whether a table is there only because others are in it, by its key.
    implicit: Index<bool>,
    /// Whether a value is an array, by its key.
    arrays: Index<bool>,
}

impl Document {
    /// Goes to a table, making it and those around it where they are missing;
    /// `array` adds a table to an array of them.
    pub(super) fn add_context(&mut self, key: &[Str], array: bool) -> Result<(), String> {
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        if parents.len() >= MAX_DEPTH {
            return Err("tables nested too deep".to_owned());
        }
        let mut table = &mut self.root;
        for (i, part) in parents.iter().enumerate() {
            if !table.0.contains(part.as_bytes()) {
                self.implicit.insert(key_text(&parents[..=i]), true);
            }
            let node = table.0.or_insert_with(part.clone(), || Node::Table(Table::default()));
            table = match node.table() {
                Some(table) => table,
                None => return Err(format!("Key '{}' was already created as a hash.", shown(&parents[..=i]))),
            };
        }
        self.context = parents.to_vec();
        if array {
            let node = table.0.or_insert_with(last.clone(), || Node::Tables(Vec::new()));
            let Node::Tables(tables) = node else {
                let key = shown(key);
                return Err(format!("Key '{key}' was already created and cannot be used as an array."));
            };
            tables.push(Table::default());
        } else {
            self.set(last, Node::Table(Table::default()))?;
        }
        self.context = key.to_vec();
        Ok(())
    }

    /// The same for the tables that a dotted key passes through.
    pub(super) fn add_implicit_context(&mut self, part: &Str) -> Result<(), String> {
        let mut key = self.context.clone();
        key.push(part.clone());
        self.add_implicit(&key);
        self.add_context(&key, false)
    }

    pub(super) fn add_implicit(&mut self, key: &[Str]) {
        self.implicit.insert(key_text(key), true);
    }

    /// Sets a key of the current table.
    pub(super) fn set_value(&mut self, key: &Str, v: Value) -> Result<(), String> {
        self.set(key, Node::Value(v))
    }

    fn set(&mut self, key: &Str, node: Node) -> Result<(), String> {
        let mut table = &mut self.root;
        for (i, part) in self.context.iter().enumerate() {
            let inner = table.0.get_mut(part.as_bytes()).and_then(Node::table);
            table = inner.ok_or_else(|| defined(&self.context[..=i]))?;
        }
        if !table.0.contains(key.as_bytes()) {
            table.0.insert(key.clone(), node);
            return Ok(());
        }
        // A table that was only implied may be defined once.
        let mut full = self.context.clone();
        full.push(key.clone());
        let text = key_text(&full);
        if self.implicit.insert(text.clone(), false) != Some(true) {
            return Err(defined(&full));
        }
        if self.arrays.get(&text) == Some(&true) {
            table.0.insert(key.clone(), node);
        }
        Ok(())
    }

    /// Notes whether the value of a key of the current table is an array; an
    /// empty key stands for the table itself.
    pub(super) fn set_type(&mut self, key: &Str, array: bool) {
        let mut full = self.context.clone();
        if !key.is_empty() || full.is_empty() {
            full.push(key.clone());
        }
        let full = key_text(&full);
        self.arrays.insert(full, array);
    }

    /// The document as a value.
    pub(super) fn finish(self) -> Map {
        self.root.finish()
    }
}

fn shown(key: &[Str]) -> String {
    govalue::utf8::lossy(&key_text(key)).into_owned()
}

fn defined(key: &[Str]) -> String {
    format!("Key '{}' has already been defined.", shown(key))
}

impl Node {
    /// The table that keys under this one go to.
    fn table(&mut self) -> Option<&mut Table> {
        match self {
            Node::Table(table) => Some(table),
            Node::Tables(tables) => tables.last_mut(),
            Node::Value(_) => None,
        }
    }
}

impl Table {
    fn finish(self) -> Map {
        /// `[]map[string]interface {}`
        const TABLES: Type = Type::Slice(&Type::ANY_MAP);
        let entry = |(key, node)| {
            let v = match node {
                Node::Value(v) => v,
                Node::Table(table) => Value::Map(table.finish()),
                Node::Tables(tables) => {
                    let tables = tables.into_iter().map(|t| Value::Map(t.finish())).collect();
                    Value::List(List::with_type(TABLES, tables))
                }
            };
            (key, v)
        };
        Map::from_sorted(Type::ANY_MAP, self.0.into_sorted().into_iter().map(entry).collect())
    }
}
