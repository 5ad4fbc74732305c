//! Schemas to nodes. Keywords are compiled in the order of the drafts that brought them: of several mistakes, the
//! first one is told.

use std::sync::Arc;

use goregex::Regex;
use govalue::Str;
use govalue::strconv::quote;

use crate::decimal::Decimal;
use crate::document::{Documents, Resource};
use crate::draft::{Dialect, Draft};
use crate::format::Format;
use crate::json::{Json, Object};
use crate::location::{Place, UrlFragment, anchor, append, encode, join, split_fragment};
use crate::node::{
    Additional, Conditions, Dependency, Enumeration, Items, Node, NodeId, NumberRules, ObjectRules, StringRules, Types,
};
use crate::table::Table;

/// Compiles the schema at a place and all that it leads to; node 0 is that schema.
///
/// `formats` says whether `format` is asserted even where the draft says it is only an annotation.
///
/// # Errors
/// If a document cannot be loaded, or is no schema.
pub(crate) fn compile(documents: Documents<'_>, at: &UrlFragment, formats: bool) -> Result<Vec<Node>, String> {
    let mut compiler = Compiler { documents, formats, places: Table::default() };
    let place = compiler.documents.resolve(at)?;
    compiler.number(place);
    let mut nodes = Vec::new();
    while let Some(place) = compiler.places.items().get(nodes.len()) {
        let place = Arc::clone(place);
        nodes.push(compiler.node(&place)?);
    }
    Ok(nodes)
}

/// Gives subschemas their numbers.
pub(crate) trait Numbers {
    /// The number of the schema at a place.
    fn number(&mut self, place: Place) -> NodeId;

    /// The number of the schema that a reference leads to, in a document of that URL at first.
    ///
    /// # Errors
    /// If it leads nowhere.
    fn refer(&mut self, url: &str, to: &UrlFragment) -> Result<NodeId, String>;

    /// Whether `format` is asserted even where the draft says it is only an annotation.
    fn formats(&self) -> bool;
}

struct Compiler<'l> {
    documents: Documents<'l>,
    formats: bool,
    /// What is compiled, and what is yet to be: a node's number is the place's.
    places: Table<Arc<Place>>,
}

impl Numbers for Compiler<'_> {
    fn number(&mut self, place: Place) -> NodeId {
        let name = [&*place.url, &*place.pointer].join("#");
        let known = self.places.position(&name);
        known.unwrap_or_else(|| self.places.insert(name, Arc::new(place))) as NodeId
    }

    fn refer(&mut self, url: &str, to: &UrlFragment) -> Result<NodeId, String> {
        let local = match self.documents.get(url) {
            Some(document) => document.resolve(to)?,
            None => None,
        };
        let place = match local {
            Some(place) => place,
            None => self.documents.resolve(to)?,
        };
        Ok(self.number(place))
    }

    fn formats(&self) -> bool {
        self.formats
    }
}

impl Compiler<'_> {
    fn node(&mut self, place: &Arc<Place>) -> Result<Node, String> {
        self.documents.ensure(place)?;
        let document = self.documents.get(&place.url).expect("the document of a place that is known is open");
        let json = Arc::clone(&document.json);
        let resource = document.resource(&place.pointer).clone();
        node(self, place, &json, &resource)
    }
}

/// Compiles the schema at a place in a document, which belongs to that resource.
///
/// # Errors
/// If keywords cannot be compiled.
pub(crate) fn node(
    numbers: &mut dyn Numbers,
    place: &Arc<Place>,
    json: &Json,
    resource: &Resource,
) -> Result<Node, String> {
    let mut node = Node { place: Some(Arc::clone(place)), ..Node::default() };
    let dialect = &resource.dialect;
    node.version = dialect.draft as u32;
    let base = Place { url: Arc::clone(&place.url), pointer: resource.pointer.to_string() };
    let is_base = base == **place;
    node.resource = numbers.number(base);
    if is_base && dialect.draft >= Draft::V2020 {
        for (name, anchor) in resource.anchors.entries().filter(|(_, anchor)| anchor.dynamic) {
            let id = numbers.number(Place { url: Arc::clone(&place.url), pointer: anchor.pointer.clone() });
            node.dynamic_anchors.push((name.to_owned(), id));
        }
    }
    match place.find(json)? {
        Json::Bool(b) => node.boolean = Some(*b),
        Json::Object(o) if o.entries().is_empty() => node.boolean = Some(true),
        Json::Object(o) => Keywords { numbers, object: o, place, id: &resource.id, dialect }.compile(&mut node)?,
        _ => {}
    }
    Ok(node)
}

