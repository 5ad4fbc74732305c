//! Images without a version.

use contract::{Code, Hint};
use serde_json::{Map, Value};

use crate::places::{field, item};

use super::values::default_values;
use super::{Check, Part};

/// Deeper values are not looked at.
const MAX_DEPTH: usize = 100;

pub(super) fn check(check: &mut Check<'_>, part: &Part<'_>) {
    let defaults = part.chart.as_deref().map(default_values);
    let known = part.chart.is_some();
    let at = field(&part.path, "values");
    walk(check, &part.component.values, defaults.as_ref(), known, &at, 0);
}

fn walk(
    check: &mut Check<'_>,
    values: &Map<String, Value>,
    defaults: Option<&Value>,
    known: bool,
    path: &str,
    depth: usize,
) {
    if depth > MAX_DEPTH {
        return;
    }
    for (key, value) in values {
        let path = field(path, key);
        let default = defaults.and_then(|d| d.get(key));
        match value {
            Value::String(text) if is_image_key(key) && looks_like_image(text) => reference(check, &path, text),
            Value::Object(map) => {
                if is_image(key, map) {
                    parts(check, &path, map, default, known);
                }
                walk(check, map, default, known, &path, depth + 1);
            }
            Value::Array(items) => {
                for (i, value) in items.iter().enumerate() {
                    if let Value::Object(map) = value {
                        walk(check, map, None, known, &item(&path, i), depth + 1);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_image_key(key: &str) -> bool {
    key == "image" || key.ends_with("Image")
}

/// Whether a text may be an image, and not the name of a flavour or a template.
fn looks_like_image(text: &str) -> bool {
    !text.contains("{{") && !text.contains(char::is_whitespace) && !text.contains("://")
}

/// Whether a map has the parts of an image, as base charts read them.
fn is_image(key: &str, map: &Map<String, Value>) -> bool {
    let text = |key: &str| map.get(key).is_some_and(Value::is_string);
    text("repository") && (is_image_key(key) || map.contains_key("tag")) || is_image_key(key) && text("name")
}

fn reference(check: &mut Check<'_>, path: &str, text: &str) {
    let name = text.rsplit('/').next().unwrap_or(text);
    if text.is_empty() || name.contains('@') {
        return;
    }
    match name.split_once(':') {
        Some((_, "latest")) => unpinned(check, path, &format!("{text} is a different image after every push")),
        Some((_, tag)) if !tag.is_empty() => {}
        _ => unpinned(check, path, &format!("the image {text} has no tag: latest is used")),
    }
}

fn parts(check: &mut Check<'_>, path: &str, map: &Map<String, Value>, default: Option<&Value>, known: bool) {
    let text = |key: &str| match map.get(key).or_else(|| default.and_then(|d| d.get(key))) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(n)) => Some(n.to_string()),
        _ => None,
    };
    let has_digest = ["digest", "sha"].iter().any(|key| text(key).is_some_and(|d| !d.is_empty()));
    let named = |key| text(key).filter(|n| !n.is_empty());
    let name = named("repository").or_else(|| named("name")).unwrap_or_default();
    if has_digest || name.is_empty() || name.contains("{{") || name.contains('@') {
        return;
    }
    // A mirror of the base chart's own image, for which its own tag is right.
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let own = default.and_then(|d| d.get("repository")).and_then(Value::as_str).filter(|own| !own.is_empty());
    if !map.contains_key("tag") && own.is_some_and(|own| last(own) == last(&name)) {
        return;
    }
    let at = field(path, "tag");
    match text("tag").as_deref() {
        Some("latest") => unpinned(check, &at, &format!("the tag latest of {name} is not a fixed version")),
        Some("") if map.contains_key("tag") => unpinned(check, &at, &format!("the tag of the image {name} is empty")),
        // What the base chart makes of no tag fits its own image, not this one.
        Some("") | None if known || !map.contains_key("tag") => {
            unpinned(check, path, &format!("the image {name} has no tag"));
            check.at_key();
        }
        _ => {}
    }
}

fn unpinned(check: &mut Check<'_>, path: &str, message: &str) {
    let hint = "give the tag of a version, or a digest: then everybody gets the same image";
    check.warning(Code::UnpinnedImage, path, message, Hint::text(hint));
}
