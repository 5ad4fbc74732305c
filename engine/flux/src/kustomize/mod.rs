//! Post-rendering: what happens to a chart's output before Helm installs it.
//!
//! Helm lays all documents into one stream, each with the name of its file in an
//! annotation; helm-controller runs kustomize over the stream, sets labels and
//! annotations, and Helm parts the result into files again (Helm:
//! `pkg/action/action.go`; helm-controller: `internal/postrender`).

mod images;
mod json_patch;
mod merge;
mod node;
mod patches;
mod resource;
mod schema;
mod selector;
mod stream;

use govalue::{Index, Map, Str, Value};
use helm::Warnings;
use helm::chart::Bytes;
use helm::manifest::{Heads, Split, is_blank, sort_split};
use helm::release::ReleaseError;

use crate::error::{PostRenderError, RenderError};
use crate::helmrelease::{HelmRelease, Kustomize, PostRenderStrategy};
use node::Node;
use resource::{Resource, Resources};

pub use stream::post_render_stream;

/// The annotation that says which file a document is from.
const FILENAME: &str = "postrenderer.helm.sh/postrender-filename";

/// Annotations of kyaml's own, which it takes out when it writes.
const INTERNAL: [&[u8]; 3] =
    [b"internal.config.kubernetes.io/index", b"config.kubernetes.io/index", b"internal.config.kubernetes.io/seqindent"];

/// The annotation of objects that kustomize leaves out.
const LOCAL: &[u8] = b"config.kubernetes.io/local-config";

type Files = Vec<(Str, Bytes)>;

/// Runs a HelmRelease's post-renderers over rendered files, which are sorted by
/// name, and stay so.
///
/// # Errors
/// If output is not YAML or not an object, or a patch does not fit.
pub(crate) fn post_render(
    files: Files,
    release: &HelmRelease,
    split: Split,
    warnings: &mut Vec<String>,
) -> Result<Files, RenderError> {
    let run = |files: &[(Str, Bytes)], group: &str, warnings: &mut Vec<String>| {
        let (merging, running, prefix) = match group {
            "" => ("error merging manifests".to_owned(), "error while running post render on files".to_owned(), ""),
            group => (format!("error merging {group}"), format!("error while running post render on {group}"), group),
        };
        let (nodes, unknown) = annotated(files, split).map_err(|e| e.within(&merging))?;
        let values = match unknown {
            None => rendered(nodes, release, warnings),
            Some(error) if release.post_renderers.is_empty() => Err(error),
            Some(error) => Err(error.reading_input()),
        };
        let values = values.map_err(|e| e.within(&running))?;
        parted(values, prefix).map_err(|e| e.within("error while parsing post rendered output"))
    };
    if release.post_render_strategy == PostRenderStrategy::Combined {
        return Ok(in_order(run(&files, "", warnings)?));
    }
    let sorted = match sort_split(&files, split, &mut Heads::default(), &mut Warnings::default()) {
        Ok(sorted) => sorted,
        Err(error) => return Err(ReleaseError::Manifest { error, files }.into()),
    };
    let hooks = joined(sorted.hooks.iter().map(|h| (&h.source, &h.text)));
    let manifests = joined(sorted.manifests.iter().map(|m| (&m.source, &m.text)));
    let mut all: Index<Vec<u8>> = Index::default();
    for (name, group) in [("hooks", hooks), ("manifests", manifests)] {
        if group.is_empty() {
            continue;
        }
        let group = in_order(group);
        if name == "hooks" && release.post_render_strategy == PostRenderStrategy::NoHooks {
            group.iter().for_each(|(name, text)| join(&mut all, name, text));
        } else {
            run(&group, name, warnings)?.iter().for_each(|(name, text)| join(&mut all, name, text));
        }
    }
    Ok(in_order(all))
}

fn in_order(files: Index<Vec<u8>>) -> Files {
    files.into_sorted().into_iter().map(|(name, text)| (name, Bytes::from(text))).collect()
}

fn join(files: &mut Index<Vec<u8>>, name: &Str, text: &[u8]) {
    match files.get_mut(name) {
        Some(file) => {
            file.extend_from_slice(b"\n---\n");
            file.extend_from_slice(text);
        }
        None => {
            files.insert(name.clone(), text.to_vec());
        }
    }
}

fn joined<'a>(documents: impl Iterator<Item = (&'a Str, &'a Bytes)>) -> Index<Vec<u8>> {
    let mut files = Index::default();
    documents.for_each(|(name, text)| join(&mut files, name, text));
    files
}

