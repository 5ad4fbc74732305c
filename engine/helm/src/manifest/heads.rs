//! Heads of documents, kept from render to render.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use goyaml::yaml::YamlError;
use rustc_hash::FxBuildHasher;

use super::head::Head;
use crate::chart::Bytes;

/// The heads of the documents of the last render, by their text: most documents
/// stay as they are when a value changes, and need not be read again.
#[derive(Default)]
pub struct Heads {
    current: HashMap<Document, Head, FxBuildHasher>,
    previous: HashMap<Document, Head, FxBuildHasher>,
}

impl Heads {
    /// Begins a render: documents that the last one did not have are forgotten.
    pub fn begin(&mut self) {
        self.previous = std::mem::take(&mut self.current);
    }

    /// The head of a document.
    ///
    /// # Errors
    /// As [`Head::parse`].
    pub fn parse(&mut self, text: &Bytes) -> Result<Head, YamlError> {
        let document = Document(text.clone());
        if let Some(head) = self.current.get(&document) {
            return Ok(head.clone());
        }
        let head = match self.previous.remove(&document) {
            Some(head) => head,
            None => Head::parse(text)?,
        };
        self.current.insert(document, head.clone());
        Ok(head)
    }
}

/// A document as a key.
struct Document(Bytes);

impl PartialEq for Document {
    fn eq(&self, other: &Document) -> bool {
        self.0.as_bytes() == other.0.as_bytes()
    }
}

impl Eq for Document {}

impl Hash for Document {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_bytes().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_forgotten_when_a_render_does_not_have_them() {
        let document = |text: &str| Bytes::from(text.as_bytes());
        let mut heads = Heads::default();
        heads.begin();
        assert_eq!(heads.parse(&document("kind: A")).unwrap().kind, "A");
        assert!(heads.parse(&document("kind: [")).is_err());
        heads.begin();
        assert_eq!(heads.parse(&document("kind: A")).unwrap().kind, "A");
        assert_eq!((heads.current.len(), heads.previous.len()), (1, 0));
        heads.begin();
        heads.begin();
        assert_eq!((heads.current.len(), heads.previous.len()), (0, 0));
    }
}