/// The keywords of one schema.
struct Keywords<'k> {
    numbers: &'k mut dyn Numbers,
    object: &'k Object,
    place: &'k Place,
    /// Of the resource that the schema belongs to.
    id: &'k str,
    dialect: &'k Dialect,
}

impl Keywords<'_> {
    fn compile(&mut self, node: &mut Node) -> Result<(), String> {
        let draft = self.dialect.draft;
        if draft < Draft::V2019
            && let Some(id) = self.text(draft.id_keyword())
        {
            split_fragment(id)
                .map_err(|_| format!("error in parsing anchor at {}", quote(node.location().as_bytes())))?;
        }
        if self.has("core") {
            node.reference = self.reference("$ref")?;
        }
        let applicator = self.has("applicator");
        let validation = self.has("validation");
        // Beside a `$ref`, older drafts ignore the keywords of draft 4. Those that came later are compiled all the
        // same, but `const` is the only one that is looked at before the `$ref` is followed.
        if draft >= Draft::V2019 || node.reference.is_none() {
            self.draft_4(node, draft)?;
        }
        if draft >= Draft::V6 {
            if validation {
                node.constant = self.object.get("const").cloned();
            }
            if applicator {
                if let Some(id) = self.one("contains") {
                    node.array.get_or_insert_default().contains = Some(id);
                }
                if let Some(id) = self.one("propertyNames") {
                    node.object.get_or_insert_default().property_names = Some(id);
                }
            }
        }
        if applicator && draft >= Draft::V7 {
            self.condition(node);
        }
        if draft >= Draft::V2019 {
            self.draft_2019(node, draft)?;
        }
        if draft >= Draft::V2020 {
            self.draft_2020(node)?;
        }
        Ok(())
    }

    /// The keywords of draft 4, and `format`.
    fn draft_4(&mut self, node: &mut Node, draft: Draft) -> Result<(), String> {
        if self.has("applicator") {
            self.combinations(node);
            if draft < Draft::V2020 {
                self.items(node);
            }
            self.properties(node)?;
        }
        if self.has("validation") {
            self.validation(node)?;
        }
        let formats = match draft {
            Draft::V2019 => self.has("format"),
            Draft::V2020 => self.has("format-assertion"),
            _ => true,
        };
        if formats || self.numbers.formats() {
            node.format = self.text("format").and_then(Format::named);
        }
        Ok(())
    }

    fn draft_2019(&mut self, node: &mut Node, draft: Draft) -> Result<(), String> {
        if self.has("core") {
            node.recursive_ref = self.reference("$recursiveRef")?;
            node.recursive_anchor = self.bool("$recursiveAnchor") == Some(true);
        }
        if self.has("validation") {
            if let Some(rules) = node.array.as_mut().filter(|a| a.contains.is_some()) {
                (rules.min_contains, rules.max_contains) = (self.int("minContains"), self.int("maxContains"));
            }
            if let Some(dependents) = self.object.get("dependentRequired").and_then(Json::as_object) {
                let rules = node.object.get_or_insert_default();
                for (name, value) in dependents.entries() {
                    if let Json::Array(names) = value {
                        rules.dependent_required.push((name.clone(), strings(names)));
                    }
                }
            }
        }
        if self.has("applicator") {
            let schemas = self.map("dependentSchemas");
            if !schemas.is_empty() {
                node.object.get_or_insert_default().dependent_schemas = schemas;
            }
        }
        if self.has(if draft == Draft::V2019 { "applicator" } else { "unevaluated" }) {
            node.unevaluated_items = self.one("unevaluatedItems");
            node.unevaluated_properties = self.one("unevaluatedProperties");
        }
        Ok(())
    }

    fn draft_2020(&mut self, node: &mut Node) -> Result<(), String> {
        if self.has("core") {
            if let Some(id) = self.reference("$dynamicRef")? {
                let fragment = split_fragment(self.text("$dynamicRef").unwrap_or_default())?.fragment;
                node.dynamic_ref = Some((id, anchor(&fragment).unwrap_or_default().to_owned()));
            }
            node.dynamic_anchor = self.text("$dynamicAnchor").unwrap_or_default().to_owned();
        }
        if self.has("applicator") {
            let prefix_items = self.list("prefixItems").unwrap_or_default();
            let rest_items = self.one("items");
            if !prefix_items.is_empty() || rest_items.is_some() {
                let rules = node.array.get_or_insert_default();
                (rules.prefix_items, rules.rest_items) = (prefix_items, rest_items);
            }
        }
        Ok(())
    }

    /// `allOf`, `anyOf`, `oneOf` and `not`.
    fn combinations(&mut self, node: &mut Node) {
        let rules = Conditions {
            all_of: self.list("allOf").unwrap_or_default(),
            any_of: self.list("anyOf").unwrap_or_default(),
            one_of: self.list("oneOf").unwrap_or_default(),
            not: self.one("not"),
            ..Conditions::default()
        };
        let used = rules.not.is_some();
        if used || !(rules.all_of.is_empty() && rules.any_of.is_empty() && rules.one_of.is_empty()) {
            node.conditions = Some(Box::new(rules));
        }
    }

    /// `if`, `then` and `else`.
    fn condition(&mut self, node: &mut Node) {
        let Some(id) = self.one("if") else { return };
        let fixed = self.bool("if");
        let then = if fixed != Some(false) { self.one("then") } else { None };
        let else_ = if fixed != Some(true) { self.one("else") } else { None };
        let rules = node.conditions.get_or_insert_default();
        (rules.if_, rules.then, rules.else_) = (Some(id), then, else_);
    }

    fn properties(&mut self, node: &mut Node) -> Result<(), String> {
        let mut rules = ObjectRules { properties: self.map("properties"), ..ObjectRules::default() };
        rules.sort_properties();
        for (pattern, id) in self.map("patternProperties") {
            let regex = self.regex(&pattern, "patternProperties")?;
            rules.pattern_properties.push((regex, id));
        }
        rules.additional = self.additional("additionalProperties");
        if let Some(dependencies) = self.object.get("dependencies").and_then(Json::as_object) {
            let under = append(&self.place.pointer, "dependencies");
            for (name, value) in dependencies.entries() {
                let dependency = match value {
                    Json::Array(names) => Dependency::Properties(strings(names)),
                    _ => Dependency::Schema(self.enqueue(append(&under, &name.to_str_lossy()))),
                };
                rules.dependencies.push((name.clone(), dependency));
            }
        }
        let used = ["properties", "patternProperties", "additionalProperties", "dependencies"];
        if used.iter().any(|keyword| self.object.get(keyword).is_some()) {
            node.object = Some(Box::new(rules));
        }
        Ok(())
    }

    /// `items` and `additionalItems` until 2019-09.
    fn items(&mut self, node: &mut Node) {
        if let Some(items) = self.list("items") {
            let additional = self.additional("additionalItems");
            let rules = node.array.get_or_insert_default();
            (rules.items, rules.additional) = (Some(Items::Each(items)), additional);
        } else if let Some(id) = self.one("items") {
            node.array.get_or_insert_default().items = Some(Items::All(id));
        }
    }

    /// The keywords that look at the value itself.
    fn validation(&mut self, node: &mut Node) -> Result<(), String> {
        if let Some(types) = self.object.get("type") {
            node.types = Types::from_keyword(types);
        }
        if let Some(values) = self.object.get("enum").and_then(Json::as_array) {
            let types = values.iter().fold(Types::default(), |all, v| all.with(Types::of(v)));
            node.enumeration = Some(Box::new(Enumeration { values: values.to_vec(), types }));
        }
        self.bounds(node);

        let (min_length, max_length) = (self.int("minLength"), self.int("maxLength"));
        let pattern = match self.object.get("pattern") {
            Some(Json::String(p)) => Some(self.regex(p, "pattern")?),
            _ => None,
        };
        if min_length.is_some() || max_length.is_some() || pattern.is_some() {
            node.string = Some(Box::new(StringRules { min_length, max_length, pattern }));
        }

        let (min_items, max_items) = (self.int("minItems"), self.int("maxItems"));
        let unique_items = self.bool("uniqueItems") == Some(true);
        if min_items.is_some() || max_items.is_some() || unique_items {
            let rules = node.array.get_or_insert_default();
            (rules.min_items, rules.max_items, rules.unique_items) = (min_items, max_items, unique_items);
        }
        let (min_properties, max_properties) = (self.int("minProperties"), self.int("maxProperties"));
        let required = self.object.get("required").and_then(Json::as_array).map(strings).unwrap_or_default();
        if min_properties.is_some() || max_properties.is_some() || !required.is_empty() {
            let rules = node.object.get_or_insert_default();
            (rules.min_properties, rules.max_properties, rules.required) = (min_properties, max_properties, required);
        }
        Ok(())
    }

    /// `minimum`, `maximum` and their like; in draft 4 they may be made exclusive by a boolean.
    fn bounds(&mut self, node: &mut Node) {
        let mut rules = NumberRules {
            minimum: self.number("minimum"),
            maximum: self.number("maximum"),
            exclusive_minimum: self.number("exclusiveMinimum"),
            exclusive_maximum: self.number("exclusiveMaximum"),
            multiple_of: self.number("multipleOf"),
        };
        if self.bool("exclusiveMinimum") == Some(true) {
            rules.exclusive_minimum = rules.minimum.take();
        }
        if self.bool("exclusiveMaximum") == Some(true) {
            rules.exclusive_maximum = rules.maximum.take();
        }
        let all =
            [&rules.minimum, &rules.maximum, &rules.exclusive_minimum, &rules.exclusive_maximum, &rules.multiple_of];
        if all.iter().any(|r| r.is_some()) {
            node.number = Some(Box::new(rules));
        }
    }

    fn has(&self, vocabulary: &str) -> bool {
        self.dialect.has_vocabulary(vocabulary)
    }

    fn text(&self, keyword: &str) -> Option<&str> {
        self.object.get(keyword).and_then(Json::as_str)
    }

    fn bool(&self, keyword: &str) -> Option<bool> {
        self.object.get(keyword).and_then(Json::as_bool)
    }

    fn number(&self, keyword: &str) -> Option<Decimal> {
        match self.object.get(keyword) {
            Some(Json::Number(n)) => n.decimal(),
            _ => None,
        }
    }

    fn int(&self, keyword: &str) -> Option<i64> {
        self.number(keyword)?.to_int()
    }

    fn regex(&self, pattern: &Str, keyword: &str) -> Result<Regex, String> {
        Regex::new(pattern).map_err(|e| {
            let at = format!("{}#{}/{keyword}", self.place.url, encode(&self.place.pointer));
            format!("invalid regex {} at {}: {e}", quote(pattern), quote(at.as_bytes()))
        })
    }

    fn enqueue(&mut self, pointer: String) -> NodeId {
        self.numbers.number(Place { url: Arc::clone(&self.place.url), pointer })
    }

    /// The schema at a keyword.
    fn one(&mut self, keyword: &str) -> Option<NodeId> {
        self.object.get(keyword)?;
        Some(self.enqueue(append(&self.place.pointer, keyword)))
    }

    /// The schemas in a keyword's array.
    fn list(&mut self, keyword: &str) -> Option<Vec<NodeId>> {
        let items = self.object.get(keyword).and_then(Json::as_array)?;
        let under = append(&self.place.pointer, keyword);
        Some((0..items.len()).map(|i| self.enqueue(append(&under, &i.to_string()))).collect())
    }

    /// The schemas in a keyword's object.
    fn map(&mut self, keyword: &str) -> Vec<(Str, NodeId)> {
        let Some(object) = self.object.get(keyword).and_then(Json::as_object) else { return Vec::new() };
        let under = append(&self.place.pointer, keyword);
        let entries = object.entries().iter();
        entries.map(|(name, _)| (name.clone(), self.enqueue(append(&under, &name.to_str_lossy())))).collect()
    }

    fn additional(&mut self, keyword: &str) -> Option<Additional> {
        match self.bool(keyword) {
            Some(b) => Some(Additional::Bool(b)),
            None => self.one(keyword).map(Additional::Schema),
        }
    }

    fn reference(&mut self, keyword: &str) -> Result<Option<NodeId>, String> {
        let Some(reference) = self.text(keyword) else { return Ok(None) };
        let to = join(self.id, reference)?;
        self.numbers.refer(&self.place.url, &to).map(Some)
    }
}

fn strings(items: &[Json]) -> Vec<Str> {
    let string = |item: &Json| if let Json::String(s) = item { Some(s.clone()) } else { None };
    items.iter().filter_map(string).collect()
}