/// The documents of all files, each with its file's name (`annotateAndMerge`),
/// and why Helm's text of them cannot be read, where that is so.
fn annotated(files: &[(Str, Bytes)], split: Split) -> Result<(Vec<Node>, Option<PostRenderError>), PostRenderError> {
    let mut nodes = Vec::new();
    let mut unknown = None;
    for (name, content) in files {
        let base = name.rsplit(|&b| b == b'/').next().expect("a split has a first part");
        if base.starts_with(b"_") || is_blank(content) {
            continue;
        }
        for range in split(content) {
            let lines = content[..range.start].iter().filter(|&&b| b == b'\n').count();
            let failed = |e: PostRenderError| e.in_template(name, lines).within(&format!("parsing {name}"));
            let objects = Node::parse_objects(&content[range]).map_err(failed)?;
            unknown = unknown.or(objects.unknown.map(|e| e.in_template(name, lines)));
            for mut node in objects.list {
                if !matches!(node, Node::Map(_)) {
                    return Err(failed(PostRenderError::new(node.wrong_kind("MappingNode"))));
                }
                let metadata = node.map_at(b"metadata");
                if let Some(map) = metadata.and_then(|m| {
                    m.get_mut(b"annotations").is_some_and(|a| a.is_empty()).then(|| m.remove(b"annotations"));
                    m.map_at(b"annotations")
                }) {
                    INTERNAL.iter().for_each(|key| drop(map.remove(key)));
                }
                let mut resource = Resource::new(node);
                resource
                    .set_text(b"annotations", FILENAME, &name.to_str_lossy())
                    .map_err(|e| failed(e).within(&format!("annotating {name}")))?;
                nodes.push(resource.node);
            }
        }
    }
    Ok((nodes, unknown))
}

/// Runs the post-renderers one after the other (`BuildPostRenderers`).
fn rendered(nodes: Vec<Node>, release: &HelmRelease, warnings: &mut Vec<String>) -> Result<Vec<Map>, PostRenderError> {
    let mut nodes = nodes;
    for kustomize in &release.post_renderers {
        nodes = written(&kustomized(nodes, kustomize, warnings)?)?
            .iter()
            .map(|m| Node::from_value(&Value::Map(m.clone())))
            .collect();
    }
    let mut resources = Resources::from_nodes(nodes)?;
    let common = &release.common_metadata;
    let origin = release.origin();
    for resource in &mut resources.list {
        for (key, value) in common.labels.iter().flatten() {
            resource.set_text(b"labels", key, value)?;
        }
        for (key, value) in common.annotations.iter().flatten() {
            resource.set_text(b"annotations", key, value)?;
        }
        for (key, value) in &origin {
            resource.set_text(b"labels", key, value)?;
        }
    }
    written(&resources)
}

/// One run of kustomize.
fn kustomized(
    nodes: Vec<Node>,
    kustomize: &Kustomize,
    warnings: &mut Vec<String>,
) -> Result<Resources, PostRenderError> {
    let mut resources = Resources::from_nodes(nodes).map_err(PostRenderError::accumulating)?;
    for patch in &kustomize.patches {
        patches::apply(&mut resources, patch, warnings)?;
    }
    for image in &kustomize.images {
        images::replace(&mut resources, image)?;
    }
    resources.list.retain(|resource| {
        let texts = resource.texts(b"annotations");
        texts.iter().all(|(key, value)| **key != *LOCAL || value == "false")
    });
    for resource in &mut resources.list {
        let annotations = resource.texts(b"annotations");
        if !annotations.is_empty() {
            resource.set_texts(b"annotations", annotations);
        }
    }
    Ok(resources)
}

/// The objects as kustomize writes them: by way of JSON.
fn written(resources: &Resources) -> Result<Vec<Map>, PostRenderError> {
    let mut objects = Vec::with_capacity(resources.list.len());
    for resource in &resources.list {
        match resource.node.to_value() {
            Ok(Value::Map(map)) => objects.push(map),
            Ok(_) => {}
            Err(message) => return Err(PostRenderError::new(format!("{}: {message}", resource.id())).in_file(resource)),
        }
    }
    Ok(objects)
}

/// Parts objects into the files that they are from (`splitAndDeannotate`).
fn parted(objects: Vec<Map>, prefix: &str) -> Result<Index<Vec<u8>>, PostRenderError> {
    let mut files: Index<Vec<u8>> = Index::default();
    for (i, object) in objects.into_iter().enumerate() {
        let separator = if prefix.is_empty() { "" } else { "-" };
        let mut name = Str::from(format!("generated-by-postrender-{prefix}{separator}{i}.yaml"));
        if let Some(Value::Map(metadata)) = object.get("metadata") {
            if let Some(Value::Map(annotations)) = metadata.get("annotations") {
                if let Some(Value::Str(file)) = annotations.remove(FILENAME)
                    && !file.is_empty()
                {
                    name = file;
                }
                INTERNAL.iter().for_each(|key| drop(annotations.remove(key)));
            }
            let empty = |value: Option<Value>| match value {
                Some(Value::Map(map)) => map.is_empty(),
                Some(Value::List(list)) => list.is_empty(),
                value => value.is_some(),
            };
            if empty(metadata.get("annotations")) {
                metadata.remove("annotations");
            }
            if metadata.is_empty() {
                object.remove("metadata");
            }
        }
        let text = goyaml::yaml::to_yaml_unfolded(&Value::Map(object))
            .map_err(|e| PostRenderError::new(format!("re-writing {name}: {}", e.message())))?;
        match files.get_mut(&name) {
            Some(file) => {
                file.extend_from_slice(b"---\n");
                file.extend_from_slice(&text);
            }
            None => {
                files.insert(name, text);
            }
        }
    }
    Ok(files)
}

impl PostRenderError {
    /// The same error in the file that a resource is from.
    fn in_file(self, resource: &Resource) -> PostRenderError {
        let annotations = resource.texts(b"annotations");
        match annotations.into_iter().find(|(key, _)| *key == FILENAME) {
            Some((_, file)) => self.in_template(&file, 0),
            None => self,
        }
    }
}
