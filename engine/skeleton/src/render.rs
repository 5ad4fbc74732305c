//! From a tree to text.

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::filters;
use crate::parser::{Argument, Expr, For, Node, Operator};
use crate::value::{self, Item, truth};
use crate::{Environment, STEPS, predicates};

/// How deep templates may include each other.
const DEEPEST: u32 = 20;
/// So many bytes cost a step.
const BYTES: usize = 16;
/// How long a range may be.
const LONGEST_RANGE: usize = 1_000_000;

pub(crate) type Result<T> = std::result::Result<T, Box<Error>>;

/// Renders a template.
pub(crate) fn render(environment: &Environment<'_>, name: &str, names: &[(&str, &Value)]) -> Result<String> {
    let names = names.iter().map(|(name, value)| (*name, Bound::Item(Item::Given(value)))).collect();
    let mut run = Run { environment, names, out: String::new(), steps: STEPS, depth: 0 };
    run.template(name)?;
    Ok(run.out)
}

/// What a name stands for.
enum Bound<'a> {
    Item(Item<'a>),
    /// `loop`: the place in the list, and its length.
    Loop(usize, usize),
}

/// A rendering on its way.
pub(crate) struct Run<'a> {
    pub(crate) environment: &'a Environment<'a>,
    /// Names, the inner ones last.
    names: Vec<(&'a str, Bound<'a>)>,
    out: String,
    steps: u64,
    depth: u32,
}

/// The arguments of a filter or a test.
#[derive(Clone, Debug)]
pub(crate) struct Arguments<'a>(Vec<(Option<&'a str>, Item<'a>)>);

impl<'a> Arguments<'a> {
    /// Takes the next argument that has no name, or the one with this name.
    pub(crate) fn take(&mut self, name: &str) -> Option<Item<'a>> {
        let found = self.0.iter().position(|(n, _)| n.is_none_or(|n| n == name))?;
        Some(self.0.remove(found).1)
    }

    /// Takes the argument with this name.
    pub(crate) fn named(&mut self, name: &str) -> Option<Item<'a>> {
        let found = self.0.iter().position(|(n, _)| *n == Some(name))?;
        Some(self.0.remove(found).1)
    }

    /// Takes an argument that there must be.
    pub(crate) fn need(&mut self, name: &str) -> Result<Item<'a>> {
        self.take(name).ok_or_else(|| Error::operation(format!("the argument {name} is missing")))
    }

    /// All of them, in their order.
    pub(crate) fn values(self) -> Result<Vec<Value>> {
        self.0.into_iter().map(|(_, item)| item.into_value()).collect()
    }

    /// There must be no more.
    pub(crate) fn end(&self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some((Some(name), _)) => Err(Error::operation(format!("there is no argument {name}"))),
            Some(_) => Err(Error::operation("there are too many arguments")),
        }
    }
}

