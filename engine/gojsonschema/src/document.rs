//! The documents that schemas are in: their resources, anchors and dialects.

use std::sync::Arc;

use govalue::Str;
use govalue::strconv::quote;
use govalue::url::Url;

use crate::draft::{Below, Dialect, Draft};
use crate::json::{Json, Object};
use crate::location::{Place, UrlFragment, anchor, append, encode, join, split_fragment};
use crate::meta;
use crate::plain::is_plain;
use crate::table::Table;
use crate::validate::Meta;

/// Gets a document that a schema refers to, by its URL; the error is the text that follows `failing loading "…": `.
pub(crate) type Loader<'l> = &'l mut dyn FnMut(&str) -> Result<Vec<u8>, String>;

/// All documents that were needed so far.
pub(crate) struct Documents<'l> {
    loader: Loader<'l>,
    loaded: Table<Arc<Json>>,
    /// Those that were opened; nothing while one is looked through.
    documents: Table<Option<Document>>,
}

/// A document with what is known of its schemas.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) url: Arc<str>,
    pub(crate) json: Arc<Json>,
    pub(crate) resources: Resources,
    /// The places whose subschemas are known.
    pub(crate) known: Table<()>,
    /// What its schemas refer to.
    pub(crate) references: Vec<Str>,
    /// Whether it surely meets its metaschema.
    pub(crate) plain: bool,
}

/// The resources of a document.
#[derive(Debug, Default)]
pub(crate) struct Resources {
    by_pointer: Table<Resource>,
    /// Their places, by their URL.
    by_id: Table<Arc<str>>,
}

impl Resources {
    /// The resource at a place.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Resource> {
        self.by_pointer.get(pointer)
    }

    fn by_id(&self, id: &str) -> Option<&Resource> {
        self.at(self.by_id.get(id)?)
    }

    fn insert(&mut self, resource: Resource) {
        self.by_id.insert(resource.id.to_string(), Arc::clone(&resource.pointer));
        self.by_pointer.insert(resource.pointer.to_string(), resource);
    }

    /// Whether there is only the document itself.
    pub(crate) fn is_single(&self) -> bool {
        self.by_pointer.items().len() == 1
    }
}

/// A schema with a URL of its own.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) pointer: Arc<str>,
    pub(crate) id: Arc<str>,
    pub(crate) dialect: Dialect,
    /// The names in it, and the places they stand for.
    pub(crate) anchors: Table<Anchor>,
}

/// What a name in a resource stands for.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    pub(crate) pointer: String,
    pub(crate) dynamic: bool,
}

impl Document {
    /// The resource that the schema at a place belongs to.
    pub(crate) fn resource(&self, pointer: &str) -> &Resource {
        let mut pointer = if self.resources.is_single() { "" } else { pointer };
        loop {
            if let Some(resource) = self.resources.at(pointer) {
                return resource;
            }
            let slash = pointer.rfind('/').expect("the document itself is a resource, and pointers begin with a slash");
            pointer = &pointer[..slash];
        }
    }

    fn resolve_in(&self, fragment: &str, resource: &Resource) -> Result<Place, String> {
        let pointer = match anchor(fragment) {
            None => format!("{}{fragment}", resource.pointer),
            Some(name) => resource.anchors.get(name).map(|a| a.pointer.clone()).ok_or_else(|| {
                let reference = format!("{}#{}", resource.id, encode(fragment));
                format!("anchor in {} not found in schema {}", quote(reference.as_bytes()), quote(self.url.as_bytes()))
            })?,
        };
        Ok(Place { url: Arc::clone(&self.url), pointer })
    }

    /// Where a reference points to; nothing if that is in another document.
    pub(crate) fn resolve(&self, to: &UrlFragment) -> Result<Option<Place>, String> {
        let resource = if *to.url == *self.url { self.resources.at("") } else { self.resources.by_id(&to.url) };
        resource.map(|r| self.resolve_in(&to.fragment, r)).transpose()
    }

