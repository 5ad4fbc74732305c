//! Syntax trees for those who read templates instead of running them.

use govalue::Str;

use crate::file::{File, Program};
use crate::node::{Item, Names, NodeId, NodeKind, unquoted};

/// A part of a template's body. Bodies are flat: an `if` is a step, and so are its `else` and `end`.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `{{pipeline}}`
    Action(Pipeline),
    /// `{{template "name" pipeline}}`
    Template(Str, Option<Pipeline>),
    /// `{{if pipeline}}`
    If(Pipeline),
    /// `{{with pipeline}}`
    With(Pipeline),
    /// `{{range pipeline}}`
    Range(Pipeline),
    /// `{{else}}`
    Else,
    /// `{{end}}`
    End,
}

/// A pipeline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pipeline {
    /// The variables that it declares or assigns, with their `$`.
    pub variables: Vec<Str>,
    /// Whether they are assigned to (`=`), not declared (`:=`).
    pub assigns: bool,
    /// Its commands, each a list of operands; the result of one is the last operand of the next.
    pub commands: Vec<Vec<Operand>>,
}

/// An operand of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// `.`
    Dot,
    /// `nil`, a boolean or a number.
    Constant,
    /// A string.
    String(Str),
    /// `.a.b`
    Field(Vec<Str>),
    /// `$x.a.b`
    Variable(Str, Vec<Str>),
    /// A function's name.
    Function(Str),
    /// `(pipeline).a.b`
    Pipeline(Pipeline, Vec<Str>),
}

impl File {
    /// The templates that the file defines, its own body included: their names and steps.
    ///
    /// ```
    /// use gotemplate::{FuncMap, parse};
    /// use gotemplate::syntax::{Operand, Step};
    /// let file = parse("a", "{{if .x}}{{.y.z}}{{end}}", &FuncMap::new()).unwrap();
    /// let (name, steps) = file.syntax().next().unwrap();
    /// assert_eq!(name, "a");
    /// let Step::Action(pipeline) = &steps[1] else { panic!() };
    /// assert_eq!(pipeline.commands, [[Operand::Field(vec!["y".into(), "z".into()])]]);
    /// ```
    pub fn syntax(&self) -> impl Iterator<Item = (&Str, Vec<Step>)> {
        self.program.templates.iter().enumerate().map(|(index, template)| {
            let steps = template.items.iter().filter_map(|item| self.program.step(*item)).collect();
            (self.template_name(index), steps)
        })
    }
}

impl Program {
    fn step(&self, item: Item) -> Option<Step> {
        Some(match item {
            Item::Text(_) | Item::Break | Item::Continue => return None,
            Item::If(pipe) => Step::If(self.pipeline(pipe)),
            Item::With(pipe) => Step::With(self.pipeline(pipe)),
            Item::Range(pipe) => Step::Range(self.pipeline(pipe)),
            Item::Else => Step::Else,
            Item::End => Step::End,
            Item::Action(node) | Item::Template(node) => match self.ast.kind(node) {
                NodeKind::Template(_, pipe) => {
                    Step::Template(self.text(node), (pipe != NodeId::NONE).then(|| self.pipeline(pipe)))
                }
                NodeKind::Action(pipe) => Step::Action(self.pipeline(pipe)),
                _ => return None,
            },
        })
    }

    /// The parser bounds how deep pipelines nest.
    fn pipeline(&self, id: NodeId) -> Pipeline {
        let Some(pipe) = self.ast.pipe(id) else { return Pipeline::default() };
        let variables = self.ast.children(pipe.decl.clone()).iter().filter_map(|v| match self.ast.kind(*v) {
            NodeKind::Variable(names) => self.words(names).into_iter().next(),
            _ => None,
        });
        let command = |id: &NodeId| self.ast.command(*id).iter().map(|operand| self.operand(*operand)).collect();
        Pipeline {
            variables: variables.collect(),
            assigns: pipe.assign,
            commands: self.ast.children(pipe.commands.clone()).iter().map(command).collect(),
        }
    }

    fn operand(&self, id: NodeId) -> Operand {
        match self.ast.kind(id) {
            NodeKind::Dot => Operand::Dot,
            NodeKind::Field(names) => Operand::Field(self.words(names)),
            NodeKind::Variable(names) => {
                let mut names = self.words(names).into_iter();
                Operand::Variable(names.next().unwrap_or_default(), names.collect())
            }
            NodeKind::Identifier(..) => Operand::Function(Str::from(self.ast.text(&self.source, id))),
            NodeKind::String(_) => Operand::String(self.text(id)),
            NodeKind::Pipe(_) => Operand::Pipeline(self.pipeline(id), Vec::new()),
            NodeKind::Chain(index) => {
                let (of, names) = self.ast.chain(index);
                let inner = match self.ast.kind(of) {
                    NodeKind::Pipe(_) => self.pipeline(of),
                    _ => Pipeline { commands: vec![vec![self.operand(of)]], ..Pipeline::default() },
                };
                Operand::Pipeline(inner, self.words(names))
            }
            _ => Operand::Constant,
        }
    }

    /// What a string literal, or the name of a template, stands for.
    fn text(&self, id: NodeId) -> Str {
        unquoted(self.ast.text(&self.source, id))
    }

    fn words(&self, names: Names) -> Vec<Str> {
        self.ast.names(names).iter().map(|name| Str::from(name.of(&self.source))).collect()
    }
}
