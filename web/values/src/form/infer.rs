//! What names and values tell where a schema says nothing.

use std::rc::Rc;

use crate::path::{Path, Step};
use crate::schema::is_quantity;
use crate::value::{Type, Value};

/// Abbreviations that keys write like words.
const ABBREVIATIONS: [&str; 54] = [
    "ACL", "API", "AWS", "CA", "CIDR", "CORS", "CPU", "CRD", "CSI", "CSP", "CSRF", "DB", "DNS", "FQDN", "GID", "GPU",
    "HPA", "HSTS", "HTTP", "HTTPS", "ID", "IP", "JDBC", "JSON", "JVM", "JWT", "LDAP", "MQTT", "NFS", "OCI", "OIDC",
    "PDB", "PVC", "RBAC", "S3", "SAML", "SMTP", "SQL", "SSH", "SSL", "SSO", "TCP", "TLS", "TTL", "UDP", "UI", "UID",
    "URI", "URL", "UUID", "VPA", "WAF", "XML", "YAML",
];

/// A key in words: `replicaCount` is `Replica count`, `tlsSecret` is `TLS secret`. What is no plain name stays, and so
/// does an environment variable's: `SHOP_NAME`.
pub(super) fn label(key: &str) -> Rc<str> {
    let is_variable = key.contains('_') && !key.bytes().any(|b| b.is_ascii_lowercase());
    if is_variable || key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) {
        return key.into();
    }
    let chars: Vec<char> = key.chars().collect();
    let mut out = String::with_capacity(key.len() + 4);
    for (i, c) in chars.iter().copied().enumerate() {
        let before = i.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let next = chars.get(i + 1).copied();
        let after_lower = before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        // `podIP` ends in an abbreviation, `IPAddress` starts with one.
        let starts_word =
            before.is_some_and(|b| b.is_ascii_uppercase()) && next.is_some_and(|n| n.is_ascii_lowercase());
        if matches!(c, '_' | '-') {
            out.push(' ');
        } else if c.is_ascii_uppercase() && (after_lower || starts_word) {
            out.push(' ');
            let is_abbreviation = next.is_none_or(|n| !n.is_ascii_lowercase());
            out.push(if is_abbreviation { c } else { c.to_ascii_lowercase() });
        } else if i == 0 {
            out.push(c.to_ascii_uppercase());
        } else {
            out.push(c);
        }
    }
    let words: Vec<String> = out.split(' ').map(abbreviated).collect();
    words.join(" ").into()
}

/// A word in capitals if it is an abbreviation; one of several keeps its small `s`.
fn abbreviated(word: &str) -> String {
    let is_one = |word: &str| ABBREVIATIONS.iter().any(|one| one.eq_ignore_ascii_case(word));
    match word.strip_suffix('s') {
        _ if is_one(word) => word.to_ascii_uppercase(),
        Some(one) if is_one(one) => format!("{}s", one.to_ascii_uppercase()),
        _ => word.to_owned(),
    }
}

/// Whether a map of this name has keys of a person's own choice.
pub(super) fn is_free_map(key: &str) -> bool {
    const WORDS: [&str; 6] = ["labels", "annotations", "selector", "matchexpressions", "configmap", "envvars"];
    let lower = key.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.ends_with(word))
}

/// Whether a list of this name has maps as items, as Kubernetes has it.
pub(super) fn is_list_of_maps(key: &str) -> bool {
    const WORDS: [&str; 11] = [
        "env",
        "envvars",
        "envfrom",
        "volumes",
        "volumemounts",
        "pullsecrets",
        "containers",
        "sidecars",
        "hostaliases",
        "tolerations",
        "topologyspreadconstraints",
    ];
    let lower = key.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.ends_with(word))
}

/// Whether it is a container's resources.
pub(super) fn is_resources(key: &str) -> bool {
    key == "resources" || key.ends_with("Resources")
}

