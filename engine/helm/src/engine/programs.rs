//! Parsed templates, kept from render to render.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gojsonschema::{Schema, SchemaError};
use gotemplate::{Buffers, File, FuncMap, ParseError, Source, TemplateSet};
use govalue::sort::sort_by;
use govalue::sorted::Sorted;
use govalue::{Index, Str};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::ROOT;
use crate::chart::Bytes;
use crate::manifest::Heads;

/// How many bytes of `tpl` snippets and their programs are kept, about.
const SNIPPET_BYTES: usize = 2 << 20;
/// What the program of a short snippet takes.
const SNIPPET_PROGRAM: usize = 1 << 10;

/// How many strings are remembered that `tpl` has rendered once.
const SEEN_SLOTS: usize = 1 << 10;

/// The parsed templates of charts, by name and content, and as the last render
/// associated them with each other, the snippets that `tpl`
/// has parsed, compiled schemas, and the heads of documents. It is shared between renders and threads.
#[derive(Default)]
pub struct Programs {
    files: Mutex<Files>,
    prepared: Mutex<Option<Arc<Prepared>>>,
    snippets: Mutex<Snippets>,
    schemas: Mutex<Schemas>,
    heads: Mutex<Heads>,
}

/// Compiled schemas.
#[derive(Default)]
struct Schemas {
    /// By the address of their text.
    used: Sorted<usize, Compiled>,
    /// Those of a chart before this one.
    before: Vec<Compiled>,
}

/// The text of a schema, and what became of it.
type Compiled = (Bytes, Arc<Schema>);

/// Template files by name, and by length for others of the same content: the
/// charts of an umbrella often bring the same library each.
#[derive(Default)]
struct Files {
    names: Index<Known>,
    lengths: FxHashMap<usize, Arc<File>>,
}

/// A template file and its program, if it is one.
#[derive(Clone)]
struct Known {
    source: Bytes,
    file: Option<Arc<File>>,
}

/// The templates of the last render, associated with each other.
struct Prepared {
    templates: Vec<(Str, Bytes)>,
    set: TemplateSet,
}

/// The programs of strings that `tpl` has rendered more than once. Those of strings that never come again would only
/// push each other out of the processor's caches.
#[derive(Default)]
struct Snippets {
    files: HashMap<Str, Arc<File>>,
    bytes: usize,
    /// Hashes of strings that were rendered once, each in the slot that it says.
    once: Vec<u64>,
}

impl Snippets {
    /// Whether a string was here before, as far as that is remembered.
    fn seen(&mut self, source: &Str) -> bool {
        let hash = FxBuildHasher.hash_one(source.as_bytes());
        self.once.resize(SEEN_SLOTS, 0);
        let slot = self.once.get_mut((hash >> 32) as usize % SEEN_SLOTS);
        slot.is_some_and(|slot| std::mem::replace(slot, hash) == hash)
    }
}

impl Programs {
    /// The text of a template file that was given to render.
    pub fn source(&self, name: &Str) -> Option<Bytes> {
        lock(&self.files).names.get(name).map(|known| known.source.clone())
    }

    /// The names of all templates that are parsed, sorted.
    pub fn template_names(&self) -> Vec<Str> {
        let files = lock(&self.files);
        let files = files.names.iter().filter_map(|(_, known)| known.file.as_ref());
        let mut names: Vec<Str> = files.flat_map(|f| f.names().cloned().collect::<Vec<_>>()).collect();
        sort_by(&mut names, Str::cmp);
        names.dedup();
        names
    }

    /// What another version of a chart begins with: the templates of this one's last render and its schemas, of which
    /// what is the same there is not made again.
    pub fn successor(&self) -> Programs {
        let next = Programs::default();
        if let Some(prepared) = lock(&self.prepared).as_deref() {
            let (from, mut to) = (lock(&self.files), lock(&next.files));
            for (name, _) in &prepared.templates {
                if let Some(known) = from.names.get(name) {
                    to.names.insert(name.clone(), known.clone());
                }
            }
        }
        lock(&next.schemas).before.extend(lock(&self.schemas).used.values().cloned());
        next
    }

