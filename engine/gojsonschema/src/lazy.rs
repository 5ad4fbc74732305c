//! Schemas that are compiled where values reach them: most values set little of what a schema knows.

use std::sync::{Arc, OnceLock};

use crate::compile::{self, Numbers};
use crate::document::Document;
use crate::location::{Place, UrlFragment, join};
use crate::node::{Node, NodeId};

/// A document in which nothing can be wrong any more: it meets its metaschema, and all that it refers to is in it.
#[derive(Debug)]
pub(crate) struct Lazy {
    document: Document,
    /// By the numbers of the document's places.
    nodes: Box<[OnceLock<Node>]>,
}

impl Lazy {
    /// Whether a document can be compiled piece by piece.
    pub(crate) fn suits(document: &Document) -> bool {
        let Some(resource) = document.resources.at("") else { return false };
        let is_known = |reference: &str| {
            let to = join(&resource.id, reference).ok()?;
            document.known.position(&document.resolve(&to).ok()??.pointer)
        };
        let mut references = document.references.iter().map(|reference| reference.to_str_lossy());
        document.plain && references.all(|reference| is_known(&reference).is_some())
    }

    /// A document that [`suits`](Lazy::suits).
    pub(crate) fn new(document: Document) -> Lazy {
        let nodes = document.known.items().iter().map(|()| OnceLock::new()).collect();
        Lazy { document, nodes }
    }

    /// The number of the schema that is the whole document.
    pub(crate) fn root(&self) -> NodeId {
        self.document.known.position("").expect("the document itself was looked through first") as NodeId
    }

    /// The node of that number, compiled.
    pub(crate) fn get(&self, id: NodeId) -> &Node {
        let slot = self.nodes.get(id as usize).expect("numbers are those of the document's places");
        // A test compiles every node.
        slot.get_or_init(|| self.compile(id).unwrap_or_else(|e| panic!("a document that suits has no mistake: {e}")))
    }

    fn compile(&self, id: NodeId) -> Result<Node, String> {
        let document = &self.document;
        let pointer = document.known.name(id as usize).expect("numbers are those of the document's places");
        let place = Arc::new(Place { url: Arc::clone(&document.url), pointer: pointer.to_owned() });
        let resource = document.resources.at("").expect("the document itself is a resource");
        compile::node(&mut Known(document), &place, &document.json, resource)
    }
}

/// The numbers of a document's places.
struct Known<'d>(&'d Document);

impl Numbers for Known<'_> {
    fn number(&mut self, place: Place) -> NodeId {
        let number = self.0.known.position(&place.pointer);
        number.expect("all places that keywords hold schemas at were looked through") as NodeId
    }

    fn refer(&mut self, _: &str, to: &UrlFragment) -> Result<NodeId, String> {
        let place = self.0.resolve(to)?.expect("a document that suits refers to nothing outside of it");
        Ok(self.number(place))
    }

    fn formats(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Schema;
    use crate::document::Documents;
    use crate::json::Json;
    use crate::location::URL;
    use crate::node::Nodes;
    use crate::plain::tests::{KEYWORDS, VALUES};

    fn parse(text: &str) -> Json {
        Json::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    /// The schema with all nodes compiled at once.
    fn at_once(text: &str) -> Result<Schema, String> {
        let mut loader = |url: &str| Err(format!("no {url}"));
        let mut documents = Documents::new(&mut loader);
        documents.add(URL, parse(text));
        let at = UrlFragment { url: URL.to_owned(), fragment: String::new() };
        compile::compile(documents, &at, false).map(|nodes| Schema { nodes: Nodes::All(nodes) })
    }

    fn failures(schema: &Schema, value: &str) -> String {
        schema.failures(&parse(value), None).unwrap_or_else(|e| e.to_string())
    }

    /// Compares both ways to compile a schema; whether there is a lazy one.
    fn same(text: &str) -> bool {
        let schema = Schema::compile(text.as_bytes());
        let Ok(Schema { nodes: Nodes::Lazy(lazy) }) = &schema else { return false };
        let at_once = at_once(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        for id in 0..lazy.nodes.len() {
            let node = lazy.compile(id as NodeId).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert!(node.place.is_some(), "{text}");
        }
        // None is compiled yet, but for those that the values before reached.
        let schema = schema.unwrap();
        for value in VALUES {
            for value in [(*value).to_owned(), format!(r#"{{"a": [{value}]}}"#), format!(r#"{{"b": {value}}}"#)] {
                assert_eq!(failures(&schema, &value), failures(&at_once, &value), "{text} {value}");
            }
        }
        true
    }

    #[test]
    fn nodes_are_the_same_whenever_they_are_compiled() {
        let mut lazy = 0;
        for draft in ["http://json-schema.org/draft-06/schema#", "http://json-schema.org/draft-07/schema#"]
            .into_iter()
            .chain(["https://json-schema.org/draft/2019-09/schema", "https://json-schema.org/draft/2020-12/schema"])
        {
            for keyword in KEYWORDS {
                for value in VALUES {
                    let text = format!(
                        r##"{{"$schema": "{draft}", "properties": {{
                            "a": {{"items": {{"{keyword}": {value}}}}}, "b": {{"$ref": "#/properties/a/items"}}
                        }}}}"##
                    );
                    lazy += usize::from(same(&text));
                }
            }
        }
        assert!(lazy > 1000, "{lazy}");
    }

    #[test]
    fn only_documents_without_open_ends_are_lazy() {
        for (text, lazy) in [
            ("{}", true),
            ("true", true),
            (r##"{"$defs": {"a/b": {"items": {"$ref": "#"}}}, "$ref": "#/$defs/a~1b"}"##, true),
            (r##"{"$id": "https://example.org/v.json", "$ref": "v.json#/$defs/a", "$defs": {"a": {}}}"##, true),
            (r##"{"properties": {"a": {"$ref": "#/none"}}}"##, false),
            (r##"{"x": {"type": "string"}, "$ref": "#/x"}"##, false),
            (r##"{"$ref": "https://json-schema.org/draft/2020-12/schema"}"##, false),
            (r##"{"$ref": "#a", "$defs": {"a": {"$anchor": "a"}}}"##, false),
            (r##"{"$defs": {"a": {"$id": "https://example.org/a"}}}"##, false),
        ] {
            let schema = Schema::compile(text.as_bytes());
            let found = matches!(schema, Ok(Schema { nodes: Nodes::Lazy(_) }));
            assert_eq!(found, lazy, "{text}");
            assert!(!lazy || same(text), "{text}");
        }
    }
}
