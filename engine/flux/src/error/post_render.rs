//! Why post-rendering failed.

use std::error::Error;
use std::fmt;

use govalue::Str;

/// Output of a chart that the post-renderers cannot work on, or a patch that
/// cannot be applied. `Display` is the text of Helm, kustomize and kyaml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostRenderError {
    message: String,
    template: Option<Str>,
    line: Option<usize>,
    hint: Option<String>,
}

impl PostRenderError {
    /// An error with this text.
    pub(crate) fn new(message: impl Into<String>) -> PostRenderError {
        PostRenderError { message: message.into(), template: None, line: None, hint: None }
    }

    /// The same error with a text before it.
    pub(crate) fn within(mut self, before: &str) -> PostRenderError {
        self.message = format!("{before}: {}", self.message);
        self
    }

    /// The same error in a template's output, of which `before` lines come first.
    pub(crate) fn in_template(mut self, template: &Str, before: usize) -> PostRenderError {
        self.template = Some(template.clone());
        self.line = self.line.map(|line| line + before);
        self
    }

    /// The same error in a text of which `before` lines come first.
    pub(crate) fn after_lines(mut self, before: usize) -> PostRenderError {
        self.line = self.line.map(|line| line + before);
        self
    }

    /// The same error as kustomize reports it for its input.
    pub(crate) fn accumulating(mut self) -> PostRenderError {
        self.message = format!(
            "accumulating resources: accumulation err='accumulating resources from 'helm-output.yaml': {}': \
             must build at directory: '/helm-output.yaml': file is not directory",
            self.message
        );
        self
    }

    /// The same error as kustomize reports it for input that is not YAML.
    pub(crate) fn reading_input(mut self) -> PostRenderError {
        self.message = format!(
            "accumulating resources: accumulating resources from 'helm-output.yaml': {} in File: helm-output.yaml",
            self.message
        );
        self
    }

    /// The same error at a line of the text, counted from 1.
    pub(crate) fn at_line(mut self, line: Option<usize>) -> PostRenderError {
        self.line = line;
        self
    }

    /// The same error with what may help.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> PostRenderError {
        self.hint = Some(hint.into());
        self
    }

    /// The template whose output it is about, where that is known.
    pub fn template(&self) -> Option<&Str> {
        self.template.as_ref()
    }

    /// The line in that output, counted from 1, where that is known.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// What may help.
    pub fn hint(&self) -> Option<String> {
        self.hint.clone()
    }
}

impl fmt::Display for PostRenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for PostRenderError {}
