//! The platform's facts, as the objects in which base charts look them up.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::Platform;
use govalue::{Map, Value};
use helm::engine::Objects;

/// Where the facts are by default.
const NAMESPACE: &str = "icekube";
/// The name of the ConfigMap with the registry and the domain.
pub(super) const CONFIG_MAP: &str = "idtconfigmap";
/// The name of the Secret with the account in the registry.
pub(super) const SECRET: &str = "idtsecret";

/// The ConfigMap and the Secret that a platform's installation makes
/// (`kubernetes_configuration.sh` of DS2's Containerisation module), with the
/// facts that are given.
pub fn platform_objects(platform: &Platform) -> Vec<Value> {
    let namespace = platform.namespace.as_deref().unwrap_or(NAMESPACE);
    let facts = [
        ("domain", &platform.domain),
        ("registryRepository", &platform.repository),
        ("registryUrl", &platform.registry),
    ];
    let credentials = [("token", &platform.token), ("username", &platform.username)];
    let mut objects = vec![object("Namespace", "", namespace, None)];
    if facts.iter().any(|(_, fact)| fact.is_some()) {
        objects.push(object("ConfigMap", namespace, CONFIG_MAP, Some(data(&facts, str::to_owned))));
    }
    if credentials.iter().any(|(_, fact)| fact.is_some()) {
        objects.push(object("Secret", namespace, SECRET, Some(data(&credentials, |text| STANDARD.encode(text)))));
    }
    objects
}

/// Adds these objects to those that `lookup` finds.
pub fn add_platform(objects: &mut Objects, platform: &Platform) {
    for object in platform_objects(platform) {
        // These are objects, so they are accepted.
        let _ = objects.add(&object);
    }
}

fn data(facts: &[(&str, &Option<String>)], encode: impl Fn(&str) -> String) -> Map {
    facts.iter().filter_map(|(key, fact)| Some((*key, Value::from(encode(fact.as_deref()?))))).collect()
}

fn object(kind: &str, namespace: &str, name: &str, data: Option<Map>) -> Value {
    let mut metadata: Vec<(&str, Value)> = vec![("name", Value::from(name))];
    if !namespace.is_empty() {
        metadata.push(("namespace", Value::from(namespace)));
    }
    let mut fields = vec![
        ("apiVersion", Value::from("v1")),
        ("kind", Value::from(kind)),
        ("metadata", Value::Map(metadata.into_iter().collect())),
    ];
    fields.extend(data.map(|data| ("data", Value::Map(data))));
    Value::Map(fields.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use helm::engine::LookupQuery;

    use super::*;

    #[test]
    fn facts_are_found_by_lookup() {
        let platform = Platform {
            registry: Some("ghcr.io".into()),
            domain: Some("example.org".into()),
            token: Some("t0ken".into()),
            ..Platform::default()
        };
        let mut objects = Objects::default();
        add_platform(&mut objects, &platform);
        let query = |kind: &str, name: &str| {
            let query = LookupQuery {
                api_version: "v1".into(),
                kind: kind.into(),
                namespace: "icekube".into(),
                name: name.into(),
            };
            let found = Value::Map(objects.lookup(&query));
            String::from_utf8(goyaml::json::to_json(&found, false).unwrap()).unwrap()
        };
        assert_eq!(
            query("ConfigMap", "idtconfigmap"),
            r#"{"apiVersion":"v1","data":{"domain":"example.org","registryUrl":"ghcr.io"},"kind":"ConfigMap","metadata":{"name":"idtconfigmap","namespace":"icekube"}}"#
        );
        assert!(query("Secret", "idtsecret").contains(r#""data":{"token":"dDBrZW4="}"#));
    }
}
