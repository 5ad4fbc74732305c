//! The part of Jinja that a chart's skeletons are written in, over JSON.
//!
//! Blocks are `<% … %>`, values `<< … >>`, comments `<# … #>`, so that templates of Helm's need no escapes. A block
//! takes its line with it: the space before it and the line break behind it. A name that does not exist is an error.
//! `docs/expansion.md` lists statements, filters and tests.
//!
//! What is here means what it means in Jinja; the tests ask minijinja. It is not minijinja because that is 440 kB of
//! Wasm, most of it for what skeletons do not need.
//!
//! ```
//! const FILTERS: &[(&str, skeleton::Filter)] = &[("shout", |text, _| Ok(format!("{text}!")))];
//! let mut skeletons = skeleton::Environment::new(FILTERS);
//! skeletons.add("hello", "<% for name in names %>\nHello << name | shout >>\n<% endfor %>\n")?;
//! let names = serde_json::json!(["Ada", "Grace"]);
//! assert_eq!(skeletons.render("hello", &[("names", &names)])?, "Hello \"Ada\"!\nHello \"Grace\"!\n");
//! # Ok::<(), Box<skeleton::Error>>(())
//! ```

mod error;
mod filters;
mod lexer;
mod parser;
mod predicates;
mod render;
mod value;

pub use error::{Error, ErrorKind};

use serde_json::Value;

use parser::Node;

/// A filter: a text from a value and the arguments, or what is wrong.
pub type Filter = fn(&Value, &[Value]) -> Result<String, String>;

/// Steps that one rendering may take: more than a module of a thousand components needs.
const STEPS: u64 = 20_000_000;

/// Parsed templates, and the filters that they may use beside the built-in ones.
#[derive(Debug)]
pub struct Environment<'s> {
    templates: Vec<(&'s str, Vec<Node<'s>>)>,
    filters: &'static [(&'static str, Filter)],
}

impl<'s> Environment<'s> {
    /// No templates yet, and these filters. They come before built-in ones of the same name.
    pub fn new(filters: &'static [(&'static str, Filter)]) -> Environment<'s> {
        Environment { templates: Vec::new(), filters }
    }

    /// Parses a template under a name.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn add(&mut self, name: &'s str, text: &'s str) -> Result<(), Box<Error>> {
        let nodes = parser::parse(text).map_err(|e| e.within(name))?;
        self.templates.push((name, nodes));
        Ok(())
    }

    /// Renders a template with these names.
    ///
    /// # Errors
    /// What it does that is not possible, and where.
    pub fn render(&self, name: &str, names: &[(&str, &Value)]) -> Result<String, Box<Error>> {
        render::render(self, name, names)
    }

    fn find(&self, name: &str) -> Option<(&str, &[Node<'s>])> {
        self.templates.iter().find(|(n, _)| *n == name).map(|(n, nodes)| (*n, nodes.as_slice()))
    }
}
