//! Passwords and tokens in plain text.

use contract::{Code, Hint};
use serde_json::{Map, Value};

use crate::places::{field, item};
use crate::secret::{has_password, is_secret};

use super::{Check, Part};

/// Deeper values are not looked at.
const MAX_DEPTH: usize = 100;

pub(super) fn check(check: &mut Check<'_>, part: &Part<'_>) {
    walk(check, &part.component.config, &field(&part.path, "config"), 0);
    walk(check, &part.component.values, &field(&part.path, "values"), 0);
    let spec = &check.parsed.descriptor.spec;
    if let Some(Value::Object(values)) = spec.release.values.get(&part.component.name) {
        walk(check, values, &field("spec.release.values", &part.component.name), 0);
    }
}

fn walk(check: &mut Check<'_>, values: &Map<String, Value>, path: &str, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    for (key, value) in values {
        let path = field(path, key);
        match value {
            Value::String(text) => {
                if !is_literal(text) || !is_secret(key, text) {
                    continue;
                }
                let message = match has_password(text) {
                    true => format!("the URL in {key} has a password in plain text"),
                    false => format!("{key} is a secret in plain text"),
                };
                let hint = "put it into a Secret, and refer to that in spec.release.valuesFrom or in a value of the base chart";
                check.warning(Code::Secret, &path, message, Hint::text(hint));
            }
            Value::Object(map) => walk(check, map, &path, depth + 1),
            Value::Array(items) => {
                for (i, value) in items.iter().enumerate() {
                    let path = item(&path, i);
                    match value {
                        // An environment variable of a container: {name: PASSWORD, value: x}.
                        Value::Object(map) => {
                            named(check, map, &path);
                            walk(check, map, &path, depth + 1);
                        }
                        _ => continue,
                    }
                }
            }
            _ => {}
        }
    }
}

fn named(check: &mut Check<'_>, map: &Map<String, Value>, path: &str) {
    let (Some(Value::String(name)), Some(Value::String(value))) = (map.get("name"), map.get("value")) else { return };
    if is_literal(value) && is_secret(name, value) {
        let message = format!("{name} is a secret in plain text");
        let hint = "take it from a Secret with valueFrom.secretKeyRef".to_owned();
        check.warning(Code::Secret, &field(path, "value"), message, Hint::text(hint));
    }
}

/// Whether a text is the thing itself: no template, no variable, no path to a file.
fn is_literal(text: &str) -> bool {
    !text.is_empty() && !["{{", "${", "$("].iter().any(|s| text.contains(s)) && !text.starts_with('/')
}
