//! What rendered objects amount to.

mod definitions;
mod exposed;
pub(super) mod fields;
mod images;
pub(super) mod pods;
mod secrets;
mod services;

use contract::{Claim, HookEvent, KindCount, ObjectOut, Permission, Role, Runs, Summary};
use govalue::{Index, Map, Value};

use fields::{list, text, texts};
use images::Images;
use pods::{Pods, pods};
use secrets::Secrets;

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

/// Sums objects up: kinds, images, ways in, ports, permissions, storage, resources, secrets.
pub fn summary(objects: &[ObjectOut]) -> Summary {
    let mut summary = Summary::default();
    let mut kinds: [Index<usize>; 3] = Default::default();
    let mut images = Images::default();
    let mut secrets = Secrets::default();
    for object in objects {
        let runs = runs(object);
        let kinds = match runs {
            Runs::Hook => &mut kinds[1],
            Runs::Test => &mut kinds[2],
            Runs::Always | Runs::Operator => &mut kinds[0],
        };
        *kinds.or_default(object.kind.as_str()) += 1;
        if object.kind == "CustomResourceDefinition" {
            summary.definitions.extend(definitions::definition(&object.text.0));
            continue;
        }
        let Ok(Value::Map(map)) = goyaml::yaml::from_yaml(&object.text.0) else { continue };
        let by = format!("{}/{}", object.kind, object.name);
        match object.kind.as_str() {
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
        let pods = pods(&object.kind, &map);
        exposed::add(object, &map, pods.as_ref(), &by, &mut summary.urls, &mut summary.exposed);
        if let Some(Pods { spec, count }) = pods {
            summary.ports.extend(services::container_ports(&spec, &by));
            if runs == Runs::Always {
                pods::add(&spec, count, &by, &mut summary.resources);
            }
        }
        secrets.look(object, &Value::Map(map.clone()), &by);
        images.look(object, &Value::Map(map), runs, &by);
    }
    let defined =
        |kind: &str| summary.definitions.iter().any(|definition| definition.cluster && definition.kind == kind);
    let cluster =
        objects.iter().filter(|object| CLUSTER_SCOPED.contains(&object.kind.as_str()) || defined(&object.kind));
    summary.cluster_scoped = cluster.map(|object| format!("{}/{}", object.kind, object.name)).collect();
    let bytes = |claim: &Claim| contract::quantity::bytes(&claim.size).saturating_mul(claim.count);
    summary.resources.storage = summary.storage.iter().map(bytes).fold(0, u64::saturating_add);
    summary.secrets = secrets.into_vec();
    [summary.kinds, summary.hooks, summary.tests] = kinds
        .map(|kinds| kinds.iter().map(|(kind, count)| KindCount { kind: kind.to_string(), count: *count }).collect());
    summary.images = images.into_vec();
    summary
}

/// When an object is there.
fn runs(object: &ObjectOut) -> Runs {
    let is_test = |hook: &contract::Hook| hook.events.iter().all(|event| *event == HookEvent::Test);
    match (object.role, &object.hook) {
        (Role::Hook, Some(hook)) if !hook.events.is_empty() && is_test(hook) => Runs::Test,
        (Role::Hook, _) => Runs::Hook,
        _ => Runs::Always,
    }
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
    fn ways_in_are_found() {
        let gateway = |kind: &str, body: &str| ObjectOut {
            api_version: "gateway.networking.k8s.io/v1".into(),
            ..object(kind, "g", body)
        };
        let route =
            |body: &str| ObjectOut { api_version: "route.openshift.io/v1".into(), ..object("Route", "r", body) };
        let objects = [
            object("Service", "lb", "spec: {type: LoadBalancer, ports: [{port: 1883}, {port: 53, protocol: UDP}]}"),
            object("Service", "np", "spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}, {port: 81}]}"),
            object("Service", "ip", "spec: {externalIPs: [192.0.2.1], ports: [{port: 80}]}"),
            object("Service", "inner", "spec: {ports: [{port: 80}]}"),
            object(
                "DaemonSet",
                "host",
                "spec: {template: {spec: {hostNetwork: true, containers: [{ports: [{containerPort: 9100}]}]}}}",
            ),
            object("Pod", "port", "spec: {containers: [{ports: [{containerPort: 1, hostPort: 99}]}]}"),
            object("Ingress", "any", "spec: {rules: [{http: {paths: [{path: /}]}}, {host: a.example.org}]}"),
            gateway("HTTPRoute", "spec: {hostnames: [b.example.org]}"),
            gateway("HTTPRoute", "spec: {}"),
            gateway("GRPCRoute", "spec: {hostnames: [c.example.org]}"),
            gateway("Gateway", "spec: {listeners: [{port: 443, protocol: HTTPS, hostname: '*.example.org'}]}"),
            ObjectOut { api_version: "networking.istio.io/v1".into(), ..object("Gateway", "i", "spec: {}") },
            route("spec: {host: d.example.org, path: /shop, tls: {}}"),
            route("spec: {}"),
        ];
        let summary = summary(&objects);
        let urls: Vec<&str> = summary.urls.iter().map(|url| url.url.as_str()).collect();
        assert_eq!(urls, ["http://a.example.org", "http://b.example.org", "https://d.example.org/shop"]);
        let ways = summary
            .exposed
            .iter()
            .map(|one| format!("{:?} {} {} {}", one.way, one.hosts.join(","), one.ports.join(","), one.by));
        assert_eq!(
            ways.collect::<Vec<_>>(),
            [
                "LoadBalancer  1883/TCP,53/UDP Service/lb",
                "NodePort  30080/TCP Service/np",
                "ExternalIp 192.0.2.1 80/TCP Service/ip",
                "HostNetwork  9100/TCP DaemonSet/host",
                "HostPort  99/TCP Pod/port",
                "Ingress   Ingress/any",
                "GatewayRoute   HTTPRoute/g",
                "GatewayRoute c.example.org  GRPCRoute/g",
                "Gateway *.example.org 443/HTTPS Gateway/g",
                "Route   Route/r",
            ]
        );
    }

    #[test]
    fn hooks_may_make_secrets() {
        let hook = |args: &str| ObjectOut {
            role: Role::Hook,
            ..object("Job", "make", &format!("spec: {{template: {{spec: {{containers: [{{args: {args}}}]}}}}}}"))
        };
        let reader = object("Pod", "p", "spec: {volumes: [{secret: {secretName: tls}}, {secret: {secretName: t}}]}");
        for args in ["[create, --secret-name=tls]", "[create, tls]"] {
            let found = summary(&[hook(args), reader.clone()]).secrets;
            let found: Vec<(&str, bool)> = found.iter().map(|one| (one.name.as_str(), one.hook)).collect();
            assert_eq!(found, [("t", false), ("tls", true)]);
        }
        let made = ObjectOut { namespace: "shop".into(), ..object("Secret", "tls", "") };
        let found = summary(&[hook("[tls]"), made, reader]).secrets;
        assert!(found.iter().all(|one| !one.hook), "it is among the objects");
    }

    #[test]
    fn hooks_and_tests_are_counted_apart() {
        let pod = |name: &str, image: &str, events: &[HookEvent]| {
            let hook = contract::Hook { events: events.to_vec(), ..contract::Hook::default() };
            let (role, hook) = if events.is_empty() { (Role::Manifest, None) } else { (Role::Hook, Some(hook)) };
            ObjectOut { role, hook, ..object("Pod", name, &format!("spec: {{containers: [{{image: {image}}}]}}")) }
        };
        let objects = [
            pod("web", "web:1", &[]),
            pod("migrate", "web:1", &[HookEvent::PreInstall]),
            pod("seed", "seed:1", &[HookEvent::PostInstall, HookEvent::Test]),
            pod("try", "curl:1", &[HookEvent::Test]),
        ];
        let summary = summary(&objects);
        let counts = [&summary.kinds, &summary.hooks, &summary.tests].map(|kinds| kinds[0].count);
        assert_eq!(counts, [1, 2, 1]);
        let images: Vec<_> = summary.images.iter().map(|image| (image.image.as_str(), image.runs)).collect();
        assert_eq!(images, [("curl:1", Runs::Test), ("seed:1", Runs::Hook), ("web:1", Runs::Always)]);
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