impl<'a> Run<'a> {
    fn template(&mut self, name: &str) -> Result<()> {
        let Some((name, nodes)) = self.environment.find(name) else {
            return Err(Error::operation(format!("there is no template {name}")));
        };
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::operation(format!("templates include each other more than {DEEPEST} deep")));
        }
        self.nodes(nodes).map_err(|e| e.within(name))?;
        self.depth -= 1;
        Ok(())
    }

    /// Takes a step, and as many as making that many bytes costs.
    pub(crate) fn step(&mut self, bytes: usize) -> Result<()> {
        let steps = 1 + (bytes / BYTES) as u64;
        let left = self.steps.checked_sub(steps);
        self.steps = left.ok_or_else(|| Error::new(ErrorKind::Steps, "it takes too many steps"))?;
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.step(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    fn nodes(&mut self, nodes: &'a [Node<'a>]) -> Result<()> {
        for node in nodes {
            match node {
                Node::Text(text) => self.write(text)?,
                Node::Print(line, expression) => self.print(expression).map_err(|e| e.at(*line))?,
                Node::For(line, block) => self.for_block(block).map_err(|e| e.at(*line))?,
                Node::If(arms, otherwise) => {
                    let mut chosen = otherwise;
                    for (line, condition, body) in arms {
                        if self.truth(condition).map_err(|e| e.at(*line))? {
                            chosen = body;
                            break;
                        }
                    }
                    self.nodes(chosen)?;
                }
                Node::Set(line, name, expression) => {
                    let item = self.value(expression).map_err(|e| e.at(*line))?;
                    self.bind(name, item);
                }
                Node::SetBlock(name, body) => {
                    let before = std::mem::take(&mut self.out);
                    self.nodes(body)?;
                    let text = std::mem::replace(&mut self.out, before);
                    self.bind(name, Item::Made(text.into()));
                }
                Node::Include(line, expression) => {
                    let name = self.value(expression).and_then(Item::into_value);
                    let name = name.map_err(|e| e.at(*line))?;
                    self.template(&value::text(&name)).map_err(|e| e.at(*line))?;
                }
            }
        }
        Ok(())
    }

    fn bind(&mut self, name: &'a str, item: Item<'a>) {
        self.names.push((name, Bound::Item(item)));
    }

    fn print(&mut self, expression: &'a Expr<'a>) -> Result<()> {
        let item = self.value(expression)?;
        self.write(&value::text(item.get()?))
    }

    fn for_block(&mut self, block: &'a For<'a>) -> Result<()> {
        let mut items = self.value(&block.list)?.elements()?;
        let known = self.names.len();
        if let Some(filter) = &block.filter {
            let mut kept = Vec::new();
            for item in items {
                self.bind_all(&block.names, item.clone())?;
                if self.truth(filter)? {
                    kept.push(item);
                }
                self.names.truncate(known);
            }
            items = kept;
        }
        if items.is_empty() {
            self.nodes(&block.otherwise)?;
        }
        let length = items.len();
        for (i, item) in items.into_iter().enumerate() {
            self.step(0)?;
            self.names.push(("loop", Bound::Loop(i, length)));
            self.bind_all(&block.names, item)?;
            self.nodes(&block.body)?;
            self.names.truncate(known);
        }
        Ok(())
    }

    /// Binds one name to an element, or several to the parts of it.
    fn bind_all(&mut self, names: &'a [&'a str], item: Item<'a>) -> Result<()> {
        if let [name] = names {
            self.bind(name, item);
            return Ok(());
        }
        let parts = item.elements()?;
        if parts.len() != names.len() {
            let message = format!("there are {} names for {} parts", names.len(), parts.len());
            return Err(Error::operation(message));
        }
        names.iter().zip(parts).for_each(|(name, part)| self.bind(name, part));
        Ok(())
    }

    fn truth(&mut self, expression: &'a Expr<'a>) -> Result<bool> {
        Ok(truth(self.value(expression)?.get()?))
    }

    fn name(&self, name: &'a str) -> Item<'a> {
        match self.names.iter().rev().find(|(n, _)| *n == name) {
            None => Item::Missing(name),
            Some((_, Bound::Item(item))) => item.clone(),
            Some((_, Bound::Loop(i, length))) => Item::Made(value::map([
                ("index", (i + 1).into()),
                ("index0", (*i).into()),
                ("revindex", (length - i).into()),
                ("revindex0", (length - i - 1).into()),
                ("first", (*i == 0).into()),
                ("last", (i + 1 == *length).into()),
                ("length", (*length).into()),
            ])),
        }
    }

    fn value(&mut self, expression: &'a Expr<'a>) -> Result<Item<'a>> {
        self.step(0)?;
        Ok(match expression {
            Expr::Constant(value) => Item::Given(value),
            Expr::Name(name) => self.name(name),
            Expr::Field(of, name) => self.value(of)?.field(name)?,
            Expr::Index(parts) => {
                let index = self.value(&parts.1)?;
                self.value(&parts.0)?.index(index.get()?)?
            }
            Expr::Slice(parts) => {
                let (whole, from, to) = &**parts;
                let (from, to) = (self.integer(from.as_ref())?, self.integer(to.as_ref())?);
                Item::Made(value::slice(self.value(whole)?, from, to)?)
            }
            Expr::List(items) => {
                let items = items.iter().map(|item| self.value(item)?.into_value());
                Item::Made(Value::Array(items.collect::<Result<_>>()?))
            }
            Expr::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    let key = self.value(key)?;
                    map.insert(value::text(key.get()?).into_owned(), self.value(value)?.into_value()?);
                }
                Item::Made(map.into())
            }
            Expr::Not(of) => Item::Made((!self.truth(of)?).into()),
            Expr::Minus(of) => {
                let number = self.value(of)?;
                Item::Made(value::binary(Operator::Minus, &0.into(), number.get()?)?)
            }
            Expr::Binary(operator, sides) => {
                let left = self.value(&sides.0)?;
                match operator {
                    Operator::Or if truth(left.get()?) => return Ok(left),
                    Operator::And if !truth(left.get()?) => return Ok(left),
                    Operator::Or | Operator::And => return self.value(&sides.1),
                    _ => {}
                }
                let right = self.value(&sides.1)?;
                let value = value::binary(*operator, left.get()?, right.get()?)?;
                self.step(size(&value))?;
                Item::Made(value)
            }
            Expr::If(parts) => {
                let (condition, then, otherwise) = &**parts;
                match (self.truth(condition)?, otherwise) {
                    (true, _) => self.value(then)?,
                    (false, Some(otherwise)) => self.value(otherwise)?,
                    (false, None) => Item::Made("".into()),
                }
            }
            Expr::Filter(of, call) => {
                let of = self.value(of)?;
                let arguments = self.arguments(&call.arguments)?;
                filters::apply(self, call.name, of, arguments)?
            }
            Expr::Test(of, call) => {
                let of = self.value(of)?;
                let arguments = self.arguments(&call.arguments)?;
                Item::Made(predicates::holds(call.name, &of, arguments)?.into())
            }
            Expr::Range(arguments) => {
                let arguments = self.arguments(arguments)?;
                Item::Made(self.range(&arguments.values()?)?)
            }
        })
    }

    fn integer(&mut self, expression: Option<&'a Expr<'a>>) -> Result<Option<i64>> {
        let Some(expression) = expression else { return Ok(None) };
        let item = self.value(expression)?;
        let integer = item.get()?.as_i64();
        integer.map(Some).ok_or_else(|| Error::operation("a part is between two integers"))
    }

    fn arguments(&mut self, arguments: &'a [Argument<'a>]) -> Result<Arguments<'a>> {
        let items = arguments.iter().map(|argument| Ok((argument.name, self.value(&argument.value)?)));
        items.collect::<Result<_>>().map(Arguments)
    }

    fn range(&mut self, bounds: &[Value]) -> Result<Value> {
        let bounds: Option<Vec<i64>> = bounds.iter().map(Value::as_i64).collect();
        let (from, to) = match bounds.as_deref() {
            Some([to]) => (0, *to),
            Some([from, to]) => (*from, *to),
            _ => return Err(Error::operation("a range has one or two integers")),
        };
        let length = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
        if length > LONGEST_RANGE {
            return Err(Error::operation(format!("a range has at most {LONGEST_RANGE} numbers")));
        }
        self.step(length * BYTES)?;
        Ok(Value::Array((from..to).map(Value::from).collect()))
    }
}

/// About how many bytes a value takes.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(list) => list.len() * BYTES,
        _ => 0,
    }
}
