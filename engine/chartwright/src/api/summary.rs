//! What rendered objects amount to.

use contract::{Claim, ImageUse, KindCount, ObjectOut, Permission, Summary, Url};
use govalue::{Index, Map, Value};

/// How deep fields are searched for images.
const DEPTH: u32 = 24;

/// Sums objects up: kinds, images, addresses, permissions, storage.
pub fn summary(objects: &[ObjectOut]) -> Summary {
    let mut summary = Summary::default();
    let mut kinds: Index<usize> = Index::default();
    let mut images: Index<Vec<String>> = Index::default();
    for object in objects {
        *kinds.or_default(object.kind.as_str()) += 1;
        let Ok(Value::Map(map)) = goyaml::yaml::from_yaml(&object.text.0) else { continue };
        let by = format!("{}/{}", object.kind, object.name);
        match object.kind.as_str() {
            "Ingress" => summary.urls.extend(ingress_urls(&map, &by)),
            "HTTPRoute" => {
                let hosts = texts(&map, &["spec", "hostnames"]);
                summary
                    .urls
                    .extend(hosts.into_iter().map(|host| Url { url: format!("http://{host}"), by: by.clone() }));
            }
            "Role" => summary.permissions.extend(rules(&map, &format!("namespace {}", object.namespace), &by)),
            "ClusterRole" => summary.permissions.extend(rules(&map, "cluster", &by)),
            "PersistentVolumeClaim" => summary.storage.extend(claim(&map, &by)),
            "StatefulSet" => {
                for template in list(&map, &["spec", "volumeClaimTemplates"]) {
                    if let Value::Map(template) = template {
                        summary.storage.extend(claim(&template, &by));
                    }
                }
            }
            // The values of a HelmRelease look like containers, but what runs is in the next level.
            "HelmRelease" | "CustomResourceDefinition" => continue,
            _ => {}
        }
        add_images(&Value::Map(map), &by, &mut images, DEPTH);
    }
    let kinds = kinds.iter().map(|(kind, count)| KindCount { kind: kind.to_string(), count: *count });
    summary.kinds = kinds.collect();
    let images = images.into_sorted().into_iter().map(|(image, by)| ImageUse { image: image.to_string(), by });
    summary.images = images.collect();
    summary
}

/// Adds the images of all lists of containers in a value.
fn add_images(value: &Value, by: &str, images: &mut Index<Vec<String>>, depth: u32) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Map(map) => {
            for (key, value) in entries(map) {
                if matches!(key.as_str(), "containers" | "initContainers" | "ephemeralContainers")
                    && let Value::List(containers) = &value
                {
                    for container in containers.iter() {
                        let Value::Map(container) = container else { continue };
                        let Some(image) = text(container, &["image"]) else { continue };
                        let users = images.or_default(image);
                        if !users.iter().any(|user| user == by) {
                            users.push(by.to_owned());
                        }
                    }
                } else {
                    add_images(&value, by, images, depth - 1);
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| add_images(item, by, images, depth - 1)),
        _ => {}
    }
}

