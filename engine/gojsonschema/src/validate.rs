//! Values against nodes, keyword by keyword in the order of santhosh-tekuri/jsonschema.
//!
//! Where Go visits an object's properties in random order, here they are sorted by name.

use crate::Schema;
use crate::document::Resources;
use crate::equal::{Incomparable, equal};
use crate::error::{Failure, Failures, Kind};
use crate::json::Json;
use crate::location::append_token;
use crate::message::{quote, scalar};
use crate::node::{Node, NodeId, Types, is_integer};

/// How deep schemas may be applied within each other.
const MAX_DEPTH: usize = 500;
/// How many times schemas may be applied, counting what is done besides in the same measure. Metaschemas may be applied
/// as often as they want: they are never exponential.
const MAX_STEPS: u64 = 2_000_000;

/// A node of a compiled schema.
#[derive(Clone, Copy)]
pub(crate) struct NodeRef<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) id: NodeId,
}

impl<'a> NodeRef<'a> {
    /// The node.
    pub(crate) fn node(self) -> &'a Node {
        self.schema.nodes.get(self.id)
    }

    fn same(self, other: NodeRef<'_>) -> bool {
        self.id == other.id && std::ptr::eq(self.schema, other.schema)
    }

    pub(crate) fn at(self, id: NodeId) -> NodeRef<'a> {
        NodeRef { schema: self.schema, id }
    }
}

/// What is known when the value is a schema itself.
#[derive(Clone, Copy)]
pub(crate) struct Meta<'a> {
    /// The metaschema that the value is validated with.
    pub(crate) root: NodeRef<'a>,
    /// The resources in the value, which may have other metaschemas.
    pub(crate) resources: &'a Resources,
}

/// Why validation had to stop.
pub(crate) enum Abort {
    /// The schema asks too much.
    Limit,
    /// A number that Go cannot compare, which makes it panic.
    NoNumber,
}

/// What all steps of a validation share.
pub(crate) struct Run<'a> {
    /// The way to the value.
    path: Vec<Token<'a>>,
    depth: usize,
    steps: u64,
    limit: u64,
    pub(crate) abort: Option<Abort>,
}

#[derive(Clone, Copy)]
pub(crate) enum Token<'a> {
    Key(&'a [u8]),
    Index(usize),
}

/// The schemas around a schema, from the inside to the outside.
struct Scope<'a, 's> {
    node: NodeRef<'a>,
    /// The keyword that led here by reference; empty if the schema just lies in the one around it.
    keyword: &'static str,
    /// How deep the value is: schemas of equal depth look at the same value.
    value: usize,
    parent: Option<&'s Scope<'a, 's>>,
}

impl Scope<'_, '_> {
    /// The same schema around this one at the same value.
    fn cycle(&self) -> Option<&Self> {
        let mut scope = self.parent;
        while let Some(s) = scope.filter(|s| s.value == self.value) {
            if s.node.same(self.node) {
                // Both are scopes of one chain; the lifetimes are the same in all of it.
                return Some(s);
            }
            scope = s.parent;
        }
        None
    }

    /// The keywords that led here.
    fn keywords(&self) -> String {
        let mut parts = Vec::new();
        let mut scope = self;
        while let Some(parent) = scope.parent {
            parts.push(if scope.keyword.is_empty() {
                let outer = parent.node.node().location().len();
                scope.node.node().location().get(outer..).unwrap_or_default().to_owned()
            } else {
                format!("/{}", scope.keyword)
            });
            scope = parent;
        }
        parts.reverse();
        parts.concat()
    }
}

/// The properties or items that no keyword has looked at yet: a flag for each. Empty if nobody asks.
#[derive(Default)]
pub(crate) struct Unevaluated(Vec<bool>);

