//! The text of a template.

use std::ops::Deref;
use std::sync::Arc;

use govalue::Str;

/// The text of a template: its own, or one that somebody else keeps, as the
/// files of an archive are kept.
///
/// ```
/// use gotemplate::Source;
/// use std::sync::Arc;
/// assert_eq!(&*Source::from("{{.x}}"), b"{{.x}}");
/// assert_eq!(&*Source::shared(Arc::new("{{.x}}")), b"{{.x}}");
/// ```
#[derive(Clone)]
pub struct Source(Text);

#[derive(Clone)]
enum Text {
    Own(Str),
    Shared(Arc<dyn AsRef<[u8]> + Send + Sync>),
}

impl Deref for Source {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Text::Own(text) => text,
            Text::Shared(text) => (**text).as_ref(),
        }
    }
}

impl<T: Into<Str>> From<T> for Source {
    fn from(text: T) -> Source {
        Source(Text::Own(text.into()))
    }
}

impl Source {
    /// A text that somebody else keeps. It must give the same bytes every time.
    pub fn shared(text: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Source {
        Source(Text::Shared(text))
    }
}
