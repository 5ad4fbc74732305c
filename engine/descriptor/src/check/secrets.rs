//! Passwords and tokens that stand in the open.

use serde_json::{Map, Value};

use crate::places::{field, item};

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
                let message = if is_secret_name(key) && is_literal(text) {
                    format!("{key} is a secret that everybody can read here")
                } else if has_password(text) {
                    format!("the URL in {key} has a password that everybody can read here")
                } else {
                    continue;
                };
                let hint =
                    "put it into a Secret, and name that with spec.release.valuesFrom or a value of the base chart";
                check.warning("secret", &path, message, hint.to_owned());
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
    if is_secret_name(name) && is_literal(value) {
        let message = format!("{name} is a secret that everybody can read here");
        let hint = "take it from a Secret with valueFrom.secretKeyRef".to_owned();
        check.warning("secret", &field(path, "value"), message, hint);
    }
}

/// Whether a name is that of a password or a token, and not that of where one is found.
fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [.., before, "secret"] if matches!(*before, "existing" | "pull" | "tls" | "image" | "registry" | "use") => {
            false
        }
        [.., "password" | "passwd" | "pwd" | "passphrase" | "token" | "secret" | "apikey"] => true,
        [.., "api" | "private" | "encryption" | "signing", "key"] => true,
        // In the style of environment variables; `secretKey` is mostly the name of a key in a Secret.
        [.., "access" | "secret", "key"] => name.chars().all(|c| !c.is_ascii_lowercase()),
        _ => false,
    }
}

/// The words of `SOME_NAME`, `some-name` and `someName`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            lower = false;
            continue;
        }
        if c.is_uppercase() && lower {
            words.push(String::new());
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a text is the thing itself: no template, no variable, no path to a file.
fn is_literal(text: &str) -> bool {
    !text.is_empty() && !["{{", "${", "$("].iter().any(|s| text.contains(s)) && !text.starts_with('/')
}

/// Whether a text has `scheme://user:password@host`.
fn has_password(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| is_literal(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for (name, want) in [
            ("PASSWORD", true),
            ("DB_PASSWORD", true),
            ("dbPassword", true),
            ("API_KEY", true),
            ("apiKey", true),
            ("JWT_SECRET", true),
            ("GITHUB_TOKEN", true),
            ("SECRET_KEY", true),
            ("secretKey", false),
            ("existingSecret", false),
            ("imagePullSecret", false),
            ("PASSWORD_FILE", false),
            ("TOKEN_TTL", false),
            ("passwordSecretName", false),
            ("key", false),
            ("WELCOME", false),
        ] {
            assert_eq!(is_secret_name(name), want, "{name}");
        }
        assert!(has_password("postgres://shop:geheim@db/shop"));
        for text in ["https://a.b/c:d@e", "postgres://shop:${PW}@db", "postgres://shop@db", "postgres://db", "a:b@c"] {
            assert!(!has_password(text), "{text}");
        }
    }
}