/// Whether a value is a quantity of Kubernetes: by its name and its parents', and by how it looks.
pub(super) fn is_quantity_field(path: &Path, value: Option<&Value>) -> bool {
    // By these names it is one, whatever stands there now; by others, only what looks like one.
    let may_be = !matches!(value, Some(Value::Bool(_) | Value::List(_) | Value::Map(_)));
    let Some(Step::Key(key)) = path.last() else { return false };
    let steps = path.steps();
    let parent = steps.len().checked_sub(2).and_then(|i| steps.get(i)).and_then(Step::key).unwrap_or_default();
    let is_text = matches!(value, Some(Value::Text(text)) if is_sized(text));
    let by_parent = matches!(parent, "limits" | "requests");
    let by_name = match &**key {
        "cpu" | "memory" | "storage" | "ephemeral-storage" => true,
        "size" | "storageSize" | "sizeLimit" | "capacity" => {
            let is_empty = value.is_none_or(|v| *v == Value::Null || *v == Value::from(""));
            is_text || (is_empty && is_storage(parent))
        }
        key => {
            is_text && ["size", "Size", "memory", "Memory", "storage", "Storage"].iter().any(|end| key.ends_with(end))
        }
    };
    may_be && (by_parent || by_name)
}

fn is_storage(parent: &str) -> bool {
    let lower = parent.to_ascii_lowercase();
    ["persist", "storage", "volume", "pvc"].iter().any(|word| lower.contains(word))
}

/// Whether a text is a number with a unit of bytes, such as `8Gi`.
fn is_sized(text: &str) -> bool {
    is_quantity(text) && text.ends_with(['i', 'M', 'G', 'T'])
}

/// The type that a comment names.
pub(super) fn hinted(hint: &str) -> Option<Type> {
    Some(match hint.to_ascii_lowercase().as_str() {
        "string" | "str" | "tpl/string" => Type::Text,
        "int" | "integer" => Type::Integer,
        "float" | "number" => Type::Number,
        "bool" | "boolean" => Type::Bool,
        "list" | "array" | "tpl/array" | "tpl/list" => Type::List,
        "object" | "map" | "dict" | "tpl/object" | "tpl/dict" => Type::Map,
        _ => return None,
    })
}

/// What a new item or entry starts as, like one that is there.
pub(super) fn blank(kind: Type) -> Value {
    match kind {
        Type::Null | Type::Text => Value::from(""),
        Type::Bool => Value::Bool(false),
        Type::Integer | Type::Number => Value::from(0_i64),
        Type::List => Value::from(Vec::new()),
        Type::Map => Value::empty_map(),
    }
}

/// What a new item or entry may start as, where nothing tells its type: like `first`, or of another type.
pub(super) fn others(first: Type) -> Vec<Value> {
    let kinds = [Type::Text, Type::Integer, Type::Bool, Type::Map, Type::List];
    let first = blank(first);
    kinds.into_iter().map(blank).filter(|value| *value != first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (key, want) in [
            ("replicaCount", "Replica count"),
            ("podIP", "Pod IP"),
            ("IPAddress", "IP address"),
            ("service_type", "Service type"),
            ("api-key", "API key"),
            ("ingressTls", "Ingress TLS"),
            ("crds", "CRDs"),
            ("hpa", "HPA"),
            ("ids", "IDs"),
            ("class", "Class"),
            ("a.b/c", "a.b/c"),
            ("tlsV1Only", "TLS V1 only"),
            ("URL", "URL"),
            ("SHOP_NAME", "SHOP_NAME"),
        ] {
            assert_eq!(&*label(key), want);
        }
    }

    #[test]
    fn quantities_by_name_and_look() {
        for (path, value, want) in [
            ("resources.limits.cpu", Value::from(1_i64), true),
            ("resources.requests.\"nvidia.com/gpu\"", Value::from(1_i64), true),
            ("persistence.size", "8Gi".into(), true),
            ("persistence.size", "".into(), true),
            ("font.size", Value::from(12_i64), false),
            ("cache.maxMemory", "64Mi".into(), true),
            ("image.size", "large".into(), false),
            ("cpu", Value::Bool(true), false),
        ] {
            assert_eq!(is_quantity_field(&path.parse().unwrap(), Some(&value)), want, "{path}");
        }
    }
}
