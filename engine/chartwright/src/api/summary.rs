//! What rendered objects amount to.

mod definitions;
mod fields;
mod pods;
mod secrets;
mod services;

use contract::{Claim, ImageUse, KindCount, ObjectOut, Permission, Role, Summary, Url};
use govalue::{Index, Map, Value};

use fields::{entries, list, text, texts};
use pods::{Pods, pods};
use secrets::Secrets;

/// How deep fields are searched for images.
const DEPTH: u32 = 24;

/// Kinds whose objects belong to the whole cluster; those that are defined among the objects come to them.
const CLUSTER_SCOPED: [&str; 22] = [
    "APIService",
    "CSIDriver",
    "CertificateSigningRequest",
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterSecretStore",
    "CustomResourceDefinition",
    "FlowSchema",
    "GatewayClass",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

/// Sums objects up: kinds, images, addresses, ports, permissions, storage, resources, secrets.
pub fn summary(objects: &[ObjectOut]) -> Summary {
    let mut summary = Summary::default();
    let mut kinds: Index<usize> = Index::default();
    let mut images: Index<Vec<String>> = Index::default();
    let mut secrets = Secrets::default();
    for object in objects {
        *kinds.or_default(object.kind.as_str()) += 1;
        if object.kind == "CustomResourceDefinition" {
            summary.definitions.extend(definitions::definition(&object.text.0));
            continue;
        }
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
                        let count = fields::number(&map, &["spec", "replicas"]).unwrap_or(1);
                        summary.storage.extend(claim(&template, &by).map(|claim| Claim { count, ..claim }));
                    }
                }
            }
            "Service" => summary.ports.extend(services::ports(&map, &by)),
            "Secret" => secrets.add_rendered(&object.namespace, &object.name),
            _ => {}
        }
        // The values of a HelmRelease look like containers, but what runs is in the next level.
        if object.kind == "HelmRelease" {
            continue;
        }
        if let Some(Pods { spec, count }) = pods(&object.kind, &map) {
            summary.ports.extend(services::container_ports(&spec, &by));
            if object.role != Role::Hook {
                pods::add(&spec, count, &by, &mut summary.resources);
            }
        }
        secrets.look(object, &Value::Map(map.clone()), &by);
        add_images(&Value::Map(map), &by, &mut images, DEPTH);
    }
    let defined =
        |kind: &str| summary.definitions.iter().any(|definition| definition.cluster && definition.kind == kind);
    let cluster =
        objects.iter().filter(|object| CLUSTER_SCOPED.contains(&object.kind.as_str()) || defined(&object.kind));
    summary.cluster_scoped = cluster.map(|object| format!("{}/{}", object.kind, object.name)).collect();
    let bytes = |claim: &Claim| contract::quantity::bytes(&claim.size).saturating_mul(claim.count);
    summary.resources.storage = summary.storage.iter().map(bytes).fold(0, u64::saturating_add);
    summary.secrets = secrets.into_vec();
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
        count: 1,
        by: by.to_owned(),
    })
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

    #[test]
    fn ports_and_kinds_are_found() {
        let objects = [
            object(
                "Service",
                "web",
                "spec: {ports: [{port: 80, targetPort: http, name: web}, {port: 53, protocol: UDP, targetPort: 53}]}",
            ),
            object("Service", "node", "spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}"),
            object("Service", "out", "spec: {type: LoadBalancer, ports: [{port: 443, targetPort: 8443}]}"),
            object("Service", "name", "spec: {type: ExternalName, ports: [{port: 1}]}"),
            object(
                "Pod",
                "p",
                "spec: {containers: [{ports: [{containerPort: 8080, name: http}, {containerPort: 9, hostPort: 99}]}]}",
            ),
            object(
                "CustomResourceDefinition",
                "shops.example.org",
                "spec: {group: example.org, scope: Cluster, names: {kind: Shop}, versions: [{name: v1}, {name: v2}]}",
            ),
            object("Shop", "mine", "spec: {}"),
            object("Namespace", "n", ""),
        ];
        insta::assert_json_snapshot!(summary(&objects));
    }

    #[test]
    fn resources_are_added_up_over_replicas() {
        let of =
            |requests: &str, limits: &str| format!("resources: {{requests: {{{requests}}}, limits: {{{limits}}}}}");
        let cases = [
            // Limits count as requests where there are none.
            (
                "Deployment",
                format!(
                    "{{replicas: 3, template: {{spec: {{containers: [{{name: a, {}}}]}}}}}}",
                    of("cpu: 100m", "memory: 1Gi")
                ),
                Role::Manifest,
            ),
            // Init containers run before: the larger counts; sidecars stay.
            (
                "StatefulSet",
                format!(
                    "{{template: {{spec: {{initContainers: [{{{}}}, {{restartPolicy: Always, {}}}], containers: [{{name: b, {}}}]}}}}}}",
                    of("cpu: 2, memory: 1Mi", ""),
                    of("cpu: 10m", ""),
                    of("cpu: 0.5, memory: 2Mi", "")
                ),
                Role::Manifest,
            ),
            (
                "DaemonSet",
                format!(
                    "{{template: {{spec: {{containers: [{{name: c, {}}}]}}}}}}",
                    of("cpu: 1", "cpu: 2, memory: 5M")
                ),
                Role::Manifest,
            ),
            (
                "Job",
                format!(
                    "{{parallelism: 2, template: {{spec: {{containers: [{{name: d, {}}}]}}}}}}",
                    of("cpu: 1", "memory: 1k")
                ),
                Role::Manifest,
            ),
            (
                "Job",
                format!("{{template: {{spec: {{containers: [{{name: e, {}}}]}}}}}}", of("cpu: 64", "")),
                Role::Hook,
            ),
        ];
        let objects: Vec<ObjectOut> = cases
            .iter()
            .map(|(kind, spec, role)| ObjectOut { role: *role, ..object(kind, "x", &format!("spec: {spec}")) })
            .collect();
        insta::assert_json_snapshot!(summary(&objects).resources);
    }

    #[test]
    fn volumes_of_replicas_are_added_up() {
        let claims = "[{spec: {resources: {requests: {storage: 8Gi}}}}]";
        let objects = [
            object("StatefulSet", "db", &format!("spec: {{replicas: 3, volumeClaimTemplates: {claims}}}")),
            object("PersistentVolumeClaim", "data", "spec: {resources: {requests: {storage: 500M}}}"),
        ];
        let summary = summary(&objects);
        assert_eq!(summary.storage.iter().map(|claim| claim.count).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(summary.resources.storage, 3 * (8 << 30) + 500_000_000);
    }

    #[test]
    fn secrets_that_are_read_are_found() {
        let pod = "spec: {imagePullSecrets: [{name: pull}], volumes: [{name: v, secret: {secretName: certs, optional: true}}, \
                   {name: w, projected: {sources: [{secret: {name: parts}}]}}], containers: [{env: [\
                   {name: A, valueFrom: {secretKeyRef: {name: db, key: user}}}, \
                   {name: B, valueFrom: {secretKeyRef: {name: db, key: password}}}], envFrom: [{secretRef: {name: all}}]}]}";
        let objects = [
            object("Pod", "p", pod),
            object("Secret", "db", ""),
            object("Ingress", "i", "spec: {tls: [{secretName: certs}]}"),
            object("Certificate", "c", "spec: {secretName: made}"),
            object("ConfigMap", "m", "data: {secretName: no}"),
        ];
        insta::assert_json_snapshot!(summary(&objects).secrets);
    }
}
