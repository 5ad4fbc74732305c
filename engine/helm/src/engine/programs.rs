//! Parsed templates, kept from render to render.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gotemplate::{File, FuncMap, ParseError};
use govalue::Str;
use govalue::sort::sort_by;
use jsonschema::{Schema, SchemaError};

use crate::chart::Bytes;
use crate::manifest::Heads;

/// How many bytes of `tpl` snippets are kept.
const SNIPPET_BYTES: usize = 16 << 20;

/// The parsed templates of charts, by name and content, the snippets that `tpl`
/// has parsed, compiled schemas, and the heads of documents. It is shared between renders and threads.
#[derive(Default)]
pub struct Programs {
    files: Mutex<HashMap<Str, Known>>,
    snippets: Mutex<Snippets>,
    schemas: Mutex<HashMap<usize, (Bytes, Arc<Schema>)>>,
    heads: Mutex<Heads>,
}

/// A template file and its program, if it is one.
struct Known {
    source: Bytes,
    file: Option<Arc<File>>,
}

#[derive(Default)]
struct Snippets {
    files: HashMap<Str, Arc<File>>,
    bytes: usize,
}

impl Programs {
    /// The text of a template file that was given to render.
    pub fn source(&self, name: &Str) -> Option<Bytes> {
        lock(&self.files).get(name).map(|known| known.source.clone())
    }

    /// The names of all templates that are parsed, sorted.
    pub fn template_names(&self) -> Vec<Str> {
        let files = lock(&self.files);
        let files = files.values().filter_map(|known| known.file.as_ref());
        let mut names: Vec<Str> = files.flat_map(|f| f.names().cloned().collect::<Vec<_>>()).collect();
        sort_by(&mut names, Str::cmp);
        names.dedup();
        names
    }

    /// A compiled `values.schema.json`.
    pub(crate) fn schema(&self, data: &Bytes) -> Result<Arc<Schema>, SchemaError> {
        let address = data.as_bytes().as_ptr() as usize;
        if let Some((known, schema)) = lock(&self.schemas).get(&address)
            && std::ptr::eq(known.as_bytes(), data.as_bytes())
        {
            return Ok(Arc::clone(schema));
        }
        let schema = Arc::new(Schema::compile(data)?);
        lock(&self.schemas).insert(address, (data.clone(), Arc::clone(&schema)));
        Ok(schema)
    }

    /// Works with the heads of the documents of the last render. Renders at the
    /// same time do not wait for each other: the second one begins with none.
    pub(crate) fn with_heads<T>(&self, work: impl FnOnce(&mut Heads) -> T) -> T {
        let mut heads = std::mem::take(&mut *lock(&self.heads));
        let result = work(&mut heads);
        *lock(&self.heads) = heads;
        result
    }

    /// The program of a template file.
    pub(super) fn file(&self, name: &Str, source: &Bytes, funcs: &FuncMap) -> Result<Arc<File>, ParseError> {
        if let Some(Known { source: known, file: Some(file) }) = lock(&self.files).get(name)
            && (std::ptr::eq(known.as_bytes(), source.as_bytes()) || known.as_bytes() == source.as_bytes())
        {
            return Ok(Arc::clone(file));
        }
        let file = gotemplate::parse(name.clone(), source.as_bytes(), funcs);
        let known = Known { source: source.clone(), file: file.as_ref().ok().map(Arc::clone) };
        lock(&self.files).insert(name.clone(), known);
        file
    }

    /// The program of a string that `tpl` renders.
    pub(super) fn snippet(&self, name: &str, source: &Str, funcs: &FuncMap) -> Result<Arc<File>, ParseError> {
        if let Some(file) = lock(&self.snippets).files.get(source) {
            return Ok(Arc::clone(file));
        }
        let file = gotemplate::parse(name, source.clone(), funcs)?;
        let mut snippets = lock(&self.snippets);
        if snippets.bytes.saturating_add(source.len()) > SNIPPET_BYTES {
            *snippets = Snippets::default();
        }
        snippets.bytes += source.len();
        snippets.files.insert(source.clone(), Arc::clone(&file));
        Ok(file)
    }
}

/// The caches are whole after every statement, so a panic elsewhere spoils nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
