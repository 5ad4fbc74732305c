//! Heads of documents, kept from render to render.

use govalue::Str;
use goyaml::yaml::YamlError;

use super::head::Head;
use crate::chart::Bytes;

/// The heads of the documents of the last render: most documents stay as they
/// are when a value changes, and need not be read again.
#[derive(Default)]
pub struct Heads {
    current: Vec<Known>,
    previous: Vec<Known>,
    /// Where the documents of the last render are that come next.
    next: usize,
}

/// A document that has been read.
struct Known {
    file: Str,
    /// Which of the file's documents it is.
    index: usize,
    text: Bytes,
    head: Head,
}

impl Heads {
    /// Begins a render: documents that the last one did not have are forgotten.
    pub fn begin(&mut self) {
        self.previous = std::mem::take(&mut self.current);
        self.next = 0;
    }

    /// The head of a document: of a file, the one at an index. Files that come
    /// in the order of their names are found again.
    ///
    /// # Errors
    /// As [`Head::parse`].
    pub fn parse(&mut self, file: &Str, index: usize, text: &Bytes) -> Result<Head, YamlError> {
        while self.previous.get(self.next).is_some_and(|known| (&known.file, known.index) < (file, index)) {
            self.next += 1;
        }
        let known = self
            .previous
            .get(self.next)
            .filter(|known| known.file == *file && known.index == index && known.text.as_bytes() == text.as_bytes());
        let head = match known {
            Some(known) => known.head.clone(),
            None => Head::parse(text)?,
        };
        self.current.push(Known { file: file.clone(), index, text: text.clone(), head: head.clone() });
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_forgotten_when_a_render_does_not_have_them() {
        let mut heads = Heads::default();
        let read = |heads: &mut Heads, file: &str, index, text: &str| {
            heads.parse(&Str::from(file), index, &Bytes::from(text.as_bytes())).map(|head| head.kind)
        };
        heads.begin();
        assert_eq!(read(&mut heads, "a", 0, "kind: A").unwrap(), "A");
        assert!(read(&mut heads, "a", 1, "kind: [").is_err());
        assert_eq!(read(&mut heads, "c", 0, "kind: C").unwrap(), "C");
        heads.begin();
        assert_eq!(read(&mut heads, "a", 1, "kind: A").unwrap(), "A");
        assert_eq!(read(&mut heads, "b", 0, "kind: B").unwrap(), "B");
        assert_eq!(read(&mut heads, "c", 0, "kind: D").unwrap(), "D");
        assert_eq!((heads.current.len(), heads.previous.len(), heads.next), (3, 2, 1));
        heads.begin();
        heads.begin();
        assert_eq!((heads.current.len(), heads.previous.len()), (0, 0));
    }
}
