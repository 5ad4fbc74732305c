//! Post-rendering of one stream: what helm-controller's post-renderer gets from
//! Helm, and what it gives back.

use govalue::Value;
use helm::manifest::{is_blank, split};

use super::node::{Node, unwrapped};
use super::rendered;
use crate::error::PostRenderError;
use crate::helmrelease::HelmRelease;

/// Runs a HelmRelease's post-renderers over a stream of documents, as a
/// post-renderer of Helm: patches and images, common metadata, the labels of
/// origin. The annotation by which Helm finds a document's file again stays.
///
/// Gives the stream and what is odd.
///
/// # Errors
/// If a document is not YAML or not an object, or a patch does not fit.
///
/// ```
/// let release = flux::HelmRelease { name: "shop".into(), namespace: "shops".into(), ..Default::default() };
/// let (text, _) = flux::post_render_stream(b"kind: Pod\napiVersion: v1\nmetadata: {name: a}\n", &release).unwrap();
/// assert!(String::from_utf8(text).unwrap().contains("helm.toolkit.fluxcd.io/name: shop"));
/// ```
pub fn post_render_stream(text: &[u8], release: &HelmRelease) -> Result<(Vec<u8>, Vec<String>), PostRenderError> {
    let mut nodes = Vec::new();
    for range in split(text) {
        let lines = text[..range.start].iter().filter(|&&b| b == b'\n').count();
        let document = &text[range];
        if is_blank(document) {
            continue;
        }
        let Some(node) = Node::parse(document).map_err(|e| e.after_lines(lines))? else { continue };
        for node in unwrapped(node) {
            if !matches!(node, Node::Map(_)) {
                return Err(PostRenderError::new(node.wrong_kind("MappingNode")).at_line(Some(lines + 1)));
            }
            nodes.push(node);
        }
    }
    let mut warnings = Vec::new();
    let mut stream = Vec::new();
    for object in rendered(nodes, release, &mut warnings)? {
        if !stream.is_empty() {
            stream.extend_from_slice(b"---\n");
        }
        let yaml = goyaml::yaml::to_yaml_unfolded(&Value::Map(object));
        stream.extend_from_slice(&yaml.map_err(|e| PostRenderError::new(e.message().to_string()))?);
    }
    Ok((stream, warnings))
}
