//! The walk through templates.

use std::collections::VecDeque;
use std::rc::Rc;

use gotemplate::syntax::{Operand, Pipeline, Step};
use govalue::sorted::Sorted;
use govalue::{Index, Str};

use crate::engine::parse_template;

use super::abs::{ANY, Abs, Path};
use super::functions::{Arg, call};
use super::tree::Tree;

/// The most steps of templates that are walked through.
const MAX_STEPS: usize = 400_000;

/// The largest abstract value, and the deepest; what is beyond counts as read.
const MAX_SIZE: usize = 200;
const MAX_NESTING: usize = 8;

/// The longest path that is told apart.
const MAX_PATH: usize = 24;

/// The most values that a template is called with, and the most variables that a body has.
const MAX_CALLS: usize = 4000;

type Body = Rc<Vec<Step>>;

/// The templates of a name.
#[derive(Default)]
struct Template {
    bodies: Vec<Body>,
    /// What they were called with.
    called: Sorted<Abs, ()>,
}

/// A walk through the templates of a chart.
pub(super) struct Walk<'t> {
    tree: &'t mut Tree,
    templates: Index<Template>,
    queue: VecDeque<(Body, Abs)>,
    /// What `tpl` was called with.
    contexts: Sorted<Abs, ()>,
    variables: Sorted<Str, Abs>,
    steps: usize,
    failed: bool,
}