    fn collect_anchors(&mut self, schema: &Object, pointer: &str, resource: &str) -> Result<(), String> {
        let url = &self.url;
        let resource = self.resources.by_pointer.get_mut(resource).expect("the resource was found by its place");
        let draft = resource.dialect.draft;
        let mut add = |name: &str, dynamic: bool| match resource.anchors.get_mut(name) {
            Some(other) if other.pointer != pointer => Err(format!(
                "duplicate anchor {} in {} at {} and {}",
                quote(name.as_bytes()),
                quote(url.as_bytes()),
                quote(other.pointer.as_bytes()),
                quote(pointer.as_bytes())
            )),
            Some(same) => {
                same.dynamic |= dynamic;
                Ok(())
            }
            None => {
                resource.anchors.insert(name.to_owned(), Anchor { pointer: pointer.to_owned(), dynamic });
                Ok(())
            }
        };
        let text = |keyword: &str| schema.get(keyword).and_then(Json::as_str);
        if draft < Draft::V2019 {
            if schema.get("$ref").is_none()
                && let Some(id) = text(draft.id_keyword())
            {
                let place = Place { url: Arc::clone(url), pointer: pointer.to_owned() };
                let parts = split_fragment(id)
                    .map_err(|_| format!("error in parsing anchor at {}", quote(place.text().as_bytes())))?;
                if let Some(name) = anchor(&parts.fragment) {
                    add(name, false)?;
                }
            }
            return Ok(());
        }
        if let Some(name) = text("$anchor") {
            add(name, false)?;
        }
        if draft >= Draft::V2020
            && let Some(name) = text("$dynamicAnchor")
        {
            add(name, true)?;
        }
        Ok(())
    }
}