impl Unevaluated {
    fn new(value: &Json, node: &Node, asked: bool) -> Unevaluated {
        Unevaluated(match value {
            Json::Object(o) if !node.evaluates_all_properties() && (asked || node.unevaluated_properties.is_some()) => {
                vec![true; o.entries().len()]
            }
            Json::Array(items) if !node.evaluates_all_items() && (asked || node.unevaluated_items.is_some()) => {
                (0..items.len()).map(|i| i >= node.evaluated_items()).collect()
            }
            _ => Vec::new(),
        })
    }

    pub(crate) fn evaluate(&mut self, index: usize) {
        if let Some(flag) = self.0.get_mut(index) {
            *flag = false;
        }
    }

    fn merge(&mut self, other: &Unevaluated) {
        for (i, flag) in self.0.iter_mut().enumerate() {
            *flag &= other.0.get(i).copied().unwrap_or(false);
        }
    }

    fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }
}

/// One schema at one value.
pub(crate) struct Step<'a, 's> {
    pub(crate) value: &'a Json,
    pub(crate) node: NodeRef<'a>,
    scope: &'s Scope<'a, 's>,
    pub(crate) unevaluated: Unevaluated,
    pub(crate) failures: Failures,
    /// Whether only the outcome matters, not the messages.
    pub(crate) quiet: bool,
    meta: Option<Meta<'a>>,
}

/// Validates a value from its root; the failures, if it is not valid.
///
/// Most values are: the words for what fails on the way, in one of many alternatives say, are only found in a second
/// round.
pub(crate) fn validate<'a>(run: &mut Run<'a>, node: NodeRef<'a>, value: &'a Json, meta: Option<Meta<'a>>) -> Failures {
    let before = run.steps;
    for quiet in [true, false] {
        let scope = Scope { node, keyword: "", value: 0, parent: None };
        let unevaluated = Unevaluated::new(value, node.node(), false);
        let step = Step { value, node, scope: &scope, unevaluated, failures: Vec::new(), quiet, meta };
        match step.run(run) {
            Err(failure) if run.abort.is_none() && !quiet => return failure.parts(),
            Err(_) if run.abort.is_none() => run.steps = before,
            _ => break,
        }
    }
    Vec::new()
}

impl<'a> Run<'a> {
    pub(crate) fn new(is_meta: bool) -> Run<'a> {
        let limit = if is_meta { u64::MAX } else { MAX_STEPS };
        Run { path: Vec::new(), depth: 0, steps: 0, limit, abort: None }
    }

    /// Validates something that is no part of the value, such as the name of a property.
    pub(crate) fn apart(&mut self, node: NodeRef<'_>, value: &Json) -> Failures {
        let (depth, steps, limit) = (self.depth + 1, self.steps, self.limit);
        let mut inner = Run { path: Vec::new(), depth, steps, limit, abort: None };
        let failures = validate(&mut inner, node, value, None);
        self.steps = inner.steps;
        self.abort = self.abort.take().or(inner.abort);
        failures
    }

    /// Counts work. False if validation must stop.
    pub(crate) fn charge(&mut self, steps: u64) -> bool {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.limit {
            self.abort.get_or_insert(Abort::Limit);
        }
        self.abort.is_none()
    }

    /// The way to the value as a JSON pointer.
    fn pointer(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for token in &self.path {
            match token {
                Token::Key(key) => append_token(&mut out, key),
                Token::Index(i) => append_token(&mut out, i.to_string().as_bytes()),
            }
        }
        out
    }
}