    /// A compiled `values.schema.json`. `document` gives the documents that it refers to; a schema that needs some is
    /// not kept, because they may be others next time.
    pub(crate) fn schema(
        &self,
        data: &Bytes,
        document: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Arc<Schema>, SchemaError> {
        let address = data.as_bytes().as_ptr() as usize;
        let known = {
            let schemas = lock(&self.schemas);
            let used = schemas.used.get(&address).filter(|(known, _)| std::ptr::eq(known.as_bytes(), data.as_bytes()));
            if let Some((_, schema)) = used {
                return Ok(Arc::clone(schema));
            }
            schemas.before.iter().find(|(known, _)| same(known, data)).map(|(_, schema)| Arc::clone(schema))
        };
        let mut asked = false;
        let mut load = |url: &str| {
            if !url.starts_with("http:") && !url.starts_with("https:") {
                return gojsonschema::refused(url);
            }
            asked = true;
            document(url)
        };
        let schema = match known {
            Some(schema) => schema,
            None => Arc::new(Schema::compile_with(data, &mut load)?),
        };
        if asked {
            return Ok(schema);
        }
        lock(&self.schemas).used.insert(address, (data.clone(), Arc::clone(&schema)));
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

    /// The set of a render's templates, which are named in the order in which they are added.
    pub(super) fn set<'a>(
        &self,
        templates: impl ExactSizeIterator<Item = (&'a Str, &'a Bytes)> + Clone,
        funcs: &FuncMap,
    ) -> Result<TemplateSet, ParseError> {
        let last = lock(&self.prepared).clone();
        if let Some(last) = &last
            && last.templates.len() == templates.len()
            && last.templates.iter().zip(templates.clone()).all(|(a, b)| a.0 == *b.0 && same(&a.1, b.1))
        {
            return Ok(last.set.clone());
        }
        let (mut set, mut buffers) = (TemplateSet::new(ROOT), Buffers::default());
        for (name, source) in templates.clone() {
            set.add(&self.file(name, source, funcs, &mut buffers)?);
        }
        let templates = templates.map(|(name, source)| (name.clone(), source.clone())).collect();
        *lock(&self.prepared) = Some(Arc::new(Prepared { templates, set: set.clone() }));
        Ok(set)
    }

    /// The program of a template file.
    fn file(
        &self,
        name: &Str,
        source: &Bytes,
        funcs: &FuncMap,
        buffers: &mut Buffers,
    ) -> Result<Arc<File>, ParseError> {
        let files = lock(&self.files);
        if let Some(Known { source: known, file: Some(file) }) = files.names.get(name)
            && same(known, source)
        {
            return Ok(Arc::clone(file));
        }
        let twin = files.lengths.get(&source.len()).filter(|twin| twin.source() == source.as_bytes());
        let twin = twin.and_then(|twin| twin.renamed(name.clone()));
        drop(files);
        let parse = || buffers.parse(name.clone(), Source::shared(Arc::new(source.clone())), funcs);
        let file = twin.map_or_else(parse, Ok);
        let mut files = lock(&self.files);
        if let Ok(file) = &file {
            files.lengths.insert(source.len(), Arc::clone(file));
        }
        let known = Known { source: source.clone(), file: file.as_ref().ok().map(Arc::clone) };
        files.names.insert(name.clone(), known);
        file
    }

    /// The program of a string that `tpl` renders.
    pub(super) fn snippet(&self, name: &str, source: &Str, funcs: &FuncMap) -> Result<Arc<File>, ParseError> {
        if let Some(file) = lock(&self.snippets).files.get(source) {
            return Ok(Arc::clone(file));
        }
        let file = gotemplate::parse(name, source.clone(), funcs)?;
        let mut snippets = lock(&self.snippets);
        if !snippets.seen(source) {
            return Ok(file);
        }
        // A program takes several times what its source does.
        let cost = source.len().saturating_mul(4).saturating_add(SNIPPET_PROGRAM);
        if snippets.bytes.saturating_add(cost) > SNIPPET_BYTES {
            snippets.files.clear();
            snippets.bytes = 0;
        }
        snippets.bytes = snippets.bytes.saturating_add(cost);
        snippets.files.insert(source.clone(), Arc::clone(&file));
        Ok(file)
    }
}

/// Whether two files have the same content; most often they are the same file.
fn same(a: &Bytes, b: &Bytes) -> bool {
    std::ptr::eq(a.as_bytes(), b.as_bytes()) || a.as_bytes() == b.as_bytes()
}

/// The caches are whole after every statement, so a panic elsewhere spoils nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::functions::func_map;
    use super::*;

