//! Templates without a chart: for playgrounds and tests.

use std::rc::Rc;

use govalue::Str;
use goyaml::yaml::from_yaml_map;
use helm::chart::{Bytes, File};
use helm::engine::{Limits, Options, World};

/// Templates that are rendered as those of a chart `demo` 1.2.3, as release
/// `demo` in namespace `shop`.
///
/// ```
/// use std::rc::Rc;
/// use chartwright::{FixedWorld, Snippet};
/// let snippet = Snippet::new([("t.yaml", "{{ .Values.name | upper }}")]);
/// let output = snippet.render(b"name: web", Rc::new(FixedWorld::default()))?;
/// assert_eq!(output.file("t.yaml"), Some(&b"WEB"[..]));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Snippet {
    inner: helm::engine::Snippet,
    options: Options,
}

/// What a snippet rendered: files by name.
#[derive(Clone, Debug, Default)]
pub struct SnippetOutput {
    /// The rendered files, under `demo/templates/`.
    pub files: Vec<(Str, Bytes)>,
}

impl Snippet {
    /// The templates, by name below `templates/`.
    pub fn new<'a>(templates: impl IntoIterator<Item = (&'a str, &'a str)>) -> Snippet {
        let mut snippet = Snippet::default();
        let file = |(name, text): (&str, &str)| File {
            name: Str::from(format!("templates/{name}")),
            data: Bytes::from(text.as_bytes()),
        };
        snippet.inner.templates = templates.into_iter().map(file).collect();
        snippet.inner.templates.sort_by(|a, b| a.name.cmp(&b.name));
        snippet
    }

    /// Adds files that `.Files` sees.
    pub fn files<'a>(mut self, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Snippet {
        let file = |(name, text): (&str, &str)| File { name: Str::from(name), data: Bytes::from(text.as_bytes()) };
        self.inner.files.extend(files.into_iter().map(file));
        self
    }

    /// Whether a missing value is an error.
    pub fn strict(mut self, strict: bool) -> Snippet {
        self.options.strict = strict;
        self
    }

    /// Sets how far the render may go.
    pub fn limits(mut self, limits: Limits) -> Snippet {
        self.options.limits = limits;
        self
    }

    /// Renders it with values in YAML.
    ///
    /// # Errors
    /// What is wrong with the values or the templates, with Helm's message.
    pub fn render(self, values: &[u8], world: Rc<dyn World>) -> Result<SnippetOutput, String> {
        let values = from_yaml_map(values).map_err(|e| e.to_string())?;
        let values = if values.is_empty() { govalue::Map::new() } else { values };
        let output = self.inner.render(&values, world, self.options).map_err(|e| e.to_string())?;
        Ok(SnippetOutput { files: output.files })
    }
}

impl SnippetOutput {
    /// A file by its name below `templates/`.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        let wanted = format!("demo/templates/{name}");
        self.files.iter().find(|(n, _)| *n == wanted.as_str()).map(|(_, text)| text.as_bytes())
    }
}