impl<'a, 's> Step<'a, 's> {
    #[inline(never)]
    fn run(mut self, run: &mut Run<'a>) -> Result<Unevaluated, Box<Failure>> {
        run.depth += 1;
        if run.depth > MAX_DEPTH {
            run.abort.get_or_insert(Abort::Limit);
        }
        if !run.charge(1) {
            run.depth -= 1;
            // The outcome is of no interest any more.
            return Err(failure(self.quiet, run, &String::new));
        }
        let node = self.node.node();
        let result = match self.assertions(run, node) {
            Err(failure) => Err(failure),
            Ok(true) => Ok(()),
            Ok(false) => {
                self.applicators(run, node);
                match self.failures.len() {
                    0 => Ok(()),
                    1 => self.failures.pop().map_or(Ok(()), Err),
                    _ => {
                        let at = if self.quiet { Vec::new() } else { run.pointer() };
                        Err(Box::new(Failure { at, kind: Kind::Group, causes: std::mem::take(&mut self.failures) }))
                    }
                }
            }
        };
        run.depth -= 1;
        result.map(|()| self.unevaluated)
    }

    /// What ends the validation of the value if it fails; true if there is nothing more to check.
    #[inline(never)]
    fn assertions(&mut self, run: &mut Run<'a>, node: &'a Node) -> Result<bool, Box<Failure>> {
        match node.boolean {
            Some(true) => return Ok(true),
            Some(false) => return Err(self.failure(run, &|| "false schema".to_owned())),
            None => {}
        }
        if let Some(other) = self.scope.cycle() {
            let (inner, outer) = (self.scope.keywords(), other.keywords());
            let url = govalue::strconv::quote(node.location().as_bytes());
            return Err(
                self.failure(run, &|| format!("both {inner} and {outer} resolve to {url} causing reference cycle"))
            );
        }
        let value = self.value;
        if let Json::Other(ty) = value {
            return Err(self.failure(run, &|| format!("invalid jsonType {ty}")));
        }
        let found = Types::of(value);
        if !node.types.is_empty() && !node.types.overlaps(found) {
            let integer = node.types.overlaps(Types::INTEGER) && matches!(value, Json::Number(n) if is_integer(n));
            if !integer {
                return Err(self.failure(run, &|| {
                    let want: Vec<&str> = node.types.names().collect();
                    format!("got {}, want {}", found.names().collect::<String>(), want.join(" or "))
                }));
            }
        }
        if let Some(want) = &node.constant {
            match equal(value, want, &mut |n| run.charge(n)) {
                Err(error) => return Err(self.incomparable(run, &error)),
                Ok(true) => {}
                Ok(false) => {
                    return Err(self.failure(run, &|| match want {
                        Json::Array(_) | Json::Object(_) => "'const' failed".to_owned(),
                        want => format!("value must be {}", scalar(want)),
                    }));
                }
            }
        }
        if let Some(wanted) = &node.enumeration {
            let mut matched = false;
            if wanted.types.overlaps(found) {
                for want in &wanted.values {
                    match equal(value, want, &mut |n| run.charge(n)) {
                        Err(error) => return Err(self.incomparable(run, &error)),
                        Ok(same) => matched = same,
                    }
                    if matched {
                        break;
                    }
                }
            }
            if !matched {
                return Err(self.failure(run, &|| not_in(&wanted.values)));
            }
        }
        if let Some(format) = node.format
            && let Json::String(text) = value
            && let Err(e) = (format.check)(text)
        {
            return Err(self.failure(run, &|| format!("{} is not valid {}: {e}", quote(text), format.name)));
        }
        if let Some(id) = node.reference {
            let result = self.refer(run, self.node.at(id), "$ref");
            if node.version < 2019 {
                return result.map(|()| true);
            }
            self.failures.extend(result.err());
        }
        Ok(false)
    }

    /// The keywords that may all fail at once.
    #[inline(never)]
    fn applicators(&mut self, run: &mut Run<'a>, node: &'a Node) {
        match self.value {
            Json::Object(object) => {
                if let Some(rules) = &node.object {
                    self.object(run, rules, object);
                }
            }
            Json::Array(items) => {
                if let Some(rules) = &node.array {
                    self.array(run, rules, items);
                }
            }
            Json::String(text) => {
                if let Some(rules) = &node.string {
                    self.string(run, rules, text);
                }
            }
            Json::Number(number) => {
                if let Some(rules) = &node.number {
                    self.number(run, rules, number);
                }
            }
            _ => {}
        }
        if self.quiet && !self.failures.is_empty() {
            return;
        }
        if node.version >= 2019 {
            self.references(run, node);
        }
        if let Some(rules) = &node.conditions {
            self.conditions(run, rules);
        }
        if node.version >= 2019 {
            self.rest(run, node);
        }
    }