impl<'l> Documents<'l> {
    pub(crate) fn new(loader: Loader<'l>) -> Documents<'l> {
        Documents { loader, loaded: Table::default(), documents: Table::default() }
    }

    /// Adds a document that need not be loaded.
    pub(crate) fn add(&mut self, url: &str, json: Json) {
        self.loaded.insert(url.to_owned(), Arc::new(json));
    }

    /// Takes the document of a URL that was opened before.
    pub(crate) fn take(&mut self, url: &str) -> Option<Document> {
        self.documents.get_mut(url)?.take()
    }

    /// The document of a URL that was opened before.
    pub(crate) fn get(&self, url: &str) -> Option<&Document> {
        self.documents.get(url)?.as_ref()
    }

    /// Where a reference points to, in a document that may have to be loaded.
    pub(crate) fn resolve(&mut self, to: &UrlFragment) -> Result<Place, String> {
        self.open(&to.url)?;
        let document = self.get(&to.url).expect("it was just opened");
        document.resolve_in(&to.fragment, document.resources.at("").expect("the document itself is a resource"))
    }

    fn load(&mut self, url: &str) -> Result<Arc<Json>, String> {
        if let Some(json) = self.loaded.get(url) {
            return Ok(Arc::clone(json));
        }
        let found = match meta::documents(url) {
            Some(found) => found,
            None => (self.loader)(url)
                .and_then(|text| Json::parse(&text))
                .map(|json| vec![(url.to_owned(), json)])
                .map_err(|e| format!("failing loading {}: {e}", quote(url.as_bytes())))?,
        };
        for (url, json) in found {
            if self.loaded.position(&url).is_none() {
                self.loaded.insert(url, Arc::new(json));
            }
        }
        Ok(self.loaded.get(url).cloned().expect("what was found has the document of that URL"))
    }

    fn open(&mut self, url: &str) -> Result<(), String> {
        if self.documents.position(url).is_some() {
            return Ok(());
        }
        let json = self.load(url)?;
        let mut document = Document {
            url: url.into(),
            json: Arc::clone(&json),
            resources: Resources::default(),
            known: Table::default(),
            references: Vec::new(),
            plain: false,
        };
        let dialect = Dialect::new(Draft::V2020);
        self.collect(&mut document, &json, &url.into(), String::new(), &dialect)?;
        if !meta::is_trusted(url) {
            document.plain = check(&document, &json, "")?;
        }
        self.documents.insert(url.to_owned(), Some(document));
        Ok(())
    }

    /// Makes sure that the schema at a place is known and meets its metaschema, even where no keyword leads to it.
    pub(crate) fn ensure(&mut self, place: &Place) -> Result<(), String> {
        self.open(&place.url)?;
        let document = self.get(&place.url).expect("it was just opened");
        if document.known.get(&place.pointer).is_some() {
            return Ok(());
        }
        let json = Arc::clone(&document.json);
        let schema = place.find(&json)?;
        let slot = self.documents.get_mut(&place.url).expect("the document has a slot");
        let mut document = slot.take().expect("nobody else looks through the document");
        let Resource { id, pointer, dialect, .. } = document.resource(&place.pointer).clone();
        self.collect(&mut document, schema, &id, place.pointer.clone(), &dialect)?;
        if document.resources.at(&place.pointer).is_none()
            && let Some(object) = schema.as_object()
        {
            document.collect_anchors(object, &place.pointer, &pointer)?;
        }
        check(&document, schema, &place.pointer)?;
        *self.documents.get_mut(&place.url).expect("the document has a slot") = Some(document);
        Ok(())
    }

    /// Finds the resources and anchors in a schema.
    fn collect(
        &mut self,
        document: &mut Document,
        schema: &Json,
        base: &Arc<str>,
        pointer: String,
        fallback: &Dialect,
    ) -> Result<(), String> {
        if document.known.get(&pointer).is_some() {
            return Ok(());
        }
        let is_root = pointer.is_empty();
        let Some(object) = schema.as_object() else {
            if is_root {
                document.resources.insert(Resource::new(&pointer, Arc::clone(base), fallback.clone()));
            }
            document.known.insert(pointer, ());
            return Ok(());
        };

        let place = || Place { url: Arc::clone(&document.url), pointer: pointer.clone() };
        let mut has_schema = object.get("$schema").is_some_and(|s| s.as_str().is_some());
        let mut draft = fallback.draft;
        if has_schema {
            draft = self.draft(&place(), schema, fallback.draft, &mut Vec::new())?;
        }
        let mut id = draft.id(object);
        if id.is_empty() && !is_root {
            // Only resources may change the draft.
            draft = fallback.draft;
            has_schema = false;
            id = draft.id(object);
        }
        let mut base = Arc::clone(base);
        if !id.is_empty() {
            let error = |_| format!("error in parsing id at {}", quote(place().text().as_bytes()));
            base = join(&base, id).map_err(error)?.url.into();
        }
        if !id.is_empty() || is_root {
            match document.resources.by_id(&base) {
                Some(other) if *other.pointer != *pointer => {
                    return Err(format!(
                        "duplicate id {} in {} at {} and {}",
                        quote(base.as_bytes()),
                        quote(document.url.as_bytes()),
                        quote(pointer.as_bytes()),
                        quote(other.pointer.as_bytes())
                    ));
                }
                Some(_) => {}
                None => {
                    let dialect = if has_schema { self.dialect(object, draft)? } else { fallback.clone() };
                    document.resources.insert(Resource::new(&pointer, Arc::clone(&base), dialect));
                }
            }
        }
        let resource = document.resources.by_id(&base).expect("a schema's base is that of a resource around it");
        let (resource, dialect) = (resource.pointer.clone(), resource.dialect.clone());
        document.collect_anchors(object, &pointer, &resource)?;
        if let Some(Json::String(reference)) = object.get("$ref") {
            document.references.push(reference.clone());
        }

        for (keyword, value) in object.entries() {
            let Some(below) = draft.below(keyword) else { continue };
            let under = append(&pointer, &keyword.to_str_lossy());
            match (below, value) {
                (Below::Properties, Json::Object(properties)) => {
                    for (name, value) in properties.entries() {
                        let at = append(&under, &name.to_str_lossy());
                        self.collect(document, value, &base, at, &dialect)?;
                    }
                }
                (Below::Items | Below::OneOrItems, Json::Array(items)) => {
                    for (i, value) in items.iter().enumerate() {
                        self.collect(document, value, &base, append(&under, &i.to_string()), &dialect)?;
                    }
                }
                (Below::One | Below::OneOrItems, value) => self.collect(document, value, &base, under, &dialect)?,
                _ => {}
            }
        }
        document.known.insert(pointer, ());
        Ok(())
    }

    /// The draft that `$schema` leads to, over metaschemas of one's own if need be.
    fn draft(
        &mut self,
        place: &Place,
        schema: &Json,
        fallback: Draft,
        seen: &mut Vec<String>,
    ) -> Result<Draft, String> {
        let Some(url) = schema.as_object().and_then(|o| o.get("$schema")).and_then(Json::as_str) else {
            return Ok(fallback);
        };
        if let Some(draft) = Draft::from_url(url) {
            return Ok(draft);
        }
        let url = url.split('#').next().unwrap_or_default();
        if let Err(e) = Url::parse(url.as_bytes()) {
            return Err(format!("invalid $schema in {}: {e}", quote(place.text().as_bytes())));
        }
        if place.pointer.is_empty() && *url == *place.url {
            return Err(format!("draft {} is not supported", quote(url.as_bytes())));
        }
        if seen.iter().any(|s| s == url) {
            return Err(format!("cycle in resolving $schema in {}", quote(url.as_bytes())));
        }
        seen.push(url.to_owned());
        let json = self.load(url)?;
        self.draft(&Place { url: url.into(), pointer: String::new() }, &json, fallback, seen)
    }

    /// The dialect of a schema with `$schema`: what vocabularies its metaschema switches on.
    fn dialect(&mut self, schema: &Object, draft: Draft) -> Result<Dialect, String> {
        let url = schema.get("$schema").and_then(Json::as_str).unwrap_or_default();
        if Draft::from_url(url).is_some() || draft < Draft::V2019 {
            return Ok(Dialect::new(draft));
        }
        let url = url.split('#').next().unwrap_or_default();
        let json = self.load(url)?;
        let Some(wanted) = json.as_object().and_then(|o| o.get("$vocabulary")).and_then(Json::as_object) else {
            return Ok(Dialect::new(draft));
        };
        let mut names = Vec::new();
        for (vocabulary, required) in wanted.entries() {
            if required.as_bool() != Some(true) {
                continue;
            }
            let vocabulary = vocabulary.to_str_lossy();
            let name = vocabulary.strip_prefix(draft.vocabulary_prefix()).unwrap_or_default();
            if !draft.vocabularies().contains(&name) {
                return Err(format!(
                    "unsupported vocabulary {} in {}",
                    quote(vocabulary.as_bytes()),
                    quote(url.as_bytes())
                ));
            }
            names.push(name.to_owned());
        }
        if !names.iter().any(|n| n == "core") {
            names.push("core".to_owned());
        }
        Ok(Dialect::with_vocabularies(draft, names))
    }
}

impl Resource {
    fn new(pointer: &str, id: Arc<str>, dialect: Dialect) -> Resource {
        Resource { pointer: pointer.into(), id, dialect, anchors: Table::default() }
    }
}

/// Validates a schema against its metaschema; true if it met it for sure.
fn check(document: &Document, schema: &Json, pointer: &str) -> Result<bool, String> {
    let resource = document.resource(pointer);
    // With other resources in it, parts of a schema may have metaschemas of their own.
    let usual = document.resources.is_single() && resource.dialect.metaschema.is_none();
    if usual && is_plain(schema, resource.dialect.draft) {
        return Ok(true);
    }
    let metaschema = resource.dialect.metaschema();
    let meta = Meta { root: metaschema.root(), resources: &document.resources };
    match metaschema.validate_json(schema, Some(meta)) {
        Ok(None) => Ok(false),
        Ok(Some(failures)) => {
            let place = Place { url: Arc::clone(&document.url), pointer: pointer.to_owned() };
            Err(format!("{} is not valid against metaschema: {failures}", quote(place.text().as_bytes())))
        }
        Err(stopped) => Err(stopped.0),
    }
}
