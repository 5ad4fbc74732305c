//! Replaced images (kustomize: `filters/imagetag`).

use goregex::Regex;
use govalue::Str;
use goyaml::yaml::Tag;

use super::node::{Node, Scalar};
use super::resource::{Id, Resource, Resources};
use crate::error::PostRenderError;
use crate::helmrelease::Image;

/// Where images are, apart from lists of containers, wherever these are. A null
/// where a list should be becomes an empty one.
const PATHS: [&str; 6] = [
    "spec/containers[]/image",
    "spec/initContainers[]/image",
    "spec/volumes[]/image/reference",
    "spec/template/spec/containers[]/image",
    "spec/template/spec/initContainers[]/image",
    "spec/template/spec/volumes[]/image/reference",
];

/// Replaces an image in all resources but CRDs.
///
/// # Errors
/// If the name is not a regular expression, or an image is not text.
pub(super) fn replace(resources: &mut Resources, image: &Image) -> Result<(), PostRenderError> {
    let pattern = format!("^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", image.name);
    let pattern = Regex::new(pattern.as_bytes())
        .map_err(|e| PostRenderError::new(format!("image name {:?}: {e}", image.name)))?;
    let change = Change { image, pattern };
    let list = || resources.list.iter().filter(|r| r.kind() != b"CustomResourceDefinition");
    let ids: Vec<Id> = list().map(Resource::id).collect();
    let changed = |r: &&mut Resource| r.kind() != b"CustomResourceDefinition";
    for resource in resources.list.iter_mut().filter(changed) {
        change.containers(&mut resource.node)?;
    }
    for (resource, id) in resources.list.iter_mut().filter(changed).zip(&ids) {
        for path in PATHS {
            let parts: Vec<&str> = path.split('/').collect();
            change
                .at(&mut resource.node, &parts)
                .map_err(|e| e.within(&format!("considering field '{path}' of object {id}")))?;
        }
    }
    Ok(())
}

struct Change<'i> {
    image: &'i Image,
    pattern: Regex,
}

impl Change<'_> {
    /// Looks for containers in a node and all that is in it; nodes are no
    /// deeper than the reader lets them be.
    fn containers(&self, node: &mut Node) -> Result<(), PostRenderError> {
        match node {
            Node::Scalar(_) => Ok(()),
            Node::List(items) => items.iter_mut().try_for_each(|item| self.containers(item)),
            Node::Map(entries) => entries.iter_mut().try_for_each(|(key, value)| {
                self.containers(value)?;
                if let (b"containers" | b"initContainers", Node::List(items)) = (&key.text[..], value) {
                    for item in items {
                        if let Some(image) = item.get_mut(b"image") {
                            self.set(image)?;
                        }
                    }
                }
                Ok(())
            }),
        }
    }

    /// Follows a path; lists are followed item by item.
    fn at(&self, node: &mut Node, path: &[&str]) -> Result<(), PostRenderError> {
        let Some((first, rest)) = path.split_first() else { return self.set(node) };
        match node {
            Node::List(items) => items
                .iter_mut()
                .try_for_each(|item| self.at(item, path))
                .map_err(|e| e.within(&format!("visit traversal on path: [{}]", path.join(" ")))),
            Node::Map(_) => {
                let name = first.trim_end_matches("[]");
                let Some(inner) = node.get_mut(name.as_bytes()) else { return Ok(()) };
                if name.len() < first.len() && inner.is_null() {
                    *inner = Node::List(Vec::new());
                }
                self.at(inner, rest)
            }
            null if null.is_null() => Ok(()),
            Node::Scalar(_) => Err(PostRenderError::new("expected sequence or mapping node")),
        }
    }

    fn set(&self, node: &mut Node) -> Result<(), PostRenderError> {
        let Node::Scalar(scalar) = node else { return Err(PostRenderError::new(node.wrong_kind("ScalarNode"))) };
        if scalar.tag == Tag::Null || !self.pattern.is_match(&scalar.text) {
            return Ok(());
        }
        let text = scalar.text.to_str_lossy();
        let (name, tag, digest) = split(&text);
        let Image { new_name, new_tag, digest: new_digest, .. } = self.image;
        let mut changed = if new_name.is_empty() { name.to_owned() } else { new_name.clone() };
        let (tag, digest) = if new_tag.is_empty() && new_digest.is_empty() {
            (tag, digest)
        } else {
            (new_tag.as_str(), new_digest.as_str())
        };
        for (sign, part) in [(':', tag), ('@', digest)] {
            if !part.is_empty() {
                changed.push(sign);
                changed.push_str(part);
            }
        }
        *scalar = Scalar { text: Str::from(changed), tag: Tag::None, plain: scalar.plain, keep: false };
        Ok(())
    }
}

/// Name, tag and digest of an image (`image.Split`). A colon before the first
/// slash belongs to the host.
fn split(image: &str) -> (&str, &str, &str) {
    let start = image.find('/').unwrap_or(0);
    let find = |sign| image[start..].find(sign).map(|at| at + start);
    let part = |from: usize, to: usize| &image[from..to];
    let end = image.len();
    match (find(':'), find('@')) {
        (None, None) => (image, "", ""),
        (colon, Some(at)) if colon.is_none_or(|c| at < c) => (part(0, at), "", part(at + 1, end)),
        (Some(colon), Some(at)) => (part(0, colon), part(colon + 1, at), part(at + 1, end)),
        (Some(colon), None) => (part(0, colon), part(colon + 1, end), ""),
        (None, Some(at)) => (part(0, at), "", part(at + 1, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_have_names_tags_and_digests() {
        for (image, want) in [
            ("nginx", ("nginx", "", "")),
            ("nginx:1", ("nginx", "1", "")),
            ("host:5000/a/b", ("host:5000/a/b", "", "")),
            ("host:5000/a/b:1@sha256:x", ("host:5000/a/b", "1", "sha256:x")),
            ("a@sha256:x", ("a", "", "sha256:x")),
        ] {
            assert_eq!(split(image), want, "{image}");
        }
    }
}