    fn set(programs: &Programs, templates: &[(&str, &Bytes)]) -> TemplateSet {
        let names: Vec<Str> = templates.iter().map(|(name, _)| Str::from(*name)).collect();
        let templates = names.iter().zip(templates.iter().map(|(_, source)| *source));
        programs.set(templates, func_map()).unwrap()
    }

    fn file(set: &TemplateSet, name: &str) -> Arc<File> {
        Arc::clone(set.file(name).unwrap())
    }

    #[test]
    fn what_is_parsed_stays_until_it_changes() {
        let programs = Programs::default();
        let [old, new] = ["{{.old}}", "{{.new}}"].map(|text| Bytes::from(text.as_bytes()));
        let first = set(&programs, &[("a", &old), ("b", &old)]);
        let second = set(&programs, &[("a", &old), ("b", &old)]);
        let third = set(&programs, &[("a", &new), ("b", &old)]);
        assert!(Arc::ptr_eq(&file(&first, "a"), &file(&second, "a")));
        assert!(Arc::ptr_eq(&file(&first, "b"), &file(&third, "b")));
        assert_eq!((file(&third, "a").source(), file(&third, "b").source()), (&*new, &*old));
        let fourth = set(&programs, &[("b", &old)]);
        assert!(!fourth.contains("a"), "a set has no more than the templates of its render");
    }

    #[test]
    fn a_successor_has_what_is_the_same() {
        let programs = Programs::default();
        let [old, new] = ["{{.old}}", "{{.new}}"].map(|text| Bytes::from(text.as_bytes()));
        let schema = Bytes::from(&br#"{"type": "object"}"#[..]);
        let first = set(&programs, &[("a", &old), ("b", &old)]);
        let compiled = programs.schema(&schema, &gojsonschema::refused).unwrap();
        let next = programs.successor();
        // The same text in another place.
        let again = Bytes::from(&old[..]);
        let second = set(&next, &[("a", &again), ("b", &new)]);
        assert!(Arc::ptr_eq(&file(&first, "a"), &file(&second, "a")));
        assert_eq!(file(&second, "b").source(), &*new);
        assert!(Arc::ptr_eq(&compiled, &next.schema(&Bytes::from(&schema[..]), &gojsonschema::refused).unwrap()));
        let other = next.schema(&Bytes::from(&br#"{"type": "number"}"#[..]), &gojsonschema::refused).unwrap();
        assert!(!Arc::ptr_eq(&compiled, &other));
        assert_eq!(lock(&next.successor().schemas).before.len(), 2, "what was not used is not passed on");
    }

    #[test]
    fn snippets_are_kept_from_their_second_time_on() {
        let programs = Programs::default();
        let snippet = |text: &str| programs.snippet("gotpl", &Str::from(text), func_map()).unwrap();
        let [first, second, third] = [(); 3].map(|()| snippet("{{.a}}"));
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&second, &third));
        for i in 0..10_000 {
            snippet(&format!("{{{{.a{i}}}}}"));
        }
        assert_eq!(lock(&programs.snippets).files.len(), 1);
    }

    #[test]
    fn twins_keep_their_names() {
        let programs = Programs::default();
        let text = Bytes::from(&b"{{define \"d\"}}{{end}}x"[..]);
        let set = set(&programs, &[("a", &text), ("b", &text), ("d", &text)]);
        for name in ["a", "b", "d"] {
            assert_eq!(file(&set, name).name(), &name);
        }
        // One that has the name of what it defines is no twin.
        assert_eq!(file(&set, "d").names().count(), 1);
        assert_eq!(file(&set, "b").print("b").as_deref(), Some(&b"x"[..]));
    }
}
