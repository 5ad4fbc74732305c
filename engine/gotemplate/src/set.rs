//! The templates that a running template can name.

use std::sync::Arc;

use govalue::{Index, Str};

use crate::file::File;

/// The templates that are associated with each other. Cheap to clone; a clone's
/// additions are its own.
///
/// ```
/// use gotemplate::{FuncMap, TemplateSet, parse};
/// let funcs = FuncMap::new();
/// let mut set = TemplateSet::new("gotpl");
/// set.add(&parse("a", "{{define \"b\"}}1{{end}}", &funcs).unwrap());
/// let mut clone = set.clone();
/// clone.add(&parse("c", "", &funcs).unwrap());
/// assert!(set.contains("b") && clone.contains("b"));
/// assert!(!set.contains("c") && clone.contains("c"));
/// ```
#[derive(Clone)]
pub struct TemplateSet {
    root: Str,
    layer: Arc<Layer>,
}

/// What a clone added to the set that it was made of.
#[derive(Clone, Default)]
struct Layer {
    below: Option<Arc<Layer>>,
    depth: usize,
    templates: Index<TemplateRef>,
}

/// More layers than this are merged into one.
const MAX_LAYERS: usize = 8;

/// A template: a file and the index in it.
#[derive(Clone)]
pub(crate) struct TemplateRef {
    pub(crate) file: Arc<File>,
    pub(crate) index: usize,
}

impl TemplateSet {
    /// An empty set. `root` is the name in `no template "x" associated with template "root"`.
    pub fn new(root: impl Into<Str>) -> TemplateSet {
        TemplateSet { root: root.into(), layer: Arc::default() }
    }

    /// The name it was made with (Helm's: `gotpl`).
    pub fn root(&self) -> &Str {
        &self.root
    }

    /// Adds the templates of a file: the last of a name wins, but one that is
    /// empty replaces nothing (`text/template`: `AddParseTree`).
    pub fn add(&mut self, file: &Arc<File>) {
        for (index, template) in file.program.templates.iter().enumerate() {
            let name = file.template_name(index);
            if template.empty && self.find(name).is_some() {
                continue;
            }
            let found = TemplateRef { file: Arc::clone(file), index };
            self.top().templates.insert(name.clone(), found);
        }
    }

    /// The topmost layer, which nobody else sees.
    fn top(&mut self) -> &mut Layer {
        if Arc::get_mut(&mut self.layer).is_none() {
            let below = Arc::clone(&self.layer);
            self.layer = Arc::new(if below.depth < MAX_LAYERS {
                Layer { depth: below.depth + 1, below: Some(below), templates: Index::default() }
            } else {
                below.merged()
            });
        }
        Arc::make_mut(&mut self.layer)
    }

    pub(crate) fn find(&self, name: &[u8]) -> Option<&TemplateRef> {
        let mut layer = &self.layer;
        loop {
            if let Some(found) = layer.templates.get(name) {
                return Some(found);
            }
            layer = layer.below.as_ref()?;
        }
    }

    /// Whether there is a template of that name.
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        self.find(name.as_ref()).is_some()
    }

    /// The file that a template comes from.
    pub fn file(&self, name: impl AsRef<[u8]>) -> Option<&Arc<File>> {
        self.find(name.as_ref()).map(|t| &t.file)
    }
}

impl Layer {
    /// All layers as one.
    fn merged(&self) -> Layer {
        let mut templates = self.templates.clone();
        let mut layer = &self.below;
        while let Some(below) = layer {
            for (name, found) in below.templates.iter() {
                templates.or_insert_with(name.clone(), || found.clone());
            }
            layer = &below.below;
        }
        Layer { below: None, depth: 0, templates }
    }
}
