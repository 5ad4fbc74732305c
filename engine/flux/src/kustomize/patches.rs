//! Patches: what kind each is, and the resources that it changes.

use goyaml::yaml::from_yaml_typed;

use super::json_patch::{self, Operation, json_node};
use super::merge::merge;
use super::node::{Node, Scalar};
use super::resource::{Resource, Resources};
use super::selector::Target;
use crate::error::PostRenderError;
use crate::helmrelease::Patch;

enum Kind {
    /// Objects to merge.
    Merge(Vec<Resource>),
    /// Operations of a JSON patch.
    Json(Vec<Operation>),
}

/// Applies a patch (`PatchTransformer`).
///
/// # Errors
/// If it is not one, its target does not exist, or it does not fit.
pub(super) fn apply(
    resources: &mut Resources,
    patch: &Patch,
    warnings: &mut Vec<String>,
) -> Result<(), PostRenderError> {
    let text = patch.patch.trim();
    let target = patch.target.as_ref().map(Target::new).transpose()?;
    match (read(text)?, target) {
        (Kind::Json(_), None) => Err(PostRenderError::new(format!(
            "must specify a target for JSON patch [patch: {}]",
            govalue::strconv::quote(text.as_bytes())
        ))
        .with_hint("add target: {kind: …, name: …} to select the objects")),
        (Kind::Json(operations), Some(target)) => apply_json(resources, &operations, &target, warnings),
        (Kind::Merge(patches), Some(target)) => match patches.as_slice() {
            [patch] => merge_selected(resources, patch, &target),
            [] => Ok(()),
            _ => Err(PostRenderError::new(
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field",
            )),
        },
        (Kind::Merge(patches), None) => patches.iter().try_for_each(|patch| merge_by_id(resources, patch)),
    }
}

/// Finds out what a patch is: a list is a JSON patch.
fn read(text: &str) -> Result<Kind, PostRenderError> {
    if text.is_empty() {
        return Err(PostRenderError::new("must specify one of patch and path in"));
    }
    let shown = || govalue::strconv::quote(text.as_bytes());
    let neither = |why: String| {
        PostRenderError::new(format!("unable to parse SM or JSON patch from [patch: {}]", shown())).with_hint(why)
    };
    let mut nodes = Vec::new();
    for document in documents(text) {
        match Node::parse(document.as_bytes()) {
            Ok(Some(Node::List(_))) => {
                // What starts with a bracket is read as JSON (`jsonPatchFromBytes`).
                if text.starts_with('[')
                    && let Err(error) = goyaml::json::from_json(text.as_bytes())
                {
                    return Err(neither(format!("a JSON patch in brackets must be JSON: {error}")));
                }
                let value = from_yaml_typed(text.as_bytes()).map_err(|e| neither(e.bare_message().to_owned()))?;
                return json_patch::read(&value).map(Kind::Json).map_err(neither);
            }
            Ok(node) => nodes.extend(node),
            Err(error) => return Err(neither(error.to_string())),
        }
    }
    let resources = Resources::patches(nodes).map_err(|e| neither(e.to_string()))?;
    Ok(Kind::Merge(resources))
}

/// The documents of a text: kyaml parts them at lines that start with `---`.
fn documents(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if line.starts_with("---") && number > 0 {
            documents.push(String::new());
        } else if let Some(document) = documents.last_mut() {
            document.push_str(line);
        }
    }
    documents
}

fn apply_json(
    resources: &mut Resources,
    operations: &[Operation],
    target: &Target,
    warnings: &mut Vec<String>,
) -> Result<(), PostRenderError> {
    for resource in resources.list.iter_mut().filter(|r| target.selects(r)) {
        let id = resource.id();
        let value = resource.node.to_value().map_err(|e| PostRenderError::new(format!("{id}: {e}")))?;
        let mut node = json_node(&value);
        json_patch::apply(operations, &mut node).map_err(|e| e.with_hint(format!("the patch is for {id}")))?;
        resource.node = node;
        let annotations = resource.texts(b"annotations");
        resource.set_texts(b"annotations", annotations);
        if resource.id().name != id.name {
            warnings.push(format!("a patch renames {id}: references to it are not changed"));
        }
        resource.first_id.get_or_insert(id);
    }
    Ok(())
}

/// Merges a patch into the resource that it names.
fn merge_by_id(resources: &mut Resources, patch: &Resource) -> Result<(), PostRenderError> {
    let id = patch.id();
    let same = |resource: &Resource| {
        let own = resource.id();
        own.is_same(&id) || resource.first_id.as_ref().is_some_and(|first| first.is_same(&id))
    };
    let found: Vec<usize> = resources.list.iter().enumerate().filter(|(_, r)| same(r)).map(|(at, _)| at).collect();
    let at = match found.as_slice() {
        [at] => *at,
        found => {
            let how = if found.is_empty() { "no matches" } else { "multiple matches" };
            let quoted = govalue::strconv::quote(id.to_string().as_bytes());
            return Err(PostRenderError::new(format!(
                "no resource matches strategic merge patch {quoted}: {how} for Id {id}; \
                 failed to find unique target for patch {id}"
            ))
            .with_hint("a patch without target names its object by apiVersion, kind, name and namespace"));
        }
    };
    if let Some(resource) = resources.list.get_mut(at)
        && !apply_merge(resource, patch.node.clone())?
    {
        resources.list.remove(at);
    }
    Ok(())
}

/// Merges a patch into all resources that its target selects.
fn merge_selected(resources: &mut Resources, patch: &Resource, target: &Target) -> Result<(), PostRenderError> {
    let mut kept = Vec::with_capacity(resources.list.len());
    for mut resource in std::mem::take(&mut resources.list) {
        let keep = if target.selects(&resource) {
            let mut copy = patch.clone();
            for field in [&b"labels"[..], b"annotations"] {
                let texts = copy.texts(field);
                copy.set_texts(field, texts);
            }
            copy.node.set(b"apiVersion", Scalar::untyped(resource.api_version()).into());
            apply_merge(&mut resource, copy.node)?
        } else {
            true
        };
        if keep {
            kept.push(resource);
        }
    }
    resources.list = kept;
    resources.check()
}

/// Merges a patch into a resource, which keeps kind, name and namespace
/// (`ApplySmPatch`). False where the patch deletes it.
fn apply_merge(resource: &mut Resource, patch: Node) -> Result<bool, PostRenderError> {
    let id = resource.id();
    let dest = std::mem::replace(&mut resource.node, Node::Map(Vec::new()));
    let merged = merge(dest, patch).map_err(|e| e.with_hint(format!("the patch is for {id}")))?;
    let Some(node) = merged.filter(|n| !n.is_empty()) else { return Ok(false) };
    resource.node = node;
    resource.node.set(b"kind", Scalar::untyped(id.kind).into());
    if let Some(metadata) = resource.node.map_at(b"metadata") {
        metadata.set(b"name", Scalar::untyped(id.name).into());
        if id.namespace.is_empty() {
            metadata.remove(b"namespace");
        } else {
            metadata.set(b"namespace", Scalar::untyped(id.namespace).into());
        }
    }
    Ok(true)
}