fn ingress_urls(map: &Map, by: &str) -> Vec<Url> {
    let mut secure = Vec::new();
    for tls in list(map, &["spec", "tls"]) {
        if let Value::Map(tls) = tls {
            secure.extend(texts(&tls, &["hosts"]));
        }
    }
    let mut urls: Vec<Url> = Vec::new();
    for rule in list(map, &["spec", "rules"]) {
        let Value::Map(rule) = rule else { continue };
        let Some(host) = text(&rule, &["host"]) else { continue };
        let scheme = if secure.contains(&host) { "https" } else { "http" };
        for path in list(&rule, &["http", "paths"]) {
            let Value::Map(path) = path else { continue };
            let path = text(&path, &["path"]).unwrap_or_default();
            let path = path.trim_end_matches('/');
            let url = Url { url: format!("{scheme}://{host}{path}"), by: by.to_owned() };
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    urls
}

fn rules(map: &Map, scope: &str, by: &str) -> Vec<Permission> {
    let mut permissions = Vec::new();
    for rule in list(map, &["rules"]) {
        let Value::Map(rule) = rule else { continue };
        let groups = texts(&rule, &["apiGroups"]);
        let names = texts(&rule, &["resourceNames"]);
        let mut resources = Vec::new();
        for resource in texts(&rule, &["resources"]) {
            for group in &groups {
                let resource = if group.is_empty() { resource.clone() } else { format!("{group}/{resource}") };
                match names.as_slice() {
                    [] => resources.push(resource),
                    names => resources.extend(names.iter().map(|name| format!("{resource}:{name}"))),
                }
            }
        }
        permissions.push(Permission {
            scope: scope.to_owned(),
            verbs: texts(&rule, &["verbs"]),
            resources,
            urls: texts(&rule, &["nonResourceURLs"]),
            by: by.to_owned(),
        });
    }
    permissions
}

fn claim(map: &Map, by: &str) -> Option<Claim> {
    Some(Claim {
        size: text(map, &["spec", "resources", "requests", "storage"])?,
        modes: texts(map, &["spec", "accessModes"]),
        class: text(map, &["spec", "storageClassName"]),
        by: by.to_owned(),
    })
}

fn entries(map: &Map) -> Vec<(String, Value)> {
    map.entries().into_iter().map(|(key, value)| (key.to_str_lossy().into_owned(), value)).collect()
}

fn at(map: &Map, path: &[&str]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let value = map.get(*first)?;
    match (rest, value) {
        ([], value) => Some(value),
        (rest, Value::Map(map)) => at(&map, rest),
        _ => None,
    }
}

fn text(map: &Map, path: &[&str]) -> Option<String> {
    match at(map, path)? {
        Value::Str(text) => Some(text.to_str_lossy().into_owned()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

fn list(map: &Map, path: &[&str]) -> Vec<Value> {
    match at(map, path) {
        Some(Value::List(list)) => list.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

fn texts(map: &Map, path: &[&str]) -> Vec<String> {
    let text = |value: Value| match value {
        Value::Str(text) => Some(text.to_str_lossy().into_owned()),
        _ => None,
    };
    list(map, path).into_iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use contract::Text;

    use super::*;

    fn object(kind: &str, name: &str, body: &str) -> ObjectOut {
        let text = format!("kind: {kind}\nmetadata: {{name: {name}}}\n{body}");
        ObjectOut {
            kind: kind.into(),
            name: name.into(),
            namespace: "shop".into(),
            text: Text(text.into_bytes()),
            ..ObjectOut::default()
        }
    }

    #[test]
    fn objects_are_summed_up() {
        let containers = "{containers: [{image: 'a:1'}, {image: 'b:2'}], initContainers: [{image: 'a:1'}]}";
        let objects = [
            object("Deployment", "web", &format!("spec: {{template: {{spec: {containers}}}}}")),
            object(
                "CronJob",
                "backup",
                &format!("spec: {{jobTemplate: {{spec: {{template: {{spec: {containers}}}}}}}}}"),
            ),
            object("HelmRelease", "db", "spec: {values: {containers: [{image: 'not-run:1'}]}}"),
            object(
                "Ingress",
                "web",
                "spec: {tls: [{hosts: [shop.example.org]}], rules: [{host: shop.example.org, http: {paths: [{path: /}, {path: /api}]}}, {host: plain.example.org, http: {paths: [{}]}}]}",
            ),
            object("Role", "r", "rules: [{apiGroups: ['', apps], resources: [pods], verbs: [get, list]}]"),
            object(
                "ClusterRole",
                "c",
                "rules: [{apiGroups: [''], resources: [secrets], resourceNames: [x], verbs: ['*']}, {nonResourceURLs: [/metrics], verbs: [get]}]",
            ),
            object(
                "StatefulSet",
                "db",
                "spec: {volumeClaimTemplates: [{spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 8Gi}}}}]}",
            ),
        ];
        insta::assert_json_snapshot!(summary(&objects));
    }
}
