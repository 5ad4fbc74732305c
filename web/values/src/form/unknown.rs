//! What nobody knows.

use super::here::Here;
use super::infer::{is_free_map, is_resources};
use crate::model::Model;
use crate::path::Path;
use crate::questions::Questions;
use crate::schema::{Schema, View};
use crate::value::Value;

/// What the override sets and nobody knows: keys that neither the values below, nor the schema, nor a question has. A map
/// that takes any key knows all of its keys.
pub(super) fn unknown(model: &Model, schema: &Schema, questions: Option<&Questions>) -> Vec<Path> {
    let mut out = Vec::new();
    find_unknown(&Here::top(model), &schema.root(), &Path::root(), &mut out);
    let asked: Vec<&Path> = questions.into_iter().flat_map(Questions::all).map(|q| &q.path).collect();
    out.retain(|path| !asked.iter().any(|asked| asked.contains(path) || path.contains(asked)));
    out
}

fn find_unknown(here: &Here<'_>, view: &View<'_>, path: &Path, out: &mut Vec<Path>) {
    let Some(map) = here.own.and_then(Value::as_map) else { return };
    let view = view.chosen(here.own);
    let named = view.keys();
    let known = [here.below, here.raw].map(|v| v.and_then(Value::as_map));
    // An empty map of the defaults is there to be filled; so is what no schema describes.
    let is_empty = known.iter().flatten().all(|map| map.is_empty());
    let is_free = (!path.is_empty() && named.is_empty() && is_empty)
        || path.last_key().is_some_and(is_free_map)
        || (named.is_empty() && is_of_resources(path));
    for key in map.keys() {
        let inner = view.property(key);
        let path = path.key(key);
        let is_known = known.iter().flatten().any(|map| map.get(key).is_some());
        if is_known || is_free || !inner.is_empty() || named.contains(key) {
            find_unknown(&here.key(key), &inner, &path, out);
        } else {
            out.push(path);
        }
    }
}

/// Whether a map is a container's resources, their requests or their limits, whose keys Kubernetes knows.
fn is_of_resources(path: &Path) -> bool {
    let is = |path: &Path| path.last_key().is_some_and(is_resources);
    is(path)
        || path
            .split_last()
            .is_some_and(|(parent, step)| matches!(step.key(), Some("requests" | "limits")) && is(&parent))
}