impl<'t> Walk<'t> {
    pub(super) fn new(tree: &'t mut Tree) -> Walk<'t> {
        Walk {
            tree,
            templates: Index::default(),
            queue: VecDeque::new(),
            contexts: Sorted::default(),
            variables: Sorted::default(),
            steps: 0,
            failed: false,
        }
    }

    /// From here on all counts as read.
    pub(super) fn give_up(&mut self) {
        self.failed = true;
    }

    /// Adds a file of templates; its own body runs with the values at a path.
    pub(super) fn add_file(&mut self, name: &Str, source: &[u8], at: Option<&Path>) {
        let Ok(file) = parse_template(name, source) else { return self.give_up() };
        for (template, steps) in file.syntax() {
            let body = Rc::new(steps);
            if template == name {
                if let Some(at) = at {
                    self.queue.push_back((Rc::clone(&body), Abs::scope(at)));
                }
            } else {
                self.templates.or_default(template.clone()).bodies.push(body);
            }
        }
    }

    /// Adds a text that `tpl` may run. What is no template fails in `tpl` too, and reads nothing.
    pub(super) fn add_text(&mut self, text: &Str, contexts: &[Abs]) {
        let name = Str::from("tpl");
        let Ok(file) = parse_template(&name, text) else { return };
        for (_, steps) in file.syntax() {
            let body = Rc::new(steps);
            self.queue.extend(contexts.iter().map(|context| (Rc::clone(&body), context.clone())));
        }
    }

    pub(super) fn take_contexts(&mut self) -> Vec<Abs> {
        std::mem::take(&mut self.contexts).into_iter().map(|(context, ())| context).collect()
    }

    /// Walks until nothing is left; `None` if that is too much.
    pub(super) fn run(&mut self) -> Option<()> {
        while let Some((body, dot)) = self.queue.pop_front() {
            if self.failed {
                return None;
            }
            self.body(&body, dot);
        }
        (!self.failed).then_some(())
    }

    /// A body, over and over until its variables stay as they are: loops assign to them.
    fn body(&mut self, steps: &[Step], dot: Abs) {
        self.variables = Sorted::default();
        self.variables.insert(Str::from("$"), dot.clone());
        loop {
            let before = self.variables.clone();
            self.steps_of(steps, dot.clone());
            if self.failed || before == self.variables {
                return;
            }
        }
    }

    fn steps_of(&mut self, steps: &[Step], dot: Abs) {
        let mut dot = dot;
        let mut around: Vec<Abs> = Vec::new();
        for step in steps {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return self.give_up();
            }
            match step {
                Step::Action(pipeline) => {
                    let value = self.pipeline(pipeline, &dot);
                    if pipeline.variables.is_empty() {
                        self.consume(&value);
                    }
                }
                Step::Template(name, pipeline) => {
                    let value = pipeline.as_ref().map(|p| self.pipeline(p, &dot)).unwrap_or_default();
                    self.call_template(name, value);
                }
                Step::If(pipeline) => {
                    let value = self.pipeline(pipeline, &dot);
                    self.touch_all(&value);
                    around.push(dot.clone());
                }
                Step::With(pipeline) => {
                    let value = self.pipeline(pipeline, &dot);
                    self.touch_all(&value);
                    around.push(std::mem::replace(&mut dot, value));
                }
                Step::Range(pipeline) => {
                    let value = self.commands(pipeline, &dot);
                    self.touch_all(&value);
                    let item = self.item(&value);
                    if let Some(last) = pipeline.variables.last() {
                        self.assign(last, item.clone());
                    }
                    around.push(std::mem::replace(&mut dot, item));
                }
                Step::Else => dot = around.last().cloned().expect("an else stands in a block"),
                Step::End => dot = around.pop().expect("an end closes a block"),
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Abs) -> Abs {
        let value = self.commands(pipeline, dot);
        for variable in &pipeline.variables {
            self.assign(variable, value.clone());
        }
        value
    }

    fn commands(&mut self, pipeline: &Pipeline, dot: &Abs) -> Abs {
        let mut piped: Option<Abs> = None;
        for command in &pipeline.commands {
            let value = self.command(command, piped.take(), dot);
            piped = Some(self.bounded(value));
        }
        piped.unwrap_or_default()
    }

    fn command(&mut self, operands: &[Operand], piped: Option<Abs>, dot: &Abs) -> Abs {
        let Some((first, rest)) = operands.split_first() else { return Abs::default() };
        let mut args: Vec<Arg> = rest.iter().map(|operand| self.arg(operand, dot)).collect();
        args.extend(piped.map(Arg::of));
        match first {
            Operand::Function(name) => call(self, name, args),
            _ => {
                let value = self.arg(first, dot).value;
                if args.is_empty() {
                    return value;
                }
                // A method: what it does with its arguments is not known.
                self.consume(&value);
                args.iter().for_each(|arg| self.consume(&arg.value));
                Abs::default()
            }
        }
    }

    fn arg(&mut self, operand: &Operand, dot: &Abs) -> Arg {
        match operand {
            Operand::Dot => Arg::of(dot.clone()),
            Operand::Constant => Arg::of(Abs::default()),
            Operand::String(text) => Arg { literal: Some(text.clone()), ..Arg::of(Abs::default()) },
            Operand::Field(names) => Arg::of(self.fields(dot.clone(), names)),
            Operand::Variable(name, names) => {
                let value = self.variables.get(name).cloned().unwrap_or_default();
                // `$` is what the caller gave, and not this template's alone.
                let variable = (names.is_empty() && *name != "$").then(|| name.clone());
                Arg { variable, ..Arg::of(self.fields(value, names)) }
            }
            Operand::Function(name) => Arg::of(call(self, name, Vec::new())),
            Operand::Pipeline(pipeline, names) => {
                let value = self.pipeline(pipeline, dot);
                Arg { is_path: is_path(pipeline), fresh: names.is_empty(), ..Arg::of(self.fields(value, names)) }
            }
        }
    }

    fn fields(&mut self, value: Abs, names: &[Str]) -> Abs {
        names.iter().fold(value, |value, name| self.field(&value, name))
    }

    /// A field of a value.
    pub(super) fn field(&mut self, value: &Abs, name: &Str) -> Abs {
        let mut found = Abs::default();
        for scope in value.scopes.keys() {
            if *name == "Values" {
                found.values.insert(scope.clone(), ());
            } else if *name == "Subcharts" {
                self.tree.read_all(scope);
            }
        }
        for path in value.values.keys() {
            if let Some(below) = self.below(path, name) {
                found.values.insert(below, ());
            }
        }
        if let Some(field) = value.fields.get(name) {
            found.join(field.clone());
        }
        if let Some(items) = &value.items {
            found.join((**items).clone());
        }
        found
    }

    /// Any item of a list or a map.
    pub(super) fn item(&mut self, value: &Abs) -> Abs {
        let mut found = Abs::default();
        for scope in value.scopes.keys() {
            self.tree.read_all(scope);
        }
        for path in value.values.keys() {
            if let Some(below) = self.below(path, &Str::from(ANY)) {
                found.values.insert(below, ());
            }
        }
        for field in value.fields.values().chain(value.items.as_deref()) {
            found.join(field.clone());
        }
        self.bounded(found)
    }

    fn below(&mut self, path: &Path, key: &Str) -> Option<Path> {
        if path.len() >= MAX_PATH {
            self.tree.read_all(path);
            return None;
        }
        let mut below = path.clone();
        below.push(key.clone());
        self.tree.touch(&below);
        Some(below)
    }

    /// What has become too large to follow is read as a whole.
    pub(super) fn bounded(&mut self, value: Abs) -> Abs {
        let (size, depth) = value.size();
        if size <= MAX_SIZE && depth <= MAX_NESTING {
            return value;
        }
        self.consume(&value);
        Abs::default()
    }

    /// A variable may also be this from now on.
    pub(super) fn assign(&mut self, name: &Str, value: Abs) {
        let mut joined = self.variables.remove(name).unwrap_or_default();
        joined.join(value);
        let joined = self.bounded(joined);
        self.variables.insert(name.clone(), joined);
        self.failed |= self.variables.len() > MAX_CALLS;
    }

    /// Reads a value with all that is in it.
    pub(super) fn consume(&mut self, value: &Abs) {
        for path in value.scopes.keys().chain(value.values.keys()) {
            self.tree.read_all(path);
        }
        for inner in value.fields.values().chain(value.items.as_deref()) {
            self.consume(inner);
        }
    }

    /// Reads a value, but nothing that is in it.
    pub(super) fn touch_all(&mut self, value: &Abs) {
        for path in value.values.keys() {
            self.tree.touch(path);
        }
    }

    pub(super) fn touch(&mut self, path: &[Str]) {
        self.tree.touch(path);
    }

    pub(super) fn read_all(&mut self, path: &[Str]) {
        self.tree.read_all(path);
    }

    pub(super) fn call_template(&mut self, name: &Str, dot: Abs) {
        let dot = self.bounded(dot);
        let Some(template) = self.templates.get_mut(name) else { return };
        if template.called.insert(dot.clone(), ()).is_none() {
            self.queue.extend(template.bodies.iter().map(|body| (Rc::clone(body), dot.clone())));
            self.failed |= template.called.len() > MAX_CALLS;
        }
    }

    /// Calls whatever template it may be.
    pub(super) fn call_any(&mut self, dot: &Abs) {
        let names: Vec<Str> = self.templates.names().cloned().collect();
        for name in names {
            self.call_template(&name, dot.clone());
        }
    }

    pub(super) fn call_tpl(&mut self, dot: Abs) {
        self.contexts.insert(dot, ());
        self.failed |= self.contexts.len() > MAX_CALLS;
    }
}

/// Whether a pipeline puts together a text with a `/`.
fn is_path(pipeline: &Pipeline) -> bool {
    let [command] = pipeline.commands.as_slice() else { return false };
    let prints = matches!(command.first(), Some(Operand::Function(name)) if *name == "print" || *name == "printf");
    prints && command.iter().any(|operand| matches!(operand, Operand::String(text) if text.contains(&b'/')))
}