    /// `$recursiveRef` and `$dynamicRef`.
    #[inline(never)]
    fn references(&mut self, run: &mut Run<'a>, node: &'a Node) {
        if let Some(id) = node.recursive_ref {
            let mut target = self.node.at(id);
            if target.node().recursive_anchor {
                self.outward(|scope| {
                    if scope.at(scope.node().resource).node().recursive_anchor {
                        target = scope;
                    }
                });
            }
            let result = self.refer(run, target, "$recursiveRef");
            self.failures.extend(result.err());
        }
        if let Some((id, anchor)) = &node.dynamic_ref {
            let mut target = self.node.at(*id);
            if !anchor.is_empty() && target.node().dynamic_anchor == *anchor {
                self.outward(|scope| {
                    let resource = scope.at(scope.node().resource);
                    if let Some((_, id)) = resource.node().dynamic_anchors.iter().find(|(name, _)| name == anchor) {
                        target = scope.at(*id);
                    }
                });
            }
            let result = self.refer(run, target, "$dynamicRef");
            self.failures.extend(result.err());
        }
    }

    /// Visits the schemas around this one, from the inside to the outside.
    fn outward(&self, mut visit: impl FnMut(NodeRef<'a>)) {
        let mut scope = Some(self.scope);
        while let Some(s) = scope {
            visit(s.node);
            scope = s.parent;
        }
    }

    /// `unevaluatedProperties` and `unevaluatedItems`.
    #[inline(never)]
    fn rest(&mut self, run: &mut Run<'a>, node: &'a Node) {
        match (self.value, node.unevaluated_properties, node.unevaluated_items) {
            (Json::Object(object), Some(id), _) => {
                let flags = std::mem::take(&mut self.unevaluated.0);
                for ((key, value), _) in object.entries().iter().zip(flags).filter(|(_, open)| *open) {
                    self.child(run, id, value, Token::Key(key));
                }
            }
            (Json::Array(items), _, Some(id)) => {
                let flags = std::mem::take(&mut self.unevaluated.0);
                for ((i, value), _) in items.iter().enumerate().zip(flags).filter(|(_, open)| *open) {
                    self.child(run, id, value, Token::Index(i));
                }
            }
            _ => {}
        }
    }

    /// Applies another schema to the same value.
    pub(crate) fn same(&mut self, run: &mut Run<'a>, id: NodeId, quiet: bool) -> Result<(), Box<Failure>> {
        self.apply(run, self.node.at(id), "", quiet)
    }

    #[inline(never)]
    fn apply(
        &mut self,
        run: &mut Run<'a>,
        node: NodeRef<'a>,
        keyword: &'static str,
        quiet: bool,
    ) -> Result<(), Box<Failure>> {
        let scope = Scope { node, keyword, value: self.scope.value, parent: Some(self.scope) };
        let unevaluated = Unevaluated::new(self.value, node.node(), !self.unevaluated.is_empty());
        let quiet = self.quiet || quiet;
        let (node, meta) = self.swap_metaschema(run, node);
        let step = Step { value: self.value, node, scope: &scope, unevaluated, failures: Vec::new(), quiet, meta };
        let unevaluated = step.run(run)?;
        self.unevaluated.merge(&unevaluated);
        Ok(())
    }

    /// Applies another schema to a part of the value.
    #[inline(never)]
    pub(crate) fn part(
        &mut self,
        run: &mut Run<'a>,
        id: NodeId,
        value: &'a Json,
        token: Token<'a>,
    ) -> Result<(), Box<Failure>> {
        run.path.push(token);
        let node = self.node.at(id);
        let scope = Scope { node, keyword: "", value: self.scope.value + 1, parent: Some(self.scope) };
        let unevaluated = Unevaluated::new(value, node.node(), false);
        let (node, meta) = self.swap_metaschema(run, node);
        let step = Step { value, node, scope: &scope, unevaluated, failures: Vec::new(), quiet: self.quiet, meta };
        let result = step.run(run);
        run.path.pop();
        result.map(drop)
    }

    /// The same, keeping the failure.
    #[inline(never)]
    pub(crate) fn child(&mut self, run: &mut Run<'a>, id: NodeId, value: &'a Json, token: Token<'a>) {
        let result = self.part(run, id, value, token);
        self.failures.extend(result.err());
    }

    /// Where the value is a schema, its parts may have metaschemas of their own.
    #[inline(never)]
    fn swap_metaschema(&self, run: &Run<'a>, node: NodeRef<'a>) -> (NodeRef<'a>, Option<Meta<'a>>) {
        let Some(meta) = self.meta.filter(|meta| meta.root.same(node)) else { return (node, self.meta) };
        if meta.resources.is_single() {
            return (node, self.meta);
        }
        let pointer = String::from_utf8(run.pointer()).expect("names in schemas are UTF-8: they were read as JSON");
        let Some(resource) = meta.resources.at(&pointer) else { return (node, self.meta) };
        let root = resource.dialect.metaschema().root();
        (root, Some(Meta { root, resources: meta.resources }))
    }

    #[inline(never)]
    fn refer(&mut self, run: &mut Run<'a>, node: NodeRef<'a>, keyword: &'static str) -> Result<(), Box<Failure>> {
        self.apply(run, node, keyword, false).map_err(|failure| {
            let at = if self.quiet { Vec::new() } else { run.pointer() };
            Box::new(Failure { at, kind: Kind::Reference, causes: failure.parts() })
        })
    }

    /// The failure that values at this place cannot be compared.
    #[cold]
    pub(crate) fn incomparable(&self, run: &mut Run<'a>, error: &Incomparable) -> Box<Failure> {
        if *error == Incomparable::NoNumber {
            run.abort.get_or_insert(Abort::NoNumber);
        }
        self.failure(run, &|| match error {
            Incomparable::NotJson(ty) => format!("invalid jsonType {ty}"),
            Incomparable::NoNumber => String::new(),
        })
    }

    /// A failure at this value.
    pub(crate) fn failure(&self, run: &Run<'a>, message: &dyn Fn() -> String) -> Box<Failure> {
        failure(self.quiet, run, message)
    }

    /// Notes a failure at this value.
    pub(crate) fn fail(&mut self, run: &Run<'a>, message: &dyn Fn() -> String) {
        let failure = self.failure(run, message);
        self.failures.push(failure);
    }

    /// Whether to stop early: the outcome is clear.
    pub(crate) fn decided(&self) -> bool {
        self.quiet && !self.failures.is_empty()
    }

    /// Whether someone asks what no keyword has looked at.
    pub(crate) fn asked(&self) -> bool {
        !self.unevaluated.is_empty()
    }
}

fn failure(quiet: bool, run: &Run<'_>, message: &dyn Fn() -> String) -> Box<Failure> {
    let (at, text) = if quiet { (Vec::new(), String::new()) } else { (run.pointer(), message()) };
    Box::new(Failure { at, kind: Kind::Message(text), causes: Vec::new() })
}

fn not_in(values: &[Json]) -> String {
    if values.iter().any(|v| matches!(v, Json::Array(_) | Json::Object(_))) {
        return "'enum' failed".to_owned();
    }
    match values {
        [one] => format!("value must be {}", scalar(one)),
        _ => format!("value must be one of {}", values.iter().map(scalar).collect::<Vec<_>>().join(", ")),
    }
}
